//! The record explorer: what was asked, by whom, of which model, and how it ended.

use axum::{
    Json,
    extract::{Query as Address, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_auditlog::{EntryKind, EntryView, Proof, ReadError, RecordView};
use freehold_types::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{
    frame::{self, RECORDS},
    json_refusal, page, record, refusal,
    state::measure,
};
use crate::{
    console::Running,
    explorer::{Found, NotAQuery, OUTCOMES, Query},
    kit::{self, Elsewhere, Field},
    time,
    way::{Entries, Passed},
};

/// Why a record is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotShown {
    /// Not the form of an id.
    #[error("`{0}` is not a record id: 26 characters of 0-9 and A-Z without I, L, O, U")]
    NotAnId(String),
    /// Not a filter.
    #[error(transparent)]
    Query(#[from] NotAQuery),
    /// The log says why.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The reading broke off, which only a defect of ours can cause.
    #[error("the reading of the log broke off")]
    BrokeOff,
}

/// A page of records.
pub(crate) async fn list(
    State(running): State<Running>,
    Address(query): Address<Query>,
) -> Response {
    let found = match search(&running, &query, LISTED).await {
        Ok(found) => found,
        Err(why) => return not_shown(&why, false),
    };
    let measured = measure(&running);
    let content = html! {
        h1 { "Record" }
        p.lede {
            "Every request and every change that an auditor must know, newest first, out of "
            (time::count(measured.log.size)) " entries. Contents are sealed; open a record to read it."
        }
        (frame::permits(&measured))
        (filter(&query))
        @if found.records.is_empty() { (nothing(&query, &found)) } @else { (ledger(&found.records)) }
        (pages(&query, &found))
        (kit::elsewhere(&Elsewhere {
            json: Some(format!("/records.json{}", query.address(None))),
            csv: Some(format!("/records.csv{}", query.address(None))),
            command: Some(running.terminal.about("audit tail")),
        }))
    };
    page(frame::inside("Record", RECORDS, &measured, &content)).into_response()
}

/// The same for programs.
pub(crate) async fn list_json(
    State(running): State<Running>,
    Address(query): Address<Query>,
) -> Response {
    match search(&running, &query, SENT).await {
        Ok(found) => {
            let records: Vec<Value> = found.records.iter().map(record::to_json).collect();
            let next = found.next.map(|next| format!("/records.json{}", query.address(Some(next))));
            Json(json!({"records": records, "next": next})).into_response()
        }
        Err(why) => not_shown(&why, true),
    }
}

/// The same for spreadsheets.
pub(crate) async fn list_csv(
    State(running): State<Running>,
    Address(query): Address<Query>,
) -> Response {
    match search(&running, &query, SENT).await {
        Ok(found) => kit::csv("freehold-records", COLUMNS, found.records.iter().map(cells)),
        Err(why) => not_shown(&why, true),
    }
}

/// The last few, for the first page.
pub(crate) async fn latest(running: &Running, most: usize) -> Markup {
    match search(running, &Query::default(), most).await {
        Ok(found) if found.records.is_empty() => html! { p { "Nothing is recorded yet." } },
        Ok(found) => ledger(&found.records),
        Err(why) => html! { p.problem { (frame::state("no", &format!("{why}."))) } },
    }
}

async fn search(running: &Running, query: &Query, most: usize) -> Result<Found, NotShown> {
    let filter = query.parse()?;
    let log = running.log.clone();
    let found = spawn_blocking(move || filter.search(&log, most)).await;
    Ok(found.map_err(|_| NotShown::BrokeOff)??)
}

/// Says why not, in the form that was asked for.
pub(crate) fn not_shown(why: &NotShown, as_json: bool) -> Response {
    let (status, code) = match why {
        NotShown::Query(_) => (StatusCode::BAD_REQUEST, "no-filter"),
        NotShown::NotAnId(_) | NotShown::Read(ReadError::Unknown { .. }) => {
            (StatusCode::NOT_FOUND, "no-record")
        }
        NotShown::Read(_) | NotShown::BrokeOff => (StatusCode::INTERNAL_SERVER_ERROR, "no-record"),
    };
    let text = format!("{why}.");
    if as_json { json_refusal(status, code, &text) } else { refusal(status, code, &text) }
}

fn filter(query: &Query) -> Markup {
    kit::filter(
        "/records",
        &[
            Field::Text { name: "principal", label: "Who asked", value: &query.principal },
            Field::Text { name: "model", label: "Model", value: &query.model },
            Field::Choice {
                name: "outcome",
                label: "How it ended",
                value: &query.outcome,
                options: OUTCOMES,
            },
            Field::Moment { name: "since", label: "From (UTC)", value: &query.since },
            Field::Moment { name: "until", label: "To (UTC)", value: &query.until },
        ],
    )
}

fn nothing(query: &Query, found: &Found) -> Markup {
    html! {
        @if found.next.is_some() {
            p { "None among the last " (time::count(found.read)) " entries that were searched." }
        } @else if query.narrows() {
            p { "No record is like this." }
        } @else {
            p { "Nothing is recorded yet. " a href="/playground" { "Ask something" } " and it will be." }
        }
    }
}

fn pages(query: &Query, found: &Found) -> Markup {
    html! {
        @if !query.before.is_empty() || found.next.is_some() {
            nav.pages aria-label="Pages" {
                @if !query.before.is_empty() {
                    a href={ "/records" (query.address(None)) } { "Newest" }
                }
                @if let Some(next) = found.next {
                    " " a href={ "/records" (query.address(Some(next))) } rel="next" { "Older" }
                }
            }
        }
    }
}

/// A ledger: one line a record where there is room, one block where there is not.
fn ledger(records: &[RecordView]) -> Markup {
    html! {
        ol.ledger.sheet {
            @for record in records {
                @let line = Line::of(record);
                li {
                    a href={ "/records/" (record.id) } { (time::utc(line.time)) }
                    span { (line.who) }
                    span.model { (line.model) }
                    (frame::state(frame::mark(line.mark), &line.words))
                    (short_proof(line.proof))
                }
            }
        }
    }
}

/// A record in one line.
struct Line<'a> {
    time: Timestamp,
    who: &'a str,
    model: &'a str,
    mark: Passed,
    words: String,
    proof: Proof,
}

impl<'a> Line<'a> {
    fn of(record: &'a RecordView) -> Self {
        let entries = Entries::of(record);
        let last = record.entries.last();
        let event = last.filter(|entry| entry.kind == EntryKind::Event);
        let end = entries.end();
        let (mark, words) = match event {
            Some(entry) => (Passed::NotReached, what(entry)),
            None if end.mark == Passed::Yes => (Passed::Yes, "answered".to_owned()),
            None => {
                (end.mark, end.words.replace(", and recorded", "").replace(" and recorded", ""))
            }
        };
        let text = |value: &'a Value| value.as_str();
        // What an event is about: the model's name, or the key's.
        let about = event.and_then(|entry| entry.header["detail"]["name"].as_str());
        let by = event.and_then(|entry| {
            ["signed_off_by", "by"].iter().find_map(|name| entry.header["detail"][name].as_str())
        });
        Self {
            time: record.entries.first().map_or(Timestamp(0), |entry| entry.time),
            who: text(entries.asked("principal"))
                .or(text(entries.ended("principal")))
                .or(by)
                .unwrap_or(""),
            model: text(entries.asked("model")).or(about).unwrap_or(""),
            mark,
            words,
            proof: weakest(record),
        }
    }
}

/// A record is as well proven as the entry that is proven least.
fn weakest(record: &RecordView) -> Proof {
    let proofs = || record.entries.iter().map(|entry| entry.proof);
    proofs()
        .find(|proof| *proof == Proof::Broken)
        .or_else(|| proofs().find(|proof| *proof == Proof::Pending))
        .or_else(|| proofs().next())
        .unwrap_or(Proof::Pending)
}

fn cells(record: &RecordView) -> Vec<String> {
    let line = Line::of(record);
    let entries = Entries::of(record);
    let count = |value: &Value| value.as_u64().map(|count| count.to_string()).unwrap_or_default();
    let usage = entries.ended("usage");
    vec![
        record.id.to_string(),
        time::iso(line.time),
        line.who.to_owned(),
        line.model.to_owned(),
        line.words.clone(),
        count(&usage["prompt_tokens"]),
        count(&usage["completion_tokens"]),
        count(entries.ended("total_micros")),
        proof_word(line.proof).1.to_owned(),
    ]
}

/// What an entry tells, in a few words.
pub(crate) fn what(entry: &EntryView) -> String {
    match entry.kind {
        EntryKind::Intent => "Asked".to_owned(),
        EntryKind::Outcome => {
            let record = RecordView { id: entry.id, entries: vec![entry.clone()] };
            let end = Entries::of(&record).end().words;
            if entry.header["ending"] == "finished" { "Answered".to_owned() } else { capital(&end) }
        }
        EntryKind::Event => {
            capital(&entry.header["event"].as_str().unwrap_or("event").replace('_', " "))
        }
    }
}

fn short_proof(proof: Proof) -> Markup {
    let (mark, words) = proof_word(proof);
    frame::state(mark, words)
}

fn proof_word(proof: Proof) -> (&'static str, &'static str) {
    match proof {
        Proof::Included { .. } => ("ok", "proven"),
        Proof::Pending => ("wait", "waits for a checkpoint"),
        Proof::Broken => ("no", "not proven"),
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Records on a page.
const LISTED: usize = 50;
/// Records in a file.
const SENT: usize = 500;

const COLUMNS: &[&str] = &[
    "record",
    "time",
    "who",
    "model",
    "end",
    "tokens_read",
    "tokens_written",
    "microseconds",
    "proof",
];
