//! The record of how a request ended; durable before the answer is released.

use std::sync::{Arc, atomic::Ordering::Relaxed};

use freehold_auditlog::{Ending, Entry, Outcome, Receipt, TruncatedBy};
use freehold_engine::EngineError;
use tokio::{sync::oneshot, time::Instant};

use super::Exchange;
use crate::{
    error::{RecordFailure, Refusal},
    gateway::Inner,
    release::WrongReceipt,
};

/// Records the outcome and waits until it is durable.
pub(super) async fn record(
    exchange: &mut Exchange,
    ending: Ending,
    http_status: u16,
) -> Result<Receipt, Refusal> {
    let entry = Entry::Outcome(outcome(exchange, ending, http_status));
    append(&exchange.gateway, entry).await
}

/// Records that a request was refused. Where the refusal is that of the log itself, nobody waits
/// for it a second time.
pub(super) async fn refused(exchange: &mut Exchange, refusal: &Refusal) -> Result<(), Refusal> {
    let status = refusal.told().status;
    if matches!(refusal, Refusal::Record(_)) {
        let entry = Entry::Outcome(outcome(exchange, ending(refusal), status));
        exchange.gateway.log.append(entry, drop);
        return Ok(());
    }
    record(exchange, ending(refusal), status).await.map(drop)
}

fn outcome(exchange: &mut Exchange, ending: Ending, http_status: u16) -> Outcome {
    exchange.account.truncated = matches!(ending, Ending::Truncated { .. });
    let account = &mut exchange.account;
    Outcome {
        id: exchange.id,
        principal: exchange.caller.principal.clone(),
        ending,
        http_status,
        finish_reason: account.finish_reason.clone(),
        reported_model: account.reported_model.clone(),
        usage: account.usage(),
        confidence: account.confidence(),
        tools: std::mem::take(&mut account.tools),
        findings: Vec::new(),
        first_token_micros: account.first_token.map(micros),
        total_micros: micros(exchange.started.elapsed()),
        output: account.take_output(),
    }
}

/// Hands an entry to the log and waits for its word, but not for ever.
pub(super) async fn append(gateway: &Arc<Inner>, entry: Entry) -> Result<Receipt, Refusal> {
    let began = Instant::now();
    let (done, word) = oneshot::channel();
    gateway.log.append(entry, move |result| drop(done.send(result)));
    let patience = gateway.options.record_timeout;
    let result = match tokio::time::timeout(patience, word).await {
        Ok(Ok(Ok(receipt))) => Ok(receipt),
        Ok(Ok(Err(error))) => Err(RecordFailure::Refused(error.to_string())),
        Ok(Err(_)) => Err(RecordFailure::Refused("it is closed".to_owned())),
        Err(_) => Err(RecordFailure::TooSlow(patience)),
    };
    gateway.metrics.record.observe(began.elapsed());
    if let Err(error) = &result {
        tracing::error!(%error, "nothing is answered");
    }
    Ok(result?)
}

/// How a refusal ends a request.
pub(super) fn ending(refusal: &Refusal) -> Ending {
    let code = || refusal.told().code.to_owned();
    match refusal {
        Refusal::Transport(_) | Refusal::Request(_) | Refusal::Policy(_) => {
            Ending::Refused { code: code() }
        }
        Refusal::ClientGone => Ending::Truncated { by: TruncatedBy::Client },
        Refusal::Stopping => Ending::Truncated { by: TruncatedBy::Shutdown },
        Refusal::Engine(EngineError::Cut(_)) => Ending::Truncated { by: TruncatedBy::Engine },
        Refusal::Engine(EngineError::Timeout(_)) => Ending::Truncated { by: TruncatedBy::Deadline },
        Refusal::Engine(_) | Refusal::Record(_) => Ending::Failed { code: code() },
    }
}

/// How a refusal ends a stream that has begun: whatever the engine's fault, it was cut off by it.
pub(super) fn stream_ending(refusal: &Refusal) -> Ending {
    match refusal {
        Refusal::Engine(EngineError::Timeout(_)) => ending(refusal),
        Refusal::Engine(_) => Ending::Truncated { by: TruncatedBy::Engine },
        other => ending(other),
    }
}

/// How a backend's own refusal ends a request.
pub(super) fn backend_ending(status: u16) -> Ending {
    let code = format!("backend_{status}");
    if (400..500).contains(&status) { Ending::Refused { code } } else { Ending::Failed { code } }
}

/// Counts a request that is over, and says so without its content.
pub(super) fn observe(exchange: &Exchange, status: u16) {
    let (metrics, account) = (&exchange.gateway.metrics, &exchange.account);
    let total = exchange.started.elapsed();
    metrics.in_flight.fetch_sub(1, Relaxed);
    metrics.latency.observe(total);
    if let Some(first) = account.first_token {
        metrics.first_token.observe(first);
    }
    if let Some(usage) = account.usage() {
        metrics.prompt_tokens.fetch_add(usage.prompt_tokens.into(), Relaxed);
        metrics.completion_tokens.fetch_add(usage.completion_tokens.into(), Relaxed);
    }
    if account.truncated {
        metrics.truncated.fetch_add(1, Relaxed);
    }
    tracing::info!(
        record = %exchange.id,
        key = exchange.caller.id.0,
        endpoint = ?exchange.endpoint,
        status,
        truncated = account.truncated,
        total_micros = micros(total),
        "answered"
    );
}

impl From<WrongReceipt> for Refusal {
    fn from(_: WrongReceipt) -> Self {
        RecordFailure::WrongReceipt.into()
    }
}

fn micros(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
