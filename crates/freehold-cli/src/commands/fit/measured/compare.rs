//! What was said against what was measured, question by question.

use freehold_config::BackendSettings;
use freehold_fit::{Profile, QUESTIONS, position};
use freehold_store::KeyRecord;
use freehold_types::{DataClass, Residency, Tenancy};

use super::{Comparison, Verdict, record::Record};

/// Compares all questions of which something can be measured.
pub(super) fn compare(
    said: &Profile,
    record: &Record,
    keys: &[KeyRecord],
    backends: &[BackendSettings],
) -> Vec<Comparison> {
    vec![
        privilege(said, record, keys),
        filters(said),
        logging(said, record),
        tokens(said, record),
        shape(said, record),
        class(said, record),
        leave(said, backends),
        residency(said, backends),
    ]
}

/// The answers with what was measured in their place. Where only the opposite of what was said is
/// known, what was said is struck out.
pub(super) fn replaced(said: &Profile, comparisons: &[Comparison]) -> Profile {
    comparisons.iter().fold(*said, |profile, comparison| {
        let Some(at) = position(comparison.question) else { return profile };
        match comparison.measured {
            Some(answer) => profile.with(at, QUESTIONS[at].position(answer)),
            None => profile,
        }
    })
}

fn compared(
    said: &Profile,
    question: &'static str,
    measured: Option<&'static str>,
    because: String,
) -> Comparison {
    let said = said.answer(question);
    let verdict = match (said, measured) {
        (_, None) => Verdict::NotMeasured,
        (None, Some(_)) => Verdict::Found,
        (Some(said), Some(measured)) if said == measured => Verdict::Same,
        _ => Verdict::Differs,
    };
    Comparison { question, said, measured, verdict, because }
}

fn privilege(said: &Profile, record: &Record, keys: &[KeyRecord]) -> Comparison {
    let named = keys.iter().filter(|key| key.tools.is_some()).count();
    let refused = match record.refused_tools {
        0 => String::new(),
        refused => format!("; {refused} tool calls were refused"),
    };
    let (measured, because) = match keys.len() {
        0 => (None, "the keys are not here".to_owned()),
        all if named == all => {
            (Some("enforced"), format!("all {all} valid keys name the tools that they may use"))
        }
        all => (
            Some("planned"),
            format!(
                "{named} of {all} valid keys name the tools that they may use; the others may use \
                 every tool that a request offers (`freehold key create --tools`)"
            ),
        ),
    };
    compared(said, "privilege", measured, because + &refused)
}

fn filters(said: &Profile) -> Comparison {
    let because = "no check of content is in the path of a request through this Freehold; one \
                   before or behind it cannot be seen from here";
    // That there is none now does not say that there cannot be one.
    let measured = if said.answer("filters") == Some("cannot") { "cannot" } else { "planned" };
    compared(said, "filters", Some(measured), because.to_owned())
}

fn logging(said: &Profile, record: &Record) -> Comparison {
    if let Some(finding) = record.findings.first() {
        return compared(
            said,
            "logging",
            Some("planned"),
            format!("it does not verify: {finding}"),
        );
    }
    if record.requests == 0 {
        return compared(said, "logging", None, "no request was recorded yet".to_owned());
    }
    let because = match record.without_outcome {
        0 => format!(
            "it verifies: {} entries, and each of {} requests has its outcome",
            record.entries, record.requests
        ),
        open => format!(
            "it verifies: {} entries; {open} of {} requests have no outcome: under way, or cut off \
             by a crash, and recorded before anything was sent in any case",
            record.entries, record.requests
        ),
    };
    compared(said, "logging", Some("enforced"), because)
}

fn tokens(said: &Profile, record: &Record) -> Comparison {
    let Some(month) = record.tokens_a_month() else {
        let because = format!(
            "{} tokens so far; less than a day is recorded, too little to reckon a month from",
            record.prompt_tokens + record.completion_tokens
        );
        return compared(said, "tokens", None, because);
    };
    let answer = match month {
        0..30_000_000 => "under-30m",
        30_000_000..1_000_000_000 => "30m-1b",
        1_000_000_000..30_000_000_000 => "1b-30b",
        _ => "over-30b",
    };
    let days = record.seconds / 86_400;
    let because = format!("{month} in thirty days, at the rate of the {days} days on record");
    compared(said, "tokens", Some(answer), because)
}

fn shape(said: &Profile, record: &Record) -> Comparison {
    let Some(peak) = record.peak_hundredths() else {
        return compared(said, "shape", None, "less than a day is recorded".to_owned());
    };
    let answer = match peak {
        0..200 => "steady",
        200..=500 => "office",
        _ => "spikes",
    };
    let because = format!(
        "the busiest hour on record had {}.{:02} times the requests of the average hour",
        peak / 100,
        peak % 100
    );
    compared(said, "shape", Some(answer), because)
}

/// A label says what a caller declared. It can show that data are more sensitive than was said, never
/// that they are less.
fn class(said: &Profile, record: &Record) -> Comparison {
    let Some(highest) = record.highest_class else {
        return compared(said, "class", None, "no request was recorded yet".to_owned());
    };
    let because = format!("the most sensitive label on record is `{highest}`");
    let name = match highest {
        DataClass::Public => "public",
        DataClass::Internal => "internal",
        DataClass::Confidential => "confidential",
        DataClass::Restricted => "restricted",
    };
    let at = |answer: &str| position("class").and_then(|at| QUESTIONS[at].position(answer));
    match said.answer("class") {
        Some(said_class) if at(said_class) >= at(name) => Comparison {
            verdict: Verdict::Same,
            ..compared(said, "class", Some(said_class), because)
        },
        Some(_) => compared(said, "class", Some(name), because),
        None => compared(said, "class", None, because),
    }
}

/// The backends that keep data neither on this machine nor in the operator's own network.
fn outside(backends: &[BackendSettings]) -> Vec<&BackendSettings> {
    let own =
        |one: &&BackendSettings| !matches!(one.residency, Residency::Machine | Residency::Premises);
    backends.iter().filter(own).collect()
}

fn names(backends: &[&BackendSettings]) -> String {
    backends.iter().map(|one| format!("`{}`", one.id.0)).collect::<Vec<_>>().join(", ")
}

/// Where data may go is said, not measured: it is only held against what is declared.
fn leave(said: &Profile, backends: &[BackendSettings]) -> Comparison {
    let outside = outside(backends);
    if outside.is_empty() {
        let because =
            "no backend is declared outside of this machine and the own network".to_owned();
        return agreed(said, "leave", because);
    }
    let against: Vec<&BackendSettings> = match said.answer("leave") {
        Some("never") => outside.clone(),
        Some("reserved") => {
            outside.iter().copied().filter(|one| one.tenancy != Tenancy::Single).collect()
        }
        Some("some") => {
            outside.iter().copied().filter(|one| one.accepts == DataClass::Restricted).collect()
        }
        _ => Vec::new(),
    };
    if against.is_empty() {
        return agreed(said, "leave", format!("declared outside: {}", names(&outside)));
    }
    let because = format!("backend {} is declared to take what may not go there", names(&against));
    Comparison { verdict: Verdict::Differs, ..agreed(said, "leave", because) }
}

fn residency(said: &Profile, backends: &[BackendSettings]) -> Comparison {
    let outside = outside(backends);
    let undeclared: Vec<&BackendSettings> =
        outside.iter().copied().filter(|one| one.residency == Residency::Unknown).collect();
    let fixed = matches!(said.answer("residency"), Some("region" | "country"));
    if fixed && !undeclared.is_empty() {
        let because = format!("no residency is declared for backend {}", names(&undeclared));
        return Comparison { verdict: Verdict::Differs, ..agreed(said, "residency", because) };
    }
    let regions = outside.iter().map(|one| match &one.residency {
        Residency::Region(region) => format!("`{}` in {}", one.id.0, region.0),
        _ => format!("`{}` not declared", one.id.0),
    });
    let because = match outside.is_empty() {
        true => "nothing is declared outside of this machine and the own network".to_owned(),
        false => format!("declared: {}", regions.collect::<Vec<_>>().join(", ")),
    };
    agreed(said, "residency", because)
}

/// What was said stands, with what was seen beside it: that nothing speaks against it is no
/// measurement of it.
fn agreed(said: &Profile, question: &'static str, because: String) -> Comparison {
    compared(said, question, None, because)
}
