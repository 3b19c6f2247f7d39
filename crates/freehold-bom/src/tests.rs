//! The documents of two models: one of which all is known, one of which nothing is but a file. The
//! golden files were validated with the outside tools that `crates/freehold/tests/it/vet` names.

use freehold_types::{Digest, Timestamp};
use proptest::prelude::*;

use super::*;

fn digest(byte: u8) -> Option<Digest> {
    Some(Digest::from_bytes([byte; 32]))
}

fn licence(spdx: Option<&str>, name: &str, declared: Declared) -> Licence {
    Licence {
        spdx: spdx.map(str::to_owned),
        name: name.to_owned(),
        url: Some(format!("https://example.org/{}", name.len())),
        declared,
        file: Some("LICENSE".to_owned()),
    }
}

fn texts(all: &[&str]) -> Vec<String> {
    all.iter().map(|&one| one.to_owned()).collect()
}

fn file(path: &str, byte: u8, layer: Option<Layer>) -> File {
    File { path: path.to_owned(), digest: digest(byte), bytes: 7, layer }
}

/// All that can be known is.
fn full() -> Model {
    let apache = licence(Some("Apache-2.0"), "Apache License 2.0", Declared::ByText);
    let custom = licence(None, "Llama 3.1 \"Community\" Licence", Declared::ByPublisher);
    let data = [("c4", Some("https://example.org/c4")), ("the pile", None)];
    let component = |name: &str, licence: &str| Component {
        name: name.to_owned(),
        location: "model.safetensors".to_owned(),
        licence: licence.to_owned(),
        licence_path: "LICENSE".to_owned(),
    };
    Model {
        name: "example/it's a: model".to_owned(),
        version: Some("abc123".to_owned()),
        publisher: Some("Example".to_owned()),
        description: Some("A model\nfor tests.".to_owned()),
        files: vec![
            file("LICENSE", 1, None),
            file("model.py", 2, Some(Layer::Code)),
            file("model.safetensors", 3, Some(Layer::Weights)),
        ],
        layers: Layers {
            weights: vec![apache.clone(), custom.clone()],
            code: vec![apache.clone()],
            data: vec![licence(Some("CC-BY-4.0"), "CC BY", Declared::ByPublisher)],
        },
        card: Card {
            task: Some("text-generation".to_owned()),
            family: Some("llama".to_owned()),
            architecture: Some("LlamaForCausalLM".to_owned()),
            datasets: data
                .map(|(name, url)| Dataset { name: name.to_owned(), url: url.map(str::to_owned) })
                .to_vec(),
            languages: texts(&["en", "de"]),
            tags: texts(&["tiny"]),
            parameters: Some(1_000_000),
            context: Some(2048),
            hyperparameters: vec![("hidden_size".to_owned(), "64".to_owned())],
            inputs: texts(&["text"]),
            outputs: texts(&["text"]),
            uses: texts(&["tests"]),
            limitations: texts(&["says nothing of use"]),
        },
        parents: vec![Parent {
            name: "example/base".to_owned(),
            relation: Some(Relation::Finetune),
            url: Some("https://example.org/base".to_owned()),
            licences: vec![apache],
        }],
        references: vec![
            Reference { kind: "distribution", url: "https://example.org/model".to_owned() },
            Reference { kind: "license", url: "https://example.org/licence".to_owned() },
        ],
        released: Some("2026-11-01".to_owned()),
        components: vec![
            component("Model parameters (Final)", "Apache-2.0"),
            component("Model card", "line\none: 'two'"),
        ],
        facts: vec![("freehold:verdict".to_owned(), "clean".to_owned())],
        made: Timestamp(1_795_392_000_500_000),
    }
}

/// Nothing is known but one file.
fn bare() -> Model {
    Model {
        name: "m".to_owned(),
        version: None,
        publisher: None,
        description: None,
        files: vec![file("m.gguf", 9, None)],
        layers: Layers::default(),
        card: Card::default(),
        parents: Vec::new(),
        references: Vec::new(),
        released: None,
        components: Vec::new(),
        facts: Vec::new(),
        made: Timestamp(0),
    }
}

#[test]
fn documents_are_golden() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/testdata");
    for (name, model) in [("full", full()), ("bare", bare())] {
        for (ending, text) in
            [("cdx.json", cyclonedx(&model)), ("spdx.json", spdx(&model)), ("mof.yml", mof(&model))]
        {
            let path = folder.join(format!("{name}.{ending}"));
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                std::fs::write(&path, &text).expect("it can be written");
            }
            let golden = std::fs::read_to_string(&path).expect("it can be read");
            assert_eq!(text, golden, "{}", path.display());
        }
    }
}

#[test]
fn what_is_not_known_is_left_out() {
    let document: serde_json::Value = serde_json::from_str(&cyclonedx(&bare())).expect("JSON");
    let component = &document["metadata"]["component"];
    let keys: Vec<_> = component.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["type", "bom-ref", "name", "hashes", "components"]);
    assert!(spdx(&bare()).contains("NoAssertionLicense"));
    assert!(!spdx(&bare()).contains("\"ai\""), "nobody knows who released it, or when");
    let mut known = full();
    assert!(!spdx(&known).contains("\"ai\""), "of the base too little is known");
    known.parents.clear();
    assert!(spdx(&known).contains("\"ai\""));
}

#[test]
fn another_content_has_another_serial_number() {
    let serial = |model: &Model| {
        let document: serde_json::Value = serde_json::from_str(&cyclonedx(model)).expect("JSON");
        document["serialNumber"].as_str().expect("a text").to_owned()
    };
    let (one, mut other) = (bare(), bare());
    assert_eq!(serial(&one), serial(&other));
    other.files[0].digest = digest(8);
    assert_ne!(serial(&one), serial(&other));
    assert_ne!(spdx(&one)[..400], spdx(&other)[..400]);
}

proptest! {
    /// Whatever the texts, the documents are JSON that holds them, and YAML's quotes are balanced.
    #[test]
    fn any_text_is_held(name in "\\PC{0,12}|[\\x00-\\x7f]{0,6}", path in ".{1,8}") {
        let mut model = full();
        model.name.clone_from(&name);
        model.files[0].path.clone_from(&path);
        let document: serde_json::Value =
            serde_json::from_str(&cyclonedx(&model)).expect("JSON");
        let component = &document["metadata"]["component"];
        prop_assert_eq!(component["name"].as_str(), Some(name.as_str()));
        prop_assert_eq!(component["components"][0]["name"].as_str(), Some(path.as_str()));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&spdx(&model)).is_ok());
        // One line a field: no text of the model's begins a line of its own.
        prop_assert_eq!(mof(&model).lines().count(), mof(&full()).lines().count());
    }
}
