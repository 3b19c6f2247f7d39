//! One model: every fact with its source, or that it is not confirmed; what it takes, and its terms.

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_catalog::{Catalog, Cited, Entry, Fact, KvPrecision, Model, Sheet, words};
use maud::{Markup, html};
use serde::Deserialize;

use super::{PLACE, category, form::encoded, known, reasons, today};
use crate::{
    console::Console,
    kit::{self, Elsewhere},
    pages::{frame, json_refusal},
};

/// Which model.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Which {
    id: String,
}

/// The page.
pub(crate) async fn show(State(console): State<Console>, Query(which): Query<Which>) -> Response {
    let catalog = &console.setting().catalog;
    let Some(model) = catalog.model(&which.id) else {
        return absent(&console, &which.id);
    };
    let sheet = catalog.sheet(model, today(&console));
    let elsewhere = Elsewhere {
        json: Some(address(&model.id.0).replace("/model?", "/model.json?")),
        csv: None,
        command: Some(console.setting().terminal.about(&format!("catalog show {}", model.id))),
    };
    let content = html! {
        h1 { (sheet.name) }
        p.lede { (sheet.publisher) ", " (sheet.family) " · " code { (sheet.id) } }
        (facts(catalog, model, &sheet))
        @if !sheet.scores.is_empty() { h2 { "Scores" } (scores(&sheet.scores)) }
        h2 { "What to watch in the weights licence" }
        (terms(&sheet))
        h2 { "What it takes" }
        (memory(catalog, model))
        @if !sheet.hosted.is_empty() { h2 { "Hosted, per million tokens" } (hosted(&sheet)) }
        (kit::elsewhere(&elsewhere))
    };
    frame::page(&console, sheet.name, PLACE, &content)
}

/// The same for programs.
pub(crate) async fn json(State(console): State<Console>, Query(which): Query<Which>) -> Response {
    let catalog = &console.setting().catalog;
    match catalog.model(&which.id) {
        Some(model) => Json(catalog.sheet(model, today(&console))).into_response(),
        None => {
            let text = format!("There is no model `{}` in the catalogue.", which.id);
            json_refusal(StatusCode::NOT_FOUND, "no-model", &text)
        }
    }
}

/// The address of a model's page.
pub(super) fn address(id: &str) -> String {
    format!("/catalogue/model?id={}", encoded(id))
}

/// That there is no such model, and which have close names.
pub(super) fn absent(console: &Console, name: &str) -> Response {
    let close = console.setting().catalog.close_models(name);
    let content = html! {
        h1 { "Not in the catalogue" }
        p.lede data-code="no-model" { "There is no model “" (name) "” in the catalogue." }
        @if !close.is_empty() {
            p { "Close to it:" }
            ul.plain { @for id in close { li { a href=(address(id)) { (id) } } } }
        }
        p { a href="/catalogue" { "To the catalogue" } }
    };
    let page = frame::page(console, "Not in the catalogue", PLACE, &content);
    (StatusCode::NOT_FOUND, page).into_response()
}

fn facts(catalog: &Catalog, model: &Model, sheet: &Sheet<'_>) -> Markup {
    let table = html! {
        table {
            thead { tr { th scope="col" { "Fact" } th scope="col" { "Value, and who says so" } } }
            tbody {
                @for entry in &sheet.facts { (row(entry)) }
                tr {
                    th scope="row" { "licence category" }
                    td {
                        (category(catalog, model))
                        small { "follows from the weights licence" }
                    }
                }
                tr {
                    th scope="row" { "cache a token" }
                    td {
                        (known(sheet.kv_bytes_per_token.map(words::bytes)))
                        small { "follows from the geometry, at 16 bits" }
                    }
                }
            }
        }
    };
    kit::scroll("Facts", &table)
}

fn row(entry: &Entry) -> Markup {
    html! {
        tr {
            th scope="row" { (words::place(&entry.place)) }
            @match &entry.fact {
                Some(fact) => {
                    (value(fact))
                }
                None => {
                    td { (kit::unknown("not confirmed")) small { "nobody was found to state it" } }
                }
            }
        }
    }
}

fn value(fact: &Cited) -> Markup {
    html! {
        td {
            (fact.words)
            @if let Some(note) = &fact.note { small { (note) } }
            small { (reasons::source(fact)) }
        }
    }
}

fn scores(scores: &[Cited]) -> Markup {
    let table = html! {
        table {
            thead { tr { th scope="col" { "Benchmark" } th scope="col" { "Score, and who says so" } } }
            tbody {
                @for score in scores {
                    tr {
                        th scope="row" { (words::place(&score.place)) }
                        (value(score))
                    }
                }
            }
        }
    };
    kit::scroll("Scores", &table)
}

fn terms(sheet: &Sheet<'_>) -> Markup {
    html! {
        @if !sheet.watch.is_empty() {
            ul.plain {
                @for term in &sheet.watch {
                    li { (term.words) " " span.src { "clause " (term.clause) ", " (term.source) ", " (term.seen) } }
                }
            }
        } @else if sheet.licence_read {
            p { "Nothing was found to watch." }
        }
        @if !sheet.licence_read {
            p { (kit::unknown("Its whole text was not read for its terms: there may be more.")) }
        }
    }
}

/// Weights by form, and the cache by length.
fn memory(catalog: &Catalog, model: &Model) -> Markup {
    if model.parameters.is_none() {
        return html! { p { (kit::unknown("Its parameters are not confirmed, so its size is not.")) } };
    }
    let cache = |tokens: u64| {
        let geometry = model.geometry.as_ref();
        geometry.map(|fact| words::bytes(fact.is.kv_bytes(tokens, KvPrecision::F16)))
    };
    let forms = html! {
        table {
            caption.src { "Bytes of the weights: the publisher’s files where they were counted, else parameters × bits / 8." }
            thead { tr { th scope="col" { "Form" } th.num scope="col" { "Bits a weight" } th.num scope="col" { "Weights" } } }
            tbody {
                @for form in catalog.forms_of(model) {
                    @if let Ok((bytes, counted)) = model.weight_bytes(form) {
                        tr {
                            th scope="row" { (form.name) }
                            td.num { (form.bits.is) }
                            td.num { (words::bytes(bytes)) @if counted { small { "counted" } } }
                        }
                    }
                }
            }
        }
    };
    let lengths = html! {
        table {
            caption.src { "Key-value cache of one sequence at 16 bits, by its own geometry." }
            thead { tr { th.num scope="col" { "Tokens" } th.num scope="col" { "Cache" } } }
            tbody {
                @for tokens in [1_024, 8_192, 32_768, 131_072] {
                    tr {
                        th.num scope="row" { (words::thousands(tokens)) }
                        td.num { (known(cache(tokens))) }
                    }
                }
            }
        }
    };
    kit::both(("Weights", &forms), ("Cache", &lengths))
}

fn hosted(sheet: &Sheet<'_>) -> Markup {
    let amount = |fact: &Option<Fact<f64>>, currency: &str| {
        known(fact.as_ref().map(|fact| words::money(fact.is, currency)))
    };
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "Provider" }
                    th.num scope="col" { "Input" }
                    th.num scope="col" { "Output" }
                    th scope="col" { "Seen" }
                }
            }
            tbody {
                @for price in &sheet.hosted {
                    tr {
                        th scope="row" { (price.provider) small { (price.model) } }
                        td.num { (amount(&price.input, &price.currency)) }
                        td.num { (amount(&price.output, &price.currency)) }
                        td {
                            @if let Some(fact) = price.input.as_ref().or(price.output.as_ref()) {
                                span.src { (fact.source) ", " (fact.seen) }
                            }
                        }
                    }
                }
            }
        }
    };
    kit::scroll("Hosted prices", &table)
}
