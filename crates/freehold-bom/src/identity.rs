//! What makes two documents the same: a UUID from the content, and the time in one form.

use freehold_types::Timestamp;
use ring::digest::{SHA256, digest};

/// A UUID of version 8 (RFC 9562) from the SHA-256 of a content: equal for equal contents.
pub(crate) fn uuid(content: &[u8]) -> String {
    let digest = digest(&SHA256, content);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex = hex(&bytes);
    let parts = [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]];
    parts.join("-")
}

/// A time as `2026-11-23T00:00:00Z`: both formats want whole seconds or take them.
pub(crate) fn time(time: Timestamp) -> String {
    let seconds = i64::try_from(time.0 / 1_000_000).unwrap_or(i64::MAX);
    jiff::Timestamp::from_second(seconds).unwrap_or(jiff::Timestamp::MAX).to_string()
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789abcdef"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}
