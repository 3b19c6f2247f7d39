//! Paper against practice: what an installation enforces and has recorded, beside what was said.
//!
//! What may be (where data may go, who is called at night) is said by people and only compared; what
//! is (controls in force, tokens) is measured and takes the place of what was said.

mod compare;
mod record;
mod shown;

use std::path::PathBuf;

use freehold_auditlog::{Known, VerifyError, verify};
use freehold_config::Environment;
use freehold_fit::Profile;
use freehold_store::{KeyRecord, Store};
use serde::Serialize;

use self::record::Record;
use super::error::FitError;
use crate::{
    arguments,
    commands::{
        audit::{AuditError, open},
        doctor::{self, Check},
    },
    place::{Directory, load_config},
    render,
};

/// What was measured, and how it stands to what was said.
#[derive(Debug, Serialize)]
pub(super) struct Measured {
    /// The data directory.
    directory: PathBuf,
    /// The answers with what was measured in place of what was said.
    #[serde(skip)]
    pub profile: Profile,
    /// What the record holds.
    record: Record,
    /// Each question of which something was measured.
    comparisons: Vec<Comparison>,
    /// What confines a worker on this machine, as `freehold doctor` measures it.
    permits: Vec<Check>,
}

/// One question: what was said, and what was measured.
#[derive(Debug, Serialize)]
struct Comparison {
    /// The question.
    question: &'static str,
    /// What was said; none for "don't know".
    said: Option<&'static str>,
    /// What was measured; none where that says which answers do not hold, but not which does.
    measured: Option<&'static str>,
    /// How the two stand to each other.
    verdict: Verdict,
    /// What was seen.
    because: String,
}

/// How what was said stands to what was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Verdict {
    /// Practice is as was said.
    Same,
    /// It is not.
    Differs,
    /// Nothing was said, and now it is known.
    Found,
    /// Nothing could be measured.
    NotMeasured,
}

/// Measures an installation, and compares.
pub(super) fn measure(
    place: &arguments::Place,
    environment: &Environment,
    said: &Profile,
) -> Result<Measured, FitError> {
    let directory = Directory::named(place.dir.as_deref(), environment);
    let folder = open::folder(&directory)?;
    let config = load_config(place, &directory, environment.clone(), Vec::new())?;
    let findings = match verify(&folder, &Known::default()) {
        Ok(_) => Vec::new(),
        // What cannot be read is neither right nor wrong.
        Err(VerifyError::Io { path, source }) => {
            return Err(AuditError::File { path, source }.into());
        }
        Err(finding) => vec![render::chain(&finding)],
    };
    let record = record::read(&open::sealed(&directory)?, findings)?;
    let keys = keys(&directory)?;
    let comparisons = compare::compare(said, &record, &keys, &config.backends);
    let profile = compare::replaced(said, &comparisons);
    let permits = doctor::jail(environment);
    Ok(Measured { directory: directory.path().to_owned(), profile, record, comparisons, permits })
}

/// The API keys that are valid. An auditor's copy of a log may come without.
fn keys(directory: &Directory) -> Result<Vec<KeyRecord>, AuditError> {
    if !directory.missing_keys().is_empty() {
        return Ok(Vec::new());
    }
    let path = directory.store();
    let failed = |source| AuditError::Keys { path: path.clone(), source };
    let keys = Store::open(&path).map_err(failed)?.list_keys().map_err(failed)?;
    Ok(keys.into_iter().filter(|key| key.revoked.is_none()).collect())
}
