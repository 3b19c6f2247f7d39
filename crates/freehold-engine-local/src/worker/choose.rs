//! Chooses the next token of one text from its logits.

use llama_cpp_2::{
    model::LlamaModel,
    sampling::LlamaSampler,
    token::{
        LlamaToken, data::LlamaTokenData, data_array::LlamaTokenDataArray,
        logit_bias::LlamaLogitBias,
    },
};

use super::{constraint, logprobs};
use crate::protocol::{Constraint, FailureKind, Sampling};

/// The state of choosing: random numbers, penalties, grammar.
pub(super) struct Chooser {
    /// `None` takes the likeliest without further ado.
    chain: Option<LlamaSampler>,
    grammar: Option<LlamaSampler>,
}

impl Chooser {
    /// Begins a text of at most `limit` tokens.
    pub(super) fn new(
        model: &LlamaModel,
        sampling: &Sampling,
        wanted: Option<&Constraint>,
        limit: u32,
    ) -> Result<Self, (FailureKind, String)> {
        let grammar = wanted
            .map(|wanted| constraint::sampler(model, wanted))
            .transpose()
            .map_err(|reason| (FailureKind::Schema, reason))?;
        let outside = |(token, _): &&(u32, f32)| *token >= model.n_vocab().cast_unsigned();
        if let Some((token, _)) = sampling.bias.iter().find(outside) {
            return Err((
                FailureKind::Invalid,
                format!("logit_bias names token {token}, which the model lacks"),
            ));
        }
        Ok(Self { chain: chain(model, sampling, limit), grammar })
    }

    /// Chooses a token.
    pub(super) fn choose(&mut self, logits: &[f32]) -> LlamaToken {
        let token = self.pick(logits, false);
        let token = if self.fits(token) { token } else { self.pick(logits, true) };
        if let Some(chain) = &mut self.chain {
            chain.accept(token);
        }
        token
    }

    /// Tells the grammar that `token` was said.
    pub(super) fn accept(&mut self, token: LlamaToken) {
        if let Some(grammar) = &mut self.grammar {
            grammar.accept(token);
        }
    }

    fn pick(&mut self, logits: &[f32], by_grammar: bool) -> LlamaToken {
        if self.chain.is_none() && !by_grammar {
            return number(logprobs::greedy(logits));
        }
        let candidates = logits
            .iter()
            .enumerate()
            .map(|(token, logit)| LlamaTokenData::new(number(token), *logit, 0.0));
        let mut candidates = LlamaTokenDataArray::from_iter(candidates, false);
        if let Some(grammar) = self.grammar.as_mut().filter(|_| by_grammar) {
            candidates.apply_sampler(grammar);
        }
        match &mut self.chain {
            Some(chain) => candidates.apply_sampler(chain),
            None => candidates.apply_sampler(&mut LlamaSampler::greedy()),
        }
        candidates.selected_token().unwrap_or(number(logprobs::greedy(logits)))
    }

    /// Asking the grammar about one token is far cheaper than about all of them, and the model
    /// mostly wants to say what the grammar allows.
    fn fits(&mut self, token: LlamaToken) -> bool {
        let Some(grammar) = &mut self.grammar else { return true };
        let one = [LlamaTokenData::new(token, 1.0, 0.0)];
        let mut one = LlamaTokenDataArray::from_iter(one, false);
        one.apply_sampler(grammar);
        one.data.first().is_some_and(|data| data.logit().is_finite())
    }
}

/// Temperature comes before the cuts, as OpenAI's definition of `top_p` has it.
fn chain(model: &LlamaModel, sampling: &Sampling, limit: u32) -> Option<LlamaSampler> {
    let mut steps = Vec::new();
    if !sampling.bias.is_empty() {
        let biases: Vec<LlamaLogitBias> = sampling
            .bias
            .iter()
            .map(|(token, bias)| LlamaLogitBias::new(number(*token as usize), *bias))
            .collect();
        steps.push(LlamaSampler::logit_bias(model.n_vocab(), &biases));
    }
    let penalised = sampling.repeat_penalty != 1.0
        || sampling.frequency_penalty != 0.0
        || sampling.presence_penalty != 0.0;
    if penalised {
        steps.push(LlamaSampler::penalties(
            model.n_vocab(),
            i32::try_from(limit).unwrap_or(i32::MAX),
            sampling.repeat_penalty,
            sampling.frequency_penalty,
            sampling.presence_penalty,
        ));
    }
    if sampling.temperature <= 0.0 {
        if steps.is_empty() {
            return None;
        }
        steps.push(LlamaSampler::greedy());
        return Some(LlamaSampler::chain(steps, true));
    }
    steps.push(LlamaSampler::temp(sampling.temperature));
    if sampling.top_k > 0 {
        steps.push(LlamaSampler::top_k(i32::try_from(sampling.top_k).unwrap_or(i32::MAX)));
    }
    if sampling.top_p < 1.0 {
        steps.push(LlamaSampler::top_p(sampling.top_p, 1));
    }
    if sampling.min_p > 0.0 {
        steps.push(LlamaSampler::min_p(sampling.min_p, 1));
    }
    // The largest number would mean "random" to llama.cpp.
    steps.push(LlamaSampler::dist(sampling.seed.min(u32::MAX - 1)));
    Some(LlamaSampler::chain(steps, true))
}

fn number(token: usize) -> LlamaToken {
    LlamaToken(i32::try_from(token).unwrap_or(i32::MAX))
}
