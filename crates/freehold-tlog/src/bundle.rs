//! Entry bundles: up to 256 entries, each after its length as two big-endian bytes.

/// The longest entry that a bundle can hold.
pub const MAX_ENTRY_BYTES: usize = u16::MAX as usize;

/// Appends an entry to a bundle.
///
/// # Errors
/// [`BundleError::TooLong`] above [`MAX_ENTRY_BYTES`].
pub fn push_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> Result<(), BundleError> {
    let length =
        u16::try_from(entry.len()).map_err(|_| BundleError::TooLong { bytes: entry.len() })?;
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    Ok(())
}

/// The entries of a bundle with the offsets at which they begin; ends after the first error.
pub fn entries(bundle: &[u8]) -> impl Iterator<Item = Result<(usize, &[u8]), BundleError>> {
    let mut offset = 0;
    std::iter::from_fn(move || {
        let start = offset;
        let rest = bundle.get(start..).filter(|rest| !rest.is_empty())?;
        // Whatever comes out, the next call begins behind it; after an error that is the end.
        offset = bundle.len();
        let Some((length, rest)) = rest.split_first_chunk::<2>() else {
            return Some(Err(BundleError::Cut { offset: start }));
        };
        let length = usize::from(u16::from_be_bytes(*length));
        let Some(entry) = rest.get(..length) else {
            return Some(Err(BundleError::Cut { offset: start }));
        };
        offset = start + 2 + length;
        Some(Ok((start, entry)))
    })
}

/// Why bytes are not a bundle, or an entry does not fit into one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// An entry has more bytes than its length field can say.
    #[error("an entry of {bytes} bytes does not fit: at most 65,535")]
    TooLong {
        /// Of the entry.
        bytes: usize,
    },
    /// The bundle ends within an entry.
    #[error("the bundle ends within the entry at byte {offset}")]
    Cut {
        /// Where that entry begins.
        offset: usize,
    },
}
