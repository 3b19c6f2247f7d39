//! What is known about open models, their licences, hardware and prices: facts with source and date.
//!
//! The facts are files in `data/`, compiled in and parsed once. A fact names its source and the day
//! on which it was read there; one that nobody was found to state is absent, which is shown as *not
//! confirmed* and never guessed. An operator's overlay adds and replaces facts with sources of its own.

mod catalog;
mod check;
mod cite;
mod data;
mod date;
mod fact;
mod facts;
mod geometry;
mod hardware;
mod languages;
mod licence;
mod memory;
mod merge;
mod model;
mod price;
mod records;
pub mod regions;
mod search;
mod sheet;
mod task;
pub mod words;

pub use catalog::Catalog;
pub use check::{Finding, Rule, Severity};
pub use cite::{Cited, CitedSource};
pub use date::{Date, ParseDateError};
pub use fact::{Fact, FactKind, Provenance, Source, SourceId, SourceKind, Sourced};
pub use facts::{Facts, Place};
pub use geometry::{Experts, Geometry, KvGroup, KvPrecision};
pub use hardware::{
    Compute, Covers, Hardware, HardwareId, HardwareKind, Quantisation, QuantisationId,
};
pub use licence::{
    Consequence, DataOpenness, Effect, Licence, LicenceCategory, LicenceId, Scope, Span, Term,
};
pub use memory::{Footprint, Unknown};
pub use model::{
    BaseModel, Capability, Languages, Layers, Modality, Model, ModelId, Published, Purpose,
    Relation, Score,
};
pub use price::{Commitment, HostedClass, HostedPrice, LongerPrice, PurchasePrice, RentalPrice};
pub use records::{CatalogError, Records};
pub use search::{
    Adopter, Candidate, Constraints, Machine, MachineMemory, Outcome, Reason, SearchError,
    Selection,
};
pub use sheet::{Comparison, Entry, Row, Sheet};
pub use task::{Benchmark, Evidence, HowWell, Needs, Standing, Standpoint, Task, TaskId};
