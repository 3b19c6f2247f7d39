//! What a machine needs before it can build and test, found by trying and installed by asking.
//!
//! A need is *tested*, not looked up: a C++ compiler is one that compiles, libclang is one that has
//! its headers beside it. What is missing is installed through the system's own package manager.

mod need;
mod probe;
mod system;

use std::io::{BufRead, IsTerminal, Write};

use crate::failure::{Done, Failure};
use crate::witness;
pub use need::{BUILD, TEST};
use need::{Found, Need};
use system::{Manager, Rights};

/// Environment variables that a build or a test needs on this machine.
pub type Environment = Vec<(&'static str, String)>;

/// Sees to it that every need is met, and returns what the next step must find in its environment.
pub fn provide(needs: &[&Need]) -> Result<Environment, Failure> {
    let (environment, missing) = look(needs);
    if missing.is_empty() {
        return Ok(environment);
    }
    install(&missing)?;
    let (environment, missing) = look(&missing);
    match missing.first() {
        None => look_quietly(needs, environment),
        Some(need) => Err(Failure::unable(format!(
            "{} is still missing after the installation: {}",
            need.name,
            (need.probe)().err().unwrap_or_default()
        ))),
    }
}

/// `cargo xtask setup`: what building and testing need, and nothing else.
pub fn setup(rest: &[String]) -> Done {
    if let Some(word) = rest.first() {
        return Err(Failure::usage(format!("`setup` takes no argument, and `{word}` is one")));
    }
    let needs: Vec<&Need> = BUILD.iter().chain(TEST).collect();
    let environment = provide(&needs)?;
    witness::install()?;
    for (name, value) in environment {
        eprintln!("      set {name}={value}");
    }
    Ok(())
}

fn look<'a>(needs: &[&'a Need]) -> (Environment, Vec<&'a Need>) {
    let (mut environment, mut missing) = (Environment::new(), Vec::new());
    for need in needs {
        match (need.probe)() {
            Ok(Found { what, environment: more }) => {
                eprintln!("  ok  {}: {what}", need.name);
                environment.extend(more);
            }
            Err(reason) => {
                eprintln!("  --  {}: {reason} ({})", need.name, need.purpose);
                missing.push(*need);
            }
        }
    }
    (environment, missing)
}

/// After an installation the needs that were met before still have their say in the environment.
fn look_quietly(needs: &[&Need], mut environment: Environment) -> Result<Environment, Failure> {
    for need in needs {
        if let Ok(found) = (need.probe)() {
            for pair in found.environment {
                if !environment.contains(&pair) {
                    environment.push(pair);
                }
            }
        }
    }
    Ok(environment)
}

fn install(missing: &[&Need]) -> Done {
    let names: Vec<_> = missing.iter().map(|need| need.name).collect();
    let names = names.join(", ");
    let Some(manager) = Manager::of_this_machine() else {
        return Err(Failure::unable(format!(
            "missing: {names}. No package manager that this program knows (apt-get, dnf, apk, \
             pacman, zypper, brew) was found: please install them, then run the same command again"
        )));
    };
    let packages = manager.packages(missing);
    let rights = Rights::of_this_process(manager);
    let line = manager.line(&packages, &rights);
    eprintln!("\nmissing: {names}. This installs them:\n\n    {line}\n");
    if !agreed(&rights)? {
        return Err(Failure::unable("type the line above, then run the same command again"));
    }
    manager.install(&packages, &rights)
}

/// On a terminal a person decides. Without one we go ahead where we may.
fn agreed(rights: &Rights) -> Result<bool, Failure> {
    if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
        if matches!(rights, Rights::None) {
            return Ok(false);
        }
        eprint!("Run it now? [Y/n] ");
        let unreadable = |error| Failure::unable(format!("cannot read the answer: {error}"));
        std::io::stderr().flush().map_err(unreadable)?;
        let mut answer = String::new();
        std::io::stdin().lock().read_line(&mut answer).map_err(unreadable)?;
        return Ok(matches!(answer.trim().to_lowercase().as_str(), "" | "y" | "yes"));
    }
    Ok(matches!(rights, Rights::Root | Rights::Sudo { asks: false }))
}
