//! What comes from outside: from where, how much of it, and under which licence.
//!
//! `cargo xtask deny` runs cargo-deny over the same deny.toml where it is installed. It takes
//! minutes to build, so the rules that must hold in every run are held here.

use std::collections::BTreeSet;

use super::workspace::Workspace;
use super::{Findings, licence};

/// Crates come from the registry; nothing is patched; versions stand in one place.
pub fn sources(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for one in &workspace.external {
        if !one.source.starts_with("registry+") {
            findings.push(format!("{} comes from {}", one.name, one.source));
        }
        let name = one.name.split(' ').next().unwrap_or_default();
        if BANNED.contains(&name) {
            findings.push(format!("{} is not used here; see deny.toml", one.name));
        }
    }
    let root = workspace.text("Cargo.toml").unwrap_or_default();
    for line in
        root.lines().filter(|line| line.starts_with("[patch") || line.starts_with("[replace"))
    {
        findings.push(format!("Cargo.toml has a {line} table"));
    }
    for (name, one) in &workspace.crates {
        let manifest = workspace.text(&format!("{}/Cargo.toml", one.folder)).unwrap_or_default();
        for line in own_versions(manifest) {
            findings.push(format!("{name}: `{line}` is not taken from the workspace"));
        }
    }
    findings
}

/// Distinct external crates that the product itself names.
pub fn count(workspace: &Workspace) -> Findings {
    let direct = direct(workspace);
    if direct.len() <= MOST_DIRECT {
        return Findings::new();
    }
    vec![format!("{}: {}", direct.len(), direct.into_iter().collect::<Vec<_>>().join(" "))]
}

/// Every licence expression can be met with the licences that deny.toml allows.
pub fn licences(workspace: &Workspace) -> Findings {
    let allowed = allowed(workspace.text("deny.toml").unwrap_or_default());
    if allowed.is_empty() {
        return vec!["deny.toml has no `allow = [` under [licenses]".to_owned()];
    }
    let mut findings = Findings::new();
    for one in &workspace.external {
        match &one.licence {
            None => findings.push(format!("{} declares no licence", one.name)),
            Some(expression) if !licence::satisfied(expression, &allowed) => {
                findings.push(format!("{} is under `{expression}`", one.name));
            }
            Some(_) => {}
        }
    }
    findings
}

/// The external crates named in `[dependencies]` of the crates that make up the product.
pub fn direct(workspace: &Workspace) -> BTreeSet<&str> {
    let ours = |name: &str| workspace.crates.contains_key(name);
    let product = workspace.crates.values().filter(|one| one.folder.starts_with("crates/"));
    let lines = product.flat_map(|one| one.dependencies.iter());
    lines.filter(|line| !line.dev && !ours(&line.name)).map(|line| line.name.as_str()).collect()
}

/// Lines of a manifest's dependency tables that name a version, path or git source themselves.
fn own_versions(manifest: &str) -> Vec<&str> {
    let (mut inside, mut found) = (false, Vec::new());
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            let names_source =
                ["version", "path", "git"].iter().any(|key| line.contains(&format!("{key} =")));
            let bare = line.split_once('=').is_some_and(|(_, value)| value.trim().starts_with('"'));
            if names_source || bare {
                found.push(line);
            }
        }
    }
    found
}

/// The strings of `allow = [ … ]` in deny.toml.
fn allowed(deny: &str) -> BTreeSet<String> {
    let Some((_, rest)) = deny.split_once("\nallow = [") else { return BTreeSet::new() };
    let list = rest.split_once(']').map_or(rest, |(list, _)| list);
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

const MOST_DIRECT: usize = 90;
const BANNED: [&str; 4] = ["openssl", "openssl-sys", "native-tls", "aws-lc-sys"];

#[cfg(test)]
mod tests {
    //! Reading manifests and deny.toml as text.

    use super::{allowed, own_versions};

    #[test]
    fn own_versions_are_found() {
        let manifest = "[dependencies]\nserde.workspace = true\nhttp = \"1\"\n\
            [dev-dependencies]\nx = { git = \"y\" }\n[features]\ncuda = \"1\"\n";
        assert_eq!(own_versions(manifest), ["http = \"1\"", "x = { git = \"y\" }"]);
    }

    #[test]
    fn the_list_of_licences_is_read() {
        let found = allowed("[licenses]\nallow = [\n  \"MIT\",\n  \"ISC\", # why\n]\n");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["ISC", "MIT"]);
    }
}
