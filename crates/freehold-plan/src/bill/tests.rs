//! Bills computed by hand, and laws that hold for any load.

use proptest::prelude::*;

use super::{
    hosted::{Hosted, Mix, Prices, Tariff},
    own::{Devices, Own, Power},
    people::{Pay, Staff},
    *,
};

/// A figure of a test, exact.
pub(crate) fn exact(name: &str, value: f64, unit: Unit) -> Figure {
    Figure::input(name, value, unit, Source::Stated)
}

fn about(name: &str, value: f64, unit: Unit) -> Figure {
    Figure::between(name, value, (value * 0.8, value * 1.5), unit, Source::Stated)
}

fn pay() -> Pay {
    Pay {
        salary: about("salary", 120_000.0, Unit::per("USD", "year").over(&Unit::of("post"))),
        on_cost: exact("on-cost", 1.5, Unit::one()),
        hire: exact("hire", 6_000.0, Unit::per("USD", "hire")),
        turnover: exact("turnover", 0.2, Unit::per("hire", "year").over(&Unit::of("post"))),
    }
}

fn staff(of: &str, posts: [f64; 3]) -> Staff {
    let post = |what: &str, value| about(&format!("{of}: {what}"), value, Unit::of("post"));
    Staff {
        of: of.to_owned(),
        security: post("security", posts[0]),
        operations: post("operations", posts[1]),
        talent: post("talent", posts[2]),
        per_replica: None,
        tests: Some(exact("tests", 12_000.0, Unit::per("USD", "year"))),
        audits: None,
    }
}

fn power() -> Power {
    Power {
        draw: exact("draw", 0.7, Unit::per("kW", "device")),
        machine: exact("machine draw", 1.5, Unit::one()),
        load: exact("load", 0.5, Unit::one()),
        building: about("building", 1.5, Unit::one()),
        price: exact(
            "power price",
            0.2,
            Unit::of("USD").over(&Unit::of("kW")).over(&Unit::of("h")),
        ),
    }
}

/// A replica of two devices at 2.5 USD an hour that carries 1,000 million tokens a month, and a spare
/// replica.
pub(crate) fn own(devices: Devices) -> Column {
    Own {
        name: "own".to_owned(),
        capacity: Capacity {
            per_replica: about("carries", 1000.0, volume().over(&replica())),
            spare: exact("spare", 1.0, replica()),
            devices: exact("devices a replica", 2.0, Unit::per("device", "replica")),
            per_machine: exact("devices a machine", 8.0, Unit::per("device", "machine")),
        },
        devices,
        storage: (
            exact("stored", 500.0, Unit::of("GB")),
            exact("storage price", 0.1, Unit::per("USD", "GB").over(&Unit::of("month"))),
        ),
        network: (
            exact("sent", 0.005, Unit::per("GB", "Mtoken")),
            exact("network price", 0.1, Unit::per("USD", "GB")),
        ),
        staff: staff("own", [0.2, 0.3, 0.5]),
        pay: pay(),
    }
    .column()
}

pub(crate) fn rented() -> Devices {
    Devices::Rented {
        hourly: about("hourly", 2.5, Unit::per("USD", "device").over(&Unit::of("h"))),
        discount: exact("discount", 0.2, Unit::one()),
    }
}

/// 0.5 for what is read, half of it at 0.1, and 1.5 for what is written, at three to one.
pub(crate) fn hosted(name: &str, times: f64) -> Column {
    let price =
        |what: &str, value: f64| exact(&format!("{name}: {what}"), value * times, per_token());
    Hosted {
        name: name.to_owned(),
        tariff: Tariff {
            usual: Prices {
                input: price("input", 0.5),
                cached: Some(price("cached", 0.1)),
                output: price("output", 1.5),
            },
            long: None,
            spread: None,
        },
        mix: mix(),
        staff: staff(name, [0.1, 0.1, 0.1]),
        pay: pay(),
        notes: Vec::new(),
    }
    .column()
}

fn mix() -> Mix {
    let tokens = Unit::per("token", "request");
    Mix::of(
        &exact("tokens read a request", 1500.0, tokens.clone()),
        &exact("tokens written a request", 500.0, tokens),
        &exact("prefix hits", 0.5, Unit::one()),
    )
}

pub(crate) fn tokens(value: f64) -> Figure {
    exact("tokens a month", value, volume())
}

fn amounts(bill: &Bill) -> Vec<f64> {
    bill.lines.iter().map(|line| (line.month.value() * 100.0).round() / 100.0).collect()
}

#[test]
fn bills_by_hand() {
    let bill = own(rented()).bill(&tokens(1500.0));
    // 2 replicas needed, 1 spare, 2 devices each: 6 × 2.5 × 0.8 × 730.5 + 500 × 0.1 + 1500 × 0.0005.
    // A post is 120,000 × 1.5 / 12 = 15,000; keeping one filled 6,000 × 0.2 / 12 = 100.
    let expected = [8766.0 + 50.0 + 0.75, 3000.0 + 1000.0, 4500.0, 7500.0 + 100.0];
    assert_eq!(amounts(&bill), expected);
    assert!((bill.total.value() - expected.iter().sum::<f64>()).abs() < 1e-6);
    assert!((bill.per_token.value() - bill.total.value() / 1500.0).abs() < 1e-9);
    let size = bill.size.unwrap();
    assert_eq!(
        [size.replicas.value(), size.devices.value(), size.machines.value()],
        [3.0, 6.0, 1.0]
    );

    let bill = hosted("hosted", 1.0).bill(&tokens(1000.0));
    // 3/8 × 0.5 + 3/8 × 0.1 + 1/4 × 1.5 = 0.6 a million.
    assert_eq!(amounts(&bill), [600.0, 2500.0, 1500.0, 1500.0 + 30.0]);
    assert!(bill.size.is_none());
}

#[test]
fn bought_devices_are_written_off_and_draw_power() {
    let bought = own(Devices::Bought {
        price: exact("price", 30_000.0, Unit::per("USD", "device")),
        machine: exact("machine", 1.6, Unit::one()),
        life: exact("life", 4.0, Unit::of("year")),
        power: power(),
    });
    // 30,000 × 1.6 / 48 = 1,000 and 0.7 × 1.5 × 0.5 × 1.5 × 0.2 × 730.5 = 115.05375, for 4 devices.
    let bill = bought.bill(&tokens(1.0));
    assert_eq!(amounts(&bill)[0], 4460.22 + 50.0);
}

#[test]
fn what_is_not_given_is_at_least_something_and_open() {
    let bill = own(Devices::Unpriced { power: power() }).bill(&tokens(1.0));
    let line = bill.lines.first().unwrap();
    assert!(line.month.value() > 400.0);
    assert!(line.month.interval().unwrap().high.is_infinite());
    assert!(bill.total.interval().unwrap().high.is_infinite());
    assert!(line.notes[0].contains("at least"));
}

#[test]
fn long_prompts_cost_what_they_cost() {
    let price = |value: f64| exact(&format!("price {value}"), value, per_token());
    let prices =
        |times: f64| Prices { input: price(times), cached: None, output: price(4.0 * times) };
    let tariff = Tariff {
        usual: prices(1.0),
        long: Some((prices(2.0), exact("part in long prompts", 0.25, Unit::one()))),
        spread: None,
    };
    // 3/4 × 1 + 1/4 × 4 = 1.75, a quarter of it at twice the price.
    assert!((tariff.blended(&mix(), "x").value() - 1.75 * 1.25).abs() < 1e-12);
}

#[test]
fn no_line_is_missing_or_zero_and_units_agree() {
    for column in [own(rented()), hosted("hosted", 1.0), own(Devices::There { power: power() })] {
        let bill = column.bill(&tokens(700.0));
        let kinds: Vec<Kind> = bill.lines.iter().map(|line| line.kind).collect();
        assert_eq!(kinds, Kind::ALL);
        for line in &bill.lines {
            assert!(line.month.value() > 0.0, "{:?}", line.kind);
            assert_eq!(line.month.disagreements(), Vec::<String>::new());
        }
        assert_eq!(bill.total.disagreements(), Vec::<String>::new());
        assert_eq!(bill.total.unit(), &per_month());
        assert_eq!(bill.per_token.unit(), &per_token());
    }
}

proptest! {
    #[test]
    fn more_load_never_lowers_a_line(volume in 0.001..1e6_f64, more in 1.0..100.0_f64) {
        for column in [own(rented()), hosted("hosted", 1.0)] {
            let before = column.bill(&tokens(volume));
            let after = column.bill(&tokens(volume * more));
            for (before, after) in before.lines.iter().zip(&after.lines) {
                prop_assert!(after.month.value() >= before.month.value());
            }
            prop_assert!(after.total.value() >= before.total.value());
        }
    }
}

/// The interval that a bill states holds what it promises when its inputs vary.
#[test]
fn the_interval_covers_what_is_drawn() {
    let bill = own(rented()).bill(&tokens(1500.0));
    let ends = bill.total.interval().unwrap();
    let draws = crate::draws::Draws::over([&bill.total]);
    let inside = (0..crate::draws::COUNT)
        .map(|index| draws.draw(index).of(&bill.total))
        .filter(|drawn| (ends.low..=ends.high).contains(drawn))
        .count();
    let share = f64::from(u32::try_from(inside).unwrap()) / 400.0;
    assert!((0.88..=1.0).contains(&share), "{share}");
}
