//! The record: the last entries, one record as a page and as JSON, and its receipt alone.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use freehold_auditlog::{Body, EntryKind, EntryView, Proof, ReadError, RecordView};
use freehold_types::RecordId;
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{
    frame::{self, RECORDS},
    json_refusal, page, receipt, refusal,
    state::measure,
};
use crate::{Terminal, console::Running, time, way::Entries};

/// Why a record is not shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotShown {
    /// Not the form of an id.
    #[error("`{0}` is not a record id: 26 characters of 0-9 and A-Z without I, L, O, U")]
    NotAnId(String),
    /// The log says why.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The reading broke off, which only a defect of ours can cause.
    #[error("the reading of the log broke off")]
    BrokeOff,
}

/// Reads one record, without making other requests wait for the disk.
pub(crate) async fn read(running: &Running, id: RecordId) -> Result<RecordView, NotShown> {
    let log = running.log.clone();
    Ok(spawn_blocking(move || log.show(id)).await.map_err(|_| NotShown::BrokeOff)??)
}

/// The last entries.
pub(crate) async fn list(State(running): State<Running>) -> Response {
    let entries = match tail(&running).await {
        Ok(entries) => entries,
        Err(why) => return not_shown(&why, false),
    };
    let measured = measure(&running);
    let content = html! {
        h1 { "Record" }
        p.lede {
            "The last " (entries.len()) " of " (time::count(measured.log.size))
            " entries, newest first. Contents are sealed; open a record to read it."
        }
        (frame::permits(&measured))
        @if entries.is_empty() {
            p { "Nothing is recorded yet. " a href="/playground" { "Ask something" } " and it will be." }
        } @else { (ledger(&entries)) }
        p.src {
            "The same in a terminal: " code { (running.terminal.about("audit tail")) } " · "
            a href="/records.json" { "as JSON" }
        }
    };
    page(frame::inside("Record", RECORDS, &measured, &content)).into_response()
}

/// The same for programs.
pub(crate) async fn list_json(State(running): State<Running>) -> Response {
    match tail(&running).await {
        Ok(entries) => {
            let entries: Vec<Value> = entries.iter().rev().map(entry_json).collect();
            Json(json!({"entries": entries})).into_response()
        }
        Err(why) => not_shown(&why, true),
    }
}

/// One record; as JSON where the address ends in `.json`.
pub(crate) async fn show(State(running): State<Running>, Path(name): Path<String>) -> Response {
    let (id, as_json) = name.strip_suffix(".json").map_or((&*name, false), |id| (id, true));
    let record = match find(&running, id).await {
        Ok(record) => record,
        Err(why) => return not_shown(&why, as_json),
    };
    if as_json {
        return Json(to_json(&record)).into_response();
    }
    let measured = measure(&running);
    let title = format!("Record {}", record.id);
    let content = html! {
        h1 { "Record" }
        p.lede { code { (record.id) } }
        (frame::permits(&measured))
        div.two {
            div { @for entry in &record.entries { (one(entry, &running.terminal)) } }
            (receipt::receipt(&record, &measured.log, &running.terminal))
        }
    };
    page(frame::inside(&title, RECORDS, &measured, &content)).into_response()
}

/// The receipt alone, for a page that waits for it.
pub(crate) async fn receipt_part(
    State(running): State<Running>,
    Path(id): Path<String>,
) -> Response {
    match find(&running, &id).await {
        Ok(record) => {
            let shown = receipt::receipt(&record, &running.log.status(), &running.terminal);
            page(shown).into_response()
        }
        Err(why) => not_shown(&why, false),
    }
}

async fn tail(running: &Running) -> Result<Vec<EntryView>, NotShown> {
    let log = running.log.clone();
    Ok(spawn_blocking(move || log.tail(LISTED)).await.map_err(|_| NotShown::BrokeOff)??)
}

async fn find(running: &Running, id: &str) -> Result<RecordView, NotShown> {
    let id = id.parse().map_err(|_| NotShown::NotAnId(id.to_owned()))?;
    read(running, id).await
}

fn not_shown(why: &NotShown, as_json: bool) -> Response {
    let status = match why {
        NotShown::NotAnId(_) | NotShown::Read(ReadError::Unknown { .. }) => StatusCode::NOT_FOUND,
        NotShown::Read(_) | NotShown::BrokeOff => StatusCode::INTERNAL_SERVER_ERROR,
    };
    let text = format!("{why}.");
    if as_json {
        json_refusal(status, "no-record", &text)
    } else {
        refusal(status, "no-record", &text)
    }
}

/// A ledger: one line an entry where there is room, one block where there is not.
fn ledger(entries: &[EntryView]) -> Markup {
    html! {
        ol.ledger.sheet reversed {
            @for entry in entries.iter().rev() {
                li {
                    span.num { span.off { "Entry " } (time::count(entry.sequence)) }
                    span { (frame::moment(entry.time)) }
                    b { (what(entry)) }
                    a href={ "/records/" (entry.id) } { code { (entry.id) } }
                    (short_proof(entry.proof))
                }
            }
        }
    }
}

fn one(entry: &EntryView, terminal: &Terminal) -> Markup {
    let heading = format!("h-{}", entry.sequence);
    html! {
        section.sheet.entry aria-labelledby=(heading) {
            h2.t id=(heading) { (what(entry)) }
            (said(entry, terminal))
            dl.kv {
                dt { "Entry" } dd { (time::count(entry.sequence)) }
                dt { "Time" } dd { (frame::moment(entry.time)) }
                dt { "Leaf" } dd { code { (entry.leaf_hash) } }
                dt { "Proof" } dd { (proof(entry.proof)) }
            }
            details {
                summary { "Header as recorded" }
                pre tabindex="0" { (pretty(&entry.header)) }
            }
        }
    }
}

/// The contents, where they can be opened.
fn said(entry: &EntryView, terminal: &Terminal) -> Markup {
    html! {
        @match &entry.body {
            Body::None => {}
            Body::Erased => { p.src { "The contents were erased; the proof stands without them." } }
            Body::Sealed => { p.src { "The contents are sealed and could not be opened here." } }
            Body::Damaged => {
                p {
                    (frame::state("no", "the contents are not what was recorded")) ": run "
                    code { (terminal.about("audit verify")) }
                }
            }
            Body::Opened(bytes) => {
                @match readable(entry.kind, bytes) {
                    Some(text) => { p.answer { (text) } }
                    None => { pre tabindex="0" { (String::from_utf8_lossy(bytes)) } }
                }
            }
        }
    }
}

/// The words of a question or an answer, if the body has the known shape.
fn readable(kind: EntryKind, bytes: &[u8]) -> Option<String> {
    let parse = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
    match kind {
        EntryKind::Event => None,
        EntryKind::Intent => {
            let body = parse(bytes)?;
            let messages = body["messages"].as_array()?;
            let texts: Option<Vec<&str>> =
                messages.iter().map(|message| message["content"].as_str()).collect();
            Some(texts?.join("\n\n"))
        }
        EntryKind::Outcome => {
            if let Some(whole) = parse(bytes) {
                return Some(whole["choices"][0]["message"]["content"].as_str()?.to_owned());
            }
            let mut text = String::new();
            for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
                let event = parse(line)?;
                text.push_str(event["choices"][0]["delta"]["content"].as_str().unwrap_or_default());
            }
            Some(text).filter(|text| !text.is_empty())
        }
    }
}

fn what(entry: &EntryView) -> String {
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

fn proof(proof: Proof) -> Markup {
    match proof {
        Proof::Included { tree_size } => {
            frame::state("ok", &format!("in the checkpoint of {} entries", time::count(tree_size)))
        }
        Proof::Pending => frame::state("wait", "waits for the next checkpoint"),
        Proof::Broken => frame::state("no", "does not lead to the signed root"),
    }
}

fn short_proof(proof: Proof) -> Markup {
    match proof {
        Proof::Included { .. } => frame::state("ok", "proven"),
        Proof::Pending => frame::state("wait", "waits for a checkpoint"),
        Proof::Broken => frame::state("no", "not proven"),
    }
}

fn to_json(record: &RecordView) -> Value {
    let entries: Vec<Value> = record.entries.iter().map(entry_json).collect();
    json!({"id": record.id, "entries": entries})
}

fn entry_json(entry: &EntryView) -> Value {
    let (state, content) = match &entry.body {
        Body::None => ("none", Value::Null),
        Body::Erased => ("erased", Value::Null),
        Body::Sealed => ("sealed", Value::Null),
        Body::Damaged => ("damaged", Value::Null),
        Body::Opened(bytes) => {
            ("opened", Value::String(String::from_utf8_lossy(bytes).into_owned()))
        }
    };
    json!({
        "sequence": entry.sequence,
        "id": entry.id,
        "kind": entry.kind,
        "time": time::iso(entry.time),
        "leaf_hash": entry.leaf_hash,
        "proof": match entry.proof {
            Proof::Included { tree_size } => json!({"included_in": tree_size}),
            Proof::Pending => json!("pending"),
            Proof::Broken => json!("broken"),
        },
        "header": entry.header,
        "body": {"state": state, "content": content},
    })
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Entries on the page.
const LISTED: usize = 50;
