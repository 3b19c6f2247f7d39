//! What the engine said, tool calls included, cannot be released as it is, nor cleared without
//! permits.

use freehold_auditlog::Receipt;
use freehold_gateway::release::{Cleared, Gate, Held, whole};

fn release(receipt: Receipt, answer: Held) {
    let _ = whole(receipt, answer);
}

fn clear(gate: &mut Gate, answer: Held) -> Cleared {
    gate.clear(answer).unwrap()
}

fn main() {}
