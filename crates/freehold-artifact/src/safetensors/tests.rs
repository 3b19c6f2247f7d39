//! Hostile and good safetensors files.

use proptest::prelude::*;

use super::*;

fn file(header: &str, data: usize) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &vec![0; data]].concat()
}

/// Parses; `None` expects success, `Some` an error with these words (its source's included).
fn check(header: &str, data: usize, error: Option<&str>) {
    let bytes = file(header, data);
    match (parse(&bytes, bytes.len() as u64), error) {
        (Ok(_), None) => {}
        (Ok(found), Some(words)) => panic!("{header}: expected `{words}`, got {found:?}"),
        (Err(error), None) => panic!("{header}: {error:?}"),
        (Err(error), Some(words)) => {
            let source = std::error::Error::source(&error).map(ToString::to_string);
            let text = format!("{error}: {}", source.unwrap_or_default());
            assert!(text.contains(words), "{header}: `{text}` lacks `{words}`");
        }
    }
}

#[test]
fn headers() {
    let one = r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#;
    check(one, 16, None);
    check(&format!("{one}   "), 16, None);
    check("{}", 0, None);
    check(r#"{"__metadata__":{"format":"pt"}}"#, 0, None);
    check(r#"{"a":{"dtype":"BF16","shape":[],"data_offsets":[0,2]}}"#, 2, None);
    check(r#"{"a":{"dtype":"F8_E4M3","shape":[0],"data_offsets":[0,0]}}"#, 0, None);
    check(one, 15, Some("the file at"));
    check(one, 17, Some("the file at"));
    check(r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4, Some("take 8 bytes"));
    check(r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, Some("ends at 0"));
    check(r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,0]}}"#, 0, Some("take 4 bytes"));
    check(r#"{"a":{"dtype":"F4","shape":[1],"data_offsets":[0,4]}}"#, 4, Some("unknown variant"));
    check(r#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 4, Some("invalid value"));
    check(r#"{"__metadata__":{"a":1}}"#, 0, Some("expected a string"));
    check("[]", 0, Some("instead of `{`"));
    check("{", 0, Some("outside"));
    check("{} x", 0, Some("trailing"));
}

#[test]
fn names_may_not_stand_twice() {
    let entry = r#"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    check(&format!(r#"{{"a":{entry},"a":{entry}}}"#), 4, Some("stands twice"));
    check(r#"{"__metadata__":{},"__metadata__":{}}"#, 0, Some("stands twice"));
}

#[test]
fn tensors_may_not_overlap() {
    let one = r#"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#;
    check(&format!(r#"{{"a":{one},"b":{one}}}"#), 4, Some("begins at data offset 0"));
}

#[test]
fn products_may_not_overflow() {
    let big = u64::MAX;
    let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{big},2],"data_offsets":[0,0]}}}}"#);
    check(&header, 0, Some("multiplies to more than 64 bits"));
    // Zero elements, but a product that overflows on the way.
    let header = format!(r#"{{"a":{{"dtype":"U8","shape":[{big},2,0],"data_offsets":[0,0]}}}}"#);
    check(&header, 0, Some("multiplies to more than 64 bits"));
}

#[test]
fn lengths_are_checked_before_anything_is_read() {
    let huge = u64::MAX.to_le_bytes();
    assert!(matches!(parse(&huge, 8), Err(SafetensorsError::HeaderLength { found: u64::MAX })));
    let needed = parse(&1000u64.to_le_bytes(), 8);
    assert!(matches!(needed, Err(SafetensorsError::Short { needed: 1008, given: 8 })));
    assert!(matches!(parse(b"abc", 3), Err(SafetensorsError::Short { needed: 8, given: 3 })));
}

#[test]
fn index_stays_in_its_folder() {
    let index = |file: &str| {
        let json = serde_json::json!({ "metadata": {}, "weight_map": { "a": file } });
        ShardIndex::parse(json.to_string().as_bytes())
    };
    assert_eq!(index("m-1.safetensors").unwrap().shards().len(), 1);
    for file in ["../x", "/etc/passwd", "a/b", "..", ".hidden", "", "a\\b", "c:x"] {
        assert!(matches!(index(file), Err(IndexError::Path { .. })), "{file}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), more in 0u64..9) {
        let _ = parse(&bytes, bytes.len() as u64 + more);
    }

    #[test]
    fn one_changed_byte_of_the_header_never_widens_what_is_read(place in 0usize..80, byte: u8) {
        let header = r#"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#;
        let mut bytes = file(header, 16);
        let place = place % bytes.len();
        bytes[place] = byte;
        if let Ok(header) = parse(&bytes, bytes.len() as u64) {
            for tensor in header.tensors {
                prop_assert!(tensor.start <= tensor.end && tensor.end <= bytes.len() as u64);
            }
        }
    }
}
