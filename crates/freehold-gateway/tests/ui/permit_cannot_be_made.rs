//! Permits cannot be made from parts or copied.

use freehold_auditlog::Receipt;
use freehold_policy::{BackendId, EgressPermit};
use freehold_types::RecordId;

fn make(record: RecordId) -> EgressPermit {
    EgressPermit { record, backend: BackendId(String::new()) }
}

fn copy(receipt: &Receipt) -> Receipt {
    receipt.clone()
}

fn main() {}
