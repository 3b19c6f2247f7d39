//! `freehold plan` from outside: the answer, the bill, what does not fit, files, arithmetic, and the
//! examples in `docs/examples/`.

use std::{fs, path::Path};

use serde_json::json;

use crate::harness::{Ran, run};

fn plan(arguments: &[&str]) -> Ran {
    let home = tempfile::tempdir().expect("a folder");
    run(home.path(), &[&["plan"], arguments].concat())
}

const LLAMA: &[&str] = &["meta-llama/Llama-3.1-8B-Instruct", "--on", "nvidia-h100-sxm-80gb"];
const MODEL: &[&str] = &["Qwen/Qwen3-32B", "--on", "nvidia-h100-sxm-80gbx2"];

#[test]
fn both_columns_stand_side_by_side_on_a_terminal() {
    let ran = plan(&[MODEL, &["--requests-a-day", "2000"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let first = ran.stdout.lines().next().unwrap_or_default();
    assert!(
        first.starts_with("Running an open model yourself is wrong for you on cost"),
        "{first}"
    );
    for line in ran.stdout.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    for part in [
        "run it yourself",
        "hosted",
        "premium",
        "infrastructure",
        "security",
        "MLOps and audit",
        "talent",
        "Where they meet",
        "Two tiers",
        "1000x-inference",
        "Sources and assumptions",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains('\u{1b}'), "no colours where it is no terminal");
}

#[test]
fn no_line_is_zero_in_either_column() {
    let ran = plan(&[MODEL, &["--json"]].concat());
    let json = ran.json();
    let bills = json["money"]["bills"].as_array().expect("bills");
    assert_eq!(bills.len(), 3);
    for bill in bills {
        let lines = bill["lines"].as_array().expect("lines");
        assert_eq!(lines.len(), 4);
        for line in lines {
            assert!(line["month"]["value"].as_f64().is_some_and(|value| value > 0.0), "{line}");
        }
    }
}

#[test]
fn what_does_not_fit_is_a_finding_that_says_what_would() {
    let ran = plan(&["deepseek-r1", "--on", "nvidia-l4"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.starts_with("It does not fit"), "{}", ran.stdout);
    assert!(ran.stdout.contains("What would:"), "{}", ran.stdout);
}

#[test]
fn names_that_are_not_there_name_close_ones() {
    for (arguments, hint) in [
        (&["Qwen/Qwen3-32"][..], "Qwen/Qwen3-32B"),
        (&["--on", "h1000"][..], "nvidia-h100"),
        (&["--hosted", "groq/llama-3.1-8b-instan"][..], "groq/llama-3.1-8b-instant"),
        (&["Qwen/Qwen3-32B", "--on", "h100", "--quant", "fp9"][..], "fp8"),
    ] {
        let ran = plan(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.stdout);
        assert!(ran.stderr.contains("hint: close names:"), "{}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{hint}: {}", ran.stderr);
    }
    let ran = plan(&["--peak", "30"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("`peak` is 30, and can be 1 to 24"), "{}", ran.stderr);
}

#[test]
fn a_file_answers_and_a_flag_wins() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("load.toml");
    fs::write(
        &file,
        "model = \"Qwen/Qwen3-32B\"\non = \"h100\"\nrequests-a-day = 5000\nprefix-hits = 0.3\n",
    )
    .expect("it can be written");
    let path = file.display().to_string();
    let ran = run(home.path(), &["plan", "--from", &path, "--requests-a-day", "7000", "--json"]);
    let json = ran.json();
    let value = |key: &str| {
        let asked = json["asked"].as_array().expect("a list");
        let found = asked.iter().find(|one| one["key"] == key).expect("the question");
        (found["value"].as_str().map(str::to_owned), found["origin"].as_str().map(str::to_owned))
    };
    assert_eq!(value("requests-a-day").0.as_deref(), Some("7000 requests"));
    assert_eq!(value("prefix-hits"), (Some("0.3".to_owned()), Some("given".to_owned())));
    assert_eq!(value("salary").1.as_deref(), Some("default"));

    fs::write(&file, "requests = 5\n").expect("it can be written");
    let ran = run(home.path(), &["plan", "--from", &path]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("there is no `requests` in a plan"), "{}", ran.stderr);
}

#[test]
fn arithmetic_unfolds_to_inputs_and_sources() {
    let ran = plan(&[MODEL, &["--explain", "run it yourself: total"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for part in
        ["a post, a month", "salary × ", "bls.gov", "requests a second of a replica", "[as stated]"]
    {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    let ran = plan(&[MODEL, &["--explain", "nothing of that name"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("run it yourself: total"), "{}", ran.stderr);
}

#[test]
fn values_that_are_no_answers_end_as_every_error_does() {
    let check = |asked: &[&str], error: &str, hint: &str| {
        let ran = plan(asked);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{asked:?}");
        assert!(ran.stderr.starts_with(&format!("error: {error}")), "{}", ran.stderr);
        assert!(ran.stderr.contains(hint), "{}", ran.stderr);
        assert!(!ran.stderr.contains("Usage") && !ran.stderr.contains("\n\n"), "{}", ran.stderr);
    };
    check(&["--peak", "much"], "`much` is no number", "plan --help`");
    check(&["--on", "toaster"], "the catalogue has no hardware `toaster`", "catalog hardware`");
    check(&["--on", "h100x0"], "`h100x0` is no", "at least 1");
    check(&["--quant", "q9"], "no form of weights is called `q9`", "q8_0");
    check(&["--rank", "8"], "`rank` is the rank of an adapter", "fine-tune");
}

#[test]
fn own_measurements_move_the_plan() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/plan/vllm-bench-serve.json");
    let file = file.display().to_string();
    let capacity = |more: &[&str]| {
        let ran = plan(&[LLAMA, &["--json"], more].concat());
        ran.json()["machine"]["serving"]["capacity"]["value"].as_f64().expect("a number")
    };
    let (before, after) = (capacity(&[]), capacity(&["--calibrate", &file]));
    assert!((before - after).abs() > 0.01 * before, "{before} {after}");
    let text = plan(&[LLAMA, &["--calibrate", file.as_str()]].concat()).stdout;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains("Calibrated by vllm-bench-serve.json: 1 measurement."), "{text}");
    let none: &[&str] = &[];
    for (other, said) in
        [(MODEL, "plan `meta-llama/Llama-3.1-8B-Instruct`"), (none, "name the model")]
    {
        let ran = plan(&[other, &["--calibrate", file.as_str()]].concat());
        assert_eq!(ran.code, 2);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    let ran = plan(&[MODEL, &["--calibrate", "/dev/null"]].concat());
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("no measurements can be read"), "{}", ran.stderr);
}

#[test]
fn fine_tuning_is_told_where_it_is_asked() {
    let ran =
        plan(&["Qwen/Qwen3-8B", "--on", "nvidia-l40s", "--fine-tune", "lora", "--rank", "16"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("parameters are trained"), "{}", ran.stdout);
    let ran = plan(&["Qwen/Qwen3-8B", "--on", "nvidia-l40s", "--fine-tune", "full", "--json"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let room = &ran.json()["machine"]["room"];
    assert_eq!((&room["fits"], &room["devices"]), (&json!(false), &json!(1)));
    assert!(room["others"].as_array().is_some_and(|all| !all.is_empty()), "{room}");
}

#[test]
fn a_processor_takes_the_memory_that_its_machine_has() {
    let asked = ["Qwen/Qwen3-8B", "--on", "epyc-9654"];
    let ran = plan(&asked);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stderr.contains("hint: ") && ran.stderr.contains("--ram 256"), "{}", ran.stderr);
    let ran = plan(&[&asked[..], &["--ram", "256"]].concat());
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("One AMD EPYC 9654"), "{}", ran.stdout);
}

/// The reports in the documentation are what the program prints. `FREEHOLD_BLESS=1` writes them anew.
#[test]
fn the_examples_are_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    for (name, _) in EXAMPLES {
        let file = folder.join(format!("plan-{name}.toml"));
        let ran = plan(&["--from", &file.display().to_string(), "--markdown"]);
        assert_eq!(ran.code, 0, "{name}: {}", ran.stderr);
        let report = folder.join(format!("plan-{name}.md"));
        if std::env::var_os("FREEHOLD_BLESS").is_some() {
            fs::write(&report, &ran.stdout).expect("it can be written");
        }
        let kept = fs::read_to_string(&report).unwrap_or_default();
        assert!(
            kept == ran.stdout,
            "docs/examples/plan-{name}.md is not what the program prints; run the test with \
             FREEHOLD_BLESS=1"
        );
    }
}

/// Each persona's plan says what the persona's advice would lead one to expect of the money.
#[test]
fn the_personas_answers_are_theirs() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/examples");
    for (name, expected) in EXAMPLES {
        let file = folder.join(format!("plan-{name}.toml"));
        let ran = plan(&["--from", &file.display().to_string(), "--json"]);
        assert_eq!(ran.json()["money"]["verdict"]["choice"], *expected, "{name}");
    }
}

const EXAMPLES: &[(&str, &str)] = &[
    ("regulated-enterprise", "hosted"),
    ("high-volume-product", "undecided"),
    ("domain-specialist", "hosted"),
];
