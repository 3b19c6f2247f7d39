//! SPDX 3.0.1 as JSON-LD, with the classes of its AI and Dataset profiles
//! (<https://spdx.github.io/spdx-spec/v3.0.1/>).
//!
//! Those profiles want facts that a model's files seldom state (who released it, and when). The
//! document claims to conform to one only where all of them are known.

use serde_json::{Map, Value, json};

use crate::{
    identity::{self, hex},
    model::{Declared, File, Layer, Licence, Model, Parent},
};

/// The document, indented, ended by a newline.
pub fn spdx(model: &Model) -> String {
    // The names of all elements begin with an identifier of the content, so it is made twice.
    let first = Writer::write(model, "urn:uuid:0#");
    let content = Value::from(first).to_string();
    let prefix = format!("urn:uuid:{}#", identity::uuid(content.as_bytes()));
    let graph = Writer::write(model, &prefix);
    let document = json!({
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": graph,
    });
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

struct Writer<'a> {
    prefix: &'a str,
    elements: Vec<Value>,
    relationships: usize,
}

impl<'a> Writer<'a> {
    fn write(model: &Model, prefix: &'a str) -> Vec<Value> {
        let mut it = Self { prefix, elements: Vec::new(), relationships: 0 };
        let agent = it.element(
            "SoftwareAgent",
            "freehold",
            json!({
                "name": format!("freehold {}", env!("CARGO_PKG_VERSION")),
            }),
        );
        let root = it.model(model);
        let files: Vec<_> =
            model.files.iter().enumerate().map(|(at, file)| it.file(at, file)).collect();
        let complete = model.files.iter().all(|file| file.digest.is_some());
        it.related(&root, "contains", &files, None, Some(complete));
        let data = it.datasets(model, &root);
        it.parents(model, &root);
        it.licences(model, &root, &files, &data);
        let names = it.names();
        let sbom = it.element(
            "software_Sbom",
            "sbom",
            json!({
                "software_sbomType": ["analyzed"], "rootElement": [root], "element": names,
            }),
        );
        let names = it.names();
        let mut profiles = vec!["core", "software", "simpleLicensing"];
        if conforms(model) {
            profiles.push("ai");
        }
        it.element(
            "SpdxDocument",
            "document",
            json!({
                "name": model.name, "profileConformance": profiles, "rootElement": [sbom],
                "element": names,
            }),
        );
        let created = json!({
            "type": "CreationInfo", "@id": CREATION, "specVersion": "3.0.1",
            "created": identity::time(model.made), "createdBy": [agent],
        });
        it.elements.insert(0, created);
        it.elements
    }

    fn names(&self) -> Vec<Value> {
        self.elements.iter().map(|element| element["spdxId"].clone()).collect()
    }

    /// Adds an element; its name.
    fn element(&mut self, kind: &str, name: &str, more: Value) -> String {
        let name = format!("{}{name}", self.prefix);
        let mut it = Map::new();
        it.insert("type".to_owned(), kind.into());
        it.insert("spdxId".to_owned(), name.as_str().into());
        it.insert("creationInfo".to_owned(), CREATION.into());
        if let Value::Object(more) = more {
            it.extend(more.into_iter().filter(|(_, value)| !empty(value)));
        }
        self.elements.push(it.into());
        name
    }

    fn related(
        &mut self,
        from: &str,
        how: &str,
        to: &[String],
        comment: Option<&str>,
        complete: Option<bool>,
    ) {
        if to.is_empty() {
            return;
        }
        self.relationships += 1;
        let completeness = complete.map(|it| if it { "complete" } else { "incomplete" });
        self.element(
            "Relationship",
            &format!("relationship-{}", self.relationships),
            json!({
                "comment": comment, "from": from, "relationshipType": how, "to": to,
                "completeness": completeness,
            }),
        );
    }

    fn model(&mut self, model: &Model) -> String {
        let supplier = model
            .publisher
            .as_ref()
            .map(|name| self.element("Organization", "publisher", json!({ "name": name })));
        let card = &model.card;
        let mut hyper: Vec<_> =
            card.hyperparameters.iter().map(|(name, value)| entry(name, value)).collect();
        hyper.extend(card.parameters.map(|count| entry("parameters", &count.to_string())));
        hyper.extend(card.context.map(|tokens| entry("context", &tokens.to_string())));
        let kinds: Vec<_> = card.architecture.iter().chain(&card.family).collect();
        let references: Vec<_> = model
            .references
            .iter()
            .map(|one| {
                let kind = match one.kind {
                    "vcs" => "vcs",
                    "documentation" | "model-card" => "documentation",
                    "license" => "license",
                    "distribution" => "altDownloadLocation",
                    _ => "altWebPage",
                };
                json!({ "type": "ExternalRef", "externalRefType": kind, "locator": [one.url] })
            })
            .collect();
        let facts: Vec<_> =
            model.facts.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        let hash = match model.files.as_slice() {
            [file] => hashes(file),
            _ => Vec::new(),
        };
        self.element("ai_AIPackage", "model", json!({
            "name": model.name,
            "description": model.description,
            "comment": (!facts.is_empty()).then(|| facts.join("\n")),
            "verifiedUsing": hash,
            "externalRef": references,
            "suppliedBy": supplier,
            "releaseTime": model.released.as_ref().map(|day| format!("{day}T00:00:00Z")),
            "software_primaryPurpose": "model",
            "software_packageVersion": model.version,
            "software_downloadLocation": location(model),
            "ai_domain": card.task.iter().collect::<Vec<_>>(),
            "ai_hyperparameter": hyper,
            "ai_informationAboutApplication":
                (!card.uses.is_empty()).then(|| card.uses.join("\n")),
            "ai_limitation": (!card.limitations.is_empty()).then(|| card.limitations.join("\n")),
            "ai_typeOfModel": kinds,
        }))
    }

    fn file(&mut self, at: usize, file: &File) -> String {
        let purpose = file.layer.map(|layer| match layer {
            Layer::Weights => "model",
            Layer::Code => "source",
            Layer::Data => "data",
        });
        self.element("software_File", &format!("file-{}", at + 1), json!({
            "name": file.path, "verifiedUsing": hashes(file), "software_primaryPurpose": purpose,
        }))
    }

    fn datasets(&mut self, model: &Model, root: &str) -> Vec<String> {
        let all = model.card.datasets.iter().enumerate();
        let names: Vec<_> = all
            .map(|(at, one)| {
                self.element(
                    "dataset_DatasetPackage",
                    &format!("data-{}", at + 1),
                    json!({
                        "name": one.name, "software_primaryPurpose": "data",
                        "software_homePage": one.url, "dataset_datasetType": ["noAssertion"],
                    }),
                )
            })
            .collect();
        self.related(root, "trainedOn", &names, None, None);
        names
    }

    fn parents(&mut self, model: &Model, root: &str) {
        for (at, parent) in model.parents.iter().enumerate() {
            let Parent { name, relation, url, licences } = parent;
            let it = self.element(
                "ai_AIPackage",
                &format!("parent-{}", at + 1),
                json!({
                    "name": name, "software_primaryPurpose": "model", "software_homePage": url,
                }),
            );
            let relation = relation.map(|one| one.name());
            self.related(root, "descendantOf", std::slice::from_ref(&it), relation, None);
            for (number, licence) in licences.iter().enumerate() {
                let name = format!("parent-{}-licence-{}", at + 1, number + 1);
                self.licensed(&[it.as_str()], licence, &name, "weights");
            }
        }
    }

    fn licences(&mut self, model: &Model, root: &str, files: &[String], data: &[String]) {
        for (layer, licences) in model.layers.all() {
            let of_layer: Vec<_> = model
                .files
                .iter()
                .zip(files)
                .filter(|(file, _)| layer == Layer::Code && file.layer == Some(layer))
                .map(|(_, name)| name.as_str())
                .collect();
            let holders: Vec<&str> = match layer {
                Layer::Code if !of_layer.is_empty() => of_layer,
                Layer::Data if !data.is_empty() => data.iter().map(String::as_str).collect(),
                _ => vec![root],
            };
            for (at, licence) in licences.iter().enumerate() {
                let name = format!("licence-{}-{}", layer.name(), at + 1);
                self.licensed(&holders, licence, &name, layer.name());
            }
            if licences.is_empty() && (layer == Layer::Weights || holders != [root]) {
                for holder in holders {
                    let none = [NO_ASSERTION.to_owned()];
                    self.related(holder, "hasDeclaredLicense", &none, Some(layer.name()), None);
                }
            }
        }
    }

    fn licensed(&mut self, holders: &[&str], licence: &Licence, name: &str, layer: &str) {
        let custom = format!("LicenseRef-{}", reference(&licence.name));
        let expression = licence.spdx.as_ref().unwrap_or(&custom);
        let uris = licence.url.iter().filter(|_| licence.spdx.is_none());
        let uris: Vec<_> = uris.map(|url| entry(&custom, url)).collect();
        let it = self.element("simplelicensing_LicenseExpression", name, json!({
            "name": licence.name, "comment": licence.file.as_ref().map(|file| format!("in {file}")),
            "simplelicensing_licenseExpression": expression,
            "simplelicensing_customIdToUri": uris,
        }));
        let how = match licence.declared {
            Declared::ByPublisher => "hasDeclaredLicense",
            Declared::ByText => "hasConcludedLicense",
        };
        for holder in holders {
            self.related(holder, how, std::slice::from_ref(&it), Some(layer), None);
        }
    }
}

/// All that the AI profile demands of the package is known, and there is no other package of it.
fn conforms(model: &Model) -> bool {
    let known = model.publisher.is_some()
        && model.version.is_some()
        && model.released.is_some()
        && location(model).is_some();
    known && model.parents.is_empty()
}

fn location(model: &Model) -> Option<&str> {
    let download = model.references.iter().find(|one| one.kind == "distribution");
    download.map(|one| one.url.as_str())
}

fn hashes(file: &File) -> Vec<Value> {
    let hash = |digest: freehold_types::Digest| json!({ "type": "Hash", "algorithm": "sha256", "hashValue": hex(digest.as_bytes()) });
    file.digest.map(hash).into_iter().collect()
}

fn entry(key: &str, value: &str) -> Value {
    json!({ "type": "DictionaryEntry", "key": key, "value": value })
}

/// What a `LicenseRef-` may hold: letters, digits, `-` and `.`.
fn reference(name: &str) -> String {
    let fits = |one: char| one.is_ascii_alphanumeric() || one == '-' || one == '.';
    name.chars().map(|one| if fits(one) { one } else { '-' }).collect()
}

fn empty(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

const CREATION: &str = "_:creation";
const NO_ASSERTION: &str = "expandedlicensing_NoAssertionLicense";
