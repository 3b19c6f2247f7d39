//! Who is signed in: one-time tokens are exchanged for sessions, and both live in memory only.
//!
//! Only digests are kept, so a copy of this process's memory map or a comparison's timing gives
//! nothing away that opens the console.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, PoisonError},
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use freehold_types::{Clock, Timestamp};
use ring::digest::{SHA256, digest};
use subtle::ConstantTimeEq;
use tokio::sync::watch;

/// Tokens, sessions and failed attempts.
pub(crate) struct Door {
    clock: Arc<dyn Clock>,
    token: watch::Sender<String>,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    sessions: HashMap<[u8; 32], Session>,
    failures: VecDeque<Timestamp>,
}

#[derive(Clone, Copy)]
struct Session {
    begun: Timestamp,
    seen: Timestamp,
}

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignInRefusal {
    /// Not the token, or one that was used.
    #[error("this token is not valid: each one works once, and a new one replaces it")]
    WrongToken,
    /// Too many wrong ones in a short time.
    #[error("too many wrong tokens; wait {seconds} s and try again")]
    TooMany {
        /// How long.
        seconds: u64,
    },
}

impl Door {
    /// A door with a fresh token and nobody inside.
    pub(crate) fn new(clock: Arc<dyn Clock>) -> Self {
        let token = watch::Sender::new(secret(&*clock));
        Self { clock, token, inner: Mutex::default() }
    }

    /// The token that opens it now, and each one that replaces it.
    pub(crate) fn tokens(&self) -> watch::Receiver<String> {
        self.token.subscribe()
    }

    /// Takes a token and gives a session's secret. The token is dead from here on, and a new one
    /// takes its place.
    pub(crate) fn sign_in(&self, offered: &str) -> Result<String, SignInRefusal> {
        let now = self.clock.now();
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = |failure: &Timestamp| now.0.saturating_sub(failure.0) < ATTEMPT_MICROS;
        inner.failures.retain(recent);
        if let Some(first) = inner.failures.front()
            && inner.failures.len() >= ATTEMPTS
        {
            let left = ATTEMPT_MICROS.saturating_sub(now.0.saturating_sub(first.0));
            return Err(SignInRefusal::TooMany { seconds: left.div_ceil(1_000_000).max(1) });
        }
        // Digests have one length and nothing in common with what is near: comparing them tells
        // nothing about the token, whatever the compiler makes of it.
        let expected = fingerprint(&self.token.borrow());
        if !bool::from(fingerprint(offered.trim()).ct_eq(&expected)) {
            inner.failures.push_back(now);
            return Err(SignInRefusal::WrongToken);
        }
        self.token.send_replace(secret(&*self.clock));
        let session = secret(&*self.clock);
        inner.sessions.retain(|_, one| one.lives(now));
        if inner.sessions.len() >= SESSIONS {
            let oldest = inner.sessions.iter().min_by_key(|(_, one)| one.seen).map(|(key, _)| *key);
            oldest.and_then(|key| inner.sessions.remove(&key));
        }
        inner.sessions.insert(fingerprint(&session), Session { begun: now, seen: now });
        Ok(session)
    }

    /// Whether this is the secret of a session that lives. A person's doing keeps it alive; a page
    /// that refreshes its parts by itself does not.
    pub(crate) fn admits(&self, session: &str, person: bool) -> bool {
        let now = self.clock.now();
        let key = fingerprint(session);
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.sessions.get_mut(&key) {
            Some(found) if found.lives(now) => {
                if person {
                    found.seen = now;
                }
                true
            }
            Some(_) => {
                inner.sessions.remove(&key);
                false
            }
            None => false,
        }
    }

    /// Ends a session.
    pub(crate) fn sign_out(&self, session: &str) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.sessions.remove(&fingerprint(session));
    }
}

impl Session {
    /// A clock that was set back does not lengthen it beyond what the new time allows.
    fn lives(&self, now: Timestamp) -> bool {
        now.0.saturating_sub(self.begun.0) < SESSION_MICROS
            && now.0.saturating_sub(self.seen.0) < IDLE_MICROS
    }
}

/// 256 random bits.
fn secret(clock: &dyn Clock) -> String {
    let mut bytes = [0; 32];
    clock.random(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

fn fingerprint(text: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
    bytes
}

/// Seconds that a browser keeps the cookie: as long as the session can live.
pub(crate) const SESSION_SECONDS: u64 = 12 * 3600;
const SESSION_MICROS: u64 = SESSION_SECONDS * 1_000_000;
const IDLE_MICROS: u64 = 2 * 3600 * 1_000_000;
/// Wrong tokens within [`ATTEMPT_MICROS`] before the door stays shut.
const ATTEMPTS: usize = 10;
const ATTEMPT_MICROS: u64 = 60_000_000;
const SESSIONS: usize = 32;

#[cfg(test)]
mod tests;
