//! No bytes make the GGUF reader panic, and no tensor lies outside the file.
#![no_main]

use freehold_artifact::gguf::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let length = bytes.len() as u64;
    if let Ok(gguf) = parse(bytes, length) {
        assert!(gguf.tensors.iter().all(|tensor| tensor.start <= tensor.end && tensor.end <= length));
    }
});
