//! The reader's loop: one arm an opcode.

use std::{collections::HashMap, io::Read};

use super::{
    Embedded, End, Reader, Spelling,
    escapes::Escapes,
    source::{self, KEPT, Source},
    value::{Globals, Kind, Memo, Texts, Tuples, Value},
};
use crate::{finding::Finding, rules};

/// Why a stream cannot be followed further.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fault {
    Cut,
    Invalid,
    Stopped,
}

type Step = Result<(), Fault>;

impl From<source::End> for Fault {
    fn from(_: source::End) -> Self {
        Self::Cut
    }
}

/// What a new pickle starts without.
#[derive(Default)]
pub(super) struct Own {
    pub(super) stack: Vec<Value>,
    pub(super) marks: Vec<usize>,
    pub(super) memo: Memo,
    /// A call that was not decided: where it ended, and what it was.
    pub(super) unsure: Option<(u64, String)>,
}

pub(super) struct Machine<R> {
    pub(super) source: Source<R>,
    pub(super) kind: Reader,
    pub(super) own: Own,
    pub(super) texts: Texts,
    pub(super) tuples: Tuples,
    pub(super) globals: Globals,
    pub(super) findings: Vec<Finding>,
    pub(super) said: HashMap<(&'static str, String), usize>,
    pub(super) embedded: Vec<Embedded>,
    pub(super) probed: usize,
    pub(super) wrapper: super::arrays::Wrapper,
    pub(super) arrays: u64,
    pub(super) depth: usize,
    pub(super) plausible: bool,
    /// Where the opcode at work begins.
    pub(super) at: u64,
}

impl<R: Read> Machine<R> {
    pub(super) fn new(reader: R, kind: Reader) -> Self {
        Self {
            source: Source::new(reader, kind.frames),
            kind,
            own: Own::default(),
            texts: Texts::default(),
            tuples: Tuples::default(),
            globals: Globals::default(),
            findings: Vec::new(),
            said: HashMap::new(),
            embedded: Vec::new(),
            probed: 0,
            wrapper: super::arrays::Wrapper::default(),
            arrays: 0,
            depth: 0,
            plausible: false,
            at: 0,
        }
    }

    /// Follows one pickle to its STOP.
    pub(super) fn run(&mut self) -> End {
        self.own = Own::default();
        self.source.unframe();
        loop {
            match self.step() {
                Ok(()) => {}
                Err(Fault::Stopped) => {
                    self.source.stopped();
                    return End::Stop;
                }
                Err(Fault::Cut) => return End::Cut,
                Err(Fault::Invalid) => return End::Broken,
            }
        }
    }

    #[inline]
    fn step(&mut self) -> Step {
        self.at = self.source.position();
        let opcode = self.source.byte()?;
        match opcode {
            b'K' => {
                let [value] = self.source.array()?;
                self.push(Value::Int(u32::from(value)))
            }
            b'M' => {
                let value = u16::from_le_bytes(self.source.array()?);
                self.push(Value::Int(u32::from(value)))
            }
            b'J' => {
                let value = i32::from_le_bytes(self.source.array()?);
                self.push(u32::try_from(value).map_or(SCALAR, Value::Int))
            }
            b'G' => {
                self.source.array::<8>()?;
                self.push(SCALAR)
            }
            b'N' | 0x88 | 0x89 => self.push(SCALAR),
            0x8c => {
                let [length] = self.source.array()?;
                self.text(u64::from(length))
            }
            b'X' => {
                let length = u32::from_le_bytes(self.source.array()?);
                self.text(u64::from(length))
            }
            0x94 => {
                let top = self.top()?;
                self.own.memo.add(top);
                Ok(())
            }
            b'q' => {
                let [index] = self.source.array()?;
                self.put(u32::from(index))
            }
            b'r' => {
                let index = u32::from_le_bytes(self.source.array()?);
                self.put(index)
            }
            b'h' => {
                let [index] = self.source.array()?;
                self.get(u32::from(index))
            }
            b'j' => {
                let index = u32::from_le_bytes(self.source.array()?);
                self.get(index)
            }
            b'(' => {
                if self.own.marks.len() >= MOST_MARKS {
                    return self.beyond();
                }
                self.own.marks.push(self.own.stack.len());
                Ok(())
            }
            0x85 => self.tuple(1),
            0x86 => self.tuple(2),
            0x87 => self.tuple(3),
            b')' => {
                let empty = self.tuples.add(&[]);
                self.push(empty)
            }
            b']' => self.push(Value::Data(Kind::List)),
            b'}' => self.push(Value::Data(Kind::Dict)),
            b'a' | b'e' | b's' | b'u' | 0x90 | b't' | b'l' | b'd' | 0x91 => self.collect(opcode),
            _ => self.rare(opcode),
        }
    }

    fn rare(&mut self, opcode: u8) -> Step {
        match opcode {
            0x80 => {
                let [protocol] = self.source.array()?;
                if protocol > 5 { Err(Fault::Invalid) } else { Ok(()) }
            }
            0x95 => {
                let length = u64::from_le_bytes(self.source.array()?);
                self.source.frame(length);
                Ok(())
            }
            b'.' => {
                // CPython hands out the top; an empty stack is an error after everything ran.
                self.pop().map_err(|_| Fault::Stopped)?;
                if !self.own.stack.is_empty() {
                    self.discarded(None);
                }
                Err(Fault::Stopped)
            }
            b'0' => match self.own.marks.last() {
                Some(mark) if *mark == self.own.stack.len() => {
                    self.own.marks.pop();
                    Ok(())
                }
                _ => {
                    // A writer drops what it made only to take the same from the memo.
                    if !matches!(self.source.peek(1), b"h" | b"j" | b"g") {
                        self.discarded(Some(self.at));
                    }
                    self.pop().map(|_| ())
                }
            },
            b'1' => self.pop_mark().map(|from| self.own.stack.truncate(from)),
            b'2' => {
                let top = self.top()?;
                self.push(top)
            }
            b'c' | 0x93 | b'R' | b'i' | b'o' | 0x81 | 0x92 | b'b' | 0x82 | 0x83 | 0x84 => {
                self.effect(opcode)
            }
            b'P' => {
                self.source.line()?;
                self.push(Value::Data(Kind::Object))
            }
            b'Q' => {
                self.pop()?;
                self.push(Value::Data(Kind::Object))
            }
            0x8f => self.push(Value::Data(Kind::Set)),
            0x97 => self.push(Value::Data(Kind::Bytes)),
            0x98 => self.top().map(|_| ()),
            b'p' | b'g' => {
                let line = self.source.line()?;
                let index = memo_number(&line).ok_or(Fault::Invalid)?;
                if opcode == b'p' { self.put(index) } else { self.get(index) }
            }
            _ => self.literal(opcode),
        }
    }

    /// Numbers, texts and bytes.
    fn literal(&mut self, opcode: u8) -> Step {
        match opcode {
            b'I' | b'L' => {
                let line = self.source.line()?;
                let text = String::from_utf8_lossy(&line);
                let number = text.trim().trim_end_matches('L').parse().map_or(SCALAR, Value::Int);
                self.push(number)
            }
            b'F' => {
                self.source.line()?;
                self.push(SCALAR)
            }
            b'S' => {
                let line = self.source.line()?;
                let text = line.trim_ascii();
                let quoted = matches!(text, [b'\'', .., b'\''] | [b'"', .., b'"']);
                if !quoted {
                    return Err(Fault::Invalid);
                }
                let text = Escapes::Bytes.resolved(&text[1..text.len() - 1]);
                self.keep(&text, line.len() < KEPT)
            }
            b'V' => {
                let offset = self.source.position();
                let line = self.source.line()?;
                if matches!(line[..], [0x80, 2..=5, ..]) && line.len() > 16 {
                    let length = self.source.position() - offset - 1;
                    return self.held(Embedded { offset, length, spelling: Spelling::Escaped });
                }
                let text = Escapes::Raw.resolved(&line);
                self.keep(&text, line.len() < KEPT)
            }
            b'U' => {
                let [length] = self.source.array()?;
                self.text(u64::from(length))
            }
            b'T' => {
                let length = u32::from_le_bytes(self.source.array()?);
                self.text(u64::from(length))
            }
            0x8d => {
                let length = u64::from_le_bytes(self.source.array()?);
                self.text(length)
            }
            b'C' => {
                let [length] = self.source.array()?;
                self.bytes(u64::from(length))
            }
            b'B' => {
                let length = u32::from_le_bytes(self.source.array()?);
                self.bytes(u64::from(length))
            }
            0x8e | 0x96 => {
                let length = u64::from_le_bytes(self.source.array()?);
                self.bytes(length)
            }
            0x8a => {
                let [length] = self.source.array()?;
                let bytes = self.source.take(u64::from(length))?;
                let mut number = [0; 4];
                let value = if bytes.len() <= 4 && bytes.last().is_none_or(|b| *b < 0x80) {
                    number[..bytes.len()].copy_from_slice(bytes);
                    Value::Int(u32::from_le_bytes(number))
                } else if bytes.len() == 5 && bytes[4] == 0 {
                    number.copy_from_slice(&bytes[..4]);
                    Value::Int(u32::from_le_bytes(number))
                } else {
                    SCALAR
                };
                self.push(value)
            }
            0x8b => {
                let length = i32::from_le_bytes(self.source.array()?);
                let length = u64::try_from(length).map_err(|_| Fault::Invalid)?;
                self.source.take(length)?;
                self.push(SCALAR)
            }
            _ => Err(Fault::Invalid),
        }
    }

    /// Opcodes that put values into lists, sets, dictionaries and tuples.
    #[inline]
    fn collect(&mut self, opcode: u8) -> Step {
        match opcode {
            b'a' => {
                self.pop()?;
                self.changes()
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.note_state(key, value);
                self.changes()
            }
            b't' => {
                let from = self.pop_mark()?;
                let tuple = self.tuples.add(&self.own.stack[from..]);
                self.own.stack.truncate(from);
                self.push(tuple)
            }
            b'e' | b'u' | 0x90 => {
                let from = self.pop_mark()?;
                if opcode == b'u' {
                    self.note_states(from);
                }
                self.own.stack.truncate(from);
                self.changes()
            }
            _ => {
                let from = self.pop_mark()?;
                self.own.stack.truncate(from);
                self.push(Value::Data(match opcode {
                    b'l' => Kind::List,
                    b'd' => Kind::Dict,
                    _ => Kind::Set,
                }))
            }
        }
    }

    /// An item goes into what is on top: into a class or module itself, that is a change of it.
    #[inline]
    fn changes(&mut self) -> Step {
        if let Value::Global(place) = self.top()? {
            let what = format!("puts items into {}", self.called(place));
            self.say(&rules::BUILD_ON_GLOBAL, what);
        }
        Ok(())
    }

    #[inline]
    pub(super) fn push(&mut self, value: Value) -> Step {
        if self.own.stack.len() >= MOST_STACK {
            return self.beyond();
        }
        self.own.stack.push(value);
        Ok(())
    }

    /// The stack's end that may be taken: what lies above the last mark.
    #[inline]
    fn fence(&self) -> usize {
        self.own.marks.last().copied().unwrap_or(0)
    }

    #[inline]
    pub(super) fn pop(&mut self) -> Result<Value, Fault> {
        if self.own.stack.len() <= self.fence() {
            return Err(Fault::Invalid);
        }
        self.own.stack.pop().ok_or(Fault::Invalid)
    }

    #[inline]
    pub(super) fn top(&self) -> Result<Value, Fault> {
        match self.own.stack.last() {
            Some(top) if self.own.stack.len() > self.fence() => Ok(*top),
            _ => Err(Fault::Invalid),
        }
    }

    #[inline]
    pub(super) fn pop_mark(&mut self) -> Result<usize, Fault> {
        self.own.marks.pop().ok_or(Fault::Invalid)
    }

    #[inline]
    fn put(&mut self, index: u32) -> Step {
        let top = self.top()?;
        self.own.memo.put(index, top);
        Ok(())
    }

    #[inline]
    fn get(&mut self, index: u32) -> Step {
        match self.own.memo.get(index) {
            Ok(Some(value)) => self.push(value),
            Ok(None) => self.push(Value::Data(Kind::Object)),
            Err(()) => Err(Fault::Invalid),
        }
    }

    #[inline]
    fn tuple(&mut self, length: usize) -> Step {
        let from = self.own.stack.len().checked_sub(length).filter(|from| *from >= self.fence());
        let from = from.ok_or(Fault::Invalid)?;
        let tuple = self.tuples.add(&self.own.stack[from..]);
        self.own.stack.truncate(from);
        self.push(tuple)
    }

    #[inline]
    fn text(&mut self, length: u64) -> Step {
        let from = self.source.position();
        let kept = self.source.take(length)?;
        // A pickle's head as the text of its bytes: so protocols below 3 write bytes.
        if matches!(kept, [0xc2, 0x80, 2..=5, ..]) && length > 16 {
            return self.held(Embedded { offset: from, length, spelling: Spelling::Latin });
        }
        let value = self.texts.add(kept, length <= KEPT as u64);
        self.push(value)
    }

    fn keep(&mut self, text: &[u8], whole: bool) -> Step {
        let value = self.texts.add(text, whole);
        self.push(value)
    }

    fn bytes(&mut self, length: u64) -> Step {
        let offset = self.source.position();
        let start = self.source.take(length)?;
        let whole = start.len() as u64 == length;
        let probe = length > 8 && self.probed < MOST_PROBED && like_text_opcodes(start);
        self.probed += usize::from(probe);
        if length > 16 && container(start) || probe && super::like_a_pickle(start, whole) {
            return self.held(Embedded { offset, length, spelling: Spelling::Plain });
        }
        self.push(Value::Data(Kind::Bytes))
    }

    /// Bytes that are scanned by themselves.
    fn held(&mut self, held: Embedded) -> Step {
        if self.embedded.len() < MOST_EMBEDDED {
            self.embedded.push(held);
        } else {
            self.say(&rules::NOT_FOLLOWED, "more pickles within than are followed".to_owned());
        }
        self.push(Value::Data(Kind::Held))
    }

    fn beyond(&mut self) -> Step {
        self.say(&rules::NOT_FOLLOWED, "more nesting than is followed".to_owned());
        Err(Fault::Invalid)
    }
}

/// A memo's number in a line, as Python's `int` reads it: single underscores may stand between digits.
fn memo_number(line: &[u8]) -> Option<u32> {
    let text = std::str::from_utf8(line).ok()?.trim();
    if !text.contains('_') {
        return text.parse().ok();
    }
    let stray = text.starts_with(['_', '+']) || text.ends_with('_') || text.contains("__");
    (!stray).then(|| text.replace('_', "").parse().ok())?
}

/// Whether a pickle may begin with this byte: an opcode that needs nothing on the stack.
pub(super) fn may_begin(byte: u8) -> bool {
    b"(])}IJKLMNFGSTUVXBCPc\x80\x82\x83\x84\x88\x89\x8a\x8b\x8c\x8d\x8e\x8f\x95\x96\x97"
        .contains(&byte)
}

/// Whether bytes begin like a pickle with a header, an archive, or something packed.
fn container(start: &[u8]) -> bool {
    matches!(start, [0x80, 2..=5, ..] | [b'P', b'K', 3, 4, ..] | [0x1f, 0x8b, 8, ..])
}

/// Whether opcodes that name something in lines may be among the bytes.
fn like_text_opcodes(start: &[u8]) -> bool {
    may_begin(start[0])
        && (start.contains(&0x93)
            || start.contains(&b'\n') && start.iter().any(|byte| matches!(byte, b'c' | b'i')))
}

const SCALAR: Value = Value::Data(Kind::Scalar);
const MOST_STACK: usize = 6 << 20;
const MOST_MARKS: usize = 1 << 20;
const MOST_EMBEDDED: usize = 1 << 16;
const MOST_PROBED: usize = 1 << 12;
