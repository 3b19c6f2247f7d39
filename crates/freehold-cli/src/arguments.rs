//! The command line, declared.

use std::path::PathBuf;

use clap::{Args, CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use freehold_types::RecordId;

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
    /// Start everything: worker, gateway, console
    #[command(after_long_help = UP_JSON)]
    Up(Up),
    /// Read and check the record of what happened
    #[command(subcommand_required = true)]
    Audit(Audit),
    /// Check and show the configuration
    #[command(subcommand_required = true)]
    Config(Config),
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
    /// Serve this model, too: a folder with safetensors, or a GGUF file. Can be repeated. Your name
    /// is recorded as the one who admitted it
    #[arg(long, value_name = "PATH")]
    pub model: Vec<PathBuf>,
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
that signs in once), `api_key_file`, `directory`, `models` (names), `pid`, and `first_start`.";

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

const CHECK_JSON: &str = "\
JSON: one object with `ok`, `file`, `digest`, and `problems`; each problem has `place` and `text`.";

const CONFIG_JSON: &str = "\
JSON: one object with `digest` and `settings`; each setting has `key`, `value`, `origin`, `about`.";

const DOCTOR_JSON: &str = "\
JSON: one object with `checks`; each check has `area`, `name`, `state` (in force, partly, not in \
force), `why`, and `way_out` where there is one.";
