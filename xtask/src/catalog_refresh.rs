//! `cargo xtask catalog-refresh`: the catalogue's data against newer copies of where they are from.

use std::process::Command;

use crate::command;
use crate::failure::Done;

/// Hands every argument to the catalogue's own example, which knows its data.
pub fn run(rest: &[String]) -> Done {
    let mut refresh = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    refresh.args(["run", "--quiet", "--package", "freehold-catalog", "--example", "refresh", "--"]);
    command::run(refresh.args(rest))
}
