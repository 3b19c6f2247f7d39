//! Frames: how one entry lies in a segment.
//!
//! 64 bytes of head, the sealed body, the header, zeros up to a multiple of 8. The header is what
//! the leaf hash covers. The body comes with a checksum of its own, so that it can be overwritten
//! with zeros later without touching anything that is signed. All numbers are little-endian.
//!
//! | at | bytes | |
//! |---|---|---|
//! | 0 | 4 | `FHR1` |
//! | 4 | 4 | CRC-32 of the rest of the head |
//! | 8 | 8 | sequence number |
//! | 16 | 4 | entries before it in its batch: all earlier ones were durable before it was written |
//! | 20 | 4 | bytes of the body |
//! | 24 | 4 | CRC-32 of the body as first written |
//! | 28 | 4 | bytes of the header |
//! | 32 | 32 | leaf hash |

use freehold_tlog::{Hash, leaf_hash};

/// What a frame says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    /// Its place in the log.
    pub sequence: u64,
    /// Entries before it in the same batch.
    pub batch_place: u32,
    /// Bytes of the body.
    pub body_bytes: u32,
    /// Checksum of the body as first written.
    pub body_crc: u32,
    /// Bytes of the header.
    pub header_bytes: u32,
    /// Over the header.
    pub leaf: Hash,
}

impl Head {
    /// Reads a head; `None` if it is none or was damaged.
    pub(crate) fn parse(bytes: &[u8; HEAD_BYTES]) -> Option<Self> {
        if bytes[..4] != MAGIC || u32_at(bytes, 4) != crc32fast::hash(&bytes[8..HEAD_BYTES]) {
            return None;
        }
        let mut leaf = [0; 32];
        leaf.copy_from_slice(&bytes[32..]);
        Some(Self {
            sequence: u64::from(u32_at(bytes, 8)) | u64::from(u32_at(bytes, 12)) << 32,
            batch_place: u32_at(bytes, 16),
            body_bytes: u32_at(bytes, 20),
            body_crc: u32_at(bytes, 24),
            header_bytes: u32_at(bytes, 28),
            leaf,
        })
    }

    /// Bytes of the whole frame.
    pub(crate) fn frame_bytes(&self) -> u64 {
        let bytes = HEAD_BYTES as u64 + u64::from(self.body_bytes) + u64::from(self.header_bytes);
        bytes.next_multiple_of(ALIGNMENT)
    }
}

/// An empty frame, to which the body and then the header are appended.
pub(crate) fn begin(capacity: usize) -> Vec<u8> {
    let mut frame = Vec::with_capacity(HEAD_BYTES + capacity);
    frame.resize(HEAD_BYTES, 0);
    frame
}

/// Fills in all of the head but what only the writer knows, and pads. `body_end` is where the body
/// ends and the header begins.
pub(crate) fn finish(frame: &mut Vec<u8>, body_end: usize) -> Hash {
    let leaf = leaf_hash(&frame[body_end..]);
    let body_crc = crc32fast::hash(&frame[HEAD_BYTES..body_end]);
    let header_bytes = (frame.len() - body_end) as u32;
    frame[..4].copy_from_slice(&MAGIC);
    frame[20..24].copy_from_slice(&((body_end - HEAD_BYTES) as u32).to_le_bytes());
    frame[24..28].copy_from_slice(&body_crc.to_le_bytes());
    frame[28..32].copy_from_slice(&header_bytes.to_le_bytes());
    frame[32..HEAD_BYTES].copy_from_slice(&leaf);
    frame.resize(frame.len().next_multiple_of(ALIGNMENT as usize), 0);
    leaf
}

/// Fills in the place in the log and the head's checksum.
pub(crate) fn stamp(frame: &mut [u8], sequence: u64, batch_place: u32) {
    frame[8..16].copy_from_slice(&sequence.to_le_bytes());
    frame[16..20].copy_from_slice(&batch_place.to_le_bytes());
    let crc = crc32fast::hash(&frame[8..HEAD_BYTES]);
    frame[4..8].copy_from_slice(&crc.to_le_bytes());
}

fn u32_at(bytes: &[u8; HEAD_BYTES], place: usize) -> u32 {
    u32::from_le_bytes([bytes[place], bytes[place + 1], bytes[place + 2], bytes[place + 3]])
}

/// Bytes of a head.
pub(crate) const HEAD_BYTES: usize = 64;

/// Frames begin at multiples of this.
pub(crate) const ALIGNMENT: u64 = 8;

const MAGIC: [u8; 4] = *b"FHR1";
