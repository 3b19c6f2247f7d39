//! A gateway over a scripted engine and a log in a temporary folder, and how to ask it.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_auditlog::{AuditLog, EntryKind, EntryView, Options};
use freehold_engine::{Engine, ScriptedEngine, Step};
use freehold_gateway::{AnswerBody, Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_store::{KeyGrant, Store};
use freehold_types::{Clock, DataClass, Principal, RecordId, Residency, Tenancy, Timestamp};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use ring::rand::SecureRandom;
use serde_json::{Value, json};

/// The machine's clock and randomness.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap();
        Timestamp(since.as_micros() as u64)
    }

    fn random(&self, buffer: &mut [u8]) {
        ring::rand::SystemRandom::new().fill(buffer).unwrap();
    }
}

/// A gateway with one backend, `near`, and one key.
pub struct Setup {
    pub gateway: Gateway,
    pub engine: Arc<ScriptedEngine>,
    pub log: AuditLog,
    pub store: Store,
    pub secret: String,
    _folder: tempfile::TempDir,
}

/// An answer, read to its end.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

pub fn say(text: &str) -> Step {
    Step::Say(text.to_owned())
}

/// A gateway whose engine does these steps each time.
pub fn setup(steps: Vec<Step>) -> Setup {
    setup_with(steps, |_| {}, |backend| backend)
}

pub fn setup_with(
    steps: Vec<Step>,
    options: impl FnOnce(&mut GatewayOptions),
    backend: impl FnOnce(Backend) -> Backend,
) -> Setup {
    let engine = Arc::new(ScriptedEngine::new("near", move |_| steps.clone()));
    let mut set = GatewayOptions::default();
    options(&mut set);
    let route = |name: &str, engine_model: &str| ModelRoute {
        name: name.into(),
        backend: BackendId("near".into()),
        engine_model: engine_model.into(),
    };
    let scripted = Arc::clone(&engine);
    let mut setup = setup_on(|log, store| {
        Gateway::new(GatewayDeps {
            options: set,
            log,
            store,
            backends: vec![backend(Backend::new(declaration(), scripted as Arc<dyn Engine>))],
            models: vec![route("house", "scripted"), route("org/embed", "scripted-embedding")],
            clock: Arc::new(SystemClock),
        })
    });
    setup.engine = engine;
    setup
}

/// A log and a store in a new folder, and a gateway made on them.
pub fn setup_on(make: impl FnOnce(AuditLog, Store) -> Gateway) -> Setup {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("store.sqlite")).unwrap();
    let (keys, clock) = (Arc::new(store.clone()), Arc::new(SystemClock));
    let log = AuditLog::open(&folder.path().join("log"), Options::default(), keys, clock).unwrap();
    let gateway = make(log.clone(), store.clone());
    let secret = key(&store, |_| {});
    let engine = Arc::new(ScriptedEngine::new("unused", |_| Vec::new()));
    Setup { gateway, engine, log, store, secret, _folder: folder }
}

/// The backend `near` as its operator declares it.
pub fn declaration() -> BackendDeclaration {
    BackendDeclaration {
        id: BackendId("near".into()),
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Confidential,
    }
}

/// A new key's secret.
pub fn key(store: &Store, change: impl FnOnce(&mut KeyGrant)) -> String {
    let mut grant = KeyGrant::unlimited(Principal("ada".into()), "test");
    change(&mut grant);
    store.create_key(grant, Timestamp(1)).unwrap().secret.to_string()
}

/// A chat body with more fields.
pub fn chat(more: Value) -> Value {
    let mut body = json!({"model": "house", "messages": [{"role": "user", "content": "private"}]});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    body
}

impl Setup {
    pub fn request(&self, path: &str, body: impl ToString) -> Request<Full<Bytes>> {
        Request::post(path)
            .header("authorization", format!("Bearer {}", self.secret))
            .body(Full::new(Bytes::from(body.to_string())))
            .unwrap()
    }

    pub async fn ask(&self, body: &Value) -> Answer {
        self.post("/v1/chat/completions", body).await
    }

    pub async fn post(&self, path: &str, body: impl ToString) -> Answer {
        read(self.gateway.handle(self.request(path, body)).await).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        let request = Request::get(path)
            .header("authorization", format!("Bearer {}", self.secret))
            .body(Full::new(Bytes::new()))
            .unwrap();
        read(self.gateway.handle(request).await).await
    }

    /// The record's entries of a kind.
    pub fn entries(&self, id: RecordId, kind: EntryKind) -> Vec<EntryView> {
        let record = self.log.show(id).unwrap();
        record.entries.into_iter().filter(|entry| entry.kind == kind).collect()
    }

    /// The record's only outcome, waited for: the client may be faster than the log.
    pub async fn outcome(&self, id: RecordId) -> EntryView {
        loop {
            let found = self.log.show(id).map(|record| record.entries).unwrap_or_default();
            let mut ends: Vec<_> =
                found.into_iter().filter(|entry| entry.kind == EntryKind::Outcome).collect();
            assert!(ends.len() <= 1, "one outcome for each request: {ends:?}");
            if let Some(end) = ends.pop() {
                return end;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// The newest record's id.
    pub fn newest(&self) -> RecordId {
        self.log.tail(1).unwrap()[0].id
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }

    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or("-").to_owned()
    }

    pub fn record(&self) -> RecordId {
        self.headers["x-freehold-record"].to_str().unwrap().parse().unwrap()
    }

    /// The payloads of a stream's events.
    pub fn events(&self) -> Vec<String> {
        let mut decoder = freehold_wire::sse::Decoder::new(1 << 20);
        decoder.push(self.text.as_bytes());
        let next = || decoder.next_event().unwrap();
        std::iter::from_fn(next).map(|event| String::from_utf8(event.to_vec()).unwrap()).collect()
    }
}

pub async fn read(response: Response<AnswerBody>) -> Answer {
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answer { status: parts.status.as_u16(), headers: parts.headers, text }
}
