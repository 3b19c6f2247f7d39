//! A small binary form: integers little-endian, texts and lists after their length. No list makes
//! the reader allocate more than the bytes that are there.

/// The bytes are not a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("malformed message at byte {at}: {what}")]
pub(crate) struct Malformed {
    at: usize,
    what: &'static str,
}

/// Something that can be sent.
pub(crate) trait Wire: Sized {
    /// Appends the value.
    fn put(&self, out: &mut Vec<u8>);
    /// Takes the value from the front.
    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed>;

    /// The value of all of `bytes`.
    fn from_bytes(bytes: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader { bytes, at: 0 };
        let value = Self::take(&mut reader)?;
        if reader.at == bytes.len() { Ok(value) } else { Err(reader.malformed("bytes left over")) }
    }
}

/// Bytes and how far they were read.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    pub(crate) fn malformed(&self, what: &'static str) -> Malformed {
        Malformed { at: self.at, what }
    }

    fn slice(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let taken = rest.get(..length).ok_or_else(|| self.malformed("too short"))?;
        self.at += length;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        let slice = self.slice(N)?;
        slice.try_into().map_err(|_| self.malformed("too short"))
    }

    fn length(&mut self) -> Result<usize, Malformed> {
        let length = u32::take(self)? as usize;
        // Every element is at least one byte long.
        if length > self.bytes.len() - self.at {
            return Err(self.malformed("a list longer than the message"));
        }
        Ok(length)
    }
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Wire for $number {
            fn put(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
                from.array().map(Self::from_le_bytes)
            }
        }
    )*};
}
numbers!(u8, u32, u64, i32, f32);

impl Wire for bool {
    fn put(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        match u8::take(from)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(from.malformed("neither true nor false")),
        }
    }
}

impl Wire for String {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        out.extend_from_slice(self.as_bytes());
    }

    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.length()?;
        let bytes = from.slice(length)?;
        std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| from.malformed("not UTF-8"))
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut Vec<u8>) {
        (self.len() as u32).put(out);
        self.iter().for_each(|item| item.put(out));
    }

    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        let length = from.length()?;
        // Grows as elements are really there; `length` alone could ask for far more memory than
        // the message has bytes.
        let mut items = Self::new();
        for _ in 0..length {
            items.push(T::take(from)?);
        }
        Ok(items)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut Vec<u8>) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }

    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        bool::take(from)?.then(|| T::take(from)).transpose()
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, out: &mut Vec<u8>) {
        self.0.put(out);
        self.1.put(out);
    }

    fn take(from: &mut Reader<'_>) -> Result<Self, Malformed> {
        Ok((A::take(from)?, B::take(from)?))
    }
}

/// Implements [`Wire`] for a struct by its fields in order.
macro_rules! wire_struct {
    ($name:ident { $($field:ident),* $(,)? }) => {
        impl $crate::protocol::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                $($crate::protocol::Wire::put(&self.$field, out);)*
            }
            fn take(
                from: &mut $crate::protocol::Reader<'_>,
            ) -> Result<Self, $crate::protocol::Malformed> {
                Ok(Self { $($field: $crate::protocol::Wire::take(from)?),* })
            }
        }
    };
}

/// Implements [`Wire`] for an enum whose variants hold at most one value each.
macro_rules! wire_enum {
    ($name:ident { $($number:literal = $variant:ident $(($inner:ident))?),* $(,)? }) => {
        impl $crate::protocol::Wire for $name {
            fn put(&self, out: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($inner))? => {
                        out.push($number);
                        $($crate::protocol::Wire::put($inner, out);)?
                    })*
                }
            }
            fn take(
                from: &mut $crate::protocol::Reader<'_>,
            ) -> Result<Self, $crate::protocol::Malformed> {
                match <u8 as $crate::protocol::Wire>::take(from)? {
                    $($number => Ok(Self::$variant $(({
                        let $inner = $crate::protocol::Wire::take(from)?;
                        $inner
                    }))?),)*
                    _ => Err(from.malformed(concat!("no such ", stringify!($name)))),
                }
            }
        }
    };
}

pub(crate) use {wire_enum, wire_struct};
