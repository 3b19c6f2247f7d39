//! An engine that answers from a script: text, waits, tool calls, errors and cut streams, for
//! tests of whatever stands before an engine. It computes nothing and sends nothing.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use freehold_policy::{BackendId, EgressPermit};
use futures_util::{StreamExt, stream};
use serde_json::{Value, json};

use crate::{
    BoxFuture, Call, Engine, EngineError, Events, Health, ModelKind, Reply, ServedModel, Whole,
    answer::{FinishReason, Head, Part, TokenLogprob, Usage},
};

/// One thing a scripted engine does, in order.
#[derive(Clone)]
pub enum Step {
    /// Says a piece of text; each piece counts as one token.
    Say(String),
    /// Lets time pass.
    Wait(Duration),
    /// Calls a tool, with its arguments as JSON text.
    CallTool(String, String),
    /// Ends without more: before anything was said as this error, in a stream after what was said.
    Fail(Failure),
    /// A successful stream ends here without a finish reason, as if the process had died.
    Cut,
    /// A complete response of another kind, such as a backend's own 429.
    Respond(Whole),
}

/// Makes an error; errors themselves cannot be copied.
pub type Failure = Arc<dyn Fn() -> EngineError + Send + Sync>;

type Author = dyn Fn(&Call) -> Vec<Step> + Send + Sync;

/// An engine that does what its script says.
pub struct ScriptedEngine {
    backend: BackendId,
    models: Vec<ServedModel>,
    author: Box<Author>,
    health: Mutex<Health>,
    calls: Mutex<Vec<Call>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    running: AtomicUsize,
    cancelled: AtomicUsize,
}

impl ScriptedEngine {
    /// An engine whose script is written anew for each call. It serves `scripted` for chat and
    /// `scripted-embedding` for embeddings; [`Self::with_models`] changes that.
    pub fn new(
        backend: impl Into<String>,
        author: impl Fn(&Call) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let model = |name: &str, kind| ServedModel {
            name: name.to_owned(),
            kind,
            digest: None,
            template: None,
            engine: "scripted".to_owned(),
            context: None,
        };
        Self {
            backend: BackendId(backend.into()),
            models: vec![
                model("scripted", ModelKind::Chat),
                model("scripted-embedding", ModelKind::Embedding),
            ],
            author: Box::new(author),
            health: Mutex::new(Health::Ready),
            calls: Mutex::default(),
            counts: Arc::default(),
        }
    }

    /// An engine that says the same pieces each time.
    pub fn saying(backend: impl Into<String>, pieces: &[&str]) -> Self {
        let steps: Vec<Step> = pieces.iter().map(|piece| Step::Say((*piece).to_owned())).collect();
        Self::new(backend, move |_| steps.clone())
    }

    /// Serves these models instead.
    #[must_use]
    pub fn with_models(mut self, models: Vec<ServedModel>) -> Self {
        self.models = models;
        self
    }

    /// What [`Engine::health`] says from now on.
    pub fn set_health(&self, health: Health) {
        *self.health.lock().unwrap_or_else(PoisonError::into_inner) = health;
    }

    /// The calls that arrived, in order.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many answers are being given now.
    pub fn running(&self) -> usize {
        self.counts.running.load(Ordering::SeqCst)
    }

    /// How many answers were dropped by the caller before their end.
    pub fn cancelled(&self) -> usize {
        self.counts.cancelled.load(Ordering::SeqCst)
    }

    fn accept(
        &self,
        permit: &EgressPermit,
        call: &Call,
        kind: ModelKind,
    ) -> Result<Value, EngineError> {
        crate::check_permit(permit, &self.backend)?;
        if !self.models.iter().any(|model| model.name == call.model && model.kind == kind) {
            return Err(EngineError::UnknownModel(call.model.clone()));
        }
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
        let invalid = |reason, parameter| EngineError::Invalid { reason, parameter };
        let body: Value =
            serde_json::from_slice(&call.body).map_err(|error| invalid(error.to_string(), None))?;
        let (field, present) = match kind {
            ModelKind::Chat => ("messages", body["messages"].is_array()),
            ModelKind::Embedding => ("input", !body["input"].is_null()),
        };
        if !present {
            return Err(invalid(format!("`{field}` is missing"), Some(field.to_owned())));
        }
        Ok(body)
    }

    fn begin(&self, call: &Call, body: &Value) -> Run {
        self.counts.running.fetch_add(1, Ordering::SeqCst);
        let number = self.calls.lock().unwrap_or_else(PoisonError::into_inner).len();
        Run {
            head: Head {
                id: format!("chatcmpl-scripted-{number}"),
                created: 1_767_225_600,
                model: call.model.clone(),
                fingerprint: "scripted".to_owned(),
            },
            steps: (self.author)(call).into_iter(),
            logprobs: body["logprobs"] == true,
            top: body["top_logprobs"].as_u64().unwrap_or(0) as usize,
            prompt: body["messages"].to_string().split_whitespace().count() as u64,
            said: 0,
            tools: 0,
            state: State::Opening,
            deadline: tokio::time::Instant::now() + call.timeout,
            timeout: call.timeout,
            counts: Arc::clone(&self.counts),
            ended: false,
        }
    }
}

impl Engine for ScriptedEngine {
    fn backend(&self) -> &BackendId {
        &self.backend
    }

    fn models(&self) -> Vec<ServedModel> {
        self.models.clone()
    }

    fn chat(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Reply, EngineError>> {
        Box::pin(async move {
            let body = self.accept(&permit, &call, ModelKind::Chat)?;
            let mut run = self.begin(&call, &body);
            let first = run.next().await;
            if let Some(Ok(Output::Other(whole))) = first {
                run.ended = true;
                return Ok(Reply::Whole(whole));
            }
            if call.stream {
                let usage = body["stream_options"]["include_usage"] == true;
                return match first {
                    Some(Err(error)) => Err(error),
                    Some(Ok(output)) => Ok(Reply::Stream(events(run, output, usage))),
                    None => Err(EngineError::Cut("the script is empty".to_owned())),
                };
            }
            let mut parts = Vec::new();
            let mut next = first;
            loop {
                match next {
                    Some(Ok(Output::Part(part))) => parts.push(part),
                    Some(Ok(Output::Other(whole))) => {
                        run.ended = true;
                        return Ok(Reply::Whole(whole));
                    }
                    Some(Err(error)) => return Err(error),
                    None => break,
                }
                next = run.next().await;
            }
            let body = run.head.whole(parts, run.usage());
            Ok(Reply::Whole(Whole { status: 200, body, retry_after: None }))
        })
    }

    fn embed(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Whole, EngineError>> {
        Box::pin(async move {
            let body = self.accept(&permit, &call, ModelKind::Embedding)?;
            let inputs = match &body["input"] {
                Value::Array(inputs) => inputs.clone(),
                one => vec![one.clone()],
            };
            let data: Vec<Value> = inputs
                .iter()
                .enumerate()
                .map(|(index, input)| {
                    // A unit vector that depends on the input's length, so that inputs differ.
                    let angle = input.to_string().len() as f32;
                    json!({"object": "embedding", "index": index,
                        "embedding": [angle.cos(), angle.sin()]})
                })
                .collect();
            let tokens = inputs.len();
            let body = json!({"object": "list", "data": data, "model": call.model,
                "usage": {"prompt_tokens": tokens, "total_tokens": tokens}});
            Ok(Whole { status: 200, body: Bytes::from(body.to_string()), retry_after: None })
        })
    }

    fn health(&self) -> BoxFuture<'_, Health> {
        let health = self.health.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async move { health })
    }
}

/// One answer on its way.
struct Run {
    head: Head,
    steps: std::vec::IntoIter<Step>,
    logprobs: bool,
    top: usize,
    prompt: u64,
    said: u64,
    tools: u32,
    state: State,
    deadline: tokio::time::Instant,
    timeout: Duration,
    counts: Arc<Counts>,
    ended: bool,
}

#[derive(PartialEq, Eq)]
enum State {
    Opening,
    Playing,
    Finished,
}

enum Output {
    Part(Part),
    Other(Whole),
}

impl Run {
    async fn next(&mut self) -> Option<Result<Output, EngineError>> {
        loop {
            if self.state == State::Finished {
                self.ended = true;
                return None;
            }
            // A script that begins with a wait or an error has not opened the answer yet.
            let opens = matches!(
                self.steps.as_slice().first(),
                Some(Step::Say(_) | Step::CallTool(..) | Step::Cut) | None
            );
            if self.state == State::Opening && opens {
                self.state = State::Playing;
                return Some(Ok(Output::Part(Part::Role { choice: 0 })));
            }
            match self.steps.next() {
                Some(Step::Wait(time)) => {
                    let until = tokio::time::Instant::now() + time;
                    tokio::time::sleep_until(until.min(self.deadline)).await;
                    if until > self.deadline {
                        return self.end(EngineError::Timeout(self.timeout));
                    }
                }
                Some(Step::Say(text)) => {
                    self.said += 1;
                    let logprobs = self.logprobs.then(|| vec![self.logprob(&text)]);
                    return Some(Ok(Output::Part(Part::Content { choice: 0, text, logprobs })));
                }
                Some(Step::CallTool(name, arguments)) => {
                    let index = self.tools;
                    self.tools += 1;
                    self.said += 1;
                    return Some(Ok(Output::Part(Part::ToolCall {
                        choice: 0,
                        index,
                        id: format!("call_scripted_{index}"),
                        name,
                        arguments,
                    })));
                }
                Some(Step::Fail(failure)) => return self.end(failure()),
                Some(Step::Cut) => {
                    return self.end(EngineError::Cut("the script says so".to_owned()));
                }
                Some(Step::Respond(whole)) => {
                    self.state = State::Finished;
                    return Some(Ok(Output::Other(whole)));
                }
                None => {
                    self.state = State::Finished;
                    let reason =
                        if self.tools > 0 { FinishReason::ToolCalls } else { FinishReason::Stop };
                    return Some(Ok(Output::Part(Part::Finish { choice: 0, reason })));
                }
            }
        }
    }

    fn end(&mut self, error: EngineError) -> Option<Result<Output, EngineError>> {
        self.state = State::Finished;
        self.ended = true;
        Some(Err(error))
    }

    fn logprob(&self, text: &str) -> TokenLogprob {
        let bytes = text.as_bytes().to_vec();
        let alternatives = (0..self.top).map(|place| match place {
            0 => (bytes.clone(), -0.25),
            other => (format!("other{other}").into_bytes(), -2.0 - other as f32),
        });
        TokenLogprob { logprob: -0.25, top: alternatives.collect(), bytes }
    }

    const fn usage(&self) -> Usage {
        Usage { prompt_tokens: self.prompt, cached_tokens: 0, completion_tokens: self.said }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.counts.running.fetch_sub(1, Ordering::SeqCst);
        if !self.ended {
            self.counts.cancelled.fetch_add(1, Ordering::SeqCst);
        }
    }
}

fn events(run: Run, first: Output, usage: bool) -> Events {
    struct Streaming {
        run: Run,
        first: Option<Output>,
        usage: bool,
        done: bool,
    }
    let streaming = Streaming { run, first: Some(first), usage, done: false };
    stream::unfold(streaming, |mut this| async move {
        if this.done {
            return None;
        }
        let next = match this.first.take() {
            Some(output) => Some(Ok(output)),
            None => this.run.next().await,
        };
        let event = match next {
            Some(Ok(Output::Part(part))) => Ok(this.run.head.event(&part, this.usage)),
            Some(Ok(Output::Other(_))) => {
                Err(EngineError::Protocol("a whole response in the middle of a stream".to_owned()))
            }
            Some(Err(error)) => Err(error),
            None if this.usage => {
                this.done = true;
                Ok(this.run.head.usage_event(this.run.usage()))
            }
            None => return None,
        };
        this.done |= event.is_err();
        Some((event, this))
    })
    .boxed()
}

#[cfg(test)]
mod tests;
