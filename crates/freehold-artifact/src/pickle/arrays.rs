//! joblib's arrays: a wrapper object says shape and element type, then the array's raw bytes stand
//! in the stream (`joblib/numpy_pickle.py`, `NumpyArrayWrapper.read_array`).

use std::io::Read;

use super::{
    End,
    machine::{Fault, Machine},
    value::{Kind, Value},
};
use crate::rules;

/// What the wrapper's state says.
#[derive(Default)]
pub(super) struct Wrapper {
    shape: Option<Value>,
    element: Option<Value>,
    aligned: bool,
}

impl<R: Read> Machine<R> {
    /// A key and its value go into the dictionary on top; if that is a wrapper's state, they count.
    #[inline]
    pub(super) fn note_state(&mut self, key: Value, value: Value) {
        let below = self.own.stack.len().checked_sub(2);
        if let Some(Value::ArrayWrapper) = below.and_then(|below| self.own.stack.get(below)) {
            self.note_entry(key, value);
        }
    }

    /// The same for keys and values from `from` on.
    #[inline]
    pub(super) fn note_states(&mut self, from: usize) {
        let below = from.checked_sub(2).and_then(|below| self.own.stack.get(below));
        if let Some(Value::ArrayWrapper) = below {
            let pairs = self.own.stack[from..].to_vec();
            for pair in pairs.chunks_exact(2) {
                self.note_entry(pair[0], pair[1]);
            }
        }
    }

    fn note_entry(&mut self, key: Value, value: Value) {
        let Value::Text(handle) = key else { return };
        match self.texts.get(handle) {
            Some(b"shape") => self.wrapper.shape = Some(value),
            Some(b"dtype") => self.wrapper.element = Some(value),
            Some(b"numpy_array_alignment_bytes") => {
                self.wrapper.aligned = value != Value::Data(Kind::Scalar);
            }
            _ => {}
        }
    }

    /// Passes the bytes of the array whose wrapper was just built.
    pub(super) fn array(&mut self) -> Result<(), Fault> {
        let wrapper = std::mem::take(&mut self.wrapper);
        self.own.stack.pop();
        self.own.stack.push(Value::Data(Kind::Object));
        self.arrays += 1;
        let Some(Value::Element(packed)) = wrapper.element else { return self.lost() };
        if packed & 1 == 1 {
            return self.nested();
        }
        let shape = match wrapper.shape {
            Some(Value::Tuple(handle)) => self.tuples.get(handle),
            _ => None,
        };
        let Some(shape) = shape else { return self.lost() };
        let mut bytes = u64::from(packed >> 1);
        for dimension in shape {
            let Value::Int(dimension) = dimension else { return self.lost() };
            match bytes.checked_mul(u64::from(*dimension)) {
                Some(product) => bytes = product,
                None => return self.lost(),
            }
        }
        // Raw bytes know no frames.
        self.source.unframe();
        if wrapper.aligned {
            let padding = self.source.byte()?;
            self.source.skip(u64::from(padding))?;
        }
        Ok(self.source.skip(bytes)?)
    }

    /// An array of objects is a pickle of its own in the midst of the stream.
    fn nested(&mut self) -> Result<(), Fault> {
        if self.depth >= MOST_DEPTH {
            return self.lost();
        }
        let own = std::mem::take(&mut self.own);
        self.depth += 1;
        let end = self.run();
        self.depth -= 1;
        self.own = own;
        self.source.unframe();
        match end {
            End::Stop | End::Trailing => Ok(()),
            End::Cut => Err(Fault::Cut),
            End::Broken => Err(Fault::Invalid),
        }
    }

    fn lost(&mut self) -> Result<(), Fault> {
        let what = "an array's size cannot be told, so its bytes cannot be passed";
        self.say(&rules::NOT_FOLLOWED, what.to_owned());
        Err(Fault::Invalid)
    }

    /// `numpy.dtype(text, align, copy)`.
    pub(super) fn element(&mut self, given: &[Value]) -> Value {
        let unknown = Value::Data(Kind::Object);
        let Some(Value::Text(handle)) = given.first() else { return unknown };
        let Some(text) = self.texts.get(*handle) else { return unknown };
        let text = text.trim_ascii_start();
        let text = text.strip_prefix(b"<").or(text.strip_prefix(b">")).unwrap_or(text);
        let text = text.strip_prefix(b"|").or(text.strip_prefix(b"=")).unwrap_or(text);
        let Some((kind, digits)) = text.split_first() else { return unknown };
        let digits = std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok());
        let size = match (kind, digits) {
            (b'O', _) => return Value::Element(1),
            (b'b' | b'i' | b'u' | b'f' | b'c' | b'S' | b'V' | b'a', Some(size)) => Some(size),
            (b'M' | b'm', Some(size)) => Some(size),
            (b'U', Some(size)) => u32::checked_mul(size, 4),
            (b'?', None) => Some(1),
            _ => None,
        };
        size.and_then(|size: u32| size.checked_mul(2)).map_or(unknown, Value::Element)
    }

    /// The state of an element type: the ninth value's lowest bit says that it holds objects, as
    /// for a structure (`NPY_ITEM_REFCOUNT` in `numpy/ndarraytypes.h`).
    pub(super) fn element_state(&mut self, packed: u32, state: Value) -> Result<(), Fault> {
        let Value::Tuple(handle) = state else { return Ok(()) };
        let flags = self.tuples.get(handle).and_then(|state| state.get(7)).copied();
        if let Some(Value::Int(flags)) = flags
            && flags & 1 == 1
            && let Some(top) = self.own.stack.last_mut()
        {
            *top = Value::Element(packed | 1);
        }
        Ok(())
    }
}

const MOST_DEPTH: usize = 32;
