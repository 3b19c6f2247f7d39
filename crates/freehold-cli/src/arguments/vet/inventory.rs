//! The arguments of the verbs about models that were admitted.

use clap::Args;

/// `freehold vet list`.
#[derive(Debug, Args)]
pub(crate) struct List {
    /// Make the inventory anew from the audit log first
    #[arg(long)]
    pub rebuild: bool,
    /// Print one line of JSON for each model
    #[arg(long)]
    pub json: bool,
}

/// `freehold vet due`.
#[derive(Debug, Args)]
pub(crate) struct Due {
    /// Also those whose day comes within this time: `30d`, `6w`
    #[arg(long, value_name = "TIME", value_parser = days)]
    pub within: Option<u32>,
    /// Print one line of JSON for each model
    #[arg(long)]
    pub json: bool,
}

/// `freehold vet revoke`.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The model's name, or the digest of its files
    #[arg(value_name = "NAME|DIGEST")]
    pub model: String,
    /// Who revokes it
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// A number of days or weeks.
fn days(text: &str) -> Result<u32, String> {
    let (number, factor) = match (text.strip_suffix('d'), text.strip_suffix('w')) {
        (Some(number), _) => (number, 1),
        (_, Some(number)) => (number, 7),
        _ => (text, 1),
    };
    let days = number.parse::<u32>().ok().and_then(|number| number.checked_mul(factor));
    days.filter(|days| *days <= 36_500).ok_or_else(|| "expected days or weeks, as `30d`".to_owned())
}

pub(super) const LIST_JSON: &str = "\
JSON: one line a model, with `name`, `digest` (of all its files), `record` (of its admission), \
`admitted`, `signed_off_by`, `role`, `second`, `recorded_by` (as the operating system names them), \
`until` (a day; null for what comes with the program), `licence` and `category` (null: not confirmed), \
`terms` (what was seen of each model's: `weights`, `code`, `data`, `may_ship`, `conflicts`, `open`, \
`obligations`, `rules`, `reverify`), `format` (null where the embedded engine cannot load it), `path`, \
`bytes`, `count` (of files), `files`, `accepted` \
(`rule`, `severity`, `reason`, `files`), `policy` (digest), and `revoked` (null, or `at`, `by`, `reason`).";

pub(super) const DUE_JSON: &str = "\
Exit code 0 if nothing is due, 1 if something is, 2 if that could not be told.

JSON: one line a model, as `vet list` prints it.";

pub(super) const REVOKE_JSON: &str = "\
JSON: one object with `model` and `revoked` (the names of those that were admitted before).";
