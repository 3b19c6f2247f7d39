//! The console as a value: what it is made of, and how it is served.

use std::{borrow::Cow, future::Future, io, ops::Deref, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use freehold_auditlog::AuditLog;
use freehold_catalog::Catalog;
use freehold_gateway::{Gateway, accept::Accepting};
use freehold_types::Clock;
use hyper_util::service::TowerToHyperService;
use tokio::{net::TcpListener, sync::watch};

use crate::{StateSource, Terminal, assets, guard, pages, session::Door};

/// What every console needs, with an installation or without.
pub struct Setting {
    /// Time and randomness.
    pub clock: Arc<dyn Clock>,
    /// How the commands that pages show are typed here.
    pub terminal: Terminal,
    /// Names, without port, under which browsers may reach it beside `localhost` and IP addresses.
    /// Any other name in `Host` is refused, so that no page elsewhere can point its own name here.
    pub hosts: Vec<String>,
    /// What is known of models, licences, hardware and prices, with the operator's overlay.
    pub catalog: Cow<'static, Catalog>,
}

/// What the console of a running Freehold needs beside it.
pub struct ConsoleDeps {
    /// Where the playground asks.
    pub gateway: Gateway,
    /// Where it reads the records of the answers.
    pub log: AuditLog,
    /// The playground's own API key.
    pub api_key: String,
    /// Who knows how workers and models are.
    pub state: Arc<dyn StateSource>,
}

/// The console. Clones share everything.
#[derive(Clone)]
pub struct Console {
    inner: Arc<Inner>,
}

struct Inner {
    setting: Setting,
    scope: Scope,
}

/// How much there is to show.
enum Scope {
    Deciding,
    Running(Running),
}

/// The part that exists only where Freehold runs. Pages that show or do something there take this,
/// so that none of them can be served without it. Clones share everything.
#[derive(Clone)]
pub(crate) struct Running(Arc<House>);

/// See [`Running`].
pub(crate) struct House {
    pub(crate) gateway: Gateway,
    pub(crate) log: AuditLog,
    pub(crate) api_key: String,
    pub(crate) state: Arc<dyn StateSource>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) terminal: Terminal,
    pub(crate) door: Door,
}

impl Deref for Running {
    type Target = House;

    fn deref(&self) -> &House {
        &self.0
    }
}

impl Console {
    /// The Decide pages alone. They hold nothing: what a person answers travels with each request
    /// and is forgotten with it, so nobody signs in.
    pub fn deciding(setting: Setting) -> Self {
        Self { inner: Arc::new(Inner { setting, scope: Scope::Deciding }) }
    }

    /// All pages of a running Freehold, with nobody signed in; and the token that signs in once,
    /// for the address `/sign-in?token=TOKEN`. Each token that takes the place of a used one comes
    /// the same way, for whoever writes down where the next person finds it.
    pub fn running(setting: Setting, deps: ConsoleDeps) -> (Self, watch::Receiver<String>) {
        let ConsoleDeps { gateway, log, api_key, state } = deps;
        let clock = Arc::clone(&setting.clock);
        let door = Door::new(Arc::clone(&clock));
        let tokens = door.tokens();
        let terminal = setting.terminal.clone();
        let house = House { gateway, log, api_key, state, clock, terminal, door };
        let scope = Scope::Running(Running(Arc::new(house)));
        (Self { inner: Arc::new(Inner { setting, scope }) }, tokens)
    }

    /// Serves a listener until `shutdown` completes, then finishes answers under way, for at most
    /// half a minute.
    ///
    /// # Errors
    /// The listener's, if it fails for good.
    pub async fn serve(
        &self,
        listener: TcpListener,
        shutdown: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (told, heard) = watch::channel(false);
        let shutdown = async move {
            shutdown.await;
            told.send_replace(true);
        };
        let service = TowerToHyperService::new(self.router());
        let connection = |stream| {
            let (service, mut heard) = (service.clone(), heard.clone());
            async move {
                // An error means that nobody can tell any more: the console is ending.
                let draining = async { drop(heard.wait_for(|told| *told).await) };
                ACCEPTING.connection(stream, service, draining).await;
            }
        };
        let accepted = ACCEPTING.until(shutdown, listener, connection).await;
        if !accepted.ended(GRACE).await {
            tracing::warn!("left browsers that did not take their answers in time");
        }
        Ok(())
    }

    /// Time, randomness, and how commands are typed.
    pub(crate) fn setting(&self) -> &Setting {
        &self.inner.setting
    }

    /// The part that exists only where Freehold runs.
    pub(crate) fn installation(&self) -> Option<&Running> {
        match &self.inner.scope {
            Scope::Deciding => None,
            Scope::Running(running) => Some(running),
        }
    }

    /// All pages. Whatever is not named here, or in [`pages::decide`], does not exist.
    fn router(&self) -> Router {
        let decide =
            pages::decide::routes().route("/", get(pages::home::show)).with_state(self.clone());
        let pages = match &self.inner.scope {
            Scope::Deciding => decide,
            Scope::Running(running) => entrance(running).merge(
                decide
                    .merge(inside(running))
                    .route_layer(middleware::from_fn_with_state(running.clone(), guard::signed_in)),
            ),
        };
        Router::new()
            .route("/assets/{name}", get(assets::show))
            .route("/favicon.ico", get(assets::no_icon))
            .merge(pages)
            .fallback(pages::not_found)
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .layer(middleware::from_fn_with_state(self.clone(), guard::guard))
    }
}

/// What a running Freehold shows to those who are signed in, beside the Decide pages.
fn inside(running: &Running) -> Router {
    Router::new()
        .route("/playground", get(pages::playground::show))
        .route("/ask", post(pages::playground::ask))
        .route("/posture.json", get(pages::home::json))
        .route("/models", get(pages::models::show))
        .route("/models.json", get(pages::models::json))
        .route("/models.csv", get(pages::models::csv))
        .route("/state", get(pages::state::show))
        .route("/state.json", get(pages::state::json))
        .route("/records", get(pages::records::list))
        .route("/records.json", get(pages::records::list_json))
        .route("/records.csv", get(pages::records::list_csv))
        .route("/records/{id}", get(pages::record::show))
        .route("/sign-out", post(pages::sign_in::out))
        .route("/parts/attention", get(pages::home::attention_part))
        .route("/parts/permits", get(pages::state::permits_part))
        .route("/parts/state", get(pages::state::state_part))
        .route("/parts/receipt/{id}", get(pages::record::receipt_part))
        .with_state(running.clone())
}

/// What it shows to everybody.
fn entrance(running: &Running) -> Router {
    Router::new()
        .route("/sign-in", get(pages::sign_in::show).post(pages::sign_in::enter))
        .with_state(running.clone())
}

/// A person's browser opens six connections; this is for forty people at once, and far from using
/// up the files that the log needs.
const ACCEPTING: Accepting =
    Accepting { max_connections: 256, header_timeout: Duration::from_secs(10) };
/// Longest form.
const BODY_BYTES: usize = 1 << 20;
const GRACE: Duration = Duration::from_secs(30);
