//! A gateway over an engine that answers from a script, to try clients against without a model:
//! `cargo run -p freehold-gateway --example scripted` prints its base address and a key.

use std::{io::Write, sync::Arc};

use freehold_auditlog::{AuditLog, Options};
use freehold_engine::{Call, Engine, EngineError, ScriptedEngine, Step};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_store::{KeyGrant, Store};
use freehold_types::{Clock, DataClass, Principal, Residency, Tenancy, Timestamp};
use ring::rand::SecureRandom;
use serde_json::Value;

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        Timestamp(u64::try_from(since.as_micros()).unwrap_or(u64::MAX))
    }

    fn random(&self, buffer: &mut [u8]) {
        // Without randomness identifiers would repeat, which an example can bear.
        let _ = ring::rand::SystemRandom::new().fill(buffer);
    }
}

/// Calls the first tool where one is required, fills in the schema where one is given, and else
/// says something.
fn script(call: &Call) -> Vec<Step> {
    let body: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let invalid = |reason: &str| {
        let (reason, parameter) = (reason.to_owned(), None);
        let error =
            move || EngineError::Invalid { reason: reason.clone(), parameter: parameter.clone() };
        vec![Step::Fail(Arc::new(error))]
    };
    if !body["messages"].is_array() {
        return invalid("`messages` is not a list");
    }
    if body["tool_choice"] == "required" {
        let name = body["tools"][0]["function"]["name"].as_str().unwrap_or_default();
        return vec![Step::CallTool(name.to_owned(), r#"{"city":"Oslo"}"#.to_owned())];
    }
    if body["response_format"]["type"] == "json_schema" {
        return vec![Step::Say(r#"{"category":"billing","urgent":false}"#.to_owned())];
    }
    ["You ", "will ", "get ", "it ", "by ", "mail."].map(|word| Step::Say(word.to_owned())).to_vec()
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&folder.path().join("store.sqlite"))?;
    let keys = Arc::new(store.clone());
    let log =
        AuditLog::open(&folder.path().join("log"), Options::default(), keys, Arc::clone(&clock))?;
    let grant = KeyGrant::unlimited(Principal("you".into()), "example");
    let key = store.create_key(grant, clock.now())?;
    let id = BackendId("script".into());
    let declaration = BackendDeclaration {
        id: id.clone(),
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Restricted,
    };
    let engine: Arc<dyn Engine> = Arc::new(ScriptedEngine::new("script", script));
    let route = |name: &str, engine_model: &str| ModelRoute {
        name: name.into(),
        backend: id.clone(),
        engine_model: engine_model.into(),
    };
    let gateway = Gateway::new(GatewayDeps {
        options: GatewayOptions::default(),
        log: log.clone(),
        store,
        backends: vec![Backend::new(declaration, engine).with_logprobs().with_usage_in_streams()],
        models: vec![route("house", "scripted"), route("embed", "scripted-embedding")],
        clock,
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "http://{}/v1 {}", listener.local_addr()?, *key.secret)?;
    let stop = async {
        // Without a handler for the signal the process just ends on it.
        let _ = tokio::signal::ctrl_c().await;
    };
    gateway.serve(listener, stop).await?;
    log.close();
    Ok(())
}
