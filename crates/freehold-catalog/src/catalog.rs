//! The whole catalogue: all files together, and over them the operator's overlay.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::OnceLock,
};

use crate::{
    Benchmark, CatalogError, Date, FactKind, Hardware, HostedPrice, Licence, LicenceCategory,
    LicenceId, Model, ModelId, Provenance, PurchasePrice, Quantisation, Records, RentalPrice,
    Source, SourceId, Sourced, Task,
    data::FILES,
    merge::{self, Merge},
};

/// All that is known, each thing once.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalog {
    sources: BTreeMap<SourceId, Source>,
    overlay: BTreeSet<SourceId>,
    licences: BTreeMap<LicenceId, Licence>,
    models: BTreeMap<ModelId, Model>,
    quantisations: Vec<Quantisation>,
    hardware: Vec<Hardware>,
    hosted: Vec<HostedPrice>,
    rental: Vec<RentalPrice>,
    purchase: Vec<PurchasePrice>,
    benchmarks: Vec<Benchmark>,
    tasks: Vec<Task>,
}

impl Catalog {
    /// The catalogue that is compiled in, parsed at the first call.
    ///
    /// # Errors
    /// [`CatalogError`] where a file is malformed, which a test of this crate excludes.
    pub fn embedded() -> Result<&'static Self, &'static CatalogError> {
        static EMBEDDED: OnceLock<Result<Catalog, CatalogError>> = OnceLock::new();
        EMBEDDED.get_or_init(|| Self::of_files(FILES)).as_ref()
    }

    /// A catalogue of files, each a name and a text.
    ///
    /// # Errors
    /// [`CatalogError`] where a file is malformed, or two say the same thing.
    pub fn of_files(files: &[(&str, &str)]) -> Result<Self, CatalogError> {
        let mut catalog = Self::default();
        for (file, text) in files {
            let records = Records::parse(file, text)?;
            catalog.add(file, records)?;
        }
        Ok(catalog)
    }

    /// This catalogue with an overlay: what the overlay states replaces what stands here, fact by
    /// fact; what is not here is added. `file` names it in errors.
    ///
    /// # Errors
    /// [`CatalogError`] where the overlay is malformed, declares a source that stands here already,
    /// or states a fact whose source it does not declare.
    pub fn with_overlay(&self, file: &str, text: &str) -> Result<Self, CatalogError> {
        let records = Records::parse(file, text)?;
        merge::check_sources(file, &records)?;
        let mut catalog = self.clone();
        for source in records.sources {
            catalog.overlay.insert(source.id.clone());
            catalog.add_source(file, source)?;
        }
        for licence in records.licences {
            merge::into_map(&mut catalog.licences, licence.id.clone(), licence);
        }
        for model in records.models {
            merge::into_map(&mut catalog.models, model.id.clone(), model.named());
        }
        merge::into_list(&mut catalog.quantisations, records.quantisations);
        merge::into_list(&mut catalog.hardware, records.hardware);
        merge::into_list(&mut catalog.hosted, records.hosted);
        merge::into_list(&mut catalog.rental, records.rental);
        merge::into_list(&mut catalog.purchase, records.purchase);
        merge::into_list(&mut catalog.benchmarks, records.benchmarks);
        merge::into_list(&mut catalog.tasks, records.tasks);
        Ok(catalog)
    }

    /// The sources, by name.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// The licences, by name.
    pub fn licences(&self) -> impl Iterator<Item = &Licence> {
        self.licences.values()
    }

    /// The models, by repository.
    pub fn models(&self) -> impl Iterator<Item = &Model> {
        self.models.values()
    }

    /// The forms of weights, most bits first as the file has them.
    pub fn quantisations(&self) -> &[Quantisation] {
        &self.quantisations
    }

    /// Accelerators and processors, as the file has them.
    pub fn hardware(&self) -> &[Hardware] {
        &self.hardware
    }

    /// Prices of hosted models, as the file has them.
    pub fn hosted(&self) -> &[HostedPrice] {
        &self.hosted
    }

    /// Prices of rented hardware, as the file has them.
    pub fn rental(&self) -> &[RentalPrice] {
        &self.rental
    }

    /// Prices of bought hardware, as the file has them.
    pub fn purchase(&self) -> &[PurchasePrice] {
        &self.purchase
    }

    /// Benchmarks, as the file has them.
    pub fn benchmarks(&self) -> &[Benchmark] {
        &self.benchmarks
    }

    /// Task classes, as the file has them.
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// A source by its name.
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.get(id)
    }

    /// A licence by its name.
    pub fn licence(&self, id: &LicenceId) -> Option<&Licence> {
        self.licences.get(id)
    }

    /// A model by its repository, in any case; by another name of it; or by the repository's last
    /// part where only one model has it.
    pub fn model(&self, name: &str) -> Option<&Model> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let by_last = || {
            let mut all = self.models().filter(|model| same(model.id.last_part()));
            all.next().filter(|_| all.next().is_none())
        };
        self.models
            .get(&ModelId(name.to_owned()))
            .or_else(|| self.models().find(|model| same(&model.id.0)))
            .or_else(|| self.models().find(|model| model.also.iter().any(|other| same(other))))
            .or_else(by_last)
    }

    /// Hardware by its name in the catalogue, or another name of it, in any case.
    pub fn hardware_named(&self, name: &str) -> Option<&Hardware> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        self.hardware.iter().find(|hardware| same(&hardware.id.0)).or_else(|| {
            self.hardware
                .iter()
                .find(|hardware| same(&hardware.name) || hardware.also.iter().any(|it| same(it)))
        })
    }

    /// A form of weights by one of its names, in any case.
    pub fn quantisation(&self, name: &str) -> Option<&Quantisation> {
        self.quantisations.iter().find(|form| form.is_called(name))
    }

    /// A task class by its name.
    pub fn task(&self, name: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id.0.eq_ignore_ascii_case(name))
    }

    /// A benchmark by its name in the catalogue, its own or another spelling.
    pub fn benchmark(&self, name: &str) -> Option<&Benchmark> {
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        self.benchmarks
            .iter()
            .find(|it| same(&it.id) || same(&it.name) || it.also.iter().any(|other| same(other)))
    }

    /// At most three models whose names are close to a text that is none.
    pub fn close_models(&self, name: &str) -> Vec<&str> {
        let names = self.models().flat_map(|model| {
            let names = [model.id.0.as_str(), model.id.last_part(), model.name.as_str()];
            names.into_iter().map(|it| (it, model.id.0.as_str()))
        });
        closest(name, names)
    }

    /// At most three pieces of hardware whose names are close to a text that is none.
    pub fn close_hardware(&self, name: &str) -> Vec<&str> {
        let names = self.hardware.iter().flat_map(|hardware| {
            let own = [hardware.id.0.as_str(), hardware.name.as_str()];
            own.into_iter()
                .chain(hardware.also.iter().map(String::as_str))
                .map(|it| (it, hardware.id.0.as_str()))
        });
        closest(name, names)
    }

    /// The category of a licence, where who speaks of its own states it.
    pub fn category_of(&self, licence: &Licence) -> Option<LicenceCategory> {
        let fact = licence.category.as_ref()?;
        self.is_primary(fact).then_some(fact.is)
    }

    /// The category of a model's weights licence; nothing, which is *not confirmed*, also where only
    /// a dataset or the press names the licence.
    pub fn category(&self, model: &Model) -> Option<LicenceCategory> {
        let weights = model.licence.weights.as_ref()?;
        let licence = self.licence(&weights.is).filter(|_| self.is_primary(weights))?;
        self.category_of(licence)
    }

    /// The category that would follow if the licence of a model's weights is what a dataset or the
    /// press says, and who says it; nothing where the licence is confirmed or nobody states it.
    pub fn category_second_hand(&self, model: &Model) -> Option<(LicenceCategory, &Source)> {
        let weights = model.licence.weights.as_ref().filter(|it| !self.is_primary(*it))?;
        let category = self.category_of(self.licence(&weights.is)?)?;
        Some((category, self.source(&weights.source)?))
    }

    fn is_primary(&self, fact: &dyn Sourced) -> bool {
        self.source(fact.source()).is_some_and(|source| source.kind.is_primary())
    }

    /// What is to be shown beside a fact, on that day. Nothing where its source is unknown, which
    /// a test excludes for what is compiled in.
    pub fn provenance(
        &self,
        fact: &dyn Sourced,
        kind: FactKind,
        today: Date,
    ) -> Option<Provenance<'_>> {
        let source = self.sources.get(fact.source())?;
        let days = source.reverify_days.unwrap_or(kind.days());
        let reverify = fact.reverify().unwrap_or_else(|| fact.seen().plus_days(days));
        Some(Provenance {
            source,
            seen: fact.seen(),
            reverify,
            stale: reverify < today,
            overlay: self.overlay.contains(&source.id),
            primary: source.kind.is_primary(),
        })
    }

    fn add(&mut self, file: &str, records: Records) -> Result<(), CatalogError> {
        for source in records.sources {
            self.add_source(file, source)?;
        }
        for licence in records.licences {
            let id = licence.id.clone();
            if self.licences.insert(id.clone(), licence).is_some() {
                return Err(duplicate(file, "licence", &id.0));
            }
        }
        for model in records.models {
            let id = model.id.clone();
            if self.models.insert(id.clone(), model.named()).is_some() {
                return Err(duplicate(file, "model", &id.0));
            }
        }
        append(file, "form of weights", &mut self.quantisations, records.quantisations)?;
        append(file, "hardware", &mut self.hardware, records.hardware)?;
        append(file, "hosted price", &mut self.hosted, records.hosted)?;
        append(file, "rental price", &mut self.rental, records.rental)?;
        append(file, "purchase price", &mut self.purchase, records.purchase)?;
        append(file, "benchmark", &mut self.benchmarks, records.benchmarks)?;
        append(file, "task", &mut self.tasks, records.tasks)
    }

    fn add_source(&mut self, file: &str, source: Source) -> Result<(), CatalogError> {
        let id = source.id.clone();
        match self.sources.insert(id.clone(), source) {
            None => Ok(()),
            Some(_) => Err(duplicate(file, "source", &id.0)),
        }
    }
}

fn append<T: Merge>(
    file: &str,
    kind: &'static str,
    list: &mut Vec<T>,
    more: Vec<T>,
) -> Result<(), CatalogError> {
    let mut keys: BTreeSet<String> = list.iter().map(Merge::key).collect();
    for item in more {
        let key = item.key();
        if !keys.insert(key.clone()) {
            return Err(duplicate(file, kind, &key));
        }
        list.push(item);
    }
    Ok(())
}

fn duplicate(file: &str, kind: &'static str, id: &str) -> CatalogError {
    CatalogError::Duplicate { file: file.to_owned(), kind, id: id.to_owned() }
}

/// The three nearest answers to a name, of pairs of a name and what it stands for.
fn closest<'a>(name: &str, names: impl Iterator<Item = (&'a str, &'a str)>) -> Vec<&'a str> {
    let name = name.to_lowercase();
    let mut best: BTreeMap<&str, f64> = BTreeMap::new();
    for (candidate, answer) in names {
        let candidate = candidate.to_lowercase();
        let mut near = strsim::jaro_winkler(&name, &candidate);
        if !name.is_empty() && candidate.contains(&name) {
            near = near.max(0.95);
        }
        let known = best.entry(answer).or_insert(near);
        *known = known.max(near);
    }
    let mut best: Vec<_> = best.into_iter().filter(|(_, near)| *near >= 0.8).collect();
    best.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(other.0)));
    best.into_iter().take(3).map(|(answer, _)| answer).collect()
}

#[cfg(test)]
mod tests;
