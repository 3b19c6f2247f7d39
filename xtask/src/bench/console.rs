//! The console without an installation: start to the first page, memory, weight, first paint; and
//! the same of two other programs with pages, in the same run.

use std::collections::HashMap;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::start::{first_line, resident};
use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::{self, Environment, TEST};
use crate::up;
use crate::witness;

/// Starts it [`STARTS`] times, then opens its first page in a browser [`ROUNDS`] times, peers beside
/// it where the environment names them.
pub fn run(environment: &Environment) -> Done {
    let program = up::build()?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let served = Served::ours(&program)?;
        get(&served.address)?;
        starts.push(begun.elapsed());
    }
    starts.sort();
    let ours = Served::ours(&program)?;
    for _ in 0..PAGES {
        get(&ours.address)?;
    }
    let mut served = vec![ours];
    for (name, variable) in PEERS {
        if let Some((_, program)) = environment.iter().find(|(known, _)| *known == variable) {
            served.push(Served::peer(name, Path::new(program))?);
        }
    }
    let painted = paint(&served)?;
    println!(
        "| | first page after the start | memory | first paint, median of {ROUNDS} (rounds) | weight | requests | other hosts asked |"
    );
    println!("|---|---|---|---|---|---|---|");
    for one in &served {
        let Some(page) = painted.get(one.name) else { continue };
        let ready = one.ready.unwrap_or_else(|| starts[starts.len() / 2]);
        let (own, below) = resident(one.child.id());
        println!(
            "| {} | {:.3} s | {:.1} MB | {:.0} ms ({:.0} to {:.0}) | {:.1} kB | {} | {} |",
            one.name,
            ready.as_secs_f64(),
            (own + below) as f64 / 1000.0,
            page.median(),
            page.paint[0],
            page.paint[page.paint.len() - 1],
            page.bytes / 1000.0,
            page.requests,
            page.foreign,
        );
    }
    println!(
        "\nFreehold's start is the median of {STARTS}; a peer was started once. Memory is after {PAGES} pages of Freehold and one run of the browser."
    );
    if let Some(ours) = painted.get(OURS) {
        for (name, page) in painted.iter().filter(|(name, _)| *name != OURS) {
            println!("first paint, Freehold ÷ {name}: {:.2}", ours.median() / page.median());
        }
    }
    Ok(())
}

/// A program that serves pages; it is ended with this value.
struct Served {
    name: &'static str,
    child: Child,
    /// `HOST:PORT`.
    address: String,
    /// How long the first page took; none where it was measured apart.
    ready: Option<Duration>,
}

impl Served {
    fn ours(program: &Path) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(["console", "--json", "--listen", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut child = spawn(&mut command)?;
        let line = first_line(&mut child).unwrap_or_default();
        let ready: Value = serde_json::from_str(&line)
            .map_err(|_| Failure::unable(format!("freehold console said `{}`", line.trim())))?;
        let address = ready["console"].as_str().unwrap_or_default();
        let address = address.trim_start_matches("http://").trim_end_matches('/').to_owned();
        Ok(Self { name: OURS, child, address, ready: None })
    }

    /// In an empty folder of its own, asked until it answers.
    fn peer(name: &'static str, program: &Path) -> Result<Self, Failure> {
        let folder = layout::target().join("bench-console").join(name);
        // What an earlier run left would make this start another one.
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).map_err(|error| {
            Failure::unable(format!("cannot make {}: {error}", folder.display()))
        })?;
        let port = free_port()?;
        let mut command = Command::new(program);
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .current_dir(&folder)
            .env("HOME", &folder);
        // Neither is to tell its makers about this run.
        command.env("DO_NOT_TRACK", "1").env("PHOENIX_TELEMETRY_ENABLED", "false");
        if name == "Phoenix" {
            command
                .arg("serve")
                .env("PHOENIX_HOST", "127.0.0.1")
                .env("PHOENIX_WORKING_DIR", &folder);
            command.env("PHOENIX_PORT", port.to_string());
            command.env("PHOENIX_GRPC_PORT", free_port()?.to_string());
        } else {
            command.args(["ui", "--workspace", "workspace", "--host", "127.0.0.1", "--port"]);
            command.arg(port.to_string());
        }
        let begun = Instant::now();
        let mut served = Self {
            name,
            child: spawn(&mut command)?,
            address: format!("127.0.0.1:{port}"),
            ready: None,
        };
        while get(&served.address).is_err() {
            let ended = served.child.try_wait().ok().flatten();
            if ended.is_some() || begun.elapsed() > PATIENCE {
                return Err(Failure::unable(format!(
                    "{name} did not serve its first page: {ended:?}"
                )));
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        served.ready = Some(begun.elapsed());
        Ok(served)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// What the browser measured of a page.
struct Painted {
    /// Milliseconds to the first contentful paint, least first.
    paint: Vec<f64>,
    bytes: f64,
    requests: u64,
    foreign: usize,
}

impl Painted {
    fn median(&self) -> f64 {
        self.paint[self.paint.len() / 2]
    }
}

fn paint(served: &[Served]) -> Result<HashMap<String, Painted>, Failure> {
    let needs: Vec<_> = TEST.iter().collect();
    let mut environment = provision::provide(&needs)?;
    environment.extend(witness::install()?);
    let node = layout::target().join("witness/bin/node");
    let mut browser = Command::new(node);
    browser.arg(layout::root().join("xtask/peers/console/paint.mjs")).arg(ROUNDS.to_string());
    browser.args(served.iter().map(|one| format!("{}=http://{}/", one.name, one.address)));
    let told = command::output(browser.envs(environment))
        .ok_or_else(|| Failure::unable("the browser did not measure the pages"))?;
    let mut painted = HashMap::new();
    for page in told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
        let mut paint: Vec<f64> =
            page["paint"].as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
        paint.sort_by(f64::total_cmp);
        let name = page["name"].as_str().unwrap_or_default().to_owned();
        if paint.is_empty() {
            return Err(Failure::unable(format!("{name} was never painted")));
        }
        let one = Painted {
            paint,
            bytes: page["bytes"].as_f64().unwrap_or(f64::NAN),
            requests: page["requests"].as_u64().unwrap_or(0),
            foreign: page["foreign"].as_array().map_or(0, Vec::len),
        };
        painted.insert(name, one);
    }
    Ok(painted)
}

/// The whole first page, or why there is none.
fn get(address: &str) -> Done {
    let unable = |error| Failure::unable(format!("no page at {address}: {error}"));
    let mut stream = TcpStream::connect(address).map_err(unable)?;
    stream.set_read_timeout(Some(Duration::from_secs(10))).map_err(unable)?;
    let request = format!("GET / HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(unable)?;
    let mut page = Vec::new();
    stream.read_to_end(&mut page).map_err(unable)?;
    if page.starts_with(b"HTTP/1.1 200") {
        Ok(())
    } else {
        let line = String::from_utf8_lossy(&page).lines().next().unwrap_or_default().to_owned();
        Err(Failure::unable(format!("{address} answers `{line}`")))
    }
}

fn free_port() -> Result<u16, Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|one| one.local_addr());
    let address = listener.map_err(|error| Failure::unable(format!("no free port: {error}")))?;
    Ok(address.port())
}

fn spawn(command: &mut Command) -> Result<Child, Failure> {
    let shown = command::shown(command);
    command.spawn().map_err(|error| Failure::unable(format!("cannot run `{shown}`: {error}")))
}

const OURS: &str = "Freehold";
const PEERS: [(&str, &str); 2] =
    [("Evidently UI", "FREEHOLD_PEER_EVIDENTLY"), ("Phoenix", "FREEHOLD_PEER_PHOENIX")];
const STARTS: usize = 20;
const PAGES: usize = 100;
const ROUNDS: usize = 9;
const PATIENCE: Duration = Duration::from_secs(180);
