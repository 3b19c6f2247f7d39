//! The program's own log lines, on standard error, without content of requests.

use std::io::{IsTerminal, stderr};

use freehold_config::Environment;
use tracing_subscriber::EnvFilter;

/// For someone who looks at a terminal only warnings, as plain text; for programs everything of
/// note, as JSON.
pub(crate) fn to_stderr(environment: &Environment, json: bool) {
    let person = stderr().is_terminal() && !json;
    let usual = if person { "warn" } else { "info" };
    let filter = EnvFilter::new(environment.log_filter().unwrap_or(usual));
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr);
    // Only the first call in a process can succeed, and this is the first.
    let _already_set =
        if person { lines.with_target(false).try_init() } else { lines.json().try_init() };
}
