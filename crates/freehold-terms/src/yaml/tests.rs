//! What cards are written in is read, and nothing makes the reader stop.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn plain(node: &Node) -> Value {
    match node {
        Node::Scalar(text, _) => json!(text),
        Node::List(items, _) => items.iter().map(plain).collect(),
        Node::Map(entries, _) => {
            entries.iter().map(|(key, value)| (key.clone(), plain(value))).collect()
        }
    }
}

#[test]
fn what_cards_are_written_in() {
    let check = |text: &str, wanted: Value, skipped: &[u32]| {
        let read = read(text, 1);
        assert_eq!(plain(&read.root), wanted, "{text}");
        assert_eq!(read.skipped, skipped, "{text}");
    };
    check("license: apache-2.0\n", json!({"license": "apache-2.0"}), &[]);
    check(
        "a: b # c\nd: 'e # f'\ng: \"h\\ti\"\n",
        json!({"a": "b", "d": "e # f", "g": "h\ti"}),
        &[],
    );
    check("tags:\n- a\n- b:c\nx: 1\n", json!({"tags": ["a", "b:c"], "x": "1"}), &[]);
    check("tags:\n  - a\n  -   b\n", json!({"tags": ["a", "b"]}), &[]);
    check("l: [en, \"de\", 'f''r']\n", json!({"l": ["en", "de", "f'r"]}), &[]);
    check("l: [en,\n  de,\n]\nm: 1\n", json!({"l": ["en", "de"], "m": "1"}), &[]);
    check("l: {a: 1, b: [x, {c: d}]}\n", json!({"l": {"a": "1", "b": ["x", {"c": "d"}]}}), &[]);
    check(
        "model-index:\n- name: m\n  results:\n  - task: {type: t}\n    n: 1\n- name: o\n",
        json!({"model-index": [{"name": "m", "results": [{"task": {"type": "t"}, "n": "1"}]}, {"name": "o"}]}),
        &[],
    );
    check(
        "t: |\n  one\n   two\n\n  three\nu: >-\n  a\n  b\n",
        json!({"t": "one\n two\n\nthree", "u": "a b"}),
        &[],
    );
    check("a: one\n  two\nb:\n\nc: !!str d\n", json!({"a": "one two", "b": "", "c": "d"}), &[]);
    check(
        "-\n  name: a\n  b: c\n-\n  name: d\n",
        json!([{"name": "a", "b": "c"}, {"name": "d"}]),
        &[],
    );
    check("url: https://example.org/a:b\n", json!({"url": "https://example.org/a:b"}), &[]);
    check("\"quoted key\": v\n'k2':\n  w\n", json!({"quoted key": "v", "k2": "w"}), &[]);
    check("- - a\n  - b\n- c\n", json!([["a", "b"], "c"]), &[]);
    check("license: mit\n\u{7}garbage\nname: x\n", json!({"license": "mit", "name": "x"}), &[2]);
    check("l: [en, de\nlicense: mit\n", json!({"l": "en, de", "license": "mit"}), &[1]);
    check("", json!(""), &[]);
}

#[test]
fn lines_are_those_of_the_file() {
    let read = read("a: 1\n\ntags:\n# no\n- x\n- y\n", 2);
    let tags = read.root.get("tags").expect("it is there");
    assert_eq!(tags.texts(), [("x", 6), ("y", 7)]);
    assert_eq!(read.root.get("a").map(Node::line), Some(2));
}

proptest! {
    /// Nothing makes it stop, and it takes no more than it is given.
    #[test]
    fn anything_is_read(text in "([ \\-:#'\"\\[\\]{}|>&*!,a-c\n\t\\\\é]){0,200}") {
        let read = read(&text, 1);
        prop_assert!(read.skipped.len() <= text.len() + 1);
        prop_assert!(plain(&read.root).to_string().len() <= 40 + text.len() * 16);
    }

    /// What was written in block form comes back.
    #[test]
    fn maps_of_lists_come_back(
        entries in proptest::collection::btree_map("[a-z_]{1,8}", proptest::collection::vec("[a-zA-Z0-9/.-]{1,6}[a-z]", 0..4), 1..6)
    ) {
        let mut text = String::new();
        for (key, values) in &entries {
            text.push_str(&format!("{key}:\n"));
            for value in values {
                text.push_str(&format!("- '{value}'\n"));
            }
        }
        let read = read(&text, 1);
        prop_assert!(read.skipped.is_empty());
        for (key, values) in &entries {
            let got: Vec<_> = read.root.get(key).map(Node::texts).unwrap_or_default();
            let got: Vec<_> = got.into_iter().map(|(text, _)| text).collect();
            let wanted: Vec<_> = values.iter().map(String::as_str).collect();
            prop_assert_eq!(got, wanted);
        }
    }
}
