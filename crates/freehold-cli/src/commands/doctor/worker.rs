//! What confines a worker here: one is started with a model that came with the program, and says
//! what it tried from inside.

use std::{
    fs::{self, DirBuilder},
    os::unix::fs::DirBuilderExt,
    path::Path,
};

use freehold_config::Environment;
use freehold_engine_local::{JailReport, LocalEngine, LocalModel, LocalOptions};
use freehold_policy::BackendId;
use freehold_vet::shipped;

use super::{Check, State};
use crate::{
    commands::up::{UpError, house, part},
    failure::Hint,
    render,
};

/// Starts a worker, asks it, and ends it.
pub(crate) fn checks(environment: &Environment) -> Vec<Check> {
    // Away from the data directory, so that a running Freehold is not disturbed.
    let name = format!("freehold-doctor-{}", std::process::id());
    let folder = environment.temporary_directory().join(name);
    let probed = probe(&folder);
    // What is left there is no secret, and the system's own cleaning takes it.
    let _best_effort = fs::remove_dir_all(&folder);
    match probed {
        Ok(report) => {
            let why = "one was started with a built-in model and answered for itself".to_owned();
            let mut checks = vec![Check::new("jail", "worker", State::InForce, why)];
            checks.extend(report.measures.into_iter().map(|measure| {
                let state = if measure.in_force { State::InForce } else { State::NotInForce };
                Check::new("jail", measure.name, state, measure.evidence).or(WAY_OUT)
            }));
            checks
        }
        Err(error) => {
            let mut check = Check::new("jail", "worker", State::NotInForce, render::chain(&error));
            check.way_out = error.hint();
            vec![check]
        }
    }
}

fn probe(folder: &Path) -> Result<JailReport, UpError> {
    let failed = |source| UpError::Write { path: folder.to_owned(), source };
    DirBuilder::new().mode(0o700).create(folder).map_err(failed)?;
    // The last one is the smallest.
    let Some(model) = house::MODELS.last() else { return Ok(JailReport::default()) };
    let path = house::unpack(model, folder)?;
    let name = model.name.to_owned();
    let admission = shipped(&path).map_err(|source| UpError::Refused {
        name: name.clone(),
        command: String::new(),
        source: Box::new(source),
    })?;
    let program = std::env::current_exe().map_err(part("program's own path"))?;
    let mut options = LocalOptions::new(program, folder.join("cache"));
    (options.context, options.parallel) = (64, 1);
    let id = BackendId("doctor".to_owned());
    let engine = LocalEngine::start(id, vec![LocalModel::new(name, admission)], &options)?;
    Ok(engine.status().into_iter().next().map(|worker| worker.jail).unwrap_or_default())
}

const WAY_OUT: &str = "all measures need Linux 6.7 or newer with Landlock and seccomp, outside of \
                       containers that forbid them";
