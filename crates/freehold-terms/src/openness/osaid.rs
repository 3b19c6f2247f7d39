//! The Open Source AI Definition 1.0: data information, code and parameters, each under terms that
//! the Open Source Initiative approved.
//!
//! Source: <https://opensource.org/ai/open-source-ai-definition>. What a machine cannot decide (whether
//! a description of data is detailed enough) is *not confirmed*.

use super::{
    Osaid, OsaidVerdict, Release,
    parts::{
        DATA_CARD, DATASETS, INFERENCE_CODE, PARAMETERS, PREPROCESSING_CODE, TRAINING_CODE,
        is_approved, is_open,
    },
};
use crate::DataStanding;

/// The verdict. `complete` says that the release names all that there is, so that what it does not
/// name is not there; else it may be elsewhere.
pub fn osaid(release: &Release, data: DataStanding, complete: bool) -> Osaid {
    let needs = [
        data_information(release, data, complete),
        code(release, PREPROCESSING_CODE, "code that prepares the data", complete),
        code(release, TRAINING_CODE, "training code", complete),
        code(release, INFERENCE_CODE, "inference code", complete),
        parameters(release, complete),
    ];
    let verdict = match needs.iter().map(|(met, _)| *met).max() {
        Some(Met::No) => OsaidVerdict::DoesNotMeet,
        Some(Met::Open) | None => OsaidVerdict::NotConfirmed,
        Some(Met::Yes) => OsaidVerdict::Meets,
    };
    let words = |(met, words): (Met, String)| {
        let mark = match met {
            Met::Yes => "met",
            Met::Open => "not confirmed",
            Met::No => "not met",
        };
        format!("{mark}: {words}")
    };
    Osaid { verdict, reasons: needs.into_iter().map(words).collect() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    Yes,
    Open,
    No,
}

fn absent(complete: bool) -> Met {
    if complete { Met::No } else { Met::Open }
}

fn data_information(release: &Release, data: DataStanding, complete: bool) -> (Met, String) {
    let described = [DATASETS, DATA_CARD].iter().any(|id| release.part(*id).is_some());
    if described || data == DataStanding::Declared {
        return (Met::Yes, "data information: the training data are named".to_owned());
    }
    match data {
        DataStanding::DescribedOnly => {
            let words = "data information: described, whether in enough detail is not decided here";
            (Met::Open, words.to_owned())
        }
        _ => (absent(complete), "data information: nothing says what it was trained on".to_owned()),
    }
}

fn code(release: &Release, id: u8, name: &str, complete: bool) -> (Met, String) {
    let Some(stated) = release.part(id) else {
        return (absent(complete), format!("{name}: not among what came along"));
    };
    match release.licence(stated) {
        None => (Met::No, format!("{name}: no licence")),
        Some(licence) if is_approved(licence) => (Met::Yes, format!("{name}: {licence}")),
        Some(licence) => (Met::No, format!("{name}: {licence} is not approved by the OSI")),
    }
}

fn parameters(release: &Release, complete: bool) -> (Met, String) {
    let Some(stated) = release.part(PARAMETERS) else {
        return (absent(complete), "parameters: not among what came along".to_owned());
    };
    match release.licence(stated) {
        None if complete => (Met::No, "parameters: no licence".to_owned()),
        None => (Met::Open, "parameters: their licence is not confirmed".to_owned()),
        Some(licence) if is_approved(licence) => (Met::Yes, format!("parameters: {licence}")),
        Some(licence) if is_open(licence) => {
            let words = format!("parameters: {licence} is open, but not approved by the OSI");
            (Met::Open, words)
        }
        Some(licence) => (Met::No, format!("parameters: {licence} is not approved by the OSI")),
    }
}
