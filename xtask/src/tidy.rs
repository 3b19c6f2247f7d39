//! `cargo xtask tidy`: the rules that neither the compiler nor clippy can hold.
//!
//! Each check is one file below, takes the [`Workspace`] and returns what it found wrong. A rule
//! that is not checked here, by a lint or by a test is a wish.

mod dependencies;
mod documents;
mod layers;
mod licence;
mod lints;
mod paths;
mod promises;
mod shape;
mod source;
mod workspace;

use crate::failure::{Done, Failure};
use workspace::Workspace;

/// What one check found wrong, a line each.
type Findings = Vec<String>;

/// Runs every check, says which hold, and fails if one does not.
pub fn run(rest: &[String]) -> Done {
    if let Some(word) = rest.first() {
        return Err(Failure::usage(format!("`tidy` takes no argument, and `{word}` is one")));
    }
    let workspace = Workspace::load()?;
    let mut broken = 0;
    for (rule, check) in CHECKS {
        let findings = check(&workspace);
        println!("  {}  {rule}", if findings.is_empty() { "ok" } else { "--" });
        for finding in &findings {
            println!("        {finding}");
        }
        broken += findings.len();
    }
    println!("{}", shape::figures(&workspace));
    if broken == 0 { Ok(()) } else { Err(Failure::no(format!("{broken} findings"))) }
}

type Check = fn(&Workspace) -> Findings;

const CHECKS: &[(&str, Check)] = &[
    ("a crate depends on its own layer and lower ones only", layers::order),
    ("pure crates depend on pure crates, and nothing below layer 3 is async", layers::purity),
    (
        "every crate takes the workspace's lints; pure crates forbid files, network, clocks",
        lints::check,
    ),
    (
        "every external crate comes from the registry, through [workspace.dependencies]",
        dependencies::sources,
    ),
    ("at most 90 direct dependencies of the product", dependencies::count),
    ("every licence is in the list of deny.toml", dependencies::licences),
    ("every source file says why it exists, and none is called mod.rs", shape::headers),
    ("at most 600 lines a file and 80 a function", shape::sizes),
    ("at most 0.5 panics in 1,000 lines of product code", shape::panics),
    ("no crate holds more than a fifth of the code", shape::shares),
    ("links and named files and tests in documents exist", documents::links),
    ("every verb has its page under docs/reference/cli", documents::verbs),
    (
        "nothing is put off, no merge is half done, and no test is left out without a reason",
        promises::check,
    ),
    ("no file names a path of somebody's machine", paths::check),
];
