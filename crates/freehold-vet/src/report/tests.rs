//! Models are found among files, with the texts that speak of them, also from outside the folder.

use std::fs;

use freehold_terms::{Adopter, Class};

use super::*;

fn said(files: &[(&str, &[u8])], at: &str) -> Report {
    let home = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        let path = home.path().join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
    of(&home.path().join(at))
}

fn of(path: &Path) -> Report {
    let asked = Asked {
        catalog: Catalog::embedded().expect("it is sound"),
        adopter: &Adopter::default(),
        today: "2026-11-23".parse().expect("a day"),
    };
    report(path, asked, &|_, _| {}).expect("it can be read")
}

const WEIGHTS: &[u8] = b"\x02\0\0\0\0\0\0\0{}";

#[test]
fn a_folder_without_weights_is_no_model() {
    let report = said(&[("README.md", b"---\nlicense: mit\n---\n"), ("a/config.json", b"{}")], "");
    assert!(report.models.is_empty() && report.is_clean());
}

#[test]
fn each_model_of_a_folder_has_its_own_answer() {
    let report = said(
        &[
            ("a/model.safetensors", WEIGHTS),
            ("a/README.md", b"---\nlicense: mit\n---\n"),
            ("a/onnx/model.safetensors", WEIGHTS),
            ("b/adapter_model.safetensors", WEIGHTS),
            ("b/adapter_config.json", b"{\"base_model_name_or_path\": \"acme/a\"}"),
            ("c/sub/model.safetensors", WEIGHTS),
        ],
        "",
    );
    let said: Vec<_> = report
        .models
        .iter()
        .map(|it| (it.model.folder.as_str(), it.model.name.as_str(), it.model.weights.len()))
        .collect();
    assert_eq!(said, [("a", "a", 2), ("b", "b", 1), ("c/sub", "sub", 1)]);
    assert_eq!(report.models[1].model.bases[0].folder.as_deref(), Some("a"));
}

#[test]
fn models_below_one_card_keep_their_own_licences() {
    let mit: &[u8] = include_bytes!("../../../freehold-terms/testdata/MIT.txt");
    let bsd = b"# License\n\nAll of this is ours. You may not use it without our permission, and we grant no license.\n";
    let files: &[(&str, &[u8])] = &[
        ("README.md", b"---\nlicense: apache-2.0\n---\n# Three models\n"),
        ("a/model.safetensors", WEIGHTS),
        ("a/LICENSE", mit),
        ("b/model.safetensors", WEIGHTS),
        ("b/LICENSE", bsd),
        ("c/model.safetensors", WEIGHTS),
    ];
    let told = |files: &[(&str, &[u8])]| -> Vec<(String, Option<String>)> {
        let models = said(files, "").models.into_iter();
        let licence = |it: freehold_terms::Assessment| it.layers.weights.licence.map(|id| id.0);
        models.map(|it| (it.model.folder.clone(), licence(it))).collect()
    };
    let some = |id: &str| Some(id.to_owned());
    let wanted = [
        (String::new(), some("Apache-2.0")),
        ("a".to_owned(), some("MIT")),
        ("b".to_owned(), None),
    ];
    assert_eq!(told(files), wanted);
    // Beside an index, or weights of the card's own, they are parts of one model.
    for part in ["model_index.json", "model.safetensors"] {
        let mut whole = files[..3].to_vec();
        whole.push((part, WEIGHTS));
        assert_eq!(told(&whole).len(), 1, "{part}");
    }
}

#[test]
fn a_packages_licence_counts_wherever_one_looks() {
    let files: &[(&str, &[u8])] = &[
        ("pkg/model/model.safetensors", WEIGHTS),
        ("pkg/model/README.md", b"---\nlicense: apache-2.0\n---\n"),
        ("pkg-1.dist-info/METADATA", b"Name: pkg\nLicense: MIT\n\ntext\n"),
        ("pkg-1.dist-info/RECORD", b"pkg/model/model.safetensors,sha256=x,10\n"),
        ("other-1.dist-info/METADATA", b"Name: other\nLicense: GPL-3.0-only\n\n"),
        ("other-1.dist-info/RECORD", b"other.py,,\n"),
    ];
    for (at, place) in
        [("", "pkg-1.dist-info/METADATA"), ("pkg/model", "../../pkg-1.dist-info/METADATA")]
    {
        let report = said(files, at);
        let finding = &report.models[0].findings[0];
        assert_eq!(finding.rule.name, "terms/licence-disagreement", "{at}");
        assert_eq!(finding.evidence[1].file, place);
        assert!(!report.is_clean());
        assert_eq!(report.verdict, Verdict::Clean, "{at}");
    }
}

#[test]
fn the_house_model_is_of_class_one() {
    let report = of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models/house"));
    let [house] = report.models.as_slice() else { panic!("one model") };
    assert_eq!(
        house.openness.mof.class,
        Some(Class::OpenScience),
        "{:?}",
        house.openness.mof.missing
    );
    assert!(house.findings.is_empty(), "{:?}", house.findings);
    assert!(report.is_clean());
}
