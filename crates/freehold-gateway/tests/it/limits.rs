//! Who may ask, how much, and how the gateway stops.

use std::time::Duration;

use freehold_engine::Step;
use freehold_types::DataClass;
use http::Request;
use http_body_util::Full;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
};

use crate::support::{Setup, chat, key, read, say, setup, setup_with};

#[tokio::test]
async fn only_known_keys_ask() {
    let mut setup = setup(vec![say("x")]);
    let bare = Request::post("/v1/chat/completions").body(Full::default()).unwrap();
    let answer = read(setup.gateway.handle(bare).await).await;
    assert_eq!((answer.status, answer.code()), (401, "missing_api_key".into()));
    assert!(answer.headers.contains_key("x-request-id"));
    assert!(!answer.headers.contains_key("x-freehold-record"), "nobody to record it under");
    setup.secret.replace_range(20..21, "!");
    for path in ["/v1/chat/completions", "/v1/embeddings"] {
        assert_eq!(setup.post(path, "{}").await.code(), "invalid_api_key");
    }
    assert_eq!(setup.get("/v1/models").await.status, 401);
    assert!(setup.log.tail(1).unwrap().is_empty());
}

#[tokio::test]
async fn refusals_have_codes_and_records() {
    let setup = setup_with(vec![], |options| options.max_body_bytes = 200, |backend| backend);
    for (body, status, code) in [
        ("{".to_owned(), 400, "invalid_json"),
        ("{}".to_owned(), 400, "missing_field"),
        (r#"{"model":"none"}"#.to_owned(), 404, "model_not_found"),
        (r#"{"model":"house","model":"house"}"#.to_owned(), 400, "invalid_json"),
        ("x".repeat(201), 413, "body_too_large"),
    ] {
        let answer = setup.post("/v1/chat/completions", &body).await;
        assert_eq!((answer.status, answer.code()), (status, code.into()), "{body}");
        let outcome = setup.outcome(answer.record()).await;
        assert_eq!(outcome.header["ending"], json!({"refused": {"code": code}}));
    }
    assert_eq!(setup.get("/nowhere").await.code(), "unknown_path");
    assert_eq!(setup.get("/v1/chat/completions").await.status, 405);
}

#[tokio::test]
async fn data_stay_within_their_class() {
    let mut setup = setup(vec![say("x")]);
    let labelled = |setup: &Setup, class: &'static str| {
        let mut request = setup.request("/v1/chat/completions", chat(json!({})));
        request.headers_mut().insert("x-freehold-class", class.parse().unwrap());
        request
    };
    for (class, code) in
        [("restricted", "egress_refused"), ("secret", "unknown_label"), ("confidential", "-")]
    {
        let answer = read(setup.gateway.handle(labelled(&setup, class)).await).await;
        assert_eq!(answer.code(), code, "{class}");
    }
    setup.secret = key(&setup.store, |grant| grant.class_limit = Some(DataClass::Public));
    let answer = setup.ask(&chat(json!({}))).await;
    assert_eq!((answer.status, answer.code()), (403, "class_limit".into()));
    assert_eq!(setup.engine.calls().len(), 1);
}

#[tokio::test]
async fn too_many_at_once_are_told_when_to_come_back() {
    for (all, each, expected) in
        [(1, 9, (503, "gateway_busy")), (9, 1, (429, "rate_limit_exceeded"))]
    {
        let setup = setup_with(
            vec![Step::Wait(Duration::from_secs(600))],
            |options| (options.max_in_flight, options.max_in_flight_per_key) = (all, each),
            |backend| backend,
        );
        let gateway = setup.gateway.clone();
        let request = setup.request("/v1/chat/completions", chat(json!({})));
        let waiting = tokio::spawn(async move { gateway.handle(request).await });
        while setup.engine.running() == 0 {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        let answer = setup.ask(&chat(json!({}))).await;
        assert_eq!((answer.status, answer.code()), (expected.0, expected.1.to_owned()));
        assert_eq!(answer.headers["retry-after"], "1");
        waiting.abort();
    }
}

/// Serves on a free port; the sender stops it.
async fn served(
    setup: &Setup,
) -> (std::net::SocketAddr, oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let gateway = setup.gateway.clone();
    let serving = tokio::spawn(async move {
        gateway.serve(listener, async { drop(stopped.await) }).await.unwrap();
    });
    (address, stop, serving)
}

async fn send(
    address: std::net::SocketAddr,
    setup: &Setup,
    body: &str,
    announced: usize,
) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {announced}\r\n\r\n",
        setup.secret
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body.as_bytes()).await.unwrap();
    socket
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let options = |options: &mut freehold_gateway::GatewayOptions| {
        options.body_timeout = Duration::from_millis(100);
    };
    let setup = setup_with(vec![], options, |backend| backend);
    let (address, _stop, _serving) = served(&setup).await;
    let mut socket = send(address, &setup, "{", 10).await;
    let mut buffer = vec![0; 4096];
    let read = socket.read(&mut buffer).await.unwrap();
    let text = String::from_utf8_lossy(&buffer[..read]);
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("body_too_slow"), "{text}");
}

#[tokio::test]
async fn stopping_finishes_what_is_under_way() {
    let setup = setup(vec![Step::Wait(Duration::from_millis(300)), say("done")]);
    let (address, stop, serving) = served(&setup).await;
    let body = chat(json!({})).to_string();
    let mut socket = send(address, &setup, &body, body.len()).await;
    while setup.engine.running() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop.send(()).unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.contains("done"), "{text}");
    serving.await.unwrap();
    assert_eq!(setup.outcome(setup.newest()).await.header["ending"], json!("finished"));
}

#[tokio::test]
async fn stopping_ends_what_takes_too_long() {
    let setup = setup_with(
        vec![say("begun"), Step::Wait(Duration::from_secs(600))],
        |options| options.shutdown_grace = Duration::from_millis(100),
        |backend| backend,
    );
    let (address, stop, serving) = served(&setup).await;
    let body = chat(json!({"stream": true})).to_string();
    let mut socket = send(address, &setup, &body, body.len()).await;
    while setup.engine.running() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    stop.send(()).unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.contains("begun") && text.contains("gateway_stopping"), "{text}");
    serving.await.unwrap();
    let outcome = setup.outcome(setup.newest()).await;
    assert_eq!(outcome.header["ending"], json!({"truncated": {"by": "shutdown"}}));
}

#[tokio::test]
async fn http_2_is_spoken_too() {
    use http_body_util::BodyExt;
    use hyper_util::{client::legacy::Client, rt::TokioExecutor};
    let setup = setup(vec![say("x"), say("y")]);
    let (address, _stop, _serving) = served(&setup).await;
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let request = setup
        .request(&format!("http://{address}/v1/chat/completions"), chat(json!({"stream": true})));
    let response = client.request(request).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.ends_with(b"data: [DONE]\n\n"), "{body:?}");
}
