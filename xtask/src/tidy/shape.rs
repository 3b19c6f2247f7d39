//! The size and manner of the code.

use std::collections::BTreeMap;

use super::source::Source;
use super::workspace::Workspace;
use super::{Findings, dependencies};

/// Every Rust file opens with `//!`, and `foo.rs` stands beside `foo/`.
pub fn headers(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for source in &workspace.sources {
        // What a compile-fail test feeds the compiler is an example, not a module.
        if !source.header && !source.path.contains("/tests/ui/") {
            findings.push(format!("{} does not open with `//!`", source.path));
        }
        if source.path.ends_with("/mod.rs") {
            findings.push(format!("{} should be the folder's name with .rs", source.path));
        }
    }
    findings
}

/// Files and functions stay short enough to be read in one go.
pub fn sizes(workspace: &Workspace) -> Findings {
    let mut findings = Findings::new();
    for source in &workspace.sources {
        if source.lines > MOST_LINES {
            findings.push(format!("{} has {} lines", source.path, source.lines));
        }
        for function in source.functions.iter().filter(|one| one.lines > MOST_FUNCTION_LINES) {
            let (name, lines) = (&function.name, function.lines);
            findings.push(format!("{}:{}: {name} has {lines} lines", source.path, function.line));
        }
    }
    findings
}

/// `unwrap`, `expect` and their kind in product code; the lints deny them, this counts what was
/// allowed with a reason.
pub fn panics(workspace: &Workspace) -> Findings {
    let product = || workspace.sources.iter().filter(|source| !source.test);
    let panics: usize = product().map(|source| source.panics).sum();
    let code: usize = product().map(|source| source.code).sum();
    if panics * 2000 <= code {
        return Findings::new();
    }
    let places = product().filter(|source| source.panics > 0);
    let mut findings = vec![format!("{panics} in {code} lines")];
    findings.extend(places.map(|source| format!("{}: {}", source.path, source.panics)));
    findings
}

/// Once there is enough code to speak of, no crate is where everything ends up.
pub fn shares(workspace: &Workspace) -> Findings {
    let (total, crates) = per_crate(workspace);
    if total <= SHARES_COUNT_FROM {
        return Findings::new();
    }
    let large = crates.into_iter().filter(|(_, code)| code * 5 > total);
    large.map(|(name, code)| format!("{name}: {code} of {total} lines")).collect()
}

/// A few lines of figures for the end of the report.
pub fn figures(workspace: &Workspace) -> String {
    let (total, crates) = per_crate(workspace);
    let largest = crates.into_iter().max_by_key(|(_, code)| *code).unwrap_or_default();
    let count = |test: bool| workspace.sources.iter().filter(move |source| source.test == test);
    let tests: usize = workspace.sources.iter().map(|source| source.test_code).sum();
    format!(
        "{} crates, {total} lines of product code in {} files, {tests} of tests; \
         largest crate {} with {} %; {} direct dependencies, {} crates in all",
        workspace.crates.len(),
        count(false).count(),
        largest.0,
        largest.1 * 100 / total.max(1),
        dependencies::direct(workspace).len(),
        workspace.external.len(),
    )
}

fn per_crate(workspace: &Workspace) -> (usize, BTreeMap<&str, usize>) {
    let mut crates = BTreeMap::new();
    let product = |source: &&Source| !source.test;
    for source in workspace.sources.iter().filter(product) {
        if let Some(name) = workspace.crate_of(&source.path) {
            *crates.entry(name).or_default() += source.code;
        }
    }
    (crates.values().sum(), crates)
}

const MOST_LINES: usize = 600;
const MOST_FUNCTION_LINES: usize = 80;
const SHARES_COUNT_FROM: usize = 10_000;
