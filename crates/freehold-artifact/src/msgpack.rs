//! MessagePack, in which Flax keeps weights: whether a file is one value and nothing else
//! (<https://github.com/msgpack/msgpack/blob/master/spec.md>). It holds data only; no reader of it
//! runs anything.

use std::io::{self, Read, Seek};

use crate::graph::wire::Stream;

/// Whether the file of `length` bytes is a map of MessagePack, whole and with nothing after it.
///
/// # Errors
/// What reading says.
pub fn is_map(file: &mut (impl Read + Seek + ?Sized), length: u64) -> io::Result<bool> {
    let mut stream = Stream::new(file, length);
    // Values that still have to come, of each container that is open.
    let mut open = vec![1u64];
    let (mut at, mut first) = (0u64, true);
    while let Some(left) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        let head = stream.bytes(at, 9)?;
        let Some(value) = value(head) else { return Ok(false) };
        if first && !value.map {
            return Ok(false);
        }
        first = false;
        let next = at.checked_add(value.bytes).filter(|next| *next <= length);
        let Some(next) = next else { return Ok(false) };
        at = next;
        if value.inner > 0 {
            if open.len() >= DEEPEST {
                return Ok(false);
            }
            open.push(value.inner);
        }
    }
    Ok(at == length && length > 1)
}

struct Value {
    map: bool,
    /// With its head, without what it contains.
    bytes: u64,
    /// Values that it contains.
    inner: u64,
}

fn value(head: &[u8]) -> Option<Value> {
    let kind = *head.first()?;
    let number = |width: usize| {
        let part = head.get(1..1 + width)?;
        Some(part.iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    };
    let data = |bytes: u64| Some(Value { map: false, bytes, inner: 0 });
    let holds = |map: bool, bytes: u64, inner: u64| Some(Value { map, bytes, inner });
    let width = |from: u8| 1usize << (kind - from);
    match kind {
        0x00..=0x7f | 0xe0..=0xff | 0xc0 | 0xc2 | 0xc3 => data(1),
        0x80..=0x8f => holds(true, 1, 2 * u64::from(kind & 15)),
        0x90..=0x9f => holds(false, 1, u64::from(kind & 15)),
        0xa0..=0xbf => data(1 + u64::from(kind & 31)),
        0xc4..=0xc6 => data(1 + width(0xc4) as u64 + number(width(0xc4))?),
        0xc7..=0xc9 => data(2 + width(0xc7) as u64 + number(width(0xc7))?),
        0xca => data(5),
        0xcb => data(9),
        0xcc..=0xcf => data(1 + width(0xcc) as u64),
        0xd0..=0xd3 => data(1 + width(0xd0) as u64),
        0xd4..=0xd8 => data(2 + width(0xd4) as u64),
        0xd9..=0xdb => data(1 + width(0xd9) as u64 + number(width(0xd9))?),
        0xdc => holds(false, 3, number(2)?),
        0xdd => holds(false, 5, number(4)?),
        0xde => holds(true, 3, 2 * number(2)?),
        0xdf => holds(true, 5, 2 * number(4)?),
        0xc1 => None,
    }
}

const DEEPEST: usize = 256;

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn check(bytes: &[u8], expected: bool) {
        assert_eq!(is_map(&mut Cursor::new(bytes), bytes.len() as u64).unwrap(), expected);
    }

    #[test]
    fn maps() {
        check(b"\x82\xa1a\x01\xa1b\x92\xc4\x03xyz\xcb\0\0\0\0\0\0\0\0", true);
        check(b"\x81\xa1a\xc7\x02\x01xy", true);
        check(b"\x81\xa1a\x01\x01", false);
        check(b"\x81\xa1a\xc6\xff\xff\xff\xff", false);
        check(b"\x93\x01\x02\x03", false);
        check(b"", false);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = is_map(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        }
    }
}
