//! The page of `freehold plan`: the same questions as a form, the same document, with pictures, the
//! arithmetic to unfold, and the bill as CSV.

mod form;
mod paper;
mod pictures;

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_catalog::Catalog;
use freehold_plan::{
    ask::{Ask, AskError},
    bill::Bill,
    report::{Plan, PlanError},
};
use maud::{Markup, html};

use super::{
    frame::{self, Place},
    json_refusal, refusal,
};
use crate::{console::Console, kit};

/// Its place in the navigation.
pub(crate) const PLACE: Place = Place {
    path: "/plan",
    name: "Plan",
    about: "What a model takes and costs under your load, beside what buying its answers costs.",
};

/// What a form sends.
pub(crate) type Pairs = Query<Vec<(String, String)>>;

/// The form, and the plan for what was filled in.
pub(crate) async fn show(State(console): State<Console>, Query(pairs): Pairs) -> Response {
    let (ask, problem) = asked(&pairs);
    let catalog = match Catalog::embedded() {
        Ok(catalog) => catalog,
        Err(error) => return broken(&error.to_string()),
    };
    let plan = match problem {
        Some(problem) => Err(problem),
        None => Plan::of(catalog, &ask, &[]).map_err(|error| said(&error)),
    };
    let status = if plan.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let content = html! {
        h1 { "Plan" }
        p.lede {
            "A model on hardware under your load: what it takes, what it costs a month, and what buying \
             the same answers costs. Whatever you leave empty takes a default that is shown below, with \
             its source."
        }
        (form::form(catalog, &ask))
        @match &plan {
            Err(problem) => p.state.no role="alert" { (problem) },
            Ok(plan) => {
                (answer(plan, &ask))
                (kit::elsewhere(&kit::Elsewhere {
                    json: Some(address("/plan.json", &ask)),
                    csv: Some(address("/plan.csv", &ask)),
                    command: Some(console.setting().terminal.command(&words(&ask))),
                }))
            }
        }
    };
    (status, frame::page(&console, "Plan", PLACE, &content)).into_response()
}

/// The plan as JSON, as `freehold plan --json` prints it.
pub(crate) async fn json(Query(pairs): Pairs) -> Response {
    match computed(&pairs) {
        Ok(plan) => Json(plan.json(false)).into_response(),
        Err(problem) => json_refusal(StatusCode::UNPROCESSABLE_ENTITY, "no-plan", &problem),
    }
}

/// The bills as CSV: a row for each line of each way.
pub(crate) async fn table(Query(pairs): Pairs) -> Response {
    match computed(&pairs) {
        Ok(plan) => {
            let columns = ["way", "line", "usd_a_month", "low", "high", "sources"];
            kit::csv("plan", &columns, plan.money.bills.iter().flat_map(rows))
        }
        Err(problem) => refusal(StatusCode::UNPROCESSABLE_ENTITY, "no-plan", &problem),
    }
}

fn rows(bill: &Bill) -> Vec<Vec<String>> {
    let row = |line: &str, figure: &freehold_plan::Figure| {
        let ends = figure.interval();
        let end = |end: Option<f64>| {
            end.filter(|end| end.is_finite()).map_or_else(String::new, |end| format!("{end:.2}"))
        };
        let sources = figure.sources().iter().map(ToString::to_string).collect::<Vec<_>>();
        vec![
            bill.name.clone(),
            line.to_owned(),
            format!("{:.2}", figure.value()),
            end(ends.map(|ends| ends.low.max(0.0))),
            end(ends.map(|ends| ends.high)),
            sources.join("; "),
        ]
    };
    let mut rows: Vec<_> =
        bill.lines.iter().map(|line| row(line.kind.name(), &line.month)).collect();
    rows.push(row("total", &bill.total));
    rows
}

fn answer(plan: &Plan, ask: &Ask) -> Markup {
    let document = plan.document();
    html! {
        section aria-labelledby="answer" {
            p.advice id="answer" { (document.headline) }
            @for section in &document.sections { (paper::section(section, plan)) }
            h2 id="sources" { "Sources and assumptions" }
            (paper::footnotes(&document.footnotes))
            @if ask.text("model").is_some() {
                h2 id="arithmetic" { "The arithmetic" }
                p.src {
                    "What the totals rest on; any other figure unfolds in a terminal with "
                    code { "--explain" } "."
                }
                @for figure in plan.figures().into_iter().filter(|figure| unfolds(figure)) {
                    (kit::unfold(
                        figure.name().unwrap_or("a figure"),
                        &html! { pre { (figure.explained()) } },
                    ))
                }
            }
        }
    }
}

/// The figures whose arithmetic holds that of all others: more would make a page of half a megabyte.
fn unfolds(figure: &freehold_plan::Figure) -> bool {
    let name = figure.name().unwrap_or_default();
    name.ends_with(": total") || name == "break-even"
}

fn computed(pairs: &[(String, String)]) -> Result<Plan, String> {
    let (ask, problem) = asked(pairs);
    if let Some(problem) = problem {
        return Err(problem);
    }
    let catalog = Catalog::embedded().map_err(ToString::to_string)?;
    Plan::of(catalog, &ask, &[]).map_err(|error| said(&error))
}

/// What was filled in, and the first thing that is no answer.
fn asked(pairs: &[(String, String)]) -> (Ask, Option<String>) {
    let mut ask = Ask::default();
    let mut problem = None;
    for (key, value) in pairs {
        if let Err(error) = ask.set(key, value) {
            problem.get_or_insert_with(|| answerless(&error));
        }
    }
    (ask, problem)
}

fn answerless(error: &AskError) -> String {
    match error {
        AskError::UnknownKey { close, .. } if !close.is_empty() => {
            format!("{error}. Close names: {}.", close.join(", "))
        }
        _ => format!("{error}."),
    }
}

fn said(error: &PlanError) -> String {
    if let PlanError::Contradiction(contradiction) = error {
        return format!("{error}: {}.", contradiction.way_out());
    }
    match error.close() {
        [] => format!("{error}."),
        close => format!("{error}. Close names: {}.", close.join(", ")),
    }
}

fn broken(problem: &str) -> Response {
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "catalogue", problem)
}

/// The address of another form of the same plan.
fn address(path: &str, ask: &Ask) -> String {
    let escaped = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => {
                    char::from(byte).to_string()
                }
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    let pairs: Vec<_> =
        ask.answers().map(|(key, value)| format!("{key}={}", escaped(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The command that shows the same in a terminal.
fn words(ask: &Ask) -> String {
    let quoted = |value: &str| {
        let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@%".contains(c);
        if value.chars().all(plain) {
            value.to_owned()
        } else {
            format!("'{}'", value.replace('\'', r"'\''"))
        }
    };
    ask.answers().fold("plan".to_owned(), |words, (key, value)| match key {
        "model" => format!("{words} {}", quoted(value)),
        key => format!("{words} --{key} {}", quoted(value)),
    })
}
