//! Any text can be read as Python, as TorchScript and as a shell script; any bytes as bytecode.
#![no_main]

use freehold_artifact::{
    marshal,
    python::{Place, check, check_shell, check_torchscript},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = marshal::harmful(&marshal::words(bytes));
    let text = String::from_utf8_lossy(bytes);
    check(&text, Place::default());
    check(&text, Place { setup: true, notebook: true });
    check_torchscript(&text);
    check_shell(&text);
});
