//! Killed without warning at random moments: an admission is there or not, the log verifies, the
//! inventory is what the log says, and what is pulled is whole or not to be seen.
//!
//! `FREEHOLD_VET_KILLS` says how often (12 by default).

use std::{
    fs,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use freehold_testkit::{
    hub::{File, Hub, commit},
    models::{Family, write},
};
use serde_json::Value;

use crate::{
    crash::Random,
    harness::{program, run},
};

#[test]
fn nothing_is_half_written() {
    let kills =
        std::env::var("FREEHOLD_VET_KILLS").map_or(12, |text| text.parse().expect("a number"));
    let home = tempfile::tempdir().expect("a folder");
    let model = home.path().join("tiny");
    write(Family::Qwen2, &model, 7).expect("a tiny model");
    let weights = fs::read(model.join("model.safetensors")).expect("readable");
    let files = [
        ("config.json", File::text("{\"model_type\": \"llama\"}\n")),
        ("model.safetensors", File::large(&weights)),
    ];
    let hub = Hub::serve("a/model", &files).expect("a port");
    let (model, endpoint) = (model.display().to_string(), hub.endpoint());
    let accept = "terms/not-confirmed=made by a test";
    let commands = [
        vec!["vet", &model, "--admit", "--by", "ada", "--accept", accept],
        vec!["vet", "revoke", "tiny", "--by", "eve", "--reason", "a flaw"],
        vec!["pull", "a/model", "--yes", "--endpoint", &endpoint],
    ];
    let data = home.path().join("data").display().to_string();
    let whole = |command: &[&str]| {
        let ran = run(home.path(), &[command, &["--dir", &data]].concat());
        assert!(ran.code < 2, "{command:?}: {}", ran.stderr);
    };
    let lasts = commands.each_ref().map(|command| {
        let begun = Instant::now();
        whole(command);
        begun.elapsed()
    });
    let snapshot = home.path().join(format!("data/models/snapshots/a--model@{}", commit(1)));
    let mut random = Random(0x5eed_0ad1);
    let mut seen = [0; 2];
    for round in 0..kills {
        let which = round % commands.len();
        match which {
            0 if round > 0 => whole(&commands[1]),
            1 => whole(&commands[0]),
            2 => fs::remove_dir_all(home.path().join("data/models")).expect("removed"),
            _ => (),
        }
        let mut command = program(home.path());
        command.args(&commands[which]).args(["--dir", &data]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().expect("the program can be started");
        let last = u64::try_from(lasts[which].as_millis()).expect("short");
        std::thread::sleep(Duration::from_millis(random.below(last + 1)));
        child.kill().expect("it can be killed");
        child.wait().expect("it can be waited for");
        let admitted = holds(home.path(), &data, round);
        if which < 2 {
            seen[usize::from(admitted)] += 1;
        }
        if snapshot.exists() {
            assert_eq!(fs::read(snapshot.join("model.safetensors")).unwrap(), weights);
            assert!(snapshot.with_added_extension("json").is_file(), "round {round}");
        }
    }
    // What was killed is done by the next one, whatever the killed one left.
    commands.iter().for_each(|command| whole(command));
    assert!(snapshot.join("config.json").is_file());
    println!("{kills} kills; after them admitted {} times, not {} times", seen[1], seen[0]);
}

/// Whether the model is admitted, which log and inventory say alike.
fn holds(home: &Path, data: &str, round: usize) -> bool {
    let ask = |command: &[&str]| run(home, &[command, &["--dir", data]].concat());
    let verified = ask(&["audit", "verify"]);
    assert_eq!(verified.code, 0, "round {round}: {}{}", verified.stdout, verified.stderr);
    // The next order, whatever it is, settles what the killed one could not finish.
    let none = ask(&["vet", "revoke", "no-such-model", "--by", "x", "--reason", "y"]);
    assert_eq!(none.code, 1, "round {round}: {}", none.stderr);
    let listed = ask(&["vet", "list", "--json"]).stdout;
    assert_eq!(ask(&["vet", "list", "--rebuild", "--json"]).stdout, listed, "round {round}");
    let tail = ask(&["audit", "tail", "-n", "1000", "--json"]).stdout;
    let mut events = tail.lines().filter_map(|line| {
        let entry: Value = serde_json::from_str(line).expect("JSON");
        let event = entry["recorded"]["event"].as_str()?.to_owned();
        ["model_admitted", "model_revoked"].contains(&event.as_str()).then_some(event)
    });
    let admitted = events.next_back().as_deref() == Some("model_admitted");
    let newest = listed.lines().last().expect("a model");
    let newest: Value = serde_json::from_str(newest).expect("JSON");
    assert_eq!(newest["revoked"].is_null(), admitted, "round {round}: {listed}");
    admitted
}
