//! Whatever CPython's own readers would look up is found: the names that they ask for, in streams
//! made from a seed, are among those that the scanner follows.

use std::{collections::HashSet, env, path::Path, process::Command};

use freehold_artifact::pickle::{Frames, Reader, follow};

#[derive(serde::Deserialize)]
struct Case {
    stream: String,
    names: Vec<(String, String)>,
}

#[test]
fn what_cpython_looks_up_is_found() {
    let python = env::var("FREEHOLD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let (count, seed) =
        (env_or("FREEHOLD_ORACLE_STREAMS", "3000"), env_or("FREEHOLD_ORACLE_SEED", "5"));
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/find_class.py");
    let output =
        Command::new(python).arg(script).args([&count, &seed]).output().expect("it starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let (mut named, mut missed) = (0, Vec::new());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let case: Case = serde_json::from_str(line).expect("the script's own form");
        let found = found(&bytes(&case.stream));
        for (module, name) in case.names {
            // Longer ones, and those with control characters, are only shown in part.
            // An empty name only Python's older reader makes, at the end of a file.
            let plain = |text: &str| {
                !text.is_empty() && text.len() <= 200 && text.chars().all(|c| c.is_ascii_graphic())
            };
            if plain(&module) && plain(&name) {
                named += 1;
                if !found.contains(&(module.clone(), name.clone())) {
                    missed.push(format!("{module} {name} in {}", case.stream));
                }
            }
        }
    }
    assert!(named > 500, "only {named} names were looked up");
    assert!(
        missed.is_empty(),
        "{} of {named}, as {:#?}",
        missed.len(),
        &missed[..missed.len().min(5)]
    );
}

fn env_or(name: &str, otherwise: &str) -> String {
    env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}

/// As the scanner does: on through frames, and once more where one was crossed.
fn found(stream: &[u8]) -> HashSet<(String, String)> {
    let first = follow(stream, Reader { joblib: false, frames: Frames::Through });
    let mut found: HashSet<_> = first.named.into_iter().collect();
    if first.crossed {
        found.extend(follow(stream, Reader { joblib: false, frames: Frames::Drop }).named);
    }
    found
}

fn bytes(hex: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&hex[at..at + 2], 16).unwrap_or_default();
    (0..hex.len()).step_by(2).map(digit).collect()
}
