//! What is read of each tool, what is refused, and what measurements change.

use proptest::prelude::*;

use super::*;
use crate::testing::{llama_8b, llama_70b, on_h100};

fn file(name: &str) -> Vec<u8> {
    macro_rules! files {
        ($($file:literal),+) => {
            match name {
                $($file => include_bytes!(concat!("../../../../testdata/plan/", $file)).to_vec(),)+
                _ => panic!("{name}"),
            }
        };
    }
    files!(
        "guidellm-0.8.1.json",
        "inference-perf-010d12f.json",
        "aiperf-0.13.0.json",
        "vllm-bench-serve.json",
        "vllm-bench-throughput.json",
        "freehold.json"
    )
}

#[test]
fn each_tool_is_told_and_read() {
    let check = |name: &str, tool: Tool, runs: usize, last: Run, model: bool| {
        let all = calibrate(&file(name)).unwrap();
        assert_eq!((all.tool, all.runs.len(), all.model.is_some()), (tool, runs, model), "{name}");
        let own = all.runs.last().unwrap();
        let near = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-3;
        assert!(near(own.concurrency, last.concurrency), "{name}: {own:?}");
        assert!(near(own.input, last.input) && near(own.output, last.output), "{name}: {own:?}");
        assert!(near(own.generated, last.generated), "{name}: {own:?}");
        assert!(near(own.first_token.unwrap(), last.first_token.unwrap()), "{name}: {own:?}");
        assert!(near(own.between_tokens.unwrap(), last.between_tokens.unwrap()), "{name}: {own:?}");
    };
    let run = |concurrency, generated, first: f64, between: f64| Run {
        concurrency,
        input: 1024.0,
        output: 256.0,
        generated,
        first_token: Some(first),
        between_tokens: Some(between),
    };
    check("guidellm-0.8.1.json", Tool::GuideLlm, 3, run(64.0, 4300.0, 0.24, 0.0139), true);
    let perf = run(7.94 * 2.1, 2032.0, 0.09, 0.0078);
    check("inference-perf-010d12f.json", Tool::InferencePerf, 1, perf, false);
    let aiperf = run(7.4 * 2.16, 1894.0, 0.082, 0.0081);
    check("aiperf-0.13.0.json", Tool::AiPerf, 1, aiperf, true);
    check("vllm-bench-serve.json", Tool::VllmServe, 1, run(32.0, 2906.0, 0.14, 0.0104), true);
    check("freehold.json", Tool::Freehold, 1, run(8.0, 1150.0, 0.05, 0.0066), true);
}

#[test]
fn errors_have_a_place() {
    let check = |text: &str, error: &str| {
        assert_eq!(calibrate(text.as_bytes()).unwrap_err().to_string(), error, "{text}");
    };
    check("{", "not JSON: line 1, column 1, where it ends too early");
    check("{]", "not JSON: line 1, column 2");
    check("[]", "not a result of GuideLLM, inference-perf, AIPerf, vLLM's benchmarks or Freehold");
    check(
        r#"{"benchmarks": [{"metrics": {"request_concurrency": {"successful": {"mean": 4}}}}]}"#,
        "GuideLLM: `benchmarks[0].metrics.prompt_token_count.successful.mean` is missing, or not a \
         number",
    );
    check(r#"{"benchmarks": []}"#, "GuideLLM: there is no finished run in it");
    check(
        r#"{"freehold_measurements": 1, "runs": [{"concurrency": -1}]}"#,
        "Freehold: `runs[0].concurrency` is -1, and must be above 0",
    );
    let throughput = String::from_utf8(file("vllm-bench-throughput.json")).unwrap();
    check(
        &throughput,
        "vLLM bench throughput writes only the sum of tokens read and generated: `input_len` is missing",
    );
}

/// Runs at `factor` times the predicted speed.
fn runs(factor: f64, count: usize) -> Observations {
    let (shape, deployment) = (llama_8b(), on_h100(1, "bf16", "bf16"));
    let runs = (0..count).map(|index| {
        let concurrency = 4.0 * (index + 1) as f64;
        let replica = Replica::of(&shape, &deployment, (1000.0, 300.0), (0.0, 1300.0)).unwrap();
        Run {
            concurrency,
            input: 1000.0,
            output: 300.0,
            generated: factor * replica.rate(concurrency) * 300.0,
            first_token: Some(replica.first_token(concurrency) * 3.0),
            between_tokens: None,
        }
    });
    Observations { tool: Tool::Freehold, model: None, runs: runs.collect() }
}

fn fitted(factor: f64, count: usize) -> Calibration {
    let deployment = on_h100(1, "bf16", "bf16");
    posterior(&llama_8b(), &deployment, &runs(factor, count), "test").unwrap().unwrap()
}

#[test]
fn measurements_draw_the_plan_to_them_and_narrow_it() {
    let width = |figure: &Figure| {
        let ends = figure.interval().unwrap();
        (ends.high / ends.low).ln()
    };
    let (one, many) = (fitted(1.3, 1), fitted(1.3, 8));
    assert!(1.0 < one.speed.value() && one.speed.value() < many.speed.value());
    assert!(many.speed.value() < 1.3 && many.speed.value() > 1.2, "{}", many.speed.value());
    let deployment = on_h100(1, "bf16", "bf16");
    let replica = Replica::of(&llama_8b(), &deployment, (1000.0, 300.0), (0.0, 1300.0)).unwrap();
    let before = width(&replica.most().unwrap().generated);
    assert!(width(&one.speed) < before && width(&many.speed) < width(&one.speed));
    let after = replica.measured(&many).most().unwrap().generated;
    assert!(after.sources().iter().any(|source| matches!(source, Source::Measured { .. })));
    assert!(width(&after) < before);
    assert!(many.first_token.is_some());
}

#[test]
fn measurements_of_another_model_are_refused() {
    let catalog = freehold_catalog::Catalog::embedded().unwrap();
    let check = |planned: &str, found: Option<&str>, expected: bool| {
        let mut all = runs(1.0, 1);
        all.model = found.map(str::to_owned);
        let planned = catalog.model(planned).unwrap();
        let error = same_model(catalog, planned, &all, "own.json").err();
        assert_eq!(error.is_none(), expected, "{found:?}");
        for name in [planned.id.0.as_str(), found.unwrap_or_default()] {
            assert!(error.as_ref().is_none_or(|error| error.to_string().contains(name)));
        }
    };
    let llama = "meta-llama/Llama-3.1-8B-Instruct";
    check(llama, None, true);
    check(llama, Some(llama), true);
    check(llama, Some("/models/Llama-3.1-8B-Instruct/"), true);
    check(llama, Some("somebody/Meta-Llama-3.1-8B-Instruct-FP8-dynamic"), true);
    check("Qwen/Qwen3-32B", Some(llama), false);
    check(llama, Some("my-model"), false);
}

#[test]
fn what_no_device_can_do_is_refused() {
    let (shape, deployment) = (llama_8b(), on_h100(1, "bf16", "bf16"));
    let check = |factor: f64, expected: bool| {
        let found = implausible(&shape, &deployment, &runs(factor, 2), "own.json").unwrap();
        assert_eq!(found.is_some(), expected, "{factor}: {found:?}");
    };
    check(1.0, false);
    check(2.0, false);
    check(30.0, true);
    check(1e6, true);
}

#[test]
fn nothing_is_learned_of_what_does_not_fit() {
    let deployment = on_h100(1, "bf16", "bf16");
    assert!(posterior(&llama_70b(), &deployment, &runs(1.0, 1), "test").unwrap().is_none());
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let keys = prop::sample::select(vec![
        "benchmarks",
        "metrics",
        "successful",
        "mean",
        "load_summary",
        "successes",
        "latency",
        "output_token_throughput",
        "input_sequence_length",
        "avg",
        "unit",
        "output_throughput",
        "total_input_tokens",
        "completed",
        "freehold_measurements",
        "runs",
        "concurrency",
        "elapsed_time",
        "total_num_tokens",
        "input_len",
        "output_len",
        "request_totals",
    ]);
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        ".{0,6}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            prop::collection::hash_map(keys.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|all| serde_json::Value::Object(all.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn hostile_bytes_are_errors(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        _ = calibrate(&bytes);
    }

    #[test]
    fn hostile_shapes_are_errors(value in json()) {
        if let Ok(all) = calibrate(value.to_string().as_bytes()) {
            for run in all.runs {
                prop_assert!(run.generated > 0.0 && run.concurrency > 0.0);
            }
        }
    }

    #[test]
    fn changed_bytes_of_a_real_file_are_errors_or_numbers(at in 0usize..6000, byte in any::<u8>()) {
        let mut bytes = file("guidellm-0.8.1.json");
        let at = at % bytes.len();
        bytes[at] = byte;
        _ = calibrate(&bytes);
    }
}
