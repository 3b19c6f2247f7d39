//! Messages put together here, and models as onnx's own writer makes them.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../../../testdata/vet/formats/", $name)).as_slice()
    };
}

/// A field that has a length.
fn f(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    let mut length = content.len();
    while length >= 0x80 {
        bytes.push(length as u8 | 0x80);
        length >>= 7;
    }
    bytes.push(length as u8);
    bytes.extend(content);
    bytes
}

fn node(name: &str, operator: &str, inputs: &[&str], text: Option<&str>) -> Vec<u8> {
    let mut content = [f(1, name.as_bytes()), f(2, operator.as_bytes())].concat();
    for input in inputs {
        content.extend(f(3, input.as_bytes()));
    }
    if let Some(text) = text {
        let tensor = f(8, &[vec![8, 7], f(8, text.as_bytes())].concat());
        content.extend(f(5, &[f(1, b"value"), f(2, &tensor)].concat()));
    }
    content
}

fn saved(nodes: &[Vec<u8>]) -> Vec<u8> {
    let graph: Vec<u8> = nodes.iter().flat_map(|node| f(1, node)).collect();
    [vec![8, 1], f(2, &[f(1, b""), f(2, &graph)].concat())].concat()
}

fn check(bytes: &[u8], rules: Option<&[&str]>) {
    let read = read(&mut Cursor::new(bytes), bytes.len() as u64).unwrap();
    let names =
        read.map(|graph| graph.findings.iter().map(|one| one.rule.name).collect::<Vec<_>>());
    assert_eq!(names.as_deref(), rules);
}

#[test]
fn models_of_onnx() {
    check(golden!("add.onnx"), Some(&[]));
    check(golden!("function.onnx"), Some(&[]));
    check(golden!("custom.onnx"), Some(&["onnx/custom-operator"]));
    check(golden!("beside.onnx"), Some(&["onnx/external-data"]));
    check(golden!("above.onnx"), Some(&["onnx/external-path"]));
    check(golden!("absolute.onnx"), Some(&["onnx/external-path"]));
    let whole = golden!("add.onnx");
    check(b"", None);
    check(b"{\"a\": 1}", None);
    // A tensor alone, and one whose bytes lie elsewhere.
    check(&[&[8, 1, 16, 1][..], &f(9, &[0, 0, 128, 63])].concat(), Some(&[]));
    let place = f(13, &[f(1, b"location"), f(2, b"/etc/x")].concat());
    check(&[&[8, 1, 16, 1][..], &place].concat(), Some(&["onnx/external-path"]));
    check(&[whole, &[0x0a, 0xff, 0xff, 0xff, 0x7f]].concat(), Some(&["protobuf/invalid"]));
}

#[test]
fn graphs_of_tensorflow() {
    let add = node("y", "AddV2", &["x", "x"], None);
    check(&saved(std::slice::from_ref(&add)), Some(&[]));
    check(&saved(&[node("s", "SaveV2", &["p"], None)]), Some(&[]));
    check(&saved(&[node("r", "ReadFile", &["x"], None)]), Some(&["tensorflow/file-access"]));
    let path = |path| node("p", "Const", &[], Some(path));
    let through = node("i", "Identity", &["p:output:0"], None);
    let reads = node("r", "ReadFile", &["i"], None);
    let named = Some(&["tensorflow/file-named"][..]);
    check(&saved(&[path("/etc/hostname"), through.clone(), reads.clone()]), named);
    check(&saved(&[path("words.txt"), through, reads]), Some(&["tensorflow/file-access"]));
    check(&saved(&[path("x.txt"), node("w", "WriteFile", &["p", "x"], None)]), named);
    check(&saved(&[node("f", "PyFunc", &["x"], None)]), Some(&["tensorflow/acts"]));
    check(&f(1, &node("f", "EagerPyFunc", &[], None)), Some(&["tensorflow/acts"]));
    check(&saved(&[node("w", "WriteFile", &["x"], None)]), Some(&["tensorflow/acts"]));
    check(&saved(&[path("/etc/x"), node("s", "SaveV2", &["p"], None)]), named);
    // Inside of a function.
    let function = f(2, &f(1, &f(3, &node("r", "MatchingFiles", &["x"], None))));
    let whole = [vec![8, 1], f(2, &f(2, &[f(1, &add), function].concat()))].concat();
    check(&whole, Some(&["tensorflow/file-access"]));
}

#[test]
fn layers_of_keras() {
    let json = br#"{"class_name": "Lambda"}"#;
    let object = [vec![16, 1], f(3, b"root.layer"), f(4, b"_tf_keras_layer"), f(5, json)].concat();
    let bytes = f(1, &object);
    let graph = read(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap().unwrap();
    assert_eq!(graph.layers, [json]);
}

#[test]
fn operators_of_lite() {
    // The root, a list with one operator, and its name, each right behind what leads to it.
    let lite = |name: &[u8]| {
        let mut bytes = vec![16, 0, 0, 0];
        bytes.extend(b"TFL3");
        bytes.extend([8, 0, 8, 0, 0, 0, 4, 0]); // which fields a table has: the second
        bytes.extend([8, 0, 0, 0, 4, 0, 0, 0]); // the root, and its list
        bytes.extend([1, 0, 0, 0, 4, 0, 0, 0]); // one element
        bytes.extend([24, 0, 0, 0, 4, 0, 0, 0]); // the operator, and its name
        bytes.extend((name.len() as u32).to_le_bytes());
        bytes.extend(name);
        bytes
    };
    let names = |bytes: &[u8]| {
        let found = read_lite(&mut Cursor::new(bytes), bytes.len() as u64).unwrap();
        found.iter().map(|one| one.rule.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&lite(b"Mine")), ["tflite/custom-operator"]);
    assert_eq!(names(&lite(b"FlexWriteFile")), ["tensorflow/file-access"]);
    assert_eq!(names(b"\xff\xff\0\0TFL3"), ["protobuf/invalid"]);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = read(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        let lite = [b"\x10\0\0\0TFL3", &bytes[..]].concat();
        let _ = read_lite(&mut Cursor::new(&lite), lite.len() as u64).unwrap();
    }

    #[test]
    fn changed_bytes_are_read(at in 0usize..100, byte: u8) {
        for golden in [golden!("add.onnx"), golden!("function.onnx")] {
            let mut bytes = golden.to_vec();
            bytes[at] = byte;
            let _ = read(&mut Cursor::new(&bytes), bytes.len() as u64).unwrap();
        }
    }
}
