//! The check from outside: its laws on random profiles, against a judgement of our own that knows
//! nothing of how the crate reckons.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails is to say so at once; clippy knows only functions marked #[test]"
)]

mod brute;
mod draw;
mod flips;
mod laws;
mod report;
mod tables;
