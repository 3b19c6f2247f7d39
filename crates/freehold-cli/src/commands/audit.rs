//! `freehold audit`: read and check the record, with or without a running Freehold.

mod entry;
mod error;
mod export;
pub(crate) mod open;
mod show;
mod tail;
mod verify;

use freehold_config::Environment;

pub(crate) use self::error::AuditError;

use crate::{
    arguments::{self, AuditVerb},
    failure::{Answer, Failure},
    place::Directory,
};

/// Runs one of the audit verbs.
pub(crate) fn run(arguments: &arguments::Audit) -> Result<Answer, Failure> {
    let directory = Directory::named(arguments.dir.as_deref(), &Environment::of_process());
    match &arguments.verb {
        AuditVerb::Tail { count, json } => tail::run(&directory, *count, *json),
        AuditVerb::Show { id, json } => show::run(&directory, *id, *json),
        AuditVerb::Verify(arguments) => verify::run(&directory, arguments),
        AuditVerb::Export { out, json } => export::run(&directory, out, *json),
    }
}
