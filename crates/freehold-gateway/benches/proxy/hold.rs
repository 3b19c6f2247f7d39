//! What lasts: many streams open at once, and load for a long time. Both look at memory.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    load,
    process::Server,
    scenario::{SCENARIOS, held},
};

/// Opens this many streams, each of which lasts half a minute, and sees them end. The engine is in
/// the gateway's process: one at the other end of a network would need a file for each.
pub async fn streams(count: usize) {
    let gateway = Server::start("embedded", &[]);
    let before = gateway.memory("VmRSS:");
    let scenario = held(count);
    let holding = load::run(&gateway, &scenario, OPENING);
    let looking = async {
        // The most that were open at any moment.
        let mut most = 0;
        for _ in 0..2 * OPENING.as_secs() {
            tokio::time::sleep(Duration::from_millis(500)).await;
            most = most.max(in_flight(&gateway.address).await);
        }
        (most, gateway.memory("VmRSS:"))
    };
    let (load, (most, held)) = tokio::join!(holding, looking);
    println!(
        "| streams | open at once | ended with [DONE] | failed | MB before | MB while open | KB a stream |"
    );
    println!("|---|---|---|---|---|---|---|");
    println!(
        "| {count} | {most} | {} | {} | {:.1} | {:.1} | {:.1} |",
        load.answers,
        load.failures,
        before as f64 / 1024.0,
        held as f64 / 1024.0,
        held.saturating_sub(before) as f64 / count as f64
    );
}

/// Loads the gateway for this long with everything in turn.
pub async fn soak(time: Duration) {
    let (_mock, gateway) = servers();
    let begin = Instant::now();
    let mut answers = 0;
    println!("| seconds | answers | failures | MB |\n|---|---|---|---|");
    while begin.elapsed() < time {
        let mut failures = 0;
        for scenario in &SCENARIOS {
            let load = load::run(&gateway, scenario, TURN).await;
            answers += load.answers;
            failures += load.failures;
        }
        println!(
            "| {:.0} | {answers} | {failures} | {:.1} |",
            begin.elapsed().as_secs_f64(),
            gateway.memory("VmRSS:") as f64 / 1024.0
        );
    }
}

fn servers() -> (Server, Server) {
    let mock = Server::start("mock", &[]);
    let gateway = Server::start("gateway", &[&mock.address]);
    (mock, gateway)
}

/// What the gateway's own figures say.
async fn in_flight(address: &str) -> usize {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("freehold_requests_in_flight "));
    line.unwrap().parse().unwrap()
}

/// Shorter than the streams, so that each connection opens one.
const OPENING: Duration = Duration::from_secs(20);
const TURN: Duration = Duration::from_secs(1);
