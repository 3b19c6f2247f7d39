//! What the record will say about the answer, gathered while it passes.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use freehold_auditlog::{Confidence, ToolDecision, Usage, UsageSource};
use freehold_engine::EngineError;
use freehold_wire::{AnswerHead, Splice, UsageHead, span_in};

use super::call::Hidden;
use crate::{error::Refusal, release::Held};

/// Facts about one answer.
#[derive(Debug, Default)]
pub(super) struct Account {
    hidden: Hidden,
    prompt_bytes: usize,
    pub(super) reported_model: Option<String>,
    pub(super) finish_reason: Option<String>,
    pub(super) tools: Vec<ToolDecision>,
    pub(super) first_token: Option<Duration>,
    pub(super) truncated: bool,
    usage: Option<UsageHead>,
    text_bytes: usize,
    events: u32,
    logprob_sum: f64,
    logprob_tokens: u32,
    whole: Bytes,
    pieces: BytesMut,
}

/// What an event of a stream is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct EventNote {
    /// It has new text or calls.
    pub(super) says_something: bool,
    /// It ends a choice, or comes after all ends.
    pub(super) ends: bool,
    /// The client did not ask for it.
    pub(super) hidden: bool,
}

impl Account {
    /// Notes what was asked.
    pub(super) fn expect(&mut self, body: &Bytes, hidden: Hidden) {
        self.prompt_bytes = body.len();
        self.hidden = hidden;
    }

    /// Reads a whole answer.
    pub(super) fn read_whole(&mut self, body: Bytes) -> Result<Held, Refusal> {
        let base = body.clone();
        Held::read(body, |head| self.note(head, &base))
            .map_err(|error| EngineError::Protocol(error.to_string()).into())
    }

    /// Reads an event of a stream.
    pub(super) fn read_event(&mut self, payload: Bytes) -> Result<(Held, EventNote), Refusal> {
        let base = payload.clone();
        let mut note = EventNote { says_something: false, ends: false, hidden: false };
        let mut error = None;
        let held = Held::read(payload, |head| {
            note.says_something = head.says_something();
            note.ends = head.choices.iter().any(|choice| choice.finish_reason.is_some())
                || head.choices.is_empty();
            note.hidden = self.hidden.usage && head.choices.is_empty() && head.usage.is_some();
            error = head.error.map(|error| error.get().chars().take(ERROR_CHARACTERS).collect());
            self.events = self.events.saturating_add(u32::from(note.says_something));
            self.note(head, &base)
        })
        .map_err(|error| EngineError::Protocol(error.to_string()))?;
        match error {
            // Some servers report a failure as an event and then end the stream in good order.
            Some(error) => Err(EngineError::Cut(error).into()),
            None => Ok((held, note)),
        }
    }

    /// Keeps what is released, to be sealed.
    pub(super) fn output(&mut self, bytes: &Bytes) {
        self.whole = bytes.clone();
    }

    /// Keeps an event that is released, one a line.
    pub(super) fn output_event(&mut self, bytes: &Bytes) {
        self.pieces.extend_from_slice(bytes);
        self.pieces.extend_from_slice(b"\n");
    }

    /// Bytes kept so far.
    pub(super) fn output_length(&self) -> usize {
        self.pieces.len()
    }

    /// What was kept.
    pub(super) fn take_output(&mut self) -> Bytes {
        if self.pieces.is_empty() {
            return std::mem::take(&mut self.whole);
        }
        self.pieces.split().freeze()
    }

    /// Tokens as the backend reports them; else an estimate: a stream's events that say something,
    /// or a quarter of the bytes, OpenAI's rule of thumb for English
    /// (<https://help.openai.com/en/articles/4936856>).
    pub(super) fn usage(&self) -> Option<Usage> {
        let narrow = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        if let Some(UsageHead { prompt_tokens, completion_tokens }) = self.usage {
            return Some(Usage {
                prompt_tokens: narrow(prompt_tokens),
                completion_tokens: narrow(completion_tokens),
                source: UsageSource::Reported,
            });
        }
        let completion_tokens = match self.events {
            0 => narrow((self.text_bytes / 4) as u64),
            events => events,
        };
        (completion_tokens > 0).then(|| Usage {
            prompt_tokens: narrow((self.prompt_bytes / 4) as u64),
            completion_tokens,
            source: UsageSource::Estimated,
        })
    }

    /// The geometric mean of the probabilities of the answer's tokens, exp(1/N · Σ ln pᵢ): the
    /// length-normalised sequence probability of Malinin and Gales, "Uncertainty Estimation in
    /// Autoregressive Structured Prediction", ICLR 2021, section 3 (the inverse of perplexity).
    /// Over all tokens of all choices. `None` where the backend gave no probabilities.
    pub(super) fn confidence(&self) -> Option<Confidence> {
        (self.logprob_tokens > 0).then(|| Confidence {
            value: (self.logprob_sum / f64::from(self.logprob_tokens)).exp(),
            method: METHOD.to_owned(),
            tokens: self.logprob_tokens,
        })
    }

    /// Notes what an answer or event says about itself, and what to take out of it.
    fn note(&mut self, head: &AnswerHead<'_>, bytes: &[u8]) -> Splice {
        let mut splice = Splice::new();
        if let Some(model) = head.model.as_deref()
            && self.reported_model.as_deref() != Some(model)
        {
            self.reported_model = Some(model.to_owned());
        }
        self.usage = head.usage.or(self.usage);
        for choice in &head.choices {
            if let Some(reason) = choice.finish_reason.as_deref() {
                self.finish_reason = Some(reason.to_owned());
            }
            self.text_bytes += choice.text_bytes();
            let Some(raw) = choice.logprobs else { continue };
            if let Some((sum, tokens)) = choice.logprob_sum() {
                self.logprob_sum += sum;
                self.logprob_tokens += tokens;
            }
            if self.hidden.logprobs
                && let Some(span) = span_in(bytes, raw.get())
            {
                splice.replace(span, "null");
            }
        }
        splice
    }
}

const METHOD: &str = "mean-token-probability";
const ERROR_CHARACTERS: usize = 500;
