//! The one type of which every number of a plan is made: it carries how it came about.
//!
//! A figure is a tree: named inputs with their sources at the leaves, operations above them. Its value
//! is computed from the tree, so that what is printed under `--explain` is what was computed, and its
//! interval comes from the intervals of the inputs.

mod evaluate;
mod print;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::Serialize;
use serde::ser::{SerializeStruct, Serializer};

use crate::unit::{Unit, shown};

/// A number with its unit, its interval, its arithmetic and its sources. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Figure(Arc<Node>);

#[derive(Debug)]
struct Node {
    name: Option<String>,
    value: f64,
    unit: Unit,
    how: How,
}

#[derive(Debug)]
enum How {
    Input { source: Source, interval: Option<Interval> },
    Made { operation: Operation, parts: Vec<Figure> },
}

/// How parts make a number. [`Operation::Power`] takes a base and an exponent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// All parts added up.
    Sum,
    /// The first less the second.
    Difference,
    /// All parts multiplied.
    Product,
    /// The first divided by the second; not a number to show where the second is 0.
    Quotient,
    /// The smaller or smallest.
    Least,
    /// The larger or largest.
    Greatest,
    /// The first to the power of the second.
    Power,
    /// The one part, rounded down.
    Floor,
    /// The one part, rounded up.
    Ceiling,
}

/// Where a number may lie, in the figure's unit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// Where an input comes from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Source {
    /// The user said so.
    Stated,
    /// Somebody published it.
    Published {
        /// Which document.
        title: String,
        /// Where it is.
        address: String,
        /// When it was read, as `2026-11-23`.
        seen: String,
    },
    /// Fitted to measurements; how, is in `docs/reference/plan-method.md`.
    Fitted {
        /// To which measurements.
        to: String,
    },
    /// Measured on the user's own machines.
    Measured {
        /// The file or run.
        from: String,
    },
    /// Nobody measured it for this case; why this value was taken.
    Assumed {
        /// The reason.
        why: String,
    },
    /// True by definition, such as eight bits a byte.
    Definition,
}

/// The share of cases that intervals of this crate are made to cover.
pub const COVERAGE: f64 = 0.9;

impl Figure {
    /// A named input.
    pub fn input(name: impl Into<String>, value: f64, unit: Unit, source: Source) -> Self {
        let how = How::Input { source, interval: None };
        Self(Arc::new(Node { name: Some(name.into()), value, unit, how }))
    }

    /// A named input that lies between `low` and `high` in [`COVERAGE`] of cases.
    ///
    /// Two inputs of one name are taken to be the same quantity, and vary together.
    pub fn between(
        name: impl Into<String>,
        value: f64,
        (low, high): (f64, f64),
        unit: Unit,
        source: Source,
    ) -> Self {
        let how = How::Input { source, interval: Some(Interval { low, high }) };
        Self(Arc::new(Node { name: Some(name.into()), value, unit, how }))
    }

    /// A number that needs no source: a bare factor of a formula.
    pub fn number(value: f64) -> Self {
        let how = How::Input { source: Source::Definition, interval: None };
        Self(Arc::new(Node { name: None, value, unit: Unit::one(), how }))
    }

    /// The same figure under a name, by which it is shown as a line of its own.
    #[must_use]
    pub fn named(&self, name: impl Into<String>) -> Self {
        let node = &self.0;
        let how = match &node.how {
            How::Input { .. } if node.name.is_some() => {
                How::Made { operation: Operation::Sum, parts: vec![self.clone()] }
            }
            How::Input { source, interval } => {
                How::Input { source: source.clone(), interval: *interval }
            }
            How::Made { operation, parts } => {
                How::Made { operation: *operation, parts: parts.clone() }
            }
        };
        let (value, unit) = (node.value, node.unit.clone());
        Self(Arc::new(Node { name: Some(name.into()), value, unit, how }))
    }

    /// The number.
    pub fn value(&self) -> f64 {
        self.0.value
    }

    /// Its unit.
    pub fn unit(&self) -> &Unit {
        &self.0.unit
    }

    /// Its name, if it has one.
    pub fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// `16.06 GB`, for reading.
    pub fn shown(&self) -> String {
        shown(self.value(), self.unit())
    }

    /// The number plus the other one, of the same unit.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self::made(Operation::Sum, vec![self.clone(), other.clone()])
    }

    /// The number minus the other one, of the same unit.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        Self::made(Operation::Difference, vec![self.clone(), other.clone()])
    }

    /// The number times the other one.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        Self::made(Operation::Product, vec![self.clone(), other.clone()])
    }

    /// The number divided by the other one.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        Self::made(Operation::Quotient, vec![self.clone(), other.clone()])
    }

    /// The smaller of two of the same unit.
    #[must_use]
    pub fn at_most(&self, other: &Self) -> Self {
        Self::made(Operation::Least, vec![self.clone(), other.clone()])
    }

    /// The larger of two of the same unit.
    #[must_use]
    pub fn at_least(&self, other: &Self) -> Self {
        Self::made(Operation::Greatest, vec![self.clone(), other.clone()])
    }

    /// The number to the power of a bare one.
    #[must_use]
    pub fn power(&self, exponent: &Self) -> Self {
        Self::made(Operation::Power, vec![self.clone(), exponent.clone()])
    }

    /// The number rounded down.
    #[must_use]
    pub fn floor(&self) -> Self {
        Self::made(Operation::Floor, vec![self.clone()])
    }

    /// The number rounded up.
    #[must_use]
    pub fn ceiling(&self) -> Self {
        Self::made(Operation::Ceiling, vec![self.clone()])
    }

    /// All of them added up; 0 of `unit` where there are none.
    pub fn sum(parts: Vec<Self>, unit: Unit) -> Self {
        if parts.is_empty() {
            return Self::input("nothing", 0.0, unit, Source::Definition);
        }
        Self::made(Operation::Sum, parts)
    }

    /// The number in another unit of the same kind: `rate` says how many of `to` one of its unit is.
    /// `seconds.converted("h", 1.0 / 3600.0)`.
    #[must_use]
    pub fn converted(&self, to: Unit, rate: f64) -> Self {
        let name = format!("{to} in 1 {}", self.unit());
        let factor = Self::input(name, rate, to.over(self.unit()), Source::Definition);
        self.times(&factor)
    }

    /// Every input of the tree once, in order of appearance.
    pub fn inputs(&self) -> Vec<Input<'_>> {
        evaluate::inputs(self)
    }

    /// The sources of all inputs, each once; definitions and what the user stated are not among them.
    pub fn sources(&self) -> Vec<&Source> {
        let mut all: Vec<&Source> = self.inputs().iter().map(|input| input.source).collect();
        all.retain(|source| !matches!(source, Source::Stated | Source::Definition));
        all.sort();
        all.dedup();
        all
    }

    /// The value, computed anew from the inputs.
    pub fn evaluate(&self) -> f64 {
        evaluate::evaluate(self, None)
    }

    /// The value with every input replaced, by its name, for which `replaced` has another value.
    pub fn with(&self, replaced: &dyn Fn(&str) -> Option<f64>) -> f64 {
        evaluate::with(self, replaced)
    }

    /// Where the number lies in [`COVERAGE`] of cases, if any input has an interval.
    ///
    /// Each uncertain input is moved to its ends with the others held, and the changes are combined in
    /// quadrature, upward and downward apart: JCGM 100:2008 (GUM) 5.1.2, for independent inputs.
    pub fn interval(&self) -> Option<Interval> {
        evaluate::interval(self)
    }

    /// Operations whose parts do not agree in unit, as the names that the tree gives them. Empty in a
    /// correct formula.
    pub fn disagreements(&self) -> Vec<String> {
        evaluate::disagreements(self)
    }

    /// The arithmetic in lines, two spaces deeper for each step down, and the source of each input.
    pub fn explained(&self) -> String {
        print::explained(self)
    }

    fn made(operation: Operation, parts: Vec<Self>) -> Self {
        let values: Vec<f64> = parts.iter().map(Self::value).collect();
        let value = evaluate::apply(operation, &values);
        let unit = evaluate::unit(operation, &parts);
        Self(Arc::new(Node { name: None, value, unit, how: How::Made { operation, parts } }))
    }
}

/// An input of a figure.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// What it is called.
    pub name: &'a str,
    /// Its value.
    pub value: f64,
    /// Its unit.
    pub unit: &'a Unit,
    /// Where it may lie.
    pub interval: Option<Interval>,
    /// Where it comes from.
    pub source: &'a Source,
}

impl Source {
    /// A published document, seen on a day given as `2026-11-23`.
    pub fn published(title: &str, address: &str, seen: &str) -> Self {
        Self::Published { title: title.into(), address: address.into(), seen: seen.into() }
    }

    /// An assumption and its reason.
    pub fn assumed(why: &str) -> Self {
        Self::Assumed { why: why.into() }
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Stated => f.write_str("as stated"),
            Self::Published { title, address, seen } => {
                write!(f, "{title}, {address}, seen {seen}")
            }
            Self::Fitted { to } => write!(f, "fitted to {to}"),
            Self::Measured { from } => write!(f, "measured: {from}"),
            Self::Assumed { why } => write!(f, "assumed: {why}"),
            Self::Definition => f.write_str("by definition"),
        }
    }
}

impl Serialize for Figure {
    /// `{name, value, unit, interval, how}`; `how` is `{source}` of an input, or `{operation, parts}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("Figure", 5)?;
        out.serialize_field("name", &self.0.name)?;
        out.serialize_field("value", &self.0.value)?;
        out.serialize_field("unit", &self.0.unit)?;
        out.serialize_field("interval", &self.interval())?;
        out.serialize_field("how", &self.0.how)?;
        out.end()
    }
}

impl Serialize for How {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Input { source, .. } => {
                let mut out = serializer.serialize_struct("Input", 1)?;
                out.serialize_field("source", source)?;
                out.end()
            }
            Self::Made { operation, parts } => {
                let mut out = serializer.serialize_struct("Made", 2)?;
                out.serialize_field("operation", operation)?;
                out.serialize_field("parts", parts)?;
                out.end()
            }
        }
    }
}
