//! The arguments of `freehold vet`.

use std::path::PathBuf;

use clap::Args;

/// `freehold vet`.
#[derive(Debug, Args)]
pub(crate) struct Vet {
    /// A file or a folder
    #[arg(required_unless_present = "explain")]
    pub path: Option<PathBuf>,
    /// List clean files, too
    #[arg(long, conflicts_with_all = ["json", "sarif"])]
    pub all: bool,
    /// Say what a rule means, why it matters and what to do
    #[arg(long, value_name = "RULE", conflicts_with_all = ["path", "all", "sarif"])]
    pub explain: Option<String>,
    /// Print SARIF 2.1.0, as code scanners exchange it
    #[arg(long, conflicts_with = "json")]
    pub sarif: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub(super) const JSON: &str = "\
Exit code 0 if every file is clean, 1 if one is not, 2 if there was nothing to read.

JSON: one object with `path`, `verdict` (the worst of all files: clean, unread, suspicious, malicious), \
and `files`; a file has `path`, `verdict`, `digest` (SHA-256, null where it could not be read), `bytes` \
and `findings`; a finding has `rule`, `severity` (note, unread, suspicious, malicious), `place` (the \
file, then `!` and each archive member on the way), `offset` (bytes, in the innermost member), `what`, \
`title`, `why`, `way_out`. With `--explain`: `rule`, `severity`, `title`, `why`, `way_out`.";
