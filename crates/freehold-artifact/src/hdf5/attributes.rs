//! Attributes: the ones that hold texts or bytes, also where they lie in a global heap.

use std::{
    collections::HashMap,
    io::{Read, Seek},
};

use super::{
    cut::Cut,
    file::{Fail, File},
    header,
};

/// One collection of the global heap: where each object lies.
#[derive(Default)]
pub(super) struct Heaps {
    at: u64,
    objects: HashMap<u64, (u64, u64)>,
}

/// How an attribute's elements are kept.
enum Kind {
    /// As they are, so many bytes each.
    Fixed(u64),
    /// In a global heap; the number says how many bytes an element of theirs takes.
    Heap(u64),
    /// Numbers, references and the like, which hold no text.
    Other,
}

/// The name and the texts of an attribute's message; `None` for what holds no text.
pub(super) fn read<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    heaps: &mut Heaps,
    message: &[u8],
) -> Result<Option<(String, Vec<Vec<u8>>)>, Fail> {
    let broken = |what| Fail::Broken(0, what);
    let mut cut = Cut::new(message);
    let (version, flags) = cut.byte().zip(cut.byte()).ok_or(broken("an attribute is cut"))?;
    let mut sizes = [0usize; 3];
    for size in &mut sizes {
        *size = cut.number(2).ok_or(broken("an attribute is cut"))? as usize;
    }
    if version == 3 {
        cut.byte();
    }
    if !(1..=3).contains(&version) {
        return Err(broken("an attribute of a version that is not known"));
    }
    let shared = if version == 1 { 0 } else { flags };
    let mut next = |size: usize| {
        let padded = if version == 1 { size.next_multiple_of(8) } else { size };
        cut.take(padded).map(|part| &part[..size])
    };
    let parts = next(sizes[0]).zip(next(sizes[1])).zip(next(sizes[2]));
    let ((name, kind), space) = parts.ok_or(broken("an attribute is cut"))?;
    let data = cut.rest();
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let name = String::from_utf8_lossy(&name[..end]).into_owned();
    let kind = match shared & 1 {
        0 => kind.to_vec(),
        _ => committed(file, kind)?,
    };
    let kind = self::kind(&kind).ok_or(broken("a type is cut"))?;
    if shared & 2 != 0 {
        return Err(broken("a space that is kept elsewhere"));
    }
    let count = count(space, file.size).ok_or(broken("a space is not valid"))?;
    let mut values = Vec::new();
    match kind {
        Kind::Other => return Ok(None),
        Kind::Fixed(size) => {
            let size = size.max(1) as usize;
            let all = (size as u64).checked_mul(count).filter(|all| *all <= data.len() as u64);
            let all = all.ok_or(broken("an attribute is cut"))? as usize;
            values.extend(data[..all].chunks(size).map(<[u8]>::to_vec));
        }
        Kind::Heap(size) => {
            if count > MOST_ELEMENTS {
                return Err(broken("an attribute of more texts than are read"));
            }
            let mut cut = Cut::new(data);
            for _ in 0..count {
                let length = cut.number(4).unwrap_or(0).saturating_mul(size);
                let place = cut.number(file.address).zip(cut.number(4));
                let (at, index) = place.ok_or(broken("an attribute is cut"))?;
                if length > 0 && at > 0 {
                    values.push(heaps.object(file, at, index, length)?);
                }
            }
        }
    }
    Ok(Some((name, values)))
}

/// A type that is an object of its own.
fn committed<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    reference: &[u8],
) -> Result<Vec<u8>, Fail> {
    let mut cut = Cut::new(reference);
    let version = cut.byte();
    cut.byte();
    if version == Some(1) {
        cut.take(6);
    }
    let at = cut.number(file.address).ok_or(Fail::Broken(0, "a type is cut"))?;
    let found = header::messages(file, at)?.into_iter().find(|message| message.kind == 3);
    found.map(|message| message.data).ok_or(Fail::Broken(at, "no type is there"))
}

fn kind(bytes: &[u8]) -> Option<Kind> {
    let mut cut = Cut::new(bytes);
    let class = cut.byte()? & 15;
    let bits = cut.byte()?;
    cut.take(2)?;
    let size = cut.number(4)?;
    Some(match class {
        3 | 5 => Kind::Fixed(size),
        9 if bits & 15 == 1 => Kind::Heap(1),
        9 => {
            // A sequence; of bytes or of texts it could hold anything.
            let inner = cut.rest();
            let class = inner.first().map(|byte| byte & 15);
            let size = inner.get(4).copied().unwrap_or(1);
            if class == Some(0) && size == 1 { Kind::Heap(1) } else { Kind::Other }
        }
        _ => Kind::Other,
    })
}

/// How many elements a space has.
fn count(space: &[u8], width: usize) -> Option<u64> {
    let mut cut = Cut::new(space);
    let (version, rank) = (cut.byte()?, cut.byte()?);
    cut.byte()?;
    match version {
        1 => cut.take(5)?,
        2 if cut.byte()? == 2 => return Some(0),
        2 => &[],
        _ => return None,
    };
    (0..rank).try_fold(1u64, |product, _| product.checked_mul(cut.number(width)?))
}

impl Heaps {
    /// The object `index` of the collection at `at`.
    fn object<F: Read + Seek + ?Sized>(
        &mut self,
        file: &mut File<'_, F>,
        at: u64,
        index: u64,
        length: u64,
    ) -> Result<Vec<u8>, Fail> {
        if self.at != at || self.objects.is_empty() {
            self.objects = collection(file, at)?;
            self.at = at;
        }
        let place = self.objects.get(&index).filter(|(_, size)| length <= *size);
        let (start, _) = *place.ok_or(Fail::Broken(at, "no such text in the heap"))?;
        if length > MOST_TEXT {
            return Err(Fail::Broken(at, "a text that is longer than is read"));
        }
        file.bytes(start, length)
    }
}

fn collection<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    at: u64,
) -> Result<HashMap<u64, (u64, u64)>, Fail> {
    let (width, head) = (file.size, 8 + file.size as u64);
    let bytes = file.bytes(at, head)?;
    let mut cut = Cut::new(&bytes);
    let size = cut.sign(b"GCOL\x01").and_then(|()| cut.take(3)).and_then(|_| cut.number(width));
    let size = size.ok_or(Fail::Broken(at, "no heap of texts"))?;
    let mut objects = HashMap::new();
    let mut place = head;
    while place + head <= size {
        let bytes = file.bytes(at + place, head)?;
        let mut cut = Cut::new(&bytes);
        let index = cut.number(2).unwrap_or(0);
        cut.take(6);
        let held = cut.number(width).unwrap_or(0);
        if index == 0 {
            break;
        }
        objects.insert(index, (at + place + head, held));
        let step = held.checked_next_multiple_of(8).and_then(|held| place.checked_add(head + held));
        place = step.ok_or(Fail::Broken(at, "a heap of texts that does not end"))?;
    }
    Ok(objects)
}

const MOST_ELEMENTS: u64 = 1 << 20;
const MOST_TEXT: u64 = 64 << 20;
