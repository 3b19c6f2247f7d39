//! That every file is there and read, and every fact has its source and day.

use std::{collections::BTreeSet, path::Path};

use super::FILES;
use crate::{Catalog, Date, Facts, Records, facts};

fn today() -> Date {
    Date::new(2026, 11, 24).unwrap()
}

#[test]
fn all_files_of_the_folder_are_compiled_in() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut found = BTreeSet::new();
    for folder in ["", "models"] {
        for entry in data.join(folder).read_dir().unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name.ends_with(".json") && name != "schema.json" {
                found.insert(if folder.is_empty() { name } else { format!("{folder}/{name}") });
            }
        }
    }
    let compiled: BTreeSet<String> = FILES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(found, compiled, "data/ and src/data.rs differ");
}

#[test]
fn every_fact_has_a_known_source_and_a_day_that_has_been() {
    let catalog = Catalog::embedded().unwrap();
    let mut facts_seen = 0;
    for (file, text) in FILES {
        let records = Records::parse(file, text).unwrap();
        for source in &records.sources {
            assert!(source.seen <= today(), "{file}: {} was seen tomorrow", source.id);
            assert!(!source.url.is_empty() && !source.licence.is_empty(), "{file}: {}", source.id);
        }
        for (record, source) in facts::of_records(&records) {
            assert!(catalog.source(source).is_some(), "{file}: {record} names {source}");
            facts_seen += 1;
        }
        let dated = |facts: &dyn Facts| {
            for place in facts.places() {
                let seen = place.fact.map(|fact| fact.seen());
                assert!(seen.is_none_or(|seen| seen <= today()), "{file}: {}", place.name);
            }
        };
        records.models.iter().for_each(|it| dated(it));
        records.licences.iter().for_each(|it| dated(it));
        records.hardware.iter().for_each(|it| dated(it));
        records.hosted.iter().for_each(|it| dated(it));
        records.rental.iter().for_each(|it| dated(it));
        records.tasks.iter().for_each(|it| dated(it));
    }
    assert!(facts_seen > 50, "only {facts_seen} facts");
}

#[test]
fn names_that_records_refer_to_exist() {
    let catalog = Catalog::embedded().unwrap();
    for model in catalog.models() {
        let id = &model.id;
        assert!(
            id.0.split_once('/').is_some_and(|(one, other)| {
                !one.is_empty() && !other.is_empty() && !other.contains('/')
            }),
            "{id} is no repository"
        );
        for layer in [&model.licence.weights, &model.licence.code].into_iter().flatten() {
            assert!(catalog.licence(&layer.is).is_some(), "{id}: licence {}", layer.is);
        }
        for form in model.quantisations.iter().flat_map(|fact| &fact.is) {
            assert!(catalog.quantisation(&form.format.0).is_some(), "{id}: {}", form.format);
        }
        for score in &model.scores {
            let known = catalog.benchmark(&score.benchmark).map(|it| &it.id);
            assert_eq!(known, Some(&score.benchmark), "{id}");
        }
    }
    for price in catalog.hosted() {
        let known = price.open_model.as_ref().is_none_or(|id| catalog.model(&id.0).is_some());
        assert!(known, "{}: {:?}", price.model, price.open_model);
    }
    let rented = catalog.rental().iter().map(|price| &price.hardware);
    for id in rented.chain(catalog.purchase().iter().map(|price| &price.hardware)) {
        assert!(catalog.hardware().iter().any(|it| &it.id == id), "price of {id}");
    }
    for task in catalog.tasks() {
        let evidence = task.evidence.iter().map(|it| &it.benchmark);
        for name in task.benchmarks.iter().chain(evidence) {
            assert!(catalog.benchmarks().iter().any(|it| &it.id == name), "{}: {name}", task.id);
        }
    }
}
