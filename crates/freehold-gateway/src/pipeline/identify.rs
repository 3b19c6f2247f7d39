//! Who asks: the owner of the API key in the request.

use std::sync::Arc;

use freehold_store::{KeyRecord, Store};
use http::{HeaderMap, header};

use crate::error::{Refusal, TransportRefusal};

/// Finds the key. The store compares hashes in constant time and answers from memory.
pub(crate) fn identify(store: &Store, headers: &HeaderMap) -> Result<Arc<KeyRecord>, Refusal> {
    let value = headers.get(header::AUTHORIZATION).ok_or(TransportRefusal::NoKey)?;
    let text = value.to_str().map_err(|_| TransportRefusal::WrongKey)?;
    let (scheme, secret) = text.split_once(' ').ok_or(TransportRefusal::NoKey)?;
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(TransportRefusal::NoKey.into());
    }
    match store.find_key(secret.trim()) {
        Ok(Some(key)) => Ok(key),
        Ok(None) => Err(TransportRefusal::WrongKey.into()),
        Err(error) => {
            tracing::error!(%error, "keys cannot be checked");
            Err(TransportRefusal::KeysUnavailable.into())
        }
    }
}
