//! An approval written by hand, without the policy's yes.
use freehold_vet::{SignOff, policy::Approved};

fn approve(sign_off: SignOff) -> Approved {
    Approved { sign_off }
}

fn main() {
    let _ = approve;
}
