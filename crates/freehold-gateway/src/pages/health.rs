//! `/health`: whether the process lives, and whether it can answer, part by part.

use std::{sync::Arc, time::Duration};

use freehold_engine::Health;
use http::Response;
use serde::Serialize;

use super::{JSON, plain};
use crate::{AnswerBody, gateway::Inner, server::Phase};

#[derive(Serialize)]
struct Report {
    status: &'static str,
    live: bool,
    ready: bool,
    backends: Vec<BackendHealth>,
    log: LogHealth,
}

#[derive(Serialize)]
struct BackendHealth {
    id: String,
    ready: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

#[derive(Serialize)]
struct LogHealth {
    ready: bool,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    free_bytes: Option<u64>,
}

/// 200 if it can answer, 503 if not; `/health/live` is 200 as long as the process answers at all.
/// Ready means: the log takes records and at least one backend answers.
pub(super) async fn answer(gateway: &Arc<Inner>, path: &str) -> Response<AnswerBody> {
    let probes = gateway.routes.backends.iter().map(|backend| async {
        let health = match tokio::time::timeout(PATIENCE, backend.engine.health()).await {
            Ok(health) => health,
            Err(_) => Health::Unavailable(format!("no answer within {PATIENCE:?}")),
        };
        let reason = match health {
            Health::Ready => None,
            Health::Unavailable(reason) => Some(reason),
        };
        BackendHealth { id: backend.declaration.id.0.clone(), ready: reason.is_none(), reason }
    });
    let backends = futures_util::future::join_all(probes).await;
    let status = gateway.log.status();
    let log = LogHealth {
        ready: status.failed.is_none(),
        size: status.size,
        reason: status.failed,
        free_bytes: status.free_bytes,
    };
    let serving = *gateway.phase.borrow() == Phase::Serving;
    let ready = serving && log.ready && backends.iter().any(|one| one.ready);
    let told = match (serving, ready) {
        (false, _) => "stopping",
        (true, true) => "ok",
        (true, false) => "unavailable",
    };
    let report = Report { status: told, live: true, ready, backends, log };
    let code = if ready || path == "/health/live" { 200 } else { 503 };
    // Strings, numbers and booleans always serialize.
    plain(code, JSON, serde_json::to_vec(&report).unwrap_or_default())
}

const PATIENCE: Duration = Duration::from_secs(2);
