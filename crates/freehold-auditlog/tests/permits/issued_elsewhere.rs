//! A receipt has no public constructor.

use freehold_auditlog::{EntryKind, Receipt};
use freehold_types::RecordId;

fn main() {
    let id = RecordId::new(0, [0; 10]);
    let _ = Receipt::issue(id, 0, EntryKind::Outcome);
}
