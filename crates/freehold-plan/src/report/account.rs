//! The sections about the machine: memory, speed, energy.

use serde::Serialize;

use crate::{
    Figure, Memory, Trust,
    document::{Block, Cell, Footnotes, Section, Table},
    machine::{Layout, Machine},
    options::Alternative,
    report::write::section,
    serve::Limit,
    serving::Serving,
    tune::{Room, Training},
    words,
};

/// What a machine takes and gives.
#[derive(Debug, Clone, Serialize)]
pub struct Account {
    /// The device, as its maker calls it.
    pub device: String,
    /// How the model lies on it.
    pub layout: Layout,
    /// What it takes of each device's memory.
    pub memory: Memory,
    /// What a replica serves within the targets, where it fits.
    pub serving: Option<Serving>,
    /// By which files speeds were moved, and how many measurements they hold.
    #[serde(skip)]
    pub calibrated: Option<(String, usize)>,
    /// What fine-tuning takes, where that was asked.
    pub training: Option<Training>,
    /// Whether that fits on the devices.
    pub room: Option<Room>,
    /// What would do, where it does not fit.
    pub options: Vec<Alternative>,
    /// Why it does not fit, and what would.
    pub misfit: Option<String>,
}

impl Account {
    pub(crate) fn of(machine: &Machine) -> Self {
        Self {
            device: machine.deployment.device.name.clone(),
            layout: machine.layout(),
            memory: machine.memory.clone(),
            serving: machine.serving.clone(),
            calibrated: machine
                .calibration
                .as_ref()
                .map(|one| (one.from.clone(), one.predicted.len())),
            training: machine.training.clone(),
            room: machine.room.clone(),
            options: machine.options.clone(),
            misfit: machine.misfit(),
        }
    }

    /// Every figure by name.
    pub(crate) fn figures(&self) -> Vec<&Figure> {
        let memory = &self.memory;
        let mut all = vec![
            &memory.weights,
            &memory.activations,
            &memory.overhead,
            &memory.cache,
            &memory.free,
            &memory.sequences,
        ];
        if let Some(serving) = &self.serving {
            let service = &serving.service;
            all.extend([
                &service.capacity,
                &service.busy.generated,
                &service.busy.step,
                &service.first_token,
                &service.first_token_p95,
            ]);
            all.extend(service.power.iter().chain(&service.energy));
        }
        if let Some(training) = &self.training {
            all.extend([&training.trained, &training.share, &training.memory]);
        }
        all
    }

    pub(crate) fn sections(&self, notes: &mut Footnotes) -> Vec<Section> {
        let mut all = vec![self.memory(notes)];
        all.extend(
            self.serving.as_ref().map(|serving| speed(serving, self.calibrated.as_ref(), notes)),
        );
        all.extend(self.training.as_ref().map(|training| self.tuned(training, notes)));
        all
    }

    fn tuned(&self, training: &Training, notes: &mut Footnotes) -> Section {
        let room = self.room.as_ref().map(|room| room.said(&training.memory, &self.device));
        tuned(training, room.as_deref().unwrap_or_default(), notes)
    }

    fn memory(&self, notes: &mut Footnotes) -> Section {
        let memory = &self.memory;
        let layout = &self.layout;
        let heads = [("of one device's memory", false), ("takes", true), ("from", false)];
        let mut table = Table::new("What one device holds", &heads);
        let rows = [
            ("weights", &memory.weights),
            ("activations", &memory.activations),
            ("driver, graphs, buffers", &memory.overhead),
            ("left for caches", &memory.free),
        ];
        for (name, figure) in rows {
            table.row(line(name, figure, notes));
        }
        table.total(line("usable", &memory.usable, notes));
        let text = match &self.misfit {
            Some(misfit) => misfit.clone(),
            None => format!(
                "{} one replica, weights in {}; {} requests of {} fit at once, {} each{}.",
                if layout.devices == 1 {
                    format!("One {} holds", self.device)
                } else {
                    format!("{} {} hold", layout.devices, self.device)
                },
                layout.weights,
                memory.sequences.shown(),
                memory.tokens.shown(),
                memory.cache.shown(),
                if layout.devices == 1 {
                    String::new()
                } else {
                    format!(" on each of the {} devices", layout.devices)
                }
            ),
        };
        section("memory", "Memory", vec![Block::Text(text), Block::Table(table)])
    }
}

fn speed(
    serving: &Serving,
    calibrated: Option<&(String, usize)>,
    notes: &mut Footnotes,
) -> Section {
    let service = &serving.service;
    let heads = [("in the busiest hour", false), ("is", true), ("from", false)];
    let mut table = Table::new("What one replica gives, and how long people wait", &heads);
    let rows = [
        ("requests a second, at most", Some(&service.capacity)),
        ("requests in flight", Some(&service.busy.in_flight)),
        ("tokens generated a second", Some(&service.busy.generated)),
        ("between tokens", Some(&service.busy.step)),
        ("first token, mean", Some(&service.first_token)),
        ("first token, 95 of 100", Some(&service.first_token_p95)),
        ("power of all devices", service.power.as_ref()),
        ("energy, a million generated", service.energy.as_ref()),
    ];
    for (name, figure) in rows {
        table.row(match figure {
            Some(figure) => line(name, figure, notes),
            None => vec![Cell::of(name), Cell::of("not confirmed"), Cell::default()],
        });
    }
    let bound = match service.limit {
        Limit::Memory => "Memory keeps a replica from more requests at once.",
        Limit::BetweenTokens => "The time between tokens keeps a replica from more requests.",
        Limit::FirstToken => "The time to the first token keeps a replica from more requests.",
    };
    let missed: Vec<String> = service
        .targets
        .iter()
        .filter(|target| !target.met)
        .map(|target| {
            let of = target.of.replace('_', " ");
            let seconds = |value| crate::shown(value, &crate::Unit::of("s"));
            format!(
                "The target for {of} is missed: {} where {} is wanted; more replicas do not help.",
                seconds(target.expected),
                seconds(target.wanted)
            )
        })
        .collect();
    let trust = match (calibrated, service.busy.trust) {
        (Some((from, count)), _) => {
            let many = if *count == 1 { "measurement" } else { "measurements" };
            format!("Calibrated by {from}: {count} {many}.")
        }
        (None, Trust::Measured) => {
            "Devices of this kind were measured; intervals are those of rows held out.".to_owned()
        }
        (None, Trust::Extrapolated) => {
            "No device of this kind was measured; intervals are those of devices held out."
                .to_owned()
        }
    };
    let text = [vec![bound.to_owned(), trust], missed].concat().join(" ");
    section("speed", "Speed", vec![Block::Text(text), Block::Table(table)])
}

fn tuned(training: &Training, room: &str, notes: &mut Footnotes) -> Section {
    let heads = [("for one example at a time", false), ("takes", true), ("from", false)];
    let mut table = Table::new("Memory for fine-tuning", &heads);
    let rows = [
        ("weights", &training.weights),
        ("trained, gradients, moments", &training.optimizer),
        ("activations", &training.activations),
        ("largest matrix, at 16 bits", &training.widened),
        ("driver and libraries", &training.overhead),
    ];
    for (name, figure) in rows.into_iter().filter(|(_, figure)| figure.value() > 0.0) {
        table.row(line(name, figure, notes));
    }
    table.total(line("all", &training.memory, notes));
    let text = format!(
        "{} parameters are trained, {} % of all. {room} The hours that tuning takes on these devices \
         are not part of the bill.",
        words::amount(training.trained.value()),
        words::amount(training.share.value() * 100.0)
    );
    section("fine-tuning", "Fine-tuning", vec![Block::Text(text), Block::Table(table)])
}

fn line(name: &str, figure: &Figure, notes: &mut Footnotes) -> Vec<Cell> {
    let range = figure.interval().map(|ends| {
        let (low, high) =
            (crate::shown(ends.low, figure.unit()), crate::shown(ends.high, figure.unit()));
        // One unit is enough where both ends have the same.
        match (low.split_once(' '), high.split_once(' ')) {
            (Some((low, one)), Some((_, other))) if one == other => format!("{low} to {high}"),
            _ => format!("{low} to {high}"),
        }
    });
    let cited = notes.cite(figure.sources());
    vec![Cell::of(name), Cell::with(figure.shown(), range), Cell::of(cited.trim())]
}
