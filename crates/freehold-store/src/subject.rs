//! Subject keys: the keys under which the bodies of one person's records are sealed.
//!
//! Deleting one is what erasure means: every record key it wraps is gone with it. The key itself
//! never leaves this crate; who seals a record hands in the record's key and gets it wrapped.

use std::{fmt, sync::Arc};

use freehold_types::Principal;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::StoreError;

/// Where sealing gets its keys.
pub trait SubjectKeys: Send + Sync {
    /// The key in use for a subject. Where there is none, one is made and durable on return.
    ///
    /// # Errors
    /// [`StoreError`] if it can neither be read nor made.
    fn current(&self, subject: &Principal) -> Result<Arc<SubjectKey>, StoreError>;

    /// A key by the name that an envelope carries; `None` once its subject was erased.
    ///
    /// # Errors
    /// [`StoreError`] if it cannot be read.
    fn find(&self, id: SubjectKeyId) -> Result<Option<Arc<SubjectKey>>, StoreError>;
}

/// Names one subject key without telling whose it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SubjectKeyId(pub [u8; 16]);

impl fmt::Debug for SubjectKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A subject's key, ready to wrap and unwrap the keys of records.
pub struct SubjectKey {
    id: SubjectKeyId,
    key: LessSafeKey,
}

impl SubjectKey {
    /// Makes the key usable.
    pub(crate) fn new(id: SubjectKeyId, bytes: &[u8; 32]) -> Result<Self, SubjectKeyError> {
        let key = UnboundKey::new(&AES_256_GCM, bytes).map_err(|_| SubjectKeyError)?;
        Ok(Self { id, key: LessSafeKey::new(key) })
    }

    /// Its name.
    pub fn id(&self) -> SubjectKeyId {
        self.id
    }

    /// Wraps a record's key with AES-256-GCM. The nonce must be random: up to 2^32 records may be
    /// wrapped under one subject key (NIST SP 800-38D, section 8.3).
    ///
    /// # Errors
    /// [`SubjectKeyError`] if the cipher refuses, which it does for no input of these sizes.
    pub fn wrap(
        &self,
        record_key: &[u8; 32],
        nonce: [u8; 12],
        context: &[u8],
    ) -> Result<[u8; WRAPPED_BYTES], SubjectKeyError> {
        let mut wrapped = [0; WRAPPED_BYTES];
        wrapped[..12].copy_from_slice(&nonce);
        wrapped[12..44].copy_from_slice(record_key);
        let tag = self
            .key
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut wrapped[12..44],
            )
            .map_err(|_| SubjectKeyError)?;
        wrapped[44..].copy_from_slice(tag.as_ref());
        Ok(wrapped)
    }

    /// Opens what [`SubjectKey::wrap`] made for the same context.
    ///
    /// # Errors
    /// [`SubjectKeyError`] if it was wrapped by another key, for another context, or changed.
    pub fn unwrap(
        &self,
        wrapped: &[u8; WRAPPED_BYTES],
        context: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, SubjectKeyError> {
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&wrapped[..12]);
        let mut sealed = Zeroizing::new([0u8; 48]);
        sealed.copy_from_slice(&wrapped[12..]);
        let opened = self
            .key
            .open_in_place(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                sealed.as_mut_slice(),
            )
            .map_err(|_| SubjectKeyError)?;
        let mut record_key = Zeroizing::new([0u8; 32]);
        record_key.copy_from_slice(opened);
        Ok(record_key)
    }
}

impl fmt::Debug for SubjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SubjectKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A wrapped key does not open: it is another subject's, or its bytes were changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the wrapped key does not open under this subject's key")]
pub struct SubjectKeyError;

/// Bytes of a wrapped record key: nonce, ciphertext, tag.
pub const WRAPPED_BYTES: usize = 12 + 32 + 16;
