//! When open files run out, connections are refused and the log goes on. In a process of its own,
//! for the limit is the process's.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(dead_code, reason = "other tests use the rest")]

#[path = "it/listening.rs"]
mod listening;
#[path = "it/support.rs"]
mod support;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpStream};

use support::{chat, say, setup};

#[tokio::test]
async fn the_log_keeps_its_files() {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: Some(FILES), ..limit }).unwrap();
    let setup = setup(vec![say("x")]);
    let served = listening::serve(&setup).await;
    let mut sockets = Vec::new();
    for _ in 0..CONNECTIONS {
        sockets.push(TcpStream::connect(served.address).await.unwrap());
    }
    let last = sockets.last_mut().unwrap();
    assert!(!last.read(&mut [0; 16]).await.is_ok_and(|count| count > 0), "it was closed");
    assert!(sockets[0].try_read(&mut [0; 16]).is_err(), "the first one was not");
    let answer = setup.ask(&chat(json!({}))).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    // A checkpoint takes a file.
    while setup.log.status().checkpoint_size < 2 {
        assert_eq!(setup.log.status().failed, None);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    drop(sockets);
    assert_eq!(setup.ask(&chat(json!({}))).await.status, 200);
}

const FILES: u64 = 256;
/// Both ends are in this process: too many for what is not reserved, not for all.
const CONNECTIONS: usize = 110;
