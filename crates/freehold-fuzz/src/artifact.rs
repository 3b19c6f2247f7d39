//! Readers of model files: no bytes make them panic, and what they read lies in the file.

use std::io::Cursor;

use freehold_artifact::{
    archive::{tar as tarball, zip as archive},
    gguf as weights, graph as graphs, hdf5 as hierarchical, keras as layers, marshal as bytecode,
    msgpack as packed,
    pickle::{Frames, Reader, follow},
    python::{Place, check, check_shell, check_torchscript},
    safetensors as tensors, sentencepiece as tokens, template as chat,
};

/// No tensor lies outside the file.
pub(crate) fn gguf(bytes: &[u8]) {
    let length = bytes.len() as u64;
    if let Ok(gguf) = weights::parse(bytes, length) {
        let inside = |start, end| start <= end && end <= length;
        assert!(gguf.tensors.iter().all(|tensor| inside(tensor.start, tensor.end)));
    }
}

/// Graphs of ONNX, TensorFlow and TensorFlow Lite.
pub(crate) fn graph(bytes: &[u8]) {
    let length = bytes.len() as u64;
    let _read = graphs::read(&mut Cursor::new(bytes), length);
    let _read = graphs::read_lite(&mut Cursor::new(bytes), length);
}

/// MessagePack, as Flax writes it.
pub(crate) fn msgpack(bytes: &[u8]) {
    let _read = packed::is_map(&mut Cursor::new(bytes), bytes.len() as u64);
}

/// No attribute holds more than the file.
pub(crate) fn hdf5(bytes: &[u8]) {
    let base = hierarchical::begins(bytes).unwrap_or(0);
    let length = bytes.len() as u64;
    let _read = hierarchical::read(&mut Cursor::new(bytes), length, base, &mut |attribute| {
        assert!(attribute.value.len() <= bytes.len());
    });
}

/// Any JSON can be judged as a configuration of Keras.
pub(crate) fn keras(bytes: &[u8]) {
    if let Ok(value) = serde_json::from_slice(bytes) {
        layers::check(&value);
    }
}

/// Any bytes can be followed as a pickle, by every reader that is known, joblib's arrays included.
pub(crate) fn pickle(bytes: &[u8]) {
    for joblib in [false, true] {
        for frames in [Frames::Through, Frames::Drop] {
            follow(bytes, Reader { joblib, frames });
        }
    }
}

/// Python's bytecode.
pub(crate) fn marshal(bytes: &[u8]) {
    let words = bytecode::words(bytes);
    let _found = bytecode::harmful(&words);
    let _found = bytecode::harmful_in_module(&words);
}

/// Any text can be read as Python, as TorchScript and as a shell script.
pub(crate) fn python(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    check(&text, Place::default());
    check(&text, Place { setup: true, notebook: true });
    check_torchscript(&text);
    check_shell(&text);
}

/// No tensor lies outside the file.
pub(crate) fn safetensors(bytes: &[u8]) {
    let length = bytes.len() as u64;
    if let Ok(header) = tensors::parse(bytes, length) {
        let inside = |start, end| start <= end && end <= length;
        assert!(header.tensors.iter().all(|tensor| inside(tensor.start, tensor.end)));
    }
    let _read = tensors::ShardIndex::parse(bytes);
}

/// No bytes make the reader panic.
pub(crate) fn sentencepiece(bytes: &[u8]) {
    let _read = tokens::parse(bytes);
}

/// Any block can be read as the header of a tar archive's member.
pub(crate) fn tar(bytes: &[u8]) {
    for block in bytes.chunks_exact(tarball::BLOCK) {
        if let Some(block) = block.first_chunk() {
            tarball::header(block);
        }
    }
}

/// Any text can be read as a chat template.
pub(crate) fn template(bytes: &[u8]) {
    chat::check(&String::from_utf8_lossy(bytes));
}

/// No member lies outside the archive, by its directory or without.
pub(crate) fn zip(bytes: &[u8]) {
    let length = bytes.len() as u64;
    if let Ok(archive) = archive::read(&mut Cursor::new(bytes), length) {
        assert!(archive.entries.iter().all(|entry| entry.start + entry.packed <= length));
    }
    let _found = archive::salvage(&mut Cursor::new(bytes), length);
}
