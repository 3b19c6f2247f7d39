//! Groups as the first format keeps them: a B-tree of nodes of names, and a heap of texts.

use std::io::{Read, Seek};

use super::{
    cut::Cut,
    file::{Fail, File},
};

/// What a group's symbol table names: name and address of the object; soft links left out.
pub(super) fn entries<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    table: &[u8],
) -> Result<Vec<(String, u64)>, Fail> {
    let mut cut = Cut::new(table);
    let both = cut.number(file.address).zip(cut.number(file.address));
    let (tree, heap) = both.ok_or(Fail::Broken(0, "a symbol table is cut"))?;
    let (texts, texts_size) = local_heap(file, heap)?;
    let texts = file.bytes(texts, texts_size.min(MOST_TEXTS))?;
    let mut entries = Vec::new();
    let mut waiting = vec![(tree, u8::MAX)];
    let mut nodes = 0;
    while let Some((at, above)) = waiting.pop() {
        nodes += 1;
        if nodes > MOST_NODES {
            return Err(Fail::Broken(at, "a group of more than is read"));
        }
        let head = file.up_to(at, 8)?;
        let count = head.get(6..8).map_or(0, |two| u64::from(two[0]) | u64::from(two[1]) << 8);
        if head.starts_with(b"SNOD") {
            let each = (file.address * 2 + 24) as u64;
            let bytes = file.bytes(at + 8, count * each)?;
            for entry in bytes.chunks_exact(each as usize) {
                let mut cut = Cut::new(entry);
                let name = cut.number(file.address).unwrap_or(u64::MAX);
                let address = cut.number(file.address).unwrap_or(u64::MAX);
                if !file.nowhere(address) {
                    entries.push((text(&texts, name), address));
                }
            }
            continue;
        }
        // A node's children stand below it, so that no tree is its own.
        let level = head.get(5).copied().filter(|level| *level < above);
        let Some(level) = level.filter(|_| head.starts_with(b"TREE") && head[4] == 0) else {
            return Err(Fail::Broken(at, "no node of a group"));
        };
        let each = (file.size + file.address) as u64;
        let start = at + 8 + 2 * file.address as u64;
        let bytes = file.bytes(start, count * each)?;
        for pair in bytes.chunks_exact(each as usize) {
            let child = Cut::new(&pair[file.size..]).number(file.address);
            waiting.push((child.unwrap_or(u64::MAX), level));
        }
    }
    Ok(entries)
}

fn local_heap<F: Read + Seek + ?Sized>(
    file: &mut File<'_, F>,
    at: u64,
) -> Result<(u64, u64), Fail> {
    let (address, size) = (file.address, file.size);
    let bytes = file.bytes(at, (8 + 2 * size + address) as u64)?;
    let mut cut = Cut::new(&bytes);
    let read = |cut: &mut Cut<'_>| {
        cut.sign(b"HEAP")?;
        cut.take(4)?;
        let held = cut.number(size)?;
        cut.take(size)?;
        Some((cut.number(address)?, held))
    };
    read(&mut cut).ok_or(Fail::Broken(at, "no heap of names"))
}

fn text(texts: &[u8], at: u64) -> String {
    let rest = usize::try_from(at).ok().and_then(|at| texts.get(at..)).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
    String::from_utf8_lossy(&rest[..end]).into_owned()
}

const MOST_TEXTS: u64 = 64 << 20;
const MOST_NODES: usize = 1 << 18;
