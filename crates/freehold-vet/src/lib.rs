//! Decides what may be loaded; the only maker of an [`Admission`].
//!
//! Today's control is admission by digest and format: every file of a model is known by its
//! SHA-256, is a plain file inside the model's folder, and its bytes are what they claim to be.
//! Nothing that could run code when it is loaded is admitted. [`scan`] reads any file by its content
//! and says what it would do.

mod admission;
mod content;
mod coverage;
mod error;
mod report;
mod scan;
mod walk;

pub use admission::{Admission, AdmittedFile, Format, OpenFile, admit};
pub use content::Content;
pub use coverage::{Coverage, CoverageError, Obstacle, coverage};
pub use error::{Lack, VetError};
pub use freehold_artifact::{
    finding::{Finding, Severity, Verdict},
    rules::{self, Rule},
};
pub use report::{Asked, Report, report};
pub use scan::{ScanError, ScannedFile, scan};
