//! CycloneDX 1.7 as JSON: a machine-learning bill of materials with its model card
//! (<https://cyclonedx.org/docs/1.7/json/>).

use serde_json::{Map, Value, json};

use crate::{
    identity::{self, hex},
    model::{Card, Dataset, Declared, File, Layer, Licence, Model, Parent},
};

/// The document, indented, ended by a newline.
pub fn cyclonedx(model: &Model) -> String {
    let mut document = Map::new();
    document.insert("$schema".to_owned(), SCHEMA.into());
    document.insert("bomFormat".to_owned(), "CycloneDX".into());
    document.insert("specVersion".to_owned(), "1.7".into());
    let mut body = Map::new();
    body.insert("version".to_owned(), 1.into());
    let freehold = json!({
        "type": "application", "name": "freehold", "version": env!("CARGO_PKG_VERSION"),
    });
    let metadata = json!({
        "timestamp": identity::time(model.made),
        "tools": { "components": [freehold] },
        "component": component(model),
    });
    body.insert("metadata".to_owned(), metadata);
    let data: Vec<_> = model.card.datasets.iter().map(|one| dataset(one, model)).collect();
    let names: Vec<_> = model.card.datasets.iter().map(|one| data_ref(one)).collect();
    if !data.is_empty() {
        body.insert("components".to_owned(), data.into());
    }
    let mut dependency = Map::new();
    dependency.insert("ref".to_owned(), MODEL.into());
    if !names.is_empty() {
        dependency.insert("dependsOn".to_owned(), names.into());
    }
    body.insert("dependencies".to_owned(), json!([dependency]));
    let all_read = model.files.iter().all(|file| file.digest.is_some());
    let aggregate = if all_read { "complete" } else { "incomplete" };
    body.insert(
        "compositions".to_owned(),
        json!([{ "aggregate": aggregate, "assemblies": [MODEL] }]),
    );
    let body = Value::Object(body);
    let serial = format!("urn:uuid:{}", identity::uuid(body.to_string().as_bytes()));
    document.insert("serialNumber".to_owned(), serial.into());
    if let Value::Object(body) = body {
        document.extend(body);
    }
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

/// The model itself.
fn component(model: &Model) -> Value {
    let mut it = Map::new();
    it.insert("type".to_owned(), "machine-learning-model".into());
    it.insert("bom-ref".to_owned(), MODEL.into());
    put(&mut it, "publisher", model.publisher.as_deref());
    it.insert("name".to_owned(), model.name.as_str().into());
    put(&mut it, "version", model.version.as_deref());
    put(&mut it, "description", model.description.as_deref());
    if let [file] = model.files.as_slice() {
        list(&mut it, "hashes", hashes(file));
    }
    let licences: Vec<_> = model
        .layers
        .all()
        .into_iter()
        .flat_map(|(layer, all)| all.iter().map(move |one| licence(one, Some(layer))))
        .collect();
    list(&mut it, "licenses", licences);
    let ancestors: Vec<_> = model.parents.iter().map(ancestor).collect();
    if !ancestors.is_empty() {
        it.insert("pedigree".to_owned(), json!({ "ancestors": ancestors }));
    }
    let references = model.references.iter();
    let references =
        references.map(|one| json!({ "type": one.kind, "url": one.url })).collect::<Vec<_>>();
    list(&mut it, "externalReferences", references);
    list(&mut it, "components", model.files.iter().map(file).collect());
    let found: Vec<_> = model
        .layers
        .all()
        .into_iter()
        .flat_map(|(_, all)| all.iter().filter(|one| one.declared == Declared::ByText))
        .map(|one| licence(one, None))
        .collect();
    if !found.is_empty() {
        it.insert("evidence".to_owned(), json!({ "licenses": found }));
    }
    if let Some(card) = card(&model.card) {
        it.insert("modelCard".to_owned(), card);
    }
    let facts = model.facts.iter().map(|(name, value)| property(name, value)).collect();
    list(&mut it, "properties", facts);
    list(&mut it, "tags", model.card.tags.iter().map(|tag| tag.as_str().into()).collect());
    it.into()
}

fn card(card: &Card) -> Option<Value> {
    let mut parameters = Map::new();
    put(&mut parameters, "task", card.task.as_deref());
    put(&mut parameters, "architectureFamily", card.family.as_deref());
    put(&mut parameters, "modelArchitecture", card.architecture.as_deref());
    let datasets = card.datasets.iter().map(|one| json!({ "ref": data_ref(one) })).collect();
    list(&mut parameters, "datasets", datasets);
    let formats = |all: &[String]| all.iter().map(|one| json!({ "format": one })).collect();
    list(&mut parameters, "inputs", formats(&card.inputs));
    list(&mut parameters, "outputs", formats(&card.outputs));
    let mut considerations = Map::new();
    let texts = |all: &[String]| all.iter().map(|one| one.as_str().into()).collect();
    list(&mut considerations, "useCases", texts(&card.uses));
    list(&mut considerations, "technicalLimitations", texts(&card.limitations));
    let mut properties: Vec<_> =
        card.languages.iter().map(|one| property("freehold:language", one)).collect();
    let number = |name, value: Option<u64>| value.map(|value| property(name, &value.to_string()));
    properties.extend(number("freehold:parameters", card.parameters));
    properties.extend(number("freehold:context", card.context));
    let hyper = card.hyperparameters.iter();
    properties.extend(hyper.map(|(name, value)| property(&format!("config:{name}"), value)));
    let mut it = Map::new();
    for (name, part) in [("modelParameters", parameters), ("considerations", considerations)] {
        if !part.is_empty() {
            it.insert(name.to_owned(), part.into());
        }
    }
    list(&mut it, "properties", properties);
    (!it.is_empty()).then(|| it.into())
}

fn file(file: &File) -> Value {
    let mut it = Map::new();
    it.insert("type".to_owned(), "file".into());
    it.insert("bom-ref".to_owned(), format!("file:{}", file.path).into());
    it.insert("name".to_owned(), file.path.as_str().into());
    list(&mut it, "hashes", hashes(file));
    let mut properties = vec![property("freehold:bytes", &file.bytes.to_string())];
    properties.extend(file.layer.map(|layer| property(LAYER, layer.name())));
    list(&mut it, "properties", properties);
    it.into()
}

fn hashes(file: &File) -> Vec<Value> {
    let hash = |digest: freehold_types::Digest| json!({ "alg": "SHA-256", "content": hex(digest.as_bytes()) });
    file.digest.map(hash).into_iter().collect()
}

/// A licence: an expression of SPDX's identifiers, or a name with the place of its text.
fn licence(licence: &Licence, layer: Option<Layer>) -> Value {
    let acknowledgement = match licence.declared {
        Declared::ByPublisher => "declared",
        Declared::ByText => "concluded",
    };
    let mut properties = Vec::new();
    properties.extend(layer.map(|layer| property(LAYER, layer.name())));
    properties.extend(licence.file.as_ref().map(|file| property("freehold:file", file)));
    let mut it = Map::new();
    if let Some(expression) = &licence.spdx {
        it.insert("expression".to_owned(), expression.as_str().into());
        it.insert("acknowledgement".to_owned(), acknowledgement.into());
        list(&mut it, "properties", properties);
        return it.into();
    }
    it.insert("name".to_owned(), licence.name.as_str().into());
    it.insert("acknowledgement".to_owned(), acknowledgement.into());
    put(&mut it, "url", licence.url.as_deref());
    list(&mut it, "properties", properties);
    json!({ "license": it })
}

fn ancestor(parent: &Parent) -> Value {
    let mut it = Map::new();
    it.insert("type".to_owned(), "machine-learning-model".into());
    it.insert("name".to_owned(), parent.name.as_str().into());
    let licences = parent.licences.iter().map(|one| licence(one, None)).collect();
    list(&mut it, "licenses", licences);
    if let Some(url) = &parent.url {
        it.insert("externalReferences".to_owned(), json!([{ "type": "website", "url": url }]));
    }
    let relation = parent.relation.map(|one| property("freehold:relation", one.name()));
    list(&mut it, "properties", relation.into_iter().collect());
    it.into()
}

fn dataset(one: &Dataset, model: &Model) -> Value {
    let mut it = Map::new();
    it.insert("type".to_owned(), "data".into());
    it.insert("bom-ref".to_owned(), data_ref(one).into());
    it.insert("name".to_owned(), one.name.as_str().into());
    let licences = model.layers.data.iter().map(|one| licence(one, Some(Layer::Data))).collect();
    list(&mut it, "licenses", licences);
    if let Some(url) = &one.url {
        it.insert("externalReferences".to_owned(), json!([{ "type": "website", "url": url }]));
    }
    it.insert("data".to_owned(), json!([{ "type": "dataset", "name": one.name }]));
    it.into()
}

fn data_ref(one: &Dataset) -> String {
    format!("data:{}", one.name)
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

fn put(it: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        it.insert(name.to_owned(), value.into());
    }
}

fn list(it: &mut Map<String, Value>, name: &str, values: Vec<Value>) {
    if !values.is_empty() {
        it.insert(name.to_owned(), values.into());
    }
}

const SCHEMA: &str = "http://cyclonedx.org/schema/bom-1.7.schema.json";
const MODEL: &str = "model";
const LAYER: &str = "freehold:layer";
