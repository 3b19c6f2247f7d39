//! API keys: how secrets are made and what is kept of them.
//!
//! A secret is `fh_`, eight characters that name the key, and 43 characters that are secret, all
//! drawn uniformly from 62 letters and digits by the operating system: 43 · log2(62) = 256 bits.
//! Only SHA-256 of the whole is kept. A slow, salted password hash defends secrets that people
//! choose, by making each guess dear; with 2^256 equally likely secrets no guess succeeds however
//! cheap it is, and no table can be prepared, so one fast hash is sound (OWASP and NIST
//! SP 800-63B-4 section 3.1.2.2 exempt look-up secrets of 112 bits and more from the slow hash).

use freehold_types::{DataClass, KeyId, Principal, Timestamp};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use serde::{Deserialize, Serialize};

/// What a key allows, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyGrant {
    /// Who asks when this key asks.
    pub principal: Principal,
    /// What the operator calls the key.
    pub name: String,
    /// The tools it may use; `None` allows every tool.
    pub tools: Option<Vec<String>>,
    /// The most sensitive data it may send; `None` sets no limit of its own.
    pub class_limit: Option<DataClass>,
}

impl KeyGrant {
    /// A grant without limits of its own.
    pub fn unlimited(principal: Principal, name: impl Into<String>) -> Self {
        Self { principal, name: name.into(), tools: None, class_limit: None }
    }
}

/// A key that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The public part.
    pub id: KeyId,
    /// Who asks when this key asks.
    pub principal: Principal,
    /// What the operator calls the key.
    pub name: String,
    /// The tools it may use; `None` allows every tool.
    pub tools: Option<Vec<String>>,
    /// The most sensitive data it may send; `None` sets no limit of its own.
    pub class_limit: Option<DataClass>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was revoked, if it was.
    pub revoked: Option<Timestamp>,
}

/// A key just made: the only moment at which its secret is known.
pub struct NewKey {
    /// The public part.
    pub id: KeyId,
    /// The whole secret, to be shown once.
    pub secret: zeroize::Zeroizing<String>,
}

impl std::fmt::Debug for NewKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Draws a new secret.
pub(crate) fn generate(random: &SystemRandom) -> Result<NewKey, ring::error::Unspecified> {
    let mut secret = zeroize::Zeroizing::new(String::with_capacity(SECRET_CHARACTERS));
    secret.push_str(PREFIX);
    let mut bytes = zeroize::Zeroizing::new([0u8; 64]);
    while secret.len() < SECRET_CHARACTERS {
        random.fill(bytes.as_mut())?;
        // 248 is the largest multiple of 62 below 256: the rest is thrown away, so that every
        // letter is equally likely.
        for byte in bytes.iter().filter(|byte| **byte < 248) {
            if secret.len() < SECRET_CHARACTERS {
                secret.push(char::from(LETTERS[usize::from(byte % 62)]));
            }
        }
    }
    let id = KeyId(secret[PREFIX.len()..PREFIX.len() + ID_CHARACTERS].to_owned());
    Ok(NewKey { id, secret })
}

/// The public part of what might be a secret.
pub(crate) fn id_of(secret: &str) -> Option<&str> {
    let well_formed = secret.len() == SECRET_CHARACTERS
        && secret.starts_with(PREFIX)
        && secret[PREFIX.len()..].bytes().all(|letter| letter.is_ascii_alphanumeric());
    well_formed.then(|| &secret[PREFIX.len()..PREFIX.len() + ID_CHARACTERS])
}

/// What is kept of a secret.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(digest::digest(&digest::SHA256, secret.as_bytes()).as_ref());
    bytes
}

const PREFIX: &str = "fh_";
const ID_CHARACTERS: usize = 8;
const SECRET_CHARACTERS: usize = 3 + ID_CHARACTERS + 43;
const LETTERS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
