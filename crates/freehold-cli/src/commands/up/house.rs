//! The models that come inside the program, so that the first answer needs no download.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use freehold_types::Digest;
use ring::digest::{Context, SHA256, digest};

use super::error::UpError;

/// A model compiled into the program.
pub(crate) struct BuiltIn {
    /// The name under which it is served.
    pub name: &'static str,
    /// Its files, sorted by name.
    files: &'static [(&'static str, &'static [u8])],
}

impl BuiltIn {
    /// Its digest, computed over the compiled-in bytes as the admission computes it over files.
    pub(crate) fn digest(&self) -> Digest {
        let mut manifest = Context::new(&SHA256);
        manifest.update(b"freehold-manifest/v1\n");
        for (name, bytes) in self.files {
            let file = as_digest(&digest(&SHA256, bytes));
            manifest.update(format!("{file} {} {name}\n", bytes.len()).as_bytes());
        }
        as_digest(&manifest.finish())
    }
}

/// Writes the model's files into a folder that its digest names, unless they are there; returns
/// the folder. Whoever loads it admits it, and thereby checks every byte.
pub(crate) fn unpack(model: &BuiltIn, models: &Path) -> Result<PathBuf, UpError> {
    let folder = models.join(model.digest().to_string().replace(':', "-"));
    let complete = model.files.iter().all(|(name, bytes)| {
        fs::metadata(folder.join(name)).is_ok_and(|found| found.len() == bytes.len() as u64)
    });
    if !complete {
        write(model, models, &folder)
            .map_err(|source| UpError::Write { path: folder.clone(), source })?;
    }
    Ok(folder)
}

/// Writes beside, then renames, so that a folder of this name is always whole.
fn write(model: &BuiltIn, models: &Path, folder: &Path) -> io::Result<()> {
    let beside = models.join("unpacking");
    for old in [&beside, &folder.to_owned()] {
        if old.exists() {
            fs::remove_dir_all(old)?;
        }
    }
    fs::create_dir(&beside)?;
    for (name, bytes) in model.files {
        fs::write(beside.join(name), bytes)?;
        fs::File::open(beside.join(name))?.sync_all()?;
    }
    fs::rename(&beside, folder)
}

fn as_digest(found: &ring::digest::Digest) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(found.as_ref());
    Digest::from_bytes(bytes)
}

macro_rules! file {
    ($model:literal, $name:literal) => {
        ($name, include_bytes!(concat!("../../../../../models/", $model, "/", $name)).as_slice())
    };
}

/// A folder of `models/`, served under its own name.
macro_rules! built_in {
    ($model:literal) => {
        BuiltIn {
            name: $model,
            files: &[
                file!($model, "LICENSE"),
                file!($model, "README.md"),
                file!($model, "config.json"),
                file!($model, "generation_config.json"),
                file!($model, "model.safetensors"),
                file!($model, "tokenizer.json"),
                file!($model, "tokenizer_config.json"),
            ],
        }
    };
}

/// All of them, the one that answers by default first.
pub(crate) const MODELS: &[BuiltIn] = &[built_in!("house"), built_in!("house-small")];
