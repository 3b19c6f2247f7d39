//! The pages, one file each, and what they share: frame, refusals, the way home.

mod catalogue;
pub(crate) mod decide;
pub(crate) mod fit;
mod frame;
pub(crate) mod home;
pub(crate) mod models;
pub(crate) mod playground;
mod receipt;
pub(crate) mod record;
pub(crate) mod records;
pub(crate) mod sign_in;
pub(crate) mod state;

use axum::{
    Json,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use maud::{Markup, html};

/// Nothing has this address.
pub(crate) async fn not_found() -> Response {
    refusal(StatusCode::NOT_FOUND, "not-found", NOT_FOUND)
}

/// A page that says what was refused and the way out. Scripts read its `data-code`.
pub(crate) fn refusal(status: StatusCode, code: &str, text: &str) -> Response {
    let content = html! {
        h1 { "Not done" }
        p.lede data-code=(code) { (text) }
        p { a href="/" { "To the first page" } }
    };
    (status, page(frame::bare("Not done", &content))).into_response()
}

/// The same for whoever asked for JSON.
fn json_refusal(status: StatusCode, code: &str, text: &str) -> Response {
    let body = serde_json::json!({"error": {"code": code, "message": text}});
    (status, Json(body)).into_response()
}

fn page(markup: Markup) -> Html<String> {
    Html(markup.into_string())
}

const NOT_FOUND: &str = "There is no such page here.";
