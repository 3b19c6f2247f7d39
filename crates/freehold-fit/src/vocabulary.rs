//! The words of the check: the four ways to go, what an outcome may be, factors and drivers.

use std::fmt;

use serde::{Serialize, Serializer, ser::SerializeSeq};

/// A way to get answers from models. The order is the outward order: from keeping everything to
/// handing everything out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Choice {
    /// Open weights on machines that the organisation controls and operates.
    SelfHosted,
    /// Open weights that a provider runs on capacity reserved for this organisation alone.
    SingleTenant,
    /// Open weights for the routine, a managed premium model for the hardest requests.
    Hybrid,
    /// A proprietary model behind its vendor's interface.
    Managed,
}

impl Choice {
    /// All four, in outward order.
    pub const ALL: [Self; 4] = [Self::SelfHosted, Self::SingleTenant, Self::Hybrid, Self::Managed];

    /// Its place in the outward order, from 0.
    pub const fn place(self) -> usize {
        self as usize
    }

    /// Its name in files, flags and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::SelfHosted => "self-hosted",
            Self::SingleTenant => "single-tenant",
            Self::Hybrid => "hybrid",
            Self::Managed => "managed",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::SelfHosted => "self-hosted open",
            Self::SingleTenant => "hosted open in a single tenant",
            Self::Hybrid => "tiered hybrid",
            Self::Managed => "managed proprietary",
        }
    }
}

/// A set of the four ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Choices(pub(crate) u8);

impl Choices {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// All four.
    pub const ALL: Self = Self(0b1111);

    /// A set of these.
    pub const fn of(choices: &[Choice]) -> Self {
        let (mut bits, mut at) = (0, 0);
        while at < choices.len() {
            bits |= 1 << choices[at].place();
            at += 1;
        }
        Self(bits)
    }

    /// Whether one is in the set.
    pub const fn has(self, choice: Choice) -> bool {
        self.0 >> choice.place() & 1 == 1
    }

    /// Those in either set.
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those of all four that are not in this set.
    pub const fn others(self) -> Self {
        Self(!self.0 & Self::ALL.0)
    }

    /// Whether it holds none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members in outward order.
    pub fn iter(self) -> impl Iterator<Item = Choice> {
        Choice::ALL.into_iter().filter(move |choice| self.has(*choice))
    }
}

impl Serialize for Choices {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

/// What the answers still allow to come out: some of the four ways, "not yet", or several of these
/// where unknown answers leave it open. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Outcome(u8);

impl Outcome {
    /// Of the ways that may come out, and whether "not yet" may.
    pub(crate) const fn new(choices: Choices, not_yet: bool) -> Self {
        Self(choices.0 | (not_yet as u8) << 4)
    }

    /// The ways that may come out.
    pub const fn choices(self) -> Choices {
        Choices(self.0 & Choices::ALL.0)
    }

    /// Whether it may be that no way holds.
    pub const fn may_be_not_yet(self) -> bool {
        self.0 & NOT_YET != 0
    }

    /// Whether "not yet" is the answer.
    pub const fn is_not_yet(self) -> bool {
        self.0 == NOT_YET
    }

    /// The one way, where only one is left.
    pub fn decided(self) -> Option<Choice> {
        Choice::ALL.into_iter().find(|choice| self.0 == 1 << choice.place())
    }

    /// Whether exactly one thing can come out, be it a way or "not yet".
    pub const fn is_settled(self) -> bool {
        self.0.is_power_of_two()
    }

    /// How many different things can still come out.
    pub const fn count(self) -> u32 {
        self.0.count_ones()
    }

    /// The outermost way that may come out; none where only "not yet" may. "Not yet" sends nothing
    /// anywhere, so it is never an outward move.
    pub fn outermost(self) -> Option<Choice> {
        self.choices().iter().last()
    }

    /// The innermost way that may come out.
    pub fn innermost(self) -> Option<Choice> {
        self.choices().iter().next()
    }

    /// The names of what may come out, in outward order, "not yet" last.
    pub fn ids(self) -> impl Iterator<Item = &'static str> {
        let not_yet = self.may_be_not_yet().then_some("not-yet");
        Choice::ALL
            .into_iter()
            .filter(move |choice| self.choices().has(*choice))
            .map(Choice::id)
            .chain(not_yet)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not_yet = self.may_be_not_yet().then_some("not yet");
        let names: Vec<&str> = self.choices().iter().map(Choice::name).chain(not_yet).collect();
        match names.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                write!(f, "{} or {last}", rest.join(", "))
            }
            Some((one, _)) => f.write_str(one),
            None => f.write_str("nothing"),
        }
    }
}

/// As a list of names.
impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(None)?;
        for id in self.ids() {
            list.serialize_element(id)?;
        }
        list.end()
    }
}

/// What a question is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Factor {
    /// What the models are for.
    UseCase,
    /// What the data are, and where they may go.
    DataSensitivity,
    /// What is there to run and to hold the rules in force.
    Infrastructure,
    /// What the people can do and are there to do.
    Expertise,
}

impl Factor {
    /// All four, in the order in which they are asked.
    pub const ALL: [Self; 4] =
        [Self::UseCase, Self::DataSensitivity, Self::Infrastructure, Self::Expertise];

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::UseCase => "Use case",
            Self::DataSensitivity => "Data sensitivity",
            Self::Infrastructure => "Infrastructure maturity",
            Self::Expertise => "In-house expertise",
        }
    }
}

/// What is weighed: the four value drivers, and two loads that speak against open weights as often
/// as for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Driver {
    /// What it costs.
    Cost,
    /// Control and customisation.
    Control,
    /// Privacy and sovereignty.
    Privacy,
    /// Freedom from lock-in.
    Freedom,
    /// Operational load: what it asks of people and machines.
    Operations,
    /// Capability on the hardest task.
    Capability,
}

impl Driver {
    /// How many there are.
    pub const COUNT: usize = 6;

    /// All, the four value drivers first.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Cost,
        Self::Control,
        Self::Privacy,
        Self::Freedom,
        Self::Operations,
        Self::Capability,
    ];

    /// Its place in [`Driver::ALL`].
    pub const fn place(self) -> usize {
        self as usize
    }

    /// Its name in flags, files and JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Control => "control",
            Self::Privacy => "privacy",
            Self::Freedom => "freedom",
            Self::Operations => "operations",
            Self::Capability => "capability",
        }
    }

    /// Its name for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cost => "cost",
            Self::Control => "control and customisation",
            Self::Privacy => "privacy and sovereignty",
            Self::Freedom => "freedom from lock-in",
            Self::Operations => "operational load",
            Self::Capability => "capability on the hardest task",
        }
    }

    /// Whether it is one of the four value drivers, for which organisations consider open weights.
    pub const fn is_value(self) -> bool {
        !matches!(self, Self::Operations | Self::Capability)
    }
}

const NOT_YET: u8 = 1 << 4;
