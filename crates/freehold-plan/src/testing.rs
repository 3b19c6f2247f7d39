//! Models and devices of known figures, for the tests of this crate.

use freehold_catalog::{Experts, Geometry, KvGroup};

use crate::inputs::{Deployment, Device, DeviceClass, Engine, Parallelism, Precision};
use crate::shape::Shape;
use crate::{Figure, Format, Source, Unit};

/// Llama 3.1 8B: 8,030,261,248 parameters.
pub(crate) fn llama_8b() -> Shape {
    dense("Llama 3.1 8B", 8_030_261_248.0, (32, 4096, 32, 8, 128), 14_336, 128_256)
}

/// Llama 3.1 70B: 70,553,706,496 parameters.
pub(crate) fn llama_70b() -> Shape {
    dense("Llama 3.1 70B", 70_553_706_496.0, (80, 8192, 64, 8, 128), 28_672, 128_256)
}

/// Qwen3-30B-A3B: 128 experts of width 768, 8 a token.
pub(crate) fn qwen3_30b() -> Shape {
    let mut shape = dense("Qwen3 30B A3B", 30_532_122_624.0, (48, 2048, 32, 4, 128), 6144, 151_936);
    shape.active = 3_353_323_520.0;
    shape.geometry.experts = Some(Experts {
        count: 128,
        per_token: 8,
        shared: 0,
        intermediate: Some(768),
        layers: None,
    });
    shape
}

/// DeepSeek V3: a latent cache of 576 values a layer and token.
pub(crate) fn deepseek_v3() -> Shape {
    let mut shape = dense("DeepSeek V3", 671e9, (61, 7168, 128, 128, 128), 18_432, 129_280);
    shape.active = 37e9;
    shape.geometry.kv = vec![KvGroup::Latent { layers: 61, rank: 512, rope_dim: 64, index_dim: 0 }];
    shape.geometry.experts = Some(Experts {
        count: 256,
        per_token: 8,
        shared: 1,
        intermediate: Some(2048),
        layers: Some(58),
    });
    shape
}

fn dense(
    name: &str,
    parameters: f64,
    (layers, hidden, heads, kv_heads, head_dim): (u32, u32, u32, u32, u32),
    intermediate: u32,
    vocab: u32,
) -> Shape {
    let group = KvGroup::Grouped { layers, kv_heads, head_dim, value_dim: None, window: None };
    Shape {
        name: name.into(),
        parameters,
        active: parameters,
        geometry: Geometry {
            layers,
            hidden,
            heads,
            kv_heads,
            head_dim,
            intermediate: Some(intermediate),
            vocab: Some(vocab),
            tied: Some(false),
            experts: None,
            kv: vec![group],
        },
        context: Some(131_072.0),
        counted: Source::Stated,
        drawn: Source::Stated,
    }
}

/// An H100 SXM of 80 GiB.
pub(crate) fn h100() -> Device {
    device(
        "H100 SXM",
        80.0 * 1024.0_f64.powi(3),
        3.35e12,
        &[(Precision::Bf16, 989e12), (Precision::Fp8, 1979e12)],
    )
}

pub(crate) fn device(
    name: &str,
    memory: f64,
    bandwidth: f64,
    peaks: &[(Precision, f64)],
) -> Device {
    let figure = |name: &str, value, unit| Figure::input(name, value, unit, Source::Stated);
    Device {
        name: name.into(),
        class: DeviceClass::Gpu,
        memory: figure("memory", memory, Unit::of("B")),
        bandwidth: figure("bandwidth", bandwidth, Unit::per("B", "s")),
        compute: peaks
            .iter()
            .map(|(precision, peak)| {
                (*precision, figure(&format!("peak {precision}"), *peak, Unit::per("FLOP", "s")))
            })
            .collect(),
        power: Some(figure("power", 700.0, Unit::of("W"))),
        link: Some(figure("links", 900e9, Unit::per("B", "s"))),
    }
}

/// The model on that many H100, weights and cache in those forms.
pub(crate) fn on_h100(devices: u32, weights: &str, cache: &str) -> Deployment {
    Deployment {
        device: h100(),
        parallelism: Parallelism::tensor(devices),
        replicas: 1,
        weights: Format::built_in(weights).unwrap(),
        dense: None,
        cache: Format::built_in(cache).unwrap(),
        engine: Engine::Batching,
    }
}
