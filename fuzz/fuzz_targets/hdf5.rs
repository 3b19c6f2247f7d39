//! Any bytes can be read as HDF5, and no attribute holds more than the file.
#![no_main]

use std::io::Cursor;

use freehold_artifact::hdf5::{begins, read};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let base = begins(bytes).unwrap_or(0);
    let length = bytes.len() as u64;
    let _ = read(&mut Cursor::new(bytes), length, base, &mut |attribute| {
        assert!(attribute.value.len() <= bytes.len());
    });
});
