//! Epoch keys: they wrap subject keys and live in a file of their own, outside the database.
//!
//! So a copy of the database alone opens nothing, and destroying an epoch key expires every copy
//! that was wrapped under it. The file has a line per epoch; the last one is in use. Rotation adds
//! a line, wraps every row anew and removes the old line; this version makes the first epoch only,
//! and reads any number.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

/// The epoch keys of one store.
pub(crate) struct EpochKeys {
    keys: BTreeMap<u32, LessSafeKey>,
    path: PathBuf,
}

impl EpochKeys {
    /// Reads the file, or makes it with one key if there is none.
    pub(crate) fn open(path: &Path, random: &SystemRandom) -> Result<Self, EpochError> {
        let unreadable = |source| EpochError::Io { path: path.to_owned(), source };
        let text = match fs::read_to_string(path) {
            Ok(text) => Zeroizing::new(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => create(path, random)?,
            Err(error) => return Err(unreadable(error)),
        };
        let malformed = |line| EpochError::Malformed { path: path.to_owned(), line };
        let mut lines = text.lines();
        if lines.next() != Some(FIRST_LINE) {
            return Err(malformed(1));
        }
        let mut keys = BTreeMap::new();
        for (place, line) in lines.enumerate() {
            let (epoch, key) = parse_line(line).ok_or_else(|| malformed(place + 2))?;
            keys.insert(epoch, key);
        }
        if keys.is_empty() {
            return Err(malformed(2));
        }
        Ok(Self { keys, path: path.to_owned() })
    }

    /// Wraps a subject key under the epoch in use.
    pub(crate) fn wrap(
        &self,
        random: &SystemRandom,
        key: &[u8; 32],
        context: &[u8],
    ) -> Result<(u32, Vec<u8>), EpochError> {
        let (epoch, epoch_key) =
            self.keys.last_key_value().ok_or(EpochError::Missing { epoch: 0 })?;
        let mut nonce = [0; 12];
        random.fill(&mut nonce).map_err(|_| EpochError::Random)?;
        let mut sealed = Zeroizing::new(key.to_vec());
        epoch_key
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(context),
                &mut *sealed,
            )
            .map_err(|_| EpochError::Random)?;
        let wrapped = nonce.iter().chain(sealed.iter()).copied().collect();
        Ok((*epoch, wrapped))
    }

    /// Unwraps a subject key.
    pub(crate) fn unwrap(
        &self,
        epoch: u32,
        wrapped: &[u8],
        context: &[u8],
    ) -> Result<Zeroizing<[u8; 32]>, EpochError> {
        let broken = || EpochError::Broken { path: self.path.clone(), epoch };
        let epoch_key = self.keys.get(&epoch).ok_or(EpochError::Missing { epoch })?;
        let (nonce, sealed) = wrapped.split_first_chunk::<12>().ok_or_else(broken)?;
        let mut sealed = Zeroizing::new(sealed.to_vec());
        let opened = epoch_key
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(context), &mut sealed)
            .map_err(|_| broken())?;
        let mut key = Zeroizing::new([0u8; 32]);
        if opened.len() != key.len() {
            return Err(broken());
        }
        key.copy_from_slice(opened);
        Ok(key)
    }
}

/// Why the epoch keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EpochError {
    /// The file cannot be read or made.
    #[error("the epoch key file {} cannot be read or written", path.display())]
    Io {
        /// Where it should lie.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The file does not hold what this version writes.
    #[error("the epoch key file {} is malformed at line {line}; restore it from a backup", path.display())]
    Malformed {
        /// Where it lies.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// An epoch's key is not in the file any more.
    #[error("epoch key {epoch} is gone; what it wrapped cannot be opened")]
    Missing {
        /// Its number.
        epoch: u32,
    },
    /// A wrapped key does not open.
    #[error("a subject key does not open under epoch key {epoch} of {}", path.display())]
    Broken {
        /// The key file.
        path: PathBuf,
        /// Its number.
        epoch: u32,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

fn create(path: &Path, random: &SystemRandom) -> Result<Zeroizing<String>, EpochError> {
    let unwritable = |source| EpochError::Io { path: path.to_owned(), source };
    let mut key = Zeroizing::new([0u8; 32]);
    random.fill(key.as_mut()).map_err(|_| EpochError::Random)?;
    let mut text = Zeroizing::new(format!("{FIRST_LINE}\n1 "));
    for byte in key.iter() {
        text.push(char::from(HEX[usize::from(byte >> 4)]));
        text.push(char::from(HEX[usize::from(byte & 15)]));
    }
    text.push('\n');
    // Written whole and synced under another name first: half a key file would lose every body.
    let draft = path.with_extension("draft");
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&draft)
        .map_err(unwritable)?;
    file.write_all(text.as_bytes()).map_err(unwritable)?;
    file.sync_all().map_err(unwritable)?;
    fs::rename(&draft, path).map_err(unwritable)?;
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))
        .and_then(|folder| folder.sync_all())
        .map_err(unwritable)?;
    Ok(text)
}

fn parse_line(line: &str) -> Option<(u32, LessSafeKey)> {
    let (epoch, digits) = line.split_once(' ')?;
    let mut bytes = Zeroizing::new([0u8; 32]);
    if digits.len() != 64 || !digits.is_ascii() {
        return None;
    }
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * place..2 * place + 2], 16).ok()?;
    }
    let key = UnboundKey::new(&AES_256_GCM, bytes.as_ref()).ok()?;
    Some((epoch.parse().ok()?, LessSafeKey::new(key)))
}

const FIRST_LINE: &str = "freehold epoch keys 1";
const HEX: &[u8; 16] = b"0123456789abcdef";
