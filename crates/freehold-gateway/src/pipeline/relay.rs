//! A stream on its way through: each event is read, judged and passed on; the last ones wait for the
//! outcome's receipt.

use bytes::Bytes;
use freehold_auditlog::{Ending, Receipt};
use freehold_engine::{EngineError, Events};
use futures_util::{FutureExt, StreamExt};

use super::{
    Client, Exchange, outcome,
    tools::{self, Offer},
    watch::Watch,
};
use crate::{
    error::Refusal,
    release::{self, Cleared, Gate, OpenStream},
};

/// What one look at the engine's events brought.
struct Batch {
    /// To be sent now.
    ready: Vec<Cleared>,
    /// To be sent once the outcome is recorded: everything from the first end of a choice on.
    last: Vec<Cleared>,
    ended: bool,
}

/// Relays a stream. An error is returned only as long as nothing was released; after that the
/// stream itself says that it was cut.
pub(super) async fn relay(
    exchange: &mut Exchange,
    intent: Receipt,
    mut events: Events,
    mut gate: Gate,
    offer: Offer<'_>,
    mut watch: Watch,
    client: &mut Client,
) -> Result<(), Refusal> {
    let mut batch = Batch { ready: Vec::new(), last: Vec::new(), ended: false };
    // The first event is awaited before anything is sent, so that an engine that fails at once gets
    // an ordinary error with its own status.
    let first = watch.over(client.gone(), events.next()).await?;
    take(exchange, &mut batch, &mut gate, offer, first)?;
    let (released, stream) = release::open(intent)?;
    client.send(released);
    let refusal = loop {
        match step(exchange, &mut batch, &stream, &mut events, &mut gate, offer, &mut watch).await {
            Ok(()) if batch.ended => break None,
            Ok(()) => {}
            Err(refusal) => break Some(refusal),
        }
    };
    // Dropping the events cancels the work behind them, before the record is waited for.
    drop(events);
    match refusal {
        None => match outcome::record(exchange, Ending::Finished, 200).await {
            Ok(receipt) => stream.finish(receipt, batch.last).await?,
            Err(refusal) => stream.cut(&refusal).await,
        },
        Some(refusal) => {
            let ending = outcome::stream_ending(&refusal);
            let told = outcome::record(exchange, ending, 200).await.err().unwrap_or(refusal);
            stream.cut(&told).await;
        }
    }
    Ok(())
}

/// Sends what is ready and takes what comes next; what is there already comes along in one frame.
async fn step(
    exchange: &mut Exchange,
    batch: &mut Batch,
    stream: &OpenStream,
    events: &mut Events,
    gate: &mut Gate,
    offer: Offer<'_>,
    watch: &mut Watch,
) -> Result<(), Refusal> {
    let mut taken = 0;
    while let Some(event) = next_at_once(batch, events, taken) {
        taken += 1;
        take(exchange, batch, gate, offer, event)?;
    }
    let sent = watch.over(stream.gone(), stream.send(&mut batch.ready)).await?;
    sent.map_err(|_| Refusal::ClientGone)?;
    if batch.ended {
        return Ok(());
    }
    let event = watch.over(stream.gone(), events.next()).await?;
    take(exchange, batch, gate, offer, event)
}

fn next_at_once(
    batch: &Batch,
    events: &mut Events,
    taken: usize,
) -> Option<Option<Result<Bytes, EngineError>>> {
    if batch.ended || taken >= EVENTS_PER_FRAME { None } else { events.next().now_or_never() }
}

/// Reads and judges one event, and puts it where it belongs.
fn take(
    exchange: &mut Exchange,
    batch: &mut Batch,
    gate: &mut Gate,
    offer: Offer<'_>,
    event: Option<Result<Bytes, EngineError>>,
) -> Result<(), Refusal> {
    let Some(event) = event else {
        batch.ended = true;
        // An engine that ends without a reason did not finish.
        return match exchange.account.finish_reason {
            Some(_) => Ok(()),
            None => Err(EngineError::Cut("it ended without a finish reason".to_owned()).into()),
        };
    };
    let (held, note) = exchange.account.read_event(event?)?;
    let cleared = tools::judge(exchange, gate, held, offer)?;
    if note.says_something && exchange.account.first_token.is_none() {
        exchange.account.first_token = Some(exchange.started.elapsed());
    }
    if note.hidden {
        return Ok(());
    }
    let limit = exchange.gateway.options.max_answer_bytes;
    if exchange.account.output_length() + cleared.bytes().len() > limit {
        return Err(EngineError::Cut(format!("the answer is longer than {limit} bytes")).into());
    }
    exchange.account.output_event(cleared.bytes());
    if note.ends {
        batch.last.push(cleared);
    } else {
        // With several choices one may end before the others.
        batch.ready.append(&mut batch.last);
        batch.ready.push(cleared);
    }
    Ok(())
}

/// So that a fast engine does not keep the first of many events from being sent.
const EVENTS_PER_FRAME: usize = 64;
