//! From what vet found to what a bill of materials says. Nothing is added on the way.

use freehold_bom::{
    Card, Component, Dataset, Declared, File, Layer, Layers, Licence, Model, Parent, Reference,
    Relation,
};
use freehold_catalog::{Catalog, LicenceId};
use freehold_terms::{Assessment, Evidence, EvidenceKind};
use freehold_types::Timestamp;
use freehold_vet::Report;
use serde::Serialize;
use serde_json::Value;

#[cfg(test)]
mod tests;

/// The model of a report; without an assessment only its files are known.
pub(super) fn model(
    report: &Report,
    assessment: Option<&Assessment>,
    catalog: &Catalog,
    made: Timestamp,
) -> Model {
    let weights = assessment.map(|it| it.model.weights.as_slice()).unwrap_or_default();
    let file = |one: &freehold_vet::ScannedFile| File {
        path: one.path.clone(),
        digest: one.digest,
        bytes: one.bytes,
        layer: layer(&one.path, weights),
    };
    let mut model = Model {
        name: String::new(),
        version: None,
        publisher: None,
        description: None,
        files: report.files.iter().map(file).collect(),
        layers: Layers::default(),
        card: Card::default(),
        parents: Vec::new(),
        references: Vec::new(),
        released: None,
        components: Vec::new(),
        facts: vec![("freehold:verdict".to_owned(), word(&report.verdict))],
        made,
    };
    if let Some(assessment) = assessment {
        assessed(&mut model, assessment, catalog);
    }
    model
}

fn assessed(model: &mut Model, assessment: &Assessment, catalog: &Catalog) {
    let Assessment { model: about, layers, openness, .. } = assessment;
    model.name.clone_from(&about.name);
    let licences = |evidence: &[Evidence]| licences(evidence, catalog);
    model.layers = Layers {
        weights: licences(&layers.weights.evidence),
        code: licences(&layers.code.evidence),
        data: licences(&layers.data.layer.evidence),
    };
    model.card.task.clone_from(&about.task);
    model.card.architecture = about.architectures.first().cloned();
    model.card.languages.clone_from(&about.languages);
    model.card.tags.clone_from(&about.tags);
    let named = layers.data.datasets.iter();
    model.card.datasets =
        named.map(|one| Dataset { name: one.name.clone(), url: address(&one.name) }).collect();
    model.card.datasets.dedup();
    let bases = about.bases.iter();
    model.parents = bases
        .map(|base| Parent {
            name: base.id.clone(),
            relation: base.relation.map(relation),
            url: address(&base.id),
            licences: assessment
                .shipping
                .chain
                .iter()
                .filter(|step| step.model == base.id)
                .flat_map(|step| licences(&step.evidence))
                .collect(),
        })
        .collect();
    let urls = model.layers.all().into_iter().flat_map(|(_, all)| all);
    let mut urls: Vec<_> = urls.filter_map(|licence| licence.url.clone()).collect();
    urls.sort();
    urls.dedup();
    model.references.extend(urls.into_iter().map(|url| Reference { kind: "license", url }));
    let present = openness.mof.components.iter().filter(|one| one.present);
    model.components = present
        .map(|one| Component {
            name: one.name.to_owned(),
            location: one.evidence.first().cloned().unwrap_or_default(),
            licence: one.licence.clone().unwrap_or_default(),
            licence_path: String::new(),
        })
        .collect();
    let mut fact = |name: &str, value: String| {
        model.facts.push((format!("freehold:{name}"), value));
    };
    for (name, layer) in
        [("weights", &layers.weights), ("code", &layers.code), ("data", &layers.data.layer)]
    {
        let category = layer.category.as_ref().map_or_else(|| "not confirmed".to_owned(), word);
        fact(&format!("category-of-{name}"), category);
    }
    fact("training-data", word(&layers.data.standing));
    fact("mof-class", openness.mof.class.as_ref().map_or_else(|| "none".to_owned(), word));
    fact("osaid-1.0", word(&openness.osaid.verdict));
    fact("reverify-by", word(&assessment.reverify.by));
}

/// Each licence that is named, once for each way in which it is: a tag is the publisher's word, a
/// text is what we read.
fn licences(evidence: &[Evidence], catalog: &Catalog) -> Vec<Licence> {
    let mut all: Vec<Licence> = Vec::new();
    for one in evidence {
        let Some(id) = &one.licence else { continue };
        let declared = match one.kind {
            EvidenceKind::Text => Declared::ByText,
            EvidenceKind::Tag | EvidenceKind::Metadata | EvidenceKind::Prose => {
                Declared::ByPublisher
            }
        };
        let licence = licence(id, declared, one, catalog);
        let same = |other: &Licence| other.name == licence.name && other.declared == declared;
        if !all.iter().any(same) {
            all.push(licence);
        }
    }
    all
}

fn licence(id: &LicenceId, declared: Declared, one: &Evidence, catalog: &Catalog) -> Licence {
    let listed = catalog.licence(id);
    let known =
        freehold_license::known().iter().find(|it| it.id == id.0 || it.also.contains(&id.0));
    let spdx = || known.filter(|it| it.spdx).map(|_| id.0.clone());
    let name = listed.map(|it| &it.name).or(known.map(|it| &it.name));
    Licence {
        spdx: listed.map_or_else(spdx, |it| it.spdx.clone()),
        name: name.unwrap_or(&id.0).clone(),
        url: listed.and_then(|it| it.url.clone()),
        declared,
        // Of a base the evidence may be an address.
        file: Some(one.file.clone()).filter(|file| address(file).is_none()),
    }
}

/// What `config.json` says of the architecture, in its own words.
pub(super) fn configuration(card: &mut Card, text: &str) {
    let Ok(Value::Object(all)) = serde_json::from_str(text) else { return };
    card.family = all.get("model_type").and_then(Value::as_str).map(str::to_owned);
    if card.architecture.is_none() {
        let first = all.get("architectures").and_then(|list| list.get(0));
        card.architecture = first.and_then(Value::as_str).map(str::to_owned);
    }
    card.context = all.get("max_position_embeddings").and_then(Value::as_u64);
    card.hyperparameters = HYPERPARAMETERS
        .iter()
        .filter_map(|&name| match all.get(name)? {
            Value::String(value) => Some((name.to_owned(), value.clone())),
            value @ (Value::Number(_) | Value::Bool(_)) => {
                Some((name.to_owned(), value.to_string()))
            }
            _ => None,
        })
        .collect();
}

fn layer(path: &str, weights: &[String]) -> Option<Layer> {
    if weights.iter().any(|one| one == path) {
        return Some(Layer::Weights);
    }
    path.ends_with(".py").then_some(Layer::Code)
}

fn relation(relation: freehold_catalog::Relation) -> Relation {
    match relation {
        freehold_catalog::Relation::Finetune => Relation::Finetune,
        freehold_catalog::Relation::Distilled => Relation::Distilled,
        freehold_catalog::Relation::Adapter => Relation::Adapter,
        freehold_catalog::Relation::Merge => Relation::Merge,
        freehold_catalog::Relation::Quantized => Relation::Quantized,
    }
}

fn address(name: &str) -> Option<String> {
    let is = name.starts_with("https://") || name.starts_with("http://");
    is.then(|| name.to_owned())
}

/// The word under which a value stands in JSON.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        Ok(value) => value.to_string(),
        Err(_) => String::new(),
    }
}

/// Those that decide size and shape, as `transformers` names them.
const HYPERPARAMETERS: [&str; 10] = [
    "hidden_size",
    "intermediate_size",
    "num_hidden_layers",
    "num_attention_heads",
    "num_key_value_heads",
    "num_experts",
    "num_local_experts",
    "num_experts_per_tok",
    "vocab_size",
    "torch_dtype",
];
