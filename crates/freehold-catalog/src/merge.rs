//! How an overlay's records go over those of the catalogue: fact by fact, the overlay's wins.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Benchmark, CatalogError, Hardware, HostedPrice, Licence, Model, ModelId, PurchasePrice,
    Quantisation, Records, RentalPrice, SourceId, Task, facts,
};

/// A record that another of the same key can go over.
pub(crate) trait Merge: Sized {
    /// What says that two records are about the same thing.
    fn key(&self) -> String;

    /// This record with what the other one states.
    fn merged(self, over: Self) -> Self;
}

/// Puts a record into a map, over the one that is there.
pub(crate) fn into_map<K: Ord, T: Merge>(map: &mut BTreeMap<K, T>, key: K, item: T) {
    let merged = match map.remove(&key) {
        Some(known) => known.merged(item),
        None => item,
    };
    map.insert(key, merged);
}

/// Puts records into a list, each over the one of its key, the others at the end.
pub(crate) fn into_list<T: Merge>(list: &mut Vec<T>, more: Vec<T>) {
    for item in more {
        let key = item.key();
        match list.iter().position(|known| known.key() == key) {
            Some(at) => {
                let known = list.remove(at);
                list.insert(at, known.merged(item));
            }
            None => list.push(item),
        }
    }
}

/// Sees to it that an overlay's facts rest on sources of its own.
pub(crate) fn check_sources(file: &str, records: &Records) -> Result<(), CatalogError> {
    let own: BTreeSet<&SourceId> = records.sources.iter().map(|source| &source.id).collect();
    match facts::of_records(records).into_iter().find(|(_, source)| !own.contains(source)) {
        None => Ok(()),
        Some((record, source)) => Err(CatalogError::ForeignSource {
            file: file.to_owned(),
            record,
            source_id: source.clone(),
        }),
    }
}

/// Takes each of these fields from the overlay where it is stated there.
macro_rules! over {
    ($known:ident, $over:ident: $($($field:ident).+),+ $(,)?) => {
        $( if $over.$($field).+.is_some() { $known.$($field).+ = $over.$($field).+; } )+
    };
}

impl Merge for Model {
    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn merged(mut self, over: Self) -> Self {
        over!(self, over: purposes, released, parameters, active_parameters, geometry, context,
            input, output, languages, capabilities, quantisations, base_model,
            licence.weights, licence.code, licence.data);
        for name in over.also {
            if !self.also.contains(&name) {
                self.also.push(name);
            }
        }
        for score in over.scores {
            self.scores
                .retain(|known| (&known.benchmark, &known.note) != (&score.benchmark, &score.note));
            self.scores.push(score);
        }
        self
    }
}

impl Merge for Licence {
    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn merged(mut self, over: Self) -> Self {
        over!(self, over: category, spdx, url, read);
        if !over.watch.is_empty() {
            self.watch = over.watch;
        }
        self
    }
}

impl Merge for Hardware {
    fn key(&self) -> String {
        self.id.0.clone()
    }

    fn merged(mut self, over: Self) -> Self {
        over!(self, over: memory, bandwidth, compute.fp32, compute.bf16, compute.fp8,
            compute.int8, compute.fp4, power, interconnect, released);
        self
    }
}

impl Merge for HostedPrice {
    fn key(&self) -> String {
        let since = self.since.map(|date| format!(" since {date}")).unwrap_or_default();
        let conditions = self.conditions.as_deref().map(|it| format!(" ({it})"));
        format!("{} {}{}{since}", self.provider, self.model, conditions.unwrap_or_default())
    }

    fn merged(mut self, over: Self) -> Self {
        over!(self, over: open_model, class, input, cached_input, cache_write, output, context,
            regions, until);
        self.currency = over.currency;
        if !over.longer.is_empty() {
            self.longer = over.longer;
        }
        self
    }
}

impl Merge for RentalPrice {
    fn key(&self) -> String {
        let Self { hardware, count, provider, offer, commitment, region, .. } = self;
        let text = |it: &Option<String>| it.clone().unwrap_or_default();
        format!("{provider} {count} × {hardware} {commitment:?} {} {}", text(offer), text(region))
    }

    fn merged(self, over: Self) -> Self {
        over
    }
}

impl Merge for PurchasePrice {
    fn key(&self) -> String {
        let Self { hardware, count, what, amount, .. } = self;
        format!("{count} × {hardware} {what} {}", amount.source)
    }

    fn merged(self, over: Self) -> Self {
        over
    }
}

macro_rules! whole {
    ($($kind:ty => $key:expr),+ $(,)?) => {$(
        impl Merge for $kind {
            fn key(&self) -> String {
                let key: fn(&Self) -> &str = $key;
                key(self).to_owned()
            }

            fn merged(self, over: Self) -> Self {
                over
            }
        }
    )+};
}

whole!(
    Quantisation => |it| &it.id.0,
    Benchmark => |it| &it.id,
    Task => |it| &it.id.0,
);

impl Model {
    /// The model with the labels that follow from its repository where none are given, as an
    /// overlay may leave them out.
    pub(crate) fn named(mut self) -> Self {
        let publisher = self.id.0.split_once('/').map_or("", |(publisher, _)| publisher);
        for (label, from) in [
            (&mut self.name, self.id.last_part()),
            (&mut self.publisher, publisher),
            (&mut self.family, self.id.last_part()),
        ] {
            if label.is_empty() {
                from.clone_into(label);
            }
        }
        self
    }
}

impl ModelId {
    /// The repository's name without its publisher.
    pub fn last_part(&self) -> &str {
        self.0.rsplit_once('/').map_or(self.0.as_str(), |(_, last)| last)
    }
}
