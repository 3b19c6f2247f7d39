//! One answer about a file or folder: the scan of every file, and the terms of every model in it.

mod folders;
mod package;

use std::path::Path;

use freehold_artifact::finding::Verdict;
use freehold_catalog::{Catalog, Date};
use freehold_terms::{Adopter, Assessment, Gravity, MayShip, assess};

use crate::{ScanError, ScannedFile, scan};

/// What `freehold vet` says of a file or a folder.
#[derive(Debug)]
pub struct Report {
    /// What was vetted, as it was named.
    pub path: String,
    /// The worst of all files. Terms have no part in it.
    pub verdict: Verdict,
    /// Every file.
    pub files: Vec<ScannedFile>,
    /// Every model among them, by its folder. None where there are no weights.
    pub models: Vec<Assessment>,
    /// Whether it was asked for somebody: then what is not confirmed is no yes.
    pub asked: bool,
}

/// What a report is made with.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What is known of models and licences.
    pub catalog: &'a Catalog,
    /// Who wants to ship the models.
    pub adopter: &'a Adopter,
    /// The day.
    pub today: Date,
}

/// Scans the file or folder at `path` and assesses each model in it. `progress` is told of each file
/// that is done: how many are, and of how many; it may be called from several threads.
///
/// # Errors
/// [`ScanError`]: the path itself cannot be read.
pub fn report(
    path: &Path,
    asked: Asked<'_>,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Result<Report, ScanError> {
    Ok(of_scanned(path, scan(path, progress)?, asked))
}

/// The same for files that were just scanned there.
pub fn of_scanned(path: &Path, files: Vec<ScannedFile>, asked: Asked<'_>) -> Report {
    let verdict = files.iter().map(|file| file.verdict).max().unwrap_or(Verdict::Unread);
    let folders = folders::folders(path, &files);
    let models = assess(&folders, asked.catalog, asked.adopter, asked.today);
    let asked = *asked.adopter != Adopter::default();
    Report { path: path.display().to_string(), verdict, files, models, asked }
}

impl Report {
    /// Whether nothing was found: every file clean, no term that stands against the adopter, nothing in
    /// the terms that must be settled first, and, where facts of an adopter were given, the answer to
    /// whether it may ship is confirmed.
    pub fn is_clean(&self) -> bool {
        let settled = |model: &Assessment| {
            model.shipping.may_ship != MayShip::No
                && !(self.asked && model.shipping.may_ship == MayShip::NotConfirmed)
                && model.findings.iter().all(|finding| finding.rule.gravity == Gravity::Note)
        };
        self.verdict == Verdict::Clean && self.models.iter().all(settled)
    }
}

#[cfg(test)]
mod tests;
