//! No bytes make the safetensors readers panic, and no tensor lies outside the file.
#![no_main]

use freehold_artifact::safetensors::{ShardIndex, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let length = bytes.len() as u64;
    if let Ok(header) = parse(bytes, length) {
        assert!(header.tensors.iter().all(|tensor| tensor.start <= tensor.end && tensor.end <= length));
    }
    let _ = ShardIndex::parse(bytes);
});
