//! A device of the catalogue as the plan needs it.

use freehold_catalog::{Catalog, Fact, Hardware, HardwareKind};

use crate::inputs::{Device, DeviceClass, Precision};
use crate::shape::{Unknown, source};
use crate::{Figure, Format, Source, Unit};

impl Device {
    /// The piece of hardware of the catalogue; where that fixes no memory, as a processor does not, with
    /// `ram` bytes of it.
    ///
    /// # Errors
    /// [`Unknown`] names the fact that the catalogue lacks.
    pub fn of(hardware: &Hardware, catalog: &Catalog, ram: Option<f64>) -> Result<Self, Unknown> {
        let figure = |name: &str, fact: &Fact<f64>, unit: Unit| {
            Figure::input(
                format!("{name} of {}", hardware.name),
                fact.is,
                unit,
                source(catalog, fact),
            )
        };
        let bandwidth = hardware.bandwidth.as_ref().ok_or(Unknown::Bandwidth)?;
        let (memory, whose) = match (&hardware.memory, ram) {
            (Some(memory), _) => (memory.is as f64, source(catalog, memory)),
            (None, Some(ram)) => (ram, Source::Stated),
            (None, None) => return Err(Unknown::Memory),
        };
        let name = format!("memory of {}", hardware.name);
        let memory = Figure::input(name, memory, Unit::of("B"), whose);
        let peaks = &hardware.compute;
        let mut compute: Vec<_> = [
            (Precision::Fp4, &peaks.fp4),
            (Precision::Int8, &peaks.int8),
            (Precision::Fp8, &peaks.fp8),
            (Precision::Bf16, &peaks.bf16),
            (Precision::Fp32, &peaks.fp32),
        ]
        .into_iter()
        .filter_map(|(precision, fact)| {
            let name = format!("peak {precision}");
            Some((precision, figure(&name, fact.as_ref()?, Unit::per("FLOP", "s"))))
        })
        .collect();
        complete(&mut compute, bandwidth.is);
        Ok(Self {
            name: hardware.name.clone(),
            class: match hardware.kind {
                HardwareKind::Gpu | HardwareKind::Accelerator => DeviceClass::Gpu,
                HardwareKind::Unified => DeviceClass::Unified,
                HardwareKind::Cpu => DeviceClass::Cpu,
            },
            memory,
            bandwidth: figure("bandwidth", bandwidth, Unit::per("B", "s")),
            compute,
            power: hardware.power.as_ref().map(|fact| figure("power", fact, Unit::of("W"))),
            link: hardware
                .interconnect
                .as_ref()
                .map(|fact| figure("links", fact, Unit::per("B", "s"))),
        })
    }

    /// How fast it multiplies in that precision, or in the next wider one that it knows.
    pub fn peak(&self, precision: Precision) -> Option<&Figure> {
        let wide = |one: &Precision| one.width() >= precision.width();
        let fits = self.compute.iter().filter(|(one, _)| wide(one));
        let kind = |one: &Precision| *one == Precision::Int8 && precision != Precision::Int8;
        fits.filter(|(one, _)| !kind(one)).min_by_key(|(one, _)| one.width()).map(|(_, peak)| peak)
    }

    /// Whether its hardware multiplies the form as it is stored; otherwise each number is widened
    /// first, which costs time.
    pub fn knows(&self, format: &Format) -> bool {
        let has = |wanted: Precision| self.compute.iter().any(|(one, _)| *one == wanted);
        format.native.is_some_and(|native| has(native) || native.width() >= 16)
    }

    /// Its links, or where none are known those of a PCIe 4.0 slot of 16 lanes.
    pub fn links(&self) -> Figure {
        self.link.clone().unwrap_or_else(|| {
            Figure::input(
                "links over PCIe 4.0, 16 lanes, both directions",
                64e9,
                Unit::per("B", "s"),
                Source::assumed("no link between devices is known"),
            )
        })
    }
}

/// Adds the 16-bit speed of a device of which nobody was found to state it: twice the 32-bit one
/// (GeForce 3090, 4090 and 5090 and Ryzen AI Max+ 395 have twice, data-centre GPUs up to 16 times), or
/// where that is missing too 60 operations for each byte per second of bandwidth.
pub(crate) fn complete(compute: &mut Vec<(Precision, Figure)>, bandwidth: f64) {
    let of = |wanted| compute.iter().find(|(one, _)| *one == wanted).map(|(_, peak)| peak.value());
    if of(Precision::Bf16).is_some() {
        return;
    }
    let (value, ends) = match of(Precision::Fp32) {
        Some(single) => (2.0 * single, (single, 8.0 * single)),
        None => (60.0 * bandwidth, (15.0 * bandwidth, 240.0 * bandwidth)),
    };
    let why = "nobody was found to state it; taken from the 32-bit speed or the bandwidth";
    let unit = Unit::per("FLOP", "s");
    let peak =
        Figure::between("peak BF16 (not confirmed)", value, ends, unit, Source::assumed(why));
    compute.push((Precision::Bf16, peak));
}

impl Precision {
    /// Bits of one number.
    pub fn width(self) -> u32 {
        match self {
            Self::Fp4 => 4,
            Self::Int8 | Self::Fp8 => 8,
            Self::Bf16 => 16,
            Self::Fp32 => 32,
        }
    }
}

impl std::fmt::Display for Precision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Fp4 => "FP4",
            Self::Int8 => "INT8",
            Self::Fp8 => "FP8",
            Self::Bf16 => "BF16",
            Self::Fp32 => "FP32",
        })
    }
}
