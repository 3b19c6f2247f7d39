//! Frames: a message after its length.

use std::io::{self, Read, Write};

use super::codec::{Malformed, Wire};

/// Why no message came.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FrameError {
    /// The other side is gone, or reading failed.
    #[error("the connection ended: {0}")]
    Io(#[from] io::Error),
    /// The other side announced more than any message needs.
    #[error("a frame of {0} bytes is longer than any message")]
    TooLong(u32),
    /// The bytes are not a message.
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

/// Writes one message with one call.
pub(crate) fn write_frame<M: Wire>(to: &mut impl Write, message: &M) -> io::Result<()> {
    let mut bytes = Vec::new();
    append_frame(&mut bytes, message)?;
    to.write_all(&bytes)
}

/// Appends one message, so that several can be written with one call.
pub(crate) fn append_frame<M: Wire>(to: &mut Vec<u8>, message: &M) -> io::Result<()> {
    let begin = to.len();
    to.extend_from_slice(&[0; 4]);
    message.put(to);
    let length = u32::try_from(to.len() - begin - 4)
        .ok()
        .filter(|length| *length <= MAX_FRAME)
        .ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
    to[begin..begin + 4].copy_from_slice(&length.to_le_bytes());
    Ok(())
}

/// Reads one message.
pub(crate) fn read_frame<M: Wire>(from: &mut impl Read) -> Result<M, FrameError> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > MAX_FRAME {
        return Err(FrameError::TooLong(length));
    }
    // Memory follows the bytes that arrive, not the length that was announced.
    let mut bytes = Vec::new();
    from.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() < length as usize {
        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
    }
    Ok(M::from_bytes(&bytes)?)
}

/// 2,048 embeddings of 4,096 numbers fit.
pub(super) const MAX_FRAME: u32 = 64 << 20;
