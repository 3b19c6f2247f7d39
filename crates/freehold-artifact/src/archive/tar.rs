//! One header of a tar archive (POSIX ustar, GNU and pax).

/// A member's header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Bytes of its content.
    pub size: u64,
    /// Its kind: `0` or NUL for a file, `5` a folder, `1` and `2` links, `L`, `K`, `x`, `g` what
    /// belongs to the next member, others devices.
    pub kind: u8,
    /// Where a link leads.
    pub link: String,
}

/// Reads a header; `None` where the block is none: its sum is wrong.
pub fn header(block: &[u8; BLOCK]) -> Option<Header> {
    let stated = octal(&block[148..156])?;
    let sum: u64 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) })
        .sum();
    if sum != stated {
        return None;
    }
    let text = |field: &[u8]| {
        let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
        String::from_utf8_lossy(&field[..end]).into_owned()
    };
    let mut name = text(&block[..100]);
    let prefix = text(&block[345..500]);
    if block[257..262] == *b"ustar" && block[262] == 0 && !prefix.is_empty() {
        name = format!("{prefix}/{name}");
    }
    Some(Header {
        name,
        size: size(&block[124..136])?,
        kind: block[156],
        link: text(&block[157..257]),
    })
}

fn size(field: &[u8]) -> Option<u64> {
    // GNU writes what octal digits cannot hold as a big-endian number.
    match field.split_first() {
        Some((0x80, rest)) => {
            let (high, low) = rest.split_at(rest.len() - 8);
            high.iter().all(|byte| *byte == 0).then_some(())?;
            low.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes))
        }
        _ => octal(field),
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(field).ok()?.trim_matches([' ', '\0']);
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, 8).ok() }
}

/// Headers and contents fill whole blocks.
pub const BLOCK: usize = 512;
