use proptest::prelude::*;

use super::*;
use crate::Lengths;
use crate::testing::{llama_8b, llama_70b, on_h100};

fn load(rate: f64) -> Load {
    Load {
        requests_per_second: vec![rate],
        input: Lengths { median: 800.0, p95: 3000.0 },
        output: Lengths { median: 250.0, p95: 900.0 },
        prefix_hits: 0.2,
        first_token: Some(1.0),
        between_tokens: Some(0.05),
    }
}

fn serve(rate: f64) -> Service {
    let building = Figure::input("building", 1.4, Unit::one(), Source::Stated);
    Service::of(&llama_8b(), &on_h100(1, "fp8", "bf16"), &load(rate), None, &building).unwrap()
}

#[test]
fn all_figures_hold_together() {
    let service = serve(20.0);
    let figures = [
        &service.capacity,
        &service.replicas,
        &service.devices,
        &service.first_token,
        &service.first_token_p95,
        service.power.as_ref().unwrap(),
        service.energy.as_ref().unwrap(),
    ];
    for figure in figures {
        assert_eq!(figure.value(), figure.evaluate());
        assert!(figure.disagreements().is_empty(), "{:?}", figure.disagreements());
        assert!(figure.value() > 0.0 && figure.interval().is_some(), "{}", figure.explained());
    }
    assert_eq!(service.capacity.unit(), &Unit::per("request", "s"));
    assert_eq!(service.energy.unwrap().unit().to_string(), "W·h/Mtoken");
    assert!(service.targets.iter().all(|target| target.met), "{:?}", service.targets);
    assert!(service.first_token_p95.value() > service.first_token.value());
}

#[test]
fn in_flight_is_what_arrives_while_one_is_answered() {
    let service = serve(20.0);
    let each = 20.0 / service.replicas.value();
    let answer = service.busy.step.value() * load(1.0).output.mean();
    assert!((service.busy.in_flight.value() / (each * answer) - 1.0).abs() < 1e-6);
}

#[test]
fn what_does_not_fit_says_how_much_is_missing() {
    let building = Figure::number(1.0);
    let error = Service::of(&llama_70b(), &on_h100(1, "bf16", "bf16"), &load(1.0), None, &building);
    assert!(matches!(error, Err(CannotServe::Memory { needed, usable }) if needed > usable));
}

#[test]
fn a_target_that_one_request_alone_misses_is_told() {
    let mut load = load(1.0);
    load.between_tokens = Some(1e-4);
    let building = Figure::number(1.0);
    let service =
        Service::of(&llama_8b(), &on_h100(1, "bf16", "bf16"), &load, None, &building).unwrap();
    assert!(service.targets.iter().any(|target| target.of == "between_tokens" && !target.met));
    assert_eq!(service.limit, Limit::BetweenTokens);
}

proptest! {
    #[test]
    fn more_load_never_takes_fewer_devices(rate in 0.01f64..2000.0, more in 1.0f64..10.0) {
        prop_assert!(serve(rate * more).devices.value() >= serve(rate).devices.value());
    }
}
