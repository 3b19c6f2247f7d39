//! Any bytes can be followed as a pickle, by every reader that is known.

#![no_main]

use freehold_artifact::pickle::{Frames, Reader, follow};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for joblib in [false, true] {
        for frames in [Frames::Through, Frames::Drop] {
            follow(bytes, Reader { joblib, frames });
        }
    }
});
