//! Each rule on data that break it, and the compiled-in data, which break none.

use serde_json::{Value, json};

use super::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn found(today: &str, records: Value) -> Vec<String> {
    let mut text = json!({"schema": 1, "sources": [
        {"id": "maker", "title": "M", "url": "https://example.org", "kind": "publisher", "licence": "MIT", "seen": "2026-11-01"},
        {"id": "fast", "title": "F", "url": "https://example.org", "kind": "dataset", "licence": "MIT", "seen": "2026-11-01", "reverify_days": 7}]});
    for (name, value) in records.as_object().unwrap() {
        text[name] = value.clone();
    }
    let catalog = Catalog::of_files(&[("test.json", &text.to_string())]).unwrap();
    let findings = catalog.check(day(today));
    let shown = findings.iter().filter(|it| it.rule != Rule::NotConfirmed);
    shown.map(|it| format!("{}: {}: {}: {}", it.severity, it.record, it.place, it.words)).collect()
}

fn fact(value: Value) -> Value {
    json!({"is": value, "source": "maker", "seen": "2026-11-01"})
}

#[test]
fn each_rule_finds_what_breaks_it() {
    let check = |records: Value, wanted: &[&str]| assert_eq!(found("2026-11-23", records), wanted);
    let model = |fields: Value| {
        let mut model = json!({"id": "a/b"});
        for (name, value) in fields.as_object().unwrap() {
            model[name] = value.clone();
        }
        json!({"models": [model]})
    };
    check(model(json!({"parameters": fact(json!(8)), "active_parameters": fact(json!(8))})), &[]);
    check(
        model(json!({"parameters": fact(json!(8)), "active_parameters": fact(json!(9))})),
        &["error: a/b: active_parameters: 9 active of 8 parameters"],
    );
    check(
        model(json!({"context": {"is": 1, "source": "nobody", "seen": "2026-11-01"}})),
        &["error: a/b: context: source `nobody` is not declared"],
    );
    check(
        model(json!({"context": {"is": 1, "source": "maker", "seen": "2026-11-24"}})),
        &["error: a/b: context: seen on 2026-11-24, which is to come"],
    );
    check(
        model(json!({"context": {"is": 1, "source": "fast", "seen": "2026-11-15"}})),
        &["warning: a/b: context: seen 2026-11-15, to be read again by 2026-11-22"],
    );
    check(
        model(
            json!({"context": {"is": 1, "source": "fast", "seen": "2026-11-15", "reverify": "2026-11-23"}}),
        ),
        &[],
    );
    check(
        model(json!({"licence": {"weights": fact(json!("none"))}})),
        &["error: a/b: licence.weights: there is no licence `none`"],
    );
    check(
        model(
            json!({"licence": {"data": {"is": "described", "source": "fast", "seen": "2026-11-20"}}}),
        ),
        &["note: a/b: licence.data: only fast states it, and repeats others"],
    );
    check(
        model(json!({"released": fact(json!("2027-01-01"))})),
        &["error: a/b: released: released on 2027-01-01, which is to come"],
    );
    let kv = json!([{"kind": "grouped", "layers": 3, "kv_heads": 16, "head_dim": 8}]);
    let shape = json!({"layers": 4, "hidden": 64, "heads": 8, "kv_heads": 16, "head_dim": 8, "vocab": 100, "tied": true, "intermediate": 256, "kv": kv});
    check(
        model(json!({"geometry": fact(shape), "parameters": fact(json!(1_000_000))})),
        &[
            "error: a/b: geometry: 1 M parameters, and its shape makes about 285 k",
            "error: a/b: geometry: 16 key-value heads for 8 heads",
            "error: a/b: geometry: 4 layers, and 3 in its cache groups",
        ],
    );
    check(
        json!({"hosted": [{"provider": "p", "model": "m", "open_model": "a/b", "input": fact(json!(-1.0)), "since": "2026-02-01", "until": "2026-01-01"}],
            "rental": [{"hardware": "h", "count": 1, "provider": "p", "commitment": "spot", "per_hour": fact(json!(1.0))}]}),
        &[
            "error: p 1 × h: hardware: there is no hardware `h`",
            "error: p m: open_model: there is no model `a/b`",
            "error: p m: price: a price below zero",
            "error: p m: since: since 2026-02-01 until 2026-01-01",
        ],
    );
}

#[test]
fn what_nobody_states_is_a_note() {
    let text = json!({"schema": 1, "models": [{"id": "a/b"}]}).to_string();
    let catalog = Catalog::of_files(&[("test.json", &text)]).unwrap();
    let findings = catalog.check(day("2026-11-23"));
    assert!(findings.iter().all(|it| it.severity == Severity::Note));
    let places = Finding::by_place(&findings, Rule::NotConfirmed);
    assert!(places.contains(&("licence.weights", 1)) && !places.contains(&("base_model", 1)));
}

#[test]
fn the_compiled_in_data_have_no_errors() {
    let catalog = Catalog::embedded().unwrap();
    let findings = catalog.check(day("2026-11-24"));
    let errors: Vec<&Finding> =
        findings.iter().filter(|it| it.severity != Severity::Note).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn in_five_years_every_fact_is_stale() {
    let catalog = Catalog::embedded().unwrap();
    let findings = catalog.check(day("2031-11-23"));
    let stale = findings.iter().filter(|it| it.rule == Rule::Stale).count();
    let facts: usize = catalog
        .records()
        .iter()
        .map(|(_, it)| it.places().iter().filter(|place| place.fact.is_some()).count())
        .sum();
    assert!(stale > 0 && stale <= facts);
    assert!(stale * 10 > facts * 9, "{stale} of {facts}");
}
