//! Proof files and tile paths from anyone: no panic, and what is accepted prints as it was.
#![no_main]

use freehold_tlog::{RecordProof, TileId};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(proof) = RecordProof::parse(text) {
        assert_eq!(RecordProof::parse(&proof.text()), Ok(proof));
    }
    if let Ok(tile) = text.parse::<TileId>() {
        assert_eq!(tile.to_string(), text);
    }
});
