//! Decides what may be loaded; the only maker of an [`Admission`].
//!
//! [`scan`] reads any file by its content and says what it would do. [`policy::decide`] says whether
//! somebody may sign a model off with what was found. The [`Inventory`] records who did, for exactly
//! which bytes, in the audit log first; and it alone gives the permit to load them, after it read
//! every byte again. Nothing that could run code when it is loaded gets one.

mod admission;
mod content;
mod coverage;
mod error;
mod inventory;
pub mod policy;
mod report;
mod scan;
mod walk;

pub use admission::{
    Admission, AdmittedFile, Format, OpenFile, RELEASE, identity, loadable, shipped,
};
pub use content::Content;
pub use coverage::{Coverage, CoverageError, Obstacle, coverage};
pub use error::{Lack, VetError};
pub use freehold_artifact::{
    finding::{Finding, Severity, Verdict},
    rules::{self, Rule},
};
pub use inventory::{
    Acceptance, Admitted, Inventory, InventoryError, Permitted, Revocation, SignOff, SignedFile,
    admitted,
};
pub use report::{Asked, Report, of_scanned, report};
pub use scan::{ScanError, ScannedFile, scan};
