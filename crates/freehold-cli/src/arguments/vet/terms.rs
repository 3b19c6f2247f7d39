//! Who wants to ship a model, by flags.

use clap::Args;

/// Facts of the adopter; each goes over the one in `[adopter]` of freehold.toml.
#[derive(Debug, Default, Args)]
pub(crate) struct AdopterFacts {
    /// Where you are: two letters of ISO 3166-1, or EU, or EEA
    #[arg(long, value_name = "REGION", help_heading = "Who ships it")]
    pub region: Option<String>,
    /// Monthly active users of all your products
    #[arg(long, value_name = "NUMBER", help_heading = "Who ships it")]
    pub users: Option<String>,
    /// Your yearly revenue in United States dollars
    #[arg(long, value_name = "USD", help_heading = "Who ships it")]
    pub revenue: Option<String>,
    /// The licence of the product that the model goes into: an SPDX identifier, or proprietary
    #[arg(long, value_name = "LICENCE", help_heading = "Who ships it")]
    pub product_licence: Option<String>,
    /// What for, more than once or with commas: internal, commercial, service, redistribute,
    /// research, personal, train-models
    #[arg(long, value_name = "PURPOSE", value_delimiter = ',', help_heading = "Who ships it")]
    pub purpose: Vec<String>,
}

impl AdopterFacts {
    /// As the configuration takes flags: the setting, the flag, the value.
    pub(crate) fn settings(&self) -> Vec<(&'static str, &'static str, String)> {
        let purposes = (!self.purpose.is_empty()).then(|| self.purpose.join(","));
        let all = [
            ("adopter.region", "--region", self.region.clone()),
            ("adopter.users_per_month", "--users", self.users.clone()),
            ("adopter.revenue", "--revenue", self.revenue.clone()),
            ("adopter.product_licence", "--product-licence", self.product_licence.clone()),
            ("adopter.purposes", "--purpose", purposes),
        ];
        all.into_iter().filter_map(|(key, flag, value)| Some((key, flag, value?))).collect()
    }
}
