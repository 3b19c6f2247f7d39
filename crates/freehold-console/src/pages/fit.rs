//! Is an open model right for us? The questions as a form whose answers are the page's address, so
//! that advice can be bookmarked, printed and passed on; and the advice beside what would change it.

mod form;
mod shown;

use axum::{
    extract::{Query, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use freehold_catalog::{Catalog, Date};
use freehold_fit::{
    Advice, Driver, Extent, Place as Given, Profile, ProfileError, Report, Statement, UNKNOWN,
    Weights, WeightsError, advise,
};
use maud::{Markup, html};

use super::{
    frame::{self, Place},
    json_refusal,
};
use crate::{console::Console, kit, time};

/// Its place among the Decide pages.
pub(crate) const PLACE: Place = Place {
    path: "/fit",
    name: "Fit",
    about: "Is an open model right for us? Answer what you can, and get advice that explains itself.",
};

/// What an address says.
type Asked = Query<Vec<(String, String)>>;

/// Why an address gives no advice.
#[derive(Debug, thiserror::Error)]
enum NotAdvised {
    /// Answers that mean nothing.
    #[error(transparent)]
    Answers(#[from] ProfileError),
    /// Weights that cannot be reckoned with.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// A weight that is no number.
    #[error("the weight of {} is no whole number", driver.id())]
    NotANumber {
        /// Whose.
        driver: Driver,
    },
}

/// The form, and where something is answered, the advice.
pub(crate) async fn show(State(console): State<Console>, Query(asked): Asked) -> Response {
    let read = read(&asked);
    let (profile, weights) = match &read {
        Ok(known) => *known,
        Err(_) => (Profile::EMPTY, Weights::default()),
    };
    let content = html! {
        h1 { "Is an open model right for us?" }
        p.lede {
            "Answer what you can observe; leave open what you do not know. Nothing is kept: the answers "
            "are in the address of this page."
        }
        @match &read {
            Err(problem) => {
                p.problem role="alert" { (frame::state("no", "Not answered")) " " (problem) "." }
            }
            Ok(_) if profile.known() > 0 => (advised(&console, &profile, &weights)),
            Ok(_) => {}
        }
        (form::form(&profile, &weights))
    };
    let mut response = frame::page(&console, "Fit", PLACE, &content);
    if read.is_err() {
        *response.status_mut() = StatusCode::BAD_REQUEST;
    }
    response
}

/// The advice for programs: the same bytes as `freehold fit --json` prints.
pub(crate) async fn json(State(console): State<Console>, Query(asked): Asked) -> Response {
    match read(&asked) {
        Ok((profile, weights)) => axum::Json(advice(&console, &profile, &weights)).into_response(),
        Err(problem) => json_refusal(StatusCode::BAD_REQUEST, "answers", &problem.to_string()),
    }
}

/// The whole report as Markdown, as `freehold fit --markdown` prints it.
pub(crate) async fn markdown(State(console): State<Console>, Query(asked): Asked) -> Response {
    match read(&asked) {
        Ok((profile, weights)) => {
            let advice = advice(&console, &profile, &weights);
            let text = Report::of(&advice, Extent::WHOLE).to_markdown(TITLE, "freehold");
            ([(header::CONTENT_TYPE, "text/markdown; charset=utf-8")], text).into_response()
        }
        Err(problem) => json_refusal(StatusCode::BAD_REQUEST, "answers", &problem.to_string()),
    }
}

fn advised(console: &Console, profile: &Profile, weights: &Weights) -> Markup {
    let advice = advice(console, profile, weights);
    let query = form::query(profile, weights);
    let open = profile.unknown().count();
    let terminal = &console.setting().terminal;
    let words = form::arguments(profile, weights);
    html! {
        div.two {
            div {
                section.sheet aria-labelledby="h-advice" {
                    h2 id="h-advice" { "The advice" }
                    p {
                        @if open == 0 { (frame::state("info", "a guide; every question is answered")) }
                        @else { (frame::state("wait", &format!("a guide; {open} answers unknown"))) }
                    }
                    (shown::blocks(&Report::verdict_of(&advice), terminal))
                }
                (shown::blocks(&Report::open_questions_of(&advice), terminal))
                (kit::elsewhere(&kit::Elsewhere {
                    json: Some(format!("/fit.json{query}")),
                    csv: None,
                    command: Some(terminal.command(&format!("fit{words}"))),
                }))
                p.src {
                    "To take along: " a href={ "/fit.md" (query) } { "the whole report as Markdown" }
                }
                (shown::blocks(&Report::grounds_of(&advice), terminal))
            }
            (shown::changes(&advice))
        }
        (shown::blocks(&models(console, &advice), terminal))
        (shown::blocks(&Report::end_of(&advice), terminal))
        (kit::unfold(
            "The answers and the sources",
            &shown::blocks(&Report::appendix_of(&advice), terminal),
        ))
    }
}

/// What the catalogue has; nothing where it has no such task.
fn models(console: &Console, advice: &Advice) -> Report {
    let days = console.setting().clock.now().0 / MICROS_A_DAY;
    let today = Date::from_days(i64::try_from(days).unwrap_or_default());
    let found = Catalog::embedded().ok().map(|catalog| Report::models_of(advice, catalog, today));
    found.and_then(Result::ok).unwrap_or_default()
}

fn advice(console: &Console, profile: &Profile, weights: &Weights) -> Advice {
    let today = time::iso(console.setting().clock.now());
    advise(profile, weights, today.get(..10).unwrap_or_default())
}

/// Answers by their questions' names, weights as `weight-` and the driver's. What was left empty in
/// the form is unknown.
fn read(asked: &[(String, String)]) -> Result<(Profile, Weights), NotAdvised> {
    let mut statements = Vec::new();
    let mut weights = Vec::new();
    for (name, value) in asked {
        let driver = Driver::ALL
            .into_iter()
            .find(|driver| name.strip_prefix("weight-").is_some_and(|rest| rest == driver.id()));
        match driver {
            Some(_) if value.is_empty() => (),
            Some(driver) => {
                let number = value.trim().parse();
                weights.push((driver, number.map_err(|_| NotAdvised::NotANumber { driver })?));
            }
            None => {
                let answer = if value.is_empty() { UNKNOWN } else { value };
                statements.push(Statement {
                    question: name.clone(),
                    answer: answer.to_owned(),
                    place: Given::Form,
                });
            }
        }
    }
    Ok((Profile::of(&statements)?, Weights::default().given(&weights)?))
}

const TITLE: &str = "Is an open model right for us?";
const MICROS_A_DAY: u64 = 86_400_000_000;
