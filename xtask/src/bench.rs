//! `cargo xtask bench`: the figures of docs/benchmarks.md, measured on this machine.

mod console;
mod detection;
pub mod machine;
mod peers;
mod start;

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::{self, BUILD, Environment};

/// Runs the benchmarks named, or all; what stands after `--` is for their programs.
pub fn run(rest: &[String]) -> Done {
    let mut parts = rest.split(|word| word == "--");
    let (own, passed) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (options, names): (Vec<&String>, Vec<&String>) =
        own.iter().partition(|word| word.starts_with("--"));
    if let Some(option) = options.iter().find(|option| **option != "--peers") {
        return Err(Failure::usage(format!("`bench` knows the option --peers, not `{option}`")));
    }
    let (counts, names): (Vec<&String>, Vec<&String>) =
        names.into_iter().partition(|name| name.parse::<u32>().is_ok());
    if !counts.is_empty() && names != ["kills"] {
        return Err(Failure::usage("only `bench kills N` takes a number"));
    }
    if let Some(name) = names.iter().find(|name| !NAMES.contains(&name.as_str())) {
        return Err(Failure::usage(format!(
            "there is no benchmark `{name}`: {}",
            NAMES.join(", ")
        )));
    }
    let needs: Vec<_> = BUILD.iter().collect();
    let mut environment = provision::provide(&needs)?;
    let wanted = |name: &&&str| names.is_empty() || names.iter().any(|one| one == *name);
    if !options.is_empty() {
        for name in NAMES.iter().filter(wanted) {
            environment.extend(peers::install(name)?);
        }
    }
    if let Some(count) = counts.first() {
        environment.push((KILLS.0, (*count).clone()));
    }
    println!("{}", machine::describe());
    for name in NAMES.iter().filter(wanted) {
        println!("\n== {name}");
        match *name {
            "start" => start::run()?,
            "console" => console::run(&environment)?,
            "vet" if !options.is_empty() => {
                program("vet", passed, &environment)?;
                detection::run()?;
            }
            name => program(name, passed, &environment)?,
        }
    }
    Ok(())
}

/// The benchmark programs live with the crate that they measure.
fn program(name: &str, passed: &[String], environment: &Environment) -> Done {
    let Some((_, words)) = PROGRAMS.iter().find(|(one, _)| *one == name) else { return Ok(()) };
    let mut cargo = command::cargo();
    cargo.args(*words).current_dir(layout::root()).envs(environment.iter().cloned());
    if !passed.is_empty() {
        // The test program has words of its own after the dashes already.
        cargo.args((name != "kills").then_some("--")).args(passed);
    }
    let given = environment.iter().any(|(variable, _)| *variable == KILLS.0);
    if name == "kills" && !given && std::env::var_os(KILLS.0).is_none() {
        cargo.env(KILLS.0, KILLS.1);
    }
    command::run(&mut cargo)
}

const NAMES: [&str; 8] = ["engine", "log", "gateway", "start", "console", "kills", "plan", "vet"];

const PROGRAMS: [(&str, &[&str]); 6] = [
    ("vet", &["run", "--release", "--package", "freehold-vet", "--example", "bench"]),
    ("engine", &["run", "--release", "--package", "freehold-engine-local", "--example", "bench"]),
    ("log", &["bench", "--package", "freehold-auditlog"]),
    ("gateway", &["bench", "--package", "freehold-gateway", "--bench", "proxy"]),
    (
        "kills",
        &[
            "test",
            "--release",
            "--package",
            "freehold",
            "--test",
            "it",
            "nothing_answered_is_lost",
            "--",
            "--nocapture",
        ],
    ),
    ("plan", &["run", "--release", "--package", "freehold-plan", "--example", "fit"]),
];

/// How often the test kills; it does so a few times where nobody says.
const KILLS: (&str, &str) = ("FREEHOLD_KILLS", "200");
