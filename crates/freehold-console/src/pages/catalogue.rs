//! The catalogue: a selector whose every exclusion says why, and with which facts.

pub(crate) mod compare;
pub(super) mod form;
pub(crate) mod model;
mod reasons;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_catalog::{Candidate, Catalog, Date, Model, SearchError, Selection, words};
use maud::{Markup, html};

use self::form::Asked;
use super::{
    frame::{self, Place},
    json_refusal,
};
use crate::{
    console::Console,
    kit::{self, Elsewhere},
};

/// The list, with what is asked in the address.
pub(crate) async fn show(State(console): State<Console>, Query(asked): Query<Asked>) -> Response {
    let catalog = &console.setting().catalog;
    let form = asked.form(catalog);
    let (status, found) = match asked.search(catalog, today(&console)) {
        Ok(selection) => (StatusCode::OK, results(&console, &asked, &selection)),
        Err(why) => (StatusCode::BAD_REQUEST, problem(&why)),
    };
    let content = html! {
        h1 { "Catalogue" }
        p.lede {
            (catalog.models().count()) " open models, each fact with its source and the day it was "
            "read. What nobody was found to state is not confirmed: it lets no model in, and keeps "
            "none out in silence."
        }
        (form)
        (found)
    };
    (status, frame::page(&console, "Catalogue", PLACE, &content)).into_response()
}

/// The same for programs.
pub(crate) async fn json(State(console): State<Console>, Query(asked): Query<Asked>) -> Response {
    match asked.search(&console.setting().catalog, today(&console)) {
        Ok(selection) => {
            let mut all: Vec<&Candidate<'_>> = selection.matches.iter().collect();
            if asked.shows_all() {
                all.extend(selection.not_confirmed.iter().chain(&selection.excluded));
            }
            Json(serde_json::json!(all)).into_response()
        }
        Err(why) => json_refusal(StatusCode::BAD_REQUEST, "not-a-search", &format!("{why}.")),
    }
}

/// The same for spreadsheets, with all three groups.
pub(crate) async fn csv(State(console): State<Console>, Query(asked): Query<Asked>) -> Response {
    let selection = match asked.search(&console.setting().catalog, today(&console)) {
        Ok(selection) => selection,
        Err(why) => {
            return json_refusal(StatusCode::BAD_REQUEST, "not-a-search", &format!("{why}."));
        }
    };
    let groups = [
        ("match", &selection.matches),
        ("not confirmed", &selection.not_confirmed),
        ("excluded", &selection.excluded),
    ];
    let number = |it: Option<u64>| it.map(|it| it.to_string()).unwrap_or_default();
    let rows = groups.into_iter().flat_map(|(group, models)| {
        models.iter().map(move |it| {
            let why: Vec<&str> = reasons::deciding(it).map(|it| it.words.as_str()).collect();
            vec![
                it.id.to_string(),
                it.name.to_owned(),
                it.publisher.to_owned(),
                number(it.parameters),
                number(it.context),
                it.category.map(|it| it.to_string()).unwrap_or_default(),
                it.released.map(|it| it.to_string()).unwrap_or_default(),
                group.to_owned(),
                why.join("; "),
            ]
        })
    });
    kit::csv("catalogue", COLUMNS, rows)
}

/// The day, in UTC.
pub(super) fn today(console: &Console) -> Date {
    console.setting().today()
}

fn problem(why: &form::Problem) -> Markup {
    html! {
        p.problem role="alert" {
            span.state.no { "Not a search: " (why) "." }
            @if let form::Problem::Search(SearchError::Hardware { close, .. }) = why {
                @if !close.is_empty() { " Did you mean " (close.join(", ")) "?" }
            }
            @if let form::Problem::Search(why) = why {
                @if let Some(hint) = why.hint() { " " (hint) }
            }
        }
    }
}

fn results(console: &Console, asked: &Asked, selection: &Selection<'_>) -> Markup {
    let Selection { matches, not_confirmed, excluded, ranking, second_hand } = selection;
    let address = |end: &str| asked.address(&format!("/catalogue{end}"));
    let elsewhere = Elsewhere {
        json: Some(address(".json")),
        csv: Some(address(".csv")),
        command: Some(console.setting().terminal.about(&asked.command())),
    };
    html! {
        h2 id="matches" {
            (matches.len()) " meet it, " (not_confirmed.len()) " not confirmed, "
            (excluded.len()) " excluded"
        }
        @if matches.is_empty() {
            p { "No model is known to meet all of this. Below is what keeps each of them out." }
        } @else {
            p.src { "Ordered by " (ranking) "." }
            form method="get" action="/catalogue/compare" {
                (table(console, asked, matches))
                p.buttons { button.quiet { "Compare those that are ticked" } }
            }
        }
        @if *second_hand > 0 {
            p {
                (second_hand) " more would meet it if their licence, which only a collection or the "
                "press states, is what it says. "
                a href=(asked.second_hand().address("/catalogue")) { "Take it as stated" }
            }
        }
        @if !not_confirmed.is_empty() {
            h2 id="not-confirmed" { "Not confirmed" }
            p.lede { "Nothing that is known keeps these out, and something that you ask is not known." }
            (reasons::list("What is not confirmed of each", asked, not_confirmed))
        }
        @if !excluded.is_empty() {
            h2 id="excluded" { "Excluded" }
            (reasons::list("What excludes each", asked, excluded))
        }
        (kit::elsewhere(&elsewhere))
    }
}

fn table(console: &Console, asked: &Asked, matches: &[Candidate<'_>]) -> Markup {
    let memory = matches.iter().any(|it| it.memory.is_some());
    let score = matches.iter().any(|it| it.score.is_some());
    let (shown, more) = asked.cut(matches);
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "Model" }
                    th.num scope="col" { "Parameters" }
                    th scope="col" { "Weights licence" }
                    th.num scope="col" { "Context" }
                    th scope="col" { "Released" }
                    @if score { th scope="col" { "Score" } }
                    @if memory { th scope="col" { "Memory" } }
                }
            }
            tbody {
                @for it in shown {
                    tr {
                        th scope="row" {
                            label.pick {
                                input type="checkbox" name="id" value=(it.id.0)
                                    aria-label={ "Compare " (it.id.0) };
                            }
                            " " a href=(model::address(&it.id.0)) { (it.id.0) }
                        }
                        td.num { (known(it.parameters.map(words::parameters))) }
                        td { (category(&console.setting().catalog, it.model)) }
                        td.num { (known(it.context.map(words::thousands))) }
                        td { (known(it.released.map(|it| it.to_string()))) }
                        @if score {
                            td {
                                @match &it.score {
                                    Some(score) => { (score.words) " on " (words::place(&score.place)) }
                                    None => { (kit::unknown("no score")) }
                                }
                            }
                        }
                        @if memory {
                            td { @if let Some(memory) = &it.memory { (memory.words()) } }
                        }
                    }
                }
            }
        }
    };
    html! { (kit::scroll("Models that meet it", &table)) (more) }
}

/// The category of the weights licence; where that is told second-hand, who tells it.
pub(super) fn category(catalog: &Catalog, model: &Model) -> Markup {
    html! {
        @match (catalog.category(model), catalog.category_second_hand(model)) {
            (None, Some((category, source))) => {
                (category) small {
                    (kit::unknown(&format!(
                        "if the licence is what {} says (not confirmed)",
                        source.title
                    )))
                }
            }
            (category, _) => { (known(category.map(|it| it.to_string()))) }
        }
    }
}

/// A value, or that it is not confirmed.
pub(super) fn known(value: Option<String>) -> Markup {
    html! {
        @match value {
            Some(value) => { (value) }
            None => { (kit::unknown("not confirmed")) }
        }
    }
}

/// The catalogue in the navigation.
pub(crate) const PLACE: Place = Place {
    path: "/catalogue",
    name: "Catalogue",
    about: "Find open models by licence, size, task, language and hardware, and see why not.",
};

const COLUMNS: &[&str] = &[
    "id",
    "name",
    "publisher",
    "parameters",
    "context",
    "weights_licence",
    "released",
    "standing",
    "why",
];
