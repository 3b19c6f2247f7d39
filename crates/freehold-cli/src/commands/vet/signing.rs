//! What `vet sign` and `vet verify` share: names in the model, files to read, and the errors.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use freehold_bom::signature::{BundleError, CertificateError, KeyError, SignError, VerifyError};
use freehold_vet::{CoverageError, Obstacle, VetError};
use serde_json::Value;

use crate::failure::Hint;

/// Why there is no signature, or no answer about one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SigningFailure {
    /// A file that cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// A file of the model that cannot be read.
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// No key that can be used.
    #[error("{} cannot be used", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: KeyError,
    },
    /// The private key would be signed, and published with the model.
    #[error("the private key {} lies in the model", path.display())]
    KeyInModel {
        /// The file.
        path: PathBuf,
    },
    /// A model that is to be signed with its admission, and has none.
    #[error("{} is not admitted here as it is", path.display())]
    NotAdmitted {
        /// The model.
        path: PathBuf,
    },
    /// A file of it that cannot be read.
    #[error(transparent)]
    Identity(VetError),
    /// The signature would make the model another one than was admitted.
    #[error("the signature {} would lie in the model, which then is not what was admitted", path.display())]
    SignatureInModel {
        /// The file.
        path: PathBuf,
    },
    /// Something in the model that cannot be signed.
    #[error("{} cannot be signed: {}", shown(name), why(*obstacle))]
    Obstacle {
        /// Its name in the model.
        name: String,
        /// Why.
        obstacle: Obstacle,
    },
    /// No file.
    #[error("{} holds no file to sign", path.display())]
    Empty {
        /// The model.
        path: PathBuf,
    },
    /// The signature would replace a file that is none.
    #[error("{} is there already and is no signature", path.display())]
    Occupied {
        /// The file.
        path: PathBuf,
    },
    /// The signature cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
    /// No randomness.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// No signature.
    #[error("{} is no signature that can be read", path.display())]
    Bundle {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: BundleError,
    },
    /// No roots.
    #[error("{} cannot be used", path.display())]
    Roots {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: CertificateError,
    },
    /// There is no answer.
    #[error("nothing can be said about {}", path.display())]
    Open {
        /// The signature.
        path: PathBuf,
        /// Why.
        #[source]
        source: VerifyError,
    },
}

impl Hint for SigningFailure {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Read { .. } | Self::Coverage(_) => {
                "name a file or folder that is there and that you may read".to_owned()
            }
            Self::Key { path, source } => key_hint(path, *source),
            Self::KeyInModel { .. } => {
                "move it out of the folder, so that it is not published with the model".to_owned()
            }
            Self::NotAdmitted { path } => {
                format!("`freehold vet {} --admit --by NAME` admits it", path.display())
            }
            Self::Identity(_) => return None,
            Self::SignatureInModel { .. } => {
                "name a file outside of the model with --out".to_owned()
            }
            Self::Obstacle { obstacle: Obstacle::Link, .. } => {
                "sign what links lead to with --allow-symlinks, or leave it out with --ignore"
                    .to_owned()
            }
            Self::Obstacle { .. } => "leave it out with --ignore, or remove it".to_owned(),
            Self::Empty { .. } => "name the folder that the model's files are in".to_owned(),
            Self::Occupied { .. } => "name another file with --out".to_owned(),
            Self::Write { .. } => "name a file with --out that you may write".to_owned(),
            Self::Sign(_) => return None,
            Self::Bundle { source: BundleError::Envelope | BundleError::Type { .. }, .. } => {
                "ask the publisher for a signature of OpenSSF Model Signing".to_owned()
            }
            Self::Bundle { .. } => {
                "name the file that the publisher gave you as the signature, often model.sig"
                    .to_owned()
            }
            Self::Roots { source: CertificateError::NoRoot, .. } => {
                "put the root that issued them into the same file".to_owned()
            }
            Self::Roots { .. } => "name a file with `-----BEGIN CERTIFICATE-----`".to_owned(),
            Self::Open { source, .. } => open_hint(source),
        })
    }
}

fn key_hint(path: &Path, error: KeyError) -> String {
    let path = path.display();
    match error {
        KeyError::None { wanted } | KeyError::Half { wanted: wanted @ "private key", .. } => {
            format!("name the file with the {wanted}")
        }
        KeyError::Half { found: "private key", .. } => {
            format!("make its public half: openssl ec -in {path} -pubout -out key.pub")
        }
        KeyError::Half { .. } => {
            "check a certificate's signature with --certificate-chain".to_owned()
        }
        KeyError::Encrypted => {
            format!("write it without: openssl pkcs8 -topk8 -nocrypt -in {path} -out key.pem")
        }
        KeyError::NoPublicHalf => {
            format!("write it with both: openssl ec -in {path} -out key.pem")
        }
        KeyError::Unsupported { .. } | KeyError::Malformed => {
            "make one: openssl ecparam -name prime256v1 -genkey -noout -out key.pem".to_owned()
        }
    }
}

fn open_hint(error: &VerifyError) -> String {
    match error {
        VerifyError::NeedsRoots => "name the roots that you trust with --certificate-chain",
        VerifyError::NeedsKey => "name the signer's public key with --key",
        VerifyError::Keyless => {
            "check it online: pip install model-signing, then model_signing verify sigstore"
        }
        VerifyError::Certificate(_) => "use a certificate with a key on the curve P-256 or P-384",
        _ => "check it with the tool that made it: pip install model-signing",
    }
    .to_owned()
}

/// Why something cannot be signed.
pub(super) fn why(obstacle: Obstacle) -> &'static str {
    match obstacle {
        Obstacle::Link => "a link, and links are not followed",
        Obstacle::Folder => "a link that leads to a folder or nowhere",
        Obstacle::Special => "a pipe, a socket or a device",
        Obstacle::Name => "its name is not UTF-8",
    }
}

/// A name without what could move a terminal's cursor.
pub(super) fn shown(name: &str) -> String {
    name.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).collect()
}

/// What a signature says of an admission. Its words are the signer's.
pub(super) fn admission_line(admission: &Value) -> String {
    let text = |key: &str| admission[key].as_str().map(shown);
    let role = text("role").map_or_else(String::new, |role| format!(" ({role})"));
    let by = text("signed_off_by").unwrap_or_else(|| "nobody".to_owned());
    let on = text("admitted").unwrap_or_default();
    let on = on.get(..10).unwrap_or(&on);
    let until = text("until").map_or_else(String::new, |until| format!(" until {until}"));
    let record = text("record").unwrap_or_default();
    format!("admitted by: {by}{role} on {on}{until}, record {record}")
}

/// Names in one line, shortened where there are many.
pub(super) fn list(names: &[String]) -> String {
    let mut text =
        names.iter().take(MOST_NAMES).map(|name| shown(name)).collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(MOST_NAMES).filter(|more| *more > 0) {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

/// The text of a file.
pub(super) fn text(path: &Path) -> Result<String, SigningFailure> {
    let bytes =
        fs::read(path).map_err(|source| SigningFailure::Read { path: path.to_owned(), source })?;
    // PEM is ASCII; what is not is no PEM, and the reader says so.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// A path's name in the model, if it lies in there, or will.
pub(super) fn name_in(model: &Path, path: &Path) -> Option<String> {
    let model = fs::canonicalize(model).ok()?;
    let whole = fs::canonicalize(path).ok().or_else(|| {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let folder = fs::canonicalize(folder.unwrap_or(Path::new("."))).ok()?;
        Some(folder.join(path.file_name()?))
    })?;
    let name = whole.strip_prefix(&model).ok()?.to_str()?.to_owned();
    (!name.is_empty()).then_some(name)
}

/// What `--ignore` names: a path in the model, or one from here that leads into it.
pub(super) fn ignored(model: &Path, paths: &[PathBuf]) -> Vec<String> {
    let name = |path: &PathBuf| {
        let there = !path.is_absolute() && model.join(path).symlink_metadata().is_ok();
        let found = if there { None } else { name_in(model, path) };
        found.unwrap_or_else(|| path.to_string_lossy().into_owned())
    };
    paths.iter().map(name).collect()
}

/// The field of the statement's predicate that holds our admission.
pub(super) const ADMISSION: &str = "freehold_admission";
const MOST_NAMES: usize = 10;
