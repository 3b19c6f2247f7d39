//! The whole plan, and the document that is made of it.

use freehold_catalog::Catalog;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Figure, Unit,
    ask::Ask,
    calibrate::Refused,
    contradiction::{Contradiction, contradictions},
    costs::{Columns, Replica, UnknownOffer, per_replica},
    demand::{Asked, Demand, Origin, given},
    document::{Block, Cell, Document, Footnotes, Section, Table},
    machine::{Machine, MachineError, Measurements, known_form},
    memory::weight_bytes,
    propose::{Proposal, cheaper, propose},
    report::{Account, Money, ordered, write::section},
    subject::{Subject, UnknownSubject},
    words,
};

/// A plan.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The model's repository, where one was named or proposed.
    pub model: Option<String>,
    /// The hardware's name in the catalogue.
    pub hardware: Option<String>,
    /// How the model lies on the hardware, and what it takes and gives; none where one was not named.
    pub machine: Option<Account>,
    /// Models and hardware that would do, where not both were named.
    pub proposals: Vec<Proposal>,
    /// What was asked and what was taken where nothing was said.
    pub asked: Vec<Asked>,
    /// The money.
    pub money: Money,
    /// What the plan does not know.
    pub unknown: Vec<String>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PlanError {
    /// A model or hardware is not in the catalogue.
    #[error(transparent)]
    Subject(#[from] UnknownSubject),
    /// Answers cannot all hold.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// An offer is not in the catalogue.
    #[error(transparent)]
    Offer(#[from] UnknownOffer),
    /// Nothing can be computed of the machine.
    #[error(transparent)]
    Machine(#[from] MachineError),
}

impl PlanError {
    /// Names that are close to the one that is not in the catalogue.
    pub fn close(&self) -> &[String] {
        match self {
            Self::Subject(
                UnknownSubject::Model { close, .. } | UnknownSubject::Hardware { close, .. },
            )
            | Self::Offer(UnknownOffer { close, .. })
            | Self::Machine(MachineError::Form { close, .. }) => close,
            Self::Contradiction(_)
            | Self::Subject(UnknownSubject::NoCount { .. })
            | Self::Machine(
                MachineError::Refused(_)
                | MachineError::Unknown { .. }
                | MachineError::CannotServe { .. }
                | MachineError::Untold { .. },
            ) => &[],
        }
    }
}

impl Plan {
    /// The plan that answers; `measured` are measurements of the user's own, which move the speeds. What
    /// is not named of model and hardware is proposed, and the first proposal is planned.
    ///
    /// # Errors
    /// [`PlanError`] where something is named that the catalogue does not have, or lacks a fact.
    pub fn of(catalog: &Catalog, ask: &Ask, measured: &[Measurements]) -> Result<Self, PlanError> {
        let named = Subject::of(catalog, ask)?;
        if !measured.is_empty() && named.model.is_none() {
            return Err(MachineError::Refused(Refused::NoModel).into());
        }
        if let Some(form) = ask.text("quant") {
            known_form(catalog, form)?;
        }
        let demand = Demand::of(ask);
        contradictions(ask, &named, &demand)?;
        let proposals = match (named.model, named.hardware) {
            (Some(_), Some(_)) => Vec::new(),
            _ => propose(catalog, ask, &named, &demand),
        };
        let subject = chosen(catalog, named, &proposals);
        let mut asked = demand.asked.clone();
        asked.extend(
            ["model", "on"]
                .into_iter()
                .filter(|key| ask.text(key).is_some())
                .map(|key| given(ask, key)),
        );
        let machine = Machine::of(catalog, ask, &subject, (&demand.load, measured), &mut asked)?;
        let replica = subject.hardware.zip(machine.as_ref()).and_then(|(hardware, machine)| {
            let weights = weight_bytes(&machine.shape, &machine.deployment.weights);
            let service = &machine.serving.as_ref()?.service;
            Some(Replica {
                hardware,
                devices: machine.devices(),
                requests: per_replica(service),
                utilisation: service.utilisation.clone(),
                weights: weights.converted(Unit::of("GB"), 1e-9).named("weights on disk"),
            })
        });
        let model = subject.model.map(|model| &model.id);
        let columns = Columns::of(catalog, ask, &demand, model, replica.as_ref())?;
        let misfit = machine.as_ref().and_then(Machine::misfit);
        let mut money = Money::of(ask, &demand, &columns, misfit.as_deref());
        if let Some(machine) =
            machine.as_ref().filter(|one| one.fits() && subject.devices.is_none())
        {
            let own = money.own().map(|own| &own.total).filter(|total| !words::open(total));
            // A speed that was measured here cannot be compared with one that was not.
            let cost = own.filter(|_| measured.is_empty()).map(Figure::value);
            let other =
                cost.and_then(|cost| cheaper(catalog, ask, &subject, &demand, machine, cost));
            money.verdict.because.extend(replica_line(machine, other.as_ref()));
        }
        asked.extend(columns.asked);
        Ok(Self {
            model: model.map(ToString::to_string),
            hardware: subject.hardware.map(|hardware| hardware.id.to_string()),
            machine: machine.as_ref().map(Account::of),
            proposals,
            asked: ordered(asked),
            money,
            unknown: unknown(),
        })
    }

    /// The plan as sections and tables.
    pub fn document(&self) -> Document {
        let mut notes = Footnotes::default();
        let mut sections = vec![self.answer()];
        sections.extend(self.proposed());
        sections.extend(self.machine.iter().flat_map(|machine| machine.sections(&mut notes)));
        sections.extend(self.money.sections(&mut notes));
        sections.push(self.taken(&mut notes));
        sections.push(section(
            "unknown",
            "What this does not know",
            vec![Block::List(self.unknown.clone())],
        ));
        Document {
            headline: self.money.verdict.headline.clone(),
            sections,
            footnotes: notes.into_list(),
        }
    }

    /// The plan with its document as JSON. Arithmetic is long: it is there on demand.
    pub fn json(&self, explained: bool) -> Value {
        let mut value = json!(self);
        if !explained {
            without_arithmetic(&mut value);
        }
        if let Value::Object(fields) = &mut value {
            fields.insert("document".to_owned(), json!(self.document()));
        }
        value
    }

    /// Every figure by name, for `--explain`.
    pub fn figures(&self) -> Vec<&Figure> {
        let machine = self.machine.iter().flat_map(Account::figures);
        machine.chain(self.money.figures()).collect()
    }

    fn answer(&self) -> Section {
        let because = self.money.verdict.because.iter().cloned().map(Block::Text).collect();
        section("answer", "What it rests on", because)
    }

    /// What would do, where not both model and hardware were named.
    fn proposed(&self) -> Option<Section> {
        if self.proposals.is_empty() {
            return None;
        }
        let heads =
            [("model", false), ("on, in", false), ("run it yourself", true), ("hosted", true)];
        let mut table = Table::new("What would answer this load, USD a month", &heads);
        for one in &self.proposals {
            let hosted = one.hosted.map_or("not confirmed".to_owned(), words::amount);
            table.row(vec![
                Cell::of(&one.model),
                Cell::of(format!("{}x{}, {}", one.hardware, one.devices, one.weights)),
                Cell::of(words::amount(one.own)),
                Cell::of(hosted),
            ]);
        }
        let text = "Not both a model and hardware were named. These fit, meet the targets, and are the \
                    least costly hardware to rent for each model; the first is planned below. Models are \
                    the newest of their size with an open-source licence that several providers host: \
                    whether one is good enough for you only an evaluation says.";
        Some(section(
            "proposals",
            "Proposals",
            vec![Block::Text(text.to_owned()), Block::Table(table)],
        ))
    }

    fn taken(&self, notes: &mut Footnotes) -> Section {
        let heads = [("input", false), ("taken", true), ("from", false)];
        let mut table = Table::new("Every input, and who said so", &heads);
        for asked in &self.asked {
            let from = match asked.origin {
                Origin::Given => "given".to_owned(),
                Origin::Follows => "follows".to_owned(),
                Origin::Default => {
                    let cited = asked.why.as_deref().map(|why| notes.cite_text(why));
                    format!("default{}", cited.unwrap_or_default())
                }
            };
            table.row(vec![Cell::of(asked.label), Cell::of(&asked.value), Cell::of(from)]);
        }
        section("inputs", "What was taken", vec![Block::Table(table)])
    }
}

/// Why a replica has its devices, and what would be cheaper; nothing where one device needs no word.
fn replica_line(machine: &Machine, other: Option<&Proposal>) -> Option<String> {
    let cheaper = other.map(|other| {
        let same = other.weights == machine.deployment.weights.id;
        let (quant, bits) = if same {
            (String::new(), "")
        } else {
            (format!(" --quant {}", other.weights), "; fewer bits may answer worse")
        };
        format!(
            "Cheaper, and it carries the load within the targets, too: --on {}x{}{quant}, {} USD a \
             month{bits}.",
            other.hardware,
            other.devices,
            words::amount(other.own)
        )
    });
    let why = (machine.devices() > 1).then(|| machine.why_devices());
    let all: Vec<String> = why.into_iter().chain(cheaper).collect();
    (!all.is_empty()).then(|| all.join(" "))
}

fn without_arithmetic(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            // A figure has `how` beside its interval; nothing else of a plan has both.
            if fields.contains_key("interval") && fields.contains_key("unit") {
                fields.shift_remove("how");
            }
            fields.values_mut().for_each(without_arithmetic);
        }
        Value::Array(items) => items.iter_mut().for_each(without_arithmetic),
        _ => {}
    }
}

/// What was named, and for the rest the first proposal.
fn chosen<'a>(catalog: &'a Catalog, named: Subject<'a>, proposals: &[Proposal]) -> Subject<'a> {
    let Some(first) = proposals.first() else { return named };
    Subject {
        model: named.model.or_else(|| catalog.model(&first.model)),
        hardware: named.hardware.or_else(|| catalog.hardware_named(&first.hardware)),
        devices: named.devices.or(Some(first.devices)),
        ram: named.ram,
    }
}

fn unknown() -> Vec<String> {
    UNKNOWN.iter().map(|text| (*text).to_owned()).collect()
}

const UNKNOWN: &[&str] = &[
    "Whether your data may leave at all, and what else speaks for one way: `freehold fit` asks. This \
     is about cost.",
    "Whether the open model answers well enough for you: only an evaluation on your own cases says.",
    "What your supplier, your union or your auditor asks beyond these lines.",
    "Prices after today: each has the day on which it was seen.",
    "Amounts are in US dollars, without taxes and without the cost of capital.",
];
