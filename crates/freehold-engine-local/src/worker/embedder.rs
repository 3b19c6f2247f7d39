//! Embeddings: each text is computed alone and in one piece, so that its vector never depends on
//! what stood beside it.

use std::{
    collections::VecDeque,
    io,
    os::unix::net::UnixStream,
    sync::mpsc::{Receiver, TryRecvError},
};

use llama_cpp_2::{
    context::LlamaContext, llama_batch::LlamaBatch, model::LlamaModel, token::LlamaToken,
};

use super::{load::Adapter, room::Room};
use crate::protocol::{Embed, FailureKind, FromWorker, ModelSpec, ToWorker, write_frame};

/// All requests in the making, in order.
pub(super) struct Embedder<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    adapters: Vec<Adapter>,
    active: Option<u32>,
    room: Room,
    queue: VecDeque<Work>,
}

struct Work {
    id: u64,
    adapter: Option<u32>,
    left: VecDeque<Vec<LlamaToken>>,
    vectors: Vec<Vec<f32>>,
    tokens: u32,
}

type Failure = (FailureKind, String);

impl<'model> Embedder<'model> {
    pub(super) fn new(
        model: &'model LlamaModel,
        context: LlamaContext<'model>,
        adapters: Vec<Adapter>,
        _spec: &ModelSpec,
    ) -> Self {
        let room = Room::new(model, context.n_ctx() as usize);
        Self { model, context, adapters, active: None, room, queue: VecDeque::new() }
    }

    /// Works until the server is gone.
    pub(super) fn run(
        mut self,
        inbox: &Receiver<ToWorker>,
        mut outbox: UnixStream,
    ) -> io::Result<()> {
        loop {
            let message = if self.queue.is_empty() {
                inbox.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                inbox.try_recv()
            };
            match message {
                Ok(message) => {
                    if let Some(answer) = self.receive(message) {
                        write_frame(&mut outbox, &answer)?;
                    }
                    continue;
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return Ok(()),
            }
            if let Some(answer) = self.work() {
                write_frame(&mut outbox, &answer)?;
            }
        }
    }

    fn receive(&mut self, message: ToWorker) -> Option<FromWorker> {
        match message {
            ToWorker::Embed(request) => {
                let id = request.id;
                match self.accept(request) {
                    Ok(work) => self.queue.push_back(work),
                    Err(failure) => return Some(FromWorker::Failed((id, failure))),
                }
            }
            ToWorker::Cancel(id) => self.queue.retain(|work| work.id != id),
            ToWorker::Ping(id) => return Some(FromWorker::Pong(id)),
            ToWorker::Generate(request) => {
                let reason = "this worker computes embeddings".to_owned();
                return Some(FromWorker::Failed((request.id, (FailureKind::Invalid, reason))));
            }
            ToWorker::Load(_) => {}
        }
        None
    }

    /// Turns texts into tokens, so that nothing is computed where one of them cannot be.
    fn accept(&self, request: Embed) -> Result<Work, Failure> {
        let vocabulary = self.model.vocab();
        let size = vocabulary.n_tokens().max(0).cast_unsigned();
        let mut left = VecDeque::new();
        for (place, text) in request.texts.iter().enumerate() {
            self.room
                .check(&format!("input {place}"), [text])
                .map_err(|reason| (FailureKind::TooLong, reason))?;
            left.push_back(vocabulary.tokenize(text.as_bytes(), true, false));
        }
        for tokens in request.tokens {
            if let Some(unknown) = tokens.iter().find(|token| **token >= size) {
                let reason = format!("token {unknown} is not in the vocabulary of {size}");
                return Err((FailureKind::Invalid, reason));
            }
            left.push_back(tokens.into_iter().map(|token| LlamaToken(token as i32)).collect());
        }
        for (place, tokens) in left.iter().enumerate() {
            if tokens.is_empty() {
                return Err((FailureKind::Invalid, format!("input {place} is empty")));
            }
            if tokens.len() > self.room.tokens {
                let (count, room) = (tokens.len(), self.room.tokens);
                let reason =
                    format!("input {place} has {count} tokens, and the context holds {room}");
                return Err((FailureKind::TooLong, reason));
            }
        }
        let tokens = left.iter().map(|tokens| tokens.len() as u32).sum();
        let vectors = Vec::with_capacity(left.len());
        Ok(Work { id: request.id, adapter: request.adapter, left, vectors, tokens })
    }

    /// Computes one text of the request that came first.
    fn work(&mut self) -> Option<FromWorker> {
        let mut work = self.queue.pop_front()?;
        if let Some(tokens) = work.left.pop_front() {
            match self.embed(&tokens, work.adapter) {
                Ok(vector) => work.vectors.push(vector),
                Err(reason) => {
                    return Some(FromWorker::Failed((work.id, (FailureKind::Compute, reason))));
                }
            }
        }
        if work.left.is_empty() {
            return Some(FromWorker::Embedded((work.id, (work.vectors, work.tokens))));
        }
        self.queue.push_front(work);
        None
    }

    fn embed(&mut self, tokens: &[LlamaToken], adapter: Option<u32>) -> Result<Vec<f32>, String> {
        self.use_adapter(adapter)?;
        self.context.clear_kv_cache();
        let mut batch = LlamaBatch::new(tokens.len(), 1);
        batch.add_sequence(tokens, 0, true).map_err(|error| error.to_string())?;
        self.context.decode(&mut batch).map_err(|error| error.to_string())?;
        let vector = self.context.embeddings_seq_ith(0).map_err(|error| error.to_string())?;
        let length = vector.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
        if !(length.is_finite() && length > 0.0) {
            return Err("the model computed a vector without a length".to_owned());
        }
        Ok(vector.iter().map(|x| (f64::from(*x) / length) as f32).collect())
    }

    fn use_adapter(&mut self, wanted: Option<u32>) -> Result<(), String> {
        if self.active == wanted {
            return Ok(());
        }
        let place = wanted.or(self.active).unwrap_or_default() as usize;
        let adapter = self.adapters.get_mut(place).ok_or("there is no such adapter")?;
        let changed = match wanted {
            Some(_) => self.context.lora_adapter_set(&mut adapter.weights, adapter.scale).is_ok(),
            None => self.context.lora_adapter_remove(&mut adapter.weights).is_ok(),
        };
        if !changed {
            return Err("llama.cpp refused the adapter".to_owned());
        }
        self.active = wanted;
        Ok(())
    }
}
