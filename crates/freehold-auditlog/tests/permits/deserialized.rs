//! A receipt does not come from outside.

use freehold_auditlog::Receipt;

fn main() {
    let _: Receipt = serde_json::from_str("{}").unwrap();
}
