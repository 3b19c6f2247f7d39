//! What the checks look at: the tracked files, and the crates as `cargo metadata` tells them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use super::source::{self, Source};
use crate::command;
use crate::failure::Failure;
use crate::layout;

/// The checkout.
pub struct Workspace {
    /// Its root folder.
    pub root: PathBuf,
    /// Every file that git tracks or would add, relative to the root, as text where it is text.
    pub files: BTreeMap<String, Option<String>>,
    /// Our own crates by name.
    pub crates: BTreeMap<String, Crate>,
    /// Everyone else's, with what cargo says about them.
    pub external: Vec<External>,
    /// Every Rust file, read once.
    pub sources: Vec<Source>,
}

/// A crate of this workspace.
pub struct Crate {
    /// Its folder, relative to the root.
    pub folder: String,
    /// `[package.metadata.freehold] layer`; the chores have none.
    pub layer: Option<u64>,
    /// `[package.metadata.freehold] pure`.
    pub pure: bool,
    /// What it depends on.
    pub dependencies: Vec<Dependency>,
}

/// One line of a crate's dependency tables.
pub struct Dependency {
    /// The crate's real name.
    pub name: String,
    /// Whether only tests use it.
    pub dev: bool,
}

/// A crate from elsewhere.
pub struct External {
    /// Name and version.
    pub name: String,
    /// Where cargo has it from.
    pub source: String,
    /// Its licence expression, if it declares one.
    pub licence: Option<String>,
}

impl Workspace {
    /// Reads the checkout.
    pub fn load() -> Result<Self, Failure> {
        let root = layout::root();
        let files = files(&root)?;
        let metadata = metadata(&root)?;
        let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let (mut crates, mut external) = (BTreeMap::new(), Vec::new());
        for package in packages {
            let name = text(&package["name"]);
            match package["source"].as_str() {
                None => {
                    crates.insert(name, member(package, &root));
                }
                Some(source) => external.push(External {
                    name: format!("{name} {}", text(&package["version"])),
                    source: source.to_owned(),
                    licence: package["license"].as_str().map(str::to_owned),
                }),
            }
        }
        let sources = source::read_all(&files);
        Ok(Self { root, files, crates, external, sources })
    }

    /// The text of a tracked file.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.files.get(file)?.as_deref()
    }

    /// The crate that a file belongs to.
    pub fn crate_of(&self, file: &str) -> Option<&str> {
        let inside = |folder: &str| file.strip_prefix(folder).is_some_and(|f| f.starts_with('/'));
        self.crates.iter().find(|(_, one)| inside(&one.folder)).map(|(name, _)| name.as_str())
    }
}

fn member(package: &Value, root: &Path) -> Crate {
    let manifest = PathBuf::from(text(&package["manifest_path"]));
    let folder = manifest.parent().and_then(|folder| folder.strip_prefix(root).ok());
    let settings = &package["metadata"]["freehold"];
    let dependencies = package["dependencies"].as_array().into_iter().flatten();
    let dependencies = dependencies
        .map(|one| Dependency { name: text(&one["name"]), dev: one["kind"] == "dev" })
        .collect();
    Crate {
        folder: folder.map(|folder| folder.display().to_string()).unwrap_or_default(),
        layer: settings["layer"].as_u64(),
        pure: settings["pure"] == true,
        dependencies,
    }
}

fn files(root: &Path) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let mut git = Command::new("git");
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let list = command::output(&mut git)
        .ok_or_else(|| Failure::unable("`git ls-files` does not run; tidy needs a git checkout"))?;
    let names = list.split('\0').filter(|name| !name.is_empty());
    // A file that was removed but not yet from the index is not there to be read.
    let names = names.filter(|name| root.join(name).is_file());
    Ok(names.map(|name| (name.to_owned(), fs::read_to_string(root.join(name)).ok())).collect())
}

fn metadata(root: &Path) -> Result<Value, Failure> {
    let mut cargo = command::cargo();
    cargo.args(["metadata", "--format-version", "1", "--locked"]);
    for platform in PLATFORMS {
        cargo.args(["--filter-platform", platform]);
    }
    let output = cargo
        .current_dir(root)
        .output()
        .map_err(|error| Failure::unable(format!("cannot run cargo metadata: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(Failure::unable(format!("cargo metadata: {}", said.trim())));
    }
    serde_json::from_slice(&output.stdout)
        .map_err(|error| Failure::unable(format!("cargo metadata printed something else: {error}")))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The platforms that are built for; deny.toml names the same.
const PLATFORMS: [&str; 3] =
    ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin"];
