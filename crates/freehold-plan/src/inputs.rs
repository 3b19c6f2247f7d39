//! What a plan is asked about: a device and how many of it, how a model is laid over them, and the
//! load that it is to carry.

use serde::{Deserialize, Serialize};

use crate::Figure;

/// One accelerator, processor or machine, with what its maker says of it.
#[derive(Debug, Clone)]
pub struct Device {
    /// What it is called.
    pub name: String,
    /// How software runs on it, which chooses the fitted constants.
    pub class: DeviceClass,
    /// Memory, in `B`.
    pub memory: Figure,
    /// Peak memory bandwidth, in `B/s`.
    pub bandwidth: Figure,
    /// Peak dense operations (a multiply and an add are two) by precision, in `FLOP/s`. A precision
    /// that is absent is computed in the next wider one.
    pub compute: Vec<(Precision, Figure)>,
    /// Power at full load, in `W`, where its maker says.
    pub power: Option<Figure>,
    /// To its neighbours, both directions together, in `B/s`; absent: through the host (PCIe).
    pub link: Option<Figure>,
}

/// What kind of device, as far as fitted constants differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceClass {
    /// A GPU or accelerator with memory of its own.
    Gpu,
    /// Processor and GPU share one memory: Apple silicon, GB10, Strix Halo.
    Unified,
    /// A processor alone.
    Cpu,
}

/// In which numbers a device multiplies, narrow to wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// 4-bit floating point.
    Fp4,
    /// 8-bit integer.
    Int8,
    /// 8-bit floating point.
    Fp8,
    /// 16-bit floating point of either kind.
    Bf16,
    /// 32-bit floating point.
    Fp32,
}

impl Precision {
    /// The precision of that name in the catalogue.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "fp4" => Self::Fp4,
            "int8" => Self::Int8,
            "fp8" => Self::Fp8,
            "bf16" => Self::Bf16,
            "fp32" => Self::Fp32,
            _ => return None,
        })
    }
}

/// How a model is laid over the devices of one replica.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parallelism {
    /// Devices among which each layer is split: weights and, unless `attention_by_data`, heads.
    pub tensor: u32,
    /// Groups of layers, one after the other.
    pub pipeline: u32,
    /// Each device of the tensor group runs the attention of its own sequences whole, and the experts
    /// are dealt out: what NVIDIA's tables call DEP.
    pub attention_by_data: bool,
}

/// Devices, and how the model lies on them.
#[derive(Debug, Clone)]
pub struct Deployment {
    /// Of which device.
    pub device: Device,
    /// How one replica is spread: it has [`Parallelism::devices`] of them.
    pub parallelism: Parallelism,
    /// How many copies of the model serve side by side.
    pub replicas: u32,
    /// The form of the weights: of the experts, and of the rest unless `dense` says otherwise.
    pub weights: crate::Format,
    /// The form of attention and dense layers, where it differs, as in gpt-oss.
    pub dense: Option<crate::Format>,
    /// The form of the key-value cache.
    pub cache: crate::Format,
    /// Which program serves.
    pub engine: Engine,
}

/// The program that serves, as far as fitted constants differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// vLLM, SGLang and their like: continuous batching, a paged cache in a share of all memory.
    Batching,
    /// TensorRT-LLM: the same, with the cache in a share of what weights leave.
    TensorRt,
    /// llama.cpp and what is built on it.
    LlamaCpp,
}

/// What is asked of the model at the busiest hour and how fast it is to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Requests per second, hour by hour of a day. One value is a constant load.
    pub requests_per_second: Vec<f64>,
    /// Tokens of a prompt.
    pub input: Lengths,
    /// Tokens of an answer, thinking included.
    pub output: Lengths,
    /// Share of prompt tokens whose cache is found from an earlier request, 0 to 1.
    #[serde(default)]
    pub prefix_hits: f64,
    /// Seconds to the first token that 95 % of requests are to stay below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_token: Option<f64>,
    /// Seconds between tokens that the mean of a request is to stay below.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub between_tokens: Option<f64>,
}

/// How long prompts or answers are, in tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lengths {
    /// Half are at most this long.
    pub median: f64,
    /// 95 of 100 are at most this long.
    pub p95: f64,
}

impl Deployment {
    /// One replica on that many devices, each layer split among them; weights and cache in those
    /// forms.
    pub fn on(
        device: Device,
        devices: u32,
        weights: crate::Format,
        cache: crate::Format,
        engine: Engine,
    ) -> Self {
        let parallelism = Parallelism::tensor(devices);
        Self { device, parallelism, replicas: 1, weights, dense: None, cache, engine }
    }
}

impl Parallelism {
    /// Everything on one device.
    pub const ONE: Self = Self { tensor: 1, pipeline: 1, attention_by_data: false };

    /// Each layer split over that many devices.
    pub fn tensor(devices: u32) -> Self {
        Self { tensor: devices.max(1), ..Self::ONE }
    }

    /// Devices of one replica.
    pub fn devices(self) -> u32 {
        self.tensor.saturating_mul(self.pipeline)
    }
}

impl Lengths {
    /// All of one length.
    pub fn all(tokens: f64) -> Self {
        Self { median: tokens, p95: tokens }
    }

    /// The mean, by a lognormal distribution through both percentiles: `median × exp(σ²/2)` with
    /// `σ = ln(p95 / median) / 1.6449`. Lengths of prompts and answers are long-tailed; the mean is
    /// what a throughput needs and a median is what people know.
    pub fn mean(self) -> f64 {
        if self.median <= 0.0 {
            return 0.0;
        }
        let sigma = (self.p95 / self.median).max(1.0).ln() / NORMAL_95;
        self.median * (sigma * sigma / 2.0).exp()
    }
}

impl Load {
    /// The busiest hour's requests per second.
    pub fn peak(&self) -> f64 {
        self.requests_per_second.iter().copied().fold(0.0, f64::max)
    }

    /// The day's mean of requests per second.
    pub fn mean(&self) -> f64 {
        let hours = self.requests_per_second.len();
        if hours == 0 { 0.0 } else { self.requests_per_second.iter().sum::<f64>() / hours as f64 }
    }
}

/// The 95th percentile of the standard normal distribution.
const NORMAL_95: f64 = 1.644_853_626_951_472_2;
