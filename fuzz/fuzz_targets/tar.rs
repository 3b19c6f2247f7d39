//! Any block can be read as the header of a tar archive's member.

#![no_main]

use freehold_artifact::archive::tar;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for block in bytes.chunks_exact(tar::BLOCK) {
        if let Some(block) = block.first_chunk() {
            tar::header(block);
        }
    }
});
