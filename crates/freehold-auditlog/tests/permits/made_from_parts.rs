//! A receipt has private fields.

use freehold_auditlog::{EntryKind, Receipt};
use freehold_types::RecordId;

fn main() {
    let id = RecordId::new(0, [0; 10]);
    let _ = Receipt { record: id, sequence: 0, kind: EntryKind::Outcome };
}
