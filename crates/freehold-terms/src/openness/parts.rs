//! The components of the Model Openness Framework 1.0, as its tool counts them, and which licences
//! it takes as open.
//!
//! Source: <https://github.com/lfai/model_openness_tool>, `web/modules/mof/config/install/mof.settings.yml`,
//! `src/ModelEvaluator.php` and `src/LicenseHandler.php`, read on 2026-11-23.

use super::ComponentKind::{self, Code, Data, Document};

/// A component.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// The tool's number for it.
    pub id: u8,
    /// The framework's name for it.
    pub name: &'static str,
    /// What it is.
    pub kind: ComponentKind,
    /// From which class on it counts: 3 the lowest, 1 the highest.
    pub class: u8,
    /// Whether that class needs it.
    pub required: bool,
}

pub(crate) const TECHNICAL_REPORT: u8 = 11;
pub(crate) const RESEARCH_PAPER: u8 = 21;
pub(crate) const PARAMETERS: u8 = 10;
pub(crate) const TRAINING_CODE: u8 = 7;
pub(crate) const INFERENCE_CODE: u8 = 8;
pub(crate) const PREPROCESSING_CODE: u8 = 16;
pub(crate) const DATASETS: u8 = 15;
pub(crate) const DATA_CARD: u8 = 14;
pub(crate) const MODEL_CARD: u8 = 13;
pub(crate) const EVALUATION_RESULTS: u8 = 12;
pub(crate) const EVALUATION_CODE: u8 = 18;
pub(crate) const ARCHITECTURE: u8 = 9;

/// All of them.
pub static PARTS: [Part; 17] = [
    part(ARCHITECTURE, "Model architecture", Code, 3, true),
    part(PARAMETERS, "Model parameters (Final)", Data, 3, true),
    part(EVALUATION_RESULTS, "Evaluation results", Document, 3, true),
    part(MODEL_CARD, "Model card", Document, 3, true),
    part(DATA_CARD, "Data card", Document, 3, true),
    part(TECHNICAL_REPORT, "Technical report", Document, 3, true),
    part(20, "Sample model outputs", Data, 3, false),
    part(TRAINING_CODE, "Training code", Code, 2, true),
    part(INFERENCE_CODE, "Inference code", Code, 2, true),
    part(EVALUATION_CODE, "Evaluation code", Code, 2, true),
    part(19, "Evaluation data", Data, 2, true),
    part(22, "Supporting libraries and tools", Code, 2, false),
    part(DATASETS, "Datasets", Data, 1, true),
    part(PREPROCESSING_CODE, "Data preprocessing code", Code, 1, true),
    part(24, "Model parameters (Intermediate)", Data, 1, true),
    part(RESEARCH_PAPER, "Research paper", Document, 1, true),
    part(17, "Model metadata", Data, 1, false),
];

const fn part(id: u8, name: &'static str, kind: ComponentKind, class: u8, required: bool) -> Part {
    Part { id, name, kind, class, required }
}

/// Whether the framework takes a licence as open: approved by the Open Source Initiative, free for
/// the Free Software Foundation, or one of the tool's open data licences.
pub(crate) fn is_open(licence: &str) -> bool {
    OPEN_DATA.contains(&licence) || flags(licence).is_some()
}

/// Whether the Open Source Initiative approved a licence, by its SPDX identifier.
pub(crate) fn is_approved(licence: &str) -> bool {
    flags(licence).is_some_and(|flags| flags.contains('o'))
}

fn flags(licence: &str) -> Option<&'static str> {
    OPEN.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(id, _)| *id == licence)
        .map(|it| it.1)
}

const OPEN: &str = include_str!("../../data/open-licences.txt");

/// `OPEN_DATA_LICENSES` of the tool.
const OPEN_DATA: &[&str] = &[
    "CC0-1.0",
    "CC-BY-1.0",
    "CC-BY-2.0",
    "CC-BY-2.5",
    "CC-BY-2.5-AU",
    "CC-BY-3.0",
    "CC-BY-3.0-AT",
    "CC-BY-3.0-AU",
    "CC-BY-3.0-DE",
    "CC-BY-3.0-IGO",
    "CC-BY-3.0-NL",
    "CC-BY-3.0-US",
    "CC-BY-4.0",
    "CC-BY-SA-1.0",
    "CC-BY-SA-2.0",
    "CC-BY-SA-2.0-UK",
    "CC-BY-SA-2.1-JP",
    "CC-BY-SA-2.5",
    "CC-BY-SA-3.0",
    "CC-BY-SA-3.0-AT",
    "CC-BY-SA-4.0",
    "CDLA-Permissive-1.0",
    "CDLA-Permissive-2.0",
    "CDLA-Sharing-1.0",
    "ODC-PDDL-1.0",
    "ODC-By-1.0",
    "ODbL-1.0",
    "GFDL-1.3",
    "OGL-Canada-2.0",
    "OGL-UK-2.0",
    "OGL-UK-3.0",
];
