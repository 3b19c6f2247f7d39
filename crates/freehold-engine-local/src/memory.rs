//! Whether a model fits, asked before it is loaded: a worker killed for memory says nothing. And
//! how much its worker may take at most, so that a worker gone astray takes no more.

use std::fs::{self, File};

use crate::{LocalOptions, StartError, source::Prepared, worker::room::MOST_BLANKS};
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

/// Bytes of memory that the worker may write to, at most. More than it ever needs: llama.cpp keeps
/// a second copy of weights that it lays out anew, and a pass is counted as if nothing in it were
/// used twice.
pub(crate) fn limit(
    prepared: &Prepared,
    adapters: &[File],
    options: &LocalOptions,
    batch: u32,
) -> u64 {
    let context = context(prepared, options);
    let (texts, batch) = match prepared.kind {
        ModelKind::Embedding => (1, context),
        ModelKind::Chat => (u64::from(options.parallel.max(1)), u64::from(batch)),
    };
    let kept = context.saturating_mul(texts).saturating_mul(prepared.bytes_per_token);
    let shape = prepared.shape;
    let each = [
        shape.vocabulary.saturating_mul(2),
        shape.heads.saturating_mul(context).saturating_mul(3),
        shape.widest.saturating_mul(16),
    ];
    let numbers = each.into_iter().fold(0, u64::saturating_add);
    let pass = batch.saturating_mul(numbers).saturating_mul(size_of::<f32>() as u64);
    let adapters = adapters.iter().filter_map(|file| file.metadata().ok());
    let adapters: u64 = adapters.map(|metadata| metadata.len()).sum();
    let text = context.saturating_mul(shape.longest_token).saturating_mul(2);
    let text = text.saturating_add(MOST_BLANKS as u64).saturating_mul(PER_BYTE_OF_TEXT);
    let stacks = u64::from(options.threads(prepared.bytes)).saturating_mul(STACK);
    let parts = [prepared.bytes, adapters.saturating_mul(2), kept, pass, text, stacks, MARGIN];
    parts.into_iter().fold(0, u64::saturating_add)
}

/// Weights, keys and values of all sequences, and working space.
fn needed(prepared: &Prepared, options: &LocalOptions) -> u64 {
    let parallel = if prepared.kind == ModelKind::Embedding { 0 } else { options.parallel };
    let tokens = context(prepared, options).saturating_mul(u64::from(parallel));
    let kept = tokens.saturating_mul(prepared.bytes_per_token);
    prepared.bytes.saturating_add(kept).saturating_add(WORKING_SPACE)
}

/// Tokens of context for each text.
fn context(prepared: &Prepared, options: &LocalOptions) -> u64 {
    u64::from(match (options.context, prepared.trained_context) {
        (0, trained) => trained,
        (wanted, 0) => wanted,
        (wanted, trained) => wanted.min(trained),
    })
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
/// The program, schemas, and what allocation wastes.
const MARGIN: u64 = 512 << 20;
/// What cutting a text into tokens takes for each of its bytes; measured: up to 182.
const PER_BYTE_OF_TEXT: u64 = 256;
/// Of a thread that computes, as systems set it, twice.
const STACK: u64 = 16 << 20;

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
