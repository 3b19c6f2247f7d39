//! Time as a value; who reads a clock is passed in.

use serde::{Deserialize, Serialize};

/// Microseconds since 1970-01-01T00:00:00 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// Milliseconds since 1970 (UTC), rounded down.
    pub const fn millis(self) -> u64 {
        self.0 / 1000
    }
}

/// Where services get time and randomness, so that tests can give their own.
pub trait Clock: Send + Sync {
    /// The wall clock's time.
    fn now(&self) -> Timestamp;

    /// Fills the buffer with bytes from a cryptographically secure source.
    fn random(&self, buffer: &mut [u8]);
}
