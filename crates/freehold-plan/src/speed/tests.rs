//! Speeds: figures agree with bare numbers, and laws.

use proptest::prelude::*;

use super::*;
use crate::testing::{deepseek_v3, device, llama_8b, llama_70b, on_h100, qwen3_30b};
use crate::{Format, Parallelism, Precision};

fn replica(shape: &Shape, deployment: &Deployment) -> Replica {
    Replica::of(shape, deployment, (1000.0, 1000.0), (0.0, 2000.0)).unwrap()
}

#[test]
fn figures_and_bare_numbers_agree_and_explain_themselves() {
    let mut by_data = on_h100(8, "awq", "fp8");
    by_data.parallelism.attention_by_data = true;
    let mut stages = on_h100(2, "bf16", "bf16");
    stages.parallelism.pipeline = 4;
    for (shape, deployment) in [
        (llama_8b(), on_h100(1, "bf16", "bf16")),
        (llama_70b(), stages),
        (qwen3_30b(), on_h100(2, "awq", "fp8")),
        (deepseek_v3(), by_data),
    ] {
        let replica = replica(&shape, &deployment);
        let speed = replica.most().unwrap();
        for figure in [&speed.step, &speed.generated, &speed.in_flight] {
            assert_eq!(figure.value(), figure.evaluate());
            assert!(figure.disagreements().is_empty(), "{:?}", figure.disagreements());
        }
        assert_eq!(speed.step.unit(), &Unit::of("s"));
        assert_eq!(speed.generated.unit(), &Unit::per("token", "s"));
        let quick = replica.step(speed.in_flight.value());
        assert!((speed.step.value() / quick - 1.0).abs() < 1e-12);
        let reading = replica.reading(8.0);
        assert!((reading.value() / replica.reads(8.0).0 - 1.0).abs() < 1e-12);
        let ends = speed.generated.interval().unwrap();
        assert!(ends.low < speed.generated.value() && speed.generated.value() < ends.high);
        assert!(speed.generated.explained().contains("InferenceX"));
    }
}

#[test]
fn unlike_devices_are_extrapolated_and_less_sure() {
    let known = replica(&llama_8b(), &on_h100(1, "fp8", "fp8"));
    let mut other = on_h100(1, "fp8", "fp8");
    other.device = device("another", 192e9, 5.3e12, &[(Precision::Bf16, 1.3e15)]);
    let other = replica(&llama_8b(), &other);
    assert_eq!((known.trust, other.trust), (Trust::Measured, Trust::Extrapolated));
    let width = |replica: &Replica| {
        let speed = replica.most().unwrap().generated;
        let ends = speed.interval().unwrap();
        (ends.high - ends.low) / speed.value()
    };
    assert!(width(&other) > width(&known));
}

#[test]
fn what_does_not_fit_has_no_speed() {
    assert!(replica(&llama_70b(), &on_h100(1, "bf16", "bf16")).most().is_none());
}

proptest! {
    #[test]
    fn more_bandwidth_is_never_slower(
        bandwidth in 1e11f64..1e13,
        more in 1.0f64..4.0,
        in_flight in 1.0f64..500.0,
        experts in any::<bool>(),
    ) {
        let step = |bandwidth: f64| {
            let mut deployment = on_h100(2, "fp8", "bf16");
            deployment.device = device("d", 1e12, bandwidth, &[(Precision::Bf16, 1e15)]);
            let shape = if experts { qwen3_30b() } else { llama_8b() };
            replica(&shape, &deployment).step(in_flight)
        };
        prop_assert!(step(bandwidth * more) <= step(bandwidth) * (1.0 + 1e-12));
    }

    #[test]
    fn more_in_flight_is_slower_for_each_and_faster_for_all(
        in_flight in 1.0f64..500.0,
        more in 1.0f64..4.0,
        devices in 1u32..5,
    ) {
        let replica = replica(&llama_8b(), &on_h100(devices, "fp8", "fp8"));
        let (few, many) = (in_flight, in_flight * more);
        prop_assert!(replica.step(many) >= replica.step(few) * (1.0 - 1e-12));
        prop_assert!(replica.rate(many) >= replica.rate(few) * (1.0 - 1e-9));
    }

    #[test]
    fn fewer_bits_never_take_longer_to_read(in_flight in 1.0f64..4.0) {
        let step = |format: &str| {
            let mut deployment = on_h100(1, format, "bf16");
            deployment.parallelism = Parallelism::ONE;
            deployment.weights = Format::built_in(format).unwrap();
            replica(&llama_8b(), &deployment).step(in_flight)
        };
        prop_assert!(step("fp8") <= step("bf16"));
    }
}
