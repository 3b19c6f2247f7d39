//! llama.cpp alone: tokens in, logits out, the likeliest token next.

use std::{num::NonZeroU32, path::Path, time::Instant};

use llama_cpp_2::{
    context::{LlamaContext, params::LlamaContextParams},
    llama_backend::LlamaBackend,
    llama_batch::LlamaBatch,
    model::{LlamaModel, params::LlamaModelParams},
    token::LlamaToken,
};

use crate::{CONTEXT, DEEP, Outcome, REPEATS, Speed, Work};

/// Measures the same work as the engine's, with the settings that `llama-bench` takes by itself.
pub fn measure(gguf: &Path, threads: u32, work: Work) -> Outcome<Speed> {
    let backend = LlamaBackend::init()?;
    llama_cpp_2::send_logs_to_tracing(llama_cpp_2::LogOptions::default().with_logs_enabled(false));
    let model = LlamaModel::load_from_file(&backend, gguf, &LlamaModelParams::default())?;
    let threads = i32::try_from(threads)?;
    let params = LlamaContextParams::default()
        .with_n_ctx(NonZeroU32::new(8 * CONTEXT))
        .with_n_seq_max(8)
        .with_n_batch(BATCH as u32)
        .with_n_ubatch(BATCH as u32)
        .with_n_threads(threads)
        .with_n_threads_batch(threads)
        .with_no_perf(true);
    let mut context = model.new_context(&backend, params)?;
    decode(&mut context, 8, 4, 1)?;
    let mut best = Speed::default();
    for _ in 0..REPEATS {
        let (opening, said) = (work.opening as i32, work.said as i32);
        let after = (said - 1) as f64;
        best = best.best(Speed {
            prompt: work.long as f64 / decode(&mut context, work.long as i32, 1, 1)?.0,
            first: decode(&mut context, work.short as i32, 1, 1)?.0 * 1e3,
            one: after / decode(&mut context, opening, said, 1)?.1,
            deep: (DEEP - 1) as f64 / decode(&mut context, work.depth as i32, DEEP as i32, 1)?.1,
            eight: 8.0 * after / decode(&mut context, opening, said, 8)?.1,
        });
    }
    Ok(best)
}

/// Computes `texts` prompts and then `said` tokens of each; returns the seconds of both.
fn decode(
    context: &mut LlamaContext<'_>,
    prompt: i32,
    said: i32,
    texts: i32,
) -> Outcome<(f64, f64)> {
    context.clear_kv_cache();
    let mut batch = LlamaBatch::new(BATCH, 1);
    let begun = Instant::now();
    let mut next = Vec::new();
    for text in 0..texts {
        for place in 0..prompt {
            batch.add(LlamaToken(20 + place * 7 % 10), place, &[text], place + 1 == prompt)?;
            let last = place + 1 == prompt;
            if last || batch.n_tokens() as usize == BATCH {
                context.decode(&mut batch)?;
                if last {
                    next.push(likeliest(context, batch.n_tokens() - 1));
                }
                batch.clear();
            }
        }
    }
    let first = begun.elapsed().as_secs_f64();
    let begun = Instant::now();
    for place in prompt..prompt + said - 1 {
        batch.clear();
        for (text, token) in (0..texts).zip(&next) {
            batch.add(*token, place, &[text], true)?;
        }
        context.decode(&mut batch)?;
        next = (0..texts).map(|text| likeliest(context, text)).collect();
    }
    Ok((first, begun.elapsed().as_secs_f64()))
}

fn likeliest(context: &LlamaContext<'_>, row: i32) -> LlamaToken {
    let mut best = (0, f32::NEG_INFINITY);
    for (token, logit) in (0..).zip(context.get_logits_ith(row)) {
        if *logit > best.1 {
            best = (token, *logit);
        }
    }
    LlamaToken(best.0)
}

/// Tokens that one pass takes in.
const BATCH: usize = 512;
