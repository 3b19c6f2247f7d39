//! The receipt that stands beside every answer: what an auditor will see.

use freehold_auditlog::{LogStatus, RecordView};
use maud::{Markup, html};
use serde_json::Value;

use super::frame;
use crate::{
    Terminal, time,
    way::{self, Entries, Passed},
};

/// The receipt of a record. `data-proof` tells the script whether to look again.
pub(crate) fn receipt(record: &RecordView, log: &LogStatus, terminal: &Terminal) -> Markup {
    let entries = Entries::of(record);
    let end = entries.end();
    let proven = way::proven(record, log, &terminal.about("audit verify"));
    let waits = proven.mark == Passed::Open || end.mark == Passed::Open;
    let id = record.id.to_string();
    html! {
        aside.receipt id="receipt" aria-labelledby="h-receipt" data-record=(id)
            data-proof=(if waits { "waits" } else { "settled" }) {
            h2.t id="h-receipt" { "Receipt" }
            p.id { code { (id) } }
            (frame::state(frame::mark(end.mark), &end.words))
            dl { (facts(&entries)) }
            (bar(&entries))
            h3.t.way { "Proof" }
            p.proof { (frame::state(frame::mark(proven.mark), proven.short())) " " (proven.words) }
            p.src { "The same in a terminal:" }
            p.command {
                code id="command" { (terminal.about(&format!("audit show {id}"))) }
                " " button.quiet.small type="button" data-copy="command" hidden { "Copy" }
            }
            p.src {
                a href={ "/records/" (id) } { "The whole record" } " · "
                a href={ "/records/" (id) ".json" } { "as JSON" }
            }
        }
    }
}

/// Where the receipt will stand.
pub(crate) fn none_yet() -> Markup {
    html! {
        aside.receipt id="receipt" aria-labelledby="h-receipt" {
            h2.t id="h-receipt" { "Receipt" }
            p.src {
                "Each answer gets one: its record, the model by digest, the route and why, the "
                "confidence and how it was computed, and how the record is proven."
            }
        }
    }
}

/// For an answer that got no record: nothing was asked of a model.
pub(crate) fn no_record() -> Markup {
    html! {
        aside.receipt id="receipt" aria-labelledby="h-receipt" {
            h2.t id="h-receipt" { "Receipt" }
            (frame::state("no", "no record, so no answer"))
        }
    }
}

fn facts(entries: &Entries<'_>) -> Markup {
    html! {
        @if let Some(time) = entries.time() { dt { "Time" } dd { (frame::moment(time)) } }
        @if entries.intent.is_some() {
            dt { "Model" } dd { (model(entries)) }
            dt { "Route" } dd { (route(entries)) }
        }
        @if entries.outcome.is_some() {
            dt { "Confidence" } dd { (confidence(entries)) }
            dt { "Tools" } dd { (tools(entries.ended("tools"))) }
            dt { "Tokens" } dd { (tokens(entries.ended("usage"))) }
            dt { "Duration" } dd { (duration(entries)) }
        }
    }
}

fn model(entries: &Entries<'_>) -> Markup {
    html! {
        (text(entries.asked("model"))) " "
        @match entries.asked("model_digest").as_str() {
            Some(digest) => { code.digest { (digest) } }
            None => { span.unknown { "digest not known" } }
        }
        small { (text(entries.asked("engine"))) }
    }
}

fn route(entries: &Entries<'_>) -> Markup {
    html! {
        "backend " b { (text(entries.asked("backend"))) } ", because it is "
        (text(entries.asked("route_reason"))) "; label " b { (text(&entries.asked("labels")["class"])) }
    }
}

fn confidence(entries: &Entries<'_>) -> Markup {
    let recorded = entries.ended("confidence");
    let asked = entries.intent.is_some();
    html! {
        @match recorded["value"].as_f64() {
            Some(value) => {
                (share(value)) ", " (text(&recorded["method"]).replace('-', " "))
                @if let Some(tokens) = recorded["tokens"].as_u64() { " over " (counted(tokens, "token")) }
                small { "How sure the model was of its words, not whether they are true." }
            }
            None if !asked => { span.unknown { "none: no backend was asked" } }
            None => { span.unknown { "not known: the backend gave no token probabilities" } }
        }
    }
}

/// Two digits, and never a certainty that was not there.
fn share(value: f64) -> String {
    match value {
        0.995..1.0 => "above 0.99".to_owned(),
        _ => format!("{value:.2}"),
    }
}

fn tools(recorded: &Value) -> Markup {
    let decisions = recorded.as_array().map(Vec::as_slice).unwrap_or_default();
    html! {
        @if decisions.is_empty() { "none called" }
        @for decision in decisions {
            div {
                code { (text(&decision["tool"])) } " "
                @if decision["permitted"] == true { "permitted" } @else { "refused" }
                ": " (text(&decision["reason"]))
            }
        }
    }
}

fn tokens(usage: &Value) -> Markup {
    let count = |field: &str| time::count(usage[field].as_u64().unwrap_or(0));
    html! {
        @if usage.is_null() { "none" } @else {
            (count("prompt_tokens")) " read, " (count("completion_tokens")) " written, "
            @if usage["source"] == "reported" { "counted by the backend" }
            @else { "estimated by the gateway" }
        }
    }
}

fn duration(entries: &Entries<'_>) -> Markup {
    let total = entries.ended("total_micros").as_u64().map(time::seconds);
    let first = entries.ended("first_token_micros").as_u64().map(time::seconds);
    html! {
        (total.unwrap_or_default())
        @if let Some(first) = first { ", first word after " (first) }
    }
}

/// One segment per step, and the same in words.
fn bar(entries: &Entries<'_>) -> Markup {
    let way = entries.way();
    let named = |wanted| {
        let names: Vec<_> = way.iter().filter(|step| step.1 == wanted).map(|step| step.0).collect();
        names.join(" · ")
    };
    let words = [
        ("Passed", named(Passed::Yes)),
        ("Stopped at", named(Passed::Stopped)),
        ("Not reached", named(Passed::NotReached)),
        ("Under way", named(Passed::Open)),
    ];
    html! {
        h3.t.way { "The way" }
        div.path aria-hidden="true" { @for (_, passed) in way { i.(frame::mark(passed)) {} } }
        @for (word, names) in words.iter().filter(|(_, names)| !names.is_empty()) {
            p.src { b { (word) ":" } " " (names) }
        }
    }
}

fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", time::count(count), if count == 1 { "" } else { "s" })
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("not recorded")
}
