//! The terms of each model, for people: the answer first, then the layers, then what to do.

use anstyle::Style;
use freehold_catalog::LicenceCategory;
use freehold_terms::{
    Assessment, Class, DataStanding, Gravity, Layer, MayShip, ModelKind, OsaidVerdict, Quotation,
    Rule,
};
use freehold_vet::{Report, Verdict};
use serde_json::json;

use crate::{invoked::program, render};

/// Each model.
pub(crate) fn show(report: &Report) {
    for model in &report.models {
        one(model, report.verdict);
        render::line("");
    }
}

/// One rule about terms.
pub(super) fn explain(rule: &Rule, as_json: bool) {
    if as_json {
        render::json(&json!({
            "rule": rule.name, "severity": rule.gravity, "title": rule.title, "why": rule.why,
            "way_out": rule.way_out,
        }));
        return;
    }
    let (word, style) = gravity(rule.gravity);
    let name = render::styled(render::STRONG, rule.name);
    render::line(format_args!("{name}  {}", render::styled(style.bold(), word)));
    render::line("");
    render::paragraph(0, &format!("{}. {}", capital(rule.title), rule.why), Style::new());
    render::line("");
    render::paragraph(0, rule.way_out, Style::new());
}

fn one(said: &Assessment, files: Verdict) {
    let model = &said.model;
    let place =
        if model.folder.is_empty() { String::new() } else { format!(" in {}", model.folder) };
    let name = render::styled(render::STRONG, &model.name);
    // Nothing says that it is a base: nothing is said.
    let kind = match model.kind {
        ModelKind::Base => String::new(),
        kind => format!(", {kind}"),
    };
    render::line(format_args!("{name}{place}{kind}"));
    verdict(said, files);
    render::line("");
    layer("weights", &said.layers.weights, None);
    layer("code", &said.layers.code, None);
    layer("data", &said.layers.data.layer, Some(said.layers.data.standing));
    openness(said);
    for finding in &said.findings {
        let (word, style) = gravity(finding.rule.gravity);
        render::line("");
        let name = render::styled(render::STRONG, finding.rule.name);
        render::line(format_args!("  {}  {name}", render::styled(style, word)));
        render::paragraph(4, &finding.what, Style::new());
        render::paragraph(4, finding.rule.way_out, render::SOFT);
    }
    shipping(said);
    next(said, files);
}

/// The answer, and why.
fn verdict(said: &Assessment, files: Verdict) {
    let (word, style) = match said.shipping.may_ship {
        MayShip::Yes => ("you may ship it", render::DEED),
        MayShip::WithObligations => ("you may ship it if you do what is listed", render::DEED),
        MayShip::NotConfirmed => ("whether you may ship it is not confirmed", render::HOLD),
        MayShip::No => ("you may not ship it as you are", render::STOP),
    };
    let word = render::styled(style.bold(), word);
    let scan = match files {
        Verdict::Clean => "the files are clean".to_owned(),
        other => format!("the files are {other}"),
    };
    render::line(format_args!("  {word}; {scan}"));
    render::line(format_args!("  holds until {}, then vet it again", said.reverify.by));
}

fn layer(name: &str, layer: &Layer, data: Option<DataStanding>) {
    let standing = data.map(|data| match data {
        DataStanding::Declared => "declared",
        DataStanding::DescribedOnly => "described only",
        DataStanding::NotDeclared => "not declared",
    });
    let licence = match (&layer.name, &layer.licence) {
        (Some(name), _) => name.clone(),
        (None, Some(id)) => id.to_string(),
        (None, None) => "licence not confirmed".to_owned(),
    };
    let category = match layer.category {
        Some(LicenceCategory::Osi) => "open source (OSI)",
        Some(LicenceCategory::Custom) => "open weights, custom licence",
        Some(LicenceCategory::SourceAvailable) => "source-available",
        None if layer.licence.is_some() => "category not confirmed",
        None => "",
    };
    let parts = [standing.unwrap_or_default(), licence.as_str(), category];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    render::paragraph(2, &format!("{name:<9}{}", parts.join(", ")), Style::new());
    let states = layer.evidence.iter().take(MOST_EVIDENCE).map(|it| match it.line {
        Some(line) => format!("{}:{line}", it.file),
        None => it.file.clone(),
    });
    let states: Vec<_> = states.collect();
    let mut notes = states.join(", ");
    if !layer.open.is_empty() {
        notes =
            if notes.is_empty() { layer.open.clone() } else { format!("{}; {notes}", layer.open) };
    }
    if !notes.is_empty() {
        render::paragraph(11, &notes, render::SOFT);
    }
}

fn openness(said: &Assessment) {
    let class = match said.openness.mof.class {
        Some(Class::OpenScience) => "MOF class I, open science",
        Some(Class::OpenTooling) => "MOF class II, open tooling",
        Some(Class::OpenModel) => "MOF class III, open model",
        None => "no MOF class",
    };
    let osaid = match said.openness.osaid.verdict {
        OsaidVerdict::Meets => "meets OSAID 1.0",
        OsaidVerdict::DoesNotMeet => "does not meet OSAID 1.0",
        OsaidVerdict::NotConfirmed => "OSAID 1.0 not confirmed",
    };
    render::line(format_args!("  {:<9}{class}; {osaid}", "openness"));
    let unmet = said.openness.osaid.reasons.iter().filter(|it| !it.starts_with("met:"));
    let mut why: Vec<&str> = unmet.map(String::as_str).collect();
    if why.is_empty() {
        why = said.openness.mof.missing.iter().map(String::as_str).collect();
    }
    if !why.is_empty() {
        for (state, what) in grouped(&why) {
            let what = what.join("; ");
            let line = if state.is_empty() { what } else { format!("{state}: {what}") };
            render::paragraph(11, &line, render::SOFT);
        }
    }
}

/// Reasons by the word before their colon, so that it is said once.
fn grouped<'a>(reasons: &[&'a str]) -> Vec<(&'a str, Vec<&'a str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for reason in reasons {
        let (state, what) = match reason.split_once(": ") {
            Some((state, what)) if STATES.contains(&state) => (state, what),
            _ => ("", *reason),
        };
        match groups.iter_mut().find(|(one, _)| *one == state) {
            Some((_, all)) => all.push(what),
            None => groups.push((state, vec![what])),
        }
    }
    groups
}

const STATES: [&str; 2] = ["not confirmed", "not met"];

fn shipping(said: &Assessment) {
    let shipping = &said.shipping;
    if shipping.chain.len() > 1 {
        render::line("");
        heading("Made from");
        for step in shipping.chain.iter().skip(1) {
            let licence = step.licence.as_ref().map_or("licence not confirmed", |id| id.0.as_str());
            let step = format!("{} {}: {licence}", step.relation, step.model);
            render::paragraph(4, &step, Style::new());
        }
    }
    if !shipping.conflicts.is_empty() {
        render::line("");
        heading("Stands against it");
        for conflict in &shipping.conflicts {
            let head =
                format!("{}, clause {}, of {}", conflict.licence, conflict.clause, conflict.of);
            render::paragraph(4, &head, render::STOP);
            render::paragraph(6, &conflict.words, Style::new());
            quoted(&conflict.quotation);
        }
    }
    if !shipping.not_confirmed.is_empty() {
        render::line("");
        heading("Not confirmed");
        for open in &shipping.not_confirmed {
            item("?", &open.words);
        }
    }
    if !shipping.obligations.is_empty() {
        render::line("");
        heading("To do if you ship it");
        for duty in &shipping.obligations {
            item("[ ]", &format!("{} ({}, clause {})", duty.what, duty.licence, duty.clause));
            if let Some(exact) = &duty.exact {
                render::paragraph(8, &format!("exactly: \"{exact}\""), render::STRONG);
            }
        }
    }
}

fn quoted(quotation: &Quotation) {
    if quotation.literal {
        let line = quotation.line.map(|line| format!(":{line}")).unwrap_or_default();
        let words = format!("“{}” ({}{line})", quotation.words, quotation.source);
        render::paragraph(6, &words, render::SOFT);
    } else {
        let seen = quotation.seen.map(|day| format!(", read {day}")).unwrap_or_default();
        render::paragraph(6, &format!("{}{seen}", quotation.source), render::SOFT);
    }
}

/// What to do next.
fn next(said: &Assessment, files: Verdict) {
    let what = match () {
        () if files != Verdict::Clean => "look at the files below first",
        () if said.shipping.may_ship == MayShip::No => {
            "take another model, or ask the publisher for a licence"
        }
        () if said.findings.iter().any(|it| it.rule.gravity == Gravity::Settle) => {
            "settle what the files say differently"
        }
        () if said.shipping.not_confirmed.iter().any(|it| FACTS.contains(&it.about)) => {
            "say who ships it: --region, --users, --revenue, --purpose, or [adopter] in freehold.toml"
        }
        () if said.shipping.may_ship == MayShip::NotConfirmed => "find out what is not confirmed",
        () if said.shipping.obligations.is_empty() => "admit it",
        () => "do what is listed, and admit it",
    };
    render::line("");
    render::paragraph(2, &format!("Next: {what}."), Style::new());
    if let Some(finding) = said.findings.first() {
        let hint = format!("What it means: {} vet --explain {}", program(), finding.rule.name);
        render::line(format_args!("  {}", render::styled(render::SOFT, hint)));
    }
}

fn heading(text: &str) {
    render::line(format_args!("  {}", render::styled(render::STRONG, text)));
}

fn item(mark: &str, text: &str) {
    render::paragraph(4, &format!("{mark} {text}"), Style::new());
}

fn gravity(gravity: Gravity) -> (&'static str, Style) {
    match gravity {
        Gravity::Note => ("note", render::SOFT),
        Gravity::Settle => ("settle", render::HOLD),
    }
}

fn capital(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

const MOST_EVIDENCE: usize = 4;
/// What a flag answers.
const FACTS: [&str; 4] = ["region", "users", "revenue", "purposes"];
