//! `freehold catalog`: what is found, what is excluded and why, what is stale, and one's own facts.

use std::{fs, path::Path};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{Ran, run};

const LLAMA: &str = "meta-llama/Llama-3.1-8B-Instruct";

fn catalog(home: &Path, arguments: &str) -> Ran {
    let mut all = vec!["catalog"];
    all.extend(arguments.split_whitespace());
    run(home, &all)
}

fn found(home: &Path, arguments: &str) -> Vec<Value> {
    let ran = catalog(home, &format!("search {arguments} --all --json"));
    assert!([0, 1].contains(&ran.code), "{arguments}: {}", ran.stderr);
    ran.json().as_array().expect("a list").clone()
}

fn of<'a>(models: &'a [Value], id: &str) -> &'a Value {
    models.iter().find(|it| it["id"] == id).unwrap_or_else(|| panic!("{id} is not there"))
}

/// The constraints by which a model is out.
fn against(model: &Value) -> Vec<&str> {
    let reasons = model["reasons"].as_array().expect("a list");
    let out = reasons.iter().filter(|it| it["outcome"] == "excluded");
    out.map(|it| it["constraint"].as_str().expect("a name")).collect()
}

#[test]
fn each_exclusion_has_its_reason_and_source() {
    let home = tempfile::tempdir().expect("a folder");
    let check = |arguments: &str, id: &str, standing: &str, why: &[&str]| {
        let models = found(home.path(), arguments);
        let model = of(&models, id);
        assert_eq!(model["standing"], standing, "{arguments}: {model:#}");
        assert_eq!(against(model), why, "{arguments}");
        for reason in model["reasons"].as_array().expect("a list") {
            if reason["outcome"] == "excluded" {
                let facts = reason["facts"].as_array().expect("a list");
                assert!(!facts.is_empty(), "{reason:#}");
                for fact in facts {
                    let url = fact["source"]["url"].as_str().expect("an address");
                    assert!(url.starts_with("https://"), "{fact:#}");
                    assert!(fact["seen"].is_string() && fact["reverify"].is_string());
                }
            }
        }
    };
    check("--licence osi", LLAMA, "excluded", &["licence"]);
    check("--licence custom", LLAMA, "match", &[]);
    check("--context 128k", LLAMA, "match", &[]);
    check("--context 200k", LLAMA, "excluded", &["context"]);
    check("--users 700M --commercial", LLAMA, "match", &[]);
    check("--users 701M", LLAMA, "excluded", &["users"]);
    check("--language de,th", LLAMA, "match", &[]);
    check("--language fi", LLAMA, "excluded", &["languages"]);
    check("--memory 24GB --quantisation bf16", LLAMA, "match", &[]);
    check("--memory 16GB --quantisation bf16", LLAMA, "excluded", &["machine"]);
    check("--min-size 10B --max-size 20B", LLAMA, "excluded", &["parameters"]);
    check("--input image", LLAMA, "excluded", &["input"]);
    check("--task agents --hardware h100", LLAMA, "match", &[]);
}

#[test]
fn a_licence_stated_second_hand_says_by_whom_and_is_let_in_on_demand() {
    let home = tempfile::tempdir().expect("a folder");
    let check = |arguments: &str, code: i32, said: &str| {
        let ran = catalog(home.path(), arguments);
        assert_eq!(ran.code, code, "{arguments}: {}{}", ran.stdout, ran.stderr);
        let words: Vec<&str> = ran.stdout.split_whitespace().collect();
        assert!(words.join(" ").contains(said), "{arguments}: {}", ran.stdout);
    };
    check("show GLM-4.6", 0, "OSI open source, if the licence is what");
    check("search GLM-4.6 --licence osi", 1, "`--second-hand` lets them in");
    check("search GLM-4.6 --licence osi --second-hand", 0, "OSI open source?");
}

#[test]
fn none_is_an_answer_and_a_wrong_question_is_none() {
    let home = tempfile::tempdir().expect("a folder");
    let check = |arguments: &str, code: i32, said: &str| {
        let ran = catalog(home.path(), arguments);
        assert_eq!(ran.code, code, "{arguments}: {}{}", ran.stdout, ran.stderr);
        assert!(
            format!("{}{}", ran.stdout, ran.stderr).contains(said),
            "{arguments}: {}",
            ran.stderr
        );
    };
    check("search llama --licence osi --min-size 1T", 1, "0 match");
    check("search --task chess", 2, "there is no task class `chess`");
    check("search --hardware h1000", 2, "did you mean");
    check("search --quantisation q9 --memory 1GB", 2, "there is no form of weights `q9`");
    check("search --memory 24", 2, "write 24GB");
    check("search --memory 0", 2, "0 bytes of memory hold no model");
    check("search --hardware nvidia-h100-sxm-80gb --count 0", 2, "at least 1");
    check("search --memory 24GB --sequences 0", 2, "at least 1");
    check("search --memory 24GB --share 1.5", 2, "above 0 and at most 1");
    check("search --share 0.5", 2, "--memory <BYTES>");
    check("search --quantisation q4_k_m", 2, "--memory <BYTES>");
    check("search --language german", 2, "did you mean de?");
    check("search --language xx", 2, "no language code of ISO 639-1");
    check("search --licence source", 2, "source-available");
    check("search --region Europe", 2, "is no region");
    check("search --licence free", 2, "expected one of");
    check("search --min-size many", 2, "expected a number");
    check("show llama-3.1-8b-instuct", 2, "did you mean meta-llama/Llama-3.1-8B-Instruct");
    check("compare gpt-oss-120b gpt-oss-121b", 2, "there is no model `gpt-oss-121b`");
    check("hardware h10", 2, "did you mean");
    check("tasks chess", 2, "there is no task class `chess`");
    check("licences gpl", 2, "there is no licence `gpl`");
    check("show gpt-oss-120b --overlay absent.json", 2, "cannot read the overlay absent.json");
}

/// Whatever is shown fits a terminal of 80 columns, sources' addresses included.
#[test]
fn eighty_columns_are_enough() {
    let home = tempfile::tempdir().expect("a folder");
    for arguments in [
        "search --task code --hardware h100",
        "search llama --users 1B --region DE --commercial --all --why",
        "show llama-3.1-8b-instruct",
        "show deepseek-r1",
        "compare llama-3.1-8b-instruct gpt-oss-120b deepseek-r1 gpt-oss-20b",
        "hardware",
        "hardware h100",
        "prices",
        "tasks",
        "tasks code",
        "licences",
        "licences llama-3.1-community",
        "check",
    ] {
        let ran = catalog(home.path(), arguments);
        assert!([0, 1].contains(&ran.code), "{arguments}: {}", ran.stderr);
        assert!(ran.stdout.lines().count() > 3, "{arguments}: {}", ran.stdout);
        for line in ran.stdout.lines() {
            let width = line.chars().count();
            assert!(width <= 80, "{arguments}: {width} columns: {line}");
            assert_eq!(line, line.trim_end(), "{arguments}");
        }
        assert!(!ran.stdout.contains('\u{1b}'), "{arguments}: no colours where nobody looks");
    }
}

#[test]
fn what_is_not_known_is_said() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = catalog(home.path(), "show openai/gpt-oss-120b --json").json();
    let facts = ran["facts"].as_array().expect("a list");
    let at = |place: &str| &facts.iter().find(|it| it["place"] == place).expect("a place")["fact"];
    assert!(at("languages").is_null());
    assert_eq!(at("parameters")["value"], 117_000_000_000_u64);
    let text = catalog(home.path(), "show openai/gpt-oss-120b").stdout;
    assert!(text.contains("languages           not confirmed"), "{text}");
}

#[test]
fn facts_go_stale() {
    let home = tempfile::tempdir().expect("a folder");
    // The day on which the newest fact was read, as facts to come are findings, too.
    let before = catalog(home.path(), "check --on 2026-01-01 --json").json();
    let findings = before["findings"].as_array().expect("a list");
    let days = findings.iter().filter_map(|it| it["seen"].as_str());
    let newest = days.max().expect("facts were read after that day");
    let then = catalog(home.path(), &format!("check --on {newest} --json"));
    assert_eq!(then.code, 0, "{}", then.stdout);
    let later = catalog(home.path(), "check --on 2027-03-01 --json");
    assert_eq!(later.code, 1);
    let later = later.json();
    let stale: Vec<_> = later["findings"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|it| it["rule"] == "stale")
        .map(|it| it["place"].as_str().expect("a name"))
        .collect();
    // Prices hold for 90 days, shapes for two years.
    assert!(stale.contains(&"output") && !stale.contains(&"geometry"), "{stale:?}");
    let shown = catalog(home.path(), &format!("show {LLAMA} --on 2029-01-01")).stdout;
    assert!(shown.contains("stale"), "{shown}");
}

fn overlay(fact: Value) -> Value {
    json!({"schema": 1,
        "sources": [{"id": "own", "title": "Our own trial", "url": "https://example.org/trial",
            "kind": "measured", "licence": "own", "seen": "2026-11-20"}],
        "models": [{"id": LLAMA, "context": fact}]})
}

#[test]
fn one_s_own_facts_go_over_the_catalogue_s() {
    let home = tempfile::tempdir().expect("a folder");
    let data = home.path().join("data");
    fs::create_dir(&data).expect("it can be made");
    let fact = json!({"is": 16_384, "source": "own", "seen": "2026-11-20"});
    let write = |path: &Path, value: &Value| fs::write(path, value.to_string()).expect("written");
    let file = data.join("catalog-overlay.json");
    write(&file, &overlay(fact));
    let dir = data.display().to_string();
    let standing = |arguments: &str| {
        let models = found(home.path(), &format!("--context 100k {arguments}"));
        let model = of(&models, LLAMA).clone();
        (model["standing"].clone(), model["reasons"][0]["facts"][0]["overlay"].clone())
    };
    assert_eq!(standing(""), (json!("match"), json!(false)));
    assert_eq!(standing(&format!("--dir {dir}")), (json!("excluded"), json!(true)));
    assert_eq!(
        standing(&format!("--overlay {}", file.display())),
        (json!("excluded"), json!(true)),
    );
    let toml = home.path().join("freehold.toml");
    fs::write(&toml, "schema = 1\n[catalog]\noverlay = \"data/catalog-overlay.json\"\n")
        .expect("written");
    assert_eq!(standing(&format!("--config {}", toml.display())), (json!("excluded"), json!(true)));

    write(&file, &overlay(json!({"is": 1, "source": "llama-models", "seen": "2026-11-20"})));
    let ran = catalog(home.path(), &format!("check --dir {dir}"));
    assert_snapshot!(ran.text(home.path()), @"
    code: 2
    --- err
    error: the overlay [HOME]/data/catalog-overlay.json does not hold
    cause: [HOME]/data/catalog-overlay.json: a fact of `meta-llama/Llama-3.1-8B-Instruct` names source `llama-models`, which this file does not declare
    hint: its form is described in docs/reference/catalog.md
    ");
}

/// On facts of the test's own, so that it does not change with the catalogue's.
#[test]
fn a_list_as_people_see_it() {
    let home = tempfile::tempdir().expect("a folder");
    let fact =
        |value: Value| json!({"is": value, "source": "own", "seen": "2026-11-20", "at": "page 1"});
    let kv = json!([{"kind": "grouped", "layers": 32, "kv_heads": 8, "head_dim": 128}]);
    let shape = json!({"layers": 32, "hidden": 4096, "heads": 32, "kv_heads": 8, "head_dim": 128, "kv": kv});
    let model = |id: &str, licence: &str, context: u64| {
        json!({"id": id, "parameters": fact(json!(8_030_261_248_u64)), "context": fact(json!(context)),
            "geometry": fact(shape.clone()), "licence": {"weights": fact(json!(licence))}})
    };
    let mut overlay = overlay(fact(json!(1)));
    overlay["licences"] = json!([{"id": "house", "name": "House terms", "category": fact(json!("custom")),
        "watch": [{"effect": {"users_over": {"monthly_users": 1000, "then": "ask_licence"}}, "clause": "7",
            "words": "Above a thousand users, ask.", "source": "own", "seen": "2026-11-20"}]}]);
    overlay["models"] = json!([
        model("zzz/house-a", "MIT", 65_536),
        model("zzz/house-b", "house", 65_536),
        {"id": "zzz/house-c"},
        model("zzz/house-d", "MIT", 8_192),
    ]);
    let file = home.path().join("own.json");
    fs::write(&file, overlay.to_string()).expect("written");
    let with = format!("--overlay {} --on 2026-11-23", file.display());
    let ran = catalog(
        home.path(),
        &format!("search zzz/ --context 32k --users 2k --memory 24GB --all {with}"),
    );
    assert_snapshot!(ran.text(home.path()), @"
    code: 0
    --- out
    1 match
      model                                      size    weights licence   context
      zzz/house-a                                8.03 B  OSI open source   65,536
        16.1 GB weights (bf16) + 4.19 GB cache (1 × 32,000 tokens) = 20.3 GB
    ordered by licence category, newest release, fewest parameters, name

    1 not confirmed
      model                                      size    weights licence   context
      zzz/house-c                                ?       not confirmed     ?
        ? context: context not confirmed
        ? adopter: its weights licence is not confirmed
        ? machine: parameters not confirmed

    2 excluded
      model                                      size    weights licence   context
      zzz/house-b                                8.03 B  custom licence    65,536
        - users: House terms, clause 7: Above a thousand users, ask.
        ? adopter: whether House terms has more terms is not confirmed
      zzz/house-d                                8.03 B  OSI open source   8,192
        - context: 8,192 tokens of context, fewer than 32,000
    ");
    let ran = catalog(home.path(), &format!("search house-a --context 32k --why {with}"));
    assert_snapshot!(ran.text(home.path()), @"
    code: 0
    --- out
    1 match
      model                                      size    weights licence   context
      zzz/house-a                                8.03 B  OSI open source   65,536
        + context: 65,536 tokens of context
            own, seen 2026-11-20 (overlay): https://example.org/trial, page 1
    ordered by licence category, newest release, fewest parameters, name
    ");
    let ran =
        catalog(home.path(), &format!("compare zzz/house-a zzz/house-b --differences {with}"));
    assert_snapshot!(ran.text(home.path()), @"
    code: 0
    --- out
                        zzz/house-a                    zzz/house-b
    weights licence     MIT (overlay)                  house (overlay)
    licence category    OSI open source                open-weight with a custom
                                                       licence

    `freehold catalog show MODEL` has the source and day of each; (repeated) only a
    collection or the press states it
    ");
}
