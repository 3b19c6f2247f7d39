//! The console before a scripted engine, with everything else real: gateway, log, store. To look
//! at pages without a model: `cargo run -p freehold-console --example demo`.

#![allow(clippy::print_stdout, reason = "an example speaks to whoever runs it")]

use std::{borrow::Cow, error::Error, sync::Arc, time::Duration};

use freehold_auditlog::{AuditLog, Options};
use freehold_catalog::Catalog;
use freehold_console::{
    AdmissionView, Console, ConsoleDeps, FileView, KeyView, Measure, ModelView, Setting,
    StateSource, Terminal, WorkerState, WorkerView,
};
use freehold_engine::{EngineError, Failure, ModelKind, ScriptedEngine, ServedModel, Step};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_store::{KeyGrant, Store};
use freehold_types::{
    Clock, DataClass, Digest, Principal, RecordId, Residency, Tenancy, Timestamp,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&directory.path().join("store"))?;
    let keys = Arc::new(store.clone());
    let log =
        AuditLog::open(&directory.path().join("log"), Options::default(), keys, clock.clone())?;
    let key =
        store.create_key(KeyGrant::unlimited(Principal("demo".into()), "demo"), clock.now())?;
    let engine =
        ScriptedEngine::new("local", |call| script(&call.body)).with_models(vec![ServedModel {
            name: MODEL.into(),
            kind: ModelKind::Chat,
            digest: Some(digest()),
            template: None,
            engine: "scripted".into(),
            context: None,
        }]);
    let declaration = BackendDeclaration {
        id: BackendId("local".into()),
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Confidential,
    };
    let gateway = Gateway::new(GatewayDeps {
        options: GatewayOptions::default(),
        log: log.clone(),
        store,
        backends: vec![
            Backend::new(declaration, Arc::new(engine)).with_logprobs().with_usage_in_streams(),
        ],
        models: vec![ModelRoute {
            name: MODEL.into(),
            backend: BackendId("local".into()),
            engine_model: MODEL.into(),
        }],
        clock: clock.clone(),
    });
    let terminal = Terminal { program: "freehold".into(), directory: Some("DEMO".into()) };
    let (console, mut tokens) = Console::running(
        Setting {
            clock,
            terminal,
            hosts: Vec::new(),
            catalog: Cow::Borrowed(Catalog::embedded()?),
        },
        ConsoleDeps {
            gateway,
            log: log.clone(),
            api_key: key.secret.to_string(),
            state: Arc::new(Demo),
        },
    );
    let port = std::env::args().nth(1).unwrap_or_else(|| "0".into());
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        loop {
            println!("http://{address}/sign-in?token={}", tokens.borrow_and_update().as_str());
            if tokens.changed().await.is_err() {
                return;
            }
        }
    });
    let interrupted = async { drop(tokio::signal::ctrl_c().await) };
    console.serve(listener, interrupted).await?;
    log.close();
    Ok(())
}

/// Words with waits between them, and something else on demand.
fn script(body: &[u8]) -> Vec<Step> {
    let said = |text: &str| Step::Say(text.into());
    let asked = String::from_utf8_lossy(body);
    if asked.contains("break off") {
        return vec![said("The north gate "), said("opens at "), Step::Cut];
    }
    if asked.contains("no engine") {
        let failure: Failure = Arc::new(|| EngineError::Unavailable("the script says so".into()));
        return vec![Step::Fail(failure)];
    }
    if asked.contains("call a tool") {
        return vec![Step::CallTool("delete_everything".into(), "{}".into())];
    }
    if asked.contains("hostile") {
        return vec![said(
            "<script>document.title='owned'</script><img src=x onerror=alert(1)> & \"quotes\"",
        )];
    }
    let slow = if asked.contains("slowly") { 400 } else { 20 };
    "The north gate opens at 9:40 on Sundays."
        .split_inclusive(' ')
        .flat_map(|word| [said(word), Step::Wait(Duration::from_millis(slow))])
        .collect()
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }

    fn random(&self, buffer: &mut [u8]) {
        use ring::rand::SecureRandom;
        // An example without randomness is of no use to anybody.
        #[allow(clippy::expect_used)]
        ring::rand::SystemRandom::new().fill(buffer).expect("the system gives random bytes");
    }
}

struct Demo;

impl StateSource for Demo {
    fn workers(&self) -> Vec<WorkerView> {
        let measure = |name: &str, in_force, evidence: &str| Measure {
            name: name.into(),
            in_force,
            evidence: evidence.into(),
        };
        vec![WorkerView {
            model: MODEL.into(),
            state: WorkerState::Ready,
            pid: Some(std::process::id()),
            restarts: 0,
            requests: 0,
            jail: vec![
                measure(
                    "no network",
                    true,
                    "a network socket was refused: Operation not permitted",
                ),
                measure(
                    "no programs",
                    true,
                    "starting a program was refused: Operation not permitted",
                ),
                measure(
                    "files while loading: the model only",
                    false,
                    "not available: this kernel has no Landlock",
                ),
            ],
        }]
    }

    fn keys(&self) -> Vec<KeyView> {
        Vec::new()
    }

    fn models(&self) -> Vec<ModelView> {
        vec![ModelView {
            name: MODEL.into(),
            chat: true,
            digest: Some(digest()),
            admission: Some(AdmissionView {
                format: "gguf".into(),
                files: vec![FileView {
                    name: "model.gguf".into(),
                    bytes: 12_340_000,
                    digest: digest(),
                }],
                record: RecordId::new(0, [0; 10]),
            }),
            backend: "local".into(),
            place: "this machine".into(),
            accepts: DataClass::Confidential,
        }]
    }
}

fn digest() -> Digest {
    Digest::from_bytes(*b"a demonstration has no weights!!")
}

const MODEL: &str = "scripted-demo";
