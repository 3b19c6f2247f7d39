//! Doing a slow step once: it is skipped while what it was made from is the same.

use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{Done, Failure};

/// A file beside what a step made. It holds a digest of everything that the step read.
pub struct Stamp {
    file: PathBuf,
    digest: String,
}

impl Stamp {
    /// The stamp of the step that makes `product` from `inputs`, its recipe included.
    pub fn new(product: &Path, inputs: &[&[u8]]) -> Self {
        let mut hash = FNV_OFFSET;
        for input in inputs {
            let length = (input.len() as u64).to_le_bytes();
            for byte in length.iter().chain(input.iter()) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(FNV_PRIME);
            }
        }
        let mut file = product.as_os_str().to_owned();
        file.push(".stamp");
        Self { file: file.into(), digest: format!("{hash:016x}\n") }
    }

    /// Whether the step has been done with these very inputs.
    pub fn holds(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|found| found == self.digest)
    }

    /// Says that the step is done.
    pub fn set(&self) -> Done {
        fs::write(&self.file, &self.digest).map_err(|error| {
            Failure::unable(format!("cannot write {}: {error}", self.file.display()))
        })
    }

    /// Says that the step is about to be done anew.
    pub fn clear(&self) {
        // A stamp that is not there is as good as one removed.
        let _ = fs::remove_file(&self.file);
    }
}

// FNV-1a, 64 bits (Fowler, Noll, Vo; RFC 9923). Against mistakes, not against an attacker:
// whoever can write the target folder can do anything here.
const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const FNV_PRIME: u64 = 0x0100_0000_01b3;

#[cfg(test)]
mod tests {
    //! The stamp holds for the same inputs only.

    use super::Stamp;

    #[test]
    fn holds_for_the_same_inputs_only() {
        let product = std::env::temp_dir().join(format!("freehold-stamp-{}", std::process::id()));
        let stamp = Stamp::new(&product, &[b"one", b"two"]);
        assert!(!stamp.holds());
        stamp.set().unwrap();
        assert!(Stamp::new(&product, &[b"one", b"two"]).holds());
        assert!(!Stamp::new(&product, &[b"onet", b"wo"]).holds());
        assert!(!Stamp::new(&product, &[b"one", b"three"]).holds());
        stamp.clear();
        assert!(!stamp.holds());
    }
}
