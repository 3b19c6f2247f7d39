//! What confines a worker here: one is started with the smallest model that came with the program,
//! and says what it tried from inside.

use std::{fs, os::unix::fs::DirBuilderExt, path::Path};

use freehold_engine_local::{JailReport, LocalEngine, LocalModel, LocalOptions};
use freehold_policy::BackendId;
use freehold_types::Principal;
use freehold_vet::admit;
use tokio::runtime::Builder;

use super::{Check, State};
use crate::{
    commands::up::{self, house},
    failure::Hint,
    place::Directory,
    render,
};

/// Starts a worker, asks it, and ends it.
pub(crate) fn checks(directory: &Directory) -> Vec<Check> {
    // Beside the data directory's own cache, so that a running Freehold is not disturbed.
    let folder = std::env::temp_dir().join(format!("freehold-doctor-{}", std::process::id()));
    let probed = probe(&folder);
    let _best_effort = fs::remove_dir_all(&folder);
    match probed {
        Ok(report) => {
            let worker = "a worker was started and answered for itself".to_owned();
            let mut checks = vec![Check::new("jail", "worker", State::InForce, worker)];
            checks.extend(report.measures.into_iter().map(|measure| {
                let state = if measure.in_force { State::InForce } else { State::NotInForce };
                Check::new("jail", measure.name, state, measure.evidence)
                    .or("Linux 6.7 or newer with Landlock and seccomp, outside of containers that \
                         forbid them, has all of it")
            }));
            checks
        }
        Err(error) => {
            let mut check =
                Check::new("jail", "worker", State::NotInForce, render::chain(&error));
            check.way_out = error.hint();
            vec![check]
        }
    }
}
