//! Speed of the whole engine against a bare llama.cpp loop in one run: prompt and decode tokens
//! per second at batch 1 and 8, and the time to the first token.
//!
//!     cargo run --release -p freehold-engine-local --example bench [-- MODEL-FOLDER]
//!
//! Without a folder it makes a random model of 0.15 billion parameters. The bare loop is what
//! `llama-bench` and `llama-batched-bench` do (tokens in, logits out, no text); their own sources
//! are not part of the crate that brings llama.cpp.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bare;
mod random;
mod whole;

use std::{path::PathBuf, process::ExitCode};

use freehold_engine_local::{LocalEngine, LocalModel, LocalOptions};
use freehold_policy::BackendId;
use freehold_types::Principal;

/// What one side of the comparison achieves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Speed {
    /// Tokens per second of a long prompt.
    pub prompt: f64,
    /// Tokens per second of one text.
    pub one: f64,
    /// Tokens per second of eight texts together.
    pub eight: f64,
    /// Milliseconds from the request to the first token, prompt of 64 tokens or so.
    pub first: f64,
}

impl Speed {
    /// The better of two rounds in each figure: what disturbs a machine only ever slows it down.
    fn best(self, other: Self) -> Self {
        let first = if self.first == 0.0 { other.first } else { self.first.min(other.first) };
        Self {
            prompt: self.prompt.max(other.prompt),
            one: self.one.max(other.one),
            eight: self.eight.max(other.eight),
            first,
        }
    }
}

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some("worker") {
        return freehold_engine_local::worker::main();
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let scratch = tempfile::tempdir()?;
    let folder = match std::env::args().nth(1) {
        Some(folder) => PathBuf::from(folder),
        None => random::model(&scratch.path().join("random"))?,
    };
    let cache = scratch.path().join("cache");
    let threads = std::thread::available_parallelism()?.get() as u32;
    let mut options = LocalOptions::new(std::env::current_exe()?, cache.clone());
    (options.context, options.parallel, options.threads) = (1024, 8, threads);
    let rounds = 3;
    let (mut engine_best, mut bare_best) = (Speed::default(), Speed::default());
    for round in 1..=rounds {
        let admission = freehold_vet::admit(&folder, &Principal("bench".to_owned()))?;
        let model = LocalModel::new("model".to_owned(), admission);
        let engine = LocalEngine::start(BackendId("local".to_owned()), vec![model], &options)?;
        let engine_speed = whole::measure(engine)?;
        let gguf = std::fs::read_dir(&cache)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|end| end == "gguf"))
            .ok_or("no GGUF was derived")?;
        let bare_speed = bare::measure(&gguf, threads)?;
        eprintln!("round {round}: engine {engine_speed:?}, bare {bare_speed:?}");
        engine_best = engine_best.best(engine_speed);
        bare_best = bare_best.best(bare_speed);
    }
    println!("| {threads} threads, Q8_0, best of {rounds} | engine | bare llama.cpp | share |");
    println!("|---|---|---|---|");
    for (name, ours, theirs) in [
        ("prompt of 512, tokens/s", engine_best.prompt, bare_best.prompt),
        ("one text of 128, tokens/s", engine_best.one, bare_best.one),
        ("eight texts of 128, tokens/s", engine_best.eight, bare_best.eight),
    ] {
        println!("| {name} | {ours:.1} | {theirs:.1} | {:.3} |", ours / theirs);
    }
    let (ours, theirs) = (engine_best.first, bare_best.first);
    println!("| first token after, ms | {ours:.2} | {theirs:.2} | +{:.2} ms |", ours - theirs);
    Ok(())
}
