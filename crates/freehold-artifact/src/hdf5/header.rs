//! Object headers of versions 1 and 2: the messages of one group or data set.

use std::io::{Read, Seek};

use super::{
    cut::Cut,
    file::{Fail, File},
};

/// One message.
pub(super) struct Message {
    pub(super) kind: u16,
    pub(super) flags: u8,
    pub(super) data: Vec<u8>,
}

/// The messages of the object at `address`, its continuations followed.
pub(super) fn messages<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    address: u64,
) -> Result<Vec<Message>, Fail> {
    let head = file.up_to(address, 64)?;
    let broken = Fail::Broken(address, "no header of an object");
    let first = first(&head).ok_or(broken)?;
    let mut waiting = vec![(address + first.start, first.size)];
    let mut messages = Vec::new();
    let mut blocks = 0;
    while let Some((at, size)) = waiting.pop() {
        blocks += 1;
        if blocks > MOST_BLOCKS || size > MOST_HEADER {
            return Err(Fail::Broken(at, "a header that is larger than is read"));
        }
        let bytes = file.bytes(at, size)?;
        let mut cut = Cut::new(&bytes);
        if first.second && blocks > 1 {
            // A continuation has a sign of its own, and a checksum.
            let inner = bytes.len().checked_sub(4).map(|end| &bytes[..end]);
            let mut inside = Cut::new(inner.unwrap_or_default());
            inside.sign(b"OCHK").ok_or(Fail::Broken(at, "no continuation of a header"))?;
            cut = inside;
        }
        while let Some(message) = message(&mut cut, &first) {
            if message.kind == CONTINUATION {
                let mut cut = Cut::new(&message.data);
                let next = cut.number(file.address).zip(cut.number(file.size));
                waiting.push(next.ok_or(Fail::Broken(at, "a continuation is cut"))?);
            } else {
                messages.push(message);
            }
        }
        if !first.second && cut.rest().len() >= 8 {
            return Err(Fail::Broken(at, "a message ends after its block"));
        }
    }
    Ok(messages)
}

struct First {
    second: bool,
    /// Whether messages bear the order of their making.
    ordered: bool,
    start: u64,
    size: u64,
}

fn first(head: &[u8]) -> Option<First> {
    let mut cut = Cut::new(head);
    if head.starts_with(b"OHDR") {
        cut.take(4)?;
        if cut.byte()? != 2 {
            return None;
        }
        let flags = cut.byte()?;
        if flags & 0x20 != 0 {
            cut.take(16)?;
        }
        if flags & 0x10 != 0 {
            cut.take(4)?;
        }
        let size = cut.number(1 << (flags & 3))?;
        let start = (head.len() - cut.rest().len()) as u64;
        return Some(First { second: true, ordered: flags & 4 != 0, start, size });
    }
    if cut.byte()? != 1 {
        return None;
    }
    cut.take(7)?;
    let size = cut.number(4)?;
    Some(First { second: false, ordered: false, start: 16, size })
}

fn message(cut: &mut Cut<'_>, first: &First) -> Option<Message> {
    let (kind, size, flags);
    if first.second {
        kind = u16::from(cut.byte()?);
        size = cut.number(2)?;
        flags = cut.byte()?;
        if first.ordered {
            cut.take(2)?;
        }
    } else {
        kind = cut.number(2)? as u16;
        size = cut.number(2)?;
        flags = cut.byte()?;
        cut.take(3)?;
    }
    let data = cut.take(size as usize)?.to_vec();
    Some(Message { kind, flags, data })
}

const CONTINUATION: u16 = 0x10;
const MOST_BLOCKS: usize = 4096;
const MOST_HEADER: u64 = 16 << 20;
