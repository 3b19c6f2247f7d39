//! The command line, declared.

mod catalog;
mod console;
mod fit;
mod plan;
mod pull;
mod vet;

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use freehold_types::{DataClass, RecordId};

use crate::invoked::quoted;

pub(crate) use self::{
    catalog::{Catalog, CatalogVerb, Search},
    console::Console,
};
pub(crate) use fit::Fit;
pub(crate) use plan::Plan;
pub(crate) use pull::Pull;
pub(crate) use vet::{
    Admit, Bom as VetBom, BomFormat, Due as VetDue, List as VetList, Revoke as VetRevoke,
    Sign as VetSign, VerifyModel as VetVerify, Vet, VetVerb,
};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "freehold", bin_name = "freehold", version, about = ABOUT, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 yes or clean; 1 no, or findings; 2 could not answer; 101 a bug."
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub verb: Verb,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Ask whether an open model is right for you, and get advice that explains itself
    #[command(after_long_help = fit::JSON)]
    Fit(Fit),
    /// Look up open models, licences, hardware and prices, each fact with its source
    #[command(subcommand_required = true)]
    Catalog(Catalog),
    /// Plan a model on hardware under a load: memory, speed, the bill beside the hosted one
    #[command(after_long_help = plan::JSON)]
    Plan(Plan),
    /// Read a model's files and say whether any of them could do harm; nothing in them is run
    #[command(after_long_help = vet::JSON)]
    Vet(Box<Vet>),
    /// Fetch a model from a hub by commit and digest, and show it to no engine before it is vetted
    #[command(after_long_help = pull::JSON)]
    Pull(Pull),
    /// Start everything: worker, gateway, console
    #[command(after_long_help = UP_JSON)]
    Up(Up),
    /// Read and check the record of what happened
    #[command(subcommand_required = true)]
    Audit(Audit),
    /// Make, list and revoke API keys
    #[command(subcommand_required = true)]
    Key(Key),
    /// Check and show the configuration
    #[command(subcommand_required = true)]
    Config(Config),
    /// Serve the pages for deciding alone: no engine, no model, no key
    #[command(after_long_help = console::JSON)]
    Console(Console),
    /// Say what of the jail, the log and the limits is in force on this machine
    #[command(after_long_help = DOCTOR_JSON)]
    Doctor(Doctor),
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The confined process that computes; started by `up`
    #[command(hide = true, disable_help_flag = true)]
    Worker {
        /// What `up` hands over.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
}

/// Where the installation is.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
    /// ~/.local/share/freehold]
    #[arg(long, value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    /// The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data directory,
    /// where there is one]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
}

impl Place {
    /// The same flags for another command, with a space before each.
    pub(crate) fn flags(&self) -> String {
        let named = [("--dir", &self.dir), ("--config", &self.config)];
        let named = named.iter().filter_map(|(flag, path)| Some((flag, path.as_ref()?)));
        named
            .map(|(flag, path)| format!(" {flag} {}", quoted(&path.display().to_string())))
            .collect()
    }
}

/// `freehold up`.
#[derive(Debug, Args)]
pub(crate) struct Up {
    #[command(flatten)]
    pub place: Place,
    /// Where the gateway listens; port 0 takes a free one [default: 127.0.0.1:8484]
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Where the console listens; port 0 takes a free one [default: 127.0.0.1:8485]
    #[arg(long, value_name = "ADDR")]
    pub console: Option<String>,
    /// Serve this model, too: a folder with safetensors, or a GGUF file, admitted with `freehold vet
    /// PATH --admit`. Can be repeated
    #[arg(long, value_name = "PATH")]
    pub model: Vec<PathBuf>,
    /// Go on with new keys where the old ones are lost: no API key made before is valid, and no
    /// body sealed before can be opened. The log records it. Refused where nothing is lost
    #[arg(long)]
    pub new_store: bool,
    /// Print one line of JSON when ready, and nothing else
    #[arg(long)]
    pub json: bool,
}

/// `freehold audit`.
#[derive(Debug, Args)]
pub(crate) struct Audit {
    /// The data directory [default: as for `up`]
    #[arg(long, value_name = "DIR", global = true)]
    pub dir: Option<PathBuf>,
    #[command(subcommand)]
    pub verb: AuditVerb,
}

/// What to do with the log.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditVerb {
    /// Show the newest records
    #[command(after_long_help = TAIL_JSON)]
    Tail {
        /// How many entries
        #[arg(short = 'n', long = "lines", default_value_t = 20, value_name = "COUNT")]
        count: usize,
        /// Print one line of JSON for each entry
        #[arg(long)]
        json: bool,
    },
    /// Show everything about one record: intent, outcome, proof, and the bodies where their key
    /// still exists
    #[command(after_long_help = SHOW_JSON)]
    Show {
        /// The record, as the answer's `x-freehold-record` names it
        id: RecordId,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check every entry, every proof and every signature; exit code 1 where something is wrong
    #[command(after_long_help = VERIFY_JSON)]
    Verify(Verify),
    /// Write what an auditor needs to check the log with other people's tools
    #[command(after_long_help = EXPORT_JSON)]
    Export {
        /// A folder that does not exist yet, or is empty
        #[arg(value_name = "DIR")]
        out: PathBuf,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `freehold audit verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// An exported folder, or a copy of a log [default: the log in the data directory]
    pub folder: Option<PathBuf>,
    /// A file with the log's public key, had from its owner [default: the one in the folder]
    #[arg(long, value_name = "FILE")]
    pub vkey: Option<PathBuf>,
    /// An older checkpoint of this log, kept elsewhere: a log that was rolled back or rewritten
    /// since then does not pass
    #[arg(long, value_name = "FILE")]
    pub pin: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `freehold key`.
#[derive(Debug, Args)]
pub(crate) struct Key {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub verb: KeyVerb,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyVerb {
    /// Make a key and show it this once; it works at once, also in a running Freehold
    #[command(after_long_help = KEY_CREATE_JSON)]
    Create(KeyCreate),
    /// Show all keys, revoked ones too; never what is secret of them
    #[command(after_long_help = KEY_LIST_JSON)]
    List {
        /// Print one line of JSON for each key
        #[arg(long)]
        json: bool,
    },
    /// Revoke a key, at once, also in a running Freehold; exit code 1 where there is none to revoke
    #[command(after_long_help = KEY_REVOKE_JSON)]
    Revoke {
        /// The key's public part: the eight characters after `fh_`
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `freehold key create`.
#[derive(Debug, Args)]
pub(crate) struct KeyCreate {
    /// Whose key it is; records name `key:NAME` as the one who asked
    pub name: String,
    /// The tools that answers may call, separated by commas; "" for none [default: all]
    #[arg(long, value_delimiter = ',', value_name = "TOOLS")]
    pub tools: Option<Vec<String>>,
    /// The most sensitive data it may send: public, internal, confidential, restricted
    /// [default: no limit of its own]
    #[arg(long, value_name = "CLASS")]
    pub max_class: Option<DataClass>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `freehold config`.
#[derive(Debug, Args)]
pub(crate) struct Config {
    #[command(flatten)]
    pub place: Place,
    #[command(subcommand)]
    pub verb: ConfigVerb,
}

/// What to do with the configuration.
#[derive(Debug, Subcommand)]
pub(crate) enum ConfigVerb {
    /// Say whether the configuration holds; exit code 1 where it does not
    #[command(after_long_help = CHECK_JSON)]
    Check {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Show every setting in force
    #[command(after_long_help = CONFIG_JSON)]
    Show {
        /// Say where each value comes from: default, file and line, environment variable
        #[arg(long)]
        origin: bool,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// `freehold doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    pub place: Place,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// The command line's description, from which completions and the reference are made.
pub fn command() -> clap::Command {
    Arguments::command()
}

const ABOUT: &str = "Run open-weight models under enforced control, with a record of every answer";

const UP_JSON: &str = "\
JSON: one line when ready, with `gateway` and `console` (addresses), `console_sign_in` (an address \
that signs in once), `api_key_file` (null where it is lost), `directory`, `models` (names), `pid`, and \
`first_start`.";

const TAIL_JSON: &str = "\
JSON: one line an entry, with `sequence`, `id`, `time` (UTC), `kind` (intent, outcome, event), `leaf` \
(hash), `proof` (included, pending, broken), `recorded` (the header as the log holds it), and \
`body_state` (none, sealed).";

const SHOW_JSON: &str = "\
JSON: one object with `id` and `entries`; an entry is as `audit tail` prints it, with `body` where it \
could be opened, and `body_state` none, opened, erased, sealed or damaged.";

const VERIFY_JSON: &str = "\
JSON: one object with `ok`, `directory`, `findings` (texts that say what is wrong and where) and, if \
it verifies, `origin`, `vkey`, `entries`, `root`, `unsigned` (whole entries after the checkpoint), \
`bodies` (sealed ones that are what was recorded).";

const EXPORT_JSON: &str = "JSON: one object with `directory`, `origin` and `entries`.";

const KEY_CREATE_JSON: &str = "JSON: one object with `id` (the public part) and `secret`.";

const KEY_LIST_JSON: &str = "\
JSON: one line a key, with `id`, `name`, `principal`, `tools` (null for all), `max_class` (null for no \
limit), `created`, and `revoked` (null as long as it is valid).";

const KEY_REVOKE_JSON: &str =
    "JSON: one object with `id` and `revoked` (whether it was valid before).";

const CHECK_JSON: &str = "\
JSON: one object with `ok`, `file`, `digest`, and `problems`; each problem has `place` and `text`.";

const CONFIG_JSON: &str = "\
JSON: one object with `digest` and `settings`; each setting has `key`, `value`, `origin`, `about`.";

const DOCTOR_JSON: &str = "\
JSON: one object with `checks`; each check has `area`, `name`, `state` (in force, partly, not in \
force), `why`, and `way_out` where there is one.";
