//! Killed without warning, at random moments, under load: what was answered is recorded, the log
//! verifies, and the next start needs nobody's help.
//!
//! `FREEHOLD_KILLS` says how often (12 by default; the benchmark page reports 200).

use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use serde_json::{Value, json};

use crate::harness::{Server, children, request, run, wait_until};

/// Which processes a round kills.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Victim {
    Worker,
    Gateway,
    Both,
}

#[test]
fn nothing_answered_is_lost() {
    let kills = std::env::var("FREEHOLD_KILLS").map_or(12, |text| text.parse().expect("a number"));
    let home = tempfile::tempdir().expect("a folder");
    let mut random = Random(0x5eed_f00d);
    let mut answered = Vec::new();
    let mut server = Server::start(home.path(), &[]);
    for round in 0..kills {
        let victim = [Victim::Worker, Victim::Gateway, Victim::Both][round % 3];
        let load = Load::begin(&server);
        std::thread::sleep(Duration::from_millis(20 + random.below(400)));
        let workers = children(server.pid());
        assert!(!workers.is_empty(), "round {round}: no worker");
        // That of an earlier round may be among the newest entries, too.
        let earlier = newest_restart(home.path());
        if victim != Victim::Gateway {
            workers.iter().for_each(|pid| kill(*pid));
        }
        if victim == Victim::Worker {
            wait_until(Duration::from_secs(60), "the worker answers again", || {
                server.say("house", "Are you there?").is_ok_and(|answer| answer.status == 200)
            });
            wait_until(Duration::from_secs(10), "the restart is recorded", || {
                newest_restart(home.path()).is_some_and(|one| Some(one) != earlier)
            });
            answered.extend(load.end());
        } else {
            server.kill();
            answered.extend(load.end());
            verify(home.path(), round);
            server = Server::start(home.path(), &[]);
        }
    }
    assert_eq!(server.stop(), 0);
    verify(home.path(), kills);
    let entries = entries(home.path());
    let lost: Vec<_> = answered
        .iter()
        .filter(|record| {
            let kinds = entries.get(*record);
            !kinds.is_some_and(|kinds| kinds.contains("intent") && kinds.contains("outcome"))
        })
        .collect();
    println!("{kills} kills, {} answers, {} lost", answered.len(), lost.len());
    assert!(answered.len() >= kills, "the load got only {} answers", answered.len());
    assert!(lost.is_empty(), "answered and not recorded: {lost:?}");
}

/// Clients that ask without pause and remember the records of whole answers.
struct Load {
    stop: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
    answered: Arc<Mutex<Vec<String>>>,
}

impl Load {
    fn begin(server: &Server) -> Self {
        let (stop, answered) = (Arc::new(AtomicBool::new(false)), Arc::default());
        let clients = (0..4)
            .map(|client| {
                let (address, key) = (server.gateway(), server.key.clone());
                let (stop, answered) = (Arc::clone(&stop), Arc::clone(&answered));
                std::thread::spawn(move || ask(&address, &key, client, &stop, &answered))
            })
            .collect();
        Self { stop, clients, answered }
    }

    fn end(self) -> Vec<String> {
        self.stop.store(true, Ordering::Relaxed);
        self.clients.into_iter().for_each(|client| client.join().expect("the client ends"));
        std::mem::take(&mut self.answered.lock().expect("no thread panicked"))
    }
}

fn ask(address: &str, key: &str, client: usize, stop: &AtomicBool, answered: &Mutex<Vec<String>>) {
    let streams = !client.is_multiple_of(2);
    let body = json!({
        "model": "house",
        "messages": [{ "role": "user", "content": format!("Hello from {client}.") }],
        "max_tokens": 4,
        "stream": streams,
    });
    while !stop.load(Ordering::Relaxed) {
        match request(address, "POST", "/v1/chat/completions", key, Some(&body)) {
            // A stream counts as answered when its end came, which only a finished one has.
            Ok(answer) if answer.status == 200 => {
                if !streams || answer.body.contains("data: [DONE]") {
                    answered.lock().expect("no thread panicked").push(answer.record());
                }
            }
            Ok(_) | Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    }
}

fn verify(home: &Path, round: usize) {
    let data = home.join("data").display().to_string();
    let ran = run(home, &["audit", "verify", "--dir", &data]);
    assert_eq!(ran.code, 0, "after round {round}: {}{}", ran.stdout, ran.stderr);
}

/// For each record the kinds of its entries.
fn entries(home: &Path) -> HashMap<String, HashSet<String>> {
    let data = home.join("data").display().to_string();
    let ran = run(home, &["audit", "tail", "-n", "10000000", "--json", "--dir", &data]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let mut entries: HashMap<String, HashSet<String>> = HashMap::new();
    for line in ran.stdout.lines() {
        let entry: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |name: &str| entry[name].as_str().expect("text").to_owned();
        entries.entry(text("id")).or_default().insert(text("kind"));
    }
    entries
}

/// The record of the newest restart of a worker, among the newest entries.
fn newest_restart(home: &Path) -> Option<String> {
    let data = home.join("data").display().to_string();
    let ran = run(home, &["audit", "tail", "-n", NEWEST, "--json", "--dir", &data]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let entries = ran.stdout.lines().rev();
    let mut entries = entries.map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    let newest = entries.find(|entry| entry["recorded"]["event"] == "worker_restarted");
    newest.map(|entry| entry["id"].as_str().expect("text").to_owned())
}

/// More entries than are written between a restart and the next look; reading all takes too long.
const NEWEST: &str = "5000";

fn kill(pid: u32) {
    let status = std::process::Command::new("kill").args(["-9", &pid.to_string()]).status();
    // It may be gone already, between two rounds of a worker that does not come up.
    assert!(status.is_ok());
}

/// The same moments in each run: a linear congruential generator (Knuth's MMIX constants).
pub struct Random(pub u64);

impl Random {
    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
