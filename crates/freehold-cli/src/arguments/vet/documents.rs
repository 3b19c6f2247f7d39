//! The arguments of the verbs that write and check documents about a model.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// `freehold vet bom`.
#[derive(Debug, Args)]
pub(crate) struct Bom {
    /// The model: a folder, or one file
    pub path: PathBuf,
    /// In which format
    #[arg(long, value_enum)]
    pub format: BomFormat,
    /// Where it goes [default: standard output]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The model's name [default: what its files call it, else the folder's]
    #[arg(long)]
    pub name: Option<String>,
    /// Its version or revision, which its files seldom state
    #[arg(long)]
    pub revision: Option<String>,
    /// Who published it
    #[arg(long, value_name = "NAME")]
    pub publisher: Option<String>,
    /// The day on which it was released
    #[arg(long, value_name = "DATE")]
    pub released: Option<jiff::civil::Date>,
    /// Where it was had from
    #[arg(long)]
    pub url: Option<String>,
}

/// A format of bills of materials.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum BomFormat {
    /// CycloneDX 1.7 with a model card, JSON
    Cyclonedx,
    /// SPDX 3.0.1 with the classes of its AI and Dataset profiles, JSON-LD
    Spdx,
    /// Components of the Model Openness Framework, YAML
    Mof,
}

/// `freehold vet sign`.
#[derive(Debug, Args)]
pub(crate) struct Sign {
    /// The model: a folder, or one file
    pub path: PathBuf,
    /// Your private key in PEM: PKCS#8 or SEC 1, on the curve P-256 or P-384, without a password
    #[arg(long, value_name = "FILE")]
    pub key: PathBuf,
    /// Where the signature goes; one that lies in the model is no part of what is signed
    #[arg(long, value_name = "FILE", default_value = "model.sig")]
    pub out: PathBuf,
    /// Sign with it who admitted these bytes here: by whom, when, under which policy, until when, and in
    /// which record. The model must be admitted
    #[arg(long)]
    pub admission: bool,
    /// Leave this file or folder of the model out. Can be repeated
    #[arg(long, value_name = "PATH")]
    pub ignore: Vec<PathBuf>,
    /// Sign .git, .github, .gitattributes and .gitignore, too
    #[arg(long)]
    pub include_git: bool,
    /// Sign the files that links lead to; else a link is an error
    #[arg(long)]
    pub allow_symlinks: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `freehold vet verify`.
#[derive(Debug, Args)]
pub(crate) struct VerifyModel {
    /// The model: a folder, or one file
    pub path: PathBuf,
    /// The signature, as `vet sign` and the Python package model-signing write it
    #[arg(long, value_name = "FILE")]
    pub signature: PathBuf,
    /// The signer's public key in PEM, had from the signer and not from where the model comes from
    #[arg(long, value_name = "FILE", required_unless_present = "certificate_chain")]
    pub key: Option<PathBuf>,
    /// Certificates in PEM, for a signature that was made with one: the roots that you trust, and
    /// any that stand between them and the signer's
    #[arg(long, value_name = "FILE", conflicts_with = "key")]
    pub certificate_chain: Option<PathBuf>,
    /// The day on which the certificates must be valid: one on which you know that the signature
    /// was there [default: today]
    #[arg(long, value_name = "DATE", requires = "certificate_chain")]
    pub at: Option<jiff::civil::Date>,
    /// Leave this file or folder unchecked, and say so. Can be repeated
    #[arg(long, value_name = "PATH")]
    pub ignore: Vec<PathBuf>,
    /// Follow links, also where the signer did not
    #[arg(long)]
    pub allow_symlinks: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub(super) const BOM_NOTE: &str = "\
What is not known is left out: nothing is guessed. The same files give the same bytes at the same time; \
the time is the clock's, or `SOURCE_DATE_EPOCH` (seconds since 1970) where that is set.

Exit code 0 if it was written, 2 if not. Whether the files could do harm is said by `vet` itself.";

pub(super) const SIGN_JSON: &str = "\
The signature is one of OpenSSF Model Signing: a Sigstore bundle with an in-toto statement that lists \
every file with its SHA-256. The Python package model-signing checks it with `model_signing verify \
key PATH --signature FILE --public_key FILE`.

JSON: one object with `signature` (the file), `model` (its name), `files`, `digest` (over all digests), \
`key` (SHA-256 of the public key's PEM), `admission` (what was signed of it; null without) and \
`not_covered` (what was left out).";

pub(super) const VERIFY_JSON: &str = "\
Exit code 0 if every file is what was signed and the signature is the signer's, 1 if not, 2 if that \
cannot be told: a signature without a key of the signer's own (Sigstore's keyless ones) is not \
verified here.

JSON: one object with `verified`, `path`, `signature`, `reason` (null where it verifies), `model` (the \
name that was signed), `files` (how many were signed), `signer` (with `key`, the SHA-256 of its PEM, or \
with `names` and `fingerprint` of the certificate), `admission` (as the signer states it; null where \
there is none, or where it does not verify), `differences` and `not_covered` (files about which \
nothing is said); a difference has `path` and `what` (changed, added, removed; or link, folder, special, \
name: what no signature is about).";
