//! What the bills become when use grows: ten times the agents, a thousand times the inference.

use std::{fmt, str::FromStr};

use serde::Serialize;

use crate::{
    Figure, Source, Unit,
    bill::{Bill, Column},
};

/// A named scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Scenario {
    /// Ten times as many requests, each as it is now.
    #[serde(rename = "10x-agents")]
    TenAgents,
    /// A thousand times as many.
    #[serde(rename = "1000x-inference")]
    ThousandInference,
}

/// What growth does to all columns.
#[derive(Debug, Clone, Serialize)]
pub struct Growth {
    /// Which scenario.
    pub scenario: Scenario,
    /// The volume then, in million tokens a month.
    pub volume: Figure,
    /// The bills then, in the order of the columns.
    pub bills: Vec<Bill>,
    /// The volumes at which one more machine is needed, up to the first few; in million tokens a month.
    pub next_machines: Vec<Machine>,
}

/// When another machine is needed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Machine {
    /// How many there are then.
    pub machines: f64,
    /// Above this volume, in million tokens a month.
    pub above: f64,
    /// That is so many times today's.
    pub times: f64,
}

impl Scenario {
    /// All.
    pub const ALL: [Self; 2] = [Self::TenAgents, Self::ThousandInference];

    /// How many times today's requests.
    pub fn factor(self) -> f64 {
        match self {
            Self::TenAgents => 10.0,
            Self::ThousandInference => 1000.0,
        }
    }

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TenAgents => "10x-agents",
            Self::ThousandInference => "1000x-inference",
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no scenario of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no scenario is called `{0}`; there are 10x-agents and 1000x-inference")]
pub struct UnknownScenario(pub String);

impl FromStr for Scenario {
    type Err = UnknownScenario;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|scenario| scenario.name() == text)
            .ok_or_else(|| UnknownScenario(text.to_owned()))
    }
}

/// The columns' bills when today's volume, in `Mtoken/month`, has grown.
pub fn growth(scenario: Scenario, columns: &[&Column], today: &Figure) -> Growth {
    let factor = Figure::input("growth", scenario.factor(), Unit::one(), Source::Stated);
    let volume = today.times(&factor).named(format!("tokens a month, {scenario}"));
    let bills = columns.iter().map(|column| column.bill(&volume)).collect();
    let next_machines = columns
        .iter()
        .find(|column| column.capacity.is_some())
        .map_or_else(Vec::new, |column| next_machines(column, today.value()));
    Growth { scenario, volume, bills, next_machines }
}

/// The next machines above today's volume.
fn next_machines(column: &Column, today: f64) -> Vec<Machine> {
    let Some(capacity) = &column.capacity else { return Vec::new() };
    let (each, spare) = (capacity.per_replica.value(), capacity.spare.value());
    let (devices, holds) = (capacity.devices.value(), capacity.per_machine.value());
    if !(each > 0.0 && devices > 0.0 && holds > 0.0 && today > 0.0) {
        return Vec::new();
    }
    let machines = |replicas: f64| (((replicas + spare) * devices) / holds).ceil();
    let mut replicas = (today / each).ceil().max(1.0);
    let mut now = machines(replicas);
    let mut found = Vec::new();
    while found.len() < NEXT {
        let above = replicas * each;
        replicas += 1.0;
        let then = machines(replicas);
        if then > now {
            found.push(Machine { machines: then, above, times: above / today });
            now = then;
        }
    }
    found
}

/// How many further machines are told.
const NEXT: usize = 3;

#[cfg(test)]
mod tests;
