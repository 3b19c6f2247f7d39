//! Any bytes can be read as a graph of ONNX or TensorFlow, as TensorFlow Lite and as MessagePack.
#![no_main]

use std::io::Cursor;

use freehold_artifact::{graph, msgpack};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let length = bytes.len() as u64;
    let _ = graph::read(&mut Cursor::new(bytes), length);
    let _ = graph::read_lite(&mut Cursor::new(bytes), length);
    let _ = msgpack::is_map(&mut Cursor::new(bytes), length);
});
