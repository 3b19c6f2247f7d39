//! The first page. Where Freehold runs: which controls are in force, what waits for somebody, what
//! was asked last. Without an installation: what can be done here.

use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse, Response},
};
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{
    decide,
    frame::{self, HOME, PROVE, Place, RUN},
    page, records,
    state::{Measured, measure},
};
use crate::{
    attention::{self, Due, Way},
    console::{Console, Running},
    kit::{self, Elsewhere},
};

/// The page.
pub(crate) async fn show(State(console): State<Console>) -> Response {
    match console.installation() {
        Some(running) => standing(running).await,
        None => deciding(&console),
    }
}

/// The posture for programs.
pub(crate) async fn json(State(running): State<Running>) -> Json<Value> {
    let measured = measure(&running);
    let due = with_keys(&running, &measured).await;
    let mut value = json!({ "attention": due });
    if let (Value::Object(all), Value::Object(state)) = (&mut value, measured.as_json()) {
        all.extend(state.into_iter().filter(|(name, _)| name == "measured" || name == "controls"));
    }
    Json(value)
}

/// What waits for somebody, alone, for a page that refreshes it.
pub(crate) async fn attention_part(State(running): State<Running>) -> Html<String> {
    let measured = measure(&running);
    page(waiting(&with_keys(&running, &measured).await))
}

async fn standing(running: &Running) -> Response {
    let measured = measure(running);
    let due = with_keys(running, &measured).await;
    let content = html! {
        h1 { "What is in force" }
        p.lede { "Measured now, not what is configured." }
        (frame::permits(&measured))
        (waiting(&due))
        h2 { "The last records" }
        (records::latest(running, LATEST).await)
        h2 { "What can be done here" }
        (places(decide::PLACES)) (places(RUN)) (places(PROVE))
        (kit::elsewhere(&Elsewhere {
            json: Some("/posture.json".to_owned()),
            csv: None,
            command: Some(running.terminal.about("doctor")),
        }))
    };
    page(frame::inside("What is in force", HOME, &measured, &content)).into_response()
}

fn deciding(console: &Console) -> Response {
    let terminal = &console.setting().terminal;
    let content = html! {
        h1 { "Decide" }
        p.lede {
            "Whether to run an open model yourself, which one, and what it costs. These pages need no "
            "model, no key and no network. What you answer is not kept: it travels with the address of "
            "the page that shows the result."
        }
        (places(decide::PLACES))
        h2 { "Run a model" }
        p {
            "Models, a playground and the record of every answer are here once Freehold runs: "
            code { (terminal.command("up")) }
        }
        p { "What of its controls this machine can hold in force: " code { (terminal.command("doctor")) } }
    };
    frame::page(console, "Decide", HOME, &content)
}

/// What follows from the measurements, and from what the keys did.
async fn with_keys(running: &Running, measured: &Measured) -> Vec<Due> {
    let mut due = attention::due(measured);
    let (log, keys, now) = (running.log.clone(), running.state.keys(), measured.time);
    let terminal = running.terminal.clone();
    let looked = spawn_blocking(move || {
        attention::unused(&log, keys, now, |id| terminal.about(&format!("key revoke {id}")))
    });
    // A log that cannot be read is told by its own line.
    if let Ok(Ok(found)) = looked.await {
        due.extend(found);
    }
    due
}

fn waiting(due: &[Due]) -> Markup {
    html! {
        section.waiting id="attention" data-live="/parts/attention" aria-labelledby="h-attention" {
            h2 id="h-attention" { "What needs attention" }
            @if due.is_empty() {
                p { (frame::state("ok", "nothing waits for anybody")) }
            } @else {
                ul.sheet.dues {
                    @for one in due {
                        li {
                            (frame::state(if one.urgent { "no" } else { "wait" }, &one.what))
                            p { (one.why) }
                            p.src {
                                @match &one.way {
                                    Way::Command(command) => { "In a terminal: " code.command { (command) } }
                                    Way::Page(path) => { a href=(path) { "See " (path.trim_start_matches('/')) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn places(places: &[Place]) -> Markup {
    html! {
        @if !places.is_empty() {
            dl.places {
                @for place in places { dt { a href=(place.path) { (place.name) } } dd { (place.about) } }
            }
        }
    }
}

/// Records on the page.
const LATEST: usize = 5;
