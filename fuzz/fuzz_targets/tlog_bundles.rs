//! Entry bundles from anyone: no panic, nothing read twice, nothing beyond the end.
#![no_main]

use freehold_tlog::{entries, push_entry};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut again = Vec::new();
    for (offset, entry) in entries(bytes).map_while(Result::ok) {
        assert_eq!(offset, again.len());
        push_entry(&mut again, entry).expect("it was in a bundle");
    }
    assert!(bytes.starts_with(&again));
});
