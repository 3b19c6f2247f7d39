//! `freehold console`: the Decide pages alone, without engine, model, key or log.

use std::{
    borrow::Cow,
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use freehold_catalog::Catalog;
use freehold_config::Environment;
use freehold_console::{Console, Setting, Terminal};
use serde_json::json;
use tokio::runtime::Builder;

use super::catalog;
use crate::{
    arguments,
    failure::{Answer, Failure, Hint},
    invoked::program,
    logging, render,
    signals::Signals,
    system::SystemClock,
};

/// Why the pages are not served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConsoleError {
    /// Others would reach it, and nobody signs in.
    #[error(
        "{address} can be reached from other machines, and these pages have no sign-in and no TLS"
    )]
    NotHere {
        /// The address.
        address: SocketAddr,
    },
    /// The address cannot be had.
    #[error("the console cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// It cannot go on.
    #[error("the console failed")]
    Serve {
        /// What the system said.
        #[from]
        source: io::Error,
    },
}

/// Runs until it is told to stop.
pub(crate) fn run(arguments: &arguments::Console) -> Result<Answer, Failure> {
    logging::to_stderr(&Environment::of_process(), arguments.json);
    let listener = listen(arguments.listen)?;
    let catalog = catalog::open(&arguments.place, None)?;
    serve(listener, catalog, arguments.json)?;
    Ok(Answer::Clean)
}

fn listen(address: SocketAddr) -> Result<TcpListener, ConsoleError> {
    if !address.ip().is_loopback() {
        return Err(ConsoleError::NotHere { address });
    }
    let failed = |source| ConsoleError::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    Ok(listener)
}

fn serve(
    listener: TcpListener,
    catalog: Cow<'static, Catalog>,
    json: bool,
) -> Result<(), ConsoleError> {
    // One for a page that computes, one for all others.
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let signals = Signals::take()?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let console = Console::deciding(Setting {
            clock: Arc::new(SystemClock::new()),
            terminal: Terminal { program: program(), directory: None },
            hosts: Vec::new(),
            catalog,
        });
        let address = format!("http://{}/", listener.local_addr()?);
        if json {
            render::json(&json!({ "console": address, "pid": std::process::id() }));
        } else {
            render::line(format_args!(
                "{}\n\n  {address}\n\nNothing that you enter is kept. Ctrl-C stops it.",
                render::styled(render::STRONG, "Freehold's pages for deciding are at:"),
            ));
        }
        Ok(console.serve(listener, signals.wait()).await?)
    })
}

impl Hint for ConsoleError {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NotHere { .. } => Some(
                "listen on 127.0.0.1, and from another machine use `ssh -L 8485:127.0.0.1:8485 HOST`"
                    .to_owned(),
            ),
            Self::Listen { source, .. } if source.kind() == io::ErrorKind::AddrInUse => Some(
                "if a Freehold runs there, its console has these pages, too; or take a free port \
                 with `freehold console --listen 127.0.0.1:0`"
                    .to_owned(),
            ),
            Self::Listen { .. } | Self::Serve { .. } => None,
        }
    }
}
