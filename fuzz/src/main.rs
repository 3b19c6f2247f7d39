//! Hands libFuzzer's bytes to the target that `FREEHOLD_FUZZ` names.
#![no_main]

use std::sync::OnceLock;

use freehold_fuzz::Target;

static TARGET: OnceLock<Target> = OnceLock::new();

libfuzzer_sys::fuzz_target!(
    init: {
        let name = std::env::var("FREEHOLD_FUZZ").expect("FREEHOLD_FUZZ names the target");
        let target = freehold_fuzz::find(&name).expect("there is such a target");
        TARGET.set(target).expect("this runs once");
    },
    |bytes: &[u8]| {
        if let Some(target) = TARGET.get() {
            target(bytes);
        }
    }
);
