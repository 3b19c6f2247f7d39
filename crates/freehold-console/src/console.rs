//! The console as a value: what it is made of, and how it is served.

use std::{future::Future, io, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
    serve::ListenerExt,
};
use freehold_auditlog::AuditLog;
use freehold_gateway::Gateway;
use freehold_types::Clock;
use tokio::{net::TcpListener, sync::watch};

use crate::{StateSource, assets, guard, pages, session::Door};

/// What a console is made of.
pub struct ConsoleDeps {
    /// Where the playground asks.
    pub gateway: Gateway,
    /// Where it reads the records of the answers.
    pub log: AuditLog,
    /// The playground's own API key.
    pub api_key: String,
    /// Who knows how workers and models are.
    pub state: Arc<dyn StateSource>,
    /// Time and randomness.
    pub clock: Arc<dyn Clock>,
    /// Names, without port, under which browsers may reach it beside `localhost` and IP addresses.
    /// Any other name in `Host` is refused, so that no page elsewhere can point its own name here.
    pub hosts: Vec<String>,
}

/// The console. Clones share everything.
#[derive(Clone)]
pub struct Console {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) gateway: Gateway,
    pub(crate) log: AuditLog,
    pub(crate) api_key: String,
    pub(crate) state: Arc<dyn StateSource>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) hosts: Vec<String>,
    pub(crate) door: Door,
}

impl Console {
    /// A console with nobody signed in.
    pub fn new(deps: ConsoleDeps) -> Self {
        let ConsoleDeps { gateway, log, api_key, state, clock, hosts } = deps;
        let door = Door::new(Arc::clone(&clock));
        Self { inner: Arc::new(Inner { gateway, log, api_key, state, clock, hosts, door }) }
    }

    /// The token that signs in once, for the address `/sign-in?token=TOKEN`.
    pub fn sign_in_token(&self) -> String {
        self.inner.door.tokens().borrow().clone()
    }

    /// The same, and each token that takes the place of a used one, for whoever writes down where
    /// the next person finds it.
    pub fn sign_in_tokens(&self) -> watch::Receiver<String> {
        self.inner.door.tokens()
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
        let (told, mut heard) = watch::channel(false);
        let shutdown = async move {
            shutdown.await;
            told.send_replace(true);
        };
        // Without this each word of an answer waits for the browser's delayed acknowledgement.
        let listener = listener.tap_io(|stream| {
            if let Err(error) = stream.set_nodelay(true) {
                tracing::debug!(%error, "TCP_NODELAY not set");
            }
        });
        let serving = axum::serve(listener, self.router()).with_graceful_shutdown(shutdown);
        let late = async move {
            if heard.wait_for(|told| *told).await.is_err() {
                std::future::pending::<()>().await;
            }
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            ended = serving => ended,
            () = late => {
                tracing::warn!("left browsers that did not take their answers in time");
                Ok(())
            }
        }
    }

    /// All pages. Whatever is not named here does not exist.
    pub(crate) fn router(&self) -> Router {
        let inside = Router::new()
            .route("/", get(pages::home))
            .route("/playground", get(pages::playground::show))
            .route("/ask", post(pages::playground::ask))
            .route("/state", get(pages::state::show))
            .route("/state.json", get(pages::state::json))
            .route("/records", get(pages::records::list))
            .route("/records.json", get(pages::records::list_json))
            .route("/records/{id}", get(pages::records::show))
            .route("/sign-out", post(pages::sign_in::out))
            .route("/parts/permits", get(pages::state::permits_part))
            .route("/parts/state", get(pages::state::state_part))
            .route("/parts/receipt/{id}", get(pages::records::receipt_part))
            .route_layer(middleware::from_fn_with_state(self.clone(), guard::signed_in));
        Router::new()
            .route("/sign-in", get(pages::sign_in::show).post(pages::sign_in::enter))
            .route("/assets/{name}", get(assets::show))
            .route("/favicon.ico", get(assets::no_icon))
            .merge(inside)
            .fallback(pages::not_found)
            .layer(DefaultBodyLimit::max(BODY_BYTES))
            .layer(middleware::from_fn_with_state(self.clone(), guard::guard))
            .with_state(self.clone())
    }
}

/// Longest form.
const BODY_BYTES: usize = 1 << 20;
const GRACE: Duration = Duration::from_secs(30);
