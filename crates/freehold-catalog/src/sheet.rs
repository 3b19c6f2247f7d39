//! One model as it is shown: every fact with its source, or that it is not confirmed.

use serde::Serialize;

use crate::{
    Catalog, Cited, Date, Facts, HostedPrice, KvPrecision, LicenceCategory, Model, ModelId,
    PurchasePrice, RentalPrice, Term, words,
};

/// One model with all that is known of it.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet<'a> {
    /// The repository.
    pub id: &'a ModelId,
    /// What people call it.
    pub name: &'a str,
    /// Who publishes it.
    pub publisher: &'a str,
    /// Its family.
    pub family: &'a str,
    /// Other names of it.
    pub also: &'a [String],
    /// The category of its weights licence; nothing is *not confirmed*.
    pub category: Option<LicenceCategory>,
    /// Every place in the order of [`Model`], each with its fact or nothing.
    pub facts: Vec<Entry>,
    /// Published scores.
    pub scores: Vec<Cited>,
    /// What the licence of its weights asks to watch.
    pub watch: Vec<&'a Term>,
    /// Whether that licence's whole text was read.
    pub licence_read: bool,
    /// Bytes of key-value cache for each further token at 16 bits, at the start of a sequence.
    pub kv_bytes_per_token: Option<u64>,
    /// What providers ask for it.
    pub hosted: Vec<&'a HostedPrice>,
}

/// A place and what stands there.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entry {
    /// The place's name, as in `licence.weights`.
    pub place: String,
    /// The fact; nothing is *not confirmed*.
    pub fact: Option<Cited>,
}

/// Models side by side.
#[derive(Debug, Clone, Serialize)]
pub struct Comparison<'a> {
    /// The models, as they were named.
    pub models: Vec<&'a ModelId>,
    /// One row a place.
    pub rows: Vec<Row>,
}

/// One place of all models.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row {
    /// The place's name; `licence.category` and `kv_bytes_per_token` follow from others.
    pub place: String,
    /// The value of each model in words; nothing is *not confirmed*.
    pub words: Vec<Option<String>>,
    /// The fact of each model.
    pub facts: Vec<Option<Cited>>,
    /// Whether the models differ in it.
    pub differs: bool,
}

impl Catalog {
    /// All that is known of a model, on that day.
    pub fn sheet<'a>(&'a self, model: &'a Model, today: Date) -> Sheet<'a> {
        let places = model.places();
        let (scores, facts): (Vec<_>, Vec<_>) =
            places.iter().partition(|place| place.name.starts_with("scores."));
        let weights = model.licence.weights.as_ref();
        let licence = weights.and_then(|fact| self.licence(&fact.is));
        let entry = |place: &&crate::Place<'_>| Entry {
            place: place.name.clone(),
            fact: self.cite(&model.id.0, place, today),
        };
        Sheet {
            id: &model.id,
            name: &model.name,
            publisher: &model.publisher,
            family: &model.family,
            also: &model.also,
            category: self.category(model),
            facts: facts.iter().map(entry).collect(),
            scores: scores.iter().filter_map(|it| self.cite(&model.id.0, it, today)).collect(),
            watch: licence.map(|it| it.watch.iter().collect()).unwrap_or_default(),
            licence_read: licence.is_some_and(|it| it.read.is_some()),
            kv_bytes_per_token: model
                .geometry
                .as_ref()
                .map(|fact| fact.is.kv_bytes_per_token(0, KvPrecision::F16)),
            hosted: self
                .hosted()
                .iter()
                .filter(|price| price.open_model.as_ref() == Some(&model.id))
                .collect(),
        }
    }

    /// Every place of a record that is no model, each with its fact or nothing.
    pub fn entries(&self, record: &str, facts: &dyn Facts, today: Date) -> Vec<Entry> {
        let entry = |place: &crate::Place<'_>| Entry {
            place: place.name.clone(),
            fact: self.cite(record, place, today),
        };
        facts.places().iter().map(entry).collect()
    }

    /// Models side by side: one row a place, and one a benchmark on which any of them has a score.
    pub fn compare<'a>(&'a self, models: &[&'a Model], today: Date) -> Comparison<'a> {
        let sheets: Vec<Sheet<'a>> = models.iter().map(|it| self.sheet(it, today)).collect();
        let mut rows = Vec::new();
        let places = sheets.first().map(|it| it.facts.as_slice()).unwrap_or_default();
        for (at, place) in places.iter().enumerate() {
            let facts =
                sheets.iter().map(|sheet| sheet.facts.get(at).and_then(|it| it.fact.clone()));
            rows.push(Row::of(&place.place, facts.collect()));
            if place.place == "licence.weights" {
                let words = sheets.iter().map(|it| it.category.map(|it| it.to_string()));
                rows.push(Row::following("licence.category", words.collect()));
            }
            if place.place == "geometry" {
                let words = sheets.iter().map(|it| it.kv_bytes_per_token.map(words::bytes));
                rows.push(Row::following("kv_bytes_per_token", words.collect()));
            }
        }
        let mut benchmarks: Vec<&str> = Vec::new();
        for score in sheets.iter().flat_map(|sheet| &sheet.scores) {
            if !benchmarks.contains(&score.place.as_str()) {
                benchmarks.push(&score.place);
            }
        }
        for place in benchmarks {
            let first =
                |sheet: &Sheet<'_>| sheet.scores.iter().find(|it| it.place == place).cloned();
            rows.push(Row::of(place, sheets.iter().map(first).collect()));
        }
        Comparison { models: models.iter().map(|it| &it.id).collect(), rows }
    }
}

impl Row {
    fn of(place: &str, facts: Vec<Option<Cited>>) -> Self {
        let words = facts.iter().map(|fact| fact.as_ref().map(|it| it.words.clone())).collect();
        Self { facts, ..Self::following(place, words) }
    }

    fn following(place: &str, words: Vec<Option<String>>) -> Self {
        let differs = words.windows(2).any(|pair| pair.first() != pair.last());
        Self { place: place.to_owned(), facts: vec![None; words.len()], words, differs }
    }
}

impl HostedPrice {
    /// Who asks it for what, as in `anthropic claude-sonnet-5`.
    pub fn name(&self) -> String {
        format!("{} {}", self.provider, self.model)
    }

    /// Whether it holds on that day.
    pub fn holds(&self, day: Date) -> bool {
        self.since.is_none_or(|since| since <= day) && self.until.is_none_or(|until| day <= until)
    }
}

impl RentalPrice {
    /// Who rents out what.
    pub fn name(&self) -> String {
        format!("{} {} × {}", self.provider, self.count, self.hardware)
    }
}

impl PurchasePrice {
    /// What is bought.
    pub fn name(&self) -> String {
        format!("{} × {} ({})", self.count, self.hardware, self.what)
    }
}
