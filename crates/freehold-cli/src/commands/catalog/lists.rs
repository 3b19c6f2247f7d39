//! `freehold catalog hardware`, `prices`, `tasks` and `licences`.

use freehold_catalog::{
    Effect, Fact, Facts, Hardware, HostedPrice, Licence, PurchasePrice, RentalPrice, Task, words,
};
use serde_json::{Value, json};

use super::{
    Asked, CatalogFailure,
    sheet::{NOT_CONFIRMED, Used, heading},
    table,
};
use crate::{
    failure::{Answer, Failure},
    render,
};

/// Shows all hardware, or one piece.
pub(super) fn hardware(asked: &Asked<'_>, name: Option<&str>) -> Result<Answer, Failure> {
    let all = asked.catalog.hardware();
    let wanted: Vec<&Hardware> = match name {
        None => all.iter().collect(),
        Some(name) => vec![asked.catalog.hardware_named(name).ok_or_else(|| {
            let close = asked.catalog.close_hardware(name);
            CatalogFailure::NoHardware {
                name: name.to_owned(),
                close: close.into_iter().map(str::to_owned).collect(),
            }
        })?],
    };
    if asked.json {
        let object = |it: &&Hardware| {
            json!({
                "id": it.id, "also": it.also, "name": it.name, "vendor": it.vendor,
                "kind": it.kind, "facts": asked.entries(&it.id.0, *it),
            })
        };
        render::json_pretty(&wanted.iter().map(object).collect::<Vec<_>>());
    } else if let (Some(_), [one]) = (name, wanted.as_slice()) {
        render::line(format_args!("{}  {}", render::styled(render::STRONG, &one.name), one.id));
        render::line(format_args!("{}, {}", one.vendor, one.kind));
        render::line("");
        asked.facts(&one.id.0, *one);
    } else {
        let widths = [28, 8, 10, 12, 8];
        let head = ["hardware", "memory", "bandwidth", "at 16 bits", "power"];
        table::row(0, &widths, &head.map(str::to_owned));
        for it in wanted {
            let rate = |fact: &Option<Fact<f64>>, place: &str| {
                let value = |fact: &Fact<f64>| words::value(place, &json!(fact.is));
                fact.as_ref().map_or_else(|| "?".to_owned(), value)
            };
            let memory =
                it.memory.as_ref().map_or_else(|| "?".to_owned(), |it| words::bytes(it.is));
            let row = [
                it.id.0.clone(),
                memory,
                rate(&it.bandwidth, "bandwidth"),
                rate(&it.compute.bf16, "compute.bf16"),
                rate(&it.power, "power"),
            ];
            table::row(0, &widths, &row);
        }
        foot("? is not confirmed; `freehold catalog hardware NAME` has sources and the rest");
    }
    Ok(Answer::Clean)
}

/// Shows prices.
pub(super) fn prices(asked: &Asked<'_>, text: Option<&str>) -> Result<Answer, Failure> {
    let text = text.map(str::to_lowercase);
    let wanted = |name: String| text.as_ref().is_none_or(|it| name.to_lowercase().contains(it));
    let catalog = asked.catalog;
    let hosted: Vec<&HostedPrice> =
        catalog.hosted().iter().filter(|it| wanted(it.name())).collect();
    let rental: Vec<&RentalPrice> =
        catalog.rental().iter().filter(|it| wanted(it.name())).collect();
    let purchase: Vec<&PurchasePrice> =
        catalog.purchase().iter().filter(|it| wanted(it.name())).collect();
    if asked.json {
        render::json_pretty(&json!({
            "hosted": hosted.iter().map(|it| asked.hosted_object(it)).collect::<Vec<_>>(),
            "rental": rental.iter().map(|it| asked.rental_object(it)).collect::<Vec<_>>(),
            "purchase": purchase.iter().map(|it| asked.purchase_object(it)).collect::<Vec<_>>(),
        }));
        return Ok(Answer::Clean);
    }
    if !hosted.is_empty() {
        hosted_rows(asked, &hosted);
    }
    if !rental.is_empty() {
        heading("Rented, an hour");
        for it in rental {
            let row = [
                it.name(),
                it.commitment.to_string(),
                words::money(it.per_hour.is, &it.currency),
                format!("{} {}", it.per_hour.source, it.per_hour.seen),
            ];
            table::row(2, &[32, 11, 12, 17], &row);
        }
    }
    if !purchase.is_empty() {
        heading("Bought");
        for it in purchase {
            let row = [
                it.name(),
                words::money(it.amount.is, &it.currency),
                format!("{} {}", it.amount.source, it.amount.seen),
            ];
            table::row(2, &[40, 14, 20], &row);
        }
    }
    Ok(Answer::Clean)
}

/// Shows task classes, or one of them.
pub(super) fn tasks(asked: &Asked<'_>, name: Option<&str>) -> Result<Answer, Failure> {
    let wanted: Vec<&Task> = match name {
        None => asked.catalog.tasks().iter().collect(),
        Some(name) => {
            vec![asked.catalog.task(name).ok_or_else(|| no_such("task class", "tasks", name))?]
        }
    };
    if asked.json {
        let object = |it: &&Task| {
            json!({
                "id": it.id, "name": it.name, "about": it.about, "needs": it.needs,
                "known": it.known, "benchmarks": it.benchmarks,
                "facts": asked.entries(&it.id.0, *it),
            })
        };
        render::json_pretty(&wanted.iter().map(object).collect::<Vec<_>>());
        return Ok(Answer::Clean);
    }
    for (at, task) in wanted.iter().enumerate() {
        if at > 0 {
            render::line("");
        }
        render::line(format_args!("{}  {}", render::styled(render::STRONG, &task.name), task.id));
        table::below(2, anstyle::Style::new(), &task.about);
        if name.is_some() {
            render::line("");
            asked.facts(&task.id.0, *task);
            continue;
        }
        let standing = task.production_default.as_ref();
        let standing = standing.map_or_else(|| NOT_CONFIRMED.to_owned(), |it| it.is.to_string());
        table::below(2, render::DEED, &format!("{standing} ({})", task.known));
        for fact in &task.frontier_leads {
            table::below(2, anstyle::Style::new(), &format!("frontier leads: {}", fact.is));
        }
    }
    if name.is_none() {
        foot("`freehold catalog tasks NAME` has the scores that show it, and sources");
    }
    Ok(Answer::Clean)
}

/// Shows licences, or one of them.
pub(super) fn licences(asked: &Asked<'_>, name: Option<&str>) -> Result<Answer, Failure> {
    let same = |it: &&Licence, name: &str| {
        it.id.0.eq_ignore_ascii_case(name) || it.name.eq_ignore_ascii_case(name)
    };
    let wanted: Vec<&Licence> = match name {
        None => asked.catalog.licences().collect(),
        Some(name) => {
            let one = asked.catalog.licences().find(|it| same(it, name));
            vec![one.ok_or_else(|| no_such("licence", "licences", name))?]
        }
    };
    if asked.json {
        let object = |it: &&Licence| {
            json!({
                "id": it.id, "name": it.name, "spdx": it.spdx, "url": it.url,
                "category": asked.catalog.category_of(it), "read": it.read.is_some(),
                "watch": it.watch, "facts": asked.entries(&it.id.0, *it),
            })
        };
        render::json_pretty(&wanted.iter().map(object).collect::<Vec<_>>());
    } else if let (Some(_), [one]) = (name, wanted.as_slice()) {
        render::line(format_args!("{}  {}", render::styled(render::STRONG, &one.name), one.id));
        render::line(one.url.as_deref().unwrap_or("where its text is, is not confirmed"));
        render::line("");
        asked.facts(&one.id.0, *one);
    } else {
        for it in wanted {
            let category = asked.catalog.category_of(it).map(|it| it.to_string());
            let effects: Vec<String> = it.watch.iter().map(|term| effect(&term.effect)).collect();
            let mut watch = effects.join(", ");
            if it.read.is_none() {
                watch =
                    format!("{watch}{}not read in whole", if watch.is_empty() { "" } else { "; " });
            }
            let category = category.unwrap_or_else(|| NOT_CONFIRMED.to_owned());
            table::row(0, &[24, 18, 34], &[it.id.0.clone(), category, watch]);
        }
        foot("`freehold catalog licences NAME` has the clauses and sources");
    }
    Ok(Answer::Clean)
}

impl Asked<'_> {
    fn entries(&self, record: &str, facts: &dyn Facts) -> Value {
        json!(self.catalog.entries(record, facts, self.today))
    }

    fn facts(&self, record: &str, facts: &dyn Facts) {
        let mut used = Used::default();
        for entry in &self.catalog.entries(record, facts, self.today) {
            used.entry(entry);
        }
        used.sources();
    }

    fn hosted_object(&self, it: &HostedPrice) -> Value {
        json!({
            "provider": it.provider, "model": it.model, "open_model": it.open_model,
            "currency": it.currency, "since": it.since, "until": it.until,
            "conditions": it.conditions, "holds": it.holds(self.today),
            "facts": self.entries(&it.name(), it),
        })
    }

    fn rental_object(&self, it: &RentalPrice) -> Value {
        json!({
            "hardware": it.hardware, "count": it.count, "provider": it.provider,
            "offer": it.offer, "commitment": it.commitment, "region": it.region,
            "currency": it.currency, "facts": self.entries(&it.name(), it),
        })
    }

    fn purchase_object(&self, it: &PurchasePrice) -> Value {
        json!({
            "hardware": it.hardware, "count": it.count, "what": it.what,
            "currency": it.currency, "facts": self.entries(&it.name(), it),
        })
    }
}

fn hosted_rows(asked: &Asked<'_>, hosted: &[&HostedPrice]) {
    render::line(render::styled(
        render::STRONG,
        "Hosted, per million tokens: input, cached, output",
    ));
    for it in hosted {
        let amount = |fact: &Option<Fact<f64>>| {
            fact.as_ref()
                .map_or_else(|| "?".to_owned(), |fact| words::money(fact.is, "").trim().to_owned())
        };
        let span = match (it.since, it.until) {
            (_, Some(until)) if until < asked.today => format!(" (until {until})"),
            (Some(since), _) if since > asked.today => format!(" (from {since})"),
            _ => String::new(),
        };
        let other = if it.currency == "USD" { String::new() } else { format!(" {}", it.currency) };
        let row = [
            format!("{}{span}{other}", it.name()),
            amount(&it.input),
            amount(&it.cached_input),
            amount(&it.output),
        ];
        table::row(2, &[48, 7, 7, 8], &row);
    }
    foot("in US dollars where no other currency stands; ? is not confirmed; `--json` has sources");
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Attribution => "attribution".to_owned(),
        Effect::Naming { prefix } => format!("name begins with {prefix}"),
        Effect::Notice => "notice".to_owned(),
        Effect::UsersOver { monthly_users, .. } => {
            format!("over {} monthly users", words::parameters(*monthly_users))
        }
        Effect::RevenueOver { usd, .. } => format!("over USD {}", words::parameters(*usd)),
        Effect::RegionsExcluded { regions, .. } => format!("not in {}", regions.join(", ")),
        Effect::NonCommercial => "non-commercial".to_owned(),
        Effect::NoCompetingTraining => "no competing training".to_owned(),
        Effect::UseRestrictionsFlowDown => "use limits flow down".to_owned(),
        Effect::UseRestrictions => "use limits".to_owned(),
        Effect::ShareAlike => "share alike".to_owned(),
        Effect::RemoteRestriction => "remote restriction".to_owned(),
        Effect::Termination { .. } => "termination".to_owned(),
    }
}

fn no_such(kind: &'static str, verb: &'static str, name: &str) -> CatalogFailure {
    CatalogFailure::NoSuch { kind, verb, name: name.to_owned() }
}

fn foot(text: &str) {
    render::line("");
    table::below(0, render::SOFT, &crate::invoked::with_program(text));
}
