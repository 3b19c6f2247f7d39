//! The arguments of `freehold vet`.

mod admit;
mod documents;
mod inventory;
mod terms;

use std::path::PathBuf;

use clap::{Args, Subcommand};

pub(crate) use self::{
    admit::Admit,
    documents::{Bom, BomFormat, Sign, VerifyModel},
    inventory::{Due, List, Revoke},
    terms::AdopterFacts,
};
use super::Place;

/// `freehold vet`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Vet {
    #[command(subcommand)]
    pub verb: Option<VetVerb>,
    #[command(flatten)]
    pub place: Place,
    /// A file or a folder; one that is called as a command is `./list`
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
    #[command(flatten)]
    pub adopter: AdopterFacts,
    #[command(flatten)]
    pub admission: Admit,
}

/// What to do with models that were read before.
#[derive(Debug, Subcommand)]
pub(crate) enum VetVerb {
    /// Show the models that were admitted, revoked ones too
    #[command(after_long_help = inventory::LIST_JSON)]
    List(List),
    /// Show the models that must be verified again; exit code 1 where there are some
    #[command(after_long_help = inventory::DUE_JSON)]
    Due(Due),
    /// Revoke a model's admission, at once, also in a running Freehold; exit code 1 where there is
    /// none to revoke
    #[command(after_long_help = inventory::REVOKE_JSON)]
    Revoke(Revoke),
    /// Write a model's bill of materials: files, licences by layer, data, what it was made from
    #[command(after_long_help = documents::BOM_NOTE)]
    Bom(Box<Bom>),
    /// Sign a model: every file of it, so that anyone can check that it is what you gave out
    #[command(after_long_help = documents::SIGN_JSON)]
    Sign(Sign),
    /// Check a model against its publisher's signature; exit code 1 where a file differs
    #[command(after_long_help = documents::VERIFY_JSON)]
    Verify(VerifyModel),
}

pub(super) const JSON: &str = "\
Where there are weights, each model's layers (weights, code, data) are shown with what states their \
licences, how open it is, whether you may ship it, and until when the answer holds. Who you are is taken \
from the flags, else from `[adopter]` in freehold.toml; what is not given is asked for where a term \
depends on it.

Exit code 0 if every file is clean and nothing stands against the terms, 1 if a file is not, a term \
stands against you or the terms must be settled first (a rule `terms/...` of severity settle), or, where you \
said who you are, whether you may ship it is not confirmed; 2 if there was nothing to read; with `--admit` 0 if the model is admitted, 1 if it is not.

JSON: one object with `path`, `verdict` (the worst of all files: clean, unread, suspicious, malicious; \
terms have no part in it), `files` and `models`; a file has `path`, `verdict`, `digest` (SHA-256, null \
where it could not be read), `bytes` and `findings`; a finding has `rule`, `severity` (note, unread, \
suspicious, malicious), `place` (the file, then `!` and each archive member on the way), `offset` (bytes, \
in the innermost member), `what`, `title`, `why`, `way_out`. A model has `model`, `layers`, `openness`, \
`shipping`, `findings` (of its terms: severity note or settle, and `evidence`), `evidence` (the files on \
which it rests, with digests) and `reverify`; where there is exactly one model, these (its findings as \
`terms`) stand beside `files`, too. With `--admit` also `admission` (as `vet list` \
prints it, null where it is not admitted) and `objections`, each with `what` and `way_out`. With `--explain`: `rule`, `severity`, `title`, `why`, `way_out`.";
