//! The data layer: which datasets are named, and whether they can be had.

use crate::{
    DataLayer, DataStanding, Dataset, Evidence, EvidenceKind,
    card::Card,
    openness::{DATA_CARD, DATASETS, Release},
    source::{Document, Folder},
};

pub(super) fn data(
    folder: &Folder,
    card: Option<&(&Document, Card<'_>)>,
    release: Option<&(Release, String)>,
    layer: &mut DataLayer,
) {
    if let Some((document, card)) = card {
        for (name, line) in card.fields("datasets") {
            let says = format!("datasets: {name}");
            let evidence = Evidence::new(&document.path, Some(line), EvidenceKind::Tag, says);
            let obtainable = is_identifier(name);
            layer.datasets.push(Dataset { name: name.to_owned(), obtainable, evidence });
        }
    }
    let mut described = !layer.datasets.is_empty();
    if let Some((release, file)) = release {
        described |= release.part(DATA_CARD).is_some();
        if let Some(stated) = release.part(DATASETS).filter(|it| !it.location.is_empty()) {
            let line = Some(stated.line).filter(|line| *line > 0);
            let says = format!("Datasets: {}", stated.location);
            let evidence = Evidence::new(file, line, EvidenceKind::Metadata, says);
            let there = folder.found.contains(&stated.location);
            let obtainable = there || stated.location.contains("://");
            layer.datasets.push(Dataset { name: stated.location.clone(), obtainable, evidence });
        }
    }
    if let Some((document, card)) = card
        && let Some((line, words)) = card.speaks_of_data()
    {
        described = true;
        let says = words.trim().chars().take(160).collect();
        layer.layer.evidence.push(Evidence::new(
            &document.path,
            Some(line),
            EvidenceKind::Prose,
            says,
        ));
    }
    layer.standing = if layer.datasets.iter().any(|dataset| dataset.obtainable) {
        DataStanding::Declared
    } else if described {
        DataStanding::DescribedOnly
    } else {
        DataStanding::NotDeclared
    };
    if layer.standing == DataStanding::NotDeclared && layer.layer.licence.is_none() {
        "nothing says what it was trained on".clone_into(&mut layer.layer.open);
    }
}

/// Whether a name is a hub's identifier or an address, and no sentence.
fn is_identifier(name: &str) -> bool {
    let vague = ["private", "proprietary", "internal", "custom", "unknown", "none", "n/a", "own"];
    !name.contains(char::is_whitespace)
        && !name.is_empty()
        && !vague.contains(&name.to_lowercase().as_str())
}
