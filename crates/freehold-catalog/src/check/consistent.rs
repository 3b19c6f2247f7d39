//! Facts that cannot both hold, and names that lead nowhere.

use super::{Finding, Rule, Severity};
use crate::{Catalog, Date, Geometry, KvGroup, Model, words};

pub(super) fn findings(catalog: &Catalog, today: Date) -> Vec<Finding> {
    let mut findings = Vec::new();
    for model in catalog.models() {
        names_of_model(catalog, model, &mut findings);
        counts(model, &mut findings);
        if let Some(geometry) = &model.geometry {
            shape(model, &geometry.is, &mut findings);
        }
        let released = model.released.as_ref().map(|fact| fact.is);
        if let Some(released) = released.filter(|released| *released > today) {
            let words = format!("released on {released}, which is to come");
            findings.push(error(Rule::Future, &model.id.0, "released", words));
        }
    }
    prices(catalog, &mut findings);
    tasks(catalog, &mut findings);
    findings
}

fn error(rule: Rule, record: &str, place: &str, words: String) -> Finding {
    Finding::new(Severity::Error, rule, record, place, words)
}

fn names_of_model(catalog: &Catalog, model: &Model, findings: &mut Vec<Finding>) {
    let mut unknown = |place: &str, words: String| {
        findings.push(error(Rule::UnknownName, &model.id.0, place, words));
    };
    for (place, layer) in
        [("licence.weights", &model.licence.weights), ("licence.code", &model.licence.code)]
    {
        if let Some(fact) = layer.as_ref().filter(|fact| !catalog.knows_licence(&fact.is)) {
            unknown(place, format!("there is no licence `{}`", fact.is));
        }
    }
    for form in model.quantisations.iter().flat_map(|fact| &fact.is) {
        if catalog.quantisation(&form.format.0).is_none() {
            unknown("quantisations", format!("there is no form `{}`", form.format));
        }
    }
    for score in &model.scores {
        if !catalog.benchmarks().iter().any(|it| it.id == score.benchmark) {
            unknown("scores", format!("there is no benchmark `{}`", score.benchmark));
        }
    }
}

fn counts(model: &Model, findings: &mut Vec<Finding>) {
    let mut wrong = |place: &str, words: String| {
        findings.push(error(Rule::Inconsistent, &model.id.0, place, words));
    };
    if let (Some(active), Some(all)) = (&model.active_parameters, &model.parameters)
        && active.is > all.is
    {
        let (active, all) = (words::parameters(active.is), words::parameters(all.is));
        wrong("active_parameters", format!("{active} active of {all} parameters"));
    }
    for score in &model.scores {
        let percent = score.metric.contains("percent") || score.metric.starts_with("pass@");
        if !score.score.is_finite() || (percent && !(0.0..=100.0).contains(&score.score)) {
            wrong("scores", format!("{} {} on {}", score.score, score.metric, score.benchmark));
        }
    }
    if model.context.as_ref().is_some_and(|fact| fact.is == 0) {
        wrong("context", "no token of context".to_owned());
    }
}

fn shape(model: &Model, geometry: &Geometry, findings: &mut Vec<Finding>) {
    let mut wrong = |words: String| {
        findings.push(error(Rule::Inconsistent, &model.id.0, "geometry", words));
    };
    let layers = geometry.kv_layers();
    if layers != geometry.layers {
        wrong(format!("{} layers, and {layers} in its cache groups", geometry.layers));
    }
    if geometry.kv_heads > geometry.heads {
        wrong(format!("{} key-value heads for {} heads", geometry.kv_heads, geometry.heads));
    }
    if let Some(experts) = &geometry.experts
        && (experts.per_token > experts.count
            || experts.layers.is_some_and(|layers| layers > geometry.layers))
    {
        wrong("more experts are used than there are, or in more layers".to_owned());
    }
    if let (Some(parameters), Some(reckoned)) = (&model.parameters, reckoned(geometry)) {
        let ratio = parameters.is as f64 / reckoned;
        if !(AGREE.0..=AGREE.1).contains(&ratio) {
            wrong(format!(
                "{} parameters, and its shape makes about {}",
                words::parameters(parameters.is),
                words::parameters(reckoned as u64),
            ));
        }
    }
}

/// Parameters by the shape of an ordinary decoder: embeddings, attention, gated feed-forward. Nothing
/// where a part is of another kind, which this cannot reckon.
fn reckoned(geometry: &Geometry) -> Option<f64> {
    let hidden = f64::from(geometry.hidden);
    let embeddings = f64::from(geometry.vocab?) * hidden * if geometry.tied? { 1.0 } else { 2.0 };
    let layers = f64::from(geometry.layers);
    let queries = f64::from(geometry.heads) * f64::from(geometry.head_dim);
    let mut attention = layers * 2.0 * hidden * queries;
    for group in &geometry.kv {
        match group {
            KvGroup::Grouped { layers, .. } => {
                attention += f64::from(*layers) * hidden * group.values_per_token() as f64;
            }
            KvGroup::None { .. } => {}
            KvGroup::Latent { .. } | KvGroup::State { .. } => return None,
        }
    }
    let (sparse, of_experts) = match &geometry.experts {
        None => (0.0, 0.0),
        Some(experts) => {
            let all = f64::from(experts.count) + f64::from(experts.shared);
            let sparse = experts.layers.map_or(layers, f64::from).min(layers);
            (sparse, sparse * all * 3.0 * hidden * f64::from(experts.intermediate?))
        }
    };
    let dense = layers - sparse;
    let of_dense = match dense > 0.0 {
        true => dense * 3.0 * hidden * f64::from(geometry.intermediate?),
        false => 0.0,
    };
    Some(embeddings + attention + of_experts + of_dense)
}

fn prices(catalog: &Catalog, findings: &mut Vec<Finding>) {
    for price in catalog.hosted() {
        if let Some(id) = price.open_model.as_ref().filter(|id| catalog.model(&id.0).is_none()) {
            let words = format!("there is no model `{id}`");
            findings.push(error(Rule::UnknownName, &price.name(), "open_model", words));
        }
        let amounts = [&price.input, &price.cached_input, &price.cache_write, &price.output];
        let bad = |it: f64| !it.is_finite() || it < 0.0;
        if amounts.into_iter().flatten().any(|fact| bad(fact.is)) {
            let words = "a price below zero".to_owned();
            findings.push(error(Rule::Inconsistent, &price.name(), "price", words));
        }
        if let (Some(since), Some(until)) = (price.since, price.until)
            && since > until
        {
            let words = format!("since {since} until {until}");
            findings.push(error(Rule::Inconsistent, &price.name(), "since", words));
        }
    }
    let rented = catalog.rental().iter().map(|price| (price.name(), &price.hardware));
    let bought = catalog.purchase().iter().map(|price| (price.name(), &price.hardware));
    for (name, hardware) in rented.chain(bought) {
        if !catalog.hardware().iter().any(|it| it.id == *hardware) {
            let words = format!("there is no hardware `{hardware}`");
            findings.push(error(Rule::UnknownName, &name, "hardware", words));
        }
    }
}

fn tasks(catalog: &Catalog, findings: &mut Vec<Finding>) {
    for task in catalog.tasks() {
        let evidence = task.evidence.iter().map(|it| &it.benchmark);
        for name in task.benchmarks.iter().chain(evidence) {
            if !catalog.benchmarks().iter().any(|it| it.id == *name) {
                let words = format!("there is no benchmark `{name}`");
                findings.push(error(Rule::UnknownName, &task.id.0, "benchmarks", words));
            }
        }
    }
}

/// Stated over reckoned parameters that may agree: a feed-forward without a gate makes a model about a
/// fifth smaller than reckoned, a vision tower makes it larger.
const AGREE: (f64, f64) = (0.7, 1.45);
