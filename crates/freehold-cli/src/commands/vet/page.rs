//! What a scan found, for people.

use std::collections::BTreeSet;

use anstyle::Style;
use freehold_vet::{Rule, ScannedFile, Severity, Verdict};

use crate::{invoked::program, render};

/// Every file with a finding, or all, and how many there are of each verdict.
pub(crate) fn show(files: &[ScannedFile], all: bool) {
    let mut explained = BTreeSet::new();
    let shown = files.iter().filter(|file| all || !file.findings.is_empty());
    for file in shown {
        let verdict = render::styled(style(file.verdict).bold(), file.verdict);
        render::line(format_args!("{verdict}  {}", file.path));
        for finding in file.findings.iter().take(MOST_SHOWN) {
            let rule = finding.rule;
            let inside: String = finding.inside.iter().map(|member| format!("!{member}")).collect();
            let place = match inside.is_empty() {
                true => format!("byte {}", finding.offset),
                false => format!("{inside}, byte {}", finding.offset),
            };
            let severity = if severity(file.verdict) == Some(rule.severity) {
                String::new()
            } else {
                format!(" ({})", rule.severity)
            };
            let name = render::styled(render::STRONG, rule.name);
            render::line(format_args!("  {name}{severity}"));
            render::paragraph(4, &format!("{}: {}", finding.what, place), Style::new());
            if explained.insert(rule.name) {
                let why = format!("It {}. {}", rule.title, rule.why);
                let why = if starts_with_verb(rule) { why } else { sentence(rule) };
                render::paragraph(4, &why, render::SOFT);
            }
        }
        if file.findings.len() > MOST_SHOWN {
            render::line(format_args!(
                "  and {} more; --json has them all",
                file.findings.len() - MOST_SHOWN
            ));
        }
        if !file.findings.is_empty() {
            render::line("");
        }
    }
    let count = |verdict| files.iter().filter(|file| file.verdict == verdict).count();
    let counts: Vec<_> = [Verdict::Malicious, Verdict::Suspicious, Verdict::Unread, Verdict::Clean]
        .into_iter()
        .map(|verdict| (verdict, count(verdict)))
        .filter(|(_, count)| *count > 0)
        .map(|(verdict, count)| render::styled(style(verdict), format!("{count} {verdict}")))
        .collect();
    let word = if files.len() == 1 { "file" } else { "files" };
    render::line(format_args!("{} {word}: {}", files.len(), counts.join(", ")));
    if files.iter().any(|file| file.verdict == Verdict::Unread) {
        render::paragraph(0, "Nothing is said about what is unread.", render::SOFT);
    }
    let findings = files.iter().flat_map(|file| &file.findings);
    let gravest = findings.map(|it| it.rule).filter(|rule| explained.contains(rule.name));
    if let Some(Rule { name: rule, .. }) = gravest.max_by_key(|rule| rule.severity) {
        let hint = format!("What to do: {} vet --explain {rule}", program());
        render::line(render::styled(render::SOFT, hint));
    }
}

/// One rule.
pub(super) fn explain(rule: &Rule) {
    let severity = render::styled(style_of(rule.severity).bold(), rule.severity);
    render::line(format_args!("{}  {severity}", render::styled(render::STRONG, rule.name)));
    render::line("");
    render::paragraph(0, &sentence(rule), Style::new());
    render::line("");
    render::paragraph(0, rule.way_out, Style::new());
}

/// Title and reason as sentences.
fn sentence(rule: &Rule) -> String {
    let mut title = rule.title.to_owned();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    format!("{title}. {}", rule.why)
}

fn starts_with_verb(rule: &Rule) -> bool {
    rule.name.starts_with("pickle/") && rule.severity >= Severity::Suspicious && {
        let first = rule.title.split(' ').next().unwrap_or_default();
        first.ends_with('s') && !["an", "more"].contains(&first)
    }
}

fn severity(verdict: Verdict) -> Option<Severity> {
    match verdict {
        Verdict::Malicious => Some(Severity::Malicious),
        Verdict::Suspicious => Some(Severity::Suspicious),
        Verdict::Unread => Some(Severity::Unread),
        Verdict::Clean => None,
    }
}

fn style(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Malicious => render::STOP,
        Verdict::Suspicious | Verdict::Unread => render::HOLD,
        Verdict::Clean => render::DEED,
    }
}

fn style_of(severity: Severity) -> Style {
    match severity {
        Severity::Malicious => render::STOP,
        Severity::Suspicious | Severity::Unread => render::HOLD,
        Severity::Note => render::SOFT,
    }
}

const MOST_SHOWN: usize = 12;
