//! A receipt cannot be copied.

use freehold_auditlog::Receipt;

fn copy(receipt: &Receipt) -> Receipt {
    receipt.clone()
}

fn main() {}
