//! Who wants to ship the model, as far as licences ask.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

/// Who wants to ship the model. What is not given is asked for where a term depends on it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Adopter {
    /// Where: an ISO 3166-1 alpha-2 code, `EU` or `EEA`.
    pub region: Option<String>,
    /// Monthly active users of all its products.
    pub users_per_month: Option<u64>,
    /// Yearly revenue in United States dollars.
    pub revenue_usd: Option<u64>,
    /// The licence of the product that the model goes into: an SPDX identifier, or `proprietary`.
    pub product_licence: Option<String>,
    /// What for; nothing where that is not said.
    pub purposes: Option<BTreeSet<Purpose>>,
}

/// Whether the text can be a product's licence: one that is known here, or `proprietary`.
pub fn is_product_licence(text: &str) -> bool {
    text.eq_ignore_ascii_case("proprietary") || !freehold_license::identify(text).is_empty()
}

/// What a model is to be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// Inside the organisation, for its business.
    Internal,
    /// In a product or service that earns money.
    Commercial,
    /// Offered to others over a network.
    Service,
    /// Its files are passed on, also inside a product.
    Redistribute,
    /// Research that earns no money.
    Research,
    /// At home, that earns no money.
    Personal,
    /// Its outputs train other models.
    TrainModels,
}

impl Purpose {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Internal,
        Self::Commercial,
        Self::Service,
        Self::Redistribute,
        Self::Research,
        Self::Personal,
        Self::TrainModels,
    ];

    /// The name by which flags and files call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Internal => "internal",
            Self::Commercial => "commercial",
            Self::Service => "service",
            Self::Redistribute => "redistribute",
            Self::Research => "research",
            Self::Personal => "personal",
            Self::TrainModels => "train-models",
        }
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
