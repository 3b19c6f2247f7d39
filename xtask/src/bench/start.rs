//! Size of the release binary, and the time from typing `freehold up` to its being ready.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::up;

/// Builds, then starts it once in an empty folder and [`STARTS`] times in the same one again.
pub fn run() -> Done {
    let program = up::build()?;
    let size = fs::metadata(&program).map_err(|error| {
        Failure::unable(format!("cannot look at {}: {error}", program.display()))
    })?;
    let folder = layout::target().join("bench-start");
    // What an earlier run left would make the first start a later one.
    let _ = fs::remove_dir_all(&folder);
    let first = start(&program, &folder)?;
    let mut again = Vec::new();
    for _ in 0..STARTS {
        again.push(start(&program, &folder)?);
    }
    again.sort_by_key(|one| one.ready);
    let median = &again[again.len() / 2];
    println!("| release binary | {:.1} MB |", size.len() as f64 / 1e6);
    println!("| first start, empty folder, to ready | {} ms |", first.ready.as_millis());
    println!("| later start, to ready, median of {STARTS} | {} ms |", median.ready.as_millis());
    println!("| resident memory when ready, gateway | {} MB |", median.memory / 1000);
    println!("| resident memory when ready, its worker processes | {} MB |", median.workers / 1000);
    Ok(())
}

struct Start {
    ready: Duration,
    /// Resident kilobytes of the process itself.
    memory: u64,
    /// Resident kilobytes of the processes below it.
    workers: u64,
}

fn start(program: &Path, folder: &Path) -> Result<Start, Failure> {
    let mut up = Command::new(program);
    up.args(["up", "--json", "--listen", "127.0.0.1:0", "--dir"]).arg(folder);
    let unable = |error| Failure::unable(format!("cannot run freehold up: {error}"));
    let began = Instant::now();
    let mut child = up.stdout(Stdio::piped()).spawn().map_err(unable)?;
    let line = first_line(&mut child);
    let ready = began.elapsed();
    let (memory, workers) = resident(child.id());
    // Asked to end, not killed: the next start must find a folder that was left in order.
    command::output(Command::new("kill").args(["-TERM", &child.id().to_string()]));
    let status = child.wait().map_err(unable)?;
    match line {
        Some(line) if line.starts_with('{') => Ok(Start { ready, memory, workers }),
        other => Err(Failure::unable(format!(
            "freehold up was not ready after {} s: it said `{}` and ended with {status}",
            ready.as_secs(),
            other.unwrap_or_default().trim(),
        ))),
    }
}

/// The first line that a program prints, if it comes in time.
pub fn first_line(child: &mut Child) -> Option<String> {
    let stdout = child.stdout.take()?;
    let (send, receive) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        // An unreadable line is no line; the caller reports that.
        let _ = BufReader::new(stdout).read_line(&mut line);
        let _ = send.send(line);
    });
    receive.recv_timeout(PATIENCE).ok()
}

/// Resident kilobytes of a process and of all below it (Linux; nothing elsewhere).
pub fn resident(process: u32) -> (u64, u64) {
    let mut all = vec![process];
    let mut index = 0;
    while let Some(one) = all.get(index) {
        // Each thread lists the processes that it started itself.
        let threads = fs::read_dir(format!("/proc/{one}/task")).into_iter().flatten().flatten();
        for thread in threads {
            let children = fs::read_to_string(thread.path().join("children")).unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        }
        index += 1;
    }
    let sizes: Vec<u64> = all.iter().map(|one| resident_of(*one)).collect();
    let own = sizes.first().copied().unwrap_or(0);
    (own, sizes.iter().skip(1).sum())
}

fn resident_of(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

const STARTS: usize = 5;
const PATIENCE: Duration = Duration::from_secs(300);
