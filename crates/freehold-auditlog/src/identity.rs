//! A log's name and key: `log.key` signs checkpoints and stays private, `log.vkey` is for everyone.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use freehold_tlog::{KeyError, Signer, Verifier};
use ring::{
    digest,
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

use crate::disk::{Disk, replace};

/// Reads the key, or draws one where there is none and the log is fresh. The file's text is the one that Go's
/// `sumdb/note` reads: `PRIVATE+KEY+NAME+ID+BASE64`.
pub(crate) fn load_or_create(
    disk: &dyn Disk,
    directory: &Path,
    origin: Option<&str>,
    random: &SystemRandom,
    fresh: bool,
) -> Result<Signer, IdentityError> {
    let path = directory.join(KEY_FILE);
    let failed = |source| IdentityError::Io { path: path.clone(), source };
    let signer = match fs::read_to_string(&path) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            parse(&text).ok_or_else(|| IdentityError::Malformed { path: path.clone() })?
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && fresh => {
            let mut seed = Zeroizing::new([0u8; 32]);
            let mut name = [0; 8];
            random.fill(seed.as_mut()).map_err(|_| IdentityError::Random)?;
            random.fill(&mut name).map_err(|_| IdentityError::Random)?;
            let drawn = format!("freehold.local/{:016x}", u64::from_be_bytes(name));
            let origin = origin.unwrap_or(&drawn);
            let signer = Signer::from_seed(origin, &seed)
                .map_err(|source| IdentityError::Origin { origin: origin.to_owned(), source })?;
            replace(disk, &path, text(&signer, &seed).as_bytes()).map_err(failed)?;
            signer
        }
        Err(error) => return Err(failed(error)),
    };
    let public = directory.join(VKEY_FILE);
    let vkey = format!("{}\n", signer.verifier());
    if fs::read_to_string(&public).ok().as_ref() != Some(&vkey) {
        replace(disk, &public, vkey.as_bytes())
            .map_err(|source| IdentityError::Io { path: public, source })?;
    }
    Ok(signer)
}

/// Reads the public key of a log or an export.
pub(crate) fn verifier(directory: &Path) -> Result<Verifier, IdentityError> {
    let path = directory.join(VKEY_FILE);
    match fs::read_to_string(&path) {
        Ok(text) => text.parse().map_err(|_| IdentityError::Malformed { path }),
        Err(source) => Err(IdentityError::Io { path, source }),
    }
}

/// The public half of the private key in a file; `None` where it is not there or may not be read.
pub(crate) fn private(path: &Path) -> Option<Result<Verifier, IdentityError>> {
    let malformed = || IdentityError::Malformed { path: path.to_owned() };
    match fs::read(path) {
        Ok(bytes) => {
            let bytes = Zeroizing::new(bytes);
            let signer = std::str::from_utf8(&bytes).ok().and_then(parse);
            Some(signer.map(|signer| signer.verifier().clone()).ok_or_else(malformed))
        }
        Err(_) => None,
    }
}

/// Names a log in its segments.
pub(crate) fn log_id(verifier: &Verifier) -> [u8; 32] {
    let mut id = [0; 32];
    id.copy_from_slice(digest::digest(&digest::SHA256, verifier.to_string().as_bytes()).as_ref());
    id
}

/// Why a log's keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// A key file cannot be read or written.
    #[error("{} cannot be read or written", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A key file does not hold a key.
    #[error("{} does not hold a key; restore it from a backup", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The name wanted for the log cannot be a key's name.
    #[error("`{origin}` cannot name a log: no spaces, no plus signs, not empty")]
    Origin {
        /// The name wanted.
        origin: String,
        /// Why not.
        #[source]
        source: KeyError,
    },
    /// The operating system gave no random bytes.
    #[error("the operating system gave no random bytes")]
    Random,
}

fn parse(text: &str) -> Option<Signer> {
    let mut parts = text.trim_end().strip_prefix("PRIVATE+KEY+")?.splitn(3, '+');
    let (name, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    let key = Zeroizing::new(STANDARD.decode(key).ok()?);
    let (kind, seed) = key.split_first()?;
    let signer = Signer::from_seed(name, seed.try_into().ok()?).ok()?;
    let vkey = signer.verifier().to_string();
    let same = *kind == ED25519 && vkey[name.len() + 1..].split('+').next() == Some(id);
    same.then_some(signer)
}

fn text(signer: &Signer, seed: &[u8; 32]) -> Zeroizing<String> {
    let vkey = signer.verifier().to_string();
    // Name, plus sign, eight digits of key id; the key behind them may hold plus signs itself.
    let named = &vkey[..signer.verifier().name().len() + 9];
    let mut key = Zeroizing::new(vec![ED25519]);
    key.extend_from_slice(seed);
    let encoded = Zeroizing::new(STANDARD.encode(&*key));
    Zeroizing::new(format!("PRIVATE+KEY+{named}+{}\n", *encoded))
}

/// Who has it can verify.
pub(crate) const VKEY_FILE: &str = "log.vkey";

/// Who has it can sign.
pub(crate) const KEY_FILE: &str = "log.key";
const ED25519: u8 = 1;
