//! Signed notes, keys and checkpoints from anyone: no panic, and what is accepted prints as it was.
#![no_main]

use freehold_tlog::{Checkpoint, Verifier, open_note};
use libfuzzer_sys::fuzz_target;

const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";

fuzz_target!(|text: &str| {
    let verifier: Verifier = VKEY.parse().expect("a known key");
    let _ = open_note(text, &verifier);
    let _ = Checkpoint::open(text, &verifier);
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert!(text.starts_with(&checkpoint.text()));
    }
    if let Ok(key) = text.parse::<Verifier>() {
        assert_eq!(key.to_string().parse::<Verifier>(), Ok(key));
    }
});
