//! The selector: which models meet what is asked, which do not and why, and which cannot be told.
//!
//! Three groups, so that nothing is in or out by silence: *matches*; *not confirmed*, where no fact
//! excludes a model but one that is asked for is not known; *excluded*, each with its reasons, the
//! facts and their sources. Adding or tightening a constraint never moves a model towards the matches.

mod adopter;
mod machine;
mod rank;
mod shape;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::{
    Capability, Catalog, Cited, Date, Facts, Footprint, HardwareId, KvPrecision, LicenceCategory,
    Modality, Model, ModelId, Purpose, QuantisationId, Term,
};

/// What is asked of a model. What is left out is not asked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Constraints {
    /// A part of its repository, name, family or publisher, in any case. Models without it are not
    /// considered at all: they are in none of the groups.
    pub text: Option<String>,
    /// One of these licence categories of its weights; none: any.
    pub categories: BTreeSet<LicenceCategory>,
    /// At least so many parameters.
    pub min_parameters: Option<u64>,
    /// At most so many parameters.
    pub max_parameters: Option<u64>,
    /// At least so many tokens of context.
    pub context: Option<u64>,
    /// A task class, by its name: its needs are asked, and its benchmarks rank.
    pub task: Option<String>,
    /// One of these purposes; none: any.
    pub purposes: BTreeSet<Purpose>,
    /// All of these languages, as ISO 639 codes.
    pub languages: BTreeSet<String>,
    /// All of these inputs.
    pub input: BTreeSet<Modality>,
    /// All of these outputs.
    pub output: BTreeSet<Modality>,
    /// All of these capabilities.
    pub capabilities: BTreeSet<Capability>,
    /// What it must fit.
    pub machine: Option<Machine>,
    /// Who wants to use it.
    pub adopter: Adopter,
    /// Take a fact that only a dataset or the press states as not confirmed. Of a licence, that is
    /// always so.
    pub primary_only: bool,
    /// Take a licence that only a dataset or the press states as the licence, also with
    /// [`Constraints::primary_only`], which then speaks of the other facts.
    pub second_hand: bool,
}

/// Who wants to use a model, as far as licences ask.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Adopter {
    /// Where: an ISO 3166-1 alpha-2 code, `EU` or `EEA`.
    pub region: Option<String>,
    /// Monthly active users of all its products.
    pub monthly_users: Option<u64>,
    /// Yearly revenue in United States dollars.
    pub revenue_usd: Option<u64>,
    /// Whether the use is commercial.
    pub commercial: bool,
    /// Whether outputs will train other models.
    pub trains_on_outputs: bool,
}

/// What a model must fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    /// The memory.
    pub memory: MachineMemory,
    /// The form of the weights; none: the one with most bits that fits.
    pub form: Option<QuantisationId>,
    /// Tokens of each sequence.
    pub tokens: u64,
    /// Sequences at the same time.
    pub sequences: u32,
    /// How the cache is stored.
    pub kv: KvPrecision,
    /// The share of the memory that weights and cache may take, above 0 and at most 1; the rest is
    /// for activations and the engine. [`Machine::SHARE`] unless somebody knows better.
    pub share: f64,
}

/// Whose memory.
#[derive(Debug, Clone, PartialEq)]
pub enum MachineMemory {
    /// So many of a piece of hardware of the catalogue, together.
    Hardware {
        /// Which.
        id: HardwareId,
        /// How many.
        count: u32,
    },
    /// So many bytes.
    Bytes(u64),
}

impl Machine {
    /// Less memory than that is a forgotten unit: in bytes.
    pub const LEAST: u64 = 1_000_000;
    /// The share that vLLM takes unless told otherwise (`gpu_memory_utilization`).
    pub const SHARE: f64 = 0.9;
}

/// What came of a search.
#[derive(Debug, Clone, Serialize)]
pub struct Selection<'a> {
    /// Those that meet everything, the best first as [`Selection::ranking`] says.
    pub matches: Vec<Candidate<'a>>,
    /// Those that nothing excludes, and of which something asked for is not confirmed.
    pub not_confirmed: Vec<Candidate<'a>>,
    /// The others, by name.
    pub excluded: Vec<Candidate<'a>>,
    /// How many are not confirmed only because their licence is stated second-hand: they would match
    /// with [`Constraints::second_hand`].
    pub second_hand: usize,
    /// How the first two groups are ordered, in words.
    pub ranking: String,
}

/// A model in a selection.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate<'a> {
    /// The model.
    #[serde(skip)]
    pub model: &'a Model,
    /// Its repository.
    pub id: &'a ModelId,
    /// What people call it.
    pub name: &'a str,
    /// Who publishes it.
    pub publisher: &'a str,
    /// The category of its weights licence; nothing is *not confirmed*.
    pub category: Option<LicenceCategory>,
    /// Its parameters.
    pub parameters: Option<u64>,
    /// Its context in tokens.
    pub context: Option<u64>,
    /// The day of its release.
    pub released: Option<Date>,
    /// In which group it is.
    pub standing: Outcome,
    /// Why, each constraint that was asked in the order of the constraints.
    pub reasons: Vec<Reason>,
    /// What its licence asks the adopter to watch, where it is known.
    pub watch: Vec<&'a Term>,
    /// What it takes of the machine, where one was given and it can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<Footprint>,
    /// The score that ranked it, where a task was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Cited>,
}

/// What one constraint says of one model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Which constraint, as in `context`.
    pub constraint: &'static str,
    /// What it comes to.
    pub outcome: Outcome,
    /// Why, in words.
    pub words: String,
    /// The facts on which that rests.
    pub facts: Vec<Cited>,
}

/// What a constraint comes to, or all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Met.
    Match,
    /// Not known.
    NotConfirmed,
    /// Not met.
    Excluded,
}

/// Why a search cannot be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// There is no such task class.
    #[error("there is no task class `{name}`")]
    Task {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// There is no such hardware.
    #[error("there is no hardware `{name}` in the catalogue")]
    Hardware {
        /// The name.
        name: String,
        /// At most three close names.
        close: Vec<String>,
    },
    /// The hardware's memory is not confirmed.
    #[error("how much memory `{name}` has is not confirmed")]
    HardwareMemory {
        /// The hardware.
        name: String,
    },
    /// There is no such form of weights.
    #[error("there is no form of weights `{name}` in the catalogue")]
    Form {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// The text is no region.
    #[error("`{name}` is no region: two letters of ISO 3166-1, or EU, or EEA")]
    Region {
        /// The text.
        name: String,
    },
    /// The text is no language.
    #[error("`{name}` is no language code of ISO 639-1")]
    Language {
        /// The text.
        name: String,
        /// At most three codes that may be meant.
        close: Vec<&'static str>,
        /// Those that models of the catalogue are said to speak.
        known: Vec<String>,
    },
    /// So little memory that a unit was forgotten.
    #[error("{bytes} bytes of memory hold no model")]
    Memory {
        /// The memory, as given.
        bytes: u64,
    },
    /// None of something of which there must be one.
    #[error("0 {what} cannot be asked for: at least 1")]
    None {
        /// What.
        what: &'static str,
    },
    /// The share is no share.
    #[error("a share of {share} of the memory cannot be taken: above 0 and at most 1")]
    Share {
        /// The share, as given.
        share: String,
    },
}

impl SearchError {
    /// What to ask for instead, where that can be told without naming a command.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Memory { bytes: 0 } => Some("say how much there is, as in 24GB".to_owned()),
            Self::Memory { bytes } if *bytes <= 100_000 => {
                Some(format!("a number without a unit is bytes: write {bytes}GB"))
            }
            Self::Memory { .. } => {
                Some("a number without a unit is bytes: write the unit, as in 24GB".to_owned())
            }
            Self::Language { close, known, .. } if close.is_empty() => {
                let known = known.join(", ");
                Some(format!("de is German, fr French; those that models name: {known}"))
            }
            Self::Language { close, .. } => Some(format!("did you mean {}?", close.join(", "))),
            Self::Task { .. }
            | Self::Hardware { .. }
            | Self::HardwareMemory { .. }
            | Self::Form { .. }
            | Self::Region { .. }
            | Self::None { .. }
            | Self::Share { .. } => None,
        }
    }
}

impl Catalog {
    /// The models that meet the constraints, and those that do not, on that day.
    ///
    /// # Errors
    /// [`SearchError`] where a constraint names what the catalogue does not have.
    pub fn search(
        &self,
        constraints: &Constraints,
        today: Date,
    ) -> Result<Selection<'_>, SearchError> {
        let asked = Asked::new(self, constraints, today)?;
        let trusting = Constraints { second_hand: true, ..constraints.clone() };
        let trusting = Asked::new(self, &trusting, today)?;
        let mut selection = Selection {
            matches: Vec::new(),
            not_confirmed: Vec::new(),
            excluded: Vec::new(),
            second_hand: 0,
            ranking: rank::words(asked.task),
        };
        for model in self.models().filter(|model| asked.considers(model)) {
            let candidate = asked.candidate(model);
            match candidate.standing {
                Outcome::Match => selection.matches.push(candidate),
                Outcome::NotConfirmed => {
                    let would = trusting.candidate(model).standing == Outcome::Match;
                    selection.second_hand += usize::from(would);
                    selection.not_confirmed.push(candidate);
                }
                Outcome::Excluded => selection.excluded.push(candidate),
            }
        }
        rank::sort(self, asked.task, &mut selection.matches);
        rank::sort(self, asked.task, &mut selection.not_confirmed);
        Ok(selection)
    }
}

/// The constraints with what they name looked up.
struct Asked<'a, 'q> {
    catalog: &'a Catalog,
    constraints: &'q Constraints,
    today: Date,
    task: Option<&'a crate::Task>,
    machine: Option<machine::Room<'a, 'q>>,
}

impl<'a, 'q> Asked<'a, 'q> {
    fn new(
        catalog: &'a Catalog,
        constraints: &'q Constraints,
        today: Date,
    ) -> Result<Self, SearchError> {
        let task = constraints.task.as_deref().map(|name| {
            catalog.task(name).ok_or_else(|| SearchError::Task {
                name: name.to_owned(),
                known: catalog.tasks().iter().map(|task| task.id.0.clone()).collect(),
            })
        });
        if let Some(name) = constraints.adopter.region.as_ref()
            && !crate::regions::is_region(name)
        {
            return Err(SearchError::Region { name: name.clone() });
        }
        if let Some(name) = constraints.languages.iter().find(|it| !catalog.is_language(it)) {
            return Err(SearchError::Language {
                name: name.clone(),
                close: crate::languages::close(name),
                known: catalog.languages().into_iter().map(str::to_owned).collect(),
            });
        }
        let machine = constraints.machine.as_ref();
        Ok(Self {
            catalog,
            constraints,
            today,
            task: task.transpose()?,
            machine: machine.map(|it| machine::Room::new(catalog, it, today)).transpose()?,
        })
    }

    fn candidate(&self, model: &'a Model) -> Candidate<'a> {
        let mut reasons = self.shape(model);
        reasons.extend(self.licence(model));
        let mut memory = None;
        if let Some(room) = &self.machine {
            let (reason, footprint) = self.fits(model, room);
            memory = footprint;
            reasons.push(reason);
        }
        if self.constraints.primary_only {
            let licence = |it: &Reason| self.constraints.second_hand && it.is_of_licence();
            reasons.iter_mut().filter(|it| !licence(it)).for_each(Reason::distrust);
        }
        let standing = reasons.iter().map(|it| it.outcome).max().unwrap_or(Outcome::Match);
        Candidate {
            model,
            id: &model.id,
            name: &model.name,
            publisher: &model.publisher,
            category: self.catalog.category(model),
            parameters: model.parameters.as_ref().map(|fact| fact.is),
            context: model.context.as_ref().map(|fact| fact.is),
            released: model.released.as_ref().map(|fact| fact.is),
            standing,
            reasons,
            watch: self.watch(model),
            memory,
            score: self.task.and_then(|task| rank::score(self.catalog, task, model, self.today)),
        }
    }

    /// The fact of a place, as shown.
    fn cite(&self, model: &Model, place: &str) -> Option<Cited> {
        self.catalog.cite_place(&model.id.0, model as &dyn Facts, place, self.today)
    }

    /// What follows from one fact: *not confirmed* where it is absent, else what `judge` says of its
    /// value.
    fn by_fact<T>(
        &self,
        constraint: &'static str,
        model: &Model,
        place: &str,
        value: Option<&T>,
        judge: impl FnOnce(&T) -> (Outcome, String),
    ) -> Reason {
        let cited = self.cite(model, place);
        let (Some(value), Some(cited)) = (value, cited) else {
            let words = format!("{} not confirmed", crate::words::place(place));
            return Reason { constraint, outcome: Outcome::NotConfirmed, words, facts: Vec::new() };
        };
        let (outcome, words) = judge(value);
        Reason { constraint, outcome, words, facts: vec![cited] }
    }
}

impl Reason {
    /// Whether it rests on the licence of the weights.
    fn is_of_licence(&self) -> bool {
        self.facts.iter().any(|fact| fact.place == "licence.weights")
    }

    /// Makes a match that rests on a repeated fact one that is not confirmed.
    fn distrust(&mut self) {
        let repeated = self.facts.iter().find(|fact| !fact.primary);
        if let Some(fact) = repeated.filter(|_| self.outcome == Outcome::Match) {
            self.outcome = Outcome::NotConfirmed;
            self.words = format!("{}, but {} only repeats it", self.words, fact.source.id);
        }
    }
}

#[cfg(test)]
mod tests;
