//! Any JSON can be judged as a configuration of Keras.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(value) = serde_json::from_slice(bytes) {
        freehold_artifact::keras::check(&value);
    }
});
