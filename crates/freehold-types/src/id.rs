//! Identifiers of records, keys and principals.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize, Serializer};

/// Names one request and all its log entries: 48 bits of milliseconds since 1970, then 80 random
/// bits, shown as 26 Crockford base-32 characters (the ULID layout, <https://github.com/ulid/spec>).
/// It is sent back as `x-freehold-record`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct RecordId(u128);

impl RecordId {
    /// An identifier from milliseconds since 1970 (UTC) and ten random bytes.
    pub fn new(millis: u64, random: [u8; 10]) -> Self {
        let random = random.iter().fold(0u128, |sum, byte| sum << 8 | u128::from(*byte));
        Self(u128::from(millis & 0xffff_ffff_ffff) << 80 | random)
    }

    /// The same 128 bits, big-endian.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

/// The text is not 26 Crockford base-32 characters that hold 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a record id: expected 26 characters of 0-9 and A-Z without I, L, O, U")]
pub struct ParseIdError;

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl RecordId {
    fn text(self, buffer: &mut [u8; 26]) -> &str {
        for (place, digit) in buffer.iter_mut().rev().enumerate() {
            *digit = ALPHABET[(self.0 >> (5 * place)) as usize & 31];
        }
        // The alphabet is ASCII, so this never takes the other branch.
        std::str::from_utf8(buffer).unwrap_or_default()
    }
}

impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text(&mut [0; 26]))
    }
}

// By hand, because every record holds one: nothing is allocated.
impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text(&mut [0; 26]))
    }
}

impl fmt::Debug for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for RecordId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.as_bytes();
        if digits.len() != 26 || digits[0] > b'7' {
            return Err(ParseIdError);
        }
        digits.iter().try_fold(Self(0), |id, digit| {
            let value = ALPHABET
                .iter()
                .position(|letter| *letter == digit.to_ascii_uppercase())
                .ok_or(ParseIdError)?;
            Ok(Self(id.0 << 5 | value as u128))
        })
    }
}

impl TryFrom<String> for RecordId {
    type Error = ParseIdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RecordId> for String {
    fn from(id: RecordId) -> Self {
        id.to_string()
    }
}

/// Names an API key without revealing it: the eight characters after `fh_` of the key itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyId(pub String);

/// Who asks: the owner of an API key, or a person signed in to the console.
/// Also the data subject under whose key the bodies of the request are sealed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Principal(pub String);
