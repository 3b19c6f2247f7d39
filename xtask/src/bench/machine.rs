//! A figure means something beside the machine that it was measured on.

use std::fs;
use std::process::Command;

use crate::command;

/// One line: processor, cores, memory, system, compiler.
pub fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = field("/proc/meminfo", "MemTotal").and_then(|text| {
        let kilobytes: u64 = text.split_whitespace().next()?.parse().ok()?;
        Some(format!("{} GB", kilobytes.div_ceil(1_000_000)))
    });
    let system = command::output(Command::new("uname").args(["-s", "-r", "-m"]));
    let rust = command::version("rustc");
    let parts = [Some(format!("{processor}, {cores} cores")), memory, system, rust];
    let parts: Vec<String> =
        parts.into_iter().flatten().map(|part| part.trim().to_owned()).collect();
    format!("machine: {}", parts.join(" · "))
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    line.split_once(':').map(|(_, value)| value.trim().to_owned())
}
