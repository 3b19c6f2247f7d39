//! Lint settings that cargo and clippy do not hold together by themselves.

use std::collections::BTreeSet;

use super::Findings;
use super::workspace::Workspace;

/// Every crate takes the workspace's lints. A pure crate has its own clippy.toml, which *replaces*
/// the root's, so it must repeat it, and must forbid what a pure crate never does.
pub fn check(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    let root = settings(workspace.text("clippy.toml").unwrap_or_default());
    for (name, one) in &workspace.crates {
        let manifest = workspace.text(&format!("{}/Cargo.toml", one.folder)).unwrap_or_default();
        if !manifest.contains("[lints]\nworkspace = true") {
            findings.push(format!("{name} does not take the workspace's lints"));
        }
        let file = format!("{}/clippy.toml", one.folder);
        match workspace.text(&file) {
            None if one.pure => findings.push(format!("{name} is pure and has no clippy.toml")),
            None => {}
            Some(own) => {
                for line in root.difference(&settings(own)) {
                    findings.push(format!("{file} does not repeat `{line}`"));
                }
                for path in FORBIDDEN.iter().filter(|path| one.pure && !own.contains(**path)) {
                    findings.push(format!("{file} does not forbid {path}"));
                }
            }
        }
    }
    findings
}

fn settings(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).collect()
}

const FORBIDDEN: [&str; 12] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::env::var",
    "std::env::args",
    "std::fs::read",
    "std::fs::write",
    "std::fs::File",
    "std::process::Command::new",
    "std::thread::spawn",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
];
