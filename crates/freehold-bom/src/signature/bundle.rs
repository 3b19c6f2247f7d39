//! The Sigstore bundle (v0.3) and the DSSE envelope (v1) in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use freehold_types::Timestamp;
use ring::rand::SecureRandom;
use serde::Deserialize;
use serde_json::json;

use super::{
    certificate::{CertificateError, Roots, Signatory},
    key::{PrivateKey, PublicKey},
    statement::{Statement, StatementError},
};

/// A signature, read but not yet believed.
#[derive(Debug, Clone)]
pub struct Bundle {
    signer: Signer,
    payload_type: String,
    payload: Vec<u8>,
    signature: Vec<u8>,
}

/// What a bundle says of who signed it. Nothing of it is believed: it says what is needed to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signer {
    /// A key, by its hint: what [`PublicKey::hint`] gives. Signatures before 1.0 have none.
    Key(Option<String>),
    /// Certificates in DER, the signer's first.
    Certificates(Vec<Vec<u8>>),
    /// A short-lived certificate of Fulcio's, with entries in a transparency log.
    Keyless,
}

/// Why a file is no signature that can be read.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// Too long to be one.
    #[error("it has {bytes} bytes; a signature has at most {MOST_BUNDLE}")]
    Size {
        /// How long.
        bytes: usize,
    },
    /// Not JSON, or not of the shape.
    #[error("it is no Sigstore bundle")]
    Shape(#[source] serde_json::Error),
    /// Another version, or something else.
    #[error("it is of type `{found}`, not `{BUNDLE}`")]
    Type {
        /// The media type.
        found: String,
    },
    /// It signs a bare digest.
    #[error("it has no DSSE envelope: it signs one file's digest, not a statement about a model")]
    Envelope,
    /// Not exactly one signature.
    #[error("its envelope has {count} signatures, not one")]
    Signatures {
        /// How many.
        count: usize,
    },
    /// It does not say who signed.
    #[error("it names neither a key nor a certificate")]
    Signer,
    /// A field that is no base64.
    #[error("its field `{field}` is no base64")]
    Base64 {
        /// Which one.
        field: &'static str,
    },
}

/// Why a signature does not verify.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// No: another key.
    #[error("it was made with another key: its key's SHA-256 is {hint}, the one given is {given}")]
    OtherKey {
        /// The hint in the bundle.
        hint: String,
        /// The hint of the key given.
        given: String,
    },
    /// No: not this key's signature over these bytes.
    #[error("it is not the key's signature: another key made it, or it was changed since")]
    Signature,
    /// No: certificates.
    #[error("its certificate is not trusted")]
    Certificate(#[from] CertificateError),
    /// The envelope holds no in-toto statement.
    #[error("it signs something else: `{found}`, not `{PAYLOAD}`")]
    PayloadType {
        /// Its payload's type.
        found: String,
    },
    /// No, or it cannot be compared.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// Cannot say: it needs certificates to be checked.
    #[error("not verified: it was made with a certificate, and needs the roots that you trust")]
    NeedsRoots,
    /// Cannot say: it needs a key to be checked.
    #[error("not verified: it was made with a key, and needs the signer's public key")]
    NeedsKey,
    /// Cannot say: Sigstore without a key.
    #[error(
        "not verified: it was made without a key of the signer's own (Sigstore, Fulcio and Rekor), \
         and needs their roots of trust and the log's proof, which are not checked here"
    )]
    Keyless,
}

impl VerifyError {
    /// Whether the answer is no, rather than that there is none.
    pub fn is_no(&self) -> bool {
        match self {
            Self::OtherKey { .. } | Self::Signature | Self::Statement(StatementError::Root) => true,
            Self::Certificate(error) => error.is_no(),
            Self::PayloadType { .. }
            | Self::Statement(StatementError::Unreadable(_))
            | Self::NeedsRoots
            | Self::NeedsKey
            | Self::Keyless => false,
        }
    }
}

/// Why nothing was signed: the source of randomness failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the source of randomness failed")]
pub struct SignError;

impl Bundle {
    /// Reads a bundle of at most [`MOST_BUNDLE`] bytes.
    ///
    /// # Errors
    /// [`BundleError`] says what it is instead.
    pub fn from_json(json: &[u8]) -> Result<Self, BundleError> {
        if json.len() > MOST_BUNDLE {
            return Err(BundleError::Size { bytes: json.len() });
        }
        let raw: RawBundle = serde_json::from_slice(json).map_err(BundleError::Shape)?;
        if raw.media_type != BUNDLE {
            return Err(BundleError::Type { found: raw.media_type });
        }
        let envelope = raw.dsse_envelope.ok_or(BundleError::Envelope)?;
        let [signature] = envelope.signatures.as_slice() else {
            return Err(BundleError::Signatures { count: envelope.signatures.len() });
        };
        Ok(Self {
            signer: raw.verification_material.signer()?,
            payload_type: envelope.payload_type,
            payload: decoded("payload", &envelope.payload)?,
            signature: decoded("sig", &signature.sig)?,
        })
    }

    /// Who claims to have signed, and so what is needed to check it.
    pub fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Checks it with a key that the caller trusts; what was signed.
    ///
    /// # Errors
    /// [`VerifyError`], whose [`VerifyError::is_no`] tells *no* from *cannot say*.
    pub fn verify(&self, key: &PublicKey) -> Result<Statement, VerifyError> {
        match &self.signer {
            Signer::Key(Some(hint)) if *hint != key.hint() => {
                Err(VerifyError::OtherKey { hint: hint.clone(), given: key.hint() })
            }
            Signer::Key(_) => self.opened(key),
            Signer::Certificates(_) => Err(VerifyError::NeedsRoots),
            Signer::Keyless => Err(VerifyError::Keyless),
        }
    }

    /// Checks it with the roots that the caller trusts, as of a day; what was signed, and by whom.
    ///
    /// # Errors
    /// As for [`Bundle::verify`].
    pub fn verify_certificate(
        &self,
        roots: &Roots,
        at: Timestamp,
    ) -> Result<(Statement, Signatory), VerifyError> {
        let chain = match &self.signer {
            Signer::Certificates(chain) => chain,
            Signer::Key(_) => return Err(VerifyError::NeedsKey),
            Signer::Keyless => return Err(VerifyError::Keyless),
        };
        let (key, signatory) = roots.signatory(chain, at)?;
        Ok((self.opened(&key)?, signatory))
    }

    fn opened(&self, key: &PublicKey) -> Result<Statement, VerifyError> {
        if self.payload_type != PAYLOAD {
            return Err(VerifyError::PayloadType { found: self.payload_type.clone() });
        }
        if !key.holds(&encoded(&self.payload), &self.signature) {
            return Err(VerifyError::Signature);
        }
        Ok(Statement::from_json(&self.payload)?)
    }
}

/// Signs a statement; a bundle as JSON.
///
/// # Errors
/// [`SignError`]: no randomness.
pub fn sign(
    statement: &Statement,
    key: &PrivateKey,
    random: &dyn SecureRandom,
) -> Result<Vec<u8>, SignError> {
    let payload = statement.to_json();
    let signature = key.sign(&encoded(&payload), random).ok_or(SignError)?;
    let bundle = json!({
        "mediaType": BUNDLE,
        "verificationMaterial": {
            "publicKey": { "hint": key.public().hint() },
            "tlogEntries": [],
        },
        "dsseEnvelope": {
            "payload": STANDARD.encode(payload),
            "payloadType": PAYLOAD,
            "signatures": [{ "sig": STANDARD.encode(signature), "keyid": "" }],
        },
    });
    Ok(bundle.to_string().into_bytes())
}

/// DSSE's pre-authentication encoding: what is signed in place of the payload.
fn encoded(payload: &[u8]) -> Vec<u8> {
    let mut bytes = format!("DSSEv1 {} {PAYLOAD} {} ", PAYLOAD.len(), payload.len()).into_bytes();
    bytes.extend_from_slice(payload);
    bytes
}

fn decoded(field: &'static str, text: &str) -> Result<Vec<u8>, BundleError> {
    STANDARD.decode(text).map_err(|_| BundleError::Base64 { field })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawBundle {
    media_type: String,
    verification_material: RawMaterial,
    #[serde(default)]
    dsse_envelope: Option<RawEnvelope>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawMaterial {
    #[serde(default)]
    public_key: Option<RawKey>,
    #[serde(default)]
    x509_certificate_chain: Option<RawChain>,
    #[serde(default)]
    certificate: Option<RawCertificate>,
    #[serde(default)]
    tlog_entries: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct RawKey {
    #[serde(default)]
    hint: Option<String>,
}

#[derive(Deserialize)]
struct RawChain {
    certificates: Vec<RawCertificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawCertificate {
    raw_bytes: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawEnvelope {
    payload: String,
    payload_type: String,
    signatures: Vec<RawSignature>,
}

#[derive(Deserialize)]
struct RawSignature {
    sig: String,
}

impl RawMaterial {
    fn signer(self) -> Result<Signer, BundleError> {
        if self.certificate.is_some() || !self.tlog_entries.is_empty() {
            return Ok(Signer::Keyless);
        }
        if let Some(chain) = self.x509_certificate_chain {
            let one = |raw: &RawCertificate| decoded("rawBytes", &raw.raw_bytes);
            let chain = chain.certificates.iter().map(one).collect::<Result<Vec<_>, _>>()?;
            return if chain.is_empty() {
                Err(BundleError::Signer)
            } else {
                Ok(Signer::Certificates(chain))
            };
        }
        let key = self.public_key.ok_or(BundleError::Signer)?;
        Ok(Signer::Key(key.hint.filter(|hint| !hint.is_empty())))
    }
}

/// The longest bundle that is read: some 400,000 files.
pub const MOST_BUNDLE: usize = 128 << 20;
const BUNDLE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";
const PAYLOAD: &str = "application/vnd.in-toto+json";
