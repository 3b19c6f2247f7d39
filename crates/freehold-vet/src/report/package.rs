//! The Python package that a model came in: its licence speaks of everything in it. It lies beside
//! the package's folder, so also above what is vetted.

use std::{
    fs,
    path::{Path, PathBuf},
};

use freehold_terms::{Document, Role, role};
use freehold_types::Digest;
use ring::digest::{SHA256, digest};

use super::folders::text;

/// The metadata and legal texts of the package whose record lists this file of weights.
pub(super) fn documents(root: &Path, place: &Path, weights: Option<&String>) -> Vec<Document> {
    let Some(file) = weights.map(|file| root.join(file)) else { return Vec::new() };
    for above in place.ancestors().take(DEEPEST) {
        let Ok(inner) = file.strip_prefix(above) else { continue };
        let listed = format!("{},", inner.display());
        for info in infos(above) {
            let record = text(&info.join("RECORD")).unwrap_or_default();
            if record.lines().any(|line| line.starts_with(&listed)) {
                return read(root, &info);
            }
        }
    }
    Vec::new()
}

fn infos(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let info = |path: &PathBuf| path.extension().is_some_and(|end| end == "dist-info");
    entries.flatten().take(MOST_ENTRIES).map(|entry| entry.path()).filter(info).collect()
}

fn read(root: &Path, info: &Path) -> Vec<Document> {
    let mut paths = vec![info.join("METADATA")];
    for folder in [info.to_owned(), info.join("licenses"), info.join("license_files")] {
        let Ok(entries) = fs::read_dir(folder) else { continue };
        paths.extend(entries.flatten().take(MOST_TEXTS).map(|entry| entry.path()));
    }
    paths.sort();
    paths.dedup();
    let one = |path: &PathBuf| {
        let shown = shown(root, path);
        let role = role(&shown).filter(|it| matches!(it, Role::Package | Role::Licence(_)))?;
        path.symlink_metadata().ok().filter(std::fs::Metadata::is_file)?;
        let text = text(path)?;
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, text.as_bytes()).as_ref());
        Some(Document { path: shown, role, text, digest: Some(Digest::from_bytes(bytes)) })
    };
    paths.iter().filter_map(one).collect()
}

/// The path relative to what is vetted, with `../` where it lies above.
fn shown(root: &Path, path: &Path) -> String {
    let mut up = String::new();
    for above in root.ancestors() {
        if let Ok(rest) = path.strip_prefix(above) {
            return format!("{up}{}", rest.display());
        }
        up.push_str("../");
    }
    path.display().to_string()
}

/// Folders above a model in its package.
const DEEPEST: usize = 6;
/// More packages than anybody installs.
const MOST_ENTRIES: usize = 20_000;
const MOST_TEXTS: usize = 64;
