//! Puts everything that is said about the models of a place together.

use freehold_catalog::{Catalog, Date};

use crate::DataStanding;
use crate::{
    Adopter, Assessment, Evidence, EvidenceFile, EvidenceKind, Openness, Reverify, TermsFinding,
    gather::{Gathered, gather},
    openness::{
        ARCHITECTURE, DATASETS, EVALUATION_CODE, EVALUATION_RESULTS, INFERENCE_CODE, MODEL_CARD,
        PARAMETERS, PARTS, PREPROCESSING_CODE, RESEARCH_PAPER, Release, Stated, TRAINING_CODE, mof,
        osaid,
    },
    rules, shipping,
    source::{Folder, Role},
};

/// Assesses the models that lie beside each other: each by its own files, its chain also by the
/// others'.
pub fn assess(
    folders: &[Folder],
    catalog: &Catalog,
    adopter: &Adopter,
    today: Date,
) -> Vec<Assessment> {
    let all: Vec<Gathered<'_>> = folders.iter().map(|folder| gather(folder, catalog)).collect();
    (0..all.len()).filter_map(|at| one(at, &all, catalog, adopter, today)).collect()
}

/// The relative locations that a model's `mof.yml` names, for the caller to look which are there.
pub fn locations(folder: &Folder) -> Vec<String> {
    let documents = folder.documents.iter().filter(|it| it.role == Role::Openness);
    let releases = documents.filter_map(|document| Release::parse(&document.text));
    releases
        .flat_map(|release| release.parts.into_iter().map(|stated| stated.location))
        .filter(|location| !location.is_empty() && !location.contains("://"))
        .collect()
}

fn one(
    at: usize,
    all: &[Gathered<'_>],
    catalog: &Catalog,
    adopter: &Adopter,
    today: Date,
) -> Option<Assessment> {
    let own = all.get(at)?;
    let links = shipping::chain::chain(at, all, catalog, today);
    let mut model = own.model.clone();
    for base in &mut model.bases {
        let found = shipping::chain::on_disk(&base.id, own, all);
        base.folder = found.map(|it| it.folder.path.clone());
    }
    let mut findings = own.findings.clone();
    findings.extend(shipping::dropped(&links, catalog));
    let (release, complete) = release(own, &mut findings);
    let openness =
        Openness { mof: mof(&release), osaid: osaid(&release, own.layers.data.standing, complete) };
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.gravity));
    let osi = shipping::is_all_osi(&links, catalog);
    let (days, why) = match osi {
        true => {
            (OSI_DAYS, "every licence of the chain is approved by the OSI and has a fixed text")
        }
        false => (
            CUSTOM_DAYS,
            "publishers change terms of their own, and what is not confirmed may come to be",
        ),
    };
    let documents = own.folder.documents.iter();
    Some(Assessment {
        model,
        layers: own.layers.clone(),
        openness,
        shipping: shipping::ship(&links, adopter, catalog),
        findings,
        evidence: documents
            .map(|it| EvidenceFile { path: it.path.clone(), digest: it.digest })
            .collect(),
        reverify: Reverify { made: today, by: today.plus_days(days), why: why.to_owned() },
    })
}

/// The release as `mof.yml` states it, without what is not there; else as far as the files show it.
/// The second says whether what is not named is not there.
fn release(own: &Gathered<'_>, findings: &mut Vec<TermsFinding>) -> (Release, bool) {
    let Some((stated, file)) = &own.release else {
        return (shown(own), false);
    };
    let mut release = stated.clone();
    release.parts.retain(|part| {
        let there = part.location.is_empty()
            || part.location.contains("://")
            || own.folder.found.contains(&part.location);
        if !there {
            let says = format!("{}: {} is not there", part.part.name, part.location);
            let what = format!("{file}: {says}");
            let evidence = Evidence::new(file, Some(part.line), EvidenceKind::Metadata, says);
            findings.push(TermsFinding {
                rule: &rules::COMPONENT_MISSING,
                what,
                evidence: vec![evidence],
            });
        }
        there
    });
    (release, true)
}

/// The components that the files themselves show.
fn shown(own: &Gathered<'_>) -> Release {
    let mut release = Release { name: own.model.name.clone(), ..Release::default() };
    release.licences.distribution = own.layers.weights.licence.as_ref().map(|id| id.0.clone());
    release.licences.code = own.layers.code.licence.as_ref().map(|id| id.0.clone());
    let mut add = |id: u8, licence: Option<String>, location: &str| {
        let known = release.parts.iter().any(|it| it.part.id == id);
        if let Some(part) = PARTS.iter().find(|part| part.id == id && !known) {
            let location = location.to_owned();
            release.parts.push(Stated { part, licence, location, line: 0 });
        }
    };
    if let Some(file) = own.model.weights.first() {
        add(PARAMETERS, None, file);
    }
    let mut cards = own.folder.documents.iter().filter(|it| it.role == Role::Card);
    if let Some(card) = cards.next() {
        add(MODEL_CARD, None, &card.path);
        let low = card.text.to_lowercase();
        if low.contains("model-index:") || low.contains("# evaluation") || low.contains("# results")
        {
            add(EVALUATION_RESULTS, None, &card.path);
        }
    }
    if own.layers.data.standing == DataStanding::Declared {
        // Whose licence it has is not said with the model.
        let licence =
            own.layers.data.layer.licence.as_ref().map_or(String::new(), |id| id.0.clone());
        let name = own.layers.data.datasets.first().map_or("", |it| it.name.as_str());
        add(DATASETS, Some(licence), name);
    }
    if let Some(tag) = own.model.tags.iter().find(|tag| tag.starts_with("arxiv:")) {
        add(RESEARCH_PAPER, Some(String::new()), tag);
    }
    for file in own.folder.files.iter().filter(|file| file.ends_with(".py")) {
        let name = file.rsplit('/').next().unwrap_or(file);
        let kinds = [
            ("modeling", ARCHITECTURE),
            ("train", TRAINING_CODE),
            ("infer", INFERENCE_CODE),
            ("generate", INFERENCE_CODE),
            ("eval", EVALUATION_CODE),
            ("preprocess", PREPROCESSING_CODE),
            ("prepare", PREPROCESSING_CODE),
        ];
        if let Some((_, id)) = kinds.iter().find(|(word, _)| name.starts_with(word)) {
            add(*id, None, file);
        }
    }
    release
}

/// For how many days an answer about terms of a publisher's own holds: publishers have changed such
/// terms within months (Gemma's between April 2024 and March 2025).
const CUSTOM_DAYS: u32 = 90;
/// For licences approved by the Open Source Initiative, whose texts do not change.
const OSI_DAYS: u32 = 365;
