//! The models that are served: digest, files, who admitted them and when, where they run, what
//! confines them.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use freehold_auditlog::EntryView;
use maud::{Markup, html};
use serde_json::{Value, json};
use tokio::task::spawn_blocking;

use super::{
    frame::{self, MODELS},
    page,
    state::{self, Measured, measure},
};
use crate::{
    AdmissionView, ModelView, Terminal, WorkerView,
    console::Running,
    kit::{self, Elsewhere},
    time,
};

/// A model and the entry of the log that says how it was admitted.
struct Known {
    model: ModelView,
    admitted: Option<EntryView>,
}

/// The page.
pub(crate) async fn show(State(running): State<Running>) -> Response {
    let measured = measure(&running);
    let known = known(&running, &measured).await;
    let content = html! {
        h1 { "Models" }
        p.lede { "What answers here. Weights are admitted file by file, and every byte is checked again when they are loaded." }
        (frame::permits(&measured))
        @if known.is_empty() {
            p { "No model is served. Start Freehold with " code { (running.terminal.about("up --model PATH")) } " to serve one." }
        }
        @for (place, one) in known.iter().enumerate() {
            (sheet(one, place, &measured, &running.terminal))
        }
        (kit::elsewhere(&Elsewhere {
            json: Some("/models.json".to_owned()),
            csv: Some("/models.csv".to_owned()),
            command: None,
        }))
    };
    page(frame::inside("Models", MODELS, &measured, &content)).into_response()
}

/// The same for programs.
pub(crate) async fn json(State(running): State<Running>) -> Json<Value> {
    let known = known(&running, &measure(&running)).await;
    let list = known.iter().map(|one| {
        let admitted = one.admitted.as_ref();
        json!({
            "model": one.model,
            "admitted_by": admitted.map(|entry| &entry.header["detail"]["signed_off_by"]),
            "admitted": admitted.map(|entry| time::iso(entry.time)),
            "until": admitted.map(|entry| &entry.header["detail"]["until"]),
            "licence": admitted.map(|entry| &entry.header["detail"]["licence"]),
            "category": admitted.map(|entry| &entry.header["detail"]["category"]),
        })
    });
    Json(list.collect())
}

/// The same for spreadsheets.
pub(crate) async fn csv(State(running): State<Running>) -> Response {
    let known = known(&running, &measure(&running)).await;
    kit::csv("freehold-models", COLUMNS, known.iter().map(cells))
}

/// All models, each with its admission as the log has it.
async fn known(running: &Running, measured: &Measured) -> Vec<Known> {
    let (log, models) = (running.log.clone(), measured.models.clone());
    let read = spawn_blocking(move || {
        let admitted = |admission: &AdmissionView| {
            log.outline(admission.record).ok().and_then(|record| record.entries.into_iter().next())
        };
        let known = |model: ModelView| {
            let admitted = model.admission.as_ref().and_then(admitted);
            Known { model, admitted }
        };
        models.into_iter().map(known).collect()
    });
    read.await.unwrap_or_default()
}

fn sheet(known: &Known, place: usize, measured: &Measured, terminal: &Terminal) -> Markup {
    let model = &known.model;
    let heading = format!("h-model-{place}");
    let worker = measured
        .workers
        .iter()
        .find(|worker| worker.model == model.name && model.admission.is_some());
    html! {
        section.sheet.model aria-labelledby=(heading) {
            h2.t id=(heading) { (model.name) }
            p {
                @if model.admission.is_some() { (frame::state("ok", "admitted, every byte checked at load")) }
                @else { (frame::state("wait", "runs elsewhere, weights not seen by Freehold")) }
            }
            dl.kv {
                dt { "Digest" }
                dd {
                    @match model.digest {
                        Some(digest) => { code { (digest) } }
                        None => { (kit::unknown("not known: a backend does not tell which weights it serves")) }
                    }
                }
                (admission(known))
                dt { "Served at" } dd { (model.place) ", backend " b { (model.backend) } }
                dt { "Data up to" } dd { (model.accepts) }
                @if let Some(worker) = worker { (process(worker)) }
            }
            @if let Some(admission) = &model.admission { (kit::unfold("Its files", &files(admission))) }
            @if let Some(worker) = worker { (state::jail(worker)) }
            p.src {
                @if model.chat { a href={ "/playground?model=" (kit::escaped(&model.name)) } { "Ask it" } " · " }
                a href={ "/records?model=" (kit::escaped(&model.name)) } { "Its records" }
                @if worker.is_some() {
                    " · what confines it: " code.command { (terminal.about("doctor")) }
                }
            }
        }
    }
}

fn admission(known: &Known) -> Markup {
    html! {
        @if let Some(admission) = &known.model.admission {
            dt { "Format" }
            dd {
                (admission.format) ", "
                (time::count(u64::try_from(admission.files.len()).unwrap_or(u64::MAX)))
                @if admission.files.len() == 1 { " file, " } @else { " files, " }
                (time::bytes(admission.bytes()))
            }
            dt { "Admitted" }
            dd {
                @match &known.admitted {
                    Some(entry) => {
                        "by " b { (entry.header["detail"]["signed_off_by"].as_str().unwrap_or("not recorded")) }
                        ", " (frame::moment(entry.time)) ", "
                        a href={ "/records/" (admission.record) } { "entry " (time::count(entry.sequence)) }
                        @if let Some(until) = said(entry, "until") { ", until " b { (until) } }
                    }
                    None => { (kit::unknown("its record could not be read")) }
                }
            }
            dt { "Licence" }
            dd {
                @match known.admitted.as_ref().and_then(|entry| said(entry, "category")) {
                    Some(category) => {
                        (known.admitted.as_ref().and_then(|entry| said(entry, "licence")).unwrap_or("not named"))
                        ", " (category_words(category))
                    }
                    None => { (kit::unknown("not confirmed at admission")) }
                }
            }
        }
    }
}

/// The categories of `freehold vet`, as it names them.
fn category_words(category: &str) -> &str {
    match category {
        "osi" => "OSI open source",
        "custom" => "open-weight custom",
        "source-available" | "source_available" => "source-available",
        other => other,
    }
}

/// A text of what the log says about an admission.
fn said<'a>(entry: &'a EntryView, name: &str) -> Option<&'a str> {
    entry.header["detail"][name].as_str()
}

fn process(worker: &WorkerView) -> Markup {
    html! {
        dt { "Worker" }
        dd {
            (state::serves(worker))
            @if let Some(pid) = worker.pid { ", process " (pid) }
            ", " (time::count(worker.restarts)) " restarts"
        }
    }
}

fn files(admission: &AdmissionView) -> Markup {
    html! {
        ul.plain {
            @for file in &admission.files {
                li {
                    b { (file.name) } ", " (time::bytes(file.bytes))
                    small { code { (file.digest) } }
                }
            }
        }
    }
}

fn cells(known: &Known) -> Vec<String> {
    let Known { model, admitted } = known;
    let admission = model.admission.as_ref();
    let told = |name| admitted.as_ref().and_then(|entry| said(entry, name)).unwrap_or_default();
    vec![
        model.name.clone(),
        model.digest.map(|digest| digest.to_string()).unwrap_or_default(),
        admission.map(|one| one.format.clone()).unwrap_or_default(),
        admission.map(|one| one.files.len().to_string()).unwrap_or_default(),
        admission.map(|one| one.bytes().to_string()).unwrap_or_default(),
        told("signed_off_by").to_owned(),
        admitted.as_ref().map(|entry| time::iso(entry.time)).unwrap_or_default(),
        told("until").to_owned(),
        told("licence").to_owned(),
        told("category").to_owned(),
        model.backend.clone(),
        model.place.clone(),
        model.accepts.to_string(),
    ]
}

const COLUMNS: &[&str] = &[
    "model",
    "digest",
    "format",
    "files",
    "bytes",
    "admitted_by",
    "admitted",
    "until",
    "licence",
    "category",
    "backend",
    "place",
    "accepts",
];
