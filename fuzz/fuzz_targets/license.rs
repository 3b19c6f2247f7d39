//! Any text has an answer, within its bounds: licences, declarations, expressions, places.

#![no_main]

use freehold_license::{Declared, Expression, declared, place, recognise};

libfuzzer_sys::fuzz_target!(|text: &str| {
    for found in recognise(text) {
        assert!(text.get(found.span.bytes).is_some());
    }
    let _ = text.parse::<Expression>();
    declared(Declared { license: Some(text), name: Some(text), link: Some(text) });
    place(text, "1(b)(i)", &["commercial use is not permitted"]);
});
