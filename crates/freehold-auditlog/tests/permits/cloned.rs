//! One durable entry, one receipt.

use freehold_auditlog::Receipt;

fn twice(receipt: &Receipt) -> Receipt {
    receipt.clone()
}

fn main() {
    let _ = twice;
}
