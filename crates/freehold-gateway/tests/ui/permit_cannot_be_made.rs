//! Permits cannot be made from parts.

use freehold_policy::{BackendId, EgressPermit};
use freehold_types::RecordId;

fn make(record: RecordId) -> EgressPermit {
    EgressPermit { record, backend: BackendId(String::new()) }
}

fn main() {}
