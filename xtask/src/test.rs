//! `cargo xtask test`: every test of the workspace, with what they need installed before.

use std::io::{BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::Instant;

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::{self, BUILD, TEST};
use crate::witness;

/// Provides, then runs the tests whose name contains the filter (all without one).
pub fn run(rest: &[String]) -> Done {
    let filters = rest.strip_prefix(&["--".to_owned()]).unwrap_or(rest);
    eprintln!("What the tests need:");
    let needs: Vec<_> = BUILD.iter().chain(TEST).collect();
    let mut environment = provision::provide(&needs)?;
    environment.extend(witness::install()?);
    for (name, value) in &environment {
        eprintln!("      {name}={value}");
    }

    let mut cargo = command::cargo();
    cargo.args(["test", "--workspace", "--no-fail-fast", "--"]).args(filters);
    cargo.current_dir(layout::root()).envs(environment).stdout(Stdio::piped());
    let shown = command::shown(&cargo);
    eprintln!("+ {shown}");
    let began = Instant::now();
    let unable = |error| Failure::unable(format!("cannot run `{shown}`: {error}"));
    let mut child = cargo.spawn().map_err(unable)?;
    let mut tally = Tally::default();
    if let Some(stdout) = child.stdout.take() {
        let mut out = std::io::stdout().lock();
        for line in BufReader::new(stdout).lines() {
            let line = line.map_err(unable)?;
            tally.read(&line);
            writeln!(out, "{line}").map_err(unable)?;
        }
    }
    let status = child.wait().map_err(unable)?;
    conclude(&tally, status.success(), filters, began.elapsed().as_secs())
}

fn conclude(tally: &Tally, success: bool, filters: &[String], seconds: u64) -> Done {
    if !tally.failures.is_empty() {
        println!("\nfailed:");
        for name in &tally.failures {
            println!("    {name}");
        }
    }
    println!("\n{} test binaries, {seconds} s", tally.binaries);
    println!("{} passed, {} failed, {} skipped", tally.passed, tally.failed, tally.skipped);
    if !success {
        let text = if tally.failed == 0 { "the tests did not build or did not end" } else { "" };
        return Err(Failure::no(text));
    }
    if tally.passed == 0 {
        return Err(Failure::no(format!("no test ran; nothing is called `{}`", filters.join(" "))));
    }
    Ok(())
}

/// What the test programs said in their closing lines.
#[derive(Default, Debug, PartialEq, Eq)]
struct Tally {
    binaries: u64,
    passed: u64,
    failed: u64,
    skipped: u64,
    failures: Vec<String>,
}

impl Tally {
    fn read(&mut self, line: &str) {
        if let Some(rest) = line.strip_prefix("test result: ") {
            self.binaries += 1;
            let words: Vec<&str> = rest.split_whitespace().collect();
            for pair in words.windows(2) {
                let Ok(number) = pair[0].parse::<u64>() else { continue };
                match pair[1] {
                    "passed;" => self.passed += number,
                    "failed;" => self.failed += number,
                    "ignored;" => self.skipped += number,
                    _ => {}
                }
            }
        } else if let Some(name) =
            line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            self.failures.push(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    //! Reading what cargo's test programs print.

    use super::Tally;

    #[test]
    fn closing_lines_are_added_up() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test one::works ... ok",
            "test one::breaks ... FAILED",
            "test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 7 filtered out; finished in 0.01s",
        ] {
            tally.read(line);
        }
        let failures = vec!["one::breaks".to_owned()];
        assert_eq!(tally, Tally { binaries: 2, passed: 5, failed: 1, skipped: 1, failures });
    }
}
