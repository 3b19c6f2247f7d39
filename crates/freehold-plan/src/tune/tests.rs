use super::*;
use crate::testing::{deepseek_v3, llama_8b, qwen3_30b};

const GIB: f64 = 1_073_741_824.0;

fn tune(method: Method) -> Training {
    let training = Training::of(&llama_8b(), &Tuning::usual(method)).unwrap();
    for figure in [
        &training.trained,
        &training.share,
        &training.weights,
        &training.optimizer,
        &training.activations,
        &training.memory,
    ] {
        assert_eq!(figure.value(), figure.evaluate());
        assert!(figure.disagreements().is_empty(), "{:?}", figure.disagreements());
    }
    training
}

#[test]
fn the_trained_share_is_exact() {
    let check = |rank: u32, parameters: f64, percent: f64| {
        let training = tune(Method::LoRa { rank });
        assert_eq!(training.trained.value(), parameters);
        let share = 100.0 * training.share.value();
        assert!((share - percent).abs() < 0.005, "rank {rank}: {share} %");
    };
    // PEFT's print_trainable_parameters for Llama 3.1 8B with all linear layers.
    check(16, 41_943_040.0, 0.52);
    check(64, 167_772_160.0, 2.05);
    assert_eq!(tune(Method::Full).share.value(), 1.0);
}

#[test]
fn memory_is_what_is_known() {
    let near = |method, gigabytes: f64, within: f64| {
        let memory = tune(method).memory;
        let off = memory.value() / 1e9 / gigabytes - 1.0;
        assert!(off.abs() < within, "{method:?}: {}", memory.explained());
    };
    near(Method::QLoRa { rank: 16 }, 9.5, 0.03);
    // Sixteen bytes a parameter and what a step keeps.
    near(Method::Full, 8.03 * 16.0 + 3.2 + 16.06, 0.03);
}

/// torchtune's recipes for one device: rank 8, everything trained at 16 bits, the loss in pieces.
/// What it reports is what its tensors take, without the driver.
#[test]
fn torchtune_measured_as_much() {
    let check = |method, measured: f64, within: f64| {
        let trained = Bytes { parameter: 2, gradient: 2, moment: 2 };
        let tuning = Tuning { chunked_loss: true, trained, ..Tuning::usual(method) };
        let training = Training::of(&llama_8b(), &tuning).unwrap();
        let tensors = training.memory.minus(&training.overhead);
        let off = tensors.value() / (measured * GIB) - 1.0;
        assert!(off.abs() < within, "{method:?}: {off:+.3}\n{}", tensors.explained());
    };
    check(Method::LoRa { rank: 8 }, 16.2, 0.1);
    check(Method::QLoRa { rank: 8 }, 7.4, 0.12);
}

#[test]
fn checkpointing_and_pieces_take_less() {
    let memory = |checkpointing, chunked_loss| {
        let usual = Tuning::usual(Method::QLoRa { rank: 16 });
        let tuning = Tuning { checkpointing, chunked_loss, sequence: 8192, ..usual };
        Training::of(&llama_8b(), &tuning).unwrap().memory.value()
    };
    assert!(memory(true, true) < memory(true, false));
    assert!(memory(true, false) < memory(false, false) / 1.5);
}

#[test]
fn what_the_shape_does_not_say_is_not_told() {
    let tuning = Tuning::usual(Method::LoRa { rank: 16 });
    assert_eq!(Training::of(&deepseek_v3(), &tuning).unwrap_err(), Untold::Attention);
    // Experts are linear layers too: with them a low rank is no longer a small share.
    let share = Training::of(&qwen3_30b(), &tuning).unwrap().share.value();
    assert!((0.02..0.06).contains(&share), "{share}");
}
