//! Signed notes: text, a blank line, and signature lines that name their keys.

use std::{fmt, str::FromStr};

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::{
    digest,
    signature::{self, Ed25519KeyPair, KeyPair},
};

/// A key that signs notes.
pub struct Signer {
    verifier: Verifier,
    pair: Ed25519KeyPair,
}

impl Signer {
    /// The signer of this name whose key follows from 32 secret random bytes (RFC 8032).
    ///
    /// # Errors
    /// [`KeyError`] if the name is empty or holds a space, a control character or a plus sign.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self, KeyError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| KeyError)?;
        let mut public = [0; 32];
        public.copy_from_slice(pair.public_key().as_ref());
        Ok(Self { verifier: Verifier::new(name, public)?, pair })
    }

    /// What checks this signer's signatures.
    pub fn verifier(&self) -> &Verifier {
        &self.verifier
    }

    /// The note over a text that ends with a newline: the text, a blank line, one signature line.
    pub fn sign(&self, text: &str) -> String {
        let signature = self.pair.sign(text.as_bytes());
        let mut signed = self.verifier.id.to_vec();
        signed.extend_from_slice(signature.as_ref());
        format!("{text}\n\u{2014} {} {}\n", self.verifier.name, STANDARD.encode(signed))
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer").field("verifier", &self.verifier).finish_non_exhaustive()
    }
}

/// A key that checks signatures; as text a `vkey`: name, key id and public key joined by `+`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    id: [u8; 4],
    public: [u8; 32],
}

impl Verifier {
    /// The verifier of this name for an Ed25519 public key.
    ///
    /// # Errors
    /// [`KeyError`] if the name is empty or holds a space, a control character or a plus sign.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, KeyError> {
        let forbidden =
            |letter: char| letter.is_whitespace() || letter.is_control() || letter == '+';
        if name.is_empty() || name.contains(forbidden) {
            return Err(KeyError);
        }
        let mut context = digest::Context::new(&digest::SHA256);
        context.update(name.as_bytes());
        context.update(&[b'\n', ED25519]);
        context.update(&public);
        let mut id = [0; 4];
        id.copy_from_slice(&context.finish().as_ref()[..4]);
        Ok(Self { name: name.to_owned(), id, public })
    }

    /// The key's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn verify(&self, text: &str, signature: &[u8]) -> bool {
        signature::UnparsedPublicKey::new(&signature::ED25519, &self.public)
            .verify(text.as_bytes(), signature)
            .is_ok()
    }
}

impl fmt::Display for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut key = vec![ED25519];
        key.extend_from_slice(&self.public);
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id), STANDARD.encode(key))
    }
}

/// The text is not a verifier key of a kind known here, or not a name for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 verifier key: expected `NAME+KEYID+BASE64`")]
pub struct KeyError;

impl FromStr for Verifier {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.trim_end_matches('\n').splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(KeyError);
        };
        let key = STANDARD.decode(key).map_err(|_| KeyError)?;
        let public = match key.split_first() {
            Some((&ED25519, public)) => public.try_into().map_err(|_| KeyError)?,
            _ => return Err(KeyError),
        };
        let verifier = Self::new(name, public)?;
        if format!("{:08x}", u32::from_be_bytes(verifier.id)) == id {
            Ok(verifier)
        } else {
            Err(KeyError)
        }
    }
}

/// Checks a note and returns its text, final newline included.
///
/// Signatures by other keys are ignored; one by this key that fails refuses the note.
///
/// # Errors
/// [`NoteError`] if it is malformed or this key did not sign this text.
pub fn open_note<'a>(note: &'a str, verifier: &Verifier) -> Result<&'a str, NoteError> {
    if note.len() > MAX_NOTE_BYTES {
        return Err(NoteError::Malformed);
    }
    if note.bytes().any(|byte| byte < b' ' && byte != b'\n') {
        return Err(NoteError::Malformed);
    }
    let end = note.rfind("\n\n").ok_or(NoteError::Malformed)?;
    let (text, signatures) = (&note[..=end], &note[end + 2..]);
    if !signatures.ends_with('\n') {
        return Err(NoteError::Malformed);
    }
    let mut signed = false;
    for line in signatures.lines() {
        let rest = line.strip_prefix("\u{2014} ").ok_or(NoteError::Malformed)?;
        let (name, encoded) = rest.split_once(' ').ok_or(NoteError::Malformed)?;
        let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Malformed)?;
        let (id, signature) = bytes.split_first_chunk::<4>().ok_or(NoteError::Malformed)?;
        if name == verifier.name && *id == verifier.id {
            if !verifier.verify(text, signature) {
                return Err(NoteError::Signature { key: verifier.name.clone() });
            }
            signed = true;
        }
    }
    if signed { Ok(text) } else { Err(NoteError::Unsigned { key: verifier.name.clone() }) }
}

/// Why a note is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is not a signed note.
    #[error("not a signed note")]
    Malformed,
    /// The key's signature does not fit the text.
    #[error("the signature by `{key}` does not fit the text")]
    Signature {
        /// Name of the key.
        key: String,
    },
    /// The key has not signed it.
    #[error("`{key}` has not signed it")]
    Unsigned {
        /// Name of the key.
        key: String,
    },
}

/// Signature type of Ed25519 in key ids and verifier keys.
const ED25519: u8 = 1;

/// Sixteen post-quantum cosignatures of 5 kB fit, and what is longer is not looked at.
const MAX_NOTE_BYTES: usize = 256 << 10;
