//! The newer copies, each read into the same form: what it says of which record and fact.

use std::{
    collections::{BTreeMap, BTreeSet},
    error::Error,
    fs,
    path::Path,
};

use serde_json::{Value, json};

/// What one collection says now.
pub struct Upstream {
    /// The source's name in the catalogue.
    pub source: &'static str,
    /// Its records by key: a path of models.dev, a name of GPUStack, `provider model` of prices.
    pub records: BTreeMap<String, Value>,
    /// Repositories of models with open weights, where it names them.
    pub repositories: BTreeSet<String>,
}

/// Reads whichever copies are in the folder.
pub fn read(from: &Path) -> Result<Vec<Upstream>, Box<dyn Error>> {
    let mut all = Vec::new();
    let models_dev = from.join("models.dev/models");
    if models_dev.is_dir() {
        all.push(models_dev_of(&models_dev)?);
    }
    let gpustack = from.join("gpustack/gpustack/assets/model-catalog.yaml");
    if gpustack.is_file() {
        all.push(gpustack_of(&fs::read_to_string(gpustack)?)?);
    }
    let prices = from.join("genai-prices/prices/data_slim.json");
    if prices.is_file() {
        all.push(prices_of(&serde_json::from_str(&fs::read_to_string(prices)?)?));
    }
    Ok(all)
}

/// models.dev: one TOML file a model.
fn models_dev_of(folder: &Path) -> Result<Upstream, Box<dyn Error>> {
    let mut records = BTreeMap::new();
    let mut repositories = BTreeSet::new();
    for publisher in fs::read_dir(folder)? {
        let publisher = publisher?.path();
        if !publisher.is_dir() {
            continue;
        }
        for file in fs::read_dir(&publisher)? {
            let file = file?.path();
            if file.extension().is_none_or(|it| it != "toml") {
                continue;
            }
            let text = fs::read_to_string(&file)?;
            let record: Value =
                toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))?;
            let of_hub = |it: &Value| {
                it["url"].as_str()?.strip_prefix("https://huggingface.co/").map(str::to_owned)
            };
            let weights = record["weights"].as_array().cloned().unwrap_or_default();
            repositories.extend(weights.iter().filter_map(of_hub));
            let name = |path: &Path| path.file_name().map(|it| it.to_string_lossy().into_owned());
            let key = [name(&publisher), name(&file)].map(Option::unwrap_or_default).join("/");
            records.insert(format!("models/{key}"), models_dev_record(&record));
        }
    }
    Ok(Upstream { source: "models-dev", records, repositories })
}

fn models_dev_record(record: &Value) -> Value {
    let set = |list: &Value| {
        let mut names: Vec<&str> = list
            .as_array()
            .map(|list| list.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        names.sort_unstable();
        json!(names)
    };
    // A date in TOML comes as an object of its own where it is not quoted.
    let text = |value: &Value| match value {
        Value::Object(date) => date.values().next().cloned().unwrap_or(Value::Null),
        other => other.clone(),
    };
    let scores = record["benchmarks"].as_array().map(Vec::as_slice).unwrap_or_default();
    json!({
        "context": record["limit"]["context"],
        "released": text(&record["release_date"]),
        "input": set(&record["modalities"]["input"]),
        "output": set(&record["modalities"]["output"]),
        "scores": scores.iter().map(|it| json!({"name": it["name"], "score": it["score"], "date": text(&it["date"])})).collect::<Vec<_>>(),
    })
}

/// GPUStack's catalogue: of its YAML only the shape that it has, a list of flat maps whose lists are
/// of words. Whatever is deeper is left out.
pub fn gpustack_of(text: &str) -> Result<Upstream, Box<dyn Error>> {
    let (_, models) = text.split_once("\nmodel_sets:").ok_or("gpustack: no `model_sets`")?;
    let mut records = BTreeMap::new();
    let mut repositories = BTreeSet::new();
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut field = String::new();
    let mut done = |fields: &mut BTreeMap<String, Vec<String>>| {
        if let Some(name) = fields.get("name").and_then(|it| it.first()).cloned() {
            records.insert(name, gpustack_record(fields));
        }
        fields.clear();
    };
    for line in models.lines() {
        let line = line.split(" #").next().unwrap_or_default().trim_end();
        let indent = line.len() - line.trim_start().len();
        let word = |text: &str| text.trim().trim_matches(['"', '\'']).to_owned();
        if let Some(id) = line.trim_start().strip_prefix("huggingface_repo_id:") {
            repositories.insert(word(id));
        }
        let entry = match (indent, line.strip_prefix("- ")) {
            (0, Some(first)) => {
                done(&mut fields);
                Some(first)
            }
            (2, _) => Some(line.trim_start()),
            _ => None,
        };
        match entry.and_then(|entry| entry.split_once(':')) {
            Some((name, value)) => {
                field = name.to_owned();
                let value = word(value);
                let values = if value.is_empty() { Vec::new() } else { vec![value] };
                fields.insert(field.clone(), values);
            }
            None if indent == 4 && field != "specs" => {
                if let Some(item) = line.trim_start().strip_prefix("- ") {
                    fields.entry(field.clone()).or_default().push(word(item));
                }
            }
            None => {}
        }
    }
    done(&mut fields);
    Ok(Upstream { source: "gpustack-catalog", records, repositories })
}

fn gpustack_record(fields: &BTreeMap<String, Vec<String>>) -> Value {
    let first = |name: &str| fields.get(name).and_then(|it| it.first());
    let unit = match first("size_unit").map(String::as_str) {
        Some("M") => 1e6,
        Some("T") => 1e12,
        _ => 1e9,
    };
    let size = |name: &str| {
        let number = first(name).and_then(|it| it.parse::<f64>().ok());
        number.map_or(Value::Null, |it| json!((it * unit).round() as u64))
    };
    let context = fields.get("capabilities").into_iter().flatten().find_map(|it| {
        let text = it.strip_prefix("context/")?;
        let (number, factor) = match (text.strip_suffix('K'), text.strip_suffix('M')) {
            (Some(number), _) => (number, 1_024),
            (None, Some(number)) => (number, 1_048_576),
            (None, None) => (text, 1),
        };
        Some(number.parse::<u64>().ok()? * factor)
    });
    json!({
        "released": first("release_date"),
        "parameters": size("size"),
        "active_parameters": size("activated_size"),
        "context": context,
    })
}

/// genai-prices: amounts, some by length, some by date.
pub fn prices_of(file: &Value) -> Upstream {
    let mut records = BTreeMap::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let providers = match file {
        Value::Array(all) => all.clone(),
        other => list(&other["providers"]),
    };
    for provider in &providers {
        for model in list(&provider["models"]) {
            let key = format!("{} {}", word(&provider["id"]), word(&model["id"]));
            let spans = match &model["prices"] {
                Value::Array(spans) => spans.clone(),
                prices => vec![json!({"prices": prices})],
            };
            let hours = spans.iter().find_map(|span| hours(&span["constraint"]));
            for span in spans {
                // A span that depends on anything but a day or an hour is not comparable.
                let constraint = &span["constraint"];
                let since = match (&hours, constraint) {
                    (None, Value::Null) => String::new(),
                    // What holds at the other hours.
                    (Some((start, end)), Value::Null) => format!(" (from {end} to {start} UTC)"),
                    (Some((start, end)), _) if constraint["start_time"].is_string() => {
                        format!(" (from {start} to {end} UTC)")
                    }
                    _ if constraint["start_date"].is_string() => {
                        format!(" since {}", word(&constraint["start_date"]))
                    }
                    _ => continue,
                };
                let calls = &span["prices"]["requests_kcount"];
                let calls = match calls.is_number() {
                    true => format!(" (and {calls} USD for each 1,000 requests)"),
                    false => String::new(),
                };
                let mut record = price_record(&span["prices"]);
                record["context"] = model["context_window"].clone();
                records.insert(format!("{key}{since}{calls}"), record);
            }
        }
    }
    Upstream { source: "genai-prices", records, repositories: BTreeSet::new() }
}

/// The hours of a day, as `00:30` and `16:30`.
fn hours(constraint: &Value) -> Option<(String, String)> {
    let hour = |name: &str| Some(constraint[name].as_str()?.get(..5)?.to_owned());
    Some((hour("start_time")?, hour("end_time")?))
}

fn price_record(prices: &Value) -> Value {
    let names = [
        ("input", "input_mtok"),
        ("cached_input", "cache_read_mtok"),
        ("cache_write", "cache_write_mtok"),
        ("output", "output_mtok"),
    ];
    let mut record = json!({});
    for (place, name) in names {
        let price = &prices[name];
        record[place] = if price.is_object() { price["base"].clone() } else { price.clone() };
        for tier in price["tiers"].as_array().into_iter().flatten() {
            record[format!("above {} {place}", tier["start"])] = tier["price"].clone();
        }
    }
    record
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
