//! `kill -9` at random moments: whatever the dead process had acknowledged is in the log.
//!
//! The test program starts itself as a child, which appends from several threads and reports each
//! acknowledged entry on its standard output. `FREEHOLD_KILLS` sets how often it is killed.

// Tests panic when they fail, and this one's child speaks through its standard output.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]

use std::{
    env,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use freehold_auditlog::{Body, Known, Proof, verify};

#[path = "support/kit.rs"]
mod kit;

fn main() {
    match env::args().collect::<Vec<_>>().as_slice() {
        [_, role, folder, round] if role == "child" => {
            child(Path::new(folder), round.parse().unwrap())
        }
        // What the test harness would print when asked for a list.
        arguments if arguments.iter().any(|argument| argument == "--list") => {}
        _ => parent(),
    }
}

fn child(folder: &Path, round: u64) {
    let log = Arc::new(kit::open(folder, Duration::from_millis(5), 64 << 10));
    println!("ready 0 0");
    let threads: Vec<_> = (0..4u8)
        .map(|writer| {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for number in (round * 1_000_000).. {
                    let id = kit::id(writer, number);
                    let input = vec![writer; 200 + (number % 3000) as usize];
                    let receipt = log.append_wait(kit::intent(id, &input)).unwrap();
                    let line = format!("{writer} {number} {}\n", receipt.sequence());
                    std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

fn parent() {
    let kills: u64 = env::var("FREEHOLD_KILLS").map_or(20, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged = Vec::new();
    for round in 0..kills {
        let mut child = Command::new(env::current_exe().unwrap())
            .arg("child")
            .arg(folder.path())
            .arg(round.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert_eq!(lines.next().unwrap().unwrap(), "ready 0 0", "round {round} opens");
        // Moments spread over checkpoints, rotations and commits.
        thread::sleep(Duration::from_micros(500 + round * 7919 % 60_000));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            let numbers: Vec<u64> = line.split(' ').filter_map(|text| text.parse().ok()).collect();
            // The last line may be cut: then its number is not certain.
            if let [writer, number, sequence] = numbers[..] {
                acknowledged.push((writer as u8, number, sequence));
            }
        }
        check(folder.path(), &acknowledged, round);
    }
    assert!(acknowledged.len() as u64 > kills, "the children did append");
    println!("{kills} kills, {} acknowledged, none lost", acknowledged.len());
}

fn check(folder: &Path, acknowledged: &[(u8, u64, u64)], round: u64) {
    let log = kit::open(folder, Duration::from_secs(3600), 64 << 10);
    // Those of the last round one by one; the signed root speaks for the rest.
    let recent = acknowledged.iter().filter(|(_, number, _)| number / 1_000_000 == round);
    for (writer, number, sequence) in recent {
        let view = log.show(kit::id(*writer, *number)).unwrap();
        assert_eq!(view.entries.len(), 1, "round {round}: {number} twice");
        assert_eq!(view.entries[0].sequence, *sequence);
        let input = vec![*writer; 200 + (number % 3000) as usize];
        assert_eq!(view.entries[0].body, Body::Opened(input), "round {round}");
        assert!(matches!(view.entries[0].proof, Proof::Included { .. }));
    }
    log.close();
    let report = verify(&folder.join("log"), &Known::default()).unwrap();
    let last = acknowledged.iter().map(|(_, _, sequence)| sequence + 1).max().unwrap_or(0);
    assert!(report.entries >= last, "round {round}: {} of {last}", report.entries);
}
