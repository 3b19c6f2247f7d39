//! Sealing: a body becomes ciphertext that opens in one way only, and only while its key exists.
//!
//! Each body gets a random key of its own. From it come, through HMAC-SHA-256 with distinct
//! labels, an encryption key and a commitment. AES-GCM alone does not commit: two keys and one
//! ciphertext can be made to open to two plaintexts (Dodis et al., "Fast Message Franking", 2018).
//! The leaf holds the commitment and the ciphertext's digest, so whoever shows a plaintext must
//! show the one key whose commitment was recorded. The body's key lies in the envelope, wrapped by
//! the subject's key; neither is covered by the leaf, so both can be destroyed.

use std::sync::Arc;

use freehold_store::{StoreError, SubjectKey, SubjectKeyId, SubjectKeys, WRAPPED_BYTES};
use freehold_types::{Digest, RecordId};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    digest, hmac,
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

use crate::EntryKind;

/// What the leaf says about a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Commitment {
    /// SHA-256 of the ciphertext with its tag.
    pub ciphertext: Digest,
    /// Binds the body's key.
    pub key: Digest,
    /// Of the plaintext.
    pub bytes: u32,
}

/// Appends the envelope of `plaintext` to `out` and returns what the leaf must say about it.
pub(crate) fn seal(
    random: &SystemRandom,
    subject: &SubjectKey,
    id: RecordId,
    kind: EntryKind,
    plaintext: &[u8],
    out: &mut Vec<u8>,
) -> Result<Commitment, SealError> {
    let bytes = u32::try_from(plaintext.len()).map_err(|_| SealError::Cipher)?;
    let mut drawn = Zeroizing::new([0u8; 44]);
    random.fill(drawn.as_mut()).map_err(|_| SealError::Random)?;
    let mut nonce = [0; 12];
    let mut body_key = Zeroizing::new([0u8; 32]);
    nonce.copy_from_slice(&drawn[..12]);
    body_key.copy_from_slice(&drawn[12..]);

    let context = context(id, kind);
    let wrapped =
        subject.wrap(&body_key, nonce, &context).map_err(|error| SealError::Key(error.into()))?;
    let (cipher, commitment) = derive(&body_key)?;
    out.reserve(ENVELOPE_BYTES + plaintext.len());
    out.extend_from_slice(&subject.id().0);
    out.extend_from_slice(&wrapped);
    let start = out.len();
    out.extend_from_slice(plaintext);
    // The key is used for this one body, so a fixed nonce is never used twice with it.
    let tag = cipher
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key([0; 12]),
            Aad::from(context),
            &mut out[start..],
        )
        .map_err(|_| SealError::Cipher)?;
    out.extend_from_slice(tag.as_ref());
    Ok(Commitment { ciphertext: sha256(&out[start..]), key: commitment, bytes })
}

/// Opens an envelope, after checking it against what the leaf says.
pub(crate) fn open(
    keys: &Arc<dyn SubjectKeys>,
    id: RecordId,
    kind: EntryKind,
    commitment: &Commitment,
    envelope: &[u8],
) -> Result<Vec<u8>, UnsealError> {
    let (subject, rest) = envelope.split_first_chunk::<16>().ok_or(UnsealError::Damaged)?;
    let (wrapped, sealed) =
        rest.split_first_chunk::<WRAPPED_BYTES>().ok_or(UnsealError::Damaged)?;
    if sha256(sealed) != commitment.ciphertext {
        return Err(UnsealError::Damaged);
    }
    let subject = keys.find(SubjectKeyId(*subject))?.ok_or(UnsealError::Erased)?;
    let context = context(id, kind);
    let body_key = subject.unwrap(wrapped, &context).map_err(|_| UnsealError::Damaged)?;
    let (cipher, committed) = derive(&body_key).map_err(|_| UnsealError::Damaged)?;
    if committed != commitment.key {
        return Err(UnsealError::Damaged);
    }
    let mut opened = sealed.to_vec();
    let length = cipher
        .open_in_place(
            Nonce::assume_unique_for_key([0; 12]),
            Aad::from(context),
            opened.as_mut_slice(),
        )
        .map_err(|_| UnsealError::Damaged)?
        .len();
    opened.truncate(length);
    Ok(opened)
}

/// Whether the ciphertext in an envelope is the one that the leaf names.
pub(crate) fn matches(envelope: &[u8], ciphertext: &Digest) -> bool {
    envelope.get(16 + WRAPPED_BYTES..).is_some_and(|sealed| sha256(sealed) == *ciphertext)
}

/// Why a body could not be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The subject's key could not be had.
    #[error("the subject's key could not be had")]
    Key(#[source] StoreError),
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
    /// The cipher refused; a body has at most 4 GiB.
    #[error("the body is too large to seal")]
    Cipher,
}

/// Why a body could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum UnsealError {
    /// Its subject's key was deleted.
    #[error("erased")]
    Erased,
    /// It is not what was recorded.
    #[error("damaged")]
    Damaged,
    /// The keys could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Encryption key and commitment from a body's key.
fn derive(body_key: &[u8; 32]) -> Result<(LessSafeKey, Digest), SealError> {
    let prf = hmac::Key::new(hmac::HMAC_SHA256, body_key);
    let encryption = hmac::sign(&prf, b"freehold body v1: encrypt");
    let commitment = hmac::sign(&prf, b"freehold body v1: commit");
    let cipher =
        UnboundKey::new(&AES_256_GCM, encryption.as_ref()).map_err(|_| SealError::Cipher)?;
    let mut committed = [0; 32];
    committed.copy_from_slice(commitment.as_ref());
    Ok((LessSafeKey::new(cipher), Digest::from_bytes(committed)))
}

/// Binds a body to its entry, so that envelopes cannot be exchanged.
fn context(id: RecordId, kind: EntryKind) -> [u8; 17] {
    let mut context = [0; 17];
    context[..16].copy_from_slice(&id.to_bytes());
    context[16] = match kind {
        EntryKind::Intent => 1,
        EntryKind::Outcome => 2,
        EntryKind::Event => 3,
    };
    context
}

fn sha256(bytes: &[u8]) -> Digest {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    Digest::from_bytes(out)
}

/// Subject key id, wrapped body key, then the ciphertext, whose tag has 16 bytes.
const ENVELOPE_BYTES: usize = 16 + WRAPPED_BYTES + 16;
