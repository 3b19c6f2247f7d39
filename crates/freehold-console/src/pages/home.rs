//! The first page: what can be done here.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use maud::html;

use super::{
    decide,
    frame::{self, HOME},
};
use crate::console::Console;

/// The page.
pub(crate) async fn show(State(console): State<Console>) -> Response {
    if console.installation().is_some() {
        return Redirect::to("/playground").into_response();
    }
    let content = html! {
        h1 { "Decide" }
        p.lede {
            "These pages need no model, no key and no network. What you answer is not kept: it "
            "travels with the address of the page that shows the result."
        }
        ul.plain {
            @for place in decide::PLACES {
                li { a href=(place.path) { (place.name) } " " (place.about) }
            }
        }
        h2 { "Run a model" }
        p {
            "Models, playground and record are there once Freehold runs: "
            code { (console.setting().terminal.command("up")) }
        }
    };
    frame::page(&console, "Decide", HOME, &content)
}
