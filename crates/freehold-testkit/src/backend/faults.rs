//! Ten ways in which a server fails, byte by byte.

use std::time::Duration;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A way to fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nobody listens.
    Refuses,
    /// The connection closes once the request has come.
    Closes,
    /// 429 with `Retry-After: 17` and a body of its own.
    Busy,
    /// 500 with a body of its own.
    Fails,
    /// Nothing comes.
    Silent,
    /// Two events of a stream, then the connection closes.
    Cuts,
    /// 200 with something that is no JSON.
    Garbage,
    /// 200 with JSON where a stream was asked for.
    NotAStream,
    /// 200 with a body that does not end.
    Endless,
    /// Two events of a stream, then nothing more.
    Stalls,
}

impl Fault {
    /// All ten.
    pub const ALL: [Self; 10] = [
        Self::Refuses,
        Self::Closes,
        Self::Busy,
        Self::Fails,
        Self::Silent,
        Self::Cuts,
        Self::Garbage,
        Self::NotAStream,
        Self::Endless,
        Self::Stalls,
    ];
}

/// Serves a listener until the task is dropped.
pub(super) async fn serve(listener: TcpListener, fault: Fault) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        tokio::spawn(async move {
            // The client may leave at any time; that is what is tested.
            drop(fail(socket, fault).await);
        });
    }
}

async fn fail(mut socket: TcpStream, fault: Fault) -> std::io::Result<()> {
    read_request(&mut socket).await?;
    match fault {
        Fault::Refuses | Fault::Closes => {}
        Fault::Busy => {
            socket.write_all(&whole("429 Too Many Requests\r\nretry-after: 17", BUSY)).await?
        }
        Fault::Fails => socket.write_all(&whole("500 Internal Server Error", FAILED)).await?,
        Fault::Silent => stay(&mut socket).await?,
        Fault::Cuts => socket.write_all(&beginning()).await?,
        Fault::Garbage => socket.write_all(&whole("200 OK", "<html>not found</html>")).await?,
        Fault::NotAStream => socket.write_all(&whole("200 OK", ANSWER)).await?,
        Fault::Endless => {
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"choices\":[],\"x\":\"";
            socket.write_all(head.as_bytes()).await?;
            let piece = vec![b'x'; 1 << 16];
            loop {
                socket.write_all(&piece).await?;
            }
        }
        Fault::Stalls => {
            socket.write_all(&beginning()).await?;
            stay(&mut socket).await?;
        }
    }
    socket.shutdown().await
}

/// Reads head and body, as far as `content-length` tells.
async fn read_request(socket: &mut TcpStream) -> std::io::Result<()> {
    let mut read = Vec::new();
    loop {
        let mut buffer = [0; 4096];
        let count = socket.read(&mut buffer).await?;
        read.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&read).to_lowercase();
        let Some(end) = text.find("\r\n\r\n") else {
            if count == 0 {
                return Ok(());
            }
            continue;
        };
        let length = text[..end]
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .and_then(|value| value.parse::<usize>().ok())
            .unwrap_or(0);
        if count == 0 || read.len() >= end + 4 + length {
            return Ok(());
        }
    }
}

/// Keeps the connection until the client closes it.
async fn stay(socket: &mut TcpStream) -> std::io::Result<()> {
    let mut buffer = [0; 64];
    let left = async { while socket.read(&mut buffer).await.is_ok_and(|count| count > 0) {} };
    drop(tokio::time::timeout(Duration::from_secs(600), left).await);
    Ok(())
}

fn whole(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
        .into_bytes()
}

/// The head of a stream and two of its events, as one chunk.
fn beginning() -> Vec<u8> {
    let length = EVENTS.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n{length:x}\r\n{EVENTS}\r\n")
        .into_bytes()
}

const BUSY: &str =
    r#"{"error":{"message":"theirs","type":"rate_limit_error","code":"their_limit"}}"#;
const FAILED: &str =
    r#"{"error":{"message":"theirs","type":"server_error","code":"their_failure"}}"#;
const ANSWER: &str = r#"{"choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}]}"#;
const EVENTS: &str = "data: {\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"begun\"}}]}\n\n";
