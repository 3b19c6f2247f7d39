//! Where curves meet: by hand, and as a scan finds it.

use proptest::prelude::*;

use super::*;

fn curve(fixed: f64, per_token: f64, step: Option<(f64, f64)>) -> Curve {
    Curve { fixed, per_token, step: step.map(|(size, cost)| Step { size, cost }) }
}

fn check(own: Curve, hosted: Curve, expected: Crossing) {
    assert_eq!(crossing(&own, &hosted, 1000.0), expected, "{own:?} {hosted:?}");
}

#[test]
fn crossings_by_hand() {
    let straight = |fixed, per_token| curve(fixed, per_token, None);
    // 100 + 0 v = 0 + 2 v at 50.
    check(straight(100.0, 0.0), straight(0.0, 2.0), from(50.0, Some(50.0)));
    check(straight(100.0, 2.0), straight(0.0, 2.0), Crossing::Never);
    check(straight(100.0, 0.0), straight(0.0, 0.1), from(1000.0, Some(1000.0)));
    check(straight(100.0, 0.0), straight(0.0, 0.09), Crossing::Never);
    check(straight(1.0, 0.0), straight(5.0, 1.0), Crossing::Always);
    check(straight(1.0, 3.0), straight(5.0, 1.0), Crossing::Until { last: 2.0 });
    // Steps of 10 that cost 15, hosted at 2: each full step saves 5. 10 + 15 n = 2 v first where
    // 10 + 15 n <= 20 n: in the second step, at (10 + 30) / 2 = 20. Step 3 begins 15 - 0 above and
    // ends 5 below; steps begin above as long as 10 + 15 n > 20 (n - 1), so up to n = 5, which meets at
    // (10 + 75) / 2.
    check(curve(10.0, 0.0, Some((10.0, 15.0))), straight(0.0, 2.0), from(20.0, Some(42.5)));
    // A step costs more than it saves, but the first one is worth it.
    check(curve(-8.0, 0.0, Some((10.0, 25.0))), straight(0.0, 2.0), from(8.5, None));
}

fn from(first: f64, steady: Option<f64>) -> Crossing {
    Crossing::From { first, steady }
}

prop_compose! {
    fn curves()(
        fixed in -50.0..500.0_f64,
        per_token in 0.0..2.0_f64,
        size in 3.0..200.0_f64,
        cost in 0.0..300.0_f64,
        steps in any::<bool>(),
        hosted in (0.0..100.0_f64, 0.0..3.0_f64),
    ) -> (Curve, Curve) {
        (curve(fixed, per_token, steps.then_some((size, cost))), curve(hosted.0, hosted.1, None))
    }
}

proptest! {
    /// The closed form says what a scan of all volumes says.
    #[test]
    fn as_brute_force_finds_it((own, hosted) in curves()) {
        let horizon = 1000.0;
        let found = crossing(&own, &hosted, horizon);
        let grid = 20_000_u32;
        let volumes = (1..=grid).map(|nth| f64::from(nth) * horizon / f64::from(grid));
        let slack = horizon / f64::from(grid) * 1.001;
        let below: Vec<(f64, bool)> =
            volumes.map(|volume| (volume, own.at(volume) <= hosted.at(volume) + 1e-9)).collect();
        let first = below.iter().find(|(_, is)| *is).map(|(volume, _)| *volume);
        let last_above = below.iter().rev().find(|(_, is)| !*is).map(|(volume, _)| *volume);
        match found {
            Crossing::Always => prop_assert_eq!(last_above, None),
            Crossing::Never => prop_assert!(first.is_none_or(|at| at > horizon - slack), "{:?}", first),
            Crossing::From { first: at, steady } => {
                // A touch between two points of the grid is not seen by the scan.
                if let Some(first) = first {
                    prop_assert!(first >= at - 1e-6);
                    if first > at + slack {
                        prop_assert!(own.at(at) <= hosted.at(at) + 1e-6);
                    }
                }
                if let Some(steady) = steady {
                    prop_assert!(last_above.is_none_or(|above| above <= steady + 1e-6));
                    prop_assert!(last_above.is_none_or(|above| above >= steady - slack) || steady <= at + 1e-6);
                }
            }
            Crossing::Until { last } => {
                prop_assert!(first.is_some_and(|first| first <= 2.0 * slack) || last <= 2.0 * slack);
                let last_below = below.iter().rev().find(|(_, is)| *is).map_or(0.0, |(at, _)| *at);
                prop_assert!(last_below <= last + 1e-6 && last_below >= last - slack, "{} {}", last_below, last);
            }
        }
    }
}

use crate::bill::tests::{hosted as bought, own as run, rented, tokens};

#[test]
fn columns_meet_where_their_bills_are_equal() {
    let (own, hosted) = (run(rented()), bought("hosted", 20.0));
    let found = break_even(&own, &hosted, &tokens(1500.0), 1e6);
    let Crossing::From { first, steady } = found.meets else { panic!("{:?}", found.meets) };
    let cost = |column: &Column, at: f64| column.bill(&tokens(at)).total.value();
    assert!((cost(&own, first) - cost(&hosted, first)).abs() < 1e-6);
    assert!(steady.is_some_and(|steady| steady >= first));
    let volume = found.volume.unwrap();
    assert!((volume.value() - first).abs() < 1e-6);
    assert_eq!(volume.disagreements(), Vec::<String>::new());
    assert_eq!(volume.unit(), &crate::bill::volume());
    let (low, high) = (found.interval.low.unwrap(), found.interval.high.unwrap());
    assert!(low < first && first < high, "{low} {first} {high}");
    assert!((0.0..=1.0).contains(&found.own_is_cheaper));
    // People cost most here; the strongest input is one of them.
    assert!(
        ["salary", "own: talent"].contains(&found.moved_by[0].input.as_str()),
        "{:?}",
        found.moved_by
    );
}

#[test]
fn cheap_tokens_are_never_met() {
    let found = break_even(&run(rented()), &bought("hosted", 1.0), &tokens(1500.0), 1e6);
    assert_eq!(found.meets, Crossing::Never);
    assert!(found.volume.is_none() && found.interval.high.is_none());
    assert!(found.own_is_cheaper == 0.0 && found.never > 0.9);
}
