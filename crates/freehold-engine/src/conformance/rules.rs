//! The rules, one function each. A rule returns what it found when it is broken.

use std::time::Duration;

use bytes::Bytes;
use freehold_policy::BackendId;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::{Assembled, Subject, assemble, call, permit};
use crate::{Call, EngineError, Events, Health, Reply, Whole};

type Verdict = Result<(), String>;

pub(super) async fn models_and_health(subject: &Subject) -> Verdict {
    let models = subject.engine.models();
    for (place, model) in models.iter().enumerate() {
        let twice = models[..place].iter().any(|other| other.name == model.name);
        must(!model.name.is_empty() && !twice, || format!("model name `{}`", model.name))?;
    }
    must(models.iter().any(|model| model.name == subject.chat_model), || {
        format!("{models:?} lacks `{}`", subject.chat_model)
    })?;
    let health = subject.engine.health().await;
    must(health == Health::Ready, || format!("{health:?}"))
}

pub(super) async fn wrong_permit(subject: &Subject) -> Verdict {
    let other = BackendId(format!("not-{}", subject.engine.backend().0));
    let short = call(&subject.chat_model, &subject.short, subject.patience);
    let chat = subject.engine.chat(permit(&other)?, short.clone()).await;
    must(matches!(chat, Err(EngineError::WrongPermit { .. })), || describe_reply(&chat))?;
    let embed = subject.engine.embed(permit(&other)?, short).await;
    must(matches!(embed, Err(EngineError::WrongPermit { .. })), || format!("{embed:?}"))
}

pub(super) async fn unknown_model(subject: &Subject) -> Verdict {
    let body = &subject.short;
    let reply = chat(subject, call("no such model", body, subject.patience)).await;
    match &reply {
        Err(EngineError::UnknownModel(name)) if name == "no such model" => Ok(()),
        Ok(Reply::Whole(whole)) if whole.status == 404 => Ok(()),
        _ => Err(describe_reply(&reply)),
    }
}

pub(super) async fn broken_body(subject: &Subject) -> Verdict {
    for body in ["{\"messages\": [", "[]", "{\"messages\": 7}"] {
        let mut broken = call(&subject.chat_model, &subject.short, subject.patience);
        broken.body = Bytes::from_static(body.as_bytes());
        let reply = chat(subject, broken).await;
        match &reply {
            Err(EngineError::Invalid { reason, .. }) if !reason.is_empty() => {}
            Ok(Reply::Whole(whole)) if (400..500).contains(&whole.status) => {}
            _ => return Err(format!("`{body}`: {}", describe_reply(&reply))),
        }
    }
    Ok(())
}

pub(super) async fn whole_shape(subject: &Subject) -> Verdict {
    let body = whole(subject, &subject.short).await?;
    must(body["object"] == "chat.completion", || body["object"].to_string())?;
    must(body["id"].is_string() && body["created"].is_u64(), || body.to_string())?;
    must(body["model"].is_string(), || body["model"].to_string())?;
    let choices = body["choices"].as_array().ok_or("no choices")?;
    must(choices.len() == 1, || format!("{} choices", choices.len()))?;
    let choice = &choices[0];
    must(choice["message"]["role"] == "assistant", || choice.to_string())?;
    must(choice["finish_reason"].is_string(), || choice.to_string())?;
    let count = |name: &str| body["usage"][name].as_u64().ok_or(format!("usage has no {name}"));
    let total = count("prompt_tokens")? + count("completion_tokens")?;
    must(count("total_tokens")? == total, || body["usage"].to_string())
}

pub(super) async fn stream_shape(subject: &Subject) -> Verdict {
    let answer = streamed(subject, &subject.short).await?;
    must(answer.choices.len() == 1, || format!("{} choices", answer.choices.len()))
}

pub(super) async fn stream_agrees(subject: &Subject) -> Verdict {
    let body = whole(subject, &subject.short).await?;
    let answer = streamed(subject, &with(&subject.short, "stream_options", usage())).await?;
    let choice = answer.choices.get(&0).ok_or("the stream has no choice 0")?;
    let content = body["choices"][0]["message"]["content"].as_str().unwrap_or_default();
    must(choice.content == content, || format!("`{}` and `{content}`", choice.content))?;
    let finish = body["choices"][0]["finish_reason"].as_str();
    must(choice.finish.as_deref() == finish, || format!("{:?} and {finish:?}", choice.finish))?;
    for name in ["prompt_tokens", "completion_tokens", "total_tokens"] {
        let streamed = answer.usage.as_ref().map(|usage| &usage[name]);
        must(streamed == Some(&body["usage"][name]), || {
            format!("{name}: {streamed:?} and {}", body["usage"][name])
        })?;
    }
    Ok(())
}

pub(super) async fn usage_event(subject: &Subject) -> Verdict {
    let without = streamed(subject, &subject.short).await?;
    must(without.usage.is_none(), || "usage came unasked".to_owned())?;
    let asked = streamed(subject, &with(&subject.short, "stream_options", usage())).await?;
    must(asked.usage.is_some(), || "usage was asked for and did not come".to_owned())
}

pub(super) async fn logprobs(subject: &Subject) -> Verdict {
    let body = with(&with(&subject.short, "logprobs", json!(true)), "top_logprobs", json!(2));
    let body = whole(subject, &body).await?;
    let tokens = body["choices"][0]["logprobs"]["content"].as_array().ok_or("no logprobs")?;
    must(!tokens.is_empty(), || "no tokens".to_owned())?;
    for token in tokens {
        let top = token["top_logprobs"].as_array().ok_or("no top_logprobs")?;
        must(top.len() == 2, || format!("{} alternatives", top.len()))?;
        for entry in top.iter().chain([token]) {
            let logprob = entry["logprob"].as_f64().ok_or("no logprob")?;
            must(logprob <= 1e-6, || format!("logprob {logprob}"))?;
            let bytes = entry["bytes"].as_array().ok_or("no bytes")?;
            let bytes: Vec<u8> =
                bytes.iter().filter_map(Value::as_u64).map(|byte| byte as u8).collect();
            let text = String::from_utf8_lossy(&bytes);
            must(entry["token"] == *text, || format!("{} and {text}", entry["token"]))?;
        }
        let mass: f64 = top.iter().filter_map(|it| it["logprob"].as_f64()).map(f64::exp).sum();
        must(mass <= 1.0 + 1e-5, || format!("probabilities sum to {mass}"))?;
    }
    Ok(())
}

pub(super) async fn deadline_whole(subject: &Subject) -> Verdict {
    let over = call(&subject.chat_model, &subject.slow, Duration::ZERO);
    let reply = within(subject, chat(subject, over)).await?;
    must(matches!(reply, Err(EngineError::Timeout(_))), || describe_reply(&reply))
}

pub(super) async fn deadline_stream(subject: &Subject) -> Verdict {
    match ending(subject, Duration::ZERO).await? {
        Some(Err(EngineError::Timeout(_))) => {}
        other => return Err(format!("a stream without time ended with {other:?}")),
    }
    // A fast engine is done before; one that is not ends with the error all the same.
    match ending(subject, SHORT).await? {
        Some(Err(EngineError::Timeout(_)) | Ok(_)) => Ok(()),
        other => Err(format!("the stream ended with {other:?}")),
    }
}

/// The last thing that comes of a slow stream with this much time.
async fn ending(
    subject: &Subject,
    timeout: Duration,
) -> Result<Option<Result<Bytes, EngineError>>, String> {
    let slow = with(&subject.slow, "stream", json!(true));
    let slow = call(&subject.chat_model, &slow, timeout);
    let mut events = match within(subject, chat(subject, slow)).await? {
        Err(error) => return Ok(Some(Err(error))),
        Ok(Reply::Stream(events)) => events,
        other => return Err(describe_reply(&other)),
    };
    within(subject, async {
        let mut last = None;
        while let Some(event) = events.next().await {
            last = Some(event);
        }
        last
    })
    .await
}

pub(super) async fn dropping_cancels(subject: &Subject) -> Verdict {
    let slow = with(&subject.slow, "stream", json!(true));
    for _ in 0..MANY {
        let events = open(subject, call(&subject.chat_model, &slow, LONG)).await?;
        drop(events);
        // Also an answer that nobody waited for long enough to see begin.
        let unseen = chat(subject, call(&subject.chat_model, &subject.slow, LONG));
        drop(tokio::time::timeout(Duration::from_millis(1), unseen).await);
    }
    whole(subject, &subject.short).await.map(drop)
}

pub(super) async fn embeddings(subject: &Subject) -> Verdict {
    let Some(model) = &subject.embedding_model else { return Ok(()) };
    let body = json!({"model": model, "input": ["alpha", "beta and more", "alpha"]});
    let call = call(model, &body, subject.patience);
    let permit = permit(subject.engine.backend())?;
    let whole = subject.engine.embed(permit, call).await.map_err(|error| error.to_string())?;
    let body = successful(&whole)?;
    let data = body["data"].as_array().ok_or("no data")?;
    must(data.len() == 3, || format!("{} embeddings for 3 inputs", data.len()))?;
    for (place, entry) in data.iter().enumerate() {
        must(entry["index"] == place, || format!("index {} at place {place}", entry["index"]))?;
        let numbers = entry["embedding"].as_array().is_some_and(|vector| !vector.is_empty());
        must(numbers, || "an empty embedding".to_owned())?;
    }
    let (first, other, again) =
        (&data[0]["embedding"], &data[1]["embedding"], &data[2]["embedding"]);
    must(first == again, || "the same input has two embeddings".to_owned())?;
    must(first != other, || "two inputs have the same embedding".to_owned())?;
    must(body["usage"]["prompt_tokens"].is_u64(), || body["usage"].to_string())
}

fn must(holds: bool, found: impl FnOnce() -> String) -> Verdict {
    if holds { Ok(()) } else { Err(found()) }
}

fn usage() -> Value {
    json!({"include_usage": true})
}

fn with(body: &Value, name: &str, value: Value) -> Value {
    let mut body = body.clone();
    body[name] = value;
    body
}

async fn within<T>(subject: &Subject, work: impl Future<Output = T>) -> Result<T, String> {
    let patience = subject.patience;
    let timeout = tokio::time::timeout(patience, work).await;
    timeout.map_err(|_| format!("nothing came within {patience:?}"))
}

async fn chat(subject: &Subject, call: Call) -> Result<Reply, EngineError> {
    let permit = permit(subject.engine.backend()).map_err(EngineError::Unavailable)?;
    subject.engine.chat(permit, call).await
}

async fn open(subject: &Subject, call: Call) -> Result<Events, String> {
    // A place that was just given back may take a moment to be free.
    let begin = Instant::now();
    while begin.elapsed() < subject.patience {
        match within(subject, chat(subject, call.clone())).await? {
            Ok(Reply::Stream(events)) => return Ok(events),
            Err(EngineError::Busy { .. }) => tokio::time::sleep(Duration::from_millis(20)).await,
            other => return Err(describe_reply(&other)),
        }
    }
    Err(format!("busy for {:?} although all answers were dropped", subject.patience))
}

async fn whole(subject: &Subject, body: &Value) -> Result<Value, String> {
    let call = call(&subject.chat_model, body, subject.patience);
    match within(subject, chat(subject, call)).await? {
        Ok(Reply::Whole(whole)) => successful(&whole),
        other => Err(describe_reply(&other)),
    }
}

fn successful(whole: &Whole) -> Result<Value, String> {
    must(whole.status == 200, || format!("status {}", whole.status))?;
    serde_json::from_slice(&whole.body).map_err(|error| error.to_string())
}

async fn streamed(subject: &Subject, body: &Value) -> Result<Assembled, String> {
    let body = with(body, "stream", json!(true));
    let mut stream = open(subject, call(&subject.chat_model, &body, subject.patience)).await?;
    let mut events = Vec::new();
    while let Some(event) = within(subject, stream.next()).await? {
        events.push(event.map_err(|error| error.to_string())?);
    }
    assemble(events.iter().map(|event| &event[..]))
}

fn describe_reply(reply: &Result<Reply, EngineError>) -> String {
    match reply {
        Ok(Reply::Stream(_)) => "a stream".to_owned(),
        Ok(Reply::Whole(whole)) => {
            format!("{} {}", whole.status, String::from_utf8_lossy(&whole.body))
        }
        Err(error) => format!("{error:?}"),
    }
}

/// More than the places any engine under test has.
const MANY: usize = 24;
/// So little that most engines are in the middle of a slow answer when it is over.
const SHORT: Duration = Duration::from_millis(30);
const LONG: Duration = Duration::from_secs(60);
