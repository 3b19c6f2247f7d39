//! Any bytes can be read as a zip archive's directory.

#![no_main]

use std::io::Cursor;

use freehold_artifact::archive::zip;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(archive) = zip::read(&mut Cursor::new(bytes), bytes.len() as u64) {
        for entry in archive.entries {
            assert!(entry.start + entry.packed <= bytes.len() as u64);
        }
    }
});
