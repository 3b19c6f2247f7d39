//! Freehold from outside: the program as people and scripts use it, in one test binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that fails is to say so at once; clippy knows only functions marked #[test]"
)]

mod adapters;
mod audit;
mod backends;
mod catalog;
mod clients;
mod config;
mod console;
mod crash;
mod doctor;
mod fit;
mod harness;
mod help;
mod house_model;
mod json;
mod keys;
mod offer;
mod plan;
mod pull;
mod refusals;
mod up;
mod vet;
