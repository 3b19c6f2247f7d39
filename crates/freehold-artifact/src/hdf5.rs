//! HDF5: the texts in a file's attributes, in which Keras keeps its configuration, and what leads to
//! other files.
//!
//! After the HDF5 File Format Specification, version 3.0: superblocks 0 to 3, object headers 1 and
//! 2, groups as symbol tables, compact links and fractal heaps, attributes in headers and in fractal
//! heaps, texts of fixed and of variable length. Data sets are not read: they hold numbers. Whatever
//! else is met is said to be unread.

use std::{
    collections::HashSet,
    io::{self, Read, Seek},
};

use crate::{
    finding::{Finding, shown},
    rules,
};

mod attributes;
mod cut;
mod dense;
mod file;
mod groups;
mod header;
#[cfg(test)]
mod tests;

use self::{
    attributes::Heaps,
    cut::Cut,
    file::{Fail, File},
    header::Message,
};

/// A text, or bytes, in an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// The object that it belongs to: `/` between names.
    pub object: String,
    /// Its name.
    pub name: String,
    /// Its value; one of several where it is a list. Zeros at the end are cut off.
    pub value: Vec<u8>,
}

/// Where in `head`, a file's first bytes, HDF5 begins: a file may begin with a block of the user's.
pub fn begins(head: &[u8]) -> Option<u64> {
    [0, 512, 1024, 2048, 4096, 8192]
        .into_iter()
        .find(|at| head.get(*at..).is_some_and(|rest| rest.starts_with(SIGN)))
        .map(|at| at as u64)
}

/// Reads the file of `length` bytes whose superblock is at `base`. Each attribute's text is handed to
/// `each` and then forgotten.
///
/// # Errors
/// Only what reading says; what is not valid is a finding.
pub fn read(
    file: &mut (impl Read + Seek + ?Sized),
    length: u64,
    base: u64,
    each: &mut dyn FnMut(Attribute),
) -> io::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let mut file = match File::open(file, length, base) {
        Ok(file) => file,
        Err(fail) => {
            said(&mut findings, "/", fail)?;
            return Ok(findings);
        }
    };
    let root = file.root;
    let mut walk = Walk { findings, heaps: Heaps::default(), each };
    let mut seen = HashSet::new();
    let mut waiting = vec![("/".to_owned(), root)];
    while let Some((name, address)) = waiting.pop() {
        if !seen.insert(address) {
            continue;
        }
        if seen.len() > MOST_OBJECTS {
            walk.say(address, "more objects than are read");
            break;
        }
        match walk.object(&mut file, &name, address) {
            Ok(children) => waiting.extend(children),
            Err(fail) => said(&mut walk.findings, &name, fail)?,
        }
        if walk.findings.len() > MOST_FINDINGS {
            break;
        }
    }
    Ok(walk.findings)
}

struct Walk<'e> {
    findings: Vec<Finding>,
    heaps: Heaps,
    each: &'e mut dyn FnMut(Attribute),
}

impl Walk<'_> {
    fn say(&mut self, at: u64, what: &str) {
        self.findings.push(Finding::new(&rules::HDF5_UNREAD, at, what));
    }

    /// Reads one object's messages; its children's names and addresses.
    fn object<F: Read + Seek + ?Sized>(
        &mut self,
        file: &mut File<'_, F>,
        name: &str,
        address: u64,
    ) -> Result<Vec<(String, u64)>, Fail> {
        let mut children = Vec::new();
        for message in header::messages(file, address)? {
            let done = self.message(file, name, &message, &mut children);
            if let Err(fail) = done {
                said(&mut self.findings, name, fail).map_err(Fail::Io)?;
            }
        }
        let prefix = if name == "/" { "" } else { name };
        let named = |(child, at): (String, u64)| (format!("{prefix}/{child}"), at);
        if prefix.len() > LONGEST_NAME {
            self.say(address, "groups deeper than are read");
            return Ok(Vec::new());
        }
        Ok(children.into_iter().map(named).collect())
    }

    fn message<F: Read + Seek + ?Sized>(
        &mut self,
        file: &mut File<'_, F>,
        name: &str,
        message: &Message,
        children: &mut Vec<(String, u64)>,
    ) -> Result<(), Fail> {
        let data = &message.data;
        let shared = message.flags & 2 != 0;
        match message.kind {
            SYMBOL_TABLE => children.extend(groups::entries(file, data)?),
            LINK => children.extend(self.link(file.address, data)?),
            LINK_INFO => {
                if let Some((heap, index)) = dense_place(file, data, 8) {
                    let (links, _) = dense::messages(file, heap, index, false)?;
                    for link in links {
                        children.extend(self.link(file.address, &link)?);
                    }
                }
            }
            ATTRIBUTE if shared => self.say(0, "an attribute that is kept elsewhere"),
            ATTRIBUTE => self.attribute(file, name, data)?,
            ATTRIBUTE_INFO => {
                if let Some((heap, index)) = dense_place(file, data, 2) {
                    let (attributes, elsewhere) = dense::messages(file, heap, index, true)?;
                    if elsewhere {
                        self.say(0, "an attribute that is kept elsewhere");
                    }
                    for attribute in attributes {
                        self.attribute(file, name, &attribute)?;
                    }
                }
            }
            EXTERNAL_FILES => {
                let what = format!("the values of `{}` lie in another file", short(name));
                self.findings.push(Finding::new(&rules::HDF5_OUTSIDE, 0, what));
            }
            LAYOUT
                if data.first().is_some_and(|version| *version >= 4) && data.get(1) == Some(&3) =>
            {
                let what = format!("`{}` is put together from other files", short(name));
                self.findings.push(Finding::new(&rules::HDF5_OUTSIDE, 0, what));
            }
            // Types, shapes, times, fill values, filters: nothing that leads elsewhere.
            0..=0x18 => {}
            _ => self.say(0, "a message of a kind that is not known"),
        }
        Ok(())
    }

    fn attribute<F: Read + Seek + ?Sized>(
        &mut self,
        file: &mut File<'_, F>,
        object: &str,
        message: &[u8],
    ) -> Result<(), Fail> {
        let Some((name, values)) = attributes::read(file, &mut self.heaps, message)? else {
            return Ok(());
        };
        for mut value in values {
            while value.last() == Some(&0) {
                value.pop();
            }
            if name == "PSEUDOATOM" && value == b"object" {
                let what = format!("`{}` holds pickled objects (PyTables)", short(object));
                self.findings.push(Finding::new(&rules::HDF5_PICKLED, 0, what));
            }
            (self.each)(Attribute { object: object.to_owned(), name: name.clone(), value });
        }
        Ok(())
    }

    /// A link's name and the address it leads to, where it leads to an object of this file.
    fn link(&mut self, width: usize, data: &[u8]) -> Result<Option<(String, u64)>, Fail> {
        let mut cut = Cut::new(data);
        let mut read = || {
            let (version, flags) = (cut.byte()?, cut.byte()?);
            let kind = if flags & 8 != 0 { cut.byte()? } else { 0 };
            if flags & 4 != 0 {
                cut.take(8)?;
            }
            if flags & 0x10 != 0 {
                cut.byte()?;
            }
            let length = cut.number(1 << (flags & 3))?;
            let name = cut.take(usize::try_from(length).ok()?)?;
            let name = String::from_utf8_lossy(name).into_owned();
            let target = if kind == 0 { cut.number(width)? } else { 0 };
            (version == 1).then_some((kind, name, target, cut.rest()))
        };
        let (kind, name, target, rest) = read().ok_or(Fail::Broken(0, "a link is not valid"))?;
        match kind {
            0 => return Ok(Some((name, target))),
            1 => {}
            64 => {
                let to = shown(rest.get(3..).unwrap_or_default(), 120);
                let what = format!("`{}` leads to `{to}`", short(&name));
                self.findings.push(Finding::new(&rules::HDF5_OUTSIDE, 0, what));
            }
            _ => self.say(0, "a link of a kind that is not known"),
        }
        Ok(None)
    }
}

/// Heap and index of a message that says where links or attributes are, if they are elsewhere.
fn dense_place<F: Read + Seek + ?Sized>(
    file: &File<'_, F>,
    data: &[u8],
    order_width: usize,
) -> Option<(u64, u64)> {
    let mut cut = Cut::new(data);
    cut.byte()?;
    if cut.byte()? & 1 != 0 {
        cut.take(order_width)?;
    }
    let (heap, index) = (cut.number(file.address)?, cut.number(file.address)?);
    (!file.nowhere(heap)).then_some((heap, index))
}

fn said(findings: &mut Vec<Finding>, object: &str, fail: Fail) -> io::Result<()> {
    match fail {
        Fail::Io(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(error),
        Fail::Io(_) => {
            findings.push(Finding::new(&rules::HDF5_UNREAD, 0, "the file ends early"));
            Ok(())
        }
        Fail::Broken(at, what) => {
            let what = format!("`{}`: {what}", short(object));
            findings.push(Finding::new(&rules::HDF5_UNREAD, at, what));
            Ok(())
        }
    }
}

fn short(name: &str) -> String {
    shown(name.as_bytes(), 120)
}

/// How HDF5 begins.
const SIGN: &[u8] = b"\x89HDF\r\n\x1a\n";
const LINK_INFO: u16 = 2;
const LINK: u16 = 6;
const EXTERNAL_FILES: u16 = 7;
const LAYOUT: u16 = 8;
const ATTRIBUTE: u16 = 0xc;
const SYMBOL_TABLE: u16 = 0x11;
const ATTRIBUTE_INFO: u16 = 0x15;
const MOST_OBJECTS: usize = 1 << 20;
const MOST_FINDINGS: usize = 100;
const LONGEST_NAME: usize = 4096;
