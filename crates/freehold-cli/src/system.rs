//! The system's clock and randomness, and who the operator is to it.

use std::{
    fs,
    time::{SystemTime, UNIX_EPOCH},
};

use freehold_types::{Clock, Principal, RecordId, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};

/// The real clock and the system's generator.
pub(crate) struct SystemClock(SystemRandom);

impl SystemClock {
    /// The one clock of a process.
    pub(crate) fn new() -> Self {
        Self(SystemRandom::new())
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }

    fn random(&self, buffer: &mut [u8]) {
        // getrandom(2) fails only on kernels older than Rust itself supports; unlike a predictable
        // number, an end of the program does no harm.
        if self.0.fill(buffer).is_err() {
            std::process::abort();
        }
    }
}

/// A fresh record identifier.
pub(crate) fn new_id(clock: &dyn Clock) -> RecordId {
    let mut random = [0; 10];
    clock.random(&mut random);
    RecordId::new(clock.now().millis(), random)
}

/// The person at the keyboard.
pub(crate) fn operator() -> Principal {
    person(rustix::process::getuid().as_raw())
}

/// The person with a user id, by the name that the system's own list has for it; not by an
/// environment variable, which anyone can set.
pub(crate) fn person(id: u32) -> Principal {
    let name = fs::read_to_string("/etc/passwd").ok().and_then(|list| name_of(&list, id));
    Principal(format!("os:{}", name.unwrap_or_else(|| format!("uid-{id}"))))
}

/// The name of a user id in passwd(5) format.
fn name_of(list: &str, id: u32) -> Option<String> {
    list.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(id)).then(|| name.to_owned())
    })
}

/// A time as people and JSON get it: RFC 3339 in UTC, to the millisecond.
pub(crate) fn utc(time: Timestamp) -> String {
    let micros = i64::try_from(time.0).unwrap_or(i64::MAX);
    match jiff::Timestamp::from_microsecond(micros) {
        Ok(time) => format!("{time:.3}"),
        Err(_) => format!("{micros} µs since 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_names_are_found() {
        let list = "root:x:0:0:root:/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\nbad\n";
        assert_eq!(name_of(list, 1000).as_deref(), Some("ada"));
        assert_eq!(name_of(list, 0).as_deref(), Some("root"));
        assert_eq!(name_of(list, 7), None);
    }

    #[test]
    fn times_are_utc() {
        assert_eq!(utc(Timestamp(1_795_437_980_568_444)), "2026-11-23T12:46:20.568Z");
    }
}
