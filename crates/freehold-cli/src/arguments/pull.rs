//! The arguments of `freehold pull`.

use std::path::PathBuf;

use clap::Args;

use super::Place;

/// `freehold pull`.
#[derive(Debug, Args)]
pub(crate) struct Pull {
    #[command(flatten)]
    pub place: Place,
    /// The repository, and a branch, a tag or a commit of it [default: main]
    #[arg(value_name = "REPO[@REVISION]")]
    pub reference: String,
    /// Only files whose name this pattern matches, also in another format beside safetensors. Can
    /// be repeated
    #[arg(long, value_name = "GLOB")]
    pub include: Vec<String>,
    /// No file whose name this pattern matches. Can be repeated
    #[arg(long, value_name = "GLOB")]
    pub exclude: Vec<String>,
    /// Also copy the model there, once it is vetted: a folder that is not there yet, or is empty
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Fetch without asking
    #[arg(long)]
    pub yes: bool,
    /// Ask nothing of a hub; what was pulled before is vetted again [default: $HF_HUB_OFFLINE]
    #[arg(long, conflicts_with = "endpoint")]
    pub offline: bool,
    /// The hub [default: $HF_ENDPOINT, else https://huggingface.co]
    #[arg(long, value_name = "URL")]
    pub endpoint: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub(super) const JSON: &str = "\
The revision is turned into a commit once, and everything comes from that commit. Each file has to \
have the length and the digest that the hub lists for it. What is fetched lies in quarantine until \
every file is scanned; only what is clean is moved to where engines look. A pull that was cut goes on \
where it stopped.

$HF_TOKEN is sent to the hub and to nobody else, also not where the hub sends on to. Without it, the \
token that `hf auth login` keeps is sent, and to https://huggingface.co only.

Exit code 0 if the model is vetted and visible, 1 if it stays in quarantine or you said no, 2 if it \
could not be had.

JSON: one object with `repository`, `revision` (as asked for), `commit`, `endpoint`, `licence` (what \
the card declares, unchecked: `declared`, `name`, `link`), `state` (visible, quarantined, declined), \
`path` (null where nothing was fetched), `copy` (null without --into), `bytes` (of all files), `fetched` \
(bytes that came over the network), `verdict` (null where nothing was fetched), `files` (as `vet` prints \
them) and `left_out`; a file left out has `path`, `bytes` and `reason` (pickle, other_format, hidden, \
not_asked). The schema is docs/reference/json/pull.schema.json.";
