//! What is known reaches the bill of materials, and what is not known does not.

use super::*;

fn evidence(file: &str, kind: EvidenceKind, licence: Option<&str>) -> Evidence {
    Evidence {
        file: file.to_owned(),
        line: None,
        kind,
        says: String::new(),
        licence: licence.map(|id| LicenceId(id.to_owned())),
    }
}

#[test]
fn licences_say_who_names_them() {
    let catalog = Catalog::embedded().expect("it is whole");
    let all = licences(
        &[
            evidence("LICENSE", EvidenceKind::Text, Some("Apache-2.0")),
            evidence("README.md", EvidenceKind::Tag, Some("llama-3.1-community")),
            evidence("README.md", EvidenceKind::Prose, Some("llama-3.1-community")),
            evidence("NOTICE", EvidenceKind::Text, Some("Zlib")),
            evidence("README.md", EvidenceKind::Prose, None),
            evidence("https://example.org/x", EvidenceKind::Tag, Some("nobody-knows-it")),
        ],
        catalog,
    );
    let said: Vec<_> = all
        .iter()
        .map(|one| (one.spdx.as_deref(), one.declared, one.file.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        said,
        [
            (Some("Apache-2.0"), Declared::ByText, "LICENSE"),
            (None, Declared::ByPublisher, "README.md"),
            (Some("Zlib"), Declared::ByText, "NOTICE"),
            (None, Declared::ByPublisher, ""),
        ]
    );
    assert!(all[1].url.is_some() && all[1].name != "llama-3.1-community", "{:?}", all[1]);
}

#[test]
fn configurations_are_taken_word_by_word() {
    let mut card = Card::default();
    let text = r#"{ "model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 64,
        "max_position_embeddings": 2048, "torch_dtype": "bfloat16", "vocab_size": [], "x": 1 }"#;
    configuration(&mut card, text);
    assert_eq!(card.family.as_deref(), Some("llama"));
    assert_eq!(card.architecture.as_deref(), Some("LlamaForCausalLM"));
    assert_eq!(card.context, Some(2048));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(card.hyperparameters, [pair("hidden_size", "64"), pair("torch_dtype", "bfloat16")]);
    for text in ["", "[]", "{", "{\"model_type\": 1}"] {
        let mut card = Card::default();
        configuration(&mut card, text);
        assert_eq!(card, Card::default(), "{text}");
    }
}
