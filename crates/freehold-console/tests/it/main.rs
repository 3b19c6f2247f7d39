//! The console from outside: a real listener, a real gateway and log, a scripted engine.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests fail by panicking")]

mod catalogue;
mod deciding;
mod explorer;
mod pages;
mod playground;
mod sign_in;
mod support;
