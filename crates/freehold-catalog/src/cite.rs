//! A fact as it is shown: the value, and everything that a reader needs to judge it.

use serde::Serialize;
use serde_json::Value;

use crate::{Catalog, Date, Facts, Place, Source, SourceKind, words};

/// A fact with its provenance on a certain day, for people and for JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cited {
    /// Which record states it: a model, a licence, a piece of hardware.
    pub record: String,
    /// Which of its facts, as in `licence.weights`.
    pub place: String,
    /// The value, as the data have it.
    pub value: Value,
    /// The value in words.
    pub words: String,
    /// Where it was read.
    pub source: CitedSource,
    /// Where in the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// What a reader should know with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// On which day it was read.
    pub seen: Date,
    /// By which day it is to be read again.
    pub reverify: Date,
    /// Whether that day has passed.
    pub stale: bool,
    /// Whether the operator's overlay states it.
    pub overlay: bool,
    /// Whether the source speaks of its own.
    pub primary: bool,
}

/// A source as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CitedSource {
    /// Its name in the catalogue.
    pub id: String,
    /// What it calls itself.
    pub title: String,
    /// Where it is.
    pub url: String,
    /// Who speaks.
    pub kind: SourceKind,
}

impl Catalog {
    /// One place of a record as it is shown on that day; nothing where no fact is there.
    pub fn cite(&self, record: &str, place: &Place<'_>, today: Date) -> Option<Cited> {
        let fact = place.fact?;
        let provenance = self.provenance(fact, place.kind, today)?;
        let value = place.value.clone().unwrap_or(Value::Null);
        Some(Cited {
            record: record.to_owned(),
            place: place.name.clone(),
            words: words::value(&place.name, &value),
            value,
            source: CitedSource::of(provenance.source),
            at: fact.at().map(str::to_owned),
            note: fact.note().map(str::to_owned),
            seen: provenance.seen,
            reverify: provenance.reverify,
            stale: provenance.stale,
            overlay: provenance.overlay,
            primary: provenance.primary,
        })
    }

    /// One fact of a record by its place's name.
    pub fn cite_place(
        &self,
        record: &str,
        facts: &dyn Facts,
        name: &str,
        today: Date,
    ) -> Option<Cited> {
        let places = facts.places();
        let place = places.iter().find(|place| place.name == name)?;
        self.cite(record, place, today)
    }
}

impl Cited {
    /// How it is marked beside its value: nothing for a fresh fact from who speaks of its own.
    pub fn marks(&self) -> Vec<&'static str> {
        let marks = [(self.overlay, "overlay"), (!self.primary, "repeated"), (self.stale, "stale")];
        marks.into_iter().filter(|(holds, _)| *holds).map(|(_, mark)| mark).collect()
    }
}

impl CitedSource {
    fn of(source: &Source) -> Self {
        Self {
            id: source.id.0.clone(),
            title: source.title.clone(),
            url: source.url.clone(),
            kind: source.kind,
        }
    }
}
