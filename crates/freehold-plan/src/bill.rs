//! What a way to get answers costs a month: one line each for infrastructure and compute, security
//! ownership, MLOps and audit, and talent.
//!
//! A line is built from what it costs to be there at all, for each replica of the model, and for each
//! token, so that the same line answers for any volume. No line is silently zero: what nobody gave is
//! a default that says so, and what nothing is known about keeps the total open above.

pub mod defaults;
pub mod hosted;
pub mod own;
pub mod people;

use serde::Serialize;

use crate::{Figure, Source, Unit};

/// The lines of a bill, in the order in which they are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Machines rented or bought, power, storage and network; or tokens bought.
    Infrastructure,
    /// Who answers for access, patches, model files, suppliers and incidents; tests from outside.
    Security,
    /// Who evaluates, watches and updates the model; audits from outside.
    Operations,
    /// Who builds and runs the service; finding and keeping them.
    Talent,
}

/// One line of a bill, for any volume.
#[derive(Debug, Clone)]
pub struct Line {
    /// Which.
    pub kind: Kind,
    /// What it costs to be there at all, in [`per_month`].
    pub fixed: Option<Figure>,
    /// What each replica of the model costs, in [`per_month`] a replica.
    pub per_replica: Option<Figure>,
    /// What each million tokens cost, in [`per_token`].
    pub per_token: Option<Figure>,
    /// What has to be said about it.
    pub notes: Vec<String>,
}

/// One way to get answers.
#[derive(Debug, Clone)]
pub struct Column {
    /// What it is, in a few words: "run it yourself", "Together: Llama 3.3 70B".
    pub name: String,
    /// Its lines, one of each kind.
    pub lines: Vec<Line>,
    /// What one replica of the model carries; none where somebody else runs it.
    pub capacity: Option<Capacity>,
}

/// What one replica of a model, with all the devices it needs, can do.
#[derive(Debug, Clone)]
pub struct Capacity {
    /// How many million tokens a month it carries with this load's peaks, within its targets, in
    /// `Mtoken/month/replica`.
    pub per_replica: Figure,
    /// How many replicas run beside the ones needed, in `replica`.
    pub spare: Figure,
    /// How many devices make one replica, in `device/replica`.
    pub devices: Figure,
    /// How many devices one machine holds, in `device/machine`.
    pub per_machine: Figure,
}

/// What a column costs a month at one volume.
#[derive(Debug, Clone, Serialize)]
pub struct Bill {
    /// Whose.
    pub name: String,
    /// The lines.
    pub lines: Vec<Charge>,
    /// All of them.
    pub total: Figure,
    /// The total for each million tokens.
    pub per_token: Figure,
    /// How many replicas, devices and machines it takes, where it takes any.
    pub size: Option<Size>,
}

/// What one line costs a month.
#[derive(Debug, Clone, Serialize)]
pub struct Charge {
    /// Which line.
    pub kind: Kind,
    /// How much.
    pub month: Figure,
    /// What has to be said about it.
    pub notes: Vec<String>,
}

/// What a volume takes.
#[derive(Debug, Clone, Serialize)]
pub struct Size {
    /// Replicas of the model, spares counted.
    pub replicas: Figure,
    /// Devices.
    pub devices: Figure,
    /// Machines that hold them.
    pub machines: Figure,
}

impl Kind {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 4] =
        [Self::Infrastructure, Self::Security, Self::Operations, Self::Talent];

    /// The line's name, for reading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Infrastructure => "infrastructure and compute",
            Self::Security => "security ownership",
            Self::Operations => "MLOps and audit",
            Self::Talent => "talent",
        }
    }
}

impl Column {
    /// The bill at a volume in `Mtoken/month`.
    pub fn bill(&self, volume: &Figure) -> Bill {
        let size = self.capacity.as_ref().map(|capacity| capacity.size(volume));
        let replicas = size.as_ref().map(|size| &size.replicas);
        let lines: Vec<Charge> = self
            .lines
            .iter()
            .map(|line| Charge {
                kind: line.kind,
                month: line.at(volume, replicas).named(format!(
                    "{}: {}",
                    self.name,
                    line.kind.name()
                )),
                notes: line.notes.clone(),
            })
            .collect();
        let parts = lines.iter().map(|line| line.month.clone()).collect();
        let total = Figure::sum(parts, per_month()).named(format!("{}: total", self.name));
        let each = total.over(volume).named(format!("{}: for each million tokens", self.name));
        Bill { name: self.name.clone(), lines, total, per_token: each, size }
    }

    /// The sum over the lines of one of their parts; none where no line has it.
    pub(crate) fn part(&self, part: impl Fn(&Line) -> Option<&Figure>) -> Option<Figure> {
        let parts: Vec<Figure> = self.lines.iter().filter_map(|line| part(line).cloned()).collect();
        let unit = parts.first()?.unit().clone();
        Some(Figure::sum(parts, unit))
    }
}

impl Line {
    fn at(&self, volume: &Figure, replicas: Option<&Figure>) -> Figure {
        let mut parts: Vec<Figure> = self.fixed.iter().cloned().collect();
        if let (Some(each), Some(replicas)) = (&self.per_replica, replicas) {
            parts.push(replicas.times(each));
        }
        if let Some(each) = &self.per_token {
            parts.push(volume.times(each));
        }
        Figure::sum(parts, per_month())
    }
}

impl Capacity {
    /// What it takes to carry a volume in `Mtoken/month`: at least one replica, and the spares.
    pub fn size(&self, volume: &Figure) -> Size {
        let one = Figure::input("smallest number of replicas", 1.0, replica(), Source::Definition);
        let needed =
            volume.over(&self.per_replica).ceiling().at_least(&one).named("replicas needed");
        let replicas = needed.plus(&self.spare).named("replicas");
        let devices = replicas.times(&self.devices).named("devices");
        let machines = devices.over(&self.per_machine).ceiling().named("machines");
        Size { replicas, devices, machines }
    }
}

/// What everything of a bill adds up in.
pub fn per_month() -> Unit {
    Unit::per("USD", "month")
}

/// What tokens cost.
pub fn per_token() -> Unit {
    Unit::per("USD", "Mtoken")
}

/// How many tokens there are.
pub fn volume() -> Unit {
    Unit::per("Mtoken", "month")
}

/// One copy of a model with the devices it needs.
pub fn replica() -> Unit {
    Unit::of("replica")
}

/// Twelve months a year, by definition.
pub(crate) fn months_a_year() -> Figure {
    Figure::input("months in a year", 12.0, Unit::per("month", "year"), Source::Definition)
}

/// The hours of an average month: 365.25 × 24 ÷ 12.
pub(crate) fn hours_a_month() -> Figure {
    Figure::input("hours in a month", 730.5, Unit::per("h", "month"), Source::Definition)
}

#[cfg(test)]
pub(crate) mod tests;
