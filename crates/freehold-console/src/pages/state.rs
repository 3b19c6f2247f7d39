//! How everything is now: controls, workers, models, log and disk, as a page and as JSON.

use axum::{
    Json,
    extract::State,
    response::{Html, IntoResponse, Response},
};
use freehold_auditlog::LogStatus;
use freehold_types::Timestamp;
use maud::{Markup, html};
use serde_json::{Value, json};

use super::{
    frame::{self, STATE},
    page,
};
use crate::{
    Control, ModelView, Posture, Terminal, WorkerState, WorkerView,
    console::Running,
    kit::{self, Elsewhere},
    standing, time,
};

/// Everything measured at one moment.
pub(crate) struct Measured {
    pub(crate) time: Timestamp,
    pub(crate) posture: Posture,
    pub(crate) record: Control,
    pub(crate) workers: Vec<WorkerView>,
    pub(crate) models: Vec<ModelView>,
    pub(crate) log: LogStatus,
    /// How commands about it are typed.
    pub(crate) terminal: Terminal,
    /// Free bytes and all bytes of the log's file system.
    pub(crate) disk: Option<(u64, u64)>,
}

/// Measures now.
pub(crate) fn measure(running: &Running) -> Measured {
    let time = running.clock.now();
    let log = running.log.status();
    Measured {
        time,
        posture: running.state.posture(),
        record: standing::record(&log, time),
        workers: running.state.workers(),
        models: running.state.models(),
        disk: disk(&log),
        terminal: running.terminal.clone(),
        log,
    }
}

/// The page.
pub(crate) async fn show(State(running): State<Running>) -> Response {
    let measured = measure(&running);
    let content = html! {
        h1 { "State" }
        p.lede { "What is measured to be so now, not what is configured." }
        (frame::permits(&measured))
        (sections(&measured))
        (kit::elsewhere(&Elsewhere {
            json: Some("/state.json".to_owned()),
            csv: None,
            command: Some(measured.terminal.about("doctor")),
        }))
    };
    page(frame::inside("State", STATE, &measured, &content)).into_response()
}

/// The permits strip alone, for pages that refresh it.
pub(crate) async fn permits_part(State(running): State<Running>) -> Html<String> {
    page(frame::permits(&measure(&running)))
}

/// The sections alone, for a page that refreshes them.
pub(crate) async fn state_part(State(running): State<Running>) -> Html<String> {
    page(sections(&measure(&running)))
}

/// The same for programs.
pub(crate) async fn json(State(running): State<Running>) -> Json<Value> {
    Json(measure(&running).as_json())
}

impl Measured {
    /// For programs.
    pub(crate) fn as_json(&self) -> Value {
        let log = &self.log;
        json!({
            "measured": time::iso(self.time),
            "controls": {
                "admission": self.posture.admission,
                "boundary": self.posture.boundary,
                "tools": self.posture.tools,
                "record": self.record,
            },
            "workers": self.workers,
            "models": self.models,
            "log": {
                "origin": log.origin,
                "entries": log.size,
                "checkpoint_entries": log.checkpoint_size,
                "checkpoint_signed": log.checkpoint_time.map(time::iso),
                "failed": log.failed,
            },
            "disk": {
                "free_bytes": self.disk.map(|(free, _)| free),
                "total_bytes": self.disk.map(|(_, total)| total),
            },
        })
    }
}

fn sections(measured: &Measured) -> Markup {
    html! {
        div.parts id="state" data-live="/parts/state" {
            (workers(&measured.workers, &measured.terminal))
            (log(measured))
        }
    }
}

fn workers(workers: &[WorkerView], terminal: &Terminal) -> Markup {
    html! {
        section aria-labelledby="h-worker" {
            h2 id="h-worker" { @if workers.len() > 1 { "Workers" } @else { "Worker" } }
            @if workers.is_empty() {
                p {
                    "No model runs on this machine. Start Freehold with "
                    code { (terminal.about("up --model PATH")) } " to serve one here."
                }
            }
            @for worker in workers {
                div.sheet {
                    h3 { (worker.model) }
                    p { (serves(worker)) }
                    dl.kv {
                        dt { "Process" }
                        dd { @match worker.pid { Some(pid) => { (pid) } None => { "none" } } }
                        dt { "Restarts" } dd { (time::count(worker.restarts)) }
                        dt { "Requests" } dd { (worker.requests) " computed or waiting" }
                    }
                    (jail(worker))
                }
            }
        }
    }
}

/// Whether a worker serves.
pub(crate) fn serves(worker: &WorkerView) -> Markup {
    html! {
        @match &worker.state {
            WorkerState::Ready => { (frame::state("ok", "running")) }
            WorkerState::Starting => { (frame::state("wait", "loading the model")) }
            WorkerState::Down(why) => {
                (frame::state("no", "stopped, about to be started again")) " " (why)
            }
        }
    }
}

/// What confines a worker.
pub(crate) fn jail(worker: &WorkerView) -> Markup {
    let in_force = worker.jail.iter().filter(|measure| measure.in_force).count();
    let all = worker.jail.len();
    html! {
        @if all == 0 {
            p { (frame::state("wait", "confinement not measured yet")) }
        } @else {
            details open[in_force < all] {
                summary { "Confinement: " (in_force) " of " (all) " measures in force" }
                ul.measures {
                    @for measure in &worker.jail {
                        li {
                            @if measure.in_force { (frame::state("ok", &measure.name)) }
                            @else { (frame::state("no", &format!("{}: not in force", measure.name))) }
                            small { (measure.evidence) }
                        }
                    }
                }
            }
        }
    }
}

fn log(measured: &Measured) -> Markup {
    let log = &measured.log;
    html! {
        section aria-labelledby="h-log" {
            h2 id="h-log" { "Log and disk" }
            div.sheet {
                p {
                    @match &log.failed {
                        None => { (frame::state("ok", "takes entries")) }
                        Some(reason) => {
                            (frame::state("no", "takes no entries, so nothing is answered")) " " (reason)
                            ". Free the disk or repair it, then start Freehold again."
                        }
                    }
                }
                dl.kv {
                    dt { "Entries" } dd { (time::count(log.size)) }
                    dt { "Checkpoint" }
                    dd {
                        @match log.checkpoint_time {
                            Some(signed) => {
                                "of " (time::count(log.checkpoint_size)) " entries, signed "
                                (frame::moment(signed)) ", "
                                (time::ago(measured.time.0.saturating_sub(signed.0))) " ago"
                            }
                            None if log.checkpoint_size > 0 => {
                                "of " (time::count(log.checkpoint_size))
                                " entries, signed before this start"
                            }
                            None => { "none signed yet" }
                        }
                    }
                    @if !log.origin.is_empty() { dt { "Name" } dd { code { (log.origin) } } }
                    dt { "Directory" } dd { code { (log.directory.display()) } }
                    dt { "Disk" }
                    dd {
                        @match measured.disk {
                            Some((free, total)) => {
                                (time::bytes(free)) " free of " (time::bytes(total))
                            }
                            None => { span.unknown { "the system does not tell" } }
                        }
                    }
                }
                p.src { "Check it in a terminal: " code { (measured.terminal.about("audit verify")) } }
            }
        }
    }
}

/// Free and all bytes of the file system that holds the log.
fn disk(log: &LogStatus) -> Option<(u64, u64)> {
    let stat = rustix::fs::statvfs(&log.directory).ok()?;
    let total = stat.f_blocks.saturating_mul(stat.f_frsize);
    Some((stat.f_bavail.saturating_mul(stat.f_frsize), total))
}
