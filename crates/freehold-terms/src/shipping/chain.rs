//! The chain a model stands in: what it was made from, as far as files on disk and the catalogue
//! know. Terms flow down it.

use freehold_catalog::{Catalog, Date, FactKind, LicenceId, Relation};

use crate::{
    ChainStep, Evidence, EvidenceKind,
    gather::{Gathered, last, same},
};

/// A model of the chain, with the texts that came along.
pub(crate) struct Link<'g> {
    pub(crate) step: ChainStep,
    /// Its licences; several where files disagree, or a tag names a family.
    pub(crate) licences: Vec<LicenceId>,
    /// Its files, where it is on disk.
    pub(crate) gathered: Option<&'g Gathered<'g>>,
    /// Why its licence is not confirmed; empty where it is.
    pub(crate) open: String,
    /// Whether it takes other input than text, where that is known.
    pub(crate) multimodal: Option<bool>,
}

/// The model itself and everything it was made from, nearest first.
pub(crate) fn chain<'g>(
    start: usize,
    all: &'g [Gathered<'g>],
    catalog: &Catalog,
    today: Date,
) -> Vec<Link<'g>> {
    let Some(own) = all.get(start) else { return Vec::new() };
    let mut links = vec![of_disk(own, "itself")];
    let mut waiting: Vec<Waiting<'g>> = bases(own);
    waiting.reverse();
    while let Some((id, relation, from)) = waiting.pop() {
        let known = links.iter().any(|link| same(&link.step.model, &id));
        if known || links.len() > LONGEST {
            continue;
        }
        if let Some(found) = on_disk(&id, from.unwrap_or(own), all) {
            let mut link = of_disk(found, relation);
            link.step.model = id;
            links.push(link);
            waiting.extend(bases(found));
        } else {
            let (link, next) = of_catalogue(&id, relation, catalog, today);
            links.push(link);
            waiting.extend(next.into_iter().map(|(id, relation)| (id, relation, None)));
        }
    }
    links
}

/// A base to look for: its name, how it was used, and the model on disk that names it.
type Waiting<'g> = (String, &'static str, Option<&'g Gathered<'g>>);

/// The model on disk that a base's name means; a relative path means one folder and no other.
pub(crate) fn on_disk<'g>(
    id: &str,
    own: &Gathered<'_>,
    all: &'g [Gathered<'g>],
) -> Option<&'g Gathered<'g>> {
    if is_relative(id) {
        let there = resolved(&own.folder.path, id)?;
        return all.iter().find(|it| it.folder.path == there && there != own.folder.path);
    }
    all.iter().find(|it| {
        it.folder.path != own.folder.path
            && (same(&it.model.name, id)
                || same(&it.model.name, last(id))
                || same(&it.folder.name, last(id)))
    })
}

/// `./base`, `../base`: a path from the model's own folder.
fn is_relative(id: &str) -> bool {
    matches!(id.split(['/', '\\']).next(), Some("." | ".."))
}

/// The folder that a relative path means, under what is vetted; none where it leads out of it.
fn resolved(from: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn bases<'g>(of: &'g Gathered<'g>) -> Vec<Waiting<'g>> {
    let base = |base: &crate::Base| (base.id.clone(), words(base.relation), Some(of));
    of.model.bases.iter().map(base).collect()
}

fn of_disk<'g>(of: &'g Gathered<'g>, relation: &'static str) -> Link<'g> {
    let weights = &of.layers.weights;
    let mut licences: Vec<LicenceId> = weights.licence.clone().into_iter().collect();
    if licences.is_empty() {
        for evidence in &weights.evidence {
            licences.extend(evidence.licence.clone().filter(|id| !licences.contains(id)));
        }
    }
    Link {
        step: ChainStep {
            model: of.model.name.clone(),
            relation: relation.to_owned(),
            licence: weights.licence.clone(),
            evidence: weights.evidence.clone(),
        },
        licences,
        open: weights.open.clone(),
        multimodal: of.multimodal(),
        gathered: Some(of),
    }
}

fn of_catalogue<'g>(
    id: &str,
    relation: &'static str,
    catalog: &Catalog,
    today: Date,
) -> (Link<'g>, Vec<(String, &'static str)>) {
    let step = |licence, evidence| ChainStep {
        model: id.to_owned(),
        relation: relation.to_owned(),
        licence,
        evidence,
    };
    let unknown = |words: &str, licences, evidence| Link {
        step: step(None, evidence),
        licences,
        gathered: None,
        open: words.to_owned(),
        multimodal: None,
    };
    if is_relative(id) || id.starts_with(['/', '~', '\\']) {
        let words = "it is given by a path that is not among these files, and was not read";
        return (unknown(words, Vec::new(), Vec::new()), Vec::new());
    }
    let Some(model) = catalog.model(id) else {
        let words = "it is neither among these files nor in the catalogue";
        return (unknown(words, Vec::new(), Vec::new()), Vec::new());
    };
    let next =
        model.base_model.as_ref().map(|base| (base.is.id.0.clone(), words(Some(base.is.relation))));
    let next = next.into_iter().collect();
    let Some(weights) = &model.licence.weights else {
        let words = "the catalogue has no licence of its weights";
        return (unknown(words, Vec::new(), Vec::new()), next);
    };
    let provenance = catalog.provenance(weights, FactKind::Licence, today);
    let source = provenance.as_ref().map_or("", |it| it.source.url.as_str());
    let says = format!("the catalogue: {}, seen {}", weights.is, weights.seen);
    let mut evidence = Evidence::new(source, None, EvidenceKind::Metadata, says);
    evidence.licence = Some(weights.is.clone());
    let licences = vec![weights.is.clone()];
    let multimodal = model
        .input
        .as_ref()
        .map(|input| input.is.iter().any(|it| *it != freehold_catalog::Modality::Text));
    let primary = provenance.is_some_and(|it| it.primary);
    let link = Link {
        step: step(Some(weights.is.clone()).filter(|_| primary), vec![evidence]),
        licences,
        gathered: None,
        open: if primary {
            String::new()
        } else {
            "only repeated, not stated by its publisher".to_owned()
        },
        multimodal,
    };
    (link, next)
}

fn words(relation: Option<Relation>) -> &'static str {
    match relation {
        Some(Relation::Finetune) => "fine-tuned from",
        Some(Relation::Distilled) => "distilled from",
        Some(Relation::Adapter) => "an adapter for",
        Some(Relation::Merge) => "merged from",
        Some(Relation::Quantized) => "quantised from",
        None => "made from",
    }
}

/// More steps than any chain that was seen.
const LONGEST: usize = 16;
