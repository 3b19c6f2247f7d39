//! The operator's one file, `freehold.toml`, and the only reader of environment variables.
//!
//! [`Config::load`] puts together, for each setting, the flag, else the environment variable, else
//! the file, else the default, and keeps where the value came from. A file that does not hold gives
//! all its problems at once, each with its line and a caret.

mod adopter;
mod choices;
mod config;
mod digest;
mod environment;
mod key;
mod mask;
mod origin;
mod problem;
mod reader;
mod sections;
mod tables;
mod vet;

#[cfg(test)]
mod tests;

pub use choices::{ChoiceKeys, ChoicesError, ChosenFile};
pub use config::{Config, Sources};
pub use environment::Environment;
pub use origin::{Origin, Setting};
pub use problem::{ConfigError, Place, Problem, ProblemKind};
pub use reader::nearest;
pub use sections::{
    CatalogSettings, ConsoleSettings, DataSettings, EngineSettings, GatewaySettings, LogSettings,
};
pub use tables::{BackendModel, BackendSettings, LoraSettings, ModelSettings, Secret};
pub use vet::{AcceptSettings, VetSettings};
