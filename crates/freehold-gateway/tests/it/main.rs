//! The gateway from outside: requests in, responses and records out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod answers;
mod endings;
mod faults;
mod gated;
mod hanging;
mod limits;
mod listening;
mod many;
mod permits;
mod served;
mod support;
mod tools;
