//! Columns and verdicts over a small catalogue.

use freehold_catalog::Catalog;

use super::*;
use crate::{
    bill::Kind,
    break_even::break_even,
    verdict::{Choice, Compared, verdict},
};

/// A model that two providers host, a premium model, and a device to rent or to buy.
pub(crate) fn catalog(hosted: f64, rent: Option<f64>) -> Catalog {
    let fact = |value: f64| format!(r#"{{"is": {value}, "source": "list", "seen": "2026-11-01"}}"#);
    let offer = |provider: &str, model: &str, input: f64, more: &str| {
        format!(
            r#"{{"provider": "{provider}", "model": "{model}", "input": {}, "output": {}{more}}}"#,
            fact(input),
            fact(4.0 * input)
        )
    };
    let open = r#", "open_model": "a/m""#;
    let frontier = r#", "class": {"is": "frontier", "source": "list", "seen": "2026-11-01"}"#;
    let offers = [
        offer("one", "m", hosted, open),
        offer("two", "m", hosted * 1.5, open),
        offer("best", "large", hosted * 20.0, frontier),
    ];
    let rents = rent.map(|hour| {
        format!(
            r#"{{"hardware": "gpu", "count": 1, "provider": "a", "commitment": "on_demand",
                "per_hour": {}}}"#,
            fact(hour)
        )
    });
    let text = format!(
        r#"{{"schema": 1,
        "sources": [{{"id": "list", "title": "A list", "url": "https://example.org",
                     "kind": "publisher", "licence": "facts only", "seen": "2026-11-01"}}],
        "hardware": [{{"id": "gpu", "name": "GPU", "vendor": "A", "kind": "gpu",
                      "memory": {}, "power": {}}}],
        "hosted": [{}], "rental": [{}]}}"#,
        fact(80e9).replace("80000000000.0", "80000000000"),
        fact(700.0),
        offers.join(","),
        rents.unwrap_or_default()
    );
    Catalog::of_files(&[("test", &text)]).unwrap()
}

fn replica(catalog: &Catalog) -> Replica<'_> {
    let unit = Unit::per("request", "s").over(&crate::bill::replica());
    Replica {
        hardware: catalog.hardware_named("gpu").unwrap(),
        devices: 1,
        requests: Figure::between("requests a second", 4.0, (3.0, 6.0), unit, Source::Stated),
        utilisation: Figure::input("utilisation", 0.7, Unit::one(), Source::Stated),
        weights: Figure::input("weights", 16.0, Unit::of("GB"), Source::Stated),
    }
}

fn check(catalog: &Catalog, answers: &[(&str, &str)], expected: Choice) -> Columns {
    let mut ask = Ask::default();
    for (key, value) in answers {
        ask.set(key, value).unwrap();
    }
    let demand = Demand::of(&ask);
    let model = ModelId("a/m".to_owned());
    let columns =
        Columns::of(catalog, &ask, &demand, Some(&model), Some(&replica(catalog))).unwrap();
    let bills: Vec<_> = columns.all().iter().map(|column| column.bill(&demand.volume)).collect();
    for bill in &bills {
        assert_eq!(bill.lines.iter().map(|line| line.kind).collect::<Vec<_>>(), Kind::ALL);
        assert_eq!(bill.total.disagreements(), Vec::<String>::new(), "{}", bill.name);
        assert!(bill.lines.iter().all(|line| line.month.value() > 0.0), "{}", bill.name);
    }
    let today = demand.volume.value();
    let [own, hosted] = [columns.own.as_ref().unwrap(), columns.hosted.as_ref().unwrap()];
    let meets = break_even(own, hosted, &demand.volume, today * 1000.0);
    let found = verdict(&Compared {
        own: bills.first(),
        hosted: bills.get(1).map(|bill| (bill, Some(&meets))),
        premium: bills.get(2).map(|bill| (bill, None)),
        misfit: None,
        today,
        zeroed: &[],
    });
    assert_eq!(found.choice, expected, "{found:#?}");
    columns
}

#[test]
fn little_use_of_cheap_tokens_is_hosted() {
    let columns = check(&catalog(0.1, Some(2.5)), &[("requests-a-day", "1000")], Choice::Hosted);
    let told = |key: &str| columns.asked.iter().find(|one| one.key == key).unwrap().value.clone();
    assert_eq!((told("hosted"), told("premium")), ("one/m".to_owned(), "best/large".to_owned()));
    assert_eq!(told("machines"), "rented");
}

#[test]
fn much_use_of_dear_tokens_is_run() {
    check(&catalog(5.0, Some(2.5)), &[("requests-a-day", "300k")], Choice::Own);
}

#[test]
fn what_has_no_price_is_not_decided_unless_hosted_is_cheaper_all_the_same() {
    check(&catalog(5.0, None), &[("requests-a-day", "300k")], Choice::NotPriced);
    check(&catalog(0.1, None), &[("requests-a-day", "1000")], Choice::Hosted);
}

#[test]
fn posts_of_nobody_still_leave_a_line() {
    // Who says that nobody is needed is believed, and still pays for tests and audits.
    let none = [("security", "0"), ("mlops", "0"), ("engineers", "0"), ("requests-a-day", "300k")];
    check(&catalog(5.0, Some(2.5)), &none, Choice::Own);
}

#[test]
fn an_offer_that_there_is_not_names_close_ones() {
    let catalog = catalog(1.0, None);
    let mut ask = Ask::default();
    ask.set("hosted", "on/m").unwrap();
    let demand = Demand::of(&ask);
    let error = Columns::of(&catalog, &ask, &demand, None, None).unwrap_err();
    assert_eq!(error.close.first().map(String::as_str), Some("one/m"));
}
