//! One receipt releases one answer.

use freehold_auditlog::Receipt;
use freehold_gateway::release::{Cleared, whole};

fn release(receipt: Receipt, first: Cleared, second: Cleared) {
    let _ = whole(receipt, first);
    let _ = whole(receipt, second);
}

fn main() {}
