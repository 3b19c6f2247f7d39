//! Licences of weights and code, and what of their terms an adopter has to watch.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Date, Fact, SourceId};

/// The name of a licence in the catalogue: the SPDX identifier where there is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LicenceId(pub String);

/// A licence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Its name in the catalogue.
    pub id: LicenceId,
    /// Its own title.
    pub name: String,
    /// Which of the three categories it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Fact<LicenceCategory>>,
    /// Its SPDX identifier, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spdx: Option<String>,
    /// Where its text is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// What to watch. An empty list says that nothing was found to watch, only if
    /// [`Licence::read`] says that the text was read.
    #[serde(default)]
    pub watch: Vec<Term>,
    /// That the whole text was read for its terms, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read: Option<Fact<bool>>,
}

/// The three categories of weights licences; *not confirmed* is their absence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceCategory {
    /// Approved by the Open Source Initiative.
    Osi,
    /// Open weights under terms of their own.
    Custom,
    /// Some freedom is withheld: use, change, or passing on.
    SourceAvailable,
}

/// One term, in our words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// What it does.
    pub effect: Effect,
    /// Where it stands in the text: a clause.
    pub clause: String,
    /// What it says, in our words.
    pub words: String,
    /// Who says so.
    pub source: SourceId,
    /// The day on which it was read there.
    pub seen: Date,
    /// Where in the source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// What a term does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Effect {
    /// The maker must be named where the model is used or passed on.
    Attribution,
    /// Models made with it or its outputs carry a name.
    Naming {
        /// What the name begins with or shows.
        prefix: String,
    },
    /// A copy of the licence or a notice goes along.
    Notice,
    /// Something happens above a number of monthly users.
    UsersOver {
        /// Monthly active users of the adopter's products.
        monthly_users: u64,
        /// What happens then.
        then: Consequence,
    },
    /// Something happens above a revenue.
    RevenueOver {
        /// Revenue in United States dollars.
        usd: u64,
        /// Of which span.
        per: Span,
        /// What happens then.
        then: Consequence,
    },
    /// Rights are not granted in these regions.
    RegionsExcluded {
        /// Regions, as [`crate::regions`] names them: ISO 3166-1 alpha-2 codes, or `EU`, `EEA`.
        regions: Vec<String>,
        /// What of the model: everything, or only what takes other input than text.
        scope: Scope,
    },
    /// No commercial use.
    NonCommercial,
    /// Outputs may not train a competing model.
    NoCompetingTraining,
    /// Limits of use that must be passed on to whoever gets the model or a derivative.
    UseRestrictionsFlowDown,
    /// Limits of use that bind the adopter.
    UseRestrictions,
    /// Derivatives come under the same licence.
    ShareAlike,
    /// The maker may restrict use from afar or later.
    RemoteRestriction,
    /// Rights end on a condition other than a breach.
    Termination {
        /// On which.
        on: String,
    },
}

/// What a threshold brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Consequence {
    /// No rights without a licence asked for and granted.
    AskLicence,
    /// The model's name must be shown.
    ShowName,
    /// The rights end.
    RightsEnd,
}

/// The span over which revenue counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A month.
    Month,
    /// A year.
    Year,
}

/// To what of a model a term applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// All of it.
    Everything,
    /// Only models that take images, sound or video.
    Multimodal,
}

/// How open the data are that a model was trained on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataOpenness {
    /// They can be had.
    Published,
    /// They are described, and cannot be had.
    Described,
    /// The publisher says nothing of use about them.
    NotDeclared,
}

impl fmt::Display for LicenceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for LicenceCategory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Osi => "OSI open source",
            Self::Custom => "open-weight with a custom licence",
            Self::SourceAvailable => "source-available",
        })
    }
}

impl fmt::Display for DataOpenness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Published => "published",
            Self::Described => "described only",
            Self::NotDeclared => "not declared",
        })
    }
}
