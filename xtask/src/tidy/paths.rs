//! A repository is the same everywhere: no file may name a path of somebody's machine.

use super::Findings;
use super::workspace::Workspace;

/// Looks for this checkout's own folder, for home folders, and for this user's.
pub fn check(workspace: &Workspace) -> Findings {
    let mut needles = vec![workspace.root.display().to_string()];
    if let Some(home) = std::env::var_os("HOME") {
        needles.push(format!("{}/", home.to_string_lossy().trim_end_matches('/')));
    }
    needles.extend(HOMES.iter().map(|(parent, child)| format!("{parent}{child}")));
    // A checkout or home at the root of the disk says nothing about anybody.
    needles.retain(|needle| needle.trim_matches('/').contains('/') || needle.len() > 5);
    let mut findings = Findings::new();
    for (file, text) in &workspace.files {
        for (number, line) in text.as_deref().unwrap_or_default().lines().enumerate() {
            if let Some(needle) = needles.iter().find(|needle| line.contains(needle.as_str())) {
                findings.push(format!("{file}:{}: {needle}", number + 1));
            }
        }
    }
    findings
}

/// In two parts, so that this file does not find itself.
const HOMES: [(&str, &str); 3] = [("/ro", "ot/"), ("/ho", "me/"), ("/Use", "rs/")];
