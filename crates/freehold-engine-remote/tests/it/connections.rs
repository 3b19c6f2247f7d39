//! Connections are used again, and those that a server closed are replaced without an error.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};

use freehold_engine::{Engine, Reply, conformance};
use freehold_engine_remote::{RemoteEngine, RemoteOptions};
use freehold_policy::BackendId;
use futures_util::StreamExt;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// A server that closes a connection after `each` answers without having said so.
async fn server(each: usize) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&accepted);
    tokio::spawn(async move {
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            count.fetch_add(1, SeqCst);
            for _ in 0..each {
                let mut request = Vec::new();
                while !request.ends_with(b"}") {
                    assert!(socket.read_buf(&mut request).await.unwrap() > 0);
                }
                let streams = request.windows(6).any(|window| window == b"stream");
                let answer = if streams { STREAM } else { WHOLE };
                socket.write_all(answer.as_bytes()).await.unwrap();
            }
        }
    });
    (url, accepted)
}

async fn ask(engine: &RemoteEngine, stream: bool) {
    let body = if stream { json!({"stream": true}) } else { json!({}) };
    let call = conformance::call("m", &body, Duration::from_secs(60));
    let permit = conformance::permit(engine.backend()).unwrap();
    match engine.chat(permit, call).await.unwrap() {
        Reply::Whole(whole) => assert_eq!(&whole.body[..], b"{}"),
        Reply::Stream(events) => assert_eq!(events.count().await, 1),
    }
}

#[tokio::test]
async fn a_connection_is_used_as_long_as_it_is_open() {
    for (each, connections) in [(6, 1), (2, 3), (1, 6)] {
        let (url, accepted) = server(each).await;
        let engine = RemoteEngine::new(RemoteOptions::new(BackendId("far".into()), url)).unwrap();
        for stream in [false, true, false, false, true, true] {
            ask(&engine, stream).await;
            // What the server closes has to come through first, as between any two requests.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(accepted.load(SeqCst), connections, "after {each} answers each");
    }
}

const WHOLE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
const STREAM: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\na\r\ndata: {}\n\n\r\ne\r\ndata: [DONE]\n\n\r\n0\r\n\r\n";
