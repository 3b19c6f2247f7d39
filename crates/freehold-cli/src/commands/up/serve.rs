//! The running part: listeners, engines, gateway, console, and the order to stop.

use std::{
    borrow::Cow,
    collections::HashMap,
    error::Error,
    net::{SocketAddr, TcpListener},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use freehold_auditlog::EventKind;
use freehold_catalog::Catalog;
use freehold_config::Config;
use freehold_console::{Console, ConsoleDeps, Setting, Terminal};
use freehold_engine_local::LocalEngine;
use freehold_gateway::{Gateway, GatewayDeps, GatewayOptions};
use serde_json::json;
use tokio::{
    runtime::{Builder, Runtime},
    sync::watch,
};

use super::{
    announce::{self, Ready},
    control,
    engines::Engines,
    error::UpError,
    in_force::InForce,
    installation::Installation,
    offer,
    standing::Standing,
};
use crate::{
    arguments,
    commands::vet::policy_of,
    invoked::{program, quoted},
    render,
    signals::Signals,
};

/// The addresses, taken before anything slow begins.
pub(crate) struct Listeners {
    gateway: TcpListener,
    console: TcpListener,
}

impl Listeners {
    /// Takes both, or says which cannot be had.
    pub(crate) fn bind(config: &Config) -> Result<Self, UpError> {
        let address = config.gateway.listen;
        if address == config.console.listen && address.port() != 0 {
            return Err(UpError::OneAddress { address });
        }
        let listen = |part, address: SocketAddr| {
            let failed = |source| UpError::Listen { part, address, source };
            let listener = TcpListener::bind(address).map_err(failed)?;
            listener.set_nonblocking(true).map_err(failed)?;
            Ok::<_, UpError>(listener)
        };
        Ok(Self {
            gateway: listen("gateway", config.gateway.listen)?,
            console: listen("console", config.console.listen)?,
        })
    }

    fn into_tokio(self) -> Result<(tokio::net::TcpListener, tokio::net::TcpListener), UpError> {
        let convert = tokio::net::TcpListener::from_std;
        Ok((
            convert(self.gateway).map_err(part("gateway"))?,
            convert(self.console).map_err(part("console"))?,
        ))
    }
}

/// What `run` needs beside the installation.
pub(crate) struct Parts<'a> {
    /// The addresses.
    pub listeners: Listeners,
    /// What answers.
    pub engines: Engines,
    /// The models' names and digests, the one to try first.
    pub models: Vec<(String, String)>,
    /// What the console knows of open models.
    pub catalog: Cow<'static, Catalog>,
    /// How it was called: whether to announce for a script, whether to offer a model.
    pub arguments: &'a arguments::Up,
}

/// Serves until SIGINT or SIGTERM, then finishes what is in flight.
pub(crate) fn run(
    installation: &mut Installation,
    config: &Config,
    parts: Parts<'_>,
) -> Result<(), UpError> {
    let runtime = Builder::new_multi_thread().enable_all().build().map_err(part("runtime"))?;
    let ended = runtime.block_on(serve(installation, config, parts));
    // Whatever still runs has had its time.
    Runtime::shutdown_timeout(runtime, Duration::from_secs(2));
    ended
}

async fn serve(
    installation: &mut Installation,
    config: &Config,
    parts: Parts<'_>,
) -> Result<(), UpError> {
    let Parts { listeners, engines, models, catalog, arguments } = parts;
    let signals = Signals::take().map_err(part("signal handler"))?;
    let first_key = installation.first_key()?;
    let console_key = installation.console_key()?;
    let store = installation.store.clone();
    let standing = Arc::new(Standing::of(&engines, store, console_key.id.clone()));
    let (local, made_of) = (engines.local, engines.made_of);
    let gateway = Gateway::new(GatewayDeps {
        options: options(config),
        log: installation.log.clone(),
        store: installation.store.clone(),
        backends: engines.backends,
        models: engines.routes,
        clock: installation.clock.clone(),
    });
    let directory = announce::absolute(installation.directory.path());
    // Watched from before anybody can have used the first one.
    let (console, tokens) = Console::running(
        Setting {
            clock: installation.clock.clone(),
            terminal: Terminal { program: program(), directory: Some(quoted(&directory)) },
            hosts: Vec::new(),
            catalog,
        },
        ConsoleDeps {
            gateway: gateway.clone(),
            log: installation.log.clone(),
            api_key: console_key.secret.to_string(),
            state: standing,
        },
    );
    let listeners = listeners.into_tokio()?;
    let ready = Ready {
        gateway: listeners.0.local_addr().map_err(part("gateway"))?,
        console: listeners.1.local_addr().map_err(part("console"))?,
        sign_in: tokens.borrow().clone(),
        models,
        first_key,
    };
    installation.tell(&ready)?;
    let door = control::open(installation)?;
    if arguments.json {
        render::json(&ready.as_json(installation));
    } else {
        ready.show(installation);
    }
    offer::make(installation, config, arguments);
    let address = ready.console;
    drop(ready);
    let policy = policy_of(&config.vet);
    let inforce = InForce { store: installation.store.clone(), made_of, on_due: policy.on_due };
    let look = || inforce.look(&gateway);
    let running = control::Running { policy: &policy, look: &look };
    tokio::select! {
        ended = until_told(&gateway, &console, listeners, signals) => ended,
        () = keep_sign_in(installation, address, tokens) => Ok(()),
        () = record_restarts(installation, &local) => Ok(()),
        () = control::serve(installation, &running, door) => Ok(()),
        () = look_again(&look) => Ok(()),
    }
}

/// Serves both until a signal comes, then lets both finish.
async fn until_told(
    gateway: &Gateway,
    console: &Console,
    listeners: (tokio::net::TcpListener, tokio::net::TcpListener),
    signals: Signals,
) -> Result<(), UpError> {
    let (stop, stopped) = watch::channel(false);
    let order = async {
        signals.wait().await;
        tracing::info!("told to stop; finishing what is in flight");
        stop.send_replace(true);
    };
    let both = async {
        let gateway = gateway.serve(listeners.0, until(stopped.clone()));
        let console = console.serve(listeners.1, until(stopped.clone()));
        tokio::try_join!(async { gateway.await.map_err(part("gateway")) }, async {
            console.await.map_err(part("console"))
        },)
    };
    let mut both = pin!(both);
    tokio::select! {
        ended = &mut both => ended?,
        () = order => both.await?,
    };
    Ok(())
}

/// Records each restart of a worker; never ends.
async fn record_restarts(installation: &Installation, local: &LocalEngine) {
    let mut known: HashMap<String, u64> = HashMap::new();
    loop {
        for worker in local.status() {
            let before = known.insert(worker.model.clone(), worker.restarts).unwrap_or(0);
            if worker.restarts > before {
                let detail = json!({
                    "model": worker.model,
                    "restarts": worker.restarts,
                    "pid": worker.pid,
                });
                // Waits for the disk, a few milliseconds, and hardly ever.
                let recorded = tokio::task::block_in_place(|| {
                    installation.record(EventKind::WorkerRestarted, detail)
                });
                if let Err(error) = recorded {
                    tracing::error!(error = render::chain(&error), "a restart was not recorded");
                }
            }
        }
        tokio::time::sleep(LOOK_AFTER_WORKERS).await;
    }
}

/// Looks now and then which models are admitted, since days pass; never ends.
async fn look_again(look: &dyn Fn()) {
    loop {
        look();
        tokio::time::sleep(LOOK_AFTER_ADMISSIONS).await;
    }
}

/// Keeps the address that signs the next person in where the operator finds it; never ends.
async fn keep_sign_in(
    installation: &Installation,
    address: SocketAddr,
    mut tokens: watch::Receiver<String>,
) {
    loop {
        let url = announce::sign_in_url(address, &tokens.borrow_and_update());
        if let Err(error) = installation.keep_sign_in(&url) {
            tracing::warn!(error = render::chain(&error), "the sign-in address was not kept");
        }
        if tokens.changed().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

fn options(config: &Config) -> GatewayOptions {
    // The ranges of the configuration keep all of them far below.
    let size = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let settings = &config.gateway;
    GatewayOptions {
        max_body_bytes: size(settings.max_body_bytes),
        max_answer_bytes: size(settings.max_answer_bytes),
        header_timeout: settings.header_timeout,
        body_timeout: settings.body_timeout,
        request_timeout: settings.request_timeout,
        record_timeout: settings.record_timeout,
        shutdown_grace: settings.shutdown_timeout,
        max_connections: size(settings.max_connections),
        max_in_flight: size(settings.max_concurrent),
        max_in_flight_per_key: size(settings.max_concurrent_per_key),
        default_class: config.data.default_class,
        config_digest: config.digest(),
    }
}

/// Names the part that an error came from.
pub(crate) fn part<E>(part: &'static str) -> impl FnOnce(E) -> UpError
where
    E: Into<Box<dyn Error + Send + Sync>>,
{
    move |source| UpError::Part { part, source: source.into() }
}

async fn until(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody can give the order any more: the program is ending.
    let _ended = stopped.wait_for(|stopped| *stopped).await;
}

const LOOK_AFTER_WORKERS: Duration = Duration::from_millis(500);
const LOOK_AFTER_ADMISSIONS: Duration = Duration::from_secs(2);
