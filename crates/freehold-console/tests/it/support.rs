//! A running console and a browser that follows nothing and keeps one cookie.

use std::{borrow::Cow, ops::Deref, sync::Arc};

use bytes::Bytes;
use freehold_auditlog::{AuditLog, Options};
use freehold_catalog::Catalog;
use freehold_console::{
    Console, ConsoleDeps, KeyView, Measure, ModelView, Setting, StateSource, Terminal, WorkerState,
    WorkerView,
};
use freehold_engine::{Call, ModelKind, ScriptedEngine, ServedModel, Step};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_store::{KeyGrant, Store};
use freehold_types::{Clock, DataClass, Digest, Principal, Residency, Tenancy, Timestamp};
use http::{Method, Request, Response, header};
use http_body_util::{BodyExt, Full};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use ring::rand::{SecureRandom, SystemRandom};
use tokio::sync::watch;

/// A console, served.
pub struct House {
    pub tokens: watch::Receiver<String>,
    pub log: AuditLog,
    pub browser: Browser,
    _directory: tempfile::TempDir,
}

/// Something that sends requests and follows nothing.
pub struct Browser {
    pub origin: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

/// A response, read.
pub struct Page {
    pub head: Response<()>,
    pub text: String,
}

/// A model's name as an attacker would choose it.
pub const HOSTILE: &str = "<b id=owned>\"'&";

impl House {
    /// A console whose engine does this.
    pub async fn new(script: impl Fn(&Call) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let store = Store::open(&directory.path().join("store")).unwrap();
        let log = AuditLog::open(
            &directory.path().join("log"),
            Options::default(),
            Arc::new(store.clone()),
            clock.clone(),
        )
        .unwrap();
        let grant = KeyGrant::unlimited(Principal("tester".into()), "console");
        let key = store.create_key(grant, clock.now()).unwrap();
        let served = ServedModel {
            name: HOSTILE.into(),
            kind: ModelKind::Chat,
            digest: Some(Digest::from_bytes([7; 32])),
            template: None,
            engine: "scripted".into(),
            context: None,
        };
        let engine = ScriptedEngine::new("local", script).with_models(vec![served]);
        let id = BackendId("local".into());
        let declaration = BackendDeclaration {
            id: id.clone(),
            residency: Residency::Unknown,
            tenancy: Tenancy::Unknown,
            accepts: DataClass::Internal,
        };
        let gateway = Gateway::new(GatewayDeps {
            options: GatewayOptions::default(),
            log: log.clone(),
            store,
            backends: vec![Backend::new(declaration, Arc::new(engine)).with_logprobs()],
            models: vec![ModelRoute {
                name: HOSTILE.into(),
                backend: id,
                engine_model: HOSTILE.into(),
            }],
            clock: clock.clone(),
        });
        let (console, tokens) = Console::running(
            setting(clock),
            ConsoleDeps {
                gateway,
                log: log.clone(),
                api_key: key.secret.to_string(),
                state: Arc::new(State),
            },
        );
        let origin = serve(console).await;
        Self { tokens, log, browser: Browser::at(origin), _directory: directory }
    }

    /// One that says this.
    pub async fn saying(words: &'static str) -> Self {
        Self::new(move |_| vec![Step::Say(words.into())]).await
    }

    /// The token that signs in now.
    pub fn token(&self) -> String {
        self.tokens.borrow().clone()
    }

    /// Signs in and gives the cookie.
    pub async fn cookie(&self) -> String {
        let form = format!("token={}", self.token());
        let page = self.send(Method::POST, "/sign-in", &[], &form).await;
        let cookie = page.header("set-cookie");
        cookie.split(';').next().unwrap().to_owned()
    }

    /// Gets a page with a cookie.
    pub async fn get(&self, path: &str, cookie: &str) -> Page {
        self.send(Method::GET, path, &[("cookie", cookie)], "").await
    }
}

impl Browser {
    /// One that asks there.
    pub fn at(origin: String) -> Self {
        Self { origin, client: Client::builder(TokioExecutor::new()).build_http() }
    }

    /// Sends a request with these headers beside those of every browser.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        form: &str,
    ) -> Page {
        let mut request = Request::builder().method(&method).uri(format!("{}{path}", self.origin));
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            if !headers.iter().any(|(name, _)| *name == "origin") {
                request = request.header(header::ORIGIN, &self.origin);
            }
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(form.to_owned())).unwrap();
        let (parts, body) = self.client.request(request).await.unwrap().into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Page { head: Response::from_parts(parts, ()), text }
    }
}

impl Deref for House {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.browser
    }
}

impl Page {
    pub fn status(&self) -> u16 {
        self.head.status().as_u16()
    }

    pub fn header(&self, name: &str) -> &str {
        self.head.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// What stands between these two.
    pub fn between(&self, start: &str, end: &str) -> &str {
        let rest = self.text.split_once(start).expect("the page holds the start").1;
        rest.split_once(end).expect("the page holds the end").0
    }
}

/// As in a place that commands have to be told.
pub fn setting(clock: Arc<dyn Clock>) -> Setting {
    let terminal = Terminal { program: "./freehold".into(), directory: Some("'/a b'".into()) };
    let catalog = Cow::Borrowed(Catalog::embedded().unwrap());
    Setting { clock, terminal, hosts: vec!["console.example.org".into()], catalog }
}

/// Serves a console and says where.
pub async fn serve(console: Console) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { console.serve(listener, std::future::pending()).await });
    origin
}

pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
        Timestamp(u64::try_from(since.as_micros()).unwrap())
    }

    fn random(&self, buffer: &mut [u8]) {
        SystemRandom::new().fill(buffer).unwrap();
    }
}

struct State;

impl StateSource for State {
    fn workers(&self) -> Vec<WorkerView> {
        let measure = |name: &str, in_force| Measure {
            name: name.into(),
            in_force,
            evidence: "<i>tried</i>".into(),
        };
        vec![WorkerView {
            model: HOSTILE.into(),
            state: WorkerState::Down("<u>killed</u>".into()),
            pid: None,
            restarts: 3,
            requests: 0,
            jail: vec![measure("no network", true), measure("no programs", false)],
        }]
    }

    fn keys(&self) -> Vec<KeyView> {
        Vec::new()
    }

    fn models(&self) -> Vec<ModelView> {
        vec![ModelView {
            name: HOSTILE.into(),
            chat: true,
            digest: None,
            admission: None,
            backend: "<s>local</s>".into(),
            place: "elsewhere".into(),
            accepts: DataClass::Internal,
        }]
    }
}
