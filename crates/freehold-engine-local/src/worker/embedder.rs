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

use super::{
    adapters::Adapters,
    intake::{Arrival, Failure},
    room::Room,
};
use crate::protocol::{FailureKind, FromWorker, ToWorker, write_frame};

/// All requests in the making, in order.
pub(super) struct Embedder<'model> {
    context: LlamaContext<'model>,
    adapters: Adapters,
    queue: VecDeque<Work>,
}

/// A request in the making.
pub(super) struct Work {
    id: u64,
    adapter: Option<u32>,
    left: VecDeque<Vec<LlamaToken>>,
    vectors: Vec<Vec<f32>>,
    tokens: u32,
}

impl<'model> Embedder<'model> {
    pub(super) const fn new(context: LlamaContext<'model>, adapters: Adapters) -> Self {
        Self { context, adapters, queue: VecDeque::new() }
    }

    /// Tokens of context for each text.
    pub(super) fn each(&self) -> usize {
        self.context.n_ctx() as usize
    }

    /// Works until the server is gone.
    pub(super) fn run(
        mut self,
        inbox: &Receiver<Arrival<Work>>,
        mut outbox: UnixStream,
    ) -> io::Result<()> {
        loop {
            let arrival = if self.queue.is_empty() {
                inbox.recv().map_err(|_| TryRecvError::Disconnected)
            } else {
                inbox.try_recv()
            };
            match arrival {
                Ok(arrival) => {
                    if let Some(answer) = self.receive(arrival) {
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

    fn receive(&mut self, arrival: Arrival<Work>) -> Option<FromWorker> {
        match arrival {
            Arrival::Ready(work) => self.queue.push_back(work),
            Arrival::Refused(id, failure) => return Some(FromWorker::Failed((id, failure))),
            Arrival::Cancel(id) => self.queue.retain(|work| work.id != id),
            Arrival::Ping(id) => return Some(FromWorker::Pong(id)),
        }
        None
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
        self.adapters.put_on(&mut self.context, adapter)?;
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
}

/// Turns texts into tokens, so that nothing is computed where one of them cannot be.
pub(super) fn prepare(model: &LlamaModel, room: &Room, request: ToWorker) -> Result<Work, Failure> {
    let ToWorker::Embed(request) = request else {
        return Err((FailureKind::Invalid, "this worker computes embeddings".to_owned()));
    };
    let vocabulary = model.vocab();
    let size = vocabulary.n_tokens().max(0).cast_unsigned();
    let mut left = VecDeque::new();
    for (place, text) in request.texts.iter().enumerate() {
        room.check(&format!("input {place}"), [text])
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
        if tokens.len() > room.tokens {
            let (count, room) = (tokens.len(), room.tokens);
            let reason = format!("input {place} has {count} tokens, and the context holds {room}");
            return Err((FailureKind::TooLong, reason));
        }
    }
    let tokens = left.iter().map(|tokens| tokens.len() as u32).sum();
    let vectors = Vec::with_capacity(left.len());
    Ok(Work { id: request.id, adapter: request.adapter, left, vectors, tokens })
}
