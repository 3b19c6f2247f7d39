//! What may lie on the reader's stack, as far as it matters, in eight bytes, and the stores behind
//! it, all of them bounded.
//!
//! Data that can do nothing are only counted. Texts that may name a module or attribute are kept;
//! other texts, and small tuples (which carry the arguments of calls), only as long as they are
//! recent. What was forgotten is known to be forgotten: a call that depends on it is suspicious.

use std::collections::HashMap;

use super::names::Class;

/// One value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Can do nothing by itself.
    Data(Kind),
    /// A small whole number.
    Int(u32),
    /// A text in [`Texts`].
    Text(u32),
    /// A tuple in [`Tuples`].
    Tuple(u32),
    /// A numpy element type: twice the bytes of an element, plus one if elements are objects.
    Element(u32),
    /// joblib's stand-in for an array whose bytes follow in the stream.
    ArrayWrapper,
    /// A global in [`Globals`].
    Global(u32),
    /// The same, wrapped by `functools.partial`.
    Partial(u32),
}

/// Kinds of data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// None, numbers, truth values.
    Scalar,
    Bytes,
    /// Bytes, or a text of bytes, that are scanned by themselves.
    Held,
    /// A text that was forgotten, or is too long to name anything.
    Text,
    /// A text made by a call.
    Computed,
    Tuple,
    List,
    Dict,
    Set,
    /// What a call, a persistent id or an extension made.
    Object,
}

/// Texts: those that look like names for good, the others while recent.
#[derive(Default)]
pub(super) struct Texts {
    names: Vec<Box<str>>,
    known: HashMap<Box<str>, u32>,
    recent: Vec<(u32, Box<[u8]>)>,
    count: u32,
}

impl Texts {
    pub(super) fn add(&mut self, bytes: &[u8], whole: bool) -> Value {
        let short = whole && bytes.len() <= LONGEST_NAME && like_a_name(bytes);
        if short && let Some(value) = self.name(bytes) {
            return value;
        }
        if self.count >= FOR_GOOD {
            return Value::Data(Kind::Text);
        }
        let handle = self.count;
        self.count += 1;
        let kept: Box<[u8]> = bytes[..bytes.len().min(SHOWN)].into();
        let slot = handle as usize % RECENT;
        match self.recent.get_mut(slot) {
            Some(old) => *old = (handle, kept),
            None => self.recent.push((handle, kept)),
        }
        Value::Text(handle)
    }

    fn name(&mut self, bytes: &[u8]) -> Option<Value> {
        let text = std::str::from_utf8(bytes).ok()?;
        if let Some(handle) = self.known.get(text) {
            return Some(Value::Text(*handle));
        }
        let full = self.names.len() >= MOST_NAMES;
        if full && !(text.contains('.') && self.names.len() < MOST_NAMES * 2) {
            return None;
        }
        let handle = FOR_GOOD | self.names.len() as u32;
        self.names.push(text.into());
        self.known.insert(text.into(), handle);
        Some(Value::Text(handle))
    }

    /// The text's first bytes; `None` where it was forgotten.
    pub(super) fn get(&self, handle: u32) -> Option<&[u8]> {
        if handle & FOR_GOOD != 0 {
            return self.names.get((handle ^ FOR_GOOD) as usize).map(|name| name.as_bytes());
        }
        let (kept, text) = self.recent.get(handle as usize % RECENT)?;
        (*kept == handle).then_some(text)
    }
}

fn like_a_name(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'<' | b'>'))
}

/// Small tuples, while they are recent.
#[derive(Default)]
pub(super) struct Tuples {
    recent: Vec<(u32, u8, [Value; WIDEST])>,
    count: u32,
}

impl Tuples {
    pub(super) fn add(&mut self, values: &[Value]) -> Value {
        if values.len() > WIDEST || self.count == u32::MAX {
            return Value::Data(Kind::Tuple);
        }
        let mut kept = [Value::Data(Kind::Scalar); WIDEST];
        kept[..values.len()].copy_from_slice(values);
        let entry = (self.count, values.len() as u8, kept);
        match self.recent.get_mut(self.count as usize % RECENT) {
            Some(old) => *old = entry,
            None => self.recent.push(entry),
        }
        self.count += 1;
        Value::Tuple(entry.0)
    }

    pub(super) fn get(&self, handle: u32) -> Option<&[Value]> {
        let (kept, length, values) = self.recent.get(handle as usize % RECENT)?;
        (*kept == handle).then_some(&values[..usize::from(*length)])
    }
}

/// A callable or class that the stream names.
pub(super) struct Global {
    pub(super) module: String,
    pub(super) name: String,
    pub(super) class: Class,
    /// The index of the finding about it.
    pub(super) finding: Option<usize>,
    pub(super) called: bool,
}

/// Every global once.
#[derive(Default)]
pub(super) struct Globals {
    all: Vec<Global>,
    known: HashMap<(String, String), u32>,
}

impl Globals {
    /// The global's place, and whether it is new; `None` where there are too many.
    pub(super) fn place(&mut self, module: &str, name: &str) -> Option<(u32, bool)> {
        let key = (module.to_owned(), name.to_owned());
        if let Some(place) = self.known.get(&key) {
            return Some((*place, false));
        }
        if self.all.len() >= MOST_GLOBALS {
            return None;
        }
        let place = self.all.len() as u32;
        let class = super::names::class(module, name);
        let (module, name) = key.clone();
        self.all.push(Global { module, name, class, finding: None, called: false });
        self.known.insert(key, place);
        Some((place, true))
    }

    pub(super) fn get(&mut self, place: u32) -> Option<&mut Global> {
        self.all.get_mut(place as usize)
    }
}

/// The memo: dense from 0, sparse where a stream jumps ahead.
#[derive(Default)]
pub(super) struct Memo {
    dense: Vec<Value>,
    sparse: HashMap<u32, Value>,
    pub(super) count: u32,
    /// Entries that hold data and were not kept.
    forgotten: bool,
}

impl Memo {
    #[inline]
    pub(super) fn put(&mut self, index: u32, value: Value) {
        let place = index as usize;
        if let Some(old) = self.dense.get_mut(place) {
            *old = value;
        } else if place == self.dense.len() && place < MOST_MEMO {
            self.dense.push(value);
            self.count += u32::from(self.sparse.is_empty() || self.sparse.remove(&index).is_none());
        } else if self.sparse.len() < MOST_SPARSE && !matches!(value, Value::Data(_)) {
            self.count =
                self.count.saturating_add(u32::from(self.sparse.insert(index, value).is_none()));
        } else if self.sparse.insert(index, value).is_none() {
            self.sparse.remove(&index);
            self.forgotten = true;
            self.count = self.count.saturating_add(1);
        }
    }

    /// MEMOIZE puts at the number of entries.
    #[inline]
    pub(super) fn add(&mut self, value: Value) {
        self.put(self.count, value);
    }

    /// The entry; `Err` where there is none, `Ok(None)` where it was not kept.
    #[inline]
    pub(super) fn get(&self, index: u32) -> Result<Option<Value>, ()> {
        if let Some(value) = self.dense.get(index as usize) {
            return Ok(Some(*value));
        }
        match self.sparse.get(&index) {
            Some(value) => Ok(Some(*value)),
            None if self.forgotten => Ok(None),
            None => Err(()),
        }
    }
}

const FOR_GOOD: u32 = 1 << 31;
const RECENT: usize = 1 << 14;
const SHOWN: usize = 160;
const LONGEST_NAME: usize = 120;
const MOST_NAMES: usize = 1 << 17;
const MOST_GLOBALS: usize = 1 << 16;
const MOST_MEMO: usize = 6 << 20;
const MOST_SPARSE: usize = 1 << 19;
pub(super) const WIDEST: usize = 8;
