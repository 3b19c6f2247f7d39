//! One record: its entries with the way of each to the signed root, and its receipt.

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse, Response},
};
use freehold_auditlog::{Ascent, Body, EntryKind, EntryView, Proof, RecordView};
use freehold_types::RecordId;
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{
    frame::{self, RECORDS},
    page, receipt,
    records::{NotShown, not_shown, what},
    state::measure,
};
use crate::{Terminal, console::Running, kit, time};

/// Reads one record, without making other requests wait for the disk.
pub(crate) async fn read(running: &Running, id: RecordId) -> Result<RecordView, NotShown> {
    let log = running.log.clone();
    Ok(spawn_blocking(move || log.show(id)).await.map_err(|_| NotShown::BrokeOff)??)
}

/// The page; the record as JSON where the address ends in `.json`.
pub(crate) async fn show(State(running): State<Running>, Path(name): Path<String>) -> Response {
    let (id, as_json) = name.strip_suffix(".json").map_or((&*name, false), |id| (id, true));
    let record = match find(&running, id).await {
        Ok(record) => record,
        Err(why) => return not_shown(&why, as_json),
    };
    if as_json {
        return Json(to_json(&record)).into_response();
    }
    let log = running.log.clone();
    let entries = record.entries.clone();
    let ascents = spawn_blocking(move || entries.iter().map(|one| log.ascent(one)).collect())
        .await
        .unwrap_or_else(|_| vec![None; record.entries.len()]);
    let measured = measure(&running);
    let title = format!("Record {}", record.id);
    let content = html! {
        h1 { "Record" }
        p.lede { code { (record.id) } }
        (frame::permits(&measured))
        div.two {
            div {
                @for (entry, ascent) in record.entries.iter().zip(&ascents) {
                    (one(entry, ascent.as_ref(), &running.terminal))
                }
            }
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

async fn find(running: &Running, id: &str) -> Result<RecordView, NotShown> {
    let id = id.parse().map_err(|_| NotShown::NotAnId(id.to_owned()))?;
    read(running, id).await
}

fn one(entry: &EntryView, ascent: Option<&Ascent>, terminal: &Terminal) -> Markup {
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
            @if let Some(ascent) = ascent { (kit::unfold("The proof, step by step", &steps(entry, ascent))) }
            (kit::unfold("Header as recorded", &html! { pre tabindex="0" { (pretty(&entry.header)) } }))
        }
    }
}

/// The way from the leaf to the root, as a person can follow it with any SHA-256.
fn steps(entry: &EntryView, ascent: &Ascent) -> Markup {
    html! {
        p.src {
            "Each hash is SHA-256 of the byte 1, the left hash and the right one; the leaf is SHA-256 "
            "of the byte 0 and the header as recorded."
        }
        ol.steps {
            li { "leaf of entry " (time::count(entry.sequence)) " " code { (entry.leaf_hash) } }
            @for step in &ascent.steps {
                li {
                    "with " code { (step.sibling) } @if step.left { " on the left" } @else { " on the right" }
                    " gives " code { (step.node) }
                }
            }
            li {
                (frame::state("ok", &format!("the root of {} entries", time::count(ascent.tree_size))))
                " " code { (ascent.root) } ", which the checkpoint signs"
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

fn proof(proof: Proof) -> Markup {
    match proof {
        Proof::Included { tree_size } => {
            frame::state("ok", &format!("in the checkpoint of {} entries", time::count(tree_size)))
        }
        Proof::Pending => frame::state("wait", "waits for the next checkpoint"),
        Proof::Broken => frame::state("no", "does not lead to the signed root"),
    }
}

/// A record for programs.
pub(crate) fn to_json(record: &RecordView) -> Value {
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
