//! What a model was made from: the card's `base_model`, an adapter's base, a configuration's
//! `_name_or_path`, metadata inside GGUF.

use freehold_catalog::Relation;
use serde_json::Value;

use crate::{
    Base, Evidence, EvidenceKind, Model, ModelKind,
    card::Card,
    source::{Document, Folder},
};

pub(super) struct Sources<'s> {
    pub(super) card: Option<&'s (&'s Document, Card<'s>)>,
    pub(super) config: Option<&'s (&'s Document, Value)>,
    pub(super) adapter: Option<&'s (&'s Document, Value)>,
    pub(super) folder: &'s Folder,
}

/// The bases, each once, the surest statement first.
pub(super) fn bases(sources: &Sources<'_>, model: &Model) -> Vec<Base> {
    let mut all: Vec<Base> = Vec::new();
    let mut add = |base: Base| match all.iter_mut().find(|it| same(&it.id, &base.id)) {
        Some(known) => known.relation = known.relation.or(base.relation),
        None => all.push(base),
    };
    if let Some((document, card)) = sources.card {
        let relation = card.field("base_model_relation").and_then(|(text, _)| relation(text));
        for (id, line) in card.fields("base_model") {
            let says = format!("base_model: {id}");
            let evidence = Evidence::new(&document.path, Some(line), EvidenceKind::Tag, says);
            add(Base { id: id.to_owned(), relation, evidence, folder: None });
        }
        for (tag, line) in card.fields("tags") {
            let Some(rest) = tag.strip_prefix("base_model:") else { continue };
            let (said, id) = rest.split_once(':').unwrap_or(("", rest));
            let says = format!("tag {tag}");
            let evidence = Evidence::new(&document.path, Some(line), EvidenceKind::Tag, says);
            add(Base { id: id.to_owned(), relation: self::relation(said), evidence, folder: None });
        }
    }
    if let Some((document, value)) = sources.adapter
        && let Some(id) = value.get("base_model_name_or_path").and_then(Value::as_str)
        && !id.is_empty()
    {
        let says = format!("base_model_name_or_path: {id}");
        let line = line_of(&document.text, "base_model_name_or_path");
        let evidence = Evidence::new(&document.path, line, EvidenceKind::Metadata, says);
        add(Base { id: id.to_owned(), relation: Some(Relation::Adapter), evidence, folder: None });
    }
    for carried in &sources.folder.carried {
        let number = carried.key.strip_prefix("general.base_model.");
        if number.is_some_and(|rest| rest.ends_with(".repo_url")) {
            let id = carried.value.trim_end_matches('/');
            let id = id.split_once("huggingface.co/").map_or(id, |(_, id)| id);
            let says = format!("{}: {}", carried.key, carried.value);
            let evidence = Evidence::new(&carried.file, None, EvidenceKind::Metadata, says);
            let relation = Some(Relation::Quantized);
            add(Base { id: id.to_owned(), relation, evidence, folder: None });
        }
    }
    // A configuration's own path is where it was loaded from, which is its base, or itself.
    if all.is_empty()
        && let Some((document, value)) = sources.config
        && let Some(id) = value.get("_name_or_path").and_then(Value::as_str)
        && is_repository(id)
        && !same(last(id), &model.name)
        && !same(last(id), &sources.folder.name)
    {
        let says = format!("_name_or_path: {id}");
        let line = line_of(&document.text, "_name_or_path");
        let evidence = Evidence::new(&document.path, line, EvidenceKind::Metadata, says);
        all.push(Base { id: id.to_owned(), relation: None, evidence, folder: None });
    }
    all
}

/// How it came to be, by what it says of its bases.
pub(super) fn kind(model: &Model, adapter: bool, folder: &Folder) -> ModelKind {
    let merged = model.tags.iter().any(|tag| ["merge", "mergekit"].contains(&tag.as_str()));
    let relation = model.bases.iter().find_map(|base| base.relation);
    let gguf = folder.weights.iter().any(|name| name.to_lowercase().ends_with(".gguf"));
    match relation {
        _ if adapter => ModelKind::Adapter,
        _ if model.bases.is_empty() => ModelKind::Base,
        Some(Relation::Merge) => ModelKind::Merge,
        _ if merged || model.bases.len() > 1 => ModelKind::Merge,
        Some(Relation::Finetune) => ModelKind::Finetune,
        Some(Relation::Adapter) => ModelKind::Adapter,
        Some(Relation::Quantized) => ModelKind::Quantized,
        Some(Relation::Distilled) => ModelKind::Distilled,
        None if gguf => ModelKind::Quantized,
        None => ModelKind::Derived,
    }
}

/// Whether two names are of one model: the same, or one the other's last part.
pub(crate) fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The last part of a repository or path.
pub(crate) fn last(id: &str) -> &str {
    id.trim_end_matches('/').rsplit('/').next().unwrap_or(id)
}

fn relation(text: &str) -> Option<Relation> {
    match text.to_lowercase().as_str() {
        "finetune" | "finetuned" | "fine-tune" => Some(Relation::Finetune),
        "adapter" => Some(Relation::Adapter),
        "merge" => Some(Relation::Merge),
        "quantized" | "quantised" => Some(Relation::Quantized),
        "distilled" => Some(Relation::Distilled),
        _ => None,
    }
}

fn is_repository(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || ['-', '_', '.'].contains(&c))
    };
    id.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

/// The line of a key in a JSON text.
pub(super) fn line_of(text: &str, key: &str) -> Option<u32> {
    let quoted = format!("\"{key}\"");
    (1_u32..).zip(text.lines()).find(|(_, line)| line.contains(&quoted)).map(|(number, _)| number)
}
