//! The layers: who may depend on whom. See "Layers" in ARCHITECTURE.md.

use super::Findings;
use super::workspace::{Crate, Workspace};

/// A crate depends on crates of its own layer and below; the test kit may be used by any test.
pub fn order(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for (name, one) in ours(workspace) {
        let Some(layer) = one.layer else {
            findings.push(format!("{name} has no [package.metadata.freehold] layer"));
            continue;
        };
        for dependency in &one.dependencies {
            let Some(other) = workspace.crates.get(&dependency.name) else { continue };
            let test_kit = dependency.dev && dependency.name == TEST_KIT;
            if other.layer.is_some_and(|other| other > layer) && !test_kit {
                let other = other.layer.unwrap_or_default();
                findings.push(format!(
                    "{name} (layer {layer}) uses {} (layer {other})",
                    dependency.name
                ));
            }
            if dependency.name == TEST_KIT && !dependency.dev {
                findings.push(format!("{name} uses {TEST_KIT} outside its tests"));
            }
        }
    }
    findings
}

/// Layers 0 and 1 are pure and lean on pure crates; async begins at layer 3.
pub fn purity(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for (name, one) in ours(workspace) {
        let layer = one.layer.unwrap_or(u64::MAX);
        if one.pure != (layer <= 1) {
            findings.push(format!("{name}: layers 0 and 1 are pure, and no other"));
        }
        for dependency in one.dependencies.iter().filter(|dependency| !dependency.dev) {
            let ours = workspace.crates.get(&dependency.name);
            if one.pure && ours.is_some_and(|other| !other.pure) {
                findings.push(format!("{name} is pure and {} is not", dependency.name));
            }
            if layer < 3 && ASYNC.contains(&dependency.name.as_str()) {
                findings.push(format!("{name} (layer {layer}) uses {}", dependency.name));
            }
        }
    }
    findings
}

/// The crates of the product and its test kit; the chores stand outside the layers.
fn ours(workspace: &Workspace) -> impl Iterator<Item = (&String, &Crate)> {
    workspace.crates.iter().filter(|(_, one)| one.folder.starts_with("crates/"))
}

const TEST_KIT: &str = "freehold-testkit";
const ASYNC: [&str; 7] =
    ["tokio", "tokio-rustls", "hyper", "hyper-util", "axum", "futures-util", "futures-core"];
