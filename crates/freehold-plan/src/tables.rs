//! Published measurements, as rows to fit constants to and to be measured against.

use std::collections::BTreeMap;

use freehold_catalog::Geometry;
use serde::Deserialize;

use crate::case::Case;
use crate::inputs::{Deployment, Device, DeviceClass, Engine, Parallelism, Precision};
use crate::shape::{Shape, Unknown};
use crate::{Figure, Format, Source, Unit};

/// One line of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The table's name.
    pub table: String,
    /// The line, from 1.
    pub line: usize,
    /// The model as the table calls it.
    pub model: String,
    /// The hardware as the table calls it.
    pub hardware: String,
    /// How the model was spread.
    pub parallelism: Parallelism,
    /// As the table calls it; empty where it does not say.
    pub precision: String,
    /// The program and its version.
    pub engine: String,
    /// Tokens of each prompt.
    pub input: f64,
    /// Tokens of each answer.
    pub output: f64,
    /// Requests at once; absent where as many as fit.
    pub concurrency: Option<f64>,
    /// What was measured.
    pub kind: String,
    /// Tokens per second of one replica.
    pub speed: f64,
    /// Seconds to the first token and between tokens, where the table has them.
    pub latency: Option<(f64, f64)>,
}

/// Why a table cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// There is no line of column names.
    #[error("table `{table}` has no header")]
    Header {
        /// Which table.
        table: String,
    },
    /// A cell is missing or not what it must be.
    #[error("table `{table}`, line {line}: column `{column}` holds `{text}`")]
    Cell {
        /// Which table.
        table: String,
        /// Which line, from 1.
        line: usize,
        /// Which column.
        column: &'static str,
        /// What stands there.
        text: String,
    },
    /// The table names a model or device of which the shapes are not given.
    #[error("table `{table}`, line {line}: nothing is known of `{name}`")]
    Name {
        /// Which table.
        table: String,
        /// Which line, from 1.
        line: usize,
        /// The name.
        name: String,
    },
    /// The file of shapes and devices is not what it must be.
    #[error("shapes and devices of the tables: {0}")]
    Measured(String),
    /// Something needed is unknown.
    #[error(transparent)]
    Unknown(#[from] Unknown),
}

/// Reads a table: comment lines begin with `#`, then column names, then rows.
///
/// # Errors
/// [`TableError`] with the line and column.
pub fn rows(table: &str, text: &str) -> Result<Vec<Row>, TableError> {
    let mut lines = text
        .lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
    let (_, header) = lines.next().ok_or_else(|| TableError::Header { table: table.into() })?;
    let columns: Vec<&str> = header.split(',').map(str::trim).collect();
    lines
        .map(|(line, text)| {
            let cells: Vec<&str> = text.split(',').map(str::trim).collect();
            let find = |column: &str| {
                let at = columns.iter().position(|name| *name == column)?;
                cells.get(at).copied()
            };
            row(table, line, &find)
        })
        .collect()
}

fn row<'a>(
    table: &str,
    line: usize,
    find: &dyn Fn(&str) -> Option<&'a str>,
) -> Result<Row, TableError> {
    let text = |column| find(column).unwrap_or_default().to_owned();
    let bad = |column: &'static str| TableError::Cell {
        table: table.into(),
        line,
        column,
        text: find(column).unwrap_or_default().into(),
    };
    let positive = |column: &'static str| {
        let value = find(column).and_then(|text| text.parse::<f64>().ok());
        value.filter(|value| *value > 0.0 && value.is_finite()).ok_or_else(|| bad(column))
    };
    // Tables of single streams leave lengths away; they are short, and matter little there.
    let length = |column: &'static str, short: f64| match find(column) {
        Some("" | "0") => Ok(short),
        _ => positive(column),
    };
    let parallelism = parallelism(find("parallelism").unwrap_or_default());
    let parallelism = parallelism.ok_or_else(|| bad("parallelism"))?;
    let hardware = find("hardware").or_else(|| find("gpu")).unwrap_or_default().to_owned();
    let speed = if find("tokens_per_second_per_gpu").is_some() {
        positive("tokens_per_second_per_gpu")? * f64::from(parallelism.devices())
    } else {
        positive("tokens_per_second")?
    };
    let seconds = (find("ttft_ms"), find("tpot_ms"));
    let latency = match seconds {
        (Some(_), Some(_)) => Some((positive("ttft_ms")? / 1e3, positive("tpot_ms")? / 1e3)),
        _ => None,
    };
    let concurrency = match find("concurrency") {
        None | Some("") => None,
        Some(_) => Some(positive("concurrency")?),
    };
    let kind = find("kind").unwrap_or("offline_maximum").to_owned();
    Ok(Row {
        table: table.into(),
        line,
        model: text("model"),
        hardware,
        parallelism,
        precision: text("precision"),
        engine: find("engine").unwrap_or("TensorRT-LLM").to_owned(),
        input: length("input_tokens", 512.0)?,
        output: length("output_tokens", 128.0)?,
        concurrency,
        kind,
        speed,
        latency,
    })
}

/// `TP4`, `TP1+PP2`, `TP4 PP2`, `DEP8+PP1`; nothing is one device.
fn parallelism(text: &str) -> Option<Parallelism> {
    let mut all = Parallelism::ONE;
    for part in text.split(['+', ' ']).filter(|part| !part.is_empty()) {
        let digits = part.find(|letter: char| letter.is_ascii_digit())?;
        let (name, count) = part.split_at(digits);
        let count: u32 = count.parse().ok().filter(|count| (1..=1024).contains(count))?;
        match name {
            "TP" => all.tensor = count,
            "PP" => all.pipeline = count,
            "DEP" => (all.tensor, all.attention_by_data) = (count, true),
            _ => return None,
        }
    }
    Some(all)
}

/// The shapes and devices that the tables name.
#[derive(Debug)]
pub struct Measured {
    shapes: BTreeMap<String, Shape>,
    devices: BTreeMap<String, Device>,
}

impl Measured {
    /// Reads `measured.json`.
    ///
    /// # Errors
    /// [`TableError::Measured`].
    pub fn read(text: &str) -> Result<Self, TableError> {
        let file: MeasuredFile =
            serde_json::from_str(text).map_err(|error| TableError::Measured(error.to_string()))?;
        let mut shapes = BTreeMap::new();
        for model in file.models {
            let source = Source::published(&model.id, "", "2026-11-23");
            let shape = Shape {
                name: model.id.clone(),
                parameters: model.parameters,
                active: model.active,
                geometry: model.geometry,
                context: None,
                counted: source.clone(),
                drawn: source,
            };
            for name in model.named {
                shapes.insert(name, shape.clone());
            }
        }
        let mut devices = BTreeMap::new();
        for device in file.devices {
            for name in &device.named {
                devices.insert(name.clone(), device.clone().into());
            }
        }
        Ok(Self { shapes, devices })
    }

    /// The rows that can be predicted; and of the others why not, and how many.
    pub fn cases(&self, rows: &[Row]) -> (Vec<Case>, BTreeMap<String, usize>) {
        let mut left: BTreeMap<String, usize> = BTreeMap::new();
        let mut cases = Vec::new();
        for row in rows {
            let made = match doubtful(row) {
                Some(why) => Err(why.to_owned()),
                None => self.case(row).map_err(|error| match error {
                    TableError::Name { name, .. } => format!("nothing is known of `{name}`"),
                    error => error.to_string(),
                }),
            };
            match made {
                Ok(case) => cases.push(case),
                Err(why) => *left.entry(why).or_default() += 1,
            }
        }
        (cases, left)
    }

    /// The row as something that can be predicted.
    ///
    /// # Errors
    /// [`TableError::Name`] for a model or device that is not in the file.
    pub fn case(&self, row: &Row) -> Result<Case, TableError> {
        let missing = |name: &str| TableError::Name {
            table: row.table.clone(),
            line: row.line,
            name: name.to_owned(),
        };
        let shape = self.shapes.get(&row.model).ok_or_else(|| missing(&row.model))?;
        let device = self.devices.get(&row.hardware).ok_or_else(|| missing(&row.hardware))?;
        let deployment = deployment(row, shape, device).ok_or_else(|| missing(&row.precision))?;
        Ok(Case::of(row, shape, &deployment)?)
    }
}

/// Why a row is neither fitted to nor compared with.
fn doubtful(row: &Row) -> Option<&'static str> {
    // 64 prompts of 2,000 tokens in 1.09 s are 96 % of the peak of an H200: they were not computed.
    let repeated = row.engine == "vLLM 0.12.0" && row.model.contains("8B");
    match (row.precision.is_empty(), repeated) {
        (true, _) => Some("the source does not state the precision"),
        (_, true) => Some("faster than the arithmetic allows: prompts came from the prefix cache"),
        _ => None,
    }
}

/// How the tables' words are to be read; what they do not say is told in
/// `docs/reference/plan-method.md`.
fn deployment(row: &Row, shape: &Shape, device: &Device) -> Option<Deployment> {
    let llama = LOCAL.iter().any(|name| row.engine.starts_with(name));
    let nvidia = row.engine.starts_with("TensorRT-LLM");
    let (weights, cache) = match (row.precision.as_str(), llama) {
        ("FP4", _) => ("nvfp4", "fp8"),
        ("FP8", _) => ("fp8", if nvidia { "fp8" } else { "bf16" }),
        ("FP16" | "BF16", _) => ("bf16", "bf16"),
        ("INT4", _) => ("awq", "bf16"),
        ("Q4_K" | "GGUF 4-bit" | "UD-Q4_K_XL", true) => ("q4_k_m", "bf16"),
        // MLX: groups of 64 with a scale and an offset of 16 bits.
        ("MLX 4-bit", true) => ("q4_0", "bf16"),
        ("MLX 8-bit", true) => ("q8_0", "bf16"),
        (other, true) => (other, "bf16"),
        _ => return None,
    };
    let mut weights = Format::built_in(weights)?;
    let mut cache = Format::built_in(cache)?;
    let mut dense = None;
    let native = device.compute.iter().any(|(precision, _)| *precision == Precision::Fp4);
    if shape.name.contains("gpt-oss") {
        weights = Format::built_in("mxfp4")?;
        dense = Format::built_in(if llama { "q8_0" } else { "bf16" });
        cache = Format::built_in(if native { "fp8" } else { "bf16" })?;
    } else if ["DeepSeek", "Kimi", "MiniMax"].iter().any(|name| shape.name.contains(name))
        && ["FP4", "INT4"].contains(&row.precision.as_str())
    {
        dense = Format::built_in("bf16");
    }
    let mut parallelism = row.parallelism;
    // NVIDIA's page for version 1.0 switches attention by data on for all mixtures of experts.
    if row.table.ends_with("1.0") && shape.geometry.experts.is_some() && parallelism.tensor > 1 {
        parallelism.attention_by_data = true;
    }
    let engine = match (llama, nvidia) {
        (true, _) => Engine::LlamaCpp,
        (false, true) => Engine::TensorRt,
        (false, false) => Engine::Batching,
    };
    let device = device.clone();
    Some(Deployment { device, parallelism, replicas: 1, weights, dense, cache, engine })
}

#[derive(Deserialize)]
struct MeasuredFile {
    models: Vec<MeasuredModel>,
    devices: Vec<MeasuredDevice>,
}

#[derive(Deserialize)]
struct MeasuredModel {
    id: String,
    named: Vec<String>,
    parameters: f64,
    active: f64,
    geometry: Geometry,
}

#[derive(Clone, Deserialize)]
struct MeasuredDevice {
    id: String,
    named: Vec<String>,
    kind: DeviceClass,
    memory: f64,
    bandwidth: f64,
    compute: BTreeMap<Precision, f64>,
    link: Option<f64>,
}

impl From<MeasuredDevice> for Device {
    fn from(device: MeasuredDevice) -> Self {
        let figure = |name: &str, value, unit| {
            Figure::input(name, value, unit, Source::published(&device.id, "", "2026-11-23"))
        };
        let peak = |precision: &Precision, value: f64| {
            (*precision, figure(&format!("peak {precision}"), value, Unit::per("FLOP", "s")))
        };
        let mut compute: Vec<_> =
            device.compute.iter().map(|(one, value)| peak(one, *value)).collect();
        crate::device::complete(&mut compute, device.bandwidth);
        Self {
            name: device.id.clone(),
            class: device.kind,
            memory: figure("memory", device.memory, Unit::of("B")),
            bandwidth: figure("bandwidth", device.bandwidth, Unit::per("B", "s")),
            compute,
            power: None,
            link: device.link.map(|value| figure("links", value, Unit::per("B", "s"))),
        }
    }
}

/// Programs for one user at a time.
const LOCAL: [&str; 3] = ["llama.cpp", "LM Studio", "Ollama"];

/// The tables of engines that serve many, to which constants are fitted.
pub const MANY: [&str; 4] =
    ["tensorrt-llm", "tensorrt-llm-1.0", "tensorrt-llm-0.14", "inferencex-sample"];

/// A table to which nothing is fitted.
pub const UNSEEN: [&str; 1] = ["silybench-h100"];

/// The tables of llama.cpp and the like.
pub const ONE: [&str; 2] = ["llama-cpp-dgx-spark", "unified-memory"];

#[cfg(test)]
mod tests;
