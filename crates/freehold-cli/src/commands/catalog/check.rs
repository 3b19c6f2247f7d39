//! `freehold catalog check`: what is stale, contradictory or not confirmed.

use freehold_catalog::{Finding, Rule, Severity, words};
use serde_json::json;

use super::{Asked, table};
use crate::{
    failure::{Answer, Failure},
    render,
};

/// Checks all facts.
pub(super) fn run(asked: &Asked<'_>, notes: bool) -> Result<Answer, Failure> {
    let findings = asked.catalog.check(asked.today);
    let ok = findings.iter().all(|it| it.severity == Severity::Note);
    if asked.json {
        render::json_pretty(&json!({ "ok": ok, "on": asked.today, "findings": findings }));
    } else {
        show(asked, &findings, notes);
    }
    Ok(if ok { Answer::Clean } else { Answer::Findings })
}

fn show(asked: &Asked<'_>, findings: &[Finding], notes: bool) {
    let count = |severity| findings.iter().filter(|it| it.severity == severity).count();
    let catalog = asked.catalog;
    render::line(format_args!(
        "on {}: {} models, {} licences, {} hardware, {} prices, {} sources",
        asked.today,
        catalog.models().count(),
        catalog.licences().count(),
        catalog.hardware().len(),
        catalog.hosted().len() + catalog.rental().len() + catalog.purchase().len(),
        catalog.sources().count(),
    ));
    render::line(format_args!(
        "{} errors, {} facts to be read again, {} not confirmed",
        count(Severity::Error),
        count(Severity::Warning),
        count(Severity::Note),
    ));
    let shown = |it: &&Finding| notes || it.severity != Severity::Note;
    for finding in findings.iter().filter(shown) {
        let style = match finding.severity {
            Severity::Error => render::STOP,
            Severity::Warning => render::HOLD,
            Severity::Note => render::SOFT,
        };
        let Finding { severity, record, place, words, .. } = finding;
        render::line(format_args!("{} {record}", render::styled(style, format!("{severity}:"))));
        let source = finding.source.as_deref().map(|it| format!(" ({it})")).unwrap_or_default();
        table::below(4, anstyle::Style::new(), &format!("{place}: {words}{source}"));
    }
    if notes {
        return;
    }
    for (rule, name) in [
        (Rule::NotConfirmed, "Nobody was found to state, of how many records:"),
        (Rule::Repeated, "Only a collection or the press states, of how many records:"),
    ] {
        let places = Finding::by_place(findings, rule);
        if places.is_empty() {
            continue;
        }
        render::line("");
        render::line(name);
        for (place, count) in places {
            render::line(format_args!("  {count:>4}  {}", words::place(place)));
        }
    }
    if count(Severity::Note) > 0 {
        render::line("");
        render::line(render::styled(render::SOFT, "`--notes` lists each of them"));
    }
}
