//! Many streams open at once, over real connections.

use freehold_gateway::GatewayOptions;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    gated::gated,
    listening::{connect, serve},
    support::chat,
};

#[tokio::test]
async fn a_thousand_open_streams_all_end_in_good_order() {
    // Both ends of each connection are in this process.
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }).unwrap();
    let (setup, gate) = gated(GatewayOptions::default());
    let served = serve(&setup).await;
    let body = chat(json!({"stream": true})).to_string();
    let mut sockets = Vec::new();
    for _ in 0..STREAMS {
        sockets.push(connect(served.address, &setup, &body, body.len()).await);
    }
    let mut texts = vec![Vec::new(); STREAMS];
    for (socket, text) in sockets.iter_mut().zip(&mut texts) {
        while !contains(text, b"begun") {
            assert!(socket.read_buf(text).await.unwrap() > 0, "{}", String::from_utf8_lossy(text));
        }
    }
    assert_eq!(gate.count(), STREAMS, "all are open at once");
    assert_eq!(setup.get("/health").await.status, 200);
    let figures = setup.get("/metrics").await.text;
    assert!(figures.contains(&format!("freehold_requests_in_flight {STREAMS}\n")), "{figures}");
    gate.open();
    for (socket, text) in sockets.iter_mut().zip(&mut texts) {
        while !text.ends_with(b"0\r\n\r\n") {
            assert!(socket.read_buf(text).await.unwrap() > 0, "{}", String::from_utf8_lossy(text));
        }
        assert!(contains(text, b"secret") && contains(text, b"data: [DONE]\n\n"));
        socket.shutdown().await.unwrap();
    }
    let entries = setup.log.tail(2 * STREAMS).unwrap();
    assert_eq!(entries.len(), 2 * STREAMS);
    let finished = entries.iter().filter(|entry| entry.header["ending"] == "finished").count();
    assert_eq!(finished, STREAMS);
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

const STREAMS: usize = 1000;
