//! The machine's half of a plan: how a model is laid over devices, whether it fits, and what would if
//! it does not.

use freehold_catalog::{Catalog, Hardware, HardwareKind, Model};
use serde::Serialize;

use crate::{
    Deployment, Device, Engine, Format, Load, Memory, Parallelism, Shape, Unknown,
    ask::{Ask, close},
    bill::defaults,
    calibrate::{Calibration, Observations, Refused, implausible, posterior, same_model},
    demand::{Asked, Origin, given, label, taken},
    options::{Alternative, Change, options},
    serve::CannotServe,
    serving::Serving,
    subject::Subject,
    tune::{Method, Room, Training, Tuning, Untold},
    words,
};

/// A model on hardware.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The hardware's name in the catalogue.
    pub hardware: String,
    /// The model's size and shape.
    pub shape: Shape,
    /// Devices, and how the model lies on them.
    pub deployment: Deployment,
    /// What it takes of each device's memory.
    pub memory: Memory,
    /// What one replica serves within the targets, where it fits.
    pub serving: Option<Serving>,
    /// What the user's own measurements say of it.
    pub calibration: Option<Calibration>,
    /// What fine-tuning takes, where that was asked.
    pub training: Option<Training>,
    /// Whether that fits.
    pub room: Option<Room>,
    /// What else would do, where it does not fit.
    pub options: Vec<Alternative>,
}

/// A file of measurements, read.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurements {
    /// What it says.
    pub observations: Observations,
    /// Its name.
    pub from: String,
}

/// Why nothing can be computed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MachineError {
    /// No form of weights has this name.
    #[error("no form of weights is called `{name}`")]
    Form {
        /// As it was written.
        name: String,
        /// Names that are close.
        close: Vec<String>,
    },
    /// The catalogue lacks a fact of the model or of the device.
    #[error("nothing can be computed for {of}")]
    Unknown {
        /// The model or the hardware.
        of: String,
        /// Which fact.
        source: Unknown,
    },
    /// The catalogue does not describe what fine-tuning would train.
    #[error("fine-tuning of {of} cannot be told")]
    Untold {
        /// The model.
        of: String,
        /// What is missing.
        source: Untold,
    },
    /// Measurements that cannot be the plan's.
    #[error(transparent)]
    Refused(Refused),
    /// The load cannot be served.
    #[error("nothing can be computed for {of}")]
    CannotServe {
        /// The hardware.
        of: String,
        /// Why.
        source: CannotServe,
    },
}

/// A short account of a machine, for JSON.
#[derive(Debug, Clone, Serialize)]
pub struct Layout {
    /// Devices of one replica.
    pub devices: u32,
    /// How many devices share each layer.
    pub tensor: u32,
    /// How many groups of layers follow each other.
    pub pipeline: u32,
    /// The form of the weights.
    pub weights: String,
    /// The form of the cache.
    pub cache: String,
    /// Which kind of program serves.
    pub engine: Engine,
    /// Whether it fits.
    pub fits: bool,
}

impl Machine {
    /// The machine that was named; none where model or hardware were not.
    ///
    /// # Errors
    /// [`MachineError`] where the form is unknown or a fact is not in the catalogue.
    pub fn of(
        catalog: &Catalog,
        ask: &Ask,
        subject: &Subject<'_>,
        (load, measured): (&Load, &[Measurements]),
        asked: &mut Vec<Asked>,
    ) -> Result<Option<Self>, MachineError> {
        let (Some(model), Some(hardware)) = (subject.model, subject.hardware) else {
            return if measured.is_empty() {
                Ok(None)
            } else {
                Err(MachineError::Refused(Refused::NoModel))
            };
        };
        for one in measured {
            same_model(catalog, model, &one.observations, &one.from)
                .map_err(MachineError::Refused)?;
        }
        let form = form(catalog, ask, model, hardware, asked)?;
        let mut machine = Self::laid(catalog, (model, hardware), subject, &form, load)?;
        if machine.fits() {
            let building = taken(ask, "building", defaults::building(), &mut Vec::new());
            let lacks = |source| MachineError::Unknown { of: hardware.id.0.clone(), source };
            for Measurements { observations, from } in measured {
                let (shape, deployment) = (&machine.shape, &machine.deployment);
                let found = implausible(shape, deployment, observations, from).map_err(lacks)?;
                if let Some(refused) = found {
                    return Err(MachineError::Refused(refused));
                }
            }
            let calibration = machine.calibrated(measured).map_err(lacks)?;
            let lacks = |source| MachineError::CannotServe { of: hardware.id.0.clone(), source };
            machine.serving =
                Some(Serving::of(&machine, load, calibration.as_ref(), &building).map_err(lacks)?);
            machine.calibration = calibration;
        } else {
            let tokens = longest(load, &machine.shape);
            machine.options = options(&machine.shape, &machine.deployment, tokens, catalog);
        }
        if let Some((method, training)) = machine.trained(ask, asked)? {
            let usable = (&machine.memory.usable, machine.devices());
            let rank = ask.count("rank").unwrap_or(RANK);
            machine.room = Some(Room::of(&machine.shape, (method, &training), usable, rank));
            machine.training = Some(training);
        }
        Ok(Some(machine))
    }

    /// What all measurements together say of it.
    fn calibrated(&self, measured: &[Measurements]) -> Result<Option<Calibration>, Unknown> {
        let Some(first) = measured.first() else { return Ok(None) };
        let mut all = first.observations.clone();
        for more in measured.iter().skip(1) {
            all.runs.extend(&more.observations.runs);
        }
        let from = measured.iter().map(|one| one.from.as_str()).collect::<Vec<_>>().join(", ");
        posterior(&self.shape, &self.deployment, &all, &from)
    }

    /// What fine-tuning takes, if it was asked.
    fn trained(
        &self,
        ask: &Ask,
        asked: &mut Vec<Asked>,
    ) -> Result<Option<(Method, Training)>, MachineError> {
        let Some(name) = ask.text("fine-tune") else { return Ok(None) };
        asked.push(given(ask, "fine-tune"));
        let mut rank = || {
            if let Some(rank) = ask.count("rank") {
                asked.push(given(ask, "rank"));
                return rank;
            }
            let why = Some("what examples of LoRA take most often".to_owned());
            let (key, value) = ("rank", RANK.to_string());
            asked.push(Asked { key, label: label(key), value, origin: Origin::Default, why });
            RANK
        };
        let method = match name {
            "full" => Method::Full,
            "qlora" => Method::QLoRa { rank: rank() },
            _ => Method::LoRa { rank: rank() },
        };
        Training::of(&self.shape, &Tuning::usual(method))
            .map(|training| Some((method, training)))
            .map_err(|source| MachineError::Untold { of: self.shape.name.clone(), source })
    }

    /// A model laid over hardware, on so many devices or on as few as hold it; without what it serves.
    ///
    /// # Errors
    /// [`MachineError::Unknown`] where a fact is not in the catalogue.
    pub(crate) fn laid(
        catalog: &Catalog,
        (model, hardware): (&Model, &Hardware),
        subject: &Subject<'_>,
        form: &Format,
        load: &Load,
    ) -> Result<Self, MachineError> {
        let (shape, device) = known(catalog, model, hardware, subject.ram)?;
        let tokens = longest(load, &shape);
        let laid = |devices| {
            let deployment = deployment(&device, hardware, form, devices);
            let memory = Memory::of(&shape, &deployment, tokens);
            (deployment, memory)
        };
        let (deployment, memory) = match subject.devices {
            Some(devices) => laid(devices),
            None => {
                let all: Vec<_> = counts(hardware).iter().map(|count| laid(*count)).collect();
                let room =
                    |many: f64| all.iter().find(move |(_, one)| one.sequences.value() >= many);
                // Room for some requests at once, because one at a time wastes the device.
                let chosen = room(ROOM).or_else(|| room(1.0)).or(all.last());
                chosen.cloned().unwrap_or_else(|| laid(1))
            }
        };
        Ok(Self {
            hardware: hardware.id.0.clone(),
            shape,
            deployment,
            memory,
            serving: None,
            calibration: None,
            training: None,
            room: None,
            options: Vec::new(),
        })
    }

    /// Devices of one replica.
    pub fn devices(&self) -> u32 {
        self.deployment.parallelism.devices()
    }

    /// Whether the model fits.
    pub fn fits(&self) -> bool {
        self.memory.fits()
    }

    /// Why this many devices were taken, where nobody said how many.
    pub(crate) fn why_devices(&self) -> String {
        let held = if self.memory.sequences.value() >= ROOM {
            format!("{} of the longest requests fit", words::amount(ROOM))
        } else {
            "one of the longest requests fits".to_owned()
        };
        format!(
            "{} of {} make a replica because no count was given: the fewest on which {held} at once, \
             with weights in {}.",
            self.devices(),
            self.deployment.device.name,
            self.deployment.weights.name
        )
    }

    /// Why it does not fit, with what would do.
    pub fn misfit(&self) -> Option<String> {
        if self.fits() {
            return None;
        }
        let (least, usable) = (self.memory.least().shown(), self.memory.usable.shown());
        let count = self.devices();
        let devices = if count == 1 { "one".to_owned() } else { format!("each of {count}") };
        let name = &self.deployment.device.name;
        let form = &self.deployment.weights.name;
        let needs = format!(
            "{} in {form} needs {least} on {devices} {name}, of which {usable} can be used.",
            self.shape.name
        );
        let all = self.options.iter().map(|option| said(option, name, &self.hardware));
        let all = all.collect::<Vec<_>>().join("; or ");
        Some(match all.as_str() {
            "" => format!("{needs} Nothing in the catalogue fits either."),
            all => format!("{needs} What would: {all}."),
        })
    }

    /// The layout in short.
    pub fn layout(&self) -> Layout {
        let deployment = &self.deployment;
        Layout {
            devices: self.devices(),
            tensor: deployment.parallelism.tensor,
            pipeline: deployment.parallelism.pipeline,
            weights: deployment.weights.id.clone(),
            cache: deployment.cache.id.clone(),
            engine: deployment.engine,
            fits: self.fits(),
        }
    }
}

/// The facts that are needed of both.
pub(crate) fn known(
    catalog: &Catalog,
    model: &Model,
    hardware: &Hardware,
    ram: Option<f64>,
) -> Result<(Shape, Device), MachineError> {
    let lacks = |of: &str, source| MachineError::Unknown { of: of.to_owned(), source };
    let shape = Shape::of(model, catalog).map_err(|source| lacks(&model.id.0, source))?;
    let device =
        Device::of(hardware, catalog, ram).map_err(|source| lacks(&hardware.id.0, source))?;
    Ok((shape, device))
}

/// The form that was named, or the publisher's first one, in 8 bits where llama.cpp serves.
fn form(
    catalog: &Catalog,
    ask: &Ask,
    model: &Model,
    hardware: &Hardware,
    asked: &mut Vec<Asked>,
) -> Result<Format, MachineError> {
    if let Some(name) = ask.text("quant") {
        let format = known_form(catalog, name)?;
        asked.push(given(ask, "quant"));
        return Ok(format);
    }
    let (format, why) = default_form(catalog, model, hardware);
    let value = format.name.clone();
    let why = Some(why.to_owned());
    asked.push(Asked { key: "quant", label: label("quant"), value, origin: Origin::Default, why });
    Ok(format)
}

/// The form of that name, or else names that are close, or at least begin alike.
pub(crate) fn known_form(catalog: &Catalog, name: &str) -> Result<Format, MachineError> {
    if let Some(format) = Format::find(catalog, name) {
        return Ok(format);
    }
    let all = Format::all(catalog);
    let ids = || all.iter().map(|format| format.id.as_str());
    let mut near = close(name, ids());
    if near.is_empty() {
        let first = name.chars().next().map(|first| first.to_ascii_lowercase());
        near = ids().filter(|id| id.chars().next() == first).collect();
    }
    if near.is_empty() {
        near = ids().collect();
    }
    let close = near.into_iter().map(str::to_owned).collect();
    Err(MachineError::Form { name: name.to_owned(), close })
}

/// The form that is taken where none is named, and why.
pub(crate) fn default_form(
    catalog: &Catalog,
    model: &Model,
    hardware: &Hardware,
) -> (Format, &'static str) {
    if engine(hardware) == Engine::LlamaCpp
        && let Some(eight) = Format::find(catalog, "q8_0")
    {
        return (eight, "8 bits lose next to nothing and halve what each token reads");
    }
    let published = model.quantisations.iter().flat_map(|fact| &fact.is);
    let found = published.filter_map(|one| Format::find(catalog, &one.format.0)).next();
    let usual =
        || catalog.forms_of(model).iter().find_map(|form| Format::find(catalog, &form.id.0));
    let found = found.or_else(usual);
    match found {
        Some(format) => (format, "the form in which the publisher gives the weights"),
        None => (Format::sixteen(), "the publisher's form is not confirmed"),
    }
}

/// The model on so many devices: within a machine each layer is split, over machines layers follow each
/// other.
pub(crate) fn deployment(
    device: &Device,
    hardware: &Hardware,
    form: &Format,
    devices: u32,
) -> Deployment {
    let engine = engine(hardware);
    let tensor = if engine == Engine::LlamaCpp { 1 } else { devices.min(IN_A_MACHINE) };
    let parallelism =
        Parallelism { tensor, pipeline: devices.div_ceil(tensor), attention_by_data: false };
    Deployment {
        device: device.clone(),
        parallelism,
        replicas: 1,
        weights: form.clone(),
        dense: None,
        cache: Format::sixteen(),
        engine,
    }
}

/// Tokens of a sequence that must fit: long prompts with long answers, within the model's context.
pub(crate) fn longest(load: &Load, shape: &Shape) -> f64 {
    let both = load.input.p95 + load.output.p95;
    shape.context.map_or(both, |context| both.min(context))
}

/// Which kind of program serves on it.
fn engine(hardware: &Hardware) -> Engine {
    match hardware.kind {
        HardwareKind::Gpu | HardwareKind::Accelerator => Engine::Batching,
        HardwareKind::Cpu | HardwareKind::Unified => Engine::LlamaCpp,
    }
}

/// How many devices are tried, fewest first.
pub(crate) fn counts(hardware: &Hardware) -> &'static [u32] {
    match engine(hardware) {
        Engine::Batching | Engine::TensorRt => &[1, 2, 4, 8, 16, 32],
        Engine::LlamaCpp => &[1],
    }
}

/// A way out in words.
fn said(option: &Alternative, hardware: &str, id: &str) -> String {
    let form = |id: &str| Format::built_in(id).map_or_else(|| id.to_owned(), |format| format.name);
    match &option.change {
        Change::Devices { count } => format!("{count} of {hardware} (--on {id}x{count})"),
        Change::Weights { format } => format!("weights in {} (--quant {format})", form(format)),
        Change::Both { format, count } => format!(
            "{count} of {hardware} with weights in {} (--on {id}x{count} --quant {format})",
            form(format)
        ),
        Change::Smaller { model, .. } => {
            format!("{model}, with retrieval for what it does not know")
        }
    }
}

/// The rank of adapters where none is named.
const RANK: u32 = 16;
/// Devices of a machine, at most.
const IN_A_MACHINE: u32 = 8;
/// Requests at once for which there is to be room.
const ROOM: f64 = 8.0;
