//! Reads what load generators write. Which one wrote a file is told by its content; whatever is
//! missing or impossible is an error with its place.

use serde::Serialize;
use serde_json::Value;

use super::{Observations, Run};

/// Who wrote a file of measurements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Tool {
    /// GuideLLM: `benchmarks.json`.
    GuideLlm,
    /// inference-perf: `summary_lifecycle_metrics.json` or `stage_0_lifecycle_metrics.json`.
    InferencePerf,
    /// AIPerf, or GenAI-Perf before it: `profile_export_aiperf.json`.
    AiPerf,
    /// `vllm bench serve --save-result`.
    VllmServe,
    /// `vllm bench throughput --output-json`.
    VllmThroughput,
    /// Freehold's own form.
    Freehold,
}

/// Why measurements cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum CalibrateError {
    /// It is not JSON.
    #[error("not JSON: line {line}, column {column}{}", if *ends { ", where it ends too early" } else { "" })]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// Whether more should follow.
        ends: bool,
    },
    /// Nothing that is known looks like this.
    #[error("not a result of GuideLLM, inference-perf, AIPerf, vLLM's benchmarks or Freehold")]
    Tool,
    /// A number is missing.
    #[error("{tool}: `{place}` is missing, or not a number")]
    Missing {
        /// Who seems to have written it.
        tool: Tool,
        /// Where it should be.
        place: String,
    },
    /// It does not say how many of the tokens were generated.
    #[error("{tool} writes only the sum of tokens read and generated: `{place}` is missing")]
    Lengths {
        /// Who wrote it.
        tool: Tool,
        /// Where it should be.
        place: &'static str,
    },
    /// A number cannot be.
    #[error("{tool}: `{place}` is {value}, and must be above 0")]
    Impossible {
        /// Who wrote it.
        tool: Tool,
        /// Where it is.
        place: String,
        /// What stands there.
        value: f64,
    },
    /// There is no run in it.
    #[error("{tool}: there is no finished run in it")]
    Empty {
        /// Who wrote it.
        tool: Tool,
    },
}

/// Reads a file of measurements.
///
/// # Errors
/// [`CalibrateError`] with the place.
pub fn calibrate(bytes: &[u8]) -> Result<Observations, CalibrateError> {
    let value: Value = serde_json::from_slice(bytes).map_err(|error| CalibrateError::Json {
        line: error.line(),
        column: error.column(),
        ends: error.is_eof(),
    })?;
    let tool = tool(&value).ok_or(CalibrateError::Tool)?;
    let root = Place { tool, value: &value, path: String::new() };
    let (model, runs) = match tool {
        Tool::GuideLlm => guidellm(&root)?,
        Tool::InferencePerf => (None, vec![inference_perf(&root)?]),
        Tool::AiPerf => aiperf(&root)?,
        Tool::VllmServe => (text(&value, &["model_id"]), vec![vllm_serve(&root)?]),
        Tool::VllmThroughput => return vllm_throughput(&root),
        Tool::Freehold => freehold(&root)?,
    };
    if runs.is_empty() {
        return Err(CalibrateError::Empty { tool });
    }
    Ok(Observations { tool, model, runs })
}

/// By keys that no other tool writes at the top.
fn tool(value: &Value) -> Option<Tool> {
    let has = |key: &str| value.get(key).is_some_and(|value| !value.is_null());
    let tools = [
        (Tool::Freehold, has("freehold_measurements")),
        (Tool::GuideLlm, has("benchmarks") && value.get("benchmarks").is_some_and(Value::is_array)),
        (Tool::InferencePerf, has("load_summary") && has("successes")),
        (Tool::AiPerf, has("output_token_throughput") && has("input_sequence_length")),
        (Tool::VllmServe, has("output_throughput") && has("total_input_tokens")),
        (Tool::VllmThroughput, has("elapsed_time") && has("total_num_tokens")),
    ];
    tools.into_iter().find(|(_, is)| *is).map(|(tool, _)| tool)
}

/// A value and where it is.
struct Place<'a> {
    tool: Tool,
    value: &'a Value,
    path: String,
}

impl<'a> Place<'a> {
    fn at(&self, keys: &[&str]) -> Place<'a> {
        let mut value = self.value;
        let mut path = self.path.clone();
        for key in keys {
            value = value.get(key).unwrap_or(&Value::Null);
            if !path.is_empty() {
                path.push('.');
            }
            path.push_str(key);
        }
        Place { tool: self.tool, value, path }
    }

    fn items(&self) -> Vec<Place<'a>> {
        let all = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        let place = |(index, value)| Place {
            tool: self.tool,
            value,
            path: format!("{}[{index}]", self.path),
        };
        all.iter().enumerate().map(place).collect()
    }

    fn maybe(&self, keys: &[&str]) -> Option<f64> {
        self.at(keys).value.as_f64().filter(|value| value.is_finite())
    }

    fn number(&self, keys: &[&str]) -> Result<f64, CalibrateError> {
        let place = self.at(keys);
        let missing = || CalibrateError::Missing { tool: self.tool, place: place.path.clone() };
        let value = place.value.as_f64().filter(|value| value.is_finite()).ok_or_else(missing)?;
        self.positive(&place.path, value)
    }

    fn positive(&self, path: &str, value: f64) -> Result<f64, CalibrateError> {
        let place = path.to_owned();
        match value > 0.0 && value < 1e15 {
            true => Ok(value),
            false => Err(CalibrateError::Impossible { tool: self.tool, place, value }),
        }
    }
}

fn text(value: &Value, keys: &[&str]) -> Option<String> {
    let found = keys.iter().try_fold(value, |value, key| value.get(key))?;
    found.as_str().map(str::to_owned)
}

fn positive(value: Option<f64>) -> Option<f64> {
    value.filter(|value| *value > 0.0)
}

/// Schema version 2 of GuideLLM 0.8.1, and what versions since 0.3 have in common: distributions by
/// status, of which the finished requests' means are taken.
fn guidellm(root: &Place<'_>) -> Result<(Option<String>, Vec<Run>), CalibrateError> {
    let mut runs = Vec::new();
    let mut model = None;
    for benchmark in root.at(&["benchmarks"]).items() {
        let metrics = benchmark.at(&["metrics"]);
        let mean = |name| metrics.number(&[name, "successful", "mean"]);
        let seconds =
            |name| positive(metrics.maybe(&[name, "successful", "mean"])).map(|ms| ms / 1e3);
        if metrics.maybe(&["request_totals", "successful"]) == Some(0.0) {
            continue;
        }
        let backend = ["config", "backend", "model"];
        model = model.or_else(|| text(benchmark.value, &backend));
        runs.push(Run {
            concurrency: mean("request_concurrency")?,
            input: mean("prompt_token_count")?,
            output: mean("output_token_count")?,
            generated: mean("output_tokens_per_second")?,
            first_token: seconds("time_to_first_token_ms"),
            between_tokens: seconds("inter_token_latency_ms"),
        });
    }
    Ok((model, runs))
}

/// inference-perf, `ResponsesSummary`. Latencies are in seconds. Where the load was a rate, requests
/// in flight follow from it: requests per second × mean latency (Little).
fn inference_perf(root: &Place<'_>) -> Result<Run, CalibrateError> {
    let good = root.at(&["successes"]);
    let latency = |name| positive(good.maybe(&["latency", name, "mean"]));
    let rate = good.number(&["throughput", "requests_per_sec"])?;
    let concurrency = match positive(root.maybe(&["load_summary", "concurrency"])) {
        Some(concurrency) => concurrency,
        None => rate * good.number(&["latency", "request_latency", "mean"])?,
    };
    let prompt = good.maybe(&["prompt_tokens", "mean"]).map_or("prompt_len", |_| "prompt_tokens");
    let output = good.maybe(&["output_tokens", "mean"]).map_or("output_len", |_| "output_tokens");
    Ok(Run {
        concurrency,
        input: good.number(&[prompt, "mean"])?,
        output: good.number(&[output, "mean"])?,
        generated: good.number(&["throughput", "output_tokens_per_sec"])?,
        first_token: latency("time_to_first_token"),
        between_tokens: latency("time_per_output_token"),
    })
}

/// Schema 1.4 of AIPerf 0.13.0, whose names are GenAI-Perf's. Times in milliseconds unless the unit
/// says otherwise.
fn aiperf(root: &Place<'_>) -> Result<(Option<String>, Vec<Run>), CalibrateError> {
    let average = |name| root.number(&[name, "avg"]);
    let seconds = |name: &str| {
        let value = positive(root.maybe(&[name, "avg"]))?;
        let per = match text(root.value, &[name, "unit"]).as_deref() {
            Some("s" | "sec" | "seconds") => 1.0,
            Some("us" | "µs") => 1e6,
            Some("ns") => 1e9,
            _ => 1e3,
        };
        Some(value / per)
    };
    let rate = average("request_throughput")?;
    let latency = seconds("request_latency").ok_or_else(|| CalibrateError::Missing {
        tool: root.tool,
        place: "request_latency.avg".to_owned(),
    })?;
    let run = Run {
        concurrency: rate * latency,
        input: average("input_sequence_length")?,
        output: average("output_sequence_length")?,
        generated: average("output_token_throughput")?,
        first_token: seconds("time_to_first_token"),
        between_tokens: seconds("inter_token_latency"),
    };
    let names = root.at(&["input_config", "model_names"]).items();
    let model = names.first().and_then(|name| name.value.as_str().map(str::to_owned));
    Ok((model, vec![run]))
}

/// vLLM 0.19's `bench serve`. Where the number of requests at once was not limited, it follows from
/// their rate and mean time: `time to first token + (tokens − 1) × time per token`.
fn vllm_serve(root: &Place<'_>) -> Result<Run, CalibrateError> {
    let completed = root.number(&["completed"])?;
    let input = root.number(&["total_input_tokens"])? / completed;
    let output = root.number(&["total_output_tokens"])? / completed;
    let milliseconds = |name| positive(root.maybe(&[name])).map(|ms: f64| ms / 1e3);
    let (first_token, between_tokens) =
        (milliseconds("mean_ttft_ms"), milliseconds("mean_tpot_ms"));
    let concurrency = match positive(root.maybe(&["max_concurrency"])) {
        Some(limit) => limit.min(completed),
        None => {
            let first = root.number(&["mean_ttft_ms"])? / 1e3;
            let between = root.number(&["mean_tpot_ms"])? / 1e3;
            let rate = root.number(&["request_throughput"])?;
            (rate * (first + (output - 1.0).max(0.0) * between)).min(completed)
        }
    };
    let generated = root.number(&["output_throughput"])?;
    Ok(Run { concurrency, input, output, generated, first_token, between_tokens })
}

/// `vllm bench throughput` writes only the sum of prompt and generated tokens: how many of them were
/// generated cannot be known.
fn vllm_throughput(root: &Place<'_>) -> Result<Observations, CalibrateError> {
    let missing = ["input_len", "output_len"].into_iter().find(|key| root.maybe(&[key]).is_none());
    if let Some(place) = missing {
        return Err(CalibrateError::Lengths { tool: root.tool, place });
    }
    let (input, output) = (root.number(&["input_len"])?, root.number(&["output_len"])?);
    let requests = root.number(&["num_requests"])?;
    let generated = root.number(&["requests_per_second"])? * output;
    let run = Run {
        concurrency: requests,
        input,
        output,
        generated,
        first_token: None,
        between_tokens: None,
    };
    Ok(Observations { tool: root.tool, model: None, runs: vec![run] })
}

/// `{"freehold_measurements": 1, "model": …, "runs": [{concurrency, input_tokens, output_tokens,
/// tokens_per_second, first_token_seconds, between_tokens_seconds}]}`; the last two may be absent.
fn freehold(root: &Place<'_>) -> Result<(Option<String>, Vec<Run>), CalibrateError> {
    let run = |place: Place<'_>| {
        Ok(Run {
            concurrency: place.number(&["concurrency"])?,
            input: place.number(&["input_tokens"])?,
            output: place.number(&["output_tokens"])?,
            generated: place.number(&["tokens_per_second"])?,
            first_token: positive(place.maybe(&["first_token_seconds"])),
            between_tokens: positive(place.maybe(&["between_tokens_seconds"])),
        })
    };
    let runs: Result<Vec<Run>, CalibrateError> =
        root.at(&["runs"]).items().into_iter().map(run).collect();
    Ok((text(root.value, &["model"]), runs?))
}

impl std::fmt::Display for Tool {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::GuideLlm => "GuideLLM",
            Self::InferencePerf => "inference-perf",
            Self::AiPerf => "AIPerf",
            Self::VllmServe => "vLLM bench serve",
            Self::VllmThroughput => "vLLM bench throughput",
            Self::Freehold => "Freehold",
        })
    }
}
