//! Numbers as they are written, two pictures as they are drawn, and what no input may do.

use proptest::prelude::*;

use super::*;

#[test]
fn numbers_read_well() {
    for (value, on_axis, in_table) in [
        (0.0, "0", "0"),
        (0.25, "0.25", "0.25"),
        (0.041_34, "0.0413", "0.04134"),
        (12.0, "12", "12"),
        (-1.5, "−1.5", "−1.5"),
        (500.0, "500", "500"),
        (8_040.0, "8,040", "8,040"),
        (15_000.0, "15k", "15,000"),
        (999_999.0, "1M", "999,999"),
        (2_500_000.0, "2.5M", "2,500,000"),
        (3e9, "3bn", "3,000,000,000"),
        (4e12, "4tn", "4,000,000,000,000"),
        (f64::NAN, "not a number", "not a number"),
        (1e20, "100,000,000tn", "1.00e20"),
    ] {
        assert_eq!((short(value).as_str(), figure(value).as_str()), (on_axis, in_table), "{value}");
    }
}

#[test]
fn ticks_are_round_and_hold_the_values() {
    let check = |scale: Scale, values: &[f64], expected: &[f64]| {
        let ruler = scale.ruler(values.iter().copied(), 5);
        let round = |ticks: &[f64]| ticks.iter().map(|tick| short(*tick)).collect::<Vec<_>>();
        assert_eq!(round(&ruler.ticks), round(expected), "{values:?}");
    };
    check(Scale::Linear, &[], &[0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    check(Scale::Linear, &[3.0, 17.0], &[0.0, 5.0, 10.0, 15.0, 20.0]);
    check(Scale::Linear, &[-3.0, 3.0], &[-4.0, -2.0, 0.0, 2.0, 4.0]);
    check(Scale::Log, &[], &[1.0, 2.0, 5.0, 10.0]);
    check(Scale::Log, &[3.0, 40.0], &[2.0, 5.0, 10.0, 20.0, 50.0]);
    check(Scale::Log, &[2e3, 7e8], &[1e3, 1e5, 1e7, 1e9]);
}

#[test]
fn curves_are_drawn_like_this() {
    let point = |x, y, low, high| Point { x, y, band: Some((low, high)) };
    let lines = Lines {
        id: "meet".into(),
        title: "Where the two meet".into(),
        description: "Self-hosting costs less from 20 on. Bands hold 90 % of cases.".into(),
        x: Axis { name: "answers a day".into(), scale: Scale::Log },
        y: Axis { name: "EUR a month".into(), scale: Scale::Linear },
        series: vec![
            Series {
                name: "run it yourself".into(),
                tone: Tone::Deed,
                points: vec![
                    point(100.0, 5_000.0, 4_500.0, 6_000.0),
                    point(10.0, 4_000.0, 3_500.0, 4_400.0),
                ],
            },
            Series {
                name: "buy it <hosted>".into(),
                tone: Tone::Note,
                points: vec![
                    Point { x: 10.0, y: 1_000.0, band: None },
                    Point { x: 100.0, y: 9_999.0, band: None },
                    Point { x: 0.0, y: 1.0, band: None },
                ],
            },
        ],
        marks: vec![Mark { x: 20.0, words: "break-even".into() }],
    };
    insta::assert_snapshot!(lines.figure().into_string().replace('<', "\n<"));
}

#[test]
fn bars_are_drawn_like_this() {
    let part = |name: &str, value, tone, known| Part { name: name.into(), value, tone, known };
    let bars = Bars {
        title: "Score".into(),
        rows: vec![
            Bar::simple("Use case", 0.55, Tone::Deed),
            Bar {
                name: "Expertise".into(),
                parts: vec![
                    part("known", 0.1, Tone::Deed, true),
                    part("open", 0.5, Tone::Deed, false),
                    part("against", -0.2, Tone::Hold, true),
                ],
                words: Some("+.1 to +.6".into()),
            },
        ],
    };
    insta::assert_snapshot!(bars.figure().into_string().replace('<', "\n<"));
}

/// Any number there is, ordinary ones often.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -1e6..1e6,
        2 => any::<f64>(),
        1 => prop::sample::select(vec![0.0, -0.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN_POSITIVE]),
    ]
}

fn point() -> impl Strategy<Value = Point> {
    (number(), number(), prop::option::of((number(), number()))).prop_map(|(x, y, band)| Point {
        x,
        y,
        band,
    })
}

fn scale() -> impl Strategy<Value = Scale> {
    prop::sample::select(vec![Scale::Linear, Scale::Log])
}

/// Every coordinate in a picture: the view box, and the numbers of paths and attributes.
fn all_inside(svg: &str) -> Result<(), TestCaseError> {
    let mut size = (0.0, 0.0);
    for tag in svg.split('<').filter(|tag| !tag.starts_with('/')) {
        let attribute = |name: &str| {
            let rest = tag.split_once(&format!(" {name}=\""))?.1;
            rest.split_once('"').map(|(value, _)| value)
        };
        if let Some(view) = attribute("viewBox") {
            let parts: Vec<f64> = view.split(' ').map(|part| part.parse().unwrap()).collect();
            size = (parts[2], parts[3]);
        }
        for (names, most) in [(["x", "cx", "width"], size.0), (["y", "cy", "height"], size.1)] {
            for value in names.iter().filter_map(|name| attribute(name)) {
                let value: f64 = value.parse().unwrap();
                prop_assert!((-0.05..=most + 0.05).contains(&value), "{value} of {most} in {tag}");
            }
        }
        let numbers = attribute("d").unwrap_or_default();
        for word in numbers.split(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')) {
            if word.is_empty() {
                continue;
            }
            let value: f64 = word.parse().map_err(|_| TestCaseError::fail(tag.to_owned()))?;
            prop_assert!((-0.05..=size.0.max(size.1)).contains(&value), "{value} in {tag}");
        }
        prop_assert!(!numbers.contains("NaN") && !numbers.contains("inf"), "{tag}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn curves_stay_inside(
        points in prop::collection::vec(prop::collection::vec(point(), 0..6), 0..4),
        marks in prop::collection::vec(number(), 0..3),
        x in scale(),
        y in scale(),
    ) {
        let lines = Lines {
            id: "a".into(),
            title: "t".into(),
            description: "d".into(),
            x: Axis { name: "x".into(), scale: x },
            y: Axis { name: "y".into(), scale: y },
            series: points
                .into_iter()
                .map(|points| Series { name: "s".into(), tone: Tone::Deed, points })
                .collect(),
            marks: marks.into_iter().map(|x| Mark { x, words: "m".into() }).collect(),
        };
        all_inside(&lines.figure().into_string())?;
    }

    #[test]
    fn bars_stay_inside(
        rows in prop::collection::vec(prop::collection::vec((number(), any::<bool>()), 0..4), 0..5),
    ) {
        let part = |(value, known)| Part { name: "p".into(), value, tone: Tone::Hold, known };
        let bar = |parts: Vec<_>| Bar {
            name: "b".into(),
            parts: parts.into_iter().map(part).collect(),
            words: None,
        };
        let bars = Bars { title: "t".into(), rows: rows.into_iter().map(bar).collect() };
        all_inside(&bars.figure().into_string())?;
    }

    #[test]
    fn rulers_are_short_and_in_order(values in prop::collection::vec(number(), 0..8), scale in scale(), wanted in 0usize..20) {
        let ruler = scale.ruler(values.iter().copied(), wanted);
        prop_assert!((2..=64).contains(&ruler.ticks.len()), "{:?}", ruler.ticks);
        prop_assert!(ruler.ticks.windows(2).all(|pair| pair[0] < pair[1]), "{:?}", ruler.ticks);
        for value in values.into_iter().filter(|value| scale.takes(*value)) {
            let share = ruler.share(value);
            prop_assert!((0.0..=1.0).contains(&share));
        }
    }
}
