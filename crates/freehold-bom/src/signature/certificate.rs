//! Signatures by certificate: the signer's certificate must lead to a root that the caller trusts,
//! be valid on the day asked about, and be one for signing.
//!
//! The chain is built and checked by `rustls-webpki`. `model-signing` checks the chain as of the
//! first day of the signer's certificate; nothing in such a signature shows when it was made, so
//! here the caller says the day, and an expired certificate is refused unless he does.

use freehold_types::Timestamp;
use ring::digest::{SHA256, digest};
use rustls_pki_types::{CertificateDer, SignatureVerificationAlgorithm, UnixTime};
use serde::Serialize;
use webpki::{EndEntityCert, KeyUsage, anchor_from_trusted_cert};

use super::{
    der::{self, Malformed, Reader},
    key::{KeyError, PublicKey},
    pem,
};
use crate::identity::hex;

/// Certificates that the caller trusts, and others that lead to them.
#[derive(Debug, Clone)]
pub struct Roots {
    roots: Vec<Vec<u8>>,
    others: Vec<Vec<u8>>,
}

/// Who signed, by a certificate that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Signatory {
    /// Common name, organisation and addresses in the certificate, as far as it has them.
    pub names: Vec<String>,
    /// SHA-256 of the certificate, in hexadecimal digits.
    pub fingerprint: String,
}

/// Why a certificate is not trusted, or not read.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// The caller's file holds none.
    #[error("there is no certificate in PEM in it")]
    None,
    /// The caller's file holds no root.
    #[error("none of the certificates in it is a root: each was issued by another")]
    NoRoot,
    /// One that is no certificate of X.509 version 3.
    #[error("the certificate is malformed")]
    Malformed,
    /// No: the chain does not hold.
    #[error("it does not lead to a trusted root, or is not valid on the day: {0}")]
    Chain(webpki::Error),
    /// No: not for signing.
    #[error(
        "it is not for signing: its key usage has no digital signature, and its extended key \
             usage no code signing"
    )]
    Usage,
    /// Its key is of a kind that is not read.
    #[error("its key cannot be used")]
    Key(#[source] KeyError),
}

impl CertificateError {
    /// Whether the answer is no, rather than that there is none.
    pub fn is_no(&self) -> bool {
        matches!(self, Self::Chain(_) | Self::Usage | Self::Malformed)
    }
}

impl From<Malformed> for CertificateError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl Roots {
    /// Reads certificates in PEM. Those that were issued by themselves are trusted; the others may
    /// stand between them and the signer.
    ///
    /// # Errors
    /// [`CertificateError::None`], [`CertificateError::NoRoot`], [`CertificateError::Malformed`].
    pub fn from_pem(text: &str) -> Result<Self, CertificateError> {
        let (mut roots, mut others) = (Vec::new(), Vec::new());
        for block in pem::blocks(text).iter().filter(|block| block.label == "CERTIFICATE") {
            let parts = Parts::read(&block.bytes)?;
            let list = if parts.issuer == parts.subject { &mut roots } else { &mut others };
            list.push(block.bytes.to_vec());
        }
        match (roots.is_empty(), others.is_empty()) {
            (true, true) => Err(CertificateError::None),
            (true, false) => Err(CertificateError::NoRoot),
            _ => Ok(Self { roots, others }),
        }
    }

    /// The key of the first certificate of a chain, if it holds.
    pub(super) fn signatory(
        &self,
        chain: &[Vec<u8>],
        at: Timestamp,
    ) -> Result<(PublicKey, Signatory), CertificateError> {
        let [leaf, rest @ ..] = chain else { return Err(CertificateError::None) };
        let roots: Vec<_> =
            self.roots.iter().map(|root| CertificateDer::from(root.as_slice())).collect();
        let anchors = roots
            .iter()
            .map(|root| anchor_from_trusted_cert(root).map_err(CertificateError::Chain))
            .collect::<Result<Vec<_>, _>>()?;
        let between: Vec<_> = rest
            .iter()
            .chain(&self.others)
            .map(|other| CertificateDer::from(other.as_slice()))
            .collect();
        let leaf_der = CertificateDer::from(leaf.as_slice());
        let certificate = EndEntityCert::try_from(&leaf_der).map_err(CertificateError::Chain)?;
        let time = UnixTime::since_unix_epoch(std::time::Duration::from_micros(at.0));
        let usage = KeyUsage::required_if_present(CODE_SIGNING);
        certificate
            .verify_for_usage(ALGORITHMS, &anchors, &between, time, usage, None, None)
            .map_err(CertificateError::Chain)?;
        let parts = Parts::read(leaf)?;
        if !parts.signs()? {
            return Err(CertificateError::Usage);
        }
        let key = PublicKey::from_spki(&certificate.subject_public_key_info())
            .map_err(CertificateError::Key)?;
        let fingerprint = hex(digest(&SHA256, leaf).as_ref());
        Ok((key, Signatory { names: parts.names()?, fingerprint }))
    }
}

/// What is read of a certificate beyond what webpki gives out.
struct Parts<'a> {
    issuer: &'a [u8],
    subject: &'a [u8],
    extensions: Option<&'a [u8]>,
}

impl<'a> Parts<'a> {
    fn read(certificate: &'a [u8]) -> Result<Self, Malformed> {
        let mut outer = Reader::new(certificate);
        let mut whole = Reader::new(outer.take(der::SEQUENCE)?);
        outer.end()?;
        let mut signed = Reader::new(whole.take(der::SEQUENCE)?);
        signed.optional(der::context(0))?;
        signed.take(der::INTEGER)?;
        signed.take(der::SEQUENCE)?;
        let issuer = signed.take(der::SEQUENCE)?;
        signed.take(der::SEQUENCE)?;
        let subject = signed.take(der::SEQUENCE)?;
        signed.take(der::SEQUENCE)?;
        let mut extensions = None;
        while !signed.is_empty() {
            let (tag, contents) = signed.next()?;
            if tag == der::context(3) {
                extensions = Some(Reader::new(contents).take(der::SEQUENCE)?);
            }
        }
        Ok(Self { issuer, subject, extensions })
    }

    fn extension(&self, object: &[u8]) -> Result<Option<&'a [u8]>, Malformed> {
        let mut all = Reader::new(self.extensions.unwrap_or_default());
        while !all.is_empty() {
            let mut one = Reader::new(all.take(der::SEQUENCE)?);
            let name = one.take(der::OBJECT)?;
            one.optional(der::BOOLEAN)?;
            let value = one.take(der::OCTET_STRING)?;
            if name == object {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Whether it may sign: its key usage says so; without one, its extended key usage must.
    fn signs(&self) -> Result<bool, Malformed> {
        if let Some(usage) = self.extension(KEY_USAGE)? {
            let bits = Reader::new(usage).take(der::BIT_STRING)?;
            return Ok(bits.get(1).is_some_and(|first| first & 0x80 != 0));
        }
        let Some(usage) = self.extension(EXTENDED_KEY_USAGE)? else { return Ok(false) };
        let mut purposes = Reader::new(Reader::new(usage).take(der::SEQUENCE)?);
        while !purposes.is_empty() {
            if purposes.take(der::OBJECT)? == CODE_SIGNING {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What the subject is called, and its addresses.
    fn names(&self) -> Result<Vec<String>, Malformed> {
        let mut names = Vec::new();
        let mut subject = Reader::new(self.subject);
        while !subject.is_empty() {
            let mut set = Reader::new(subject.take(der::SET)?);
            while !set.is_empty() {
                let mut pair = Reader::new(set.take(der::SEQUENCE)?);
                let kind = pair.take(der::OBJECT)?;
                let (_, text) = pair.next()?;
                if [COMMON_NAME, ORGANISATION].contains(&kind) {
                    names.push(shown(text));
                }
            }
        }
        if let Some(other) = self.extension(OTHER_NAMES)? {
            let mut all = Reader::new(Reader::new(other).take(der::SEQUENCE)?);
            while !all.is_empty() {
                // RFC 5280: [1] an address of mail, [2] a host, [6] a URI.
                if let (0x81 | 0x82 | 0x86, text) = all.next()? {
                    names.push(shown(text));
                }
            }
        }
        Ok(names)
    }
}

/// A text of the certificate's owner, without what could move a terminal's cursor.
fn shown(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    text.chars().map(|one| if one.is_control() { '\u{fffd}' } else { one }).take(200).collect()
}

const ALGORITHMS: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::ring::ECDSA_P256_SHA256,
    webpki::ring::ECDSA_P256_SHA384,
    webpki::ring::ECDSA_P384_SHA256,
    webpki::ring::ECDSA_P384_SHA384,
    webpki::ring::ED25519,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256,
    webpki::ring::RSA_PKCS1_2048_8192_SHA384,
    webpki::ring::RSA_PKCS1_2048_8192_SHA512,
];
/// 2.5.29.15
const KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x0f];
/// 2.5.29.37
const EXTENDED_KEY_USAGE: &[u8] = &[0x55, 0x1d, 0x25];
/// 2.5.29.17
const OTHER_NAMES: &[u8] = &[0x55, 0x1d, 0x11];
/// 1.3.6.1.5.5.7.3.3
const CODE_SIGNING: &[u8] = &[0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x03];
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
/// 2.5.4.10
const ORGANISATION: &[u8] = &[0x55, 0x04, 0x0a];
