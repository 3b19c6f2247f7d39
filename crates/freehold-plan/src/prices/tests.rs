//! Offers and rents of a small catalogue.

use super::*;

#[test]
fn the_normal_distribution() {
    for (at, expected) in [(0.0, 0.5), (NORMAL_95, 0.95), (-1.0, 0.158_655_254), (6.0, 1.0)] {
        assert!((normal(at) - expected).abs() < 2e-7, "{at}");
    }
}

#[test]
fn tokens_in_long_prompts() {
    let lengths = Lengths { median: 1000.0, p95: 10_000.0 };
    // σ = 1.4: half of the requests are above the median, and 92 % of the tokens are in them.
    let part = part_above(lengths, 1000).value();
    assert!((part - 0.9192).abs() < 1e-3, "{part}");
    assert!(part_above(lengths, 1_000_000).value() < 0.001);
    assert_eq!(part_above(Lengths::all(500.0), 499).value(), 1.0);
    assert_eq!(part_above(Lengths::all(500.0), 501).value(), 0.0);
}

fn catalog() -> Catalog {
    let text = r#"{"schema": 1,
     "sources": [{"id": "list", "title": "A list", "url": "https://example.org", "kind": "publisher",
                  "licence": "facts only", "seen": "2026-11-01"}],
     "hosted": [OFFERS],
     "rental": [RENTS]}"#;
    let fact = |value: f64| format!(r#"{{"is": {value}, "source": "list", "seen": "2026-11-01"}}"#);
    let offer = |provider: &str, input: f64, more: &str| {
        format!(
            r#"{{"provider": "{provider}", "model": "m", "open_model": "a/m", "input": {},
                "output": {}{more}}}"#,
            fact(input),
            fact(3.0 * input)
        )
    };
    let rent = |provider: &str, count: u32, hour: f64| {
        format!(
            r#"{{"hardware": "gpu", "count": {count}, "provider": "{provider}",
                "commitment": "on_demand", "per_hour": {}}}"#,
            fact(hour)
        )
    };
    let offers = [
        offer("cheap", 0.1, ""),
        offer("middle", 0.2, ""),
        offer("dear", 0.8, ""),
        offer("gone", 0.01, r#", "until": "2026-01-01""#),
        offer("batch", 0.01, r#", "conditions": "answers within a day""#),
    ];
    let rents = [rent("a", 8, 16.0), rent("b", 1, 3.0), rent("c", 1, 5.0)];
    let text = text.replace("OFFERS", &offers.join(",")).replace("RENTS", &rents.join(","));
    Catalog::of_files(&[("test", &text)]).unwrap()
}

fn load() -> Mixed {
    let tokens = |name: &str, value| {
        Figure::input(name, value, Unit::per("token", "request"), Source::Stated)
    };
    let hits = Figure::input("hits", 0.0, Unit::one(), Source::Stated);
    Mixed {
        mix: Mix::of(&tokens("in", 750.0), &tokens("out", 250.0), &hits),
        input: Lengths::all(750.0),
    }
}

#[test]
fn the_offer_in_the_middle_and_how_far_others_are() {
    let catalog = catalog();
    let chosen = for_model(&catalog, &ModelId("a/m".to_owned()), &load()).unwrap();
    assert_eq!(chosen.name(), "middle/m");
    assert_eq!(chosen.among.unwrap().count, 3);
    let tariff = tariff(&catalog, &chosen, &load()).unwrap();
    let blended = tariff.blended(&load().mix, "x");
    // 3/4 × 0.2 + 1/4 × 0.6, from half of it to four times as much.
    assert!((blended.value() - 0.3).abs() < 1e-12);
    let ends = blended.interval().unwrap();
    assert!((ends.low - 0.15).abs() < 1e-9 && (ends.high - 1.2).abs() < 1e-9, "{ends:?}");
    assert_eq!(blended.disagreements(), Vec::<String>::new());
    assert!(named(&catalog, "gone/m").is_none());
    assert!(named(&catalog, "Dear/M").unwrap().among.is_none());
}

#[test]
fn rents_are_by_device() {
    let catalog = catalog();
    let gpu = HardwareId("gpu".to_owned());
    let Some(Devices::Rented { hourly, discount }) = rented(&catalog, &gpu, Commitment::OneYear)
    else {
        panic!("no rent")
    };
    let ends = hourly.interval().unwrap();
    assert_eq!((ends.low, hourly.value(), ends.high), (2.0, 3.0, 5.0));
    assert!(discount.value() > 0.0);
    assert!(rented(&catalog, &HardwareId("none".to_owned()), Commitment::OnDemand).is_none());
    assert!(bought(&catalog, &gpu).is_none());
}
