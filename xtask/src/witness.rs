//! Other people's clients and verifiers, installed under `target/witness` from pinned lists.
//!
//! They are the outside witnesses of the tests: what Freehold says about itself is checked with
//! programs that nobody here wrote.

use std::path::Path;

use crate::failure::Failure;
use crate::layout;
use crate::packages;
use crate::provision::Environment;

/// Installs what is not installed yet and says where the tests find it.
pub fn install() -> Result<Environment, Failure> {
    let lists = layout::root().join("crates/freehold/tests/witness");
    let home = layout::target().join("witness");
    let python = packages::python(&lists.join("requirements.txt"), &home.join("venv"))?;
    let node = packages::node(&python, &home.join("bin"))?;
    let modules = packages::node_modules(&node, &lists, &home)?;
    let go = python.with_file_name("go");
    Ok(vec![
        ("PATH", path_with(&home.join("bin"))?),
        ("FREEHOLD_NODE", node.display().to_string()),
        ("FREEHOLD_PYTHON", python.display().to_string()),
        ("FREEHOLD_NODE_MODULES", modules.display().to_string()),
        ("FREEHOLD_GO", go.display().to_string()),
    ])
}

fn path_with(folder: &Path) -> Result<String, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    let joined = std::env::join_paths(folders).map_err(|error| {
        Failure::unable(format!("cannot put {} on the path: {error}", folder.display()))
    })?;
    Ok(joined.to_string_lossy().into_owned())
}
