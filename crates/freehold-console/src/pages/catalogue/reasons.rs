//! Why a model is out, or cannot be told, with the facts and their sources.

use freehold_catalog::{Candidate, Cited, Reason};
use maud::{Markup, html};

use super::{form::Asked, model};
use crate::kit::{self, Provenance};

/// A list of models with the reasons that decided.
pub(super) fn list(label: &str, asked: &Asked, models: &[Candidate<'_>]) -> Markup {
    let (shown, more) = asked.cut(models);
    let table = html! {
        table {
            thead { tr { th scope="col" { "Model" } th scope="col" { "Why" } } }
            tbody {
                @for it in shown {
                    tr {
                        th scope="row" { a href=(model::address(&it.id.0)) { (it.id.0) } }
                        td { @for reason in deciding(it) { (one(reason)) } }
                    }
                }
            }
        }
    };
    html! { (kit::scroll(label, &table)) (more) }
}

/// The reasons that put a model into its group.
pub(super) fn deciding<'c>(candidate: &'c Candidate<'_>) -> impl Iterator<Item = &'c Reason> {
    let standing = candidate.standing;
    candidate.reasons.iter().filter(move |it| it.outcome == standing)
}

/// A fact's source, with what there is to know beside it.
pub(super) fn source(fact: &Cited) -> Markup {
    let (seen, reverify) = (fact.seen.to_string(), fact.reverify.to_string());
    let provenance = Provenance {
        source: &fact.source.title,
        address: Some(&fact.source.url),
        seen: &seen,
        due: fact.stale.then_some(reverify.as_str()),
    };
    html! {
        (kit::source(&provenance))
        span.src {
            @if let Some(at) = &fact.at { ", " (at) }
            @if !fact.primary { " · repeats others" }
            @if fact.overlay { " · your own" }
        }
    }
}

fn one(reason: &Reason) -> Markup {
    // Several facts of one source are told once: which they are is on the model's own page.
    let mut sources: Vec<&Cited> = Vec::new();
    for fact in reason.facts.iter().rev() {
        if !sources.iter().any(|known| known.source.id == fact.source.id) {
            sources.push(fact);
        }
    }
    html! {
        div {
            (reason.words)
            @for fact in sources { small { (source(fact)) } }
        }
    }
}
