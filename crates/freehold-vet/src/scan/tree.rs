//! Lists what is under a path, hidden files too, and follows no link that leads out.

use std::{
    fs,
    path::{Path, PathBuf},
};

use freehold_artifact::{finding::shown, rules, rules::Rule};

use super::ScanError;

pub(super) struct Found {
    pub(super) name: String,
    pub(super) path: PathBuf,
    /// What is said instead of reading it.
    pub(super) instead: Option<(&'static Rule, String)>,
}

pub(super) fn list(path: &Path) -> Result<Vec<Found>, ScanError> {
    let unreadable = |source| ScanError::Read { path: path.to_owned(), source };
    let root = fs::canonicalize(path).map_err(unreadable)?;
    let kind = fs::metadata(&root).map_err(unreadable)?;
    let mut found = Vec::new();
    if kind.is_dir() {
        fs::read_dir(&root).map_err(unreadable)?;
        folder(&root, &root, "", &mut found);
    } else {
        let name = path.file_name().unwrap_or(path.as_os_str());
        let name = shown(name.as_encoded_bytes(), 300);
        let instead = (!kind.is_file()).then(|| (&rules::SPECIAL, "no plain file".to_owned()));
        found.push(Found { name, path: root, instead });
    }
    Ok(found)
}

fn folder(root: &Path, start: &Path, prefix: &str, found: &mut Vec<Found>) {
    let mut waiting = vec![(start.to_owned(), prefix.to_owned())];
    while let Some((folder, prefix)) = waiting.pop() {
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                let instead = Some((&rules::UNREADABLE, error.to_string()));
                found.push(Found { name: prefix, path: folder, instead });
                continue;
            }
        };
        for entry in entries.flatten() {
            let name = format!("{prefix}{}", shown(entry.file_name().as_encoded_bytes(), 300));
            let path = entry.path();
            match judge(root, &path) {
                Kind::Folder => waiting.push((path, format!("{name}/"))),
                Kind::File => found.push(Found { name, path, instead: None }),
                Kind::Instead(rule, what) => {
                    found.push(Found { name, path, instead: Some((rule, what)) });
                }
            }
        }
    }
}

enum Kind {
    Folder,
    File,
    Instead(&'static Rule, String),
}

fn judge(root: &Path, path: &Path) -> Kind {
    let Ok(own) = fs::symlink_metadata(path) else {
        return Kind::Instead(&rules::UNREADABLE, "cannot be read".to_owned());
    };
    if own.is_dir() {
        return Kind::Folder;
    }
    if own.is_file() {
        return Kind::File;
    }
    if !own.is_symlink() {
        return Kind::Instead(&rules::SPECIAL, "a pipe, a socket or a device".to_owned());
    }
    match fs::canonicalize(path) {
        Ok(target) if target.starts_with(root) || within_hub(path, &target) => {
            // A folder reached twice is read once, under its own name.
            if target.is_file() {
                Kind::File
            } else {
                Kind::Instead(&rules::LINK, shown_path(&target))
            }
        }
        Ok(target) => Kind::Instead(&rules::LINK, shown_path(&target)),
        Err(_) => Kind::Instead(&rules::LINK, "it leads nowhere".to_owned()),
    }
}

/// A snapshot of a hub's cache links to `blobs` two folders above (huggingface_hub's layout).
fn within_hub(path: &Path, target: &Path) -> bool {
    let folder =
        path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "snapshots"));
    let blobs =
        folder.and_then(Path::parent).and_then(|home| home.join("blobs").canonicalize().ok());
    blobs.is_some_and(|blobs| target.starts_with(blobs))
}

fn shown_path(path: &Path) -> String {
    format!("leads to {}", shown(path.as_os_str().as_encoded_bytes(), 200))
}
