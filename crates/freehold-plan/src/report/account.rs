//! The sections about the machine: memory, speed, energy.

use serde::Serialize;

use crate::{
    Figure, Memory,
    document::{Block, Cell, Footnotes, Section, Table},
    machine::{Layout, Machine},
    report::write::section,
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
    /// Why it does not fit, and what would.
    pub misfit: Option<String>,
}

impl Account {
    pub(crate) fn of(machine: &Machine) -> Self {
        Self {
            device: machine.deployment.device.name.clone(),
            layout: machine.layout(),
            memory: machine.memory.clone(),
            misfit: machine.misfit(),
        }
    }

    /// Every figure by name.
    pub(crate) fn figures(&self) -> Vec<&Figure> {
        let memory = &self.memory;
        vec![
            &memory.weights,
            &memory.activations,
            &memory.overhead,
            &memory.cache,
            &memory.free,
            &memory.sequences,
        ]
    }

    pub(crate) fn sections(&self, notes: &mut Footnotes) -> Vec<Section> {
        vec![self.memory(notes)]
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
                "{} {} of {} hold one replica, weights in {}; {} requests of {} tokens fit at once, \
                 {} each.",
                layout.devices,
                if layout.devices == 1 { "device" } else { "devices" },
                self.device,
                layout.weights,
                memory.sequences.shown(),
                memory.tokens.shown(),
                memory.cache.shown()
            ),
        };
        section("memory", "Memory", vec![Block::Text(text), Block::Table(table)])
    }
}

fn line(name: &str, figure: &Figure, notes: &mut Footnotes) -> Vec<Cell> {
    let range = figure.interval().map(|ends| {
        let shown = |value| crate::shown(value, figure.unit());
        format!("{} to {}", shown(ends.low), shown(ends.high))
    });
    let cited = notes.cite(figure.sources());
    vec![Cell::of(name), Cell::with(figure.shown(), range), Cell::of(cited.trim())]
}
