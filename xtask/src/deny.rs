//! `cargo xtask deny`: cargo-deny over deny.toml, where somebody has installed it.

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;

/// Runs `cargo deny check` with the words given, or all its checks.
pub fn run(rest: &[String]) -> Done {
    if command::find("cargo-deny").is_none() {
        return Err(Failure::unable(
            "cargo-deny is not installed: `cargo install --locked cargo-deny` does it (minutes). \
             `cargo xtask tidy` checks licences, sources and bans without it; advisories need it",
        ));
    }
    let mut deny = command::cargo();
    deny.args(["deny", "check"]).args(rest);
    command::run(deny.current_dir(layout::root())).map_err(|failure| Failure::no(failure.text))
}
