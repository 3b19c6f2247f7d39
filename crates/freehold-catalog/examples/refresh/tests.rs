//! Newer copies that agree, differ, and lack something; and that what is written can be read.

use std::fs;

use serde_json::json;

use super::{
    upstream::{gpustack_of, prices_of},
    *,
};

const YAML: &str = "\
draft_models:
- name: Other
model_sets:
- name: Small-1 # the first
  description: It says: nothing
  size: 0.6
  categories:
    - llm
  capabilities:
    - context/128K
    - tools
  release_date: \"2025-04-19\"
  specs:
    - mode: standard
      quantization: BF16
      huggingface_repo_id: A/Small-1
- name: Large
  size: 2
  size_unit: T
  activated_size: 3
";

#[test]
fn gpustack_s_shape_is_read() {
    let upstream = gpustack_of(YAML).unwrap();
    assert_eq!(
        upstream.records["Small-1"],
        json!({"released": "2025-04-19", "parameters": 600_000_000, "active_parameters": null, "context": 131_072}),
    );
    assert_eq!(upstream.records["Large"]["parameters"], 2_000_000_000_000_u64);
    assert!(upstream.repositories.contains("A/Small-1"));
    assert_eq!(upstream.records.len(), 2);
    assert!(gpustack_of("models: []").is_err());
}

#[test]
fn prices_by_day_and_length_are_read() {
    let file = json!({"providers": [{"id": "p", "models": [{"id": "m", "context_window": 10, "prices": [
        {"prices": {"input_mtok": {"base": 3, "tiers": [{"start": 200_000, "price": 6}]}, "output_mtok": 15}},
        {"constraint": {"start_date": "2026-09-01"}, "prices": {"input_mtok": 2}},
        {"constraint": {"weekday": 1}, "prices": {"input_mtok": 1}},
    ]}, {"id": "n", "prices": [
        {"prices": {"input_mtok": 1}},
        {"constraint": {"start_time": "00:30:00Z", "end_time": "16:30:00Z"}, "prices": {"input_mtok": 2}},
    ]}]}]});
    let upstream = prices_of(&file);
    assert_eq!(upstream.records["p m"]["input"], 3);
    assert_eq!(upstream.records["p m"]["above 200000 input"], 6);
    assert_eq!(upstream.records["p m since 2026-09-01"]["input"], 2);
    assert_eq!(upstream.records["p n (from 00:30 to 16:30 UTC)"]["input"], 2);
    assert_eq!(upstream.records["p n (from 16:30 to 00:30 UTC)"]["input"], 1);
    assert_eq!(upstream.records.len(), 4);
}

#[test]
fn facts_are_compared_with_their_own_source_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let (from, data) = (folder.path().join("from"), folder.path().join("data"));
    fs::create_dir_all(data.join("models")).unwrap();
    fs::create_dir_all(from.join("gpustack/gpustack/assets")).unwrap();
    fs::write(from.join("gpustack/gpustack/assets/model-catalog.yaml"), YAML).unwrap();
    let source = |id: &str| json!({"id": id, "title": id, "url": "https://example.org", "kind": "dataset", "licence": "MIT", "commit": "old", "seen": "2026-01-01"});
    let fact = |value: Value, source: &str, at: &str| json!({"is": value, "source": source, "seen": "2026-01-01", "at": at});
    let file = json!({"schema": 1, "sources": [source("gpustack-catalog"), source("other")], "models": [{
        "id": "A/Small", "name": "Small", "publisher": "A", "family": "Small",
        "released": fact(json!("2025-04-19"), "gpustack-catalog", "`Small-1`"),
        "parameters": fact(json!(5), "gpustack-catalog", "`Small-1`"),
        "active_parameters": fact(json!(5), "gpustack-catalog", "`Small-1`"),
        "context": fact(json!(7), "other", "`Small-1`"),
    }]});
    let path = data.join("models/a.json");
    fs::write(&path, pretty::text(&file)).unwrap();
    let words = |extra: &[&str]| {
        let base = ["--from", from.to_str().unwrap(), "--data", data.to_str().unwrap()];
        let words: Vec<String> = base.iter().chain(extra).map(|it| (*it).to_owned()).collect();
        run(&Arguments::read(words.into_iter()).unwrap()).unwrap()
    };
    let report = words(&[]);
    assert_eq!(report.confirmed["gpustack-catalog"], 1);
    assert_eq!(
        report.changed,
        [("A/Small".into(), "parameters".into(), json!(5), json!(600_000_000))]
    );
    assert_eq!(report.gone, [("A/Small".into(), "active_parameters".into())]);
    assert_eq!(report.new.iter().collect::<Vec<_>>(), ["A/Small-1"]);
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        pretty::text(&file),
        "nothing is written unasked"
    );

    words(&["--write", "--commit", "gpustack-catalog=new"]);
    let written: Value = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let model = &written["models"][0];
    assert_eq!(model["parameters"]["is"], 600_000_000);
    assert_ne!(model["released"]["seen"], "2026-01-01", "it was seen again");
    assert_eq!(model["active_parameters"]["seen"], "2026-01-01", "it was not");
    assert_eq!(model["context"], file["models"][0]["context"], "it is another source's");
    assert_eq!(
        (&written["sources"][0]["commit"], &written["sources"][1]["commit"]),
        (&json!("new"), &json!("old"))
    );
    assert!(words(&[]).changed.is_empty());
}
