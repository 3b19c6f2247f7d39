//! The permit to load one exact set of model files.

use std::{
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use freehold_artifact::safetensors::ShardIndex;
use freehold_types::{Digest, Principal};
use ring::digest::{Context, SHA256};

use crate::{
    VetError,
    content::{self, Content},
    error::Lack,
    walk::{self, Found, unreadable},
};

#[cfg(test)]
mod tests;

/// Allows one exact set of files to be loaded, once. Only [`crate::Inventory::permit`] and
/// [`shipped`] make one, and nothing copies one: whoever loads the weights takes it by value and keeps it for as long as they are loaded.
#[derive(Debug)]
pub struct Admission {
    digest: Digest,
    format: Format,
    files: Vec<AdmittedFile>,
    signed_off_by: Principal,
}

/// How the admitted weights are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A folder of safetensors weights, configuration and tokenizer.
    Safetensors,
    /// One GGUF file, or a folder with its parts.
    Gguf,
}

/// One file of an admitted model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmittedFile {
    /// Its name relative to the model's folder, with `/` between parts.
    pub name: String,
    /// Where it lies, all links resolved.
    pub path: PathBuf,
    /// The SHA-256 of its bytes.
    pub digest: Digest,
    /// Its length.
    pub bytes: u64,
    /// What it holds.
    pub content: Content,
}

/// An admitted file, opened, its digest just checked on this very handle. Read the handle, not
/// the path: a path may lead to another file a moment later.
#[derive(Debug)]
pub struct OpenFile {
    /// As in [`AdmittedFile`].
    pub name: String,
    /// Positioned at the first byte.
    pub file: File,
}

/// The permit for a model that comes with the program: its bytes are those it was built with.
///
/// # Errors
/// [`VetError`] names the file that cannot be read; [`VetError::NotShipped`] if the bytes are others.
pub fn shipped(path: &Path) -> Result<Admission, VetError> {
    let hashed = hash(path)?;
    if !SHIPPED.contains(&hashed.digest()) {
        return Err(VetError::NotShipped { path: hashed.root });
    }
    grant(hashed, &Principal(RELEASE.to_owned()))
}

/// The digest by which the inventory knows what lies at `path`: that of [`Admission::digest`]. Reads
/// every byte; says nothing about who admitted it.
///
/// # Errors
/// [`VetError`] names the file that cannot be read.
pub fn identity(path: &Path) -> Result<Digest, VetError> {
    hash(path).map(|hashed| hashed.digest())
}

/// The files of a model, each with its digest; nothing is said about what they hold.
pub(crate) struct Hashed {
    /// The folder or file, all links resolved.
    pub(crate) root: PathBuf,
    /// Whether it is a folder.
    pub(crate) folder: bool,
    /// Its files, sorted by name.
    pub(crate) files: Vec<HashedFile>,
}

/// One file, and the digest of its bytes.
pub(crate) struct HashedFile {
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    pub(crate) digest: Digest,
    pub(crate) bytes: u64,
}

impl Hashed {
    /// As [`Admission::digest`].
    pub(crate) fn digest(&self) -> Digest {
        manifest_digest(self.files.iter().map(|file| (file.digest, file.bytes, &*file.name)))
    }
}

/// Reads every byte of every file.
pub(crate) fn hash(path: &Path) -> Result<Hashed, VetError> {
    let mut hashed = list(path)?;
    for file in &mut hashed.files {
        let mut open = File::open(&file.path).map_err(unreadable(&file.path))?;
        (file.digest, file.bytes) = digest(&file.path, &mut open)?;
    }
    Ok(hashed)
}

/// The files, nothing of them read yet: their digests are zeros.
fn list(path: &Path) -> Result<Hashed, VetError> {
    let root = fs::canonicalize(path).map_err(unreadable(path))?;
    let kind = fs::metadata(&root).map_err(unreadable(path))?;
    let found = if kind.is_dir() {
        walk::files(&root)?
    } else if kind.is_file() {
        vec![single(&root)?]
    } else {
        return Err(VetError::NotAFile { path: root });
    };
    let zeros = Digest::from_bytes([0; 32]);
    let file = |Found { name, path }| HashedFile { name, path, digest: zeros, bytes: 0 };
    let files = found.into_iter().map(file).collect();
    Ok(Hashed { root, folder: kind.is_dir(), files })
}

/// The permit for files whose digests were found to be admitted: what they hold must be what the
/// engine reads, and nothing else.
pub(crate) fn grant(hashed: Hashed, signed_off_by: &Principal) -> Result<Admission, VetError> {
    let digest = hashed.digest();
    let Hashed { root, folder, files } = hashed;
    let files = files.into_iter().map(examine).collect::<Result<Vec<_>, _>>()?;
    let format = format(&root, folder, &files)?;
    Ok(Admission { digest, format, files, signed_off_by: signed_off_by.clone() })
}

/// How the embedded engine would load what lies at `path`, or why it would not. Says nothing about
/// who admitted it.
///
/// # Errors
/// [`VetError`] names the file that the engine does not read.
pub fn loadable(path: &Path) -> Result<Format, VetError> {
    let hashed = list(path)?;
    let files = hashed.files.into_iter().map(examine).collect::<Result<Vec<_>, _>>()?;
    format(&hashed.root, hashed.folder, &files)
}

impl Admission {
    /// SHA-256 of the manifest: the line `freehold-manifest/v1`, then for each file in order of
    /// name its digest, its length in bytes and its name, separated by spaces, each line ended by
    /// a newline.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How the weights are stored.
    pub fn format(&self) -> Format {
        self.format
    }

    /// The files, sorted by name.
    pub fn files(&self) -> &[AdmittedFile] {
        &self.files
    }

    /// The file of this name.
    pub fn file(&self, name: &str) -> Option<&AdmittedFile> {
        self.files.iter().find(|file| file.name == name)
    }

    /// Who signed it off.
    pub fn signed_off_by(&self) -> &Principal {
        &self.signed_off_by
    }

    /// Opens every file again and checks it against its digest. Call it right before loading.
    ///
    /// # Errors
    /// [`VetError::Changed`] or [`VetError::Read`] names the file.
    pub fn reopen(&self) -> Result<Vec<OpenFile>, VetError> {
        self.files.iter().map(reopen_file).collect()
    }
}

fn single(path: &Path) -> Result<Found, VetError> {
    let name = path.file_name().and_then(|name| name.to_str());
    match name.filter(|name| !name.chars().any(char::is_control)) {
        Some(name) => Ok(Found { name: name.to_owned(), path: path.to_owned() }),
        None => Err(VetError::Name { path: path.to_owned() }),
    }
}

fn examine(hashed: HashedFile) -> Result<AdmittedFile, VetError> {
    let HashedFile { name, path, digest, bytes } = hashed;
    let mut file = File::open(&path).map_err(unreadable(&path))?;
    let metadata = file.metadata().map_err(unreadable(&path))?;
    if !metadata.is_file() {
        return Err(VetError::NotAFile { path });
    }
    let content = content::check(&name, &path, &mut file, metadata.len())?;
    Ok(AdmittedFile { name, path, digest, bytes, content })
}

fn reopen_file(admitted: &AdmittedFile) -> Result<OpenFile, VetError> {
    let path = &admitted.path;
    let mut file = File::open(path).map_err(unreadable(path))?;
    let (found, _) = digest(path, &mut file)?;
    if found != admitted.digest {
        let (path, admitted) = (path.clone(), admitted.digest);
        return Err(VetError::Changed { path, admitted, found });
    }
    file.seek(SeekFrom::Start(0)).map_err(unreadable(path))?;
    Ok(OpenFile { name: admitted.name.clone(), file })
}

fn digest(path: &Path, file: &mut File) -> Result<(Digest, u64), VetError> {
    file.seek(SeekFrom::Start(0)).map_err(unreadable(path))?;
    let mut context = Context::new(&SHA256);
    let mut buffer = vec![0; CHUNK];
    let mut bytes = 0;
    loop {
        match file.read(&mut buffer).map_err(unreadable(path))? {
            0 => return Ok((finish(context), bytes)),
            read => {
                context.update(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}

fn finish(context: Context) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(context.finish().as_ref());
    Digest::from_bytes(bytes)
}

/// The digest of a model from digest, length and name of each file, sorted by name.
pub(crate) fn manifest_digest<'a>(files: impl Iterator<Item = (Digest, u64, &'a str)>) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(b"freehold-manifest/v1\n");
    for (digest, bytes, name) in files {
        context.update(format!("{digest} {bytes} {name}\n").as_bytes());
    }
    finish(context)
}

/// SHA-256 of bytes.
pub(crate) fn digest_of(bytes: &[u8]) -> Digest {
    let mut context = Context::new(&SHA256);
    context.update(bytes);
    finish(context)
}

fn format(root: &Path, folder: bool, files: &[AdmittedFile]) -> Result<Format, VetError> {
    let incomplete = |lack| VetError::Incomplete { path: root.to_owned(), lack };
    let has = |content| files.iter().any(|file| file.content == content);
    match (has(Content::Safetensors), has(Content::Gguf)) {
        (true, true) => Err(incomplete(Lack::OneFormat)),
        (false, false) => Err(incomplete(Lack::Weights)),
        (false, true) => Ok(Format::Gguf),
        (true, false) if !folder => Err(incomplete(Lack::Folder)),
        (true, false) => match missing(files)? {
            Some(name) => Err(incomplete(Lack::File(name))),
            None => Ok(Format::Safetensors),
        },
    }
}

/// The first file that a folder of safetensors lacks: a configuration, or a shard of an index.
fn missing(files: &[AdmittedFile]) -> Result<Option<String>, VetError> {
    let there = |name: &str| files.iter().any(|file| file.name == name);
    if !CONFIGURATIONS.iter().any(|name| there(name)) {
        return Ok(Some(CONFIGURATIONS[0].to_owned()));
    }
    for index in files.iter().filter(|file| file.name.ends_with(INDEX)) {
        let json = fs::read(&index.path).map_err(unreadable(&index.path))?;
        let shards = ShardIndex::parse(&json)
            .map_err(|source| VetError::Index { path: index.path.clone(), source })?;
        let folder = index.name.rfind('/').map_or("", |slash| &index.name[..=slash]);
        let shards = shards.shards();
        let mut names = shards.iter().map(|shard| format!("{folder}{shard}"));
        if let Some(name) = names.find(|name| !there(name)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Of a model, and of an adapter as PEFT writes it.
const CONFIGURATIONS: [&str; 2] = ["config.json", "adapter_config.json"];
const INDEX: &str = ".safetensors.index.json";
const CHUNK: usize = 1 << 18;

/// Who signed off what comes with the program.
pub const RELEASE: &str = "freehold:release";

/// The digests of the models that come with the program: `models/house`, `models/house-small`. A
/// test of the program compares them with the bytes that are compiled in.
const SHIPPED: [Digest; 2] = [Digest::from_bytes(HOUSE), Digest::from_bytes(HOUSE_SMALL)];
const HOUSE: [u8; 32] = [
    0xe1, 0x13, 0x4a, 0xc8, 0x5f, 0x5b, 0x61, 0xc8, 0x7b, 0xa2, 0x89, 0x5f, 0xd3, 0xba, 0xed, 0x5c,
    0x96, 0x8e, 0x2e, 0x52, 0x31, 0x61, 0xd8, 0x93, 0xe9, 0x52, 0x56, 0x00, 0x89, 0x09, 0xc3, 0x3d,
];
const HOUSE_SMALL: [u8; 32] = [
    0x2b, 0xc7, 0x55, 0x2f, 0x94, 0x5e, 0x89, 0xa1, 0xaa, 0xb9, 0xd9, 0xdf, 0xfa, 0x25, 0x1e, 0x69,
    0x6a, 0x1c, 0x0c, 0xb7, 0x56, 0xf3, 0x39, 0x85, 0x15, 0x6a, 0x90, 0xe4, 0xc2, 0xd9, 0xd4, 0x06,
];
