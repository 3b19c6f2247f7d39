//! One answer about a file or folder: the scan of every file, and the terms of every model in it.

use freehold_artifact::finding::Verdict;
use freehold_terms::Assessment;

use crate::ScannedFile;

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
}
