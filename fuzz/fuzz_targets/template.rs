//! Any text can be read as a chat template.

#![no_main]

use freehold_artifact::template;

libfuzzer_sys::fuzz_target!(|text: &str| {
    template::check(text);
});
