//! Lists the plain files of a model's folder, and refuses what leads out of it.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::VetError;

/// A plain file and its name relative to the model's folder, with `/` between parts.
pub(crate) struct Found {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
}

/// Lists the files under `root` (canonical), sorted by name. What begins with a dot (`.git`,
/// `.cache`) is no part of a model: it is neither read nor admitted.
pub(crate) fn files(root: &Path) -> Result<Vec<Found>, VetError> {
    let mut found = Vec::new();
    list(root, root, "", 0, &mut found)?;
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

pub(crate) fn unreadable(path: &Path) -> impl FnOnce(io::Error) -> VetError {
    let path = path.to_owned();
    move |source| VetError::Read { path, source }
}

fn list(
    root: &Path,
    folder: &Path,
    prefix: &str,
    depth: usize,
    found: &mut Vec<Found>,
) -> Result<(), VetError> {
    for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
        let path = entry.map_err(unreadable(folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str()).filter(|name| plain(name));
        let Some(name) = name else {
            return Err(VetError::Name { path });
        };
        if name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{name}");
        let link = fs::symlink_metadata(&path).map_err(unreadable(&path))?.is_symlink();
        let target = fs::canonicalize(&path).map_err(unreadable(&path))?;
        if !target.starts_with(root) {
            return Err(VetError::LeavesFolder { path });
        }
        let kind = fs::metadata(&target).map_err(unreadable(&path))?;
        if found.len() >= MOST_FILES || depth > DEEPEST {
            let path = root.to_owned();
            return Err(VetError::TooMany { path, limit: MOST_FILES, depth: DEEPEST });
        }
        if kind.is_file() {
            found.push(Found { name, path: target });
        } else if kind.is_dir() && !link {
            list(root, &path, &format!("{name}/"), depth + 1, found)?;
        } else {
            return Err(VetError::NotAFile { path });
        }
    }
    Ok(())
}

/// Control characters would let one name look like two lines of the manifest.
fn plain(name: &str) -> bool {
    !name.chars().any(char::is_control)
}

const MOST_FILES: usize = 20_000;
const DEEPEST: usize = 8;
