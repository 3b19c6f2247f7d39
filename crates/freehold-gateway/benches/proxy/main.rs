//! The gateway against the limit: a bare proxy made of the same HTTP library, and the mock backend
//! itself, in one run, rounds interleaved, on one machine that also makes the load.
//!
//! `cargo bench -p freehold-gateway --bench proxy [-- --rounds 5 --seconds 2 --peer NAME=HOST:PORT]`
//!
//! `-- --streams 10000` opens that many streams at once instead, and `-- --soak 60` loads the gateway
//! for that many seconds and shows its memory meanwhile.
//!
//! Everything is on: key, labels, policy, tool permits, intent durable before the engine is called
//! and outcome before the answer is released. LiteLLM and Portkey are measured beside it where
//! FREEHOLD_PEER_LITELLM and FREEHOLD_PEER_PORTKEY name them (`cargo xtask bench gateway --peers`).

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking"
)]

mod disk;
mod hold;
mod load;
mod process;
mod report;
mod roles;
mod scenario;

use std::time::Duration;

use process::Server;
use report::Report;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use scenario::SCENARIOS;

fn main() {
    let mut arguments: Vec<String> =
        std::env::args().skip(1).filter(|word| word != "--bench").collect();
    raise_open_files();
    if arguments.first().is_some_and(|word| word == "--role") {
        return roles::run(&arguments.split_off(1));
    }
    let settings = Settings::read(&arguments);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        match (settings.streams, settings.soak) {
            (Some(count), _) => hold::streams(count).await,
            (None, Some(time)) => hold::soak(time).await,
            (None, None) => measure(&settings).await,
        }
    });
}

/// As the program itself does, and beyond the hard limit where that is allowed.
fn raise_open_files() {
    let hard = getrlimit(Resource::Nofile).maximum;
    for most in [hard.map(|hard| hard.max(OPEN_FILES)), hard] {
        if setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most }).is_ok() {
            return;
        }
    }
}

struct Settings {
    rounds: usize,
    time: Duration,
    peers: Vec<(String, String)>,
    streams: Option<usize>,
    soak: Option<Duration>,
}

impl Settings {
    fn read(arguments: &[String]) -> Self {
        let mut settings = Self {
            rounds: 5,
            time: Duration::from_secs(2),
            peers: Vec::new(),
            streams: None,
            soak: None,
        };
        for pair in arguments.chunks(2) {
            let value = pair.get(1).map(String::as_str).unwrap_or_default();
            match pair[0].as_str() {
                "--rounds" => settings.rounds = value.parse().unwrap(),
                "--seconds" => settings.time = Duration::from_secs_f64(value.parse().unwrap()),
                "--streams" => settings.streams = Some(value.parse().unwrap()),
                "--soak" => {
                    settings.soak = Some(Duration::from_secs_f64(value.parse().unwrap()));
                }
                "--peer" => {
                    let (name, address) = value.split_once('=').unwrap();
                    settings.peers.push((name.to_owned(), address.to_owned()));
                }
                other => panic!(
                    "no option `{other}`: --rounds, --seconds, --peer NAME=HOST:PORT, --streams, --soak"
                ),
            }
        }
        settings
    }
}

async fn measure(settings: &Settings) {
    let mock = Server::start("mock", &[]);
    let bare = Server::start("bare", &[&mock.address]);
    let gateway = Server::start("gateway", &[&mock.address]);
    let mut servers = vec![mock, bare, gateway];
    let mock = servers[0].address.clone();
    servers.extend(settings.peers.iter().map(|(name, address)| Server::running(name, address)));
    servers.extend(process::peers(&mock).await);
    for server in &mut servers {
        load::run(server, &SCENARIOS[0], Duration::from_millis(300)).await;
        server.note_idle_memory();
    }
    let mut report = Report::default();
    for round in 0..settings.rounds {
        report.add_sync(disk::median_sync());
        for (place, scenario) in SCENARIOS.iter().enumerate() {
            for server in &servers {
                let before = server.cpu();
                let load = load::run(server, scenario, settings.time).await;
                report.add(place, &server.name, load, server.cpu().saturating_sub(before));
            }
        }
        println!("round {} of {}", round + 1, settings.rounds);
    }
    report.print(&servers);
}

/// Enough for both ends of 10,000 streams in one process.
const OPEN_FILES: u64 = 65_536;
