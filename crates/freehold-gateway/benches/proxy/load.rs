//! Load: connections that each send a request, read the answer to its end, and send the next.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{process::Server, scenario::Scenario};

/// What came of one load.
pub struct Load {
    /// Good answers.
    pub answers: u64,
    /// Others.
    pub failures: u64,
    /// How long it took.
    pub time: Duration,
    /// Of each good answer, sorted.
    pub latencies: Vec<Duration>,
}

/// Loads a server for a time.
pub async fn run(server: &Server, scenario: &Scenario, time: Duration) -> Load {
    let request: bytes::Bytes = request(server, scenario).into();
    let begin = Instant::now();
    let tasks: Vec<_> = (0..scenario.connections)
        .map(|_| tokio::spawn(connection(server.address.clone(), request.clone(), begin + time)))
        .collect();
    let mut load = Load { answers: 0, failures: 0, time, latencies: Vec::new() };
    for task in tasks {
        let (latencies, failures) = task.await.unwrap();
        load.failures += failures;
        load.latencies.extend(latencies);
    }
    load.time = begin.elapsed();
    load.answers = load.latencies.len() as u64;
    load.latencies.sort_unstable();
    load
}

fn request(server: &Server, scenario: &Scenario) -> Vec<u8> {
    let body = scenario.body(&server.model);
    let mut head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n",
        server.address,
        body.len()
    );
    for (name, value) in &server.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str("\r\n");
    [head.into_bytes(), body.into_bytes()].concat()
}

async fn connection(
    address: String,
    request: bytes::Bytes,
    until: Instant,
) -> (Vec<Duration>, u64) {
    let mut latencies = Vec::new();
    let mut failures = 0;
    'reconnect: while Instant::now() < until {
        let Ok(mut socket) = TcpStream::connect(&address).await else {
            failures += 1;
            continue;
        };
        socket.set_nodelay(true).unwrap();
        let mut buffer = Vec::with_capacity(1 << 16);
        while Instant::now() < until {
            let begin = Instant::now();
            buffer.clear();
            if socket.write_all(&request).await.is_err() || !answer(&mut socket, &mut buffer).await
            {
                failures += 1;
                continue 'reconnect;
            }
            latencies.push(begin.elapsed());
        }
    }
    (latencies, failures)
}

/// Reads an answer to its end; whether it is a good one.
async fn answer(socket: &mut TcpStream, buffer: &mut Vec<u8>) -> bool {
    let mut end = None;
    loop {
        if !socket.read_buf(buffer).await.is_ok_and(|count| count > 0) {
            return false;
        }
        if end.is_none() {
            end = find(buffer, b"\r\n\r\n").map(|at| (at + 4, length(&buffer[..at])));
        }
        let whole = match end {
            None => false,
            Some((head, Some(length))) => buffer.len() >= head + length,
            Some((_, None)) => buffer.ends_with(b"0\r\n\r\n"),
        };
        if whole {
            // A stream counts only with its end.
            let good = buffer.starts_with(b"HTTP/1.1 200 ");
            return good
                && (find(buffer, b"text/event-stream").is_none()
                    || find(buffer, b"[DONE]").is_some());
        }
    }
}

/// `content-length` of a head; `None` for chunks.
fn length(head: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    let line = text.lines().find_map(|line| line.strip_prefix("content-length:"))?;
    line.trim().parse().ok()
}

fn find(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).position(|window| window == part)
}
