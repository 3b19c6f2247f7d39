//! A load on replicas: figures that hold together, and laws.

use freehold_catalog::Catalog;
use proptest::prelude::*;

use super::*;
use crate::options::fewest;
use crate::testing::{llama_8b, llama_70b, on_h100};
use crate::{Device, Engine, Format, Lengths};

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

/// Every model of the catalogue whose shape is known, on a card, on a machine of eight, and on a
/// machine with unified memory of which no arithmetic is stated.
#[test]
fn every_known_model_gets_a_plan_whose_figures_hold() {
    let catalog = Catalog::embedded().unwrap();
    let building = Figure::number(1.3);
    let (mut plans, mut shapes) = (0, 0);
    for model in catalog.models() {
        let Ok(shape) = Shape::of(model, catalog) else { continue };
        shapes += 1;
        for (hardware, weights, engine) in [
            ("l40s", "fp8", Engine::Batching),
            ("h100", "awq", Engine::Batching),
            ("apple-m4-max", "q4_k_m", Engine::LlamaCpp),
        ] {
            let device =
                Device::of(catalog.hardware_named(hardware).unwrap(), catalog, None).unwrap();
            let (weights, cache) =
                (Format::built_in(weights).unwrap(), Format::built_in("bf16").unwrap());
            let one = Deployment::on(device, 1, weights, cache, engine);
            let Some(found) = fewest(&shape, &one, 4000.0, 1.0) else { continue };
            let service = Service::of(&shape, &found, &load(0.5), None, &building).unwrap();
            plans += 1;
            for figure in [
                &service.capacity,
                &service.replicas,
                &service.devices,
                &service.first_token_p95,
                &service.busy.step,
            ] {
                let name = &shape.name;
                assert_eq!(figure.value(), figure.evaluate(), "{name}: {}", figure.explained());
                assert!(figure.disagreements().is_empty(), "{:?}", figure.disagreements());
                let good = figure.value().is_finite() && figure.value() > 0.0;
                assert!(good, "{name} on {hardware}: {}", figure.explained());
            }
        }
    }
    assert!(shapes > 150 && plans > 300, "{shapes} shapes, {plans} plans");
}

proptest! {
    #[test]
    fn more_load_never_takes_fewer_devices(rate in 0.01f64..2000.0, more in 1.0f64..10.0) {
        prop_assert!(serve(rate * more).devices.value() >= serve(rate).devices.value());
    }
}
