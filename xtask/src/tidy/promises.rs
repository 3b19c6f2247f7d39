//! Nothing in the repository is promised for later, no merge is half done, and no test is left out
//! without a reason.

use super::Findings;
use super::workspace::Workspace;

/// Looks for words that put work off, and for tests that are skipped without a reason.
pub fn check(workspace: &Workspace) -> Findings {
    let words = WORDS.map(|parts| parts.concat());
    let ours = |file: &str| [".rs", ".md", ".toml", ".py"].iter().any(|end| file.ends_with(end));
    let mut findings = Findings::new();
    for (file, text) in workspace.files.iter().filter(|(file, _)| ours(file)) {
        for (number, line) in text.as_deref().unwrap_or_default().lines().enumerate() {
            if let Some(word) = words.iter().find(|word| holds(line, word)) {
                findings.push(format!("{file}:{}: {word}", number + 1));
            }
            if CONFLICTS
                .iter()
                .any(|mark| line.strip_prefix(mark).is_some_and(|rest| rest.starts_with(' ')))
            {
                findings.push(format!("{file}:{}: left by a merge", number + 1));
            }
        }
    }
    findings
}

/// Whether a line holds a word as a word.
fn holds(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part);
        let after = line[at + word.len()..].chars().next().is_some_and(part);
        !before && !after
    })
}

/// In two parts, so that this file does not find itself.
const WORDS: [[&str; 2]; 5] =
    [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["coming", " soon"], ["#[ig", "nore]"]];

/// With what git marks two sides that it could not join.
const CONFLICTS: [&str; 2] = ["<<<<<<<", ">>>>>>>"];

#[cfg(test)]
mod tests {
    //! Words are found as words.

    use super::holds;

    #[test]
    fn words_are_found_as_words() {
        assert!(holds("// LATER: this", "LATER"));
        assert!(!holds("COLLATERAL", "LATER"));
        assert!(!holds("mktemp LATERXX", "LATER"));
    }
}
