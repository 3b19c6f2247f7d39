//! Models side by side.

use axum::{
    Json,
    extract::{RawQuery, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_catalog::{Comparison, Model, Row, words};
use maud::{Markup, html};

use super::{PLACE, form::encoded, model, today};
use crate::{
    console::Console,
    kit::{self, Elsewhere},
    pages::{frame, json_refusal},
};

/// The page.
pub(crate) async fn show(State(console): State<Console>, RawQuery(query): RawQuery) -> Response {
    let ids = ids(query.as_deref().unwrap_or_default());
    let models = match named(&console, &ids) {
        Ok(models) => models,
        Err(name) => return model::absent(&console, &name),
    };
    if models.len() < 2 {
        return too_few(&console);
    }
    let comparison = console.setting().catalog.compare(&models, today(&console));
    let names: Vec<&str> = models.iter().map(|it| it.id.0.as_str()).collect();
    let query: Vec<String> = names.iter().map(|id| format!("id={}", encoded(id))).collect();
    let elsewhere = Elsewhere {
        json: Some(format!("/catalogue/compare.json?{}", query.join("&"))),
        csv: None,
        command: Some(
            console.setting().terminal.about(&format!("catalog compare {}", names.join(" "))),
        ),
    };
    let content = html! {
        h1 { "Comparison" }
        p.lede { "Each fact has its source on the model’s own page." }
        (table(&comparison))
        (kit::elsewhere(&elsewhere))
    };
    frame::page(&console, "Comparison", PLACE, &content)
}

/// The same for programs.
pub(crate) async fn json(State(console): State<Console>, RawQuery(query): RawQuery) -> Response {
    let ids = ids(query.as_deref().unwrap_or_default());
    match named(&console, &ids) {
        Ok(models) if models.len() > 1 => {
            Json(console.setting().catalog.compare(&models, today(&console))).into_response()
        }
        Ok(_) => json_refusal(StatusCode::BAD_REQUEST, "too-few", TOO_FEW),
        Err(name) => {
            let text = format!("There is no model `{name}` in the catalogue.");
            json_refusal(StatusCode::NOT_FOUND, "no-model", &text)
        }
    }
}

/// The models, each once; or the name that is none.
fn named<'a>(console: &'a Console, ids: &[String]) -> Result<Vec<&'a Model>, String> {
    let mut models: Vec<&Model> = Vec::new();
    for id in ids.iter().take(AT_MOST) {
        let model = console.setting().catalog.model(id).ok_or_else(|| id.clone())?;
        if !models.iter().any(|known| known.id == model.id) {
            models.push(model);
        }
    }
    Ok(models)
}

fn too_few(console: &Console) -> Response {
    let content = html! {
        h1 { "Comparison" }
        p.lede data-code="too-few" { (TOO_FEW) }
        p { a href="/catalogue" { "To the catalogue" } }
    };
    let page = frame::page(console, "Comparison", PLACE, &content);
    (StatusCode::BAD_REQUEST, page).into_response()
}

fn table(comparison: &Comparison<'_>) -> Markup {
    let table = html! {
        table {
            thead {
                tr {
                    th scope="col" { "Fact" }
                    @for id in &comparison.models {
                        th scope="col" { a href=(model::address(&id.0)) { (id) } }
                    }
                }
            }
            tbody { @for row in &comparison.rows { (row_of(row)) } }
        }
    };
    kit::scroll("Models side by side", &table)
}

fn row_of(row: &Row) -> Markup {
    let label = match row.place.as_str() {
        "licence.category" => "licence category".into(),
        "kv_bytes_per_token" => "cache a token".into(),
        place => words::place(place),
    };
    html! {
        tr {
            th scope="row" { (label) @if row.differs { small { "differs" } } }
            @for (words, fact) in row.words.iter().zip(&row.facts) {
                td {
                    @match words {
                        Some(words) => {
                            (words)
                            @if fact.as_ref().is_some_and(|it| !it.primary) { small { "repeats others" } }
                            @if fact.as_ref().is_some_and(|it| it.overlay) { small { "your own" } }
                            @if fact.as_ref().is_some_and(|it| it.stale) {
                                " " span.state.wait { "stale" }
                            }
                        }
                        None => { (kit::unknown("not confirmed")) }
                    }
                }
            }
        }
    }
}

/// Every value of `id` in a query, which may come more than once.
fn ids(query: &str) -> Vec<String> {
    let pairs = query.split('&').filter_map(|pair| pair.strip_prefix("id="));
    pairs.map(decoded).filter(|id| !id.is_empty()).collect()
}

/// A value of a query, decoded; what is no encoding stands for itself.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = |byte: u8| char::from(byte).to_digit(16).and_then(|it| u8::try_from(it).ok());
        match (first, tail) {
            (b'+', _) => bytes.push(b' '),
            (b'%', [high, low, after @ ..]) => {
                if let (Some(high), Some(low)) = (hex(*high), hex(*low)) {
                    bytes.push(high * 16 + low);
                    rest = after;
                    continue;
                }
                bytes.push(b'%');
            }
            (byte, _) => bytes.push(*byte),
        }
        rest = tail;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// More columns than that nobody reads.
const AT_MOST: usize = 8;
const TOO_FEW: &str = "Name two models or more: tick them in the catalogue.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_come_more_than_once() {
        let check = |query: &str, wanted: &[&str]| assert_eq!(ids(query), wanted, "{query}");
        check("id=a%2Fb&x=1&id=c+d&id=", &["a/b", "c d"]);
        check("id=100%&id=%zz&id=%C3%A4&id=%", &["100%", "%zz", "ä", "%"]);
        check("", &[]);
    }
}
