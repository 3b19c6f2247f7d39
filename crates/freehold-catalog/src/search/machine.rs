//! Whether a model fits a machine.

use super::{Asked, Machine, MachineMemory, Outcome, Reason, SearchError};
use crate::{Catalog, Cited, Date, Facts, Footprint, Model, Quantisation, words};

/// The room that a machine offers, looked up.
pub(super) struct Room<'a, 'q> {
    machine: &'q Machine,
    form: Option<&'a Quantisation>,
    /// Bytes for weights and cache.
    bytes: u64,
    name: String,
    facts: Vec<Cited>,
}

impl<'a, 'q> Room<'a, 'q> {
    pub(super) fn new(
        catalog: &'a Catalog,
        machine: &'q Machine,
        today: Date,
    ) -> Result<Self, SearchError> {
        if !(machine.share > 0.0 && machine.share <= 1.0) {
            return Err(SearchError::Share { share: machine.share.to_string() });
        }
        if machine.sequences == 0 {
            return Err(SearchError::None { what: "sequences" });
        }
        let form = machine.form.as_ref().map(|form| {
            catalog.quantisation(&form.0).ok_or_else(|| SearchError::Form {
                name: form.0.clone(),
                known: catalog.quantisations().iter().map(|it| it.id.0.clone()).collect(),
            })
        });
        let (all, name, facts) = match &machine.memory {
            MachineMemory::Bytes(bytes) if *bytes < Machine::LEAST => {
                return Err(SearchError::Memory { bytes: *bytes });
            }
            MachineMemory::Hardware { count: 0, .. } => {
                return Err(SearchError::None { what: "pieces of hardware" });
            }
            MachineMemory::Bytes(bytes) => (*bytes, words::bytes(*bytes), Vec::new()),
            MachineMemory::Hardware { id, count } => {
                let close = || catalog.close_hardware(&id.0).into_iter().map(str::to_owned);
                let hardware = catalog.hardware_named(&id.0).ok_or_else(|| {
                    SearchError::Hardware { name: id.0.clone(), close: close().collect() }
                })?;
                let memory = hardware
                    .memory
                    .as_ref()
                    .ok_or_else(|| SearchError::HardwareMemory { name: hardware.id.0.clone() })?;
                let cited =
                    catalog.cite_place(&hardware.id.0, hardware as &dyn Facts, "memory", today);
                let all = memory.is.saturating_mul(u64::from(*count));
                (all, format!("{count} × {}", hardware.name), cited.into_iter().collect())
            }
        };
        // Rounded down: what is told to fit must fit.
        let bytes = (all as f64 * machine.share).floor() as u64;
        Ok(Self { machine, form: form.transpose()?, bytes, name, facts })
    }
}

impl Asked<'_, '_> {
    /// Whether the model fits, and with what.
    pub(super) fn fits(&self, model: &Model, room: &Room<'_, '_>) -> (Reason, Option<Footprint>) {
        let Machine { tokens, sequences, kv, .. } = room.machine;
        let reason =
            |outcome, words, facts| Reason { constraint: "machine", outcome, words, facts };
        let forms = match room.form {
            Some(form) => vec![form],
            None => self.catalog.forms_of(model),
        };
        let mut least: Option<Footprint> = None;
        for form in forms {
            match model.footprint(form, *tokens, *sequences, *kv) {
                Ok(footprint) if footprint.total() <= room.bytes => {
                    let words = format!("{} fit {}", footprint.words(), room.words());
                    let facts = self.memory_facts(model, room);
                    return (reason(Outcome::Match, words, facts), Some(footprint));
                }
                Ok(footprint) => {
                    let less = |least: &Footprint| footprint.total() < least.total();
                    if least.as_ref().is_none_or(less) {
                        least = Some(footprint);
                    }
                }
                Err(unknown) => return (self.unknown_memory(model, room, form, unknown.0), None),
            }
        }
        let words = match &least {
            Some(footprint) => format!("{} do not fit {}", footprint.words(), room.words()),
            None => "no form of its weights is known".to_owned(),
        };
        let outcome = if least.is_some() { Outcome::Excluded } else { Outcome::NotConfirmed };
        (reason(outcome, words, self.memory_facts(model, room)), least)
    }

    /// Without geometry the weights alone may already be too much.
    fn unknown_memory(
        &self,
        model: &Model,
        room: &Room<'_, '_>,
        form: &Quantisation,
        unknown: &str,
    ) -> Reason {
        let smallest = match room.form {
            Some(form) => Some(form),
            None => self.catalog.forms_of(model).last().copied(),
        };
        let weights = model.weight_bytes(smallest.unwrap_or(form)).ok().map(|(bytes, _)| bytes);
        let facts = self.memory_facts(model, room);
        let (outcome, words) = match weights.filter(|bytes| *bytes > room.bytes) {
            Some(bytes) => {
                let bytes = words::bytes(bytes);
                (
                    Outcome::Excluded,
                    format!("its weights alone, {bytes}, do not fit {}", room.words()),
                )
            }
            None => (Outcome::NotConfirmed, format!("{unknown} not confirmed")),
        };
        Reason { constraint: "machine", outcome, words, facts }
    }

    fn memory_facts(&self, model: &Model, room: &Room<'_, '_>) -> Vec<Cited> {
        let places = ["parameters", "geometry"];
        let own = places.into_iter().filter_map(|place| self.cite(model, place));
        own.chain(room.facts.iter().cloned()).collect()
    }
}

impl Room<'_, '_> {
    fn words(&self) -> String {
        let percent = (self.machine.share * 100.0).round();
        format!("{percent} % of {} ({})", self.name, words::bytes(self.bytes))
    }
}
