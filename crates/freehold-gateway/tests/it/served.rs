//! What only shows over a connection: how long one is waited for, and how serving stops.

use std::time::Duration;

use freehold_engine::Step;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    listening::{connect, serve},
    support::{chat, say, setup, setup_with},
};

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let options = |options: &mut freehold_gateway::GatewayOptions| {
        options.header_timeout = Duration::from_millis(100);
    };
    let setup = setup_with(vec![say("x")], options, |backend| backend);
    let served = serve(&setup).await;
    for beginning in ["", "P", "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\n", "PRI * HTTP"] {
        let mut socket = TcpStream::connect(served.address).await.unwrap();
        socket.write_all(beginning.as_bytes()).await.unwrap();
        let mut said = String::new();
        // It ends, in order or not, without an answer.
        drop(socket.read_to_string(&mut said).await);
        assert!(!said.contains(" 200 "), "{beginning:?}: {said}");
    }
    // HTTP/2 has its beginning and then asks nothing.
    let mut socket = TcpStream::connect(served.address).await.unwrap();
    socket.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut frames = Vec::new();
    drop(socket.read_to_end(&mut frames).await);
    // One on which a request came in time gets its answer, and is closed when no other follows.
    let body = chat(json!({})).to_string();
    let mut socket = connect(served.address, &setup, &body, body.len()).await;
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 "), "{text}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let options = |options: &mut freehold_gateway::GatewayOptions| {
        options.body_timeout = Duration::from_millis(100);
    };
    let setup = setup_with(vec![], options, |backend| backend);
    let served = serve(&setup).await;
    let mut socket = connect(served.address, &setup, "{", 10).await;
    let mut buffer = vec![0; 4096];
    let read = socket.read(&mut buffer).await.unwrap();
    let text = String::from_utf8_lossy(&buffer[..read]);
    assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    assert!(text.contains("body_too_slow"), "{text}");
}

#[tokio::test]
async fn stopping_finishes_what_is_under_way() {
    let setup = setup(vec![Step::Wait(Duration::from_millis(300)), say("done")]);
    let served = serve(&setup).await;
    let body = chat(json!({})).to_string();
    let mut socket = connect(served.address, &setup, &body, body.len()).await;
    while setup.engine.running() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    served.stop.send(()).unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with("HTTP/1.1 200 ") && text.contains("done"), "{text}");
    served.ended.await.unwrap();
    assert_eq!(setup.outcome(setup.newest()).await.header["ending"], json!("finished"));
}

#[tokio::test]
async fn stopping_ends_what_takes_too_long() {
    let setup = setup_with(
        vec![say("begun"), Step::Wait(Duration::from_secs(600))],
        |options| options.shutdown_grace = Duration::from_millis(100),
        |backend| backend,
    );
    let served = serve(&setup).await;
    let body = chat(json!({"stream": true})).to_string();
    let mut socket = connect(served.address, &setup, &body, body.len()).await;
    while setup.engine.running() == 0 {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    served.stop.send(()).unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.contains("begun") && text.contains("gateway_stopping"), "{text}");
    served.ended.await.unwrap();
    let outcome = setup.outcome(setup.newest()).await;
    assert_eq!(outcome.header["ending"], json!({"truncated": {"by": "shutdown"}}));
}

#[tokio::test]
async fn http_2_is_spoken_too() {
    use http_body_util::BodyExt;
    use hyper_util::{client::legacy::Client, rt::TokioExecutor};
    let setup = setup(vec![say("x"), say("y")]);
    let served = serve(&setup).await;
    let client = Client::builder(TokioExecutor::new()).http2_only(true).build_http();
    let request = setup.request(
        &format!("http://{}/v1/chat/completions", served.address),
        chat(json!({"stream": true})),
    );
    let response = client.request(request).await.unwrap();
    assert_eq!(response.version(), http::Version::HTTP_2);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert!(body.ends_with(b"data: [DONE]\n\n"), "{body:?}");
}
