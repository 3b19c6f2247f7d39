//! The command line of `freehold console`.

use std::net::SocketAddr;

use clap::Args;

use super::Place;

/// `freehold console`.
#[derive(Debug, Args)]
pub(crate) struct Console {
    #[command(flatten)]
    pub place: Place,
    /// Where it listens: an address of this machine itself; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8485")]
    pub listen: SocketAddr,
    /// Print one line of JSON when ready, and nothing else
    #[arg(long)]
    pub json: bool,
}

pub(super) const JSON: &str = "\
JSON: one line when ready, with `console` (its address) and `pid`.";
