//! How much of the hostile and of the ordinary files Freehold and the other scanners flag, each on
//! the same folders in the same run, each for a bounded time.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::packages;

/// Makes the hostile files (once), and runs all scanners over them and the ordinary ones.
pub fn run() -> Done {
    let tools = layout::root().join("testdata/vet");
    let hostile = layout::target().join("peers/hostile");
    if !hostile.join("manifest.json").exists() {
        let mut make = Command::new("python3");
        make.arg(tools.join("make_hostile.py")).arg(&hostile).args(["--set", "first"]);
        command::run(&mut make)?;
    }
    let folders = [hostile, tools.join("ordinary")];
    let mut own = command::cargo();
    own.args(["run", "--release", "--package", "freehold-vet", "--example", "score", "--"]);
    command::run(own.args(&folders).current_dir(layout::root()))?;
    for (name, program) in PEERS {
        let list = layout::root().join(format!("xtask/peers/{name}.txt"));
        let python = packages::python(&list, &layout::target().join("peers").join(name))?;
        let program = python.with_file_name(program);
        bounded(&tools.join("score_peers.py"), name, &program, &folders)?;
    }
    Ok(())
}

fn bounded(script: &Path, name: &str, program: &Path, folders: &[PathBuf]) -> Done {
    let begin = Instant::now();
    let mut score = Command::new("timeout");
    score.arg(PATIENCE.as_secs().to_string()).arg("python3").arg(script);
    let status = score.args([name, &program.display().to_string()]).args(folders).status();
    let status = status.map_err(|error| Failure::unable(format!("cannot run {name}: {error}")))?;
    let seconds = begin.elapsed().as_secs_f64();
    match status.success() {
        true => println!("{name}: {seconds:.1} s"),
        false => println!("{name}: did not end well ({status}) after {seconds:.1} s"),
    }
    Ok(())
}

/// By name, and the program in its environment that is run; fickling has a script of ours.
const PEERS: [(&str, &str); 3] =
    [("picklescan", "picklescan"), ("modelscan", "modelscan"), ("fickling", "python")];
const PATIENCE: Duration = Duration::from_secs(180);
