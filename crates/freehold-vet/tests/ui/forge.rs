//! An `Admission` written by hand.
use freehold_types::{Digest, Principal};
use freehold_vet::{Admission, Format};

fn main() {
    let _ = Admission {
        digest: Digest::from_bytes([0; 32]),
        format: Format::Gguf,
        files: Vec::new(),
        signed_off_by: Principal("nobody".to_owned()),
    };
}
