//! Gathers what the files of one model state: licences per layer, data, bases; each with its place.

mod bases;
mod data;
mod licences;
mod statements;

pub(crate) use bases::{last, same};

use freehold_catalog::Catalog;
use serde_json::Value;

use crate::{
    Evidence, EvidenceKind, Layers, Model, TermsFinding,
    card::{Card, card},
    openness::Release,
    rules,
    source::{Document, Folder, Role},
};

/// What one model's files state.
pub(crate) struct Gathered<'a> {
    pub(crate) folder: &'a Folder,
    pub(crate) model: Model,
    pub(crate) layers: Layers,
    pub(crate) release: Option<(Release, String)>,
    pub(crate) findings: Vec<TermsFinding>,
}

impl Gathered<'_> {
    /// The legal texts that came along, for quotations.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Document> {
        let legal = |document: &&Document| {
            matches!(document.role, Role::Licence(_) | Role::Policy | Role::Notice)
        };
        self.folder.documents.iter().filter(legal)
    }

    /// Whether the model takes other input than text, where that can be told.
    pub(crate) fn multimodal(&self) -> Option<bool> {
        let task = self.model.task.as_deref()?;
        let other = ["image", "audio", "video", "speech", "visual", "any-to-any", "depth"];
        Some(other.iter().any(|word| task.contains(word)))
    }
}

/// Reads the files of one model.
pub(crate) fn gather<'a>(folder: &'a Folder, catalog: &Catalog) -> Gathered<'a> {
    let mut findings = Vec::new();
    let own = folder.documents.iter().filter(|it| it.role == Role::Card && is_own(folder, it));
    let cards: Vec<(&Document, Card<'_>)> = own.map(|it| (it, card(&it.text))).collect();
    let first = cards.first();
    for (document, card) in &cards {
        if card.unclosed {
            let says = "its metadata block never ends".to_owned();
            findings.push(unreadable(&document.path, Some(1), says));
        }
        if let Some(line) = card.meta.skipped.first() {
            let says = format!("line {line} of its metadata is not understood");
            findings.push(unreadable(&document.path, Some(*line), says));
        }
    }
    let json = |role: Role, findings: &mut Vec<TermsFinding>| {
        let document = folder.documents.iter().find(|it| it.role == role && is_own(folder, it))?;
        match serde_json::from_str::<Value>(&document.text) {
            Ok(value) => Some((document, value)),
            Err(_) => {
                let says = "it is not JSON".to_owned();
                findings.push(unreadable(&document.path, None, says));
                None
            }
        }
    };
    let config = json(Role::Config, &mut findings);
    let adapter = json(Role::AdapterConfig, &mut findings);
    let release = release(folder, &mut findings);

    let field = |name: &str| first.and_then(|(_, card)| card.field(name)).map(|it| it.0.to_owned());
    let fields = |name: &str| -> Vec<String> {
        let all = first.map(|(_, card)| card.fields(name)).unwrap_or_default();
        all.into_iter().map(|(text, _)| text.to_owned()).collect()
    };
    let mut model = Model {
        folder: folder.path.clone(),
        name: indexed(first.map(|it| &it.1))
            .or_else(|| field("model_name"))
            .unwrap_or_else(|| name(folder, config.as_ref().map(|it| &it.1))),
        library: field("library_name"),
        task: field("pipeline_tag"),
        languages: fields("language"),
        tags: fields("tags"),
        weights: folder.weights.clone(),
        architectures: config
            .as_ref()
            .map(|it| strings(&it.1, "architectures"))
            .unwrap_or_default(),
        ..Model::default()
    };
    let sources =
        bases::Sources { card: first, config: config.as_ref(), adapter: adapter.as_ref(), folder };
    model.bases = bases::bases(&sources, &model);
    model.kind = bases::kind(&model, adapter.is_some(), folder);
    model.catalogue = catalog.model(&model.name).map(|it| it.id.0.clone());

    let (mut layers, mut more) =
        licences::layers(folder, &cards, config.as_ref(), release.as_ref());
    findings.append(&mut more);
    data::data(folder, first, release.as_ref(), &mut layers.data);
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.gravity));
    Gathered { folder, model, layers, release, findings }
}

fn unreadable(file: &str, line: Option<u32>, says: String) -> TermsFinding {
    let what = format!("{file}: {says}");
    let evidence = vec![Evidence::new(file, line, EvidenceKind::Metadata, says)];
    TermsFinding { rule: &rules::METADATA, what, evidence }
}

/// Whether a file lies in the model's own folder, not below or above it.
fn is_own(folder: &Folder, document: &Document) -> bool {
    let parent = document.path.rsplit_once('/').map_or("", |(parent, _)| parent);
    parent == folder.path
}

fn release(folder: &Folder, findings: &mut Vec<TermsFinding>) -> Option<(Release, String)> {
    let document =
        folder.documents.iter().find(|it| it.role == Role::Openness && is_own(folder, it))?;
    let release = Release::parse(&document.text);
    if release.is_none() {
        let says = "it describes no release".to_owned();
        findings.push(unreadable(&document.path, None, says));
    }
    Some((release?, document.path.clone()))
}

/// The repository's name from the configuration's own path is the publisher's; else the folder's.
fn name(folder: &Folder, config: Option<&Value>) -> String {
    let carried = folder.carried.iter().find(|it| it.key == "general.name");
    let own = config.and_then(|it| it.get("model_name")).and_then(Value::as_str);
    carried.map(|it| it.value.as_str()).or(own).unwrap_or(&folder.name).to_owned()
}

/// The one name in the card's `model-index`.
fn indexed(card: Option<&Card<'_>>) -> Option<String> {
    match card?.meta.root.get("model-index")?.items() {
        [one] => one.get("name")?.text().map(str::to_owned),
        _ => None,
    }
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let list = value.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
pub(crate) mod tests;
