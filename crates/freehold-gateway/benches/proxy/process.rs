//! The servers under load, each a process of its own, and what they take.

use std::{
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use crate::{load, scenario::SCENARIOS};

/// A server; one that was started here is ended here.
pub struct Server {
    /// As it is printed.
    pub name: String,
    /// Host and port.
    pub address: String,
    /// The model to ask for.
    pub model: String,
    /// Headers that its requests need.
    pub headers: Vec<(String, String)>,
    /// Memory after the first requests, in KB.
    pub idle: u64,
    child: Option<Child>,
}

impl Server {
    /// Starts this program in another role; the role prints its address and perhaps a key.
    pub fn start(role: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--role", role]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let mut words = line.split_whitespace();
        let mut server = Self::running(role, words.next().unwrap());
        if let Some(key) = words.next() {
            server.headers.push(("authorization".to_owned(), format!("Bearer {key}")));
        }
        server.child = Some(child);
        server
    }

    /// A server that runs already.
    pub fn running(name: &str, address: &str) -> Self {
        Self {
            name: name.to_owned(),
            address: address.to_owned(),
            model: "house".to_owned(),
            headers: Vec::new(),
            idle: 0,
            child: None,
        }
    }

    /// Processor time so far.
    pub fn cpu(&self) -> Duration {
        let Some(child) = &self.child else { return Duration::ZERO };
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap();
        // Fields 14 and 15 of proc(5), counted after the name, which may hold spaces.
        let rest = stat.rsplit_once(')').unwrap().1;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        let ticks: u64 = fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap();
        // Linux shows hundredths of a second on every architecture (USER_HZ).
        Duration::from_millis(ticks * 10)
    }

    /// Notes what it takes now as what it takes idle.
    pub fn note_idle_memory(&mut self) {
        self.idle = self.memory("VmRSS:");
    }

    /// A line of /proc/PID/status in KB: `VmRSS:` now, `VmHWM:` at most.
    pub fn memory(&self, line: &str) -> u64 {
        let Some(child) = &self.child else { return 0 };
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let found = status.lines().find_map(|text| text.strip_prefix(line)).unwrap();
        found.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// LiteLLM and Portkey before the mock, where they are installed.
pub async fn peers(mock: &str) -> Vec<Server> {
    let mut peers = Vec::new();
    if let Some(program) = std::env::var_os("FREEHOLD_PEER_LITELLM") {
        let address = free_address();
        let config = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("litellm.yaml");
        let text = format!(
            "model_list:\n  - model_name: house\n    litellm_params:\n      model: openai/mock\n      api_base: http://{mock}/v1\n      api_key: none\n"
        );
        std::fs::write(&config, text).unwrap();
        let mut command = Command::new(program);
        command.arg("--config").arg(config).args(["--host", "127.0.0.1", "--port", port(&address)]);
        // It does not start without a key.
        command.env("LITELLM_MASTER_KEY", LITELLM_KEY);
        let mut server = Server::running("litellm", &address);
        server.headers.push(("authorization".to_owned(), format!("Bearer {LITELLM_KEY}")));
        peers.push((server, command));
    }
    if let Some(script) = std::env::var_os("FREEHOLD_PEER_PORTKEY") {
        let address = free_address();
        let mut command = Command::new("node");
        command.arg(script).arg(format!("--port={}", port(&address))).arg("--headless");
        let mut server = Server::running("portkey", &address);
        server.headers = [
            ("x-portkey-provider", "openai"),
            ("x-portkey-custom-host", &format!("http://{mock}/v1")),
            ("authorization", "Bearer none"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
        peers.push((server, command));
    }
    let mut ready = Vec::new();
    for (mut server, mut command) in peers {
        server.child = Some(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        for attempt in 0.. {
            assert!(attempt < 120, "{} does not answer", server.name);
            let load = load::run(&server, &SCENARIOS[1], Duration::from_millis(100)).await;
            if load.answers > 0 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(900)).await;
        }
        ready.push(server);
    }
    ready
}

fn free_address() -> String {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn port(address: &str) -> &str {
    address.rsplit_once(':').unwrap().1
}

const LITELLM_KEY: &str = "sk-0123456789abcdef0123456789abcdef";
