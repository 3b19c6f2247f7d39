//! The gateway around the engine as the product has it: key, policy, hidden probabilities, sealed
//! and durable record before release; spoken to over HTTP.

use std::{path::Path, sync::Arc};

use bytes::Bytes;
use freehold_auditlog::{AuditLog, Options};
use freehold_engine_local::LocalEngine;
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::BackendDeclaration;
use freehold_store::{KeyGrant, Store};
use freehold_types::{Clock, DataClass, Principal, Residency, Tenancy, Timestamp};
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ring::rand::SecureRandom;
use tokio::net::TcpListener;

use crate::Outcome;

/// A gateway that answers, and a client of it.
pub struct Served {
    client: Client<HttpConnector, Full<Bytes>>,
    address: String,
    key: String,
}

impl Served {
    /// Starts the gateway on this machine's own network, with its records below `folder`.
    pub async fn start(engine: Arc<LocalEngine>, folder: &Path) -> Outcome<Self> {
        let folder = tempfile::tempdir_in(folder)?.keep();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&folder.join("store.sqlite"))?;
        let keys = Arc::new(store.clone());
        let log =
            AuditLog::open(&folder.join("log"), Options::default(), keys, Arc::clone(&clock))?;
        let grant = KeyGrant::unlimited(Principal("bench".to_owned()), "bench");
        let key = store.create_key(grant, clock.now())?.secret.to_string();
        let id = freehold_engine::Engine::backend(engine.as_ref()).clone();
        let declaration = BackendDeclaration {
            id: id.clone(),
            residency: Residency::Machine,
            tenancy: Tenancy::Single,
            accepts: DataClass::Restricted,
        };
        let backend = Backend::new(declaration, engine).with_logprobs().with_usage_in_streams();
        let (name, engine_model) = ("model".to_owned(), "model".to_owned());
        let gateway = Gateway::new(GatewayDeps {
            options: GatewayOptions::default(),
            log,
            store,
            backends: vec![backend],
            models: vec![ModelRoute { name, backend: id, engine_model }],
            clock,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        tokio::spawn(async move { gateway.serve(listener, std::future::pending()).await });
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).build(connector);
        Ok(Self { client, address, key })
    }

    /// Asks, and hands on the data of each event as it comes.
    pub async fn ask(
        &self,
        body: String,
        mut event: impl FnMut(&[u8]) -> Outcome<()>,
    ) -> Outcome<()> {
        let request = Request::post(format!("http://{}/v1/chat/completions", self.address))
            .header("authorization", format!("Bearer {}", self.key))
            .header("content-type", "application/json")
            .body(Full::new(Bytes::from(body)))?;
        let response = self.client.request(request).await?;
        let status = response.status();
        let mut body = response.into_body();
        let mut text = Vec::new();
        while let Some(frame) = body.frame().await {
            let Ok(data) = frame?.into_data() else { continue };
            text.extend_from_slice(&data);
            let mut read = 0;
            while let Some(end) = text[read..].windows(2).position(|two| two == b"\n\n") {
                let line = &text[read..read + end];
                read += end + 2;
                if let Some(data) = line.strip_prefix(b"data: ").filter(|data| data != b"[DONE]") {
                    event(data)?;
                }
            }
            text.drain(..read);
        }
        if status.is_success() {
            return Ok(());
        }
        Err(format!("{status}: {}", String::from_utf8_lossy(&text)).into())
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp(since.as_micros() as u64)
    }

    fn random(&self, buffer: &mut [u8]) {
        if ring::rand::SystemRandom::new().fill(buffer).is_err() {
            std::process::abort();
        }
    }
}
