//! The whole plan, and the document that is made of it.

use freehold_catalog::Catalog;
use serde::Serialize;

use crate::{
    Figure,
    ask::Ask,
    costs::{Columns, UnknownOffer},
    demand::{Asked, Demand, Origin},
    document::{Block, Cell, Document, Footnotes, Section, Table},
    report::{Money, ordered, write::section},
    subject::{Subject, UnknownSubject},
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
    /// What was asked and what was taken where nothing was said.
    pub asked: Vec<Asked>,
    /// The money.
    pub money: Money,
    /// What the plan does not know.
    pub unknown: Vec<String>,
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// A model or hardware is not in the catalogue.
    #[error(transparent)]
    Subject(#[from] UnknownSubject),
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
            Self::Machine(MachineError::Unknown { .. }) => &[],
        }
    }
}

impl Plan {
    /// The plan that answers.
    ///
    /// # Errors
    /// [`PlanError`] where something is named that the catalogue does not have.
    pub fn of(catalog: &Catalog, ask: &Ask) -> Result<Self, PlanError> {
        let subject = Subject::of(catalog, ask)?;
        let demand = Demand::of(ask);
        let model = subject.model.map(|model| &model.id);
        let columns = Columns::of(catalog, ask, &demand, model, None)?;
        let money = Money::of(ask, &demand, &columns, None);
        let asked = [demand.asked, columns.asked].concat();
        Ok(Self {
            model: model.map(ToString::to_string),
            hardware: subject.hardware.map(|hardware| hardware.id.to_string()),
            asked: ordered(asked),
            money,
            unknown: unknown(),
        })
    }

    /// The plan as sections and tables.
    pub fn document(&self) -> Document {
        let mut notes = Footnotes::default();
        let mut sections = vec![self.answer()];
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

    /// Every figure by name, for `--explain`.
    pub fn figures(&self) -> Vec<&Figure> {
        self.money.figures()
    }

    fn answer(&self) -> Section {
        let because = self.money.verdict.because.iter().cloned().map(Block::Text).collect();
        section("answer", "What it rests on", because)
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

fn unknown() -> Vec<String> {
    UNKNOWN.iter().map(|text| (*text).to_owned()).collect()
}

const UNKNOWN: &[&str] = &[
    "Whether the open model answers well enough for you: only an evaluation on your own cases says.",
    "What your supplier, your union or your auditor asks beyond these lines.",
    "Prices after today: each has the day on which it was seen.",
    "Amounts are in US dollars, without taxes and without the cost of capital.",
];
