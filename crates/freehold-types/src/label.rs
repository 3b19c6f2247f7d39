//! Labels: how sensitive data are, and what a backend promises about where they go.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// How sensitive the data of a request are, from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataClass {
    /// Published, or fit to be.
    Public,
    /// For members of the organisation.
    Internal,
    /// For those who need it; harm if it leaks.
    Confidential,
    /// Law or contract forbids it to leave the boundary.
    Restricted,
}

/// What the controls know about one request's data.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Labels {
    /// The most sensitive class in the request.
    pub class: DataClass,
}

/// A region, lower-case ISO 3166-1 alpha-2 or a name the operator chose (`eu`, `on-premises`).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Region(pub String);

/// Where a backend keeps and computes data.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Residency {
    /// This machine; nothing crosses a network.
    Machine,
    /// The operator's own network.
    Premises,
    /// A region that the operator named.
    Region(Region),
    /// Not declared, hence treated as anywhere.
    Unknown,
}

/// Who else's data a backend handles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tenancy {
    /// Ours alone.
    Single,
    /// Shared with other customers.
    Shared,
    /// Not declared, hence treated as shared.
    Unknown,
}

/// The text is not one of a label's names.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not one of: public, internal, confidential, restricted")]
pub struct ParseLabelError(pub String);

impl fmt::Display for DataClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Confidential => "confidential",
            Self::Restricted => "restricted",
        })
    }
}

impl FromStr for DataClass {
    type Err = ParseLabelError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        [Self::Public, Self::Internal, Self::Confidential, Self::Restricted]
            .into_iter()
            .find(|class| class.to_string() == text)
            .ok_or_else(|| ParseLabelError(text.to_owned()))
    }
}
