//! The selector on a small catalogue of our own, by example and by law.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::LicenceCategory::{Custom, Osi, SourceAvailable};

fn today() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn fact(value: serde_json::Value) -> serde_json::Value {
    json!({"is": value, "source": "maker", "seen": "2026-11-01"})
}

fn repeated(value: serde_json::Value) -> serde_json::Value {
    json!({"is": value, "source": "list", "seen": "2026-11-01"})
}

fn term(effect: serde_json::Value) -> serde_json::Value {
    json!({"effect": effect, "clause": "2", "words": "so it is", "source": "maker", "seen": "2026-11-01"})
}

/// Small: OSI. Big: custom with thresholds and a region, multimodal. Gift: non-commercial. Rumour: all
/// that is known of it is repeated. Blank: nothing is known of it.
fn catalog() -> Catalog {
    let source = |id: &str, kind: &str| json!({"id": id, "title": id, "url": "https://example.org", "kind": kind, "licence": "MIT", "seen": "2026-11-01"});
    let geometry = json!({"layers": 10, "hidden": 64, "heads": 8, "kv_heads": 8, "head_dim": 8,
        "kv": [{"kind": "grouped", "layers": 10, "kv_heads": 8, "head_dim": 8}]});
    let model = |id: &str, licence: serde_json::Value, parameters: u64, context: u64| {
        json!({"id": id, "licence": {"weights": licence}, "parameters": fact(json!(parameters)),
            "context": fact(json!(context)), "geometry": fact(geometry.clone()),
            "purposes": fact(json!(["chat"])), "input": fact(json!(["text"])),
            "capabilities": fact(json!(["tools"])),
            "languages": fact(json!({"named": ["de", "en"]}))})
    };
    let mut big = model("a/big", fact(json!("custom")), 70_000_000_000, 131_072);
    big["input"] = fact(json!(["text", "image"]));
    big["languages"] = fact(json!({"named": ["en"], "count": 100}));
    big["scores"] = json!([{"benchmark": "b2", "score": 90.0, "metric": "percent", "source": "maker", "seen": "2026-11-01"}]);
    let mut small = model("a/small", fact(json!("MIT")), 8_000_000_000, 32_768);
    small["scores"] = json!([{"benchmark": "b1", "score": 40.0, "metric": "percent", "source": "maker", "seen": "2026-11-01"}]);
    let gift = model("a/gift", fact(json!("gift")), 8_000_000_000, 32_768);
    let mut rumour = model("a/rumour", repeated(json!("MIT")), 8_000_000_000, 32_768);
    rumour["context"] = repeated(json!(131_072));
    let text = json!({"schema": 1,
        "sources": [source("maker", "publisher"), source("list", "dataset")],
        "licences": [
            {"id": "MIT", "name": "MIT", "category": fact(json!("osi"))},
            {"id": "custom", "name": "Custom", "category": fact(json!("custom")), "read": fact(json!(true)), "watch": [
                term(json!({"users_over": {"monthly_users": 1000, "then": "ask_licence"}})),
                term(json!({"users_over": {"monthly_users": 10, "then": "show_name"}})),
                term(json!({"revenue_over": {"usd": 100, "per": "month", "then": "rights_end"}})),
                term(json!({"regions_excluded": {"regions": ["EU"], "scope": "multimodal"}})),
                term(json!("no_competing_training"))]},
            {"id": "gift", "name": "Gift", "category": fact(json!("source_available")), "watch": [term(json!("non_commercial"))]}],
        "quantisations": [
            {"id": "bf16", "name": "BF16", "bits": fact(json!(16.0)), "covers": "file", "computes_in": "bf16"},
            {"id": "q4", "name": "Q4", "bits": fact(json!(4.5)), "covers": "file", "computes_in": "bf16"}],
        "hardware": [{"id": "card", "also": ["c"], "name": "Card", "vendor": "V", "kind": "gpu", "memory": fact(json!(24_000_000_000_u64))},
            {"id": "unknown", "name": "Unknown", "vendor": "V", "kind": "gpu"}],
        "benchmarks": [
            {"id": "b1", "name": "B1", "about": "x", "source": "maker", "seen": "2026-11-01"},
            {"id": "b2", "name": "B2", "about": "x", "source": "maker", "seen": "2026-11-01"}],
        "tasks": [{"id": "agents", "name": "Agents", "about": "x", "known": "partly", "benchmarks": ["b1", "b2"],
            "needs": {"purposes": ["chat"], "capabilities": ["tools"]}}],
        "models": [big, small, gift, rumour, {"id": "a/blank"}],
    });
    Catalog::of_files(&[("test.json", &text.to_string())]).unwrap()
}

/// The three groups as short names.
fn groups(constraints: &Constraints) -> [String; 3] {
    let catalog = catalog();
    let selection = catalog.search(constraints, today()).unwrap();
    let names = |group: &[Candidate<'_>]| {
        group.iter().map(|it| it.id.last_part()).collect::<Vec<_>>().join(" ")
    };
    [names(&selection.matches), names(&selection.not_confirmed), names(&selection.excluded)]
}

fn machine(count: u32, form: Option<&str>, tokens: u64) -> Option<Machine> {
    Some(Machine {
        memory: MachineMemory::Hardware { id: HardwareId("C".into()), count },
        form: form.map(|it| QuantisationId(it.into())),
        tokens,
        sequences: 1,
        kv: KvPrecision::F16,
        share: 0.9,
    })
}

#[test]
fn who_is_in_who_is_out_and_who_cannot_be_told() {
    let check = |constraints: Constraints, wanted: [&str; 3]| {
        assert_eq!(groups(&constraints), wanted, "{constraints:?}");
    };
    let none = Constraints::default;
    let adopter = |adopter: Adopter| Constraints { adopter, ..none() };
    check(none(), ["small big gift rumour blank", "", ""]);
    check(
        Constraints { categories: [Osi].into(), ..none() },
        ["small", "rumour blank", "big gift"],
    );
    check(
        Constraints { categories: [Osi, Custom, SourceAvailable].into(), ..none() },
        ["small big gift", "rumour blank", ""],
    );
    check(Constraints { context: Some(100_000), ..none() }, ["big rumour", "blank", "gift small"]);
    check(
        Constraints { context: Some(100_000), primary_only: true, ..none() },
        ["big", "rumour blank", "gift small"],
    );
    check(
        Constraints {
            min_parameters: Some(8_000_000_000),
            max_parameters: Some(9_000_000_000),
            ..none()
        },
        ["small gift rumour", "blank", "big"],
    );
    check(
        Constraints { languages: ["de".to_owned()].into(), ..none() },
        ["small gift rumour", "big blank", ""],
    );
    check(
        Constraints { input: [Modality::Image].into(), ..none() },
        ["big", "blank", "gift rumour small"],
    );
    check(Constraints { text: Some("SMA".into()), ..none() }, ["small", "", ""]);
    check(
        Constraints { task: Some("agents".into()), ..none() },
        ["small big gift rumour", "blank", ""],
    );
    // The gift's text was not read: what else it says is not confirmed.
    check(
        adopter(Adopter { monthly_users: Some(1_001), ..Adopter::default() }),
        ["small", "gift rumour blank", "big"],
    );
    check(
        adopter(Adopter { monthly_users: Some(1_000), ..Adopter::default() }),
        ["small big", "gift rumour blank", ""],
    );
    check(
        adopter(Adopter { revenue_usd: Some(1_201), ..Adopter::default() }),
        ["small", "gift rumour blank", "big"],
    );
    check(
        adopter(Adopter { region: Some("de".into()), ..Adopter::default() }),
        ["small", "gift rumour blank", "big"],
    );
    check(
        adopter(Adopter { region: Some("US".into()), ..Adopter::default() }),
        ["small big", "gift rumour blank", ""],
    );
    check(
        adopter(Adopter { commercial: true, ..Adopter::default() }),
        ["small big", "rumour blank", "gift"],
    );
    check(
        adopter(Adopter { trains_on_outputs: true, ..Adopter::default() }),
        ["small", "gift rumour blank", "big"],
    );
    check(
        Constraints { machine: machine(1, None, 1_000), ..none() },
        ["small gift rumour", "blank", "big"],
    );
    check(
        Constraints { machine: machine(2, None, 1_000), ..none() },
        ["small big gift rumour", "blank", ""],
    );
    check(
        Constraints { machine: machine(1, Some("Q4"), 10_000_000), ..none() },
        ["", "blank", "big gift rumour small"],
    );
}

#[test]
fn a_reason_shows_its_facts() {
    let catalog = catalog();
    let constraints = Constraints {
        adopter: Adopter { monthly_users: Some(2_000), ..Adopter::default() },
        machine: machine(1, Some("q4"), 1_000),
        ..Constraints::default()
    };
    let selection = catalog.search(&constraints, today()).unwrap();
    let big = selection.excluded.iter().find(|it| it.id.0 == "a/big").unwrap();
    let users = big.reasons.iter().find(|it| it.constraint == "users").unwrap();
    assert_eq!(users.words, "Custom, clause 2: so it is");
    let places: Vec<&str> = users.facts.iter().map(|it| it.place.as_str()).collect();
    assert_eq!(places, ["licence.weights", "category", "watch.1"]);
    let machine = big.reasons.iter().find(|it| it.constraint == "machine").unwrap();
    assert_eq!(
        machine.words,
        "39.4 GB weights (q4) + 2.56 MB cache (1 × 1,000 tokens) = 39.4 GB do not fit 90 % of 1 × Card (21.6 GB)",
    );
    assert!(machine.facts.iter().any(|it| it.record == "card"));
}

#[test]
fn what_a_search_names_must_be_there() {
    let catalog = catalog();
    let check = |constraints: Constraints, words: &str| {
        let error = catalog.search(&constraints, today()).err().map(|it| it.to_string());
        assert_eq!(error.as_deref(), Some(words));
    };
    let none = Constraints::default;
    check(Constraints { task: Some("chess".into()), ..none() }, "there is no task class `chess`");
    let region = Adopter { region: Some("Europe".into()), ..Adopter::default() };
    check(
        Constraints { adopter: region, ..none() },
        "`Europe` is no region: two letters of ISO 3166-1, or EU, or EEA",
    );
    let on = |name: &str| Machine {
        memory: MachineMemory::Hardware { id: HardwareId(name.into()), count: 1 },
        ..machine(1, None, 1).unwrap()
    };
    check(
        Constraints { machine: Some(on("crad")), ..none() },
        "there is no hardware `crad` in the catalogue",
    );
    check(
        Constraints { machine: Some(on("unknown")), ..none() },
        "how much memory `unknown` has is not confirmed",
    );
    let share = Machine { share: f64::NAN, ..on("card") };
    check(
        Constraints { machine: Some(share), ..none() },
        "a share of NaN of the memory cannot be taken: above 0 and at most 1",
    );
}

/// Any constraints, of values near those of the catalogue.
fn any_constraints() -> impl Strategy<Value = Constraints> {
    let adopter = (
        proptest::option::of(prop_oneof![Just("DE"), Just("US"), Just("EU")]),
        proptest::option::of(0..3_000_u64),
        proptest::option::of(0..3_000_u64),
        any::<bool>(),
        any::<bool>(),
    );
    let sizes = (
        proptest::option::of(0..100_000_000_000_u64),
        proptest::option::of(0..100_000_000_000_u64),
        proptest::option::of(0..200_000_u64),
    );
    let rest = (
        proptest::option::of((1..4_u32, 0..100_000_u64)),
        any::<[bool; 4]>(),
        proptest::collection::btree_set(prop_oneof![Just(Osi), Just(Custom)], 0..3),
    );
    (adopter, sizes, rest).prop_map(|(adopter, sizes, (room, flags, categories))| Constraints {
        categories,
        min_parameters: sizes.0,
        max_parameters: sizes.1,
        context: sizes.2,
        task: flags[0].then(|| "agents".to_owned()),
        languages: flags[1].then(|| "de".to_owned()).into_iter().collect(),
        input: flags[2].then_some(Modality::Image).into_iter().collect(),
        machine: room.and_then(|(count, tokens)| machine(count, None, tokens)),
        adopter: Adopter {
            region: adopter.0.map(str::to_owned),
            monthly_users: adopter.1,
            revenue_usd: adopter.2,
            commercial: adopter.3,
            trains_on_outputs: adopter.4,
        },
        primary_only: flags[3],
        ..Constraints::default()
    })
}

/// Both together: each field the tighter of the two.
fn tightened(mut one: Constraints, other: Constraints) -> Constraints {
    fn larger<T: Ord>(one: Option<T>, other: Option<T>) -> Option<T> {
        one.max(other)
    }
    one.min_parameters = larger(one.min_parameters, other.min_parameters);
    one.max_parameters = match (one.max_parameters, other.max_parameters) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    one.context = larger(one.context, other.context);
    one.task = one.task.or(other.task);
    one.languages.extend(other.languages);
    one.input.extend(other.input);
    one.machine = one.machine.or(other.machine);
    if one.categories.is_empty() {
        one.categories = other.categories;
    }
    one.adopter.region = one.adopter.region.or(other.adopter.region);
    one.adopter.monthly_users = larger(one.adopter.monthly_users, other.adopter.monthly_users);
    one.adopter.revenue_usd = larger(one.adopter.revenue_usd, other.adopter.revenue_usd);
    one.adopter.commercial |= other.adopter.commercial;
    one.adopter.trains_on_outputs |= other.adopter.trains_on_outputs;
    one.primary_only |= other.primary_only;
    one
}

proptest! {
    #[test]
    fn tightening_never_brings_a_model_nearer(one in any_constraints(), other in any_constraints()) {
        let catalog = catalog();
        let standing = |constraints: &Constraints| {
            let selection = catalog.search(constraints, today()).unwrap();
            let all = selection.matches.into_iter().chain(selection.not_confirmed).chain(selection.excluded);
            all.map(|it| (it.id.clone(), it.standing)).collect::<std::collections::BTreeMap<_, _>>()
        };
        let before = standing(&one);
        let after = standing(&tightened(one, other));
        prop_assert_eq!(before.len(), 5);
        for (id, standing) in after {
            prop_assert!(standing >= before[&id], "{} went from {:?} to {:?}", id, before[&id], standing);
        }
    }

    #[test]
    fn the_order_of_the_data_does_not_matter(constraints in any_constraints(), swap in any::<bool>()) {
        let catalog = catalog();
        let mut records = crate::Records { schema: 1, ..crate::Records::default() };
        records.sources = catalog.sources().cloned().collect();
        records.licences = catalog.licences().cloned().collect();
        records.models = catalog.models().cloned().collect();
        records.quantisations = catalog.quantisations().to_vec();
        records.hardware = catalog.hardware().to_vec();
        records.benchmarks = catalog.benchmarks().to_vec();
        records.tasks = catalog.tasks().to_vec();
        records.models.reverse();
        if swap {
            records.models.swap(0, 2);
            records.licences.reverse();
            records.sources.reverse();
            records.quantisations.reverse();
        }
        let text = serde_json::to_string(&records).unwrap();
        let other = Catalog::of_files(&[("test.json", &text)]).unwrap();
        let words = |catalog: &Catalog| {
            serde_json::to_string(&catalog.search(&constraints, today()).unwrap()).unwrap()
        };
        prop_assert_eq!(words(&catalog), words(&other));
    }

    #[test]
    fn every_exclusion_says_why(constraints in any_constraints()) {
        let catalog = catalog();
        let selection = catalog.search(&constraints, today()).unwrap();
        for candidate in selection.excluded.iter().chain(&selection.not_confirmed) {
            let why = candidate.reasons.iter().find(|it| it.outcome == candidate.standing);
            prop_assert!(why.is_some_and(|it| !it.words.is_empty()), "{}", candidate.id);
        }
    }
}

#[test]
fn what_cannot_be_meant_is_an_error() {
    let check = |constraints: Constraints, words: &str| {
        let catalog = catalog();
        let error = catalog.search(&constraints, today()).err().map(|it| it.to_string());
        assert_eq!(error.as_deref(), Some(words));
    };
    let with = |change: &dyn Fn(&mut Machine)| {
        let mut machine = machine(1, None, 8).unwrap();
        change(&mut machine);
        Constraints { machine: Some(machine), ..Constraints::default() }
    };
    let bytes = |bytes| with(&|it| it.memory = MachineMemory::Bytes(bytes));
    check(bytes(24), "24 bytes of memory hold no model");
    check(bytes(0), "0 bytes of memory hold no model");
    check(with(&|it| it.sequences = 0), "0 sequences cannot be asked for: at least 1");
    let none = MachineMemory::Hardware { id: HardwareId("card".into()), count: 0 };
    check(
        with(&|it| it.memory = none.clone()),
        "0 pieces of hardware cannot be asked for: at least 1",
    );
    let speaks =
        |it: &str| Constraints { languages: [it.to_owned()].into(), ..Constraints::default() };
    check(speaks("german"), "`german` is no language code of ISO 639-1");
    check(speaks("xx"), "`xx` is no language code of ISO 639-1");
    assert!(catalog().search(&speaks("fo"), today()).is_ok());
}

#[test]
fn a_licence_stated_second_hand_is_let_in_only_when_asked() {
    let osi = Constraints { categories: [Osi].into(), ..Constraints::default() };
    assert_eq!(groups(&osi)[0], "small");
    assert_eq!(catalog().search(&osi, today()).unwrap().second_hand, 1);
    let trusting = Constraints { second_hand: true, ..osi };
    assert!(groups(&trusting)[0].split(' ').any(|it| it == "rumour"));
    let catalog = catalog();
    assert_eq!(catalog.search(&trusting, today()).unwrap().second_hand, 0);
    let second_hand = |id: &str| {
        let found = catalog.category_second_hand(catalog.model(id).unwrap());
        found.map(|(category, source)| (category, source.id.0.as_str()))
    };
    assert_eq!(second_hand("a/rumour"), Some((Osi, "list")));
    assert_eq!(second_hand("a/small"), None);
    assert_eq!(second_hand("a/blank"), None);
}
