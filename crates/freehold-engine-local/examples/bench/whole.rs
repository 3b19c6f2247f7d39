//! The engine as the gateway uses it (JSON in, events out, through the confined worker), and the
//! gateway as its clients use it.

use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use freehold_engine::{
    Engine, Reply,
    conformance::{call, permit},
};
use freehold_engine_local::LocalEngine;
use futures_util::{StreamExt, future::join_all};
use serde::Deserialize;
use serde_json::json;

use crate::{DEEP, Outcome, REPEATS, Speed, Work, served::Served};

/// Measures one engine, alone and inside a gateway, and stops it.
pub fn measure(engine: Arc<LocalEngine>, folder: &Path) -> Outcome<(Work, Speed, Speed)> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let served = Served::start(Arc::clone(&engine), folder).await?;
        let (engine, gateway) = (Side::Engine(engine), Side::Gateway(Box::new(served)));
        // The first request warms caches up and tells how many tokens the chat template adds.
        let template = generate(&engine, 8, 2).await?.prompt - 8;
        generate(&gateway, 8, 2).await?;
        let (mut work, alone) = speeds(&engine, template as usize).await?;
        let (same, within) = speeds(&gateway, template as usize).await?;
        work.said = work.said.min(same.said);
        Ok((work, alone, within))
    })
}

/// Who is asked.
enum Side {
    Engine(Arc<LocalEngine>),
    Gateway(Box<Served>),
}

async fn speeds(side: &Side, template: usize) -> Outcome<(Work, Speed)> {
    let mut best = Speed::default();
    let mut work = Work { long: 0, short: 0, opening: 0, depth: 0, said: 0 };
    for _ in 0..REPEATS {
        let long = generate(side, LONG - template, 1).await?;
        let short = generate(side, SHORT.saturating_sub(template).max(1), 1).await?;
        let one = generate(side, 1, SAID).await?;
        let deep = generate(side, DEPTH - template, DEEP).await?;
        let eight = join_all((0..8).map(|_| generate(side, 1, SAID))).await;
        let eight: Vec<Run> = eight.into_iter().collect::<Result<_, _>>()?;
        // From the moment at which all have begun, as the bare loop counts.
        let all_begun = eight.iter().map(|run| run.began + run.first).max();
        let all_begun = all_begun.ok_or("no text")?;
        let end = eight.iter().map(|run| run.began + run.last).max().ok_or("no text")?;
        let later = eight.iter().map(|run| run.after(all_begun)).sum::<u64>();
        best = best.best(Speed {
            prompt: long.prompt as f64 / long.first.as_secs_f64(),
            first: short.first.as_secs_f64() * 1e3,
            one: (one.said - 1) as f64 / (one.last - one.first).as_secs_f64(),
            deep: (deep.said - 1) as f64 / (deep.last - deep.first).as_secs_f64(),
            eight: later as f64 / (end - all_begun).as_secs_f64(),
        });
        work = Work {
            long: long.prompt,
            short: short.prompt,
            opening: one.prompt,
            depth: deep.prompt,
            said: one.said,
        };
    }
    if work.said < SAID.into() {
        return Err(format!("the model ended its text after {} tokens", work.said).into());
    }
    Ok((work, best))
}

struct Run {
    began: Instant,
    first: Duration,
    last: Duration,
    prompt: u64,
    said: u64,
    /// When each event came.
    events: Vec<Duration>,
}

impl Run {
    /// Tokens said after a moment.
    fn after(&self, moment: Instant) -> u64 {
        let events = self.events.iter().filter(|when| self.began + **when > moment).count();
        // Some events have the text of two tokens, or none.
        (events as u64 * self.said).div_ceil(self.events.len().max(1) as u64)
    }
}

#[derive(Deserialize)]
struct Event {
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Deserialize)]
struct Choice {
    delta: Delta,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Delta {
    content: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    prompt_tokens: u64,
    completion_tokens: u64,
}

/// One streamed answer to a prompt of this many tokens and those of the template.
async fn generate(side: &Side, prompt: usize, said: u32) -> Outcome<Run> {
    // Digits are tokens of their own in most vocabularies.
    let content: String =
        (0..prompt).map(|place| char::from(b'0' + (place * 7 % 10) as u8)).collect();
    let body = json!({"model": "model", "messages": [{"role": "user", "content": content}],
        "temperature": 0, "max_tokens": said, "stream": true,
        "stream_options": {"include_usage": true}});
    let began = Instant::now();
    let (mut events, mut finished, mut usage) = (Vec::new(), None, None);
    let mut take = |event: &[u8]| -> Outcome<()> {
        let event: Event = serde_json::from_slice(event)?;
        for choice in event.choices {
            if choice.delta.content.is_some_and(|text| !text.is_empty()) {
                events.push(began.elapsed());
            }
            if choice.finish_reason.is_some() {
                finished = Some(began.elapsed());
            }
        }
        usage = event.usage.or(usage.take());
        Ok(())
    };
    match side {
        Side::Engine(engine) => {
            let permit = permit(engine.backend())?;
            let call = call("model", &body, Duration::from_secs(600));
            let Reply::Stream(mut stream) = engine.chat(permit, call).await? else {
                return Err("not a stream".into());
            };
            while let Some(event) = stream.next().await {
                take(&event?)?;
            }
        }
        Side::Gateway(served) => served.ask(body.to_string(), take).await?,
    }
    let finished = finished.ok_or("the text was cut")?;
    let usage = usage.ok_or("no usage was told")?;
    Ok(Run {
        began,
        first: events.first().copied().unwrap_or(finished),
        last: events.last().copied().unwrap_or(finished),
        prompt: usage.prompt_tokens,
        said: usage.completion_tokens.max(2),
        events,
    })
}

/// What one pass of llama.cpp takes in by itself.
const LONG: usize = 512;
const SHORT: usize = 64;
const DEPTH: usize = 1536;
const SAID: u32 = 128;
