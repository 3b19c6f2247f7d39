//! The catalogue's facts against what their own sources say now.

use std::collections::{BTreeMap, BTreeSet};

use freehold_catalog::{Catalog, Date};
use serde_json::Value;

use crate::upstream::Upstream;

/// What came of it.
pub struct Report {
    /// Facts that the source states as before, by source.
    pub confirmed: BTreeMap<&'static str, usize>,
    /// Facts that the source states otherwise: record, place, before, now.
    pub changed: Vec<(String, String, Value, Value)>,
    /// Facts whose record or value the source no longer has.
    pub gone: Vec<(String, String)>,
    /// Repositories that a source has and the catalogue has not.
    pub new: BTreeSet<String>,
    known: BTreeSet<String>,
}

impl Report {
    /// Nothing found yet.
    pub fn new(upstreams: &[Upstream]) -> Self {
        Self {
            confirmed: upstreams.iter().map(|it| (it.source, 0)).collect(),
            changed: Vec::new(),
            gone: Vec::new(),
            new: BTreeSet::new(),
            known: BTreeSet::new(),
        }
    }

    /// Says what the sources have besides.
    pub fn finish(&mut self, upstreams: &[Upstream]) {
        let known: BTreeSet<String> = self.known.iter().map(|it| it.to_lowercase()).collect();
        let all = upstreams.iter().flat_map(|it| &it.repositories);
        let new = all.filter(|id| !known.contains(&id.to_lowercase()));
        self.new.extend(new.cloned());
    }

    /// For a person.
    pub fn print(&self) {
        for (source, count) in &self.confirmed {
            println!("{source}: {count} facts as before");
        }
        for (record, place, before, now) in &self.changed {
            println!("changed: {record} {place}: {before} -> {now}");
        }
        for (record, place) in &self.gone {
            println!("gone: {record} {place}");
        }
        for id in &self.new {
            println!("new: {id}");
        }
        println!(
            "{} changed, {} gone, {} new repositories",
            self.changed.len(),
            self.gone.len(),
            self.new.len(),
        );
    }
}

/// Compares one data file, and puts what the sources say now into it, with the day.
pub fn file(file: &mut Value, upstreams: &[Upstream], today: Date, report: &mut Report) {
    for model in list(file, "models") {
        let record = word(&model["id"]);
        report.known.insert(record.clone());
        let published = model["quantisations"]["is"].as_array().cloned().unwrap_or_default();
        let also = model["also"].as_array().cloned().unwrap_or_default();
        report
            .known
            .extend(published.iter().map(|it| word(&it["id"])).chain(also.iter().map(word)));
        let places = ["released", "parameters", "active_parameters", "context", "input", "output"];
        for place in places {
            let fact = &mut model[place];
            let key = key_of(fact);
            compare(fact, "is", (&record, place, &key, place), upstreams, today, report);
        }
        for score in list(model, "scores") {
            scored(score, &record, upstreams, today, report);
        }
    }
    for price in list(file, "hosted") {
        let since = price["since"].as_str().map(|it| format!(" since {it}")).unwrap_or_default();
        let when = price["conditions"].as_str().map(|it| format!(" ({it})")).unwrap_or_default();
        let key = format!("{} {}{since}{when}", word(&price["provider"]), word(&price["model"]));
        let places = ["input", "cached_input", "cache_write", "output", "context"];
        for place in places {
            compare(&mut price[place], "is", (&key, place, &key, place), upstreams, today, report);
        }
        for longer in list(price, "longer") {
            let above = longer["above_tokens"].clone();
            for place in ["input", "cached_input", "output"] {
                let name = format!("above {above} {place}");
                let at = (key.as_str(), name.as_str(), key.as_str(), name.as_str());
                compare(&mut longer[place], "is", at, upstreams, today, report);
            }
        }
    }
    strip_nulls(file);
}

/// Puts the day and the commit of the copies into the sources that were read again.
pub fn sources(file: &mut Value, report: &Report, commits: &BTreeMap<String, String>, today: Date) {
    for source in list(file, "sources") {
        let id = word(&source["id"]);
        if report.confirmed.contains_key(id.as_str()) {
            source["seen"] = today.to_string().into();
            if let Some(commit) = commits.get(&id) {
                source["commit"] = commit.as_str().into();
            }
        }
    }
}

/// One fact: record and place for the report, key and place upstream.
fn compare(
    fact: &mut Value,
    value: &str,
    (record, place, key, upstream_place): (&str, &str, &str, &str),
    upstreams: &[Upstream],
    today: Date,
    report: &mut Report,
) {
    let source = word(&fact["source"]);
    let Some(upstream) = upstreams.iter().find(|it| it.source == source) else { return };
    let record_now = upstream.records.get(key);
    // What the source does not state at all was made of something else that it states, by hand.
    if record_now.is_some_and(|it| it.get(upstream_place).is_none()) {
        return;
    }
    let now = record_now.map(|it| &it[upstream_place]);
    let Some(now) = now.filter(|it| !it.is_null() && **it != serde_json::json!([])) else {
        report.gone.push((record.to_owned(), place.to_owned()));
        return;
    };
    if same(&fact[value], now) {
        *report.confirmed.entry(upstream.source).or_default() += 1;
    } else {
        let before = std::mem::replace(&mut fact[value], now.clone());
        report.changed.push((record.to_owned(), place.to_owned(), before, now.clone()));
    }
    fact["seen"] = today.to_string().into();
}

/// A score: upstream it stands in a list, under another spelling of its benchmark.
fn scored(
    score: &mut Value,
    record: &str,
    upstreams: &[Upstream],
    today: Date,
    report: &mut Report,
) {
    let Some(upstream) = upstreams.iter().find(|it| score["source"] == it.source) else { return };
    let key = key_of(score);
    let benchmark = word(&score["benchmark"]);
    let place = format!("scores.{benchmark}");
    let Ok(catalog) = Catalog::embedded() else { return };
    let named = |it: &&Value| {
        let name = word(&it["name"]);
        catalog.benchmark(&name).is_some_and(|it| it.id == benchmark)
    };
    let all = upstream.records.get(&key).and_then(|it| it["scores"].as_array());
    let now: Vec<&Value> = all.into_iter().flatten().filter(named).collect();
    if now.iter().any(|it| same(&it["score"], &score["score"])) {
        *report.confirmed.entry(upstream.source).or_default() += 1;
        score["seen"] = today.to_string().into();
        return;
    }
    match now.as_slice() {
        [] => report.gone.push((record.to_owned(), place)),
        [one] => {
            let now = one["score"].clone();
            let before = std::mem::replace(&mut score["score"], now.clone());
            if one["date"].is_string() {
                score["date"] = one["date"].clone();
            }
            score["seen"] = today.to_string().into();
            report.changed.push((record.to_owned(), place, before, now));
        }
        // Several runs, and none of them is the one that we have: a person must choose.
        _ => report.gone.push((record.to_owned(), place)),
    }
}

/// The upstream's record: the path before a comma, or the name between backticks.
fn key_of(fact: &Value) -> String {
    let at = word(&fact["at"]);
    let at = at.split(", ").next().unwrap_or_default();
    at.trim_matches('`').to_owned()
}

/// Numbers by value, lists without order.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            let set = |list: &[Value]| list.iter().map(Value::to_string).collect::<BTreeSet<_>>();
            set(one) == set(other)
        }
        _ => one == other,
    }
}

fn list<'a>(value: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    value.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten()
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Looking a field up by index puts a null where there is none.
fn strip_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, value| !value.is_null());
            fields.values_mut().for_each(strip_nulls);
        }
        Value::Array(values) => values.iter_mut().for_each(strip_nulls),
        _ => {}
    }
}
