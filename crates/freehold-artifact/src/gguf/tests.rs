//! Hostile and good GGUF files.

use proptest::prelude::*;

use super::*;

#[derive(Default)]
struct File(Vec<u8>);

impl File {
    fn new(version: u32, tensors: u64, pairs: u64) -> Self {
        Self(b"GGUF".to_vec()).u32(version).u64(tensors).u64(pairs)
    }

    fn u32(mut self, value: u32) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn u64(mut self, value: u64) -> Self {
        self.0.extend(value.to_le_bytes());
        self
    }

    fn text(self, value: &str) -> Self {
        let mut file = self.u64(value.len() as u64);
        file.0.extend(value.as_bytes());
        file
    }

    fn pair(self, key: &str, value: u32) -> Self {
        self.text(key).u32(4).u32(value)
    }

    fn tensor(self, name: &str, dimensions: &[u64], kind: u32, offset: u64) -> Self {
        let file = self.text(name).u32(dimensions.len() as u32);
        let file = dimensions.iter().fold(file, |file, dimension| file.u64(*dimension));
        file.u32(kind).u64(offset)
    }

    /// Pads, then adds so many bytes.
    fn data(mut self, bytes: usize) -> Self {
        let start = self.0.len().next_multiple_of(32);
        self.0.resize(start + bytes, 0);
        self
    }
}

/// Parses; `None` expects success.
fn check(file: File, error: Option<GgufError>) {
    let found = parse(&file.0, file.0.len() as u64);
    match error {
        None => assert!(found.is_ok(), "{found:?}"),
        Some(error) => assert_eq!(found, Err(error)),
    }
}

fn named(name: &str) -> String {
    name.to_owned()
}

#[test]
fn good_files() {
    for version in [2, 3] {
        check(File::new(version, 0, 0), None);
        check(File::new(version, 0, 1).pair("a", 7), None);
        check(File::new(version, 1, 0).tensor("w", &[2, 3], 0, 0).data(24), None);
    }
    let two = File::new(3, 2, 0).tensor("a", &[2], 0, 0).tensor("b", &[32], 8, 32).data(32 + 34);
    let gguf = parse(&two.0, two.0.len() as u64).unwrap();
    assert_eq!((gguf.tensors[1].end - gguf.tensors[1].start, gguf.alignment), (34, 32));
}

#[test]
fn values() {
    let file = File::new(3, 0, 3).text("name").u32(8).text("x");
    let file = file.text("list").u32(9).u32(8).u64(2).text("a").text("b");
    let file = file.text("numbers").u32(9).u32(4).u64(2).u32(5).u32(6);
    let gguf = parse(&file.0, file.0.len() as u64).unwrap();
    assert_eq!(gguf.text("name"), Some("x"));
    assert_eq!(gguf.get("list"), Some(&Value::Strings(vec![b"a", b"b"])));
    let bytes: &[u8] = &[5, 0, 0, 0, 6, 0, 0, 0];
    assert_eq!(gguf.get("numbers"), Some(&Value::Numbers { kind: ValueKind::U32, bytes }));
    assert_eq!(gguf.get("other"), None);
}

#[test]
fn broken_heads() {
    check(File(b"GGML".to_vec()), Some(GgufError::Magic { found: *b"GGML" }));
    check(File::new(1, 0, 0), Some(GgufError::Version { found: 1 }));
    check(File::new(4, 0, 0), Some(GgufError::Version { found: 4 }));
    // Big-endian files have the version's bytes the other way round.
    check(File::new(3 << 24, 0, 0), Some(GgufError::Version { found: 3 << 24 }));
    check(File::new(3, u64::MAX, 0), Some(GgufError::Count { offset: 8, found: u64::MAX }));
    check(File::new(3, 0, 1 << 40), Some(GgufError::Count { offset: 16, found: 1 << 40 }));
}

#[test]
fn broken_values() {
    let head = || File::new(3, 0, 1).text("k");
    check(head().u32(13), Some(GgufError::ValueKind { offset: 33, found: 13 }));
    check(head().u32(9).u32(9).u64(0), Some(GgufError::ValueKind { offset: 37, found: 9 }));
    let count = GgufError::Count { offset: 41, found: 1 << 60 };
    check(head().u32(9).u32(8).u64(1 << 60), Some(count));
    check(head().u32(8).u64(1 << 60), Some(GgufError::Truncated { offset: 45 }));
    check(
        File::new(3, 0, 2).pair("a", 1).pair("a", 2),
        Some(GgufError::Twice { name: named("a") }),
    );
    check(File::new(3, 0, 1).pair("general.alignment", 24), Some(GgufError::Alignment));
    check(File::new(3, 0, 1).pair("general.alignment", 0), Some(GgufError::Alignment));
}

#[test]
fn broken_tensors() {
    let one = |dimensions: &[u64], kind, offset| {
        File::new(3, 1, 0).tensor("w", dimensions, kind, offset).data(32)
    };
    let name = || named("w");
    check(one(&[1, 1, 1, 1, 1], 0, 0), Some(GgufError::Dimensions { name: name(), found: 5 }));
    check(one(&[1], 4, 0), Some(GgufError::TensorKind { name: name(), found: 4 }));
    check(one(&[33], 8, 0), Some(GgufError::Shape { name: name() }));
    check(one(&[1 << 40, 1 << 40], 0, 0), Some(GgufError::Shape { name: name() }));
    check(one(&[4], 0, 32), Some(GgufError::Offset { name: name(), expected: 0, found: 32 }));
    let long = "x".repeat(64);
    let file = File::new(3, 1, 0).tensor(&long, &[1], 0, 0).data(32);
    check(file, Some(GgufError::LongName { name: long }));
    let file = File::new(3, 2, 0).tensor("w", &[1], 0, 0).tensor("w", &[1], 0, 32).data(64);
    check(file, Some(GgufError::Twice { name: name() }));
    let big = one(&[1000], 0, 0);
    let file_length = big.0.len() as u64;
    check(big, Some(GgufError::OutOfFile { name: name(), file_length }));
}

#[test]
fn a_short_head_asks_for_more() {
    let file = File::new(3, 1, 1).pair("a", 1).tensor("w", &[4], 0, 0).data(16);
    let whole = parse(&file.0, file.0.len() as u64).unwrap();
    for length in 0..whole.data_start as usize - 31 {
        let found = parse(&file.0[..length], file.0.len() as u64);
        assert_eq!(found, Err(GgufError::Short { given: length as u64 }), "{length}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(tail in proptest::collection::vec(any::<u8>(), 0..300), more in 0u64..9) {
        let bytes = [&b"GGUF\x03\0\0\0"[..], &tail].concat();
        let _ = parse(&bytes, bytes.len() as u64 + more);
    }

    #[test]
    fn one_changed_byte_never_leads_out_of_the_file(place in 0usize..200, byte: u8) {
        let file = File::new(3, 2, 1).pair("a", 1);
        let file = file.tensor("v", &[4], 0, 0).tensor("w", &[4], 0, 32).data(48);
        let mut bytes = file.0;
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(gguf) = parse(&bytes, bytes.len() as u64) {
            for tensor in gguf.tensors {
                prop_assert!(tensor.start <= tensor.end && tensor.end <= bytes.len() as u64);
            }
        }
    }

    #[test]
    fn pieces_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = crate::sentencepiece::parse(&bytes);
    }
}
