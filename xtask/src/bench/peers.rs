//! Other people's programs, installed under `target/peers` from pinned lists, to be measured in the
//! same run.

mod llama;

use crate::failure::Failure;
use crate::layout;
use crate::packages;
use crate::provision::{self, Environment, TEST};
use crate::witness;

/// Installs the peers of a benchmark and says where it finds them.
pub fn install(benchmark: &str) -> Result<Environment, Failure> {
    match benchmark {
        "engine" => llama::install(),
        "gateway" => gateways(),
        "console" => consoles(),
        "vet" => scanners(),
        _ => Ok(Environment::new()),
    }
}

/// picklescan.
fn scanners() -> Result<Environment, Failure> {
    let needs: Vec<_> = TEST.iter().filter(|need| need.name.starts_with("Python")).collect();
    let mut environment = provision::provide(&needs)?;
    let list = layout::root().join("xtask/peers/picklescan.txt");
    let python = packages::python(&list, &layout::target().join("peers/picklescan"))?;
    let picklescan = python.with_file_name("picklescan");
    environment.push(("FREEHOLD_PEER_PICKLESCAN", picklescan.display().to_string()));
    Ok(environment)
}

/// LiteLLM and Portkey.
fn gateways() -> Result<Environment, Failure> {
    let needs: Vec<_> = TEST.iter().filter(|need| need.name.starts_with("Python")).collect();
    provision::provide(&needs)?;
    let mut environment = witness::install()?;
    let lists = layout::root().join("xtask/peers");
    let home = layout::target().join("peers");
    let python = packages::python(&lists.join("requirements.txt"), &home.join("venv"))?;
    let node = layout::target().join("witness/bin/node");
    let modules = packages::node_modules(&node, &lists, &home)?;
    let litellm = python.with_file_name("litellm");
    let portkey = modules.join("@portkey-ai/gateway/build/start-server.js");
    environment.push(("FREEHOLD_PEER_LITELLM", litellm.display().to_string()));
    environment.push(("FREEHOLD_PEER_PORTKEY", portkey.display().to_string()));
    Ok(environment)
}

/// Evidently UI and Phoenix, each with packages of its own.
fn consoles() -> Result<Environment, Failure> {
    let needs: Vec<_> = TEST.iter().filter(|need| need.name.starts_with("Python")).collect();
    let mut environment = provision::provide(&needs)?;
    let home = layout::target().join("peers/console");
    for (name, variable) in
        [("evidently", "FREEHOLD_PEER_EVIDENTLY"), ("phoenix", "FREEHOLD_PEER_PHOENIX")]
    {
        let list = layout::root().join(format!("xtask/peers/console/{name}.txt"));
        let python = packages::python(&list, &home.join(name))?;
        environment.push((variable, python.with_file_name(name).display().to_string()));
    }
    Ok(environment)
}
