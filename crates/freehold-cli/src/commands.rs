//! One file a verb.

mod audit;
mod catalog;
mod completions;
mod config;
mod console;
mod doctor;
mod fit;
mod key;
mod plan;
mod pull;
mod up;
mod vet;
mod worker;

use crate::{
    arguments::{Arguments, Verb},
    failure::{Answer, Failure},
};

/// Does what the command line says.
pub(crate) fn run(arguments: Arguments) -> Result<Answer, Failure> {
    match arguments.verb {
        Verb::Fit(arguments) => fit::run(&arguments),
        Verb::Plan(arguments) => plan::run(&arguments),
        Verb::Up(arguments) => up::run(&arguments),
        Verb::Audit(arguments) => audit::run(&arguments),
        Verb::Key(arguments) => key::run(&arguments),
        Verb::Config(arguments) => config::run(&arguments),
        Verb::Catalog(arguments) => catalog::run(&arguments),
        Verb::Vet(arguments) => vet::run(&arguments),
        Verb::Pull(arguments) => pull::run(&arguments),
        Verb::Console(arguments) => console::run(&arguments),
        Verb::Doctor(arguments) => doctor::run(&arguments),
        Verb::Completions { shell } => Ok(completions::run(shell)),
        Verb::Worker { .. } => Ok(worker::run()),
    }
}
