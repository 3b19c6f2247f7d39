use proptest::prelude::*;

use super::*;

fn bytes(name: &str, value: f64) -> Figure {
    Figure::input(name, value, Unit::of("B"), Source::Stated)
}

#[test]
fn arithmetic_is_shown_as_it_was_computed() {
    let bandwidth = Figure::between(
        "bandwidth",
        2e12,
        (1e12, 2e12),
        Unit::per("B", "s"),
        Source::published("data sheet", "https://example.org", "2026-11-23"),
    );
    let weights = bytes("parameters", 8e9).times(&Figure::number(2.0)).named("weights");
    let time = weights.plus(&bytes("cache", 4e9)).over(&bandwidth).named("a step");
    assert_eq!(time.value(), 0.01);
    assert_eq!(time.unit(), &Unit::of("s"));
    assert_eq!(time.interval(), Some(Interval { low: 0.01, high: 0.02 }));
    assert_eq!(time.sources().len(), 1);
    assert!(time.disagreements().is_empty());
    let expected = "\
a step = 10 ms (10 ms to 20 ms)
  = (weights + cache) / bandwidth
  weights = 16 GB
    = parameters × 2
    parameters = 8 GB  [as stated]
  cache = 4 GB  [as stated]
  bandwidth = 2 TB/s (1 TB/s to 2 TB/s)  [data sheet, https://example.org, seen 2026-11-23]
";
    assert_eq!(time.explained(), expected);
}

#[test]
fn an_input_used_twice_varies_once() {
    let share = Figure::between("share", 0.5, (0.25, 0.75), Unit::one(), Source::Stated);
    let rest = Figure::number(1.0).minus(&share);
    assert_eq!(share.plus(&rest).interval(), Some(Interval { low: 1.0, high: 1.0 }));
}

#[test]
fn units_that_do_not_agree_are_told() {
    let time = Figure::input("time", 1.0, Unit::of("s"), Source::Stated);
    assert_eq!(
        bytes("size", 1.0).plus(&time).named("both").disagreements(),
        ["Sum of size [B], time [s] in `both`"]
    );
}

#[test]
fn what_is_serialised_says_how() {
    let twice = bytes("size", 3.0).times(&Figure::number(2.0)).named("twice");
    let json = serde_json::to_value(&twice).unwrap();
    assert_eq!(json["value"], 6.0);
    assert_eq!(json["unit"], "B");
    assert_eq!(json["how"]["operation"], "product");
    assert_eq!(json["how"]["parts"][0]["how"]["source"]["kind"], "stated");
}

/// Random trees over a few inputs.
fn tree() -> impl Strategy<Value = Figure> {
    let leaf = (0usize..6, 0.5f64..4.0).prop_map(|(index, value)| {
        let name = ["a", "b", "c", "d", "e", "f"][index];
        Figure::between(
            format!("{name}{value}"),
            value,
            (value * 0.9, value * 1.2),
            Unit::one(),
            Source::Stated,
        )
    });
    leaf.prop_recursive(5, 40, 2, |inner| {
        (inner.clone(), inner, 0usize..8).prop_map(|(a, b, which)| match which {
            0 => a.plus(&b),
            1 => a.minus(&b),
            2 => a.times(&b),
            3 => a.over(&b),
            4 => a.at_most(&b),
            5 => a.at_least(&b),
            6 => a.floor().plus(&b.ceiling()),
            _ => a.plus(&b).named("sum"),
        })
    })
}

proptest! {
    #[test]
    fn every_tree_evaluates_to_its_value(figure in tree()) {
        let (stored, anew) = (figure.value(), figure.evaluate());
        prop_assert!(stored == anew || (stored.is_nan() && anew.is_nan()));
        prop_assert!(figure.disagreements().is_empty());
        if let Some(ends) = figure.interval().filter(|_| stored.is_finite()) {
            prop_assert!(!ends.low.is_finite() || ends.low <= stored);
            prop_assert!(!ends.high.is_finite() || ends.high >= stored);
        }
        prop_assert!(!figure.explained().is_empty());
    }
}
