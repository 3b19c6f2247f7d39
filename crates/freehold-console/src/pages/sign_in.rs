//! Signing in with a token that works once, and out again.

use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use maud::{Markup, html};
use serde::Deserialize;

use super::{frame, page};
use crate::{
    console::Running,
    guard,
    session::{SESSION_SECONDS, SignInRefusal},
};

/// What the address or the form carries.
#[derive(Deserialize)]
pub(crate) struct Offered {
    #[serde(default)]
    token: String,
}

/// The form. A token in the address is filled in and not used yet: programs that fetch addresses
/// ahead of people would use it up, and another page could sign a browser in unnoticed.
pub(crate) async fn show(
    State(running): State<Running>,
    headers: HeaderMap,
    Query(offered): Query<Offered>,
) -> Response {
    if guard::session(&headers).is_some_and(|secret| running.door.admits(secret, true)) {
        return Redirect::to("/").into_response();
    }
    page(form(&offered.token, None)).into_response()
}

/// Exchanges the token for a session.
pub(crate) async fn enter(
    State(running): State<Running>,
    Form(offered): Form<Offered>,
) -> Response {
    match running.door.sign_in(&offered.token) {
        Ok(secret) => {
            let mut response = Redirect::to("/").into_response();
            set_cookie(&mut response, &secret, SESSION_SECONDS);
            response
        }
        Err(refusal) => {
            let mut response = page(form("", Some(refusal))).into_response();
            *response.status_mut() = match refusal {
                SignInRefusal::WrongToken => StatusCode::UNAUTHORIZED,
                SignInRefusal::TooMany { seconds } => {
                    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
                    StatusCode::TOO_MANY_REQUESTS
                }
            };
            response
        }
    }
}

/// Ends the session here and in the browser.
pub(crate) async fn out(State(running): State<Running>, headers: HeaderMap) -> Response {
    if let Some(secret) = guard::session(&headers) {
        running.door.sign_out(secret);
    }
    let mut response = Redirect::to("/sign-in").into_response();
    set_cookie(&mut response, "", 0);
    response
}

fn form(token: &str, refusal: Option<SignInRefusal>) -> Markup {
    let from_address = !token.is_empty();
    let content = html! {
        h1 { "Sign in" }
        p.lede {
            "Freehold prints an address with a token when it starts. The token works once; a "
            "session lasts 12 hours, or until 2 hours without use."
        }
        @if let Some(refusal) = refusal {
            p.problem id="problem" role="alert" { (frame::state("no", &format!("{refusal}."))) }
        }
        form.sheet method="post" action="/sign-in" {
            label.t for="token" { "One-time token" }
            input id="token" name="token" type="password" value=(token) required
                autocomplete="one-time-code" spellcheck="false" autocapitalize="none"
                aria-describedby="help";
            p.src id="help" {
                @if from_address { "Filled in from the address you opened." }
                @else { "Copy it from the terminal in which Freehold runs: it follows " code { "token=" } "." }
            }
            p { button { "Sign in" } }
        }
    };
    frame::bare("Sign in", &content)
}

/// Not `Secure`: the console listens on this machine without TLS, and some browsers would then
/// not keep it. Behind a proxy with TLS the proxy adds it.
fn set_cookie(response: &mut Response, secret: &str, seconds: u64) {
    let name = guard::COOKIE;
    let text = format!("{name}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict");
    // A name, base64url and digits always make a header.
    if let Ok(value) = HeaderValue::try_from(text) {
        response.headers_mut().insert(header::SET_COOKIE, value);
    }
}
