//! The engine as the gateway uses it: JSON in, events out, through the confined worker.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use freehold_engine::{
    Engine, Reply,
    conformance::{call, permit},
};
use freehold_engine_local::LocalEngine;
use futures_util::{StreamExt, future::join_all};
use serde_json::{Value, json};

use crate::Speed;

/// Measures one engine and stops it.
pub fn measure(engine: Arc<LocalEngine>) -> Result<Speed, Box<dyn std::error::Error>> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async move {
        // The first request warms caches up.
        generate(&engine, 8, 4).await?;
        let mut speed = Speed::default();
        let long = generate(&engine, 512, 1).await?;
        speed.prompt = long.prompt as f64 / long.first.as_secs_f64();
        speed.first = generate(&engine, 64, 1).await?.first.as_secs_f64() * 1e3;
        let one = generate(&engine, 16, 128).await?;
        speed.one = (one.said - 1) as f64 / (one.last - one.first).as_secs_f64();
        let begun = Instant::now();
        let eight = join_all((0..8).map(|_| generate(&engine, 16, 128))).await;
        let eight: Vec<Run> = eight.into_iter().collect::<Result<_, _>>()?;
        // From the moment at which all have begun, as the bare loop counts.
        let all_begun = eight.iter().map(|run| run.began + run.first).max().unwrap_or(begun);
        let end = eight.iter().map(|run| run.began + run.last).max().unwrap_or(begun);
        let said: u64 = eight.iter().map(|run| run.said - 1).sum();
        speed.eight = said as f64 / (end - all_begun).as_secs_f64();
        Ok(speed)
    })
}

struct Run {
    began: Instant,
    first: Duration,
    last: Duration,
    prompt: u64,
    said: u64,
}

/// One streamed answer to a prompt of about this many tokens.
async fn generate(
    engine: &LocalEngine,
    prompt: usize,
    said: u32,
) -> Result<Run, Box<dyn std::error::Error>> {
    // Digits are tokens of their own in most vocabularies.
    let content: String =
        (0..prompt).map(|place| char::from(b'0' + (place * 7 % 10) as u8)).collect();
    let body = json!({"messages": [{"role": "user", "content": content}], "temperature": 0,
        "max_tokens": said, "stream": true, "stream_options": {"include_usage": true}});
    let permit = permit(engine.backend())?;
    let began = Instant::now();
    let reply = engine.chat(permit, call("model", &body, Duration::from_secs(600))).await?;
    let Reply::Stream(mut events) = reply else { return Err("not a stream".into()) };
    let (mut first, mut last) = (None, Duration::ZERO);
    let mut usage = Value::Null;
    while let Some(event) = events.next().await {
        let event: Value = serde_json::from_slice(&event?)?;
        let choice = &event["choices"][0];
        let text = choice["delta"]["content"].as_str().is_some_and(|text| !text.is_empty());
        if text || choice["finish_reason"].is_string() {
            first.get_or_insert_with(|| began.elapsed());
            last = began.elapsed();
        }
        if event["usage"].is_object() {
            usage = event["usage"].clone();
        }
    }
    Ok(Run {
        began,
        first: first.ok_or("no token came")?,
        last,
        prompt: usage["prompt_tokens"].as_u64().ok_or("no usage")?,
        said: usage["completion_tokens"].as_u64().ok_or("no usage")?.max(2),
    })
}
