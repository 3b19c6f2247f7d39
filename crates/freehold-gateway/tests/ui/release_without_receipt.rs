//! An answer cannot be released without the receipt of its record.

use freehold_gateway::release::{Cleared, Released, open, whole};

fn release(answer: Cleared) -> Released {
    whole(answer).unwrap()
}

fn stream() {
    let _ = open();
}

fn main() {}
