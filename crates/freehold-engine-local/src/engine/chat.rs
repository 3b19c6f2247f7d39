//! Chat completions: plan, ask, and write what comes as OpenAI's whole answer or its events.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use freehold_engine::{
    Call, EngineError, Events, Reply, Whole,
    answer::{Head, Part, Usage},
};
use futures_util::{StreamExt, stream};
use ring::rand::{SecureRandom, SystemRandom};

use super::Served;
use crate::{
    answer::Choice,
    protocol::{FailureKind, Generate, ToWorker},
    request::{Plan, Target, invalid, plan},
    supervisor::{Deadline, Event, Ticket},
};

/// Answers one request.
pub(super) async fn chat(
    served: &Served,
    adapter: Option<u32>,
    call: Call,
    deadline: Deadline,
) -> Result<Reply, EngineError> {
    let random = random()?;
    let loaded = served.worker.loaded()?;
    let (template, names) = (served.template.clone(), Arc::clone(&served.control));
    let template = template
        .ok_or_else(|| EngineError::Unavailable("the model has no chat template".to_owned()))?;
    let (body, parallel) = (call.body, served.parallel);
    let (shared, seed) = (Arc::clone(&loaded), [random[0], random[1], random[2], random[3]]);
    // Thousands of messages take the template seconds, in which this thread serves others.
    let planned = tokio::task::spawn_blocking(move || {
        let seed = u32::from_le_bytes(seed);
        plan(&body, &Target { template: &template, loaded: &shared, names: &names, parallel, seed })
    });
    let plan = planned.await.map_err(|error| EngineError::Cut(error.to_string()))??;
    let head = Head {
        id: format!("chatcmpl-{}", hex(&random[4..])),
        created: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
        model: call.model,
        fingerprint: loaded.build.clone(),
    };
    let ticket =
        served.worker.ask(plan.choices, |id, choice| generate(id, choice, adapter, &plan))?;
    let mut answer = Answer::new(&plan, head, ticket, deadline, served.strips_first_space);
    answer.begin().await?;
    if call.stream {
        return Ok(Reply::Stream(events(answer, plan.include_usage)));
    }
    let mut parts = Vec::new();
    while !answer.done() {
        answer.more(&mut parts).await?;
    }
    let body = answer.head.whole(parts, answer.usage());
    Ok(Reply::Whole(Whole { status: 200, body, retry_after: None }))
}

fn generate(id: u64, choice: u32, adapter: Option<u32>, plan: &Plan) -> ToWorker {
    let mut sampling = plan.sampling.clone();
    // Choices of one request differ, and each can be repeated.
    sampling.seed = sampling.seed.wrapping_add(choice.wrapping_mul(SEED_STEP));
    ToWorker::Generate(Generate {
        id,
        prompt: plan.prompt.clone(),
        adapter,
        max_tokens: plan.max_tokens,
        sampling,
        constraint: plan.constraint.clone(),
        logprobs: plan.logprobs,
    })
}

/// An answer on its way.
struct Answer {
    head: Head,
    choices: Vec<Choice>,
    ticket: Ticket,
    deadline: Deadline,
    prompt_tokens: u64,
    cached_tokens: u64,
    early: Vec<(u32, Event)>,
    /// Whether the schema that it must satisfy is that of a tool.
    calls_required: bool,
}

impl Answer {
    fn new(
        plan: &Plan,
        head: Head,
        ticket: Ticket,
        deadline: Deadline,
        strips_first_space: bool,
    ) -> Self {
        let calls = head.id.trim_start_matches("chatcmpl-").to_owned();
        let choices = (0..plan.choices).map(|index| {
            let calls = format!("{calls}{index:02}");
            let choice =
                Choice::new(index, plan.stops.clone(), plan.tools, plan.logprobs.is_some(), calls);
            if strips_first_space { choice.without_first_space() } else { choice }
        });
        Self {
            choices: choices.collect(),
            head,
            ticket,
            deadline,
            prompt_tokens: 0,
            cached_tokens: 0,
            early: Vec::new(),
            calls_required: plan.tools.is_some(),
        }
    }

    /// Waits until the first choice is being computed, so that what is wrong with the request is
    /// still an error of the call.
    async fn begin(&mut self) -> Result<(), EngineError> {
        let first = self.ticket.next(self.deadline).await?;
        match first {
            (_, Event::Failed { kind: FailureKind::Schema, reason }) if self.calls_required => {
                Err(invalid(reason, "tools"))
            }
            (_, Event::Failed { kind, reason }) => Err(failure(kind, reason)),
            event => {
                self.early.push(event);
                Ok(())
            }
        }
    }

    fn done(&self) -> bool {
        self.choices.iter().all(Choice::done)
    }

    /// Waits for an event, takes all others that are there, and adds what they amount to.
    async fn more(&mut self, parts: &mut Vec<Part>) -> Result<(), EngineError> {
        let event = match self.early.pop() {
            Some(event) => event,
            None => self.ticket.next(self.deadline).await?,
        };
        self.take(event, parts)?;
        while let Some(event) = self.ticket.ready() {
            self.take(event, parts)?;
        }
        Ok(())
    }

    fn take(
        &mut self,
        (index, event): (u32, Event),
        parts: &mut Vec<Part>,
    ) -> Result<(), EngineError> {
        let Some(choice) = self.choices.get_mut(index as usize) else { return Ok(()) };
        match event {
            Event::Started { prompt, kept } => {
                // The prompt is the same for all choices and counts once.
                self.prompt_tokens = u64::from(prompt);
                self.cached_tokens = u64::from(kept);
                parts.push(Part::Role { choice: index });
            }
            Event::Token { bytes, top } => {
                let was_done = choice.done();
                choice.token(bytes, top, parts);
                if choice.done() && !was_done {
                    self.ticket.cancel(index);
                }
            }
            Event::Finished(cause) => choice.finish(cause, parts),
            Event::Failed { kind, reason } => return Err(failure(kind, reason)),
            Event::Broken(error) => return Err(error),
            Event::Embedded { .. } | Event::Alive => {}
        }
        Ok(())
    }

    fn usage(&self) -> Usage {
        Usage {
            prompt_tokens: self.prompt_tokens,
            cached_tokens: self.cached_tokens,
            completion_tokens: self.choices.iter().map(Choice::count).sum(),
        }
    }
}

/// The events of an answer. What comes before the first of them was checked already.
fn events(answer: Answer, include_usage: bool) -> Events {
    struct Streaming {
        answer: Answer,
        queue: VecDeque<Bytes>,
        include_usage: bool,
        ended: bool,
    }
    let streaming = Streaming { answer, queue: VecDeque::new(), include_usage, ended: false };
    stream::unfold(streaming, |mut this| async move {
        loop {
            if let Some(event) = this.queue.pop_front() {
                return Some((Ok(event), this));
            }
            if this.ended {
                return None;
            }
            if this.answer.done() {
                this.ended = true;
                if this.include_usage {
                    let event = this.answer.head.usage_event(this.answer.usage());
                    this.queue.push_back(event);
                }
                continue;
            }
            let mut parts = Vec::new();
            let outcome = this.answer.more(&mut parts).await;
            let usage = this.include_usage;
            this.queue.extend(parts.iter().map(|part| this.answer.head.event(part, usage)));
            if let Err(error) = outcome {
                this.ended = true;
                this.queue.clear();
                return Some((Err(error), this));
            }
        }
    })
    .boxed()
}

pub(super) fn failure(kind: FailureKind, reason: String) -> EngineError {
    let parameter = match kind {
        FailureKind::TooLong => Some("messages"),
        FailureKind::Schema => Some("response_format"),
        FailureKind::Invalid => None,
        FailureKind::Compute => return EngineError::Cut(reason),
    };
    EngineError::Invalid { reason, parameter: parameter.map(str::to_owned) }
}

fn random() -> Result<[u8; 16], EngineError> {
    let mut bytes = [0; 16];
    SystemRandom::new()
        .fill(&mut bytes)
        .map_err(|_| EngineError::Unavailable("no random numbers from the system".to_owned()))?;
    Ok(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A large odd number: seeds of neighbouring requests do not meet.
const SEED_STEP: u32 = 0x9e37_79b1;
