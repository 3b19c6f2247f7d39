//! The arguments of `freehold vet PATH --admit`.

use clap::Args;
use freehold_catalog::Date;

/// Who signs a model off, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Admission")]
pub(crate) struct Admit {
    /// Sign the model off: these exact bytes may be loaded from now on. The audit log records it
    #[arg(long, requires = "by", conflicts_with_all = ["sarif", "explain"])]
    pub admit: bool,
    /// Who signs it off
    #[arg(long, value_name = "NAME", requires = "admit")]
    pub by: Option<String>,
    /// In which role
    #[arg(long, requires = "admit")]
    pub role: Option<String>,
    /// Who else looked at the findings that are accepted
    #[arg(long, value_name = "NAME", requires = "admit")]
    pub second: Option<String>,
    /// The last day of the admission [default: `reverify_days` of [vet] from today]
    #[arg(long, value_name = "DATE", requires = "admit")]
    pub until: Option<Date>,
    /// Accept the findings of a rule, and say why. Can be repeated
    #[arg(long, value_name = "RULE=REASON", requires = "admit", value_parser = acceptance)]
    pub accept: Vec<(String, String)>,
    /// What the model is called in the inventory [default: the last part of its path]
    #[arg(long = "as", value_name = "NAME", requires = "admit")]
    pub name: Option<String>,
}

fn acceptance(text: &str) -> Result<(String, String), String> {
    let split = text.split_once('=').map(|(rule, reason)| (rule.trim(), reason.trim()));
    match split {
        Some((rule, reason)) if !rule.is_empty() && !reason.is_empty() => {
            Ok((rule.to_owned(), reason.to_owned()))
        }
        _ => {
            Err("expected a rule, `=` and a reason, as `pickle/global=\"our own class\"`"
                .to_owned())
        }
    }
}
