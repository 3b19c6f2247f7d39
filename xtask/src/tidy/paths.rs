//! A repository is the same everywhere: no file may name a path of somebody's machine.

use super::Findings;
use super::workspace::Workspace;

/// Looks for this checkout's own folder, this user's home, and anybody's home but Ada's, whose name
/// stands in examples.
pub fn check(workspace: &Workspace) -> Findings {
    let mut needles = vec![workspace.root.display().to_string()];
    if let Some(home) = std::env::var_os("HOME") {
        needles.push(format!("{}/", home.to_string_lossy().trim_end_matches('/')));
    }
    // A folder at the root of the disk says nothing about anybody.
    needles.retain(|needle| needle.len() > 5);
    let mut findings = Findings::new();
    for (file, text) in &workspace.files {
        for (number, line) in text.as_deref().unwrap_or_default().lines().enumerate() {
            let own = needles.iter().find(|needle| line.contains(needle.as_str())).cloned();
            if let Some(path) = own.or_else(|| home_in(line)) {
                findings.push(format!("{file}:{}: {path}", number + 1));
            }
        }
    }
    findings
}

/// The home folder that a line names, if it does.
fn home_in(line: &str) -> Option<String> {
    HOMES.iter().find_map(|parent| {
        let name = line.split(&parent.concat()).nth(1)?;
        let name = name.split(|c: char| !c.is_ascii_alphanumeric()).next()?;
        (!name.is_empty() && name != "ada").then(|| format!("{}{name}", parent.concat()))
    })
}

/// In two parts, so that this file does not find itself.
const HOMES: [[&str; 2]; 3] = [["/ro", "ot/"], ["/ho", "me/"], ["/Use", "rs/"]];

#[cfg(test)]
mod tests {
    //! Which lines give a home away.

    use super::home_in;

    #[test]
    fn homes_are_found() {
        assert_eq!(home_in(&["see /ho", "me/bob/x"].concat()), Some(["/ho", "me/bob"].concat()));
        assert_eq!(home_in(&["see /ho", "me/ada/x"].concat()), None);
        assert_eq!(home_in("https://example.org/homepage"), None);
    }
}
