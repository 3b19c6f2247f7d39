//! OpenSSF Model Signing: which bytes make up a model, signed, so that anyone can check it.
//!
//! A signature is a Sigstore bundle (v0.3) around a DSSE envelope around an in-toto statement whose
//! predicate lists every file with its digest, as the Python package `model-signing` 1.1.1 writes
//! and reads it. What the bundle claims about itself (payload type, algorithm, key) decides nothing:
//! the algorithm follows from the key that the caller trusts.

mod bundle;
mod certificate;
mod der;
mod key;
mod pem;
mod statement;
#[cfg(test)]
mod tests;

pub use bundle::{Bundle, BundleError, MOST_BUNDLE, SignError, Signer, VerifyError, sign};
pub use certificate::{CertificateError, Roots, Signatory};
pub use key::{Curve, KeyError, PrivateKey, PublicKey};
pub use statement::{
    Difference, Method, Parts, Resource, Serialization, Statement, StatementError, Unreadable,
};
