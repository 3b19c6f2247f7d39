//! What a model is and can do against what is asked of it.

use std::{collections::BTreeSet, fmt::Debug};

use serde::Serialize;

use super::{Asked, Outcome, Reason};
use crate::{Languages, Model, Purpose, words};

impl Asked<'_, '_> {
    /// The reasons that do not come from a licence or a machine.
    pub(super) fn shape(&self, model: &Model) -> Vec<Reason> {
        let mut reasons = Vec::new();
        reasons.extend(self.size(model));
        reasons.extend(self.context(model));
        reasons.extend(self.purpose(model));
        reasons.extend(self.sets(model));
        reasons.extend(self.languages(model));
        reasons
    }

    /// Whether a name of the model has the text that was asked for.
    pub(super) fn considers(&self, model: &Model) -> bool {
        let names = [&model.id.0, &model.name, &model.family, &model.publisher];
        self.constraints.text.as_ref().is_none_or(|text| {
            let text = text.to_lowercase();
            names.into_iter().chain(&model.also).any(|it| it.to_lowercase().contains(&text))
        })
    }

    fn size(&self, model: &Model) -> Option<Reason> {
        let (min, max) = (self.constraints.min_parameters, self.constraints.max_parameters);
        if min.is_none() && max.is_none() {
            return None;
        }
        let value = model.parameters.as_ref().map(|fact| &fact.is);
        Some(self.by_fact("parameters", model, "parameters", value, |count| {
            let has = words::parameters(*count);
            match (min.filter(|min| count < min), max.filter(|max| count > max)) {
                (Some(min), _) => {
                    (Outcome::Excluded, format!("{has}, fewer than {}", words::parameters(min)))
                }
                (_, Some(max)) => {
                    (Outcome::Excluded, format!("{has}, more than {}", words::parameters(max)))
                }
                (None, None) => (Outcome::Match, format!("{has} parameters")),
            }
        }))
    }

    fn context(&self, model: &Model) -> Option<Reason> {
        let wanted = self.constraints.context?;
        let value = model.context.as_ref().map(|fact| &fact.is);
        Some(self.by_fact("context", model, "context", value, |tokens| {
            let has = words::thousands(*tokens);
            match *tokens >= wanted {
                true => (Outcome::Match, format!("{has} tokens of context")),
                false => (
                    Outcome::Excluded,
                    format!("{has} tokens of context, fewer than {}", words::thousands(wanted)),
                ),
            }
        }))
    }

    fn purpose(&self, model: &Model) -> Vec<Reason> {
        let of_task = self.task.map(|task| (format!("for {}", task.id), &task.needs.purposes));
        let asked = Some(("asked for".to_owned(), &self.constraints.purposes));
        let wanted = of_task.into_iter().chain(asked).filter(|(_, wanted)| !wanted.is_empty());
        let reason = |(why, wanted): (String, &BTreeSet<Purpose>)| {
            let constraint = if why == "asked for" { "purpose" } else { "task" };
            let value = model.purposes.as_ref().map(|fact| &fact.is);
            self.by_fact(constraint, model, "purposes", value, |has| {
                match has.intersection(wanted).next() {
                    Some(one) => (Outcome::Match, format!("made for {}", name(one))),
                    None => (
                        Outcome::Excluded,
                        format!("made for {}, not for {} ({why})", names(has), names(wanted)),
                    ),
                }
            })
        };
        wanted.map(reason).collect()
    }

    fn sets(&self, model: &Model) -> Vec<Reason> {
        let mut capabilities = self.constraints.capabilities.clone();
        let mut input = self.constraints.input.clone();
        if let Some(task) = self.task {
            capabilities.extend(&task.needs.capabilities);
            input.extend(&task.needs.input);
        }
        let output = &self.constraints.output;
        let has = (
            model.capabilities.as_ref().map(|fact| &fact.is),
            model.input.as_ref().map(|fact| &fact.is),
            model.output.as_ref().map(|fact| &fact.is),
        );
        [
            self.all_of("capabilities", model, &capabilities, has.0),
            self.all_of("input", model, &input, has.1),
            self.all_of("output", model, output, has.2),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn all_of<T: Ord + Serialize + Debug>(
        &self,
        place: &'static str,
        model: &Model,
        wanted: &BTreeSet<T>,
        has: Option<&BTreeSet<T>>,
    ) -> Option<Reason> {
        if wanted.is_empty() {
            return None;
        }
        Some(self.by_fact(place, model, place, has, |has| {
            let missing: BTreeSet<&T> = wanted.difference(has).collect();
            match missing.is_empty() {
                true => (Outcome::Match, format!("{place}: {}", names(wanted))),
                false => {
                    (Outcome::Excluded, format!("{place}: {}, not {}", names(has), names(&missing)))
                }
            }
        }))
    }

    fn languages(&self, model: &Model) -> Option<Reason> {
        let wanted = &self.constraints.languages;
        if wanted.is_empty() {
            return None;
        }
        let value = model.languages.as_ref().map(|fact| &fact.is);
        Some(self.by_fact("languages", model, "languages", value, |has: &Languages| {
            let missing: Vec<&str> = wanted.difference(&has.named).map(String::as_str).collect();
            let named = has.named.len();
            let unnamed = has.count.is_some_and(|count| count as usize > named);
            match (missing.is_empty(), unnamed) {
                (true, _) => (Outcome::Match, "all languages are named".to_owned()),
                (false, true) => (
                    Outcome::NotConfirmed,
                    format!(
                        "{} is not among the {named} languages named, of {} counted",
                        missing.join(", "),
                        has.count.unwrap_or_default(),
                    ),
                ),
                (false, false) => (
                    Outcome::Excluded,
                    format!("{} is not among its {named} languages", missing.join(", ")),
                ),
            }
        }))
    }
}

/// An enumeration's value as the data write it.
fn name(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}

fn names<T: Serialize>(values: &BTreeSet<T>) -> String {
    match values.is_empty() {
        true => "none".to_owned(),
        false => values.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}
