//! tlog-proof: a checkpoint, an entry's index and the hashes between them in one text file.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{Checkpoint, CheckpointError, Hash, ProofError, Verifier, verify_inclusion};

/// A proof that can be checked offline with nothing but the log's verifier key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordProof {
    /// The entry's place in the log.
    pub index: u64,
    /// From the leaf's sibling upwards.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint, verbatim.
    pub checkpoint: String,
}

impl RecordProof {
    /// The file's text (conventionally `*.tlog-proof`).
    pub fn text(&self) -> String {
        let mut text = format!("{FIRST_LINE}\nindex {}\n", self.index);
        for hash in &self.hashes {
            text.push_str(&STANDARD.encode(hash));
            text.push('\n');
        }
        text.push('\n');
        text.push_str(&self.checkpoint);
        text
    }

    /// Reads a file's text; nothing is checked but its form. Extra data are passed over.
    ///
    /// # Errors
    /// [`ProofTextError::Malformed`] if it is no such file.
    pub fn parse(text: &str) -> Result<Self, ProofTextError> {
        let malformed = ProofTextError::Malformed;
        let (proof, checkpoint) = text.split_once("\n\n").ok_or(malformed.clone())?;
        let mut lines = proof.split('\n').peekable();
        if lines.next() != Some(FIRST_LINE) {
            return Err(malformed);
        }
        if let Some(extra) = lines.next_if(|line| line.starts_with("extra ")) {
            STANDARD.decode(&extra[6..]).map_err(|_| malformed.clone())?;
        }
        let digits =
            lines.next().and_then(|line| line.strip_prefix("index ")).ok_or(malformed.clone())?;
        let index: u64 = digits.parse().map_err(|_| malformed.clone())?;
        if index.to_string() != digits {
            return Err(malformed);
        }
        // No tree of 2^64 entries has longer paths.
        let hashes: Option<Vec<Hash>> = lines
            .take(65)
            .map(|line| STANDARD.decode(line).ok().and_then(|hash| Hash::try_from(hash).ok()))
            .collect();
        let hashes = hashes.filter(|hashes| hashes.len() <= 64).ok_or(malformed)?;
        Ok(Self { index, hashes, checkpoint: checkpoint.to_owned() })
    }

    /// Checks that the entry with this leaf hash is where the proof says, under a checkpoint
    /// signed by the log.
    ///
    /// # Errors
    /// [`ProofTextError`] if it does not show that.
    pub fn verify(&self, leaf: &Hash, verifier: &Verifier) -> Result<Checkpoint, ProofTextError> {
        let checkpoint = Checkpoint::open(&self.checkpoint, verifier)?;
        verify_inclusion(leaf, self.index, checkpoint.size, &checkpoint.root, &self.hashes)?;
        Ok(checkpoint)
    }
}

/// Why a proof file shows nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofTextError {
    /// It is not a proof file.
    #[error("not a `{FIRST_LINE}` file")]
    Malformed,
    /// Its checkpoint is not accepted.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// Its hashes do not lead to the checkpoint's root.
    #[error(transparent)]
    Proof(#[from] ProofError),
}

const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
