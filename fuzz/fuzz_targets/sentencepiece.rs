//! No bytes make the SentencePiece reader panic.
#![no_main]

use freehold_artifact::sentencepiece::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse(bytes);
});
