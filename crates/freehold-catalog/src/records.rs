//! The files: one shape for all of them, of which each fills what it is about.

use serde::{Deserialize, Serialize};

use crate::{
    Benchmark, Hardware, HostedPrice, Licence, Model, PurchasePrice, Quantisation, RentalPrice,
    Source, SourceId, Task,
};

/// What a file of the catalogue, or an overlay, holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Records {
    /// The version of the shape: 1.
    pub schema: u32,
    /// Where facts were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Licences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licences: Vec<Licence>,
    /// Models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub models: Vec<Model>,
    /// Forms of weights.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quantisations: Vec<Quantisation>,
    /// Accelerators and processors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hardware: Vec<Hardware>,
    /// Prices of hosted models.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosted: Vec<HostedPrice>,
    /// Prices of rented hardware.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rental: Vec<RentalPrice>,
    /// Prices of bought hardware.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub purchase: Vec<PurchasePrice>,
    /// Benchmarks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub benchmarks: Vec<Benchmark>,
    /// Task classes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<Task>,
}

/// Why a file is no part of a catalogue.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// It is not JSON of the right shape.
    #[error("{file} cannot be read as catalogue data")]
    Shape {
        /// Which file.
        file: String,
        /// Where and what.
        #[source]
        source: serde_json::Error,
    },
    /// It has another version of the shape.
    #[error("{file} has `schema` {found}; this program reads 1")]
    Version {
        /// Which file.
        file: String,
        /// Its version.
        found: u32,
    },
    /// It says the same thing twice, or something that another file says.
    #[error("{file}: {kind} `{id}` is there already")]
    Duplicate {
        /// Which file.
        file: String,
        /// What kind of thing.
        kind: &'static str,
        /// Its name.
        id: String,
    },
    /// An overlay's fact rests on a source that the overlay does not declare.
    #[error(
        "{file}: a fact of `{record}` names source `{source_id}`, which this file does not declare"
    )]
    ForeignSource {
        /// Which file.
        file: String,
        /// The record that has the fact.
        record: String,
        /// The source.
        source_id: SourceId,
    },
}

impl Records {
    /// Parses one file.
    ///
    /// # Errors
    /// [`CatalogError`] where the text is not JSON of this shape and version. Unknown fields are
    /// errors, so that a misspelt fact is not lost in silence.
    pub fn parse(file: &str, text: &str) -> Result<Self, CatalogError> {
        let records: Self = serde_json::from_str(text)
            .map_err(|source| CatalogError::Shape { file: file.to_owned(), source })?;
        match records.schema {
            1 => Ok(records),
            found => Err(CatalogError::Version { file: file.to_owned(), found }),
        }
    }
}
