//! Documents say what is so: what they link to and name exists.

use std::collections::BTreeSet;

use super::Findings;
use super::workspace::Workspace;

/// Relative links lead somewhere, with their anchors; files and tests named in `code` exist.
pub fn links(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for (file, text) in documents(workspace) {
        let prose = without_blocks(text);
        for (number, line) in prose.iter().enumerate() {
            let place = format!("{file}:{}", number + 1);
            for target in targets(line) {
                if let Some(wrong) = broken_link(workspace, file, target) {
                    findings.push(format!("{place}: {wrong}"));
                }
            }
            for name in line.split('`').skip(1).step_by(2) {
                if let Some(wrong) = broken_name(workspace, name) {
                    findings.push(format!("{place}: {wrong}"));
                }
            }
        }
    }
    findings
}

/// Each verb of the program has a page, and each page a verb.
pub fn verbs(workspace: &Workspace) -> Findings {
    let verbs: BTreeSet<&str> =
        stems(workspace, COMMANDS, ".rs").filter(|verb| !HIDDEN.contains(verb)).collect();
    let pages: BTreeSet<&str> =
        stems(workspace, PAGES, ".md").filter(|page| *page != "index").collect();
    let missing = verbs.difference(&pages).map(|verb| format!("there is no {PAGES}{verb}.md"));
    let left = pages.difference(&verbs).map(|page| format!("{PAGES}{page}.md is about no verb"));
    missing.chain(left).collect()
}

fn documents(workspace: &Workspace) -> impl Iterator<Item = (&str, &str)> {
    let texts = workspace.files.iter().filter(|(file, _)| file.ends_with(".md"));
    texts.filter_map(|(file, text)| Some((file.as_str(), text.as_deref()?)))
}

/// The names of files directly in `folder` that end with `ending`.
fn stems<'a>(
    workspace: &'a Workspace,
    folder: &'a str,
    ending: &'a str,
) -> impl Iterator<Item = &'a str> {
    let inside = workspace.files.keys().filter_map(move |file| file.strip_prefix(folder));
    inside.filter(|file| !file.contains('/')).filter_map(move |file| file.strip_suffix(ending))
}

/// The lines of a document; those of its code blocks are left empty.
fn without_blocks(text: &str) -> Vec<&str> {
    let mut inside = false;
    let keep = |line| {
        let fence = str::trim_start(line).starts_with("```");
        inside ^= fence;
        if inside || fence { "" } else { line }
    };
    text.lines().map(keep).collect()
}

/// The targets of the links `[…](target)` in a line.
fn targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

fn broken_link(workspace: &Workspace, file: &str, target: &str) -> Option<String> {
    if target.contains("://") || target.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = target.split_once('#').unwrap_or((target, ""));
    let path = if path.is_empty() { file.to_owned() } else { joined(file, path) };
    if !exists(workspace, &path) {
        return Some(format!("`{target}` leads nowhere"));
    }
    let headings = workspace.text(&path).filter(|_| !anchor.is_empty() && path.ends_with(".md"))?;
    let headings = without_blocks(headings);
    let found =
        headings.iter().filter(|line| line.starts_with('#')).any(|line| slug(line) == anchor);
    (!found).then(|| format!("`{path}` has no heading for `#{anchor}`"))
}

/// `crates/x/y.rs` must exist; of `crates/x/y.rs::name`, the function too.
fn broken_name(workspace: &Workspace, name: &str) -> Option<String> {
    let (path, function) = name.split_once("::").unwrap_or((name, ""));
    let ours = FOLDERS.iter().any(|folder| path.starts_with(folder));
    if !ours || path.contains(['*', '<', ' ', '…', '{']) {
        return None;
    }
    if !exists(workspace, path.trim_end_matches('/')) {
        return Some(format!("`{path}` does not exist"));
    }
    let function = function.rsplit("::").next().unwrap_or_default();
    let text = workspace.text(path).filter(|_| !function.is_empty())?;
    let defined = [format!("fn {function}("), format!("fn {function}<")];
    let defined = defined.iter().any(|definition| text.contains(definition));
    (!defined).then(|| format!("`{path}` has no function `{function}`"))
}

fn exists(workspace: &Workspace, path: &str) -> bool {
    let below = format!("{path}/");
    workspace.files.contains_key(path)
        || workspace.files.keys().any(|file| file.starts_with(&below))
}

/// `path` as seen from the folder of `file`, without `.` and `..`.
fn joined(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.trim_end_matches('/').split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The anchor that forges make from a heading.
fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = text.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

const COMMANDS: &str = "crates/freehold-cli/src/commands/";
const PAGES: &str = "docs/reference/cli/";
const HIDDEN: [&str; 1] = ["worker"];
const FOLDERS: [&str; 6] = ["crates/", "docs/", "xtask/", "deploy/", "models/", ".ci/"];

#[cfg(test)]
mod tests {
    //! Reading Markdown, as far as it is read.

    use super::{joined, slug, targets, without_blocks};

    #[test]
    fn links_are_found_and_resolved() {
        let line = "see [one](docs/a.md#x) and [two](../b.md), not (c.md)";
        assert_eq!(targets(line).collect::<Vec<_>>(), ["docs/a.md#x", "../b.md"]);
        assert_eq!(joined("docs/a/b.md", "../c.md"), "docs/c.md");
        assert_eq!(joined("README.md", "./docs/"), "docs");
    }

    #[test]
    fn headings_become_anchors() {
        assert_eq!(slug("## What it needs: cmake & `libclang`"), "what-it-needs-cmake--libclang");
    }

    #[test]
    fn code_blocks_are_left_out() {
        assert_eq!(without_blocks("a\n```\n[x](y)\n```\nb"), ["a", "", "", "", "b"]);
    }
}
