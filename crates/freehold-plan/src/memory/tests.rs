//! Sizes against files that exist, caches against geometry, and laws.

use proptest::prelude::*;

use super::*;
use crate::Parallelism;
use crate::testing::{deepseek_v3, h100, llama_8b, llama_70b, on_h100, qwen3_30b};
use freehold_catalog::{Catalog, Covers};

fn sound(figure: &Figure) {
    assert_eq!(figure.value(), figure.evaluate(), "{}", figure.explained());
    assert!(figure.disagreements().is_empty(), "{:?}", figure.disagreements());
}

#[test]
fn files_have_the_size_that_is_computed() {
    let check = |shape: &Shape, format: &str, gigabytes: f64, within: f64| {
        let size = weight_bytes(shape, &Format::built_in(format).unwrap());
        sound(&size);
        let off = (size.value() / 1e9 / gigabytes - 1.0).abs();
        assert!(off < within, "{} {format}: {}", shape.name, size.explained());
    };
    // Hugging Face: four files of 16.06 GB in BF16; NVIDIA's FP8 is 9.08 GB with 16-bit embeddings.
    check(&llama_8b(), "bf16", 16.06, 0.001);
    check(&llama_8b(), "fp8", 9.08, 0.002);
    // llama.cpp's own table for this model: 7.95, 6.14 and 4.58 GiB.
    check(&llama_8b(), "q8_0", 7.95 * 1.073_741_824, 0.002);
    check(&llama_8b(), "q6_k", 6.14 * 1.073_741_824, 0.002);
    check(&llama_8b(), "q4_k_m", 4.58 * 1.073_741_824, 0.002);
}

/// `catalog` shows a bare number, `plan` the same with its arithmetic.
#[test]
fn a_model_weighs_the_same_in_the_catalogue() {
    let catalog = Catalog::embedded().unwrap();
    let mut compared = 0;
    for model in catalog.models() {
        let Ok(shape) = Shape::of(model, catalog) else { continue };
        for form in catalog.quantisations() {
            let (bytes, counted) = model.weight_bytes(form).unwrap();
            if counted {
                continue;
            }
            let figure = weight_bytes(&shape, &Format::find(catalog, &form.id.0).unwrap());
            let off = figure.value() / bytes as f64 - 1.0;
            assert!(
                off.abs() < 1e-6,
                "{} {}: {bytes}, {}",
                model.id.0,
                form.name,
                figure.explained()
            );
            compared += 1;
        }
    }
    assert!(compared > 1000, "{compared}");
}

#[test]
fn caches_follow_the_geometry() {
    let check = |shape: &Shape, devices: u32, tokens: f64, bytes: f64| {
        let cache = cache(shape, &on_h100(devices, "bf16", "bf16"), tokens);
        sound(&cache);
        assert!((cache.value() / bytes - 1.0).abs() < 1e-12, "{}", cache.explained());
    };
    check(&llama_8b(), 1, 1.0, 131_072.0);
    check(&llama_70b(), 1, 1.0, 327_680.0);
    check(&llama_70b(), 4, 1.0, 81_920.0);
    // A latent cache: (512 + 64) × 61 layers × 2 bytes, whole on every device.
    check(&deepseek_v3(), 8, 1.0, 70_272.0);
    // Four key-value heads over eight devices: each keeps one.
    check(&qwen3_30b(), 8, 1.0, 98_304.0 / 4.0);
}

#[test]
fn what_does_not_fit_says_so() {
    let fits =
        |devices, weights| Memory::of(&llama_70b(), &on_h100(devices, weights, "bf16"), 4096.0);
    assert!(!fits(1, "bf16").fits());
    assert!(fits(4, "bf16").fits());
    assert!(fits(1, "awq").fits());
    let memory = fits(1, "bf16");
    for figure in [&memory.free, &memory.sequences, &memory.least(), &memory.usable] {
        sound(figure);
    }
    assert!(memory.free.value() < 0.0 && memory.sequences.value() == 0.0);
}

#[test]
fn experts_are_dealt_out_and_attention_is_copied() {
    let mut deployment = on_h100(8, "fp8", "fp8");
    let dealt = parts(&qwen3_30b(), &deployment);
    deployment.parallelism = Parallelism { attention_by_data: true, ..deployment.parallelism };
    let copied = parts(&qwen3_30b(), &deployment);
    assert_eq!(copied.experts.value(), dealt.experts.value());
    assert!((copied.dense.value() / dealt.dense.value() - 8.0).abs() < 1e-9);
    assert_eq!(Memory::of(&qwen3_30b(), &deployment, 2000.0).sequences.value() % 8.0, 0.0);
}

proptest! {
    #[test]
    fn more_memory_never_holds_fewer(
        memory in 1e9f64..1e12,
        more in 0.0f64..1e12,
        tokens in 1.0f64..1e6,
        devices in 1u32..9,
    ) {
        let sequences = |bytes: f64| {
            let mut deployment = on_h100(devices, "fp8", "fp8");
            deployment.device = crate::testing::device("d", bytes, 1e12, &[]);
            Memory::of(&qwen3_30b(), &deployment, tokens).sequences.value()
        };
        prop_assert!(sequences(memory + more) >= sequences(memory));
    }

    #[test]
    fn fewer_bits_never_take_more(tokens in 1.0f64..1e5, devices in 1u32..9) {
        let mut formats = Format::all(Catalog::embedded().unwrap());
        formats.sort_by(|a, b| a.bits.value().total_cmp(&b.bits.value()));
        for covers in [Covers::File, Covers::Layers] {
            let sizes: Vec<f64> = formats
                .iter()
                .filter(|format| format.covers == covers)
                .map(|format| {
                    let mut deployment = on_h100(devices, &format.id, "bf16");
                    deployment.device = h100();
                    Memory::of(&llama_8b(), &deployment, tokens).least().value()
                })
                .collect();
            prop_assert!(sizes.is_sorted());
        }
    }
}
