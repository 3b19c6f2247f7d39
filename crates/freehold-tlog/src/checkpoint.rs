//! Checkpoints: what a log promises about its first entries, signed.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::{Hash, NoteError, Signer, Verifier, open_note};

/// A tree's size and root under the log's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Entries covered.
    pub size: u64,
    /// Their root.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// The signed note.
    pub fn sign(&self, signer: &Signer) -> String {
        signer.sign(&self.text())
    }

    /// Checks a signed note by the key of a log and reads the checkpoint in it. The origin must be
    /// the key's name. Extension lines are passed over.
    ///
    /// # Errors
    /// [`CheckpointError`] if it is not signed by that key or not a checkpoint of that log.
    pub fn open(note: &str, verifier: &Verifier) -> Result<Self, CheckpointError> {
        let checkpoint = Self::parse(open_note(note, verifier)?)?;
        if checkpoint.origin != verifier.name() {
            return Err(CheckpointError::Origin {
                expected: verifier.name().to_owned(),
                found: checkpoint.origin,
            });
        }
        Ok(checkpoint)
    }

    /// Reads a checkpoint's text, without any signature.
    ///
    /// # Errors
    /// [`CheckpointError::Malformed`] if it is none.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Malformed)?;
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::Malformed);
        };
        if origin.is_empty() || lines.any(str::is_empty) {
            return Err(CheckpointError::Malformed);
        }
        let root: Option<Hash> =
            STANDARD.decode(root).ok().and_then(|root| Hash::try_from(root).ok());
        let number: Option<u64> = size.parse().ok();
        match (number, root) {
            // One text per number: no signs, no leading zeros.
            (Some(number), Some(root)) if number.to_string() == size => {
                Ok(Self { origin: origin.to_owned(), size: number, root })
            }
            _ => Err(CheckpointError::Malformed),
        }
    }
}

/// Why a checkpoint is not accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note does not hold.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text is not a checkpoint's.
    #[error("the signed text is not a checkpoint")]
    Malformed,
    /// It is another log's.
    #[error("the checkpoint is of log `{found}`, not `{expected}`")]
    Origin {
        /// The key's name.
        expected: String,
        /// In the text.
        found: String,
    },
}
