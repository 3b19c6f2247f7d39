//! What the system lets the program have: open files, memory, cores.

use freehold_config::Config;
use rustix::process::{Resource, getrlimit};

use super::{Check, State};
use crate::memory;

/// Looks at the limits, with what the configuration would need of them.
pub(crate) fn checks(config: &Config) -> Vec<Check> {
    vec![open_files(config), free_memory(), cores()]
}

fn open_files(config: &Config) -> Check {
    // Each connection of a client may need one to a backend.
    let needed = config.gateway.max_connections.saturating_mul(2).saturating_add(256);
    let limit = getrlimit(Resource::Nofile);
    // `up` raises the soft limit to the hard one by itself.
    let allowed = limit.maximum.unwrap_or(u64::MAX);
    let connections = config.gateway.max_connections;
    let why = format!("{allowed} allowed, {needed} needed for {connections} connections");
    let state = if allowed >= needed { State::InForce } else { State::Partly };
    Check::new("limits", "open files", state, why)
        .or("raise the hard limit (`ulimit -Hn`), or lower gateway.max_connections")
}

fn free_memory() -> Check {
    match memory::available() {
        Some(free) => {
            let gib = free as f64 / (1u64 << 30) as f64;
            let state = if free < 512 << 20 { State::Partly } else { State::InForce };
            Check::new("limits", "memory", state, format!("{gib:.1} GiB can be taken"))
                .or("the house model needs about 0.3 GiB; end other programs")
        }
        None => {
            let why = "the kernel does not tell how much can be taken".to_owned();
            Check::new("limits", "memory", State::Partly, why)
        }
    }
}

fn cores() -> Check {
    match std::thread::available_parallelism() {
        Ok(cores) => {
            Check::new("limits", "cores", State::InForce, format!("{cores} for this process"))
        }
        Err(error) => {
            Check::new("limits", "cores", State::Partly, format!("cannot be asked: {error}"))
        }
    }
}
