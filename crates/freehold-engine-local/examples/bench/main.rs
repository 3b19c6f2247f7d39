//! Speed of the whole engine, and of the whole gateway around it, against bare llama.cpp in one
//! run: prompt and decode tokens per second at batch 1 and 8, and the time to the first token.
//!
//!     cargo run --release -p freehold-engine-local --example bench \
//!         [-- [--threads N] [--rounds N] [FOLDER]]
//!
//! Without a folder it makes a random model of 0.15 billion parameters. Bare llama.cpp is a loop of
//! tokens in, logits out; and, where FREEHOLD_PEER_LLAMA_BENCH and
//! FREEHOLD_PEER_LLAMA_BATCHED_BENCH name them (`cargo xtask bench engine --peers`), its own
//! programs `llama-bench` and `llama-batched-bench`. All get the same numbers of tokens and of
//! threads. The sides take turns, one measurement each, and a ratio is the median of the turns':
//! what disturbs a machine for minutes disturbs both halves of a turn. A figure is its side's best.

#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bare;
mod peer;
mod random;
mod served;
mod whole;

use std::{path::PathBuf, process::ExitCode};

use freehold_engine_local::{LocalEngine, LocalModel, LocalOptions};
use freehold_policy::BackendId;
use peer::Flash;

type Figure = fn(&Speed) -> f64;
type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

/// What one side of the comparison achieves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Speed {
    /// Tokens per second of a long prompt.
    pub prompt: f64,
    /// Tokens per second of one text.
    pub one: f64,
    /// Tokens per second of eight texts together.
    pub eight: f64,
    /// Tokens per second of one text after a very long prompt.
    pub deep: f64,
    /// Milliseconds from the request to the first token of a short prompt's answer.
    pub first: f64,
}

/// The work, in tokens: as near to the round numbers as the model's chat template lets us come.
#[derive(Debug, Clone, Copy)]
pub struct Work {
    /// Of the long prompt.
    pub long: u64,
    /// Of the prompt whose first token is awaited.
    pub short: u64,
    /// Of the prompt before a text.
    pub opening: u64,
    /// Of the very long prompt before a text.
    pub depth: u64,
    /// Of a text.
    pub said: u64,
}

impl Speed {
    /// Of each figure the better one.
    fn best(self, other: Self) -> Self {
        let first = if self.first == 0.0 { other.first } else { self.first.min(other.first) };
        Self {
            prompt: self.prompt.max(other.prompt),
            one: self.one.max(other.one),
            eight: self.eight.max(other.eight),
            deep: self.deep.max(other.deep),
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

fn run() -> Outcome<()> {
    let scratch = tempfile::tempdir()?;
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let cores = std::thread::available_parallelism()?.get() as u32;
    let threads = option(&mut words, "--threads")?.unwrap_or(cores);
    let rounds = option(&mut words, "--rounds")?.unwrap_or(ROUNDS);
    let folder = match words.first() {
        Some(folder) => PathBuf::from(folder),
        None => random::model(&scratch.path().join("random"))?,
    };
    let cache = scratch.path().join("cache");
    let mut options = LocalOptions::new(std::env::current_exe()?, cache.clone());
    (options.context, options.parallel, options.threads) = (CONTEXT, 8, threads);
    let mut sides: Vec<(&str, Vec<Speed>)> = Vec::new();
    let mut last_work = None;
    for round in 1..=rounds {
        let admission = freehold_testkit::admission::admitted(&folder)
            .map_err(|error| error as Box<dyn std::error::Error>)?;
        let model = LocalModel::new("model".to_owned(), admission);
        let engine = LocalEngine::start(BackendId("local".to_owned()), vec![model], &options)?;
        let (work, by_engine, by_gateway) = whole::measure(engine, scratch.path())?;
        last_work = Some(work);
        let gguf = std::fs::read_dir(&cache)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .find(|path| path.extension().is_some_and(|end| end == "gguf"))
            .ok_or("no GGUF was derived")?;
        let mut speeds = vec![
            ("engine", by_engine),
            ("gateway", by_gateway),
            ("bare loop", bare::measure(&gguf, threads, work)?),
        ];
        for (name, flash) in [("llama-bench", Flash::Chosen), ("llama-bench -fa off", Flash::Off)] {
            if let Some(speed) = peer::measure(&gguf, threads, work, flash)? {
                speeds.push((name, speed));
            }
        }
        for (name, speed) in speeds {
            eprintln!("round {round}: {name} {speed:.2?}");
            match sides.iter_mut().find(|(one, _)| *one == name) {
                Some((_, speeds)) => speeds.push(speed),
                None => sides.push((name, vec![speed])),
            }
        }
    }
    report(&sides, threads, last_work.ok_or("no round")?);
    Ok(())
}

/// Takes an option with its number out of the words.
fn option(words: &mut Vec<String>, name: &str) -> Outcome<Option<u32>> {
    let Some(at) = words.iter().position(|word| word == name) else { return Ok(None) };
    let number = words.drain(at..(at + 2).min(words.len())).nth(1);
    Ok(Some(number.ok_or_else(|| format!("{name} wants a number"))?.parse()?))
}

fn report(sides: &[(&str, Vec<Speed>)], threads: u32, work: Work) {
    let (ours, theirs) = sides.split_at(2);
    let mut head = format!("| threads: {threads}, weights Q8_0");
    sides.iter().for_each(|(name, _)| head += &format!(" | {name}"));
    for (peer, _) in theirs {
        ours.iter().for_each(|(name, _)| head += &format!(" | {name} / {peer}"));
    }
    println!("{head} |\n|{}", "---|".repeat(1 + sides.len() + 2 * theirs.len()));
    let rows: [(String, Figure); 5] = [
        (format!("prompt of {}, tokens/s", work.long), |speed| speed.prompt),
        (format!("one text of {}, tokens/s", work.said), |speed| speed.one),
        (format!("eight texts of {}, tokens/s", work.said), |speed| speed.eight),
        (format!("one text after a prompt of {}, tokens/s", work.depth), |speed| speed.deep),
        (format!("first token after a prompt of {}, ms", work.short), |speed| speed.first),
    ];
    for (place, (name, figure)) in rows.into_iter().enumerate() {
        let mut row = format!("| {name}");
        for (_, speeds) in sides {
            let best = speeds.iter().copied().fold(Speed::default(), Speed::best);
            row += &format!(" | {:.2}", figure(&best));
        }
        for (_, their) in theirs {
            for (_, our) in ours {
                let turns = our.iter().zip(their).map(|(our, their)| (figure(our), figure(their)));
                row += &match place {
                    4 => format!(" | {:+.2} ms", median(turns.map(|(our, their)| our - their))),
                    _ => format!(" | {:.3}", median(turns.map(|(our, their)| our / their))),
                };
            }
        }
        println!("{row} |");
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Tokens that one text may have, its prompt included.
pub const CONTEXT: u32 = 2048;
/// Tokens of the text after the very long prompt.
pub const DEEP: u32 = 32;
/// How many turns the sides take.
const ROUNDS: u32 = 9;
/// How often each figure is taken in a turn.
pub const REPEATS: u32 = 1;
