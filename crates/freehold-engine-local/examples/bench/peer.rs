//! llama.cpp's own programs, where there are any.

use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{DEEP, Outcome, REPEATS, Speed, Work};

/// Measures the same numbers of tokens with `llama-bench` (one text) and `llama-batched-bench`
/// (eight), each with the settings that it takes by itself.
///
/// With flash attention as they choose, or without as the engine computes.
pub fn measure(gguf: &Path, threads: u32, work: Work, flash: Flash) -> Outcome<Option<Speed>> {
    let (Some(bench), Some(batched)) =
        (std::env::var_os("FREEHOLD_PEER_LLAMA_BENCH"), std::env::var_os(BATCHED))
    else {
        return Ok(None);
    };
    let (threads, said) = (threads.to_string(), work.said.to_string());
    let one = |words: &[&str]| {
        let mut command = Command::new(&bench);
        command.arg("-m").arg(gguf).args(["-t", &threads, "-o", "jsonl"]).args(words);
        command.args(["-r", &REPEATS.to_string()]).args(flash.words());
        lines(&mut command)
    };
    let mut speed = Speed::default();
    for line in one(&["-d", &work.depth.to_string(), "-p", "0", "-n", &DEEP.to_string()])? {
        speed.deep = DEEP as f64 / least(&line)?;
    }
    for line in one(&["-n", &said, "-p", &format!("{},{}", work.long, work.short)])? {
        let seconds = least(&line)?;
        let prompt = line["n_prompt"].as_u64().unwrap_or(0);
        match prompt {
            0 => speed.one = work.said as f64 / seconds,
            prompt if prompt == work.long => speed.prompt = prompt as f64 / seconds,
            _ => speed.first = seconds * 1e3,
        }
    }
    let mut command = Command::new(batched);
    command.arg("-m").arg(gguf).args(["-t", &threads, "-ntg", &said, "-c", "8192"]);
    command.args(["-npp", &work.opening.to_string(), "--output-format", "jsonl"]);
    command.args(flash.words());
    command.args(["-npl", &vec!["8"; REPEATS as usize].join(",")]);
    let speeds = lines(&mut command)?.into_iter().filter_map(|line| line["speed_tg"].as_f64());
    speed.eight = speeds.reduce(f64::max).ok_or("llama-batched-bench told no speed")?;
    Ok(Some(speed))
}

/// Which kernels attention takes.
#[derive(Debug, Clone, Copy)]
pub enum Flash {
    /// Those that the programs choose by themselves.
    Chosen,
    /// Not the fused ones, which round otherwise for many rows than for one.
    Off,
}

impl Flash {
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Chosen => &[],
            Self::Off => &["-fa", "off"],
        }
    }
}

/// The seconds of the quickest sample.
fn least(line: &Value) -> Outcome<f64> {
    let samples = line["samples_ns"].as_array().ok_or("llama-bench told no times")?;
    let least = samples.iter().filter_map(Value::as_f64).reduce(f64::min);
    Ok(least.ok_or("llama-bench told no times")? / 1e9)
}

fn lines(command: &mut Command) -> Outcome<Vec<Value>> {
    let output = command.output()?;
    if !output.status.success() {
        return Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
}

const BATCHED: &str = "FREEHOLD_PEER_LLAMA_BATCHED_BENCH";
