//! Whether this caller may ask this at all.

use freehold_store::KeyRecord;
use freehold_types::Labels;

use crate::error::{PolicyRefusal, Refusal};

/// A key may be limited to data up to some class.
pub(super) fn authorize(caller: &KeyRecord, labels: &Labels) -> Result<(), Refusal> {
    match caller.class_limit {
        Some(limit) if labels.class > limit => {
            Err(PolicyRefusal::ClassLimit { class: labels.class, limit }.into())
        }
        _ => Ok(()),
    }
}
