//! Continuous batching: one loop computes all texts at once, each pass one token for every text
//! that is being said, and the prompts of those that wait to begin.

use std::{
    collections::VecDeque,
    io::{self, Write},
    os::unix::net::UnixStream,
    sync::mpsc::{Receiver, TryRecvError},
};

use llama_cpp_2::{
    context::LlamaContext, llama_batch::LlamaBatch, model::LlamaModel, token::LlamaToken,
};

use super::{
    adapters::Adapters,
    intake::Arrival,
    logprobs,
    ready::Ready,
    slot::{Slot, Text},
};
use crate::protocol::{
    FailureKind, FromWorker, ModelSpec, Started, Step, StopCause, Top, append_frame,
};

/// All texts in the making.
pub(super) struct Generator<'model> {
    model: &'model LlamaModel,
    context: LlamaContext<'model>,
    adapters: Adapters,
    slots: Vec<Slot>,
    waiting: VecDeque<Ready>,
    batch: LlamaBatch<'static>,
    batch_size: usize,
    keep_prefixes: bool,
    visible: Vec<LlamaToken>,
    order: u64,
    outgoing: Vec<FromWorker>,
    /// `outgoing` as it is written; kept for its memory.
    frames: Vec<u8>,
}

impl<'model> Generator<'model> {
    pub(super) fn new(
        model: &'model LlamaModel,
        context: LlamaContext<'model>,
        adapters: Adapters,
        spec: &ModelSpec,
    ) -> Self {
        let parallel = spec.parallel.max(1);
        let vocabulary = model.vocab();
        let visible = spec
            .visible
            .iter()
            .filter_map(|name| match vocabulary.tokenize(name.as_bytes(), false, true)[..] {
                [token] => Some(token),
                _ => None,
            })
            .collect();
        Self {
            model,
            context,
            adapters,
            slots: (0..parallel).map(Slot::new).collect(),
            waiting: VecDeque::new(),
            batch: LlamaBatch::new(spec.batch as usize, 1),
            batch_size: spec.batch as usize,
            keep_prefixes: spec.keep_prefixes,
            visible,
            order: 0,
            outgoing: Vec::new(),
            frames: Vec::new(),
        }
    }

    /// Tokens of context for each text.
    pub(super) fn each(&self) -> usize {
        self.context.n_ctx() as usize / self.slots.len()
    }

    /// Works until the server is gone.
    pub(super) fn run(
        mut self,
        inbox: &Receiver<Arrival<Ready>>,
        mut outbox: UnixStream,
    ) -> io::Result<()> {
        loop {
            let idle = self.waiting.is_empty() && self.slots.iter().all(|slot| slot.text.is_none());
            if idle {
                let Ok(arrival) = inbox.recv() else { return Ok(()) };
                self.receive(arrival);
            }
            loop {
                match inbox.try_recv() {
                    Ok(arrival) => self.receive(arrival),
                    Err(TryRecvError::Empty) => break,
                    Err(TryRecvError::Disconnected) => return Ok(()),
                }
            }
            self.begin_waiting();
            self.flush(&mut outbox)?;
            if let Some(adapter) = self.next_adapter() {
                self.compute_prompts(adapter);
                self.flush(&mut outbox)?;
                self.compute_texts(adapter);
                self.flush(&mut outbox)?;
            }
        }
    }

    /// Writes all that is to be said with one call: each wakes the server.
    fn flush(&mut self, outbox: &mut UnixStream) -> io::Result<()> {
        if self.outgoing.is_empty() {
            return Ok(());
        }
        self.frames.clear();
        for message in self.outgoing.drain(..) {
            append_frame(&mut self.frames, &message)?;
        }
        outbox.write_all(&self.frames)
    }

    fn receive(&mut self, arrival: Arrival<Ready>) {
        match arrival {
            Arrival::Ready(request) => self.waiting.push_back(request),
            Arrival::Refused(id, (kind, reason)) => self.fail(id, kind, reason),
            Arrival::Cancel(id) => self.cancel(id),
            Arrival::Ping(id) => self.outgoing.push(FromWorker::Pong(id)),
        }
    }

    fn cancel(&mut self, id: u64) {
        self.waiting.retain(|request| request.id != id);
        let running = |slot: &Slot| slot.text.as_ref().is_some_and(|text| text.request.id == id);
        if let Some(place) = self.slots.iter().position(running) {
            self.release(place);
        }
    }

    /// Gives waiting requests the places that are free.
    fn begin_waiting(&mut self) {
        while let Some(request) = self.waiting.front() {
            let Some((place, kept)) = self.best_place(&request.prompt, request.adapter) else {
                return;
            };
            if let Some(request) = self.waiting.pop_front() {
                self.begin(request, place, kept);
            }
        }
    }

    fn begin(&mut self, request: Ready, place: usize, kept: usize) {
        self.order += 1;
        let slot = &mut self.slots[place];
        slot.held.truncate(kept);
        slot.adapter = request.adapter;
        let prompt = request.prompt.len() as u32;
        let started = Started { id: request.id, prompt, kept: kept as u32 };
        slot.text = Some(Text { request, order: self.order, said: 0, next: None });
        let sequence = slot.sequence;
        // Failure to forget would mean that the context is inconsistent; forget all of it then.
        if self.context.clear_kv_cache_seq(Some(sequence), Some(kept as u32), None) != Ok(true) {
            let _ = self.context.clear_kv_cache_seq(Some(sequence), None, None);
            self.slots[place].held.clear();
        }
        self.outgoing.push(FromWorker::Started(started));
    }

    fn best_place(&self, prompt: &[LlamaToken], adapter: Option<u32>) -> Option<(usize, usize)> {
        self.slots
            .iter()
            .enumerate()
            .filter(|(_, slot)| slot.text.is_none())
            .map(|(place, slot)| (place, slot.common(prompt, adapter)))
            // Most in common; else the place that holds least, so that kept prefixes survive.
            .max_by_key(|(place, common)| {
                (
                    *common,
                    std::cmp::Reverse(self.slots[*place].held.len()),
                    std::cmp::Reverse(*place),
                )
            })
    }

    /// Texts with different adapters cannot share a pass. The adapter of the text that waits
    /// longest in its group takes turns with the others.
    fn next_adapter(&self) -> Option<Option<u32>> {
        let mut groups: Vec<Option<u32>> =
            self.slots.iter().filter(|slot| slot.text.is_some()).map(|slot| slot.adapter).collect();
        groups.sort_unstable();
        groups.dedup();
        let after = groups.iter().find(|group| **group > self.adapters.active());
        after.or(groups.first()).copied()
    }

    /// Computes as much of the waiting prompts as one pass holds, those that came first first.
    fn compute_prompts(&mut self, adapter: Option<u32>) {
        let mut places: Vec<usize> = self.places(adapter, |slot| slot.prompt_left() > 0);
        places.sort_by_key(|place| self.slots[*place].text.as_ref().map(|text| text.order));
        let mut ends = Vec::new();
        let mut taken = Vec::new();
        self.batch.clear();
        let mut left = self.batch_size;
        for place in places {
            let slot = &self.slots[place];
            let Some(text) = &slot.text else { continue };
            let count = slot.prompt_left().min(left);
            let from = slot.held.len();
            for at in from..from + count {
                let last = at + 1 == text.request.prompt.len();
                if last {
                    ends.push((place, self.batch.n_tokens()));
                }
                let sequence = [slot.sequence.cast_signed()];
                let _ = self.batch.add(text.request.prompt[at], at as i32, &sequence, last);
            }
            taken.push((place, count));
            left -= count;
            if left == 0 {
                break;
            }
        }
        if taken.is_empty() || !self.decode(adapter, taken.iter().map(|(place, _)| *place)) {
            return;
        }
        for (place, count) in taken {
            let slot = &mut self.slots[place];
            let from = slot.held.len();
            if let Some(text) = &slot.text {
                slot.held.extend_from_slice(&text.request.prompt[from..from + count]);
            }
        }
        self.say(&ends);
    }

    /// Computes one more token of every text that is being said.
    fn compute_texts(&mut self, adapter: Option<u32>) {
        let places =
            self.places(adapter, |slot| slot.text.as_ref().is_some_and(|text| text.next.is_some()));
        if places.is_empty() {
            return;
        }
        self.batch.clear();
        let mut ends = Vec::new();
        for place in &places {
            let slot = &mut self.slots[*place];
            let Some(token) = slot.text.as_mut().and_then(|text| text.next.take()) else {
                continue;
            };
            ends.push((*place, self.batch.n_tokens()));
            let at = slot.held.len() as i32;
            let _ = self.batch.add(token, at, &[slot.sequence.cast_signed()], true);
            slot.held.push(token);
        }
        if self.decode(adapter, places.into_iter()) {
            self.say(&ends);
        }
    }

    fn places(&self, adapter: Option<u32>, wanted: impl Fn(&Slot) -> bool) -> Vec<usize> {
        let places = self.slots.iter().enumerate();
        places
            .filter(|(_, slot)| slot.text.is_some() && slot.adapter == adapter && wanted(slot))
            .map(|(place, _)| place)
            .collect()
    }

    /// Computes the batch; on failure all texts in it fail.
    fn decode(&mut self, adapter: Option<u32>, places: impl Iterator<Item = usize>) -> bool {
        let computed = self
            .adapters
            .put_on(&mut self.context, adapter)
            .and_then(|()| self.context.decode(&mut self.batch).map_err(|error| error.to_string()));
        let Err(reason) = computed else { return true };
        for place in places.collect::<Vec<_>>() {
            if let Some(text) = &self.slots[place].text {
                let id = text.request.id;
                self.fail(id, FailureKind::Compute, reason.clone());
            }
            self.slots[place].held.clear();
            self.release(place);
        }
        false
    }

    /// Chooses a token for each place from its row of the batch, and ends what is finished.
    fn say(&mut self, ends: &[(usize, i32)]) {
        let mut steps = Vec::with_capacity(ends.len());
        let mut finished = Vec::new();
        for (place, row) in ends {
            let logits = self.context.get_logits_ith(*row);
            let Some(text) = &mut self.slots[*place].text else { continue };
            let token = text.request.chooser.choose(logits);
            if self.model.vocab().is_eog(token) {
                finished.push((*place, StopCause::End));
                continue;
            }
            text.request.chooser.accept(token);
            text.said += 1;
            text.next = Some(token);
            let top = text.request.logprobs.map(|count| {
                let total = logprobs::log_sum(logits);
                let chosen = logits.get(token.0.max(0).cast_unsigned() as usize);
                let likeliest = logprobs::likeliest(logits, count as usize);
                Top {
                    logprob: chosen.map_or(f32::NEG_INFINITY, |logit| logit - total),
                    likeliest: likeliest
                        .into_iter()
                        .map(|(other, logit)| {
                            let other = LlamaToken(other as i32);
                            (piece(self.model, other, true), logit - total)
                        })
                        .collect(),
                }
            });
            let bytes = piece(self.model, token, self.visible.contains(&token));
            steps.push(Step { id: text.request.id, bytes, top });
            if text.said >= text.request.limit {
                let cause =
                    if text.request.until_full { StopCause::Full } else { StopCause::Limit };
                finished.push((*place, cause));
            }
        }
        if !steps.is_empty() {
            self.outgoing.push(FromWorker::Step(steps));
        }
        for (place, cause) in finished {
            if let Some(text) = &self.slots[place].text {
                self.outgoing.push(FromWorker::Finished((text.request.id, cause)));
            }
            self.release(place);
        }
    }

    fn release(&mut self, place: usize) {
        let slot = &mut self.slots[place];
        slot.text = None;
        if !self.keep_prefixes {
            slot.held.clear();
        }
        let held = slot.held.len() as u32;
        let sequence = slot.sequence;
        let _ = self.context.clear_kv_cache_seq(Some(sequence), Some(held), None);
    }

    fn fail(&mut self, id: u64, kind: FailureKind, reason: String) {
        self.outgoing.push(FromWorker::Failed((id, (kind, reason))));
    }
}

fn piece(model: &LlamaModel, token: LlamaToken, control: bool) -> Vec<u8> {
    model.vocab().token_to_piece(token, control, None)
}
