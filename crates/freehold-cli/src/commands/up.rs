//! `freehold up`: makes what is missing, starts worker, gateway and console, and says where they are.

mod announce;
pub(crate) mod control;
mod engines;
mod error;
pub(crate) mod house;
mod in_force;
pub(crate) mod installation;
pub(crate) mod models;
mod offer;
mod serve;
mod standing;

use std::borrow::Cow;

use freehold_auditlog::EventKind;
use freehold_catalog::Catalog;
use freehold_config::{Config, Environment};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;

pub(crate) use self::{error::UpError, serve::part};
use self::{installation::Installation, serve::Parts};
use super::catalog;
use crate::{
    arguments,
    failure::{Answer, Failure},
    logging,
    place::{Directory, load_config},
};

/// Runs until it is told to stop.
pub(crate) fn run(arguments: &arguments::Up) -> Result<Answer, Failure> {
    let environment = Environment::of_process();
    logging::to_stderr(&environment, arguments.json);
    raise_open_files();
    let directory = Directory::named(arguments.place.dir.as_deref(), &environment);
    let flags = [
        ("gateway.listen", "--listen", &arguments.listen),
        ("console.listen", "--console", &arguments.console),
    ];
    let flags = flags
        .into_iter()
        .filter_map(|(key, flag, value)| Some((key, flag, value.clone()?)))
        .collect();
    let config = load_config(&arguments.place, &directory, environment, flags)?;
    let catalog = catalog::with_overlay(&directory, config.catalog.overlay.clone())?;
    installation::free(&directory)?;
    // The addresses before anything is made or read for ports that are not to be had.
    let listeners = serve::Listeners::bind(&config)?;
    let mut installation = Installation::take(directory, &config.log, arguments.new_store)?;
    let ended = start(&mut installation, &config, listeners, catalog, arguments);
    // Whatever ended it, the log says so, and closes with a signed checkpoint.
    let failure = ended.as_ref().err().map(ToString::to_string);
    let recorded = installation.record(EventKind::Stopped, json!({ "failure": failure }));
    installation.log.close();
    ended?;
    recorded?;
    Ok(Answer::Clean)
}

fn start(
    installation: &mut Installation,
    config: &Config,
    listeners: serve::Listeners,
    catalog: Cow<'static, Catalog>,
    arguments: &arguments::Up,
) -> Result<(), UpError> {
    installation.record(
        EventKind::Started,
        json!({ "version": env!("CARGO_PKG_VERSION"), "pid": std::process::id() }),
    )?;
    let file = config.file.as_ref().map(|file| file.display().to_string());
    installation
        .record(EventKind::ConfigLoaded, json!({ "digest": config.digest(), "file": file }))?;
    let admitted =
        models::admit_all(installation, config, &arguments.model, &arguments.place.flags())?;
    let models = announce::names(&admitted);
    // Blocks while models are converted and loaded, so it comes before there is any async code.
    let engines = engines::start(installation, config, admitted)?;
    let parts = Parts { listeners, engines, models, catalog, arguments };
    serve::run(installation, config, parts)
}

/// Connections need descriptors; the soft limit is often 1,024 for old programs' sake.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files could not be raised");
    }
}
