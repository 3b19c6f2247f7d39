//! `cargo xtask up`: from a fresh clone to a running Freehold.

use std::process::Command;

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::{self, BUILD};

/// Provides, builds, runs.
pub fn run(rest: &[String]) -> Done {
    let arguments = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    let program = build()?;
    start(Command::new(program).arg("up").args(arguments))
}

/// The release binary, built with what the machine lacks installed before.
pub fn build() -> Result<std::path::PathBuf, Failure> {
    eprintln!("What the build needs:");
    let needs: Vec<_> = BUILD.iter().collect();
    let environment = provision::provide(&needs)?;
    eprintln!("Building the release binary (a few minutes the first time, seconds after that):");
    let mut build = command::cargo();
    build.args(["build", "--release", "--locked", "--package", "freehold"]);
    command::run(build.current_dir(layout::root()).envs(environment))?;
    Ok(layout::target().join("release").join(format!("freehold{}", std::env::consts::EXE_SUFFIX)))
}

/// The program takes this process's place, so that signals and the exit code are its own.
#[cfg(unix)]
fn start(program: &mut Command) -> Done {
    use std::os::unix::process::CommandExt;
    let shown = command::shown(program);
    eprintln!("+ {shown}");
    let error = program.exec();
    Err(Failure::unable(format!("cannot run `{shown}`: {error}")))
}

#[cfg(not(unix))]
fn start(program: &mut Command) -> Done {
    command::run(program)
}
