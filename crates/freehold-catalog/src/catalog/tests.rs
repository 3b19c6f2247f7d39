//! Parsing, looking up, and the overlay.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::FactKind;

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

const LLAMA: &str = "meta-llama/Llama-3.1-8B-Instruct";

#[test]
fn models_are_found_by_any_of_their_names() {
    let catalog = Catalog::embedded().unwrap();
    let check = |name: &str, id: Option<&str>| {
        assert_eq!(catalog.model(name).map(|it| it.id.0.as_str()), id, "{name}");
    };
    check(LLAMA, Some(LLAMA));
    check("META-LLAMA/llama-3.1-8b-instruct", Some(LLAMA));
    check("meta-llama/Meta-Llama-3.1-8B-Instruct", Some(LLAMA));
    check("llama-3.1-8b-instruct", Some(LLAMA));
    check("llama", None);
    assert!(catalog.close_models("lama-3.1-8b-instruct").contains(&LLAMA));
    assert!(catalog.close_models("zzzzqqq").is_empty());
    assert_eq!(
        catalog.hardware_named("H100").map(|it| it.id.0.as_str()),
        Some("nvidia-h100-sxm-80gb")
    );
    assert!(catalog.close_hardware("h-100").contains(&"nvidia-h100-sxm-80gb"));
}

fn overlay(models: serde_json::Value) -> String {
    json!({"schema": 1, "models": models, "sources": [{
        "id": "own-tests", "title": "Our own tests", "url": "https://intranet.example.org/tests",
        "kind": "measured", "licence": "own", "seen": "2026-11-20"}]})
    .to_string()
}

#[test]
fn an_overlay_goes_over_fact_by_fact_and_is_marked() {
    let embedded = Catalog::embedded().unwrap();
    let fact = |value| json!({"is": value, "source": "own-tests", "seen": "2026-11-20"});
    let text = overlay(json!([
        {"id": LLAMA, "context": fact(json!(65_536)), "also": ["house-llama"],
         "scores": [{"benchmark": "mmlu-pro", "score": 47.0, "metric": "percent correct", "source": "own-tests", "seen": "2026-11-20"}]},
        {"id": "ours/tuned", "parameters": fact(json!(8_030_261_248_u64))},
    ]));
    let catalog = embedded.with_overlay("overlay.json", &text).unwrap();
    let model = catalog.model("house-llama").unwrap();
    assert_eq!(model.context.as_ref().unwrap().is, 65_536);
    assert_eq!(model.parameters, embedded.model(LLAMA).unwrap().parameters);
    assert_eq!(model.name, "Llama 3.1 8B Instruct");
    let marked = |name: &str| {
        let cited = catalog.cite_place(LLAMA, model, name, today()).unwrap();
        cited.overlay
    };
    assert!(marked("context") && !marked("parameters"));
    assert_eq!(catalog.model("tuned").unwrap().publisher, "ours");
    assert!(embedded.model("tuned").is_none());
}

#[test]
fn an_overlay_stands_on_its_own_sources() {
    let embedded = Catalog::embedded().unwrap();
    let check = |text: &str, words: &str| {
        let error = embedded.with_overlay("overlay.json", text).err().map(|it| it.to_string());
        assert_eq!(error.as_deref(), Some(words));
    };
    check(
        &overlay(
            json!([{"id": LLAMA, "context": {"is": 1, "source": "llama-models", "seen": "2026-11-20"}}]),
        ),
        "overlay.json: a fact of `meta-llama/Llama-3.1-8B-Instruct` names source `llama-models`, which this file does not declare",
    );
    let theirs = overlay(json!([])).replace("own-tests", "llama-models");
    check(&theirs, "overlay.json: source `llama-models` is there already");
    check(r#"{"schema": 2}"#, "overlay.json has `schema` 2; this program reads 1");
    check(r#"{"schema": 1, "modles": []}"#, "overlay.json cannot be read as catalogue data");
}

#[test]
fn what_is_said_twice_is_an_error() {
    let text = json!({"schema": 1, "models": [{"id": "a/b"}, {"id": "a/b"}]}).to_string();
    let error = Catalog::of_files(&[("x.json", &text)]).err().map(|it| it.to_string());
    assert_eq!(error.as_deref(), Some("x.json: model `a/b` is there already"));
}

#[test]
fn the_day_to_read_again_is_the_facts_the_sources_or_the_kinds() {
    let source = |days: Option<u32>| {
        json!({"id": "s", "title": "S", "url": "https://example.org", "kind": "dataset",
            "licence": "MIT", "seen": "2026-11-01", "reverify_days": days})
    };
    let check = |days: Option<u32>, own: Option<&str>, wanted: &str| {
        let mut fact = json!({"is": 1, "source": "s", "seen": "2026-11-01"});
        if let Some(own) = own {
            fact["reverify"] = json!(own);
        }
        let text = json!({"schema": 1, "sources": [source(days)], "models": [{"id": "a/b", "context": fact}]});
        let catalog = Catalog::of_files(&[("x.json", &text.to_string())]).unwrap();
        let fact = catalog.model("a/b").unwrap().context.as_ref().unwrap();
        let shown = catalog.provenance(fact, FactKind::Price, today()).unwrap();
        assert_eq!(shown.reverify.to_string(), wanted);
        assert!(!shown.primary && !shown.overlay);
    };
    check(None, None, "2027-01-30");
    check(Some(10), None, "2026-11-11");
    check(Some(10), Some("2028-02-29"), "2028-02-29");
}

proptest! {
    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,200}") {
        let _refused = Records::parse("x", &text);
    }

    #[test]
    fn a_broken_file_is_refused_or_read_whole(file in 0..FILES.len(), at in any::<prop::sample::Index>(), byte in any::<char>()) {
        let (name, text) = FILES[file];
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        chars[at] = byte;
        let broken: String = chars.into_iter().collect();
        if let Ok(records) = Records::parse(name, &broken) {
            let again = serde_json::to_string(&records).unwrap();
            prop_assert_eq!(Records::parse(name, &again).unwrap(), records);
        }
    }
}
