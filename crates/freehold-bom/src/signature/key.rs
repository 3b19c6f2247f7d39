//! Keys on the NIST curves P-256 and P-384, from PEM: PKCS#8 (RFC 5958), SEC 1 (RFC 5915) and
//! SubjectPublicKeyInfo (RFC 5480).

use ring::{
    digest::{SHA256, digest},
    rand::SecureRandom,
    signature::{
        self, ECDSA_P256_SHA256_ASN1, ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1,
        ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, KeyPair,
    },
};

use super::{
    der::{self, Malformed, Reader},
    pem,
};
use crate::identity::hex;

/// A curve, and with it the hash: SHA-256 for P-256, SHA-384 for P-384.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    /// NIST P-256, secp256r1.
    P256,
    /// NIST P-384, secp384r1.
    P384,
}

impl Curve {
    /// As people write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
        }
    }

    /// Length of a coordinate and of a private key in bytes.
    const fn bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
        }
    }

    fn of(object: &[u8]) -> Result<Self, KeyError> {
        match object {
            PRIME256V1 => Ok(Self::P256),
            SECP384R1 => Ok(Self::P384),
            SECP521R1 => Err(KeyError::Unsupported { what: "elliptic curve P-521" }),
            SECP256K1 => Err(KeyError::Unsupported { what: "elliptic curve secp256k1" }),
            _ => {
                Err(KeyError::Unsupported { what: "an elliptic curve other than P-256 and P-384" })
            }
        }
    }
}

/// Why there is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// No block of PEM that could be one.
    #[error("holds no {wanted} in PEM")]
    None {
        /// `private key` or `public key`.
        wanted: &'static str,
    },
    /// The other half of a pair.
    #[error("holds a {found}, and a {wanted} is needed")]
    Half {
        /// What it holds.
        found: &'static str,
        /// What is needed.
        wanted: &'static str,
    },
    /// Protected by a password.
    #[error("the private key is encrypted with a password")]
    Encrypted,
    /// Of a kind that is not read.
    #[error("the key is of a kind that is not supported: {what}")]
    Unsupported {
        /// Its kind.
        what: &'static str,
    },
    /// Without its public half, which the signing library does not compute.
    #[error("the private key comes without its public half")]
    NoPublicHalf,
    /// It is not what its label says.
    #[error("the key is malformed")]
    Malformed,
}

impl From<Malformed> for KeyError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

/// Checks signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicKey {
    curve: Curve,
    /// Uncompressed: 4, x, y.
    point: Vec<u8>,
}

impl PublicKey {
    /// Reads `-----BEGIN PUBLIC KEY-----`.
    ///
    /// # Errors
    /// [`KeyError`] says why there is none.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text);
        if let Some(block) = blocks.iter().find(|block| block.label == PUBLIC) {
            return Self::from_spki(&block.bytes);
        }
        let half = |found| Err(KeyError::Half { found, wanted: "public key" });
        match blocks.iter().find(|block| block.label != "EC PARAMETERS").map(|block| block.label) {
            Some(label) if label.ends_with("PRIVATE KEY") => half("private key"),
            Some("CERTIFICATE") => half("certificate"),
            Some("RSA PUBLIC KEY") => Err(KeyError::Unsupported { what: "RSA" }),
            _ => Err(KeyError::None { wanted: "public key" }),
        }
    }

    /// Reads a SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// [`KeyError`] says why it is none.
    pub fn from_spki(der: &[u8]) -> Result<Self, KeyError> {
        let mut outer = Reader::new(der);
        let mut info = Reader::new(outer.take(der::SEQUENCE)?);
        outer.end()?;
        let curve = algorithm(info.take(der::SEQUENCE)?)?;
        let point = der::bits(info.take(der::BIT_STRING)?)?;
        info.end()?;
        Self::from_point(curve, point)
    }

    fn from_point(curve: Curve, point: &[u8]) -> Result<Self, KeyError> {
        match point {
            [4, rest @ ..] if rest.len() == 2 * curve.bytes() => {
                Ok(Self { curve, point: point.to_vec() })
            }
            [2 | 3, ..] => Err(KeyError::Unsupported { what: "a compressed point" }),
            _ => Err(KeyError::Malformed),
        }
    }

    /// Its curve.
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// What `model-signing` writes into a bundle as the key's hint: the SHA-256 of its PEM, in
    /// hexadecimal digits.
    pub fn hint(&self) -> String {
        let text = pem::write(PUBLIC, &self.spki());
        hex(digest(&SHA256, text.as_bytes()).as_ref())
    }

    /// As PEM.
    pub fn to_pem(&self) -> String {
        pem::write(PUBLIC, &self.spki())
    }

    fn spki(&self) -> Vec<u8> {
        // All lengths are below 128, but for the outermost of neither: 0x59 and 0x76.
        let curve = match self.curve {
            Curve::P256 => PRIME256V1,
            Curve::P384 => SECP384R1,
        };
        let algorithm = [value(der::OBJECT, EC_PUBLIC_KEY), value(der::OBJECT, curve)].concat();
        let point = [&[0], self.point.as_slice()].concat();
        let parts = [value(der::SEQUENCE, &algorithm), value(der::BIT_STRING, &point)];
        value(der::SEQUENCE, &parts.concat())
    }

    /// Whether the signature (ASN.1) over the message is this key's.
    pub fn holds(&self, message: &[u8], signed: &[u8]) -> bool {
        let algorithm = match self.curve {
            Curve::P256 => &ECDSA_P256_SHA256_ASN1,
            Curve::P384 => &ECDSA_P384_SHA384_ASN1,
        };
        signature::UnparsedPublicKey::new(algorithm, &self.point).verify(message, signed).is_ok()
    }
}

/// Signs.
pub struct PrivateKey {
    pair: EcdsaKeyPair,
    public: PublicKey,
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PrivateKey").field("public", &self.public).finish_non_exhaustive()
    }
}

impl PrivateKey {
    /// Reads `-----BEGIN PRIVATE KEY-----` (PKCS#8) or `-----BEGIN EC PRIVATE KEY-----` (SEC 1).
    ///
    /// # Errors
    /// [`KeyError`] says why there is none.
    pub fn from_pem(text: &str, random: &dyn SecureRandom) -> Result<Self, KeyError> {
        let blocks = pem::blocks(text);
        let Some(block) = blocks.iter().find(|block| block.label.ends_with("PRIVATE KEY")) else {
            return Err(match blocks.iter().any(|block| block.label == PUBLIC) {
                true => KeyError::Half { found: "public key", wanted: "private key" },
                false => KeyError::None { wanted: "private key" },
            });
        };
        if block.headers || block.label.starts_with("ENCRYPTED") {
            return Err(KeyError::Encrypted);
        }
        match block.label {
            "PRIVATE KEY" => {
                let mut outer = Reader::new(&block.bytes);
                let mut info = Reader::new(outer.take(der::SEQUENCE)?);
                outer.end()?;
                info.take(der::INTEGER)?;
                let curve = algorithm(info.take(der::SEQUENCE)?)?;
                Self::from_sec1(info.take(der::OCTET_STRING)?, Some(curve), random)
            }
            "EC PRIVATE KEY" => Self::from_sec1(&block.bytes, None, random),
            "RSA PRIVATE KEY" => Err(KeyError::Unsupported { what: "RSA" }),
            _ => Err(KeyError::Unsupported { what: "not an elliptic curve" }),
        }
    }

    fn from_sec1(
        der: &[u8],
        curve: Option<Curve>,
        random: &dyn SecureRandom,
    ) -> Result<Self, KeyError> {
        let mut outer = Reader::new(der);
        let mut key = Reader::new(outer.take(der::SEQUENCE)?);
        outer.end()?;
        if key.take(der::INTEGER)? != [1] {
            return Err(KeyError::Malformed);
        }
        let secret = key.take(der::OCTET_STRING)?;
        let named = key.optional(der::context(0))?;
        let named = named.map(|named| Reader::new(named).take(der::OBJECT)).transpose()?;
        let curve = match (curve, named.map(Curve::of).transpose()?) {
            (Some(one), Some(other)) if one != other => return Err(KeyError::Malformed),
            (Some(curve), _) | (None, Some(curve)) => curve,
            (None, None) => return Err(KeyError::Malformed),
        };
        let point = key.optional(der::context(1))?.ok_or(KeyError::NoPublicHalf)?;
        let point = der::bits(Reader::new(point).take(der::BIT_STRING)?)?;
        let public = PublicKey::from_point(curve, point)?;
        let algorithm = match curve {
            Curve::P256 => &ECDSA_P256_SHA256_ASN1_SIGNING,
            Curve::P384 => &ECDSA_P384_SHA384_ASN1_SIGNING,
        };
        let pair = EcdsaKeyPair::from_private_key_and_public_key(algorithm, secret, point, random)
            .map_err(|_| KeyError::Malformed)?;
        Ok(Self { pair, public })
    }

    /// The other half.
    pub fn public(&self) -> &PublicKey {
        &self.public
    }

    /// The signature (ASN.1) over a message; `None` where the source of randomness fails.
    pub(super) fn sign(&self, message: &[u8], random: &dyn SecureRandom) -> Option<Vec<u8>> {
        debug_assert_eq!(self.pair.public_key().as_ref(), self.public.point);
        self.pair.sign(random, message).ok().map(|signed| signed.as_ref().to_vec())
    }
}

/// The curve that an AlgorithmIdentifier names.
fn algorithm(contents: &[u8]) -> Result<Curve, KeyError> {
    let mut identifier = Reader::new(contents);
    match identifier.take(der::OBJECT)? {
        EC_PUBLIC_KEY if identifier.has(der::OBJECT) => {
            let curve = Curve::of(identifier.take(der::OBJECT)?)?;
            identifier.end()?;
            Ok(curve)
        }
        EC_PUBLIC_KEY => {
            Err(KeyError::Unsupported { what: "an elliptic curve given by its parameters" })
        }
        RSA => Err(KeyError::Unsupported { what: "RSA" }),
        ED25519 => Err(KeyError::Unsupported { what: "Ed25519" }),
        _ => Err(KeyError::Unsupported { what: "not an elliptic curve" }),
    }
}

/// A value of DER with contents shorter than 128 bytes.
fn value(tag: u8, contents: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag, u8::try_from(contents.len()).unwrap_or_default()];
    bytes.extend_from_slice(contents);
    bytes
}

const PUBLIC: &str = "PUBLIC KEY";
/// 1.2.840.10045.2.1
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
/// 1.2.840.10045.3.1.7
const PRIME256V1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// 1.3.132.0.34
const SECP384R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x22];
/// 1.3.132.0.35
const SECP521R1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x23];
/// 1.3.132.0.10
const SECP256K1: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];
/// 1.2.840.113549.1.1.1
const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
/// 1.3.101.112
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];
