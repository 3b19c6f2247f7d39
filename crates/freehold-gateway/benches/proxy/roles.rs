//! What this program is when it is started as a server: the mock, the bare proxy, or the gateway,
//! with the mock behind it or with an engine that, like the embedded one, needs no connection each.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_auditlog::{AuditLog, Options};
use freehold_engine::{Engine, ScriptedEngine, Step};
use freehold_engine_remote::{RemoteEngine, RemoteOptions};
use freehold_gateway::{Backend, Gateway, GatewayDeps, GatewayOptions, ModelRoute};
use freehold_policy::{BackendDeclaration, BackendId};
use freehold_store::{KeyGrant, Store};
use freehold_testkit::backend::{Canned, serve_canned};
use freehold_types::{Clock, DataClass, Principal, Residency, Tenancy, Timestamp};
use http::{Request, Response};
use http_body_util::{Either, Full};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioIo},
};
use ring::rand::SecureRandom;
use tokio::net::TcpListener;

/// Plays a role until it is killed.
pub fn run(arguments: &[String]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        match arguments[0].as_str() {
            "mock" => {
                println!("{address}");
                serve_canned(listener, Canned::default()).await;
            }
            "bare" => {
                println!("{address}");
                bare(listener, arguments[1].clone()).await;
            }
            role @ ("gateway" | "embedded") => {
                let engine: Arc<dyn Engine> = match role {
                    "gateway" => remote(&arguments[1]),
                    _ => Arc::new(ScriptedEngine::new(BACKEND, |_| slow())),
                };
                let (gateway, key, _folder) = gateway(engine);
                println!("{address} {key}");
                gateway.serve(listener, std::future::pending()).await.unwrap();
            }
            other => panic!("no role `{other}`"),
        }
    });
}

/// Passes requests and answers on as they come: what HTTP itself takes.
async fn bare(listener: TcpListener, backend: String) {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        let (client, backend) = (client.clone(), backend.clone());
        let service = service_fn(move |mut request: Request<Incoming>| {
            let uri = format!("http://{backend}{}", request.uri().path());
            *request.uri_mut() = uri.parse().unwrap();
            request.headers_mut().remove("host");
            let answer = client.request(request);
            async move {
                Ok::<_, Infallible>(match answer.await {
                    Ok(response) => response.map(Either::Left),
                    Err(error) => {
                        let mut response =
                            Response::new(Either::Right(Full::new(Bytes::from(error.to_string()))));
                        *response.status_mut() = http::StatusCode::BAD_GATEWAY;
                        response
                    }
                })
            }
        });
        tokio::spawn(async move {
            drop(http1::Builder::new().serve_connection(TokioIo::new(socket), service).await);
        });
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros() as u64)
    }

    fn random(&self, buffer: &mut [u8]) {
        ring::rand::SystemRandom::new().fill(buffer).unwrap();
    }
}

/// Everything on, on a log below the build folder: the same disk as everything else.
fn gateway(engine: Arc<dyn Engine>) -> (Gateway, String, tempfile::TempDir) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let store = Store::open(&folder.path().join("store.sqlite")).unwrap();
    let keys = Arc::new(store.clone());
    let log =
        AuditLog::open(&folder.path().join("log"), Options::default(), keys, Arc::clone(&clock))
            .unwrap();
    let grant = KeyGrant::unlimited(Principal("bench".into()), "bench");
    let key = store.create_key(grant, clock.now()).unwrap().secret.to_string();
    let id = BackendId(BACKEND.into());
    let declaration = BackendDeclaration {
        id: id.clone(),
        residency: Residency::Machine,
        tenancy: Tenancy::Single,
        accepts: DataClass::Restricted,
    };
    let gateway = Gateway::new(GatewayDeps {
        options: GatewayOptions::default(),
        log,
        store,
        backends: vec![Backend::new(declaration, engine)],
        models: vec![ModelRoute {
            name: "house".into(),
            backend: id,
            engine_model: "scripted".into(),
        }],
        clock,
    });
    (gateway, key, folder)
}

fn remote(backend: &str) -> Arc<dyn Engine> {
    let options = RemoteOptions::new(BackendId(BACKEND.into()), format!("http://{backend}/v1"));
    Arc::new(RemoteEngine::new(options).unwrap())
}

/// A few words with long pauses between them, half a minute in all.
fn slow() -> Vec<Step> {
    let word = [Step::Say("word ".into()), Step::Wait(Duration::from_secs(5))];
    word.iter().cycle().take(12).cloned().collect()
}

const BACKEND: &str = "mock";
