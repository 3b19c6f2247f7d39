//! Whether a model fits, asked before it is loaded: a worker killed for memory says nothing.

use std::fs;

use crate::{LocalOptions, StartError, source::Prepared};
use freehold_engine::ModelKind;

/// Refuses a model that does not fit into what is free.
pub(crate) fn check(
    model: &str,
    prepared: &Prepared,
    options: &LocalOptions,
) -> Result<(), StartError> {
    let needed = needed(prepared, options);
    match available() {
        Some(available) if available < needed => {
            Err(StartError::Memory { model: model.to_owned(), needed, available })
        }
        _ => Ok(()),
    }
}

/// Weights, keys and values of all sequences, and working space.
fn needed(prepared: &Prepared, options: &LocalOptions) -> u64 {
    let context = match (options.context, prepared.trained_context) {
        (0, trained) => trained,
        (wanted, 0) => wanted,
        (wanted, trained) => wanted.min(trained),
    };
    let parallel = if prepared.kind == ModelKind::Embedding { 0 } else { options.parallel };
    let tokens = u64::from(context) * u64::from(parallel);
    prepared.bytes + tokens.saturating_mul(prepared.bytes_per_token) + WORKING_SPACE
}

/// The least of what the machine and this process's control group have left; `None` if neither
/// tells.
fn available() -> Option<u64> {
    let machine = fs::read_to_string("/proc/meminfo").ok().and_then(|text| meminfo(&text));
    let read = |name: &str| fs::read_to_string(format!("/sys/fs/cgroup/{name}")).ok();
    let group = read("memory.max").zip(read("memory.current")).and_then(|(most, now)| {
        let (most, now): (u64, u64) = (most.trim().parse().ok()?, now.trim().parse().ok()?);
        // Pages of files count as used, and are given back when needed.
        let files = read("memory.stat").and_then(|text| stat(&text)).unwrap_or(0);
        Some(most.saturating_sub(now.saturating_sub(files)))
    });
    machine.into_iter().chain(group).min()
}

fn meminfo(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kib| kib << 10)
}

fn stat(text: &str) -> Option<u64> {
    text.lines().find_map(|line| line.strip_prefix("inactive_file "))?.trim().parse().ok()
}

/// llama.cpp's buffers for one pass, and the worker itself.
const WORKING_SPACE: u64 = 192 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_linux_writes() {
        let text = "MemTotal:       24000000 kB\nMemFree: 1 kB\nMemAvailable:   23000000 kB\n";
        assert_eq!(meminfo(text), Some(23_000_000 << 10));
        assert_eq!(meminfo("MemTotal: 1 kB"), None);
        assert_eq!(stat("anon 5\ninactive_file 4096\n"), Some(4096));
    }
}
