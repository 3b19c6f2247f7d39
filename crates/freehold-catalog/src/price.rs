//! What models and hardware cost, as published.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Date, Fact, HardwareId, ModelId};

/// What a provider asks for one model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HostedPrice {
    /// The provider, as in `anthropic`.
    pub provider: String,
    /// The provider's own name for the model.
    pub model: String,
    /// The model of this catalogue that it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open_model: Option<ModelId>,
    /// Where it stands among what can be bought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<Fact<HostedClass>>,
    /// The currency of all its amounts, as an ISO 4217 code.
    #[serde(default = "dollars")]
    pub currency: String,
    /// Per million input tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Fact<f64>>,
    /// Per million input tokens that a cache had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<Fact<f64>>,
    /// Per million input tokens written to a cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_write: Option<Fact<f64>>,
    /// Per million output tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Fact<f64>>,
    /// Other prices for longer requests, the lowest threshold first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub longer: Vec<LongerPrice>,
    /// The longest context, in tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<Fact<u64>>,
    /// Where the provider computes, as far as it says: regions as [`crate::regions`] names them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub regions: Option<Fact<Vec<String>>>,
    /// Since when it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Until when it holds, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// Under which conditions: batch, a time of day, a tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<String>,
}

/// Where a hosted model stands among what can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HostedClass {
    /// Its provider's strongest.
    Frontier,
    /// Its provider's balance of strength and price.
    Standard,
    /// Its provider's small and fast one.
    Small,
}

/// Prices of requests above a length.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongerPrice {
    /// For requests with more input tokens than this.
    pub above_tokens: u64,
    /// Per million input tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Fact<f64>>,
    /// Per million input tokens that a cache had.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<Fact<f64>>,
    /// Per million output tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Fact<f64>>,
}

/// What renting hardware costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RentalPrice {
    /// Which hardware.
    pub hardware: HardwareId,
    /// How many of it one unit of the offer has.
    pub count: u32,
    /// Who rents it out.
    pub provider: String,
    /// The provider's name for the offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<String>,
    /// How long one binds oneself.
    pub commitment: Commitment,
    /// The region, as [`crate::regions`] names it, where the price depends on it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// An ISO 4217 code.
    #[serde(default = "dollars")]
    pub currency: String,
    /// Per hour, for all of the unit.
    pub per_hour: Fact<f64>,
}

/// How long one binds oneself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Commitment {
    /// Can be taken away.
    Spot,
    /// By the hour.
    OnDemand,
    /// For a month.
    Month,
    /// For a year.
    OneYear,
    /// For three years.
    ThreeYears,
}

/// What buying hardware costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PurchasePrice {
    /// Which hardware.
    pub hardware: HardwareId,
    /// How many of it the price buys.
    pub count: u32,
    /// What is bought: a card, a server, a computer.
    pub what: String,
    /// An ISO 4217 code.
    #[serde(default = "dollars")]
    pub currency: String,
    /// The price of all of it.
    pub amount: Fact<f64>,
}

impl fmt::Display for Commitment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Spot => "spot",
            Self::OnDemand => "on demand",
            Self::Month => "one month",
            Self::OneYear => "one year",
            Self::ThreeYears => "three years",
        })
    }
}

fn dollars() -> String {
    "USD".to_owned()
}
