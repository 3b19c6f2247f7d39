//! Sign-offs that no entry of the log can hold, of models with thousands of files: the entry has their
//! digest, and they lie beside the log under it. Written before the entry, so that one that the log
//! names is there; one that it does not name is nobody's.

use std::{
    fs::{self, DirBuilder, File},
    io::{self, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use freehold_types::Digest;

use super::{Acceptance, InventoryError, SignOff};
use crate::admission::digest_of;

impl SignOff {
    /// The whole of it, read from beside the log where the entry cannot hold it.
    ///
    /// # Errors
    /// [`InventoryError`] if it is not there, or not what the log names.
    pub fn whole(&self, folder: &Path) -> Result<SignOff, InventoryError> {
        let Some(digest) = self.beside else { return Ok(self.clone()) };
        let path = place(folder, digest);
        let bytes = fs::read(&path)
            .map_err(|source| InventoryError::Beside { path: path.clone(), source })?;
        if digest_of(&bytes) != digest {
            return Err(InventoryError::Other { path });
        }
        Ok(serde_json::from_slice(&bytes)?)
    }
}

/// What the log's entry says of a sign-off: all of it, where that fits; else what people look for
/// first, and the digest of the rest, which lies in `folder` when this returns.
pub(super) fn keep(folder: &Path, whole: &SignOff) -> Result<SignOff, InventoryError> {
    let bytes = serde_json::to_vec(whole)?;
    if bytes.len() <= FITS {
        return Ok(whole.clone());
    }
    let digest = digest_of(&bytes);
    let path = place(folder, digest);
    write(folder, &path, &bytes)
        .map_err(|source| InventoryError::Beside { path: path.clone(), source })?;
    let accepted = whole.accepted.iter().map(|one| Acceptance {
        files: one.files.iter().take(FEW).cloned().collect(),
        ..one.clone()
    });
    Ok(SignOff {
        files: Vec::new(),
        terms: whole.terms.iter().take(FEW).cloned().collect(),
        accepted: accepted.collect(),
        beside: Some(digest),
        ..whole.clone()
    })
}

fn place(folder: &Path, digest: Digest) -> PathBuf {
    folder.join(format!("{}.json", digest.to_string().replace(':', "-")))
}

/// Whole or not at all, and durable before its name is used.
fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    let new = path.with_extension("new");
    let mut file = File::create(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(folder)?.sync_all()
}

/// Bytes of JSON that surely fit into an entry, whose own fields come on top.
const FITS: usize = 48 << 10;
/// Of what an entry shows as examples.
const FEW: usize = 8;
