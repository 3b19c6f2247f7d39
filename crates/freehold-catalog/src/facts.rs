//! All facts of a record, so that nothing that shows or checks facts can forget one.

use serde::Serialize;
use serde_json::Value;

use crate::{
    Benchmark, Fact, FactKind, Hardware, HostedPrice, Licence, Model, PurchasePrice, Quantisation,
    Records, RentalPrice, SourceId, Sourced, Task,
};

/// One place of a record where a fact belongs.
pub struct Place<'a> {
    /// Its name, as in `licence.weights`; scores have their benchmark's.
    pub name: String,
    /// How long such facts hold.
    pub kind: FactKind,
    /// The fact, or nothing where it is not confirmed.
    pub fact: Option<&'a dyn Sourced>,
    /// Its value, as the data have it.
    pub value: Option<Value>,
}

/// A record whose facts can be told one by one.
pub trait Facts {
    /// Its places, the same ones in the same order for each record of its kind, and after them
    /// those of its lists.
    fn places(&self) -> Vec<Place<'_>>;
}

/// Every fact of a file: the record that has it, and its source.
pub(crate) fn of_records(records: &Records) -> Vec<(String, &SourceId)> {
    fn add<'a>(list: &mut Vec<(String, &'a SourceId)>, record: &str, facts: &'a impl Facts) {
        let sources = facts.places().into_iter().filter_map(|place| place.fact);
        list.extend(sources.map(|fact| (record.to_owned(), fact.source())));
    }
    let mut list = Vec::new();
    records.models.iter().for_each(|it| add(&mut list, &it.id.0, it));
    records.licences.iter().for_each(|it| add(&mut list, &it.id.0, it));
    records.quantisations.iter().for_each(|it| add(&mut list, &it.id.0, it));
    records.hardware.iter().for_each(|it| add(&mut list, &it.id.0, it));
    records.hosted.iter().for_each(|it| add(&mut list, &it.model, it));
    records.rental.iter().for_each(|it| add(&mut list, &it.hardware.0, it));
    records.purchase.iter().for_each(|it| add(&mut list, &it.hardware.0, it));
    records.benchmarks.iter().for_each(|it| add(&mut list, &it.id, it));
    records.tasks.iter().for_each(|it| add(&mut list, &it.id.0, it));
    list
}

fn place<'a, T: Serialize>(name: &str, kind: FactKind, fact: &'a Option<Fact<T>>) -> Place<'a> {
    let value = fact.as_ref().and_then(|fact| serde_json::to_value(&fact.is).ok());
    Place {
        name: name.to_owned(),
        kind,
        fact: fact.as_ref().map(|fact| fact as &dyn Sourced),
        value,
    }
}

fn stated<'a, T: Serialize>(name: &str, kind: FactKind, fact: &'a Fact<T>) -> Place<'a> {
    let value = serde_json::to_value(&fact.is).ok();
    Place { name: name.to_owned(), kind, fact: Some(fact), value }
}

/// What carries its source itself; its value is all of it.
fn whole<'a, T: Sourced + Serialize>(name: String, kind: FactKind, it: &'a T) -> Place<'a> {
    let mut value = serde_json::to_value(it).ok();
    if let Some(fields) = value.as_mut().and_then(Value::as_object_mut) {
        for about_source in ["source", "seen", "at", "note"] {
            fields.remove(about_source);
        }
    }
    Place { name, kind, fact: Some(it), value }
}

impl Facts for Model {
    fn places(&self) -> Vec<Place<'_>> {
        use FactKind::{Build, Capability, Licence};
        let mut places = vec![
            place("purposes", Capability, &self.purposes),
            place("released", Build, &self.released),
            place("parameters", Build, &self.parameters),
            place("active_parameters", Build, &self.active_parameters),
            place("geometry", Build, &self.geometry),
            place("context", Capability, &self.context),
            place("input", Capability, &self.input),
            place("output", Capability, &self.output),
            place("languages", Capability, &self.languages),
            place("capabilities", Capability, &self.capabilities),
            place("quantisations", Capability, &self.quantisations),
            place("base_model", Build, &self.base_model),
            place("licence.weights", Licence, &self.licence.weights),
            place("licence.code", Licence, &self.licence.code),
            place("licence.data", Licence, &self.licence.data),
        ];
        places.extend(
            self.scores
                .iter()
                .map(|score| whole(format!("scores.{}", score.benchmark), FactKind::Score, score)),
        );
        places
    }
}

impl Facts for Licence {
    fn places(&self) -> Vec<Place<'_>> {
        let mut places = vec![
            place("category", FactKind::Licence, &self.category),
            place("read", FactKind::Licence, &self.read),
        ];
        places.extend(
            self.watch
                .iter()
                .enumerate()
                .map(|(at, term)| whole(format!("watch.{}", at + 1), FactKind::Licence, term)),
        );
        places
    }
}

impl Facts for Quantisation {
    fn places(&self) -> Vec<Place<'_>> {
        vec![stated("bits", FactKind::Build, &self.bits)]
    }
}

impl Facts for Hardware {
    fn places(&self) -> Vec<Place<'_>> {
        use FactKind::Hardware;
        vec![
            place("memory", Hardware, &self.memory),
            place("bandwidth", Hardware, &self.bandwidth),
            place("compute.fp32", Hardware, &self.compute.fp32),
            place("compute.bf16", Hardware, &self.compute.bf16),
            place("compute.fp8", Hardware, &self.compute.fp8),
            place("compute.int8", Hardware, &self.compute.int8),
            place("compute.fp4", Hardware, &self.compute.fp4),
            place("power", Hardware, &self.power),
            place("interconnect", Hardware, &self.interconnect),
            place("released", Hardware, &self.released),
        ]
    }
}

impl Facts for HostedPrice {
    fn places(&self) -> Vec<Place<'_>> {
        use FactKind::{Capability, Price};
        let mut places = vec![
            place("class", Capability, &self.class),
            place("input", Price, &self.input),
            place("cached_input", Price, &self.cached_input),
            place("cache_write", Price, &self.cache_write),
            place("output", Price, &self.output),
            place("context", Capability, &self.context),
            place("regions", Capability, &self.regions),
        ];
        for longer in &self.longer {
            let name = |what: &str| format!("above {} tokens: {what}", longer.above_tokens);
            places.extend([
                place(&name("input"), Price, &longer.input),
                place(&name("cached_input"), Price, &longer.cached_input),
                place(&name("output"), Price, &longer.output),
            ]);
        }
        places
    }
}

impl Facts for RentalPrice {
    fn places(&self) -> Vec<Place<'_>> {
        vec![stated("per_hour", FactKind::Price, &self.per_hour)]
    }
}

impl Facts for PurchasePrice {
    fn places(&self) -> Vec<Place<'_>> {
        vec![stated("amount", FactKind::Price, &self.amount)]
    }
}

impl Facts for Benchmark {
    fn places(&self) -> Vec<Place<'_>> {
        vec![whole("about".to_owned(), FactKind::Build, self)]
    }
}

impl Facts for Task {
    fn places(&self) -> Vec<Place<'_>> {
        use FactKind::Score;
        let mut places = vec![place("production_default", Score, &self.production_default)];
        places.extend(
            self.frontier_leads
                .iter()
                .enumerate()
                .map(|(at, fact)| stated(&format!("frontier_leads.{}", at + 1), Score, fact)),
        );
        for evidence in &self.evidence {
            let name = |who: &str| format!("evidence.{}.{who}", evidence.benchmark);
            places.push(whole(name("open"), Score, &evidence.open));
            places.push(whole(name("frontier"), Score, &evidence.frontier));
        }
        places
    }
}

macro_rules! sourced {
    ($($kind:ty),+) => {$(
        impl Sourced for $kind {
            fn source(&self) -> &SourceId {
                &self.source
            }

            fn seen(&self) -> crate::Date {
                self.seen
            }
        }
    )+};
    (with at: $($kind:ty),+) => {$(
        impl Sourced for $kind {
            fn source(&self) -> &SourceId {
                &self.source
            }

            fn seen(&self) -> crate::Date {
                self.seen
            }

            fn at(&self) -> Option<&str> {
                self.at.as_deref()
            }
        }
    )+};
}

sourced!(Benchmark);
sourced!(with at: crate::Term, crate::Standpoint);

impl Sourced for crate::Score {
    fn source(&self) -> &SourceId {
        &self.source
    }

    fn seen(&self) -> crate::Date {
        self.seen
    }

    fn at(&self) -> Option<&str> {
        self.at.as_deref()
    }

    fn note(&self) -> Option<&str> {
        self.note.as_deref()
    }
}
