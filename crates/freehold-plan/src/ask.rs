//! What a person asks of a plan: one table of questions, from which the flags, the keys of a file and
//! the fields of the form are made, so that they cannot differ.

use std::collections::BTreeMap;

use serde::Serialize;

/// Answers to some of the questions. What is not answered takes its default, which the plan shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    answers: BTreeMap<&'static str, String>,
}

/// One question.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Question {
    /// Its key in a file and in the form, and its flag.
    pub key: &'static str,
    /// What it asks, in a few words.
    pub label: &'static str,
    /// What it belongs to.
    pub group: Group,
    /// What an answer is.
    pub kind: Kind,
}

/// What questions belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Which model on which hardware.
    Model,
    /// How much is asked, how long, how fast.
    Load,
    /// What it is compared with.
    Hosted,
    /// How machines are had and what they cost.
    Machines,
    /// Who does it and what they cost.
    People,
}

/// What an answer is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A name of the catalogue.
    Name,
    /// A number between two, both included, in a unit.
    Number(f64, f64, &'static str),
    /// A whole number between two.
    Count(u32, u32),
    /// One of these.
    Choice(&'static [&'static str]),
}

/// Why an answer is none.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AskError {
    /// No question has this key.
    #[error("there is no `{key}` in a plan")]
    UnknownKey {
        /// The key.
        key: String,
        /// Keys that are close.
        close: Vec<&'static str>,
    },
    /// The answer is no number.
    #[error("`{value}` is no number for `{key}`")]
    NoNumber {
        /// The question.
        key: &'static str,
        /// The answer.
        value: String,
    },
    /// The answer is outside what it can be.
    #[error("`{key}` is {value}, and can be {low} to {high}")]
    OutOfRange {
        /// The question.
        key: &'static str,
        /// The answer.
        value: String,
        /// The lowest it can be.
        low: f64,
        /// The highest.
        high: f64,
    },
    /// The answer is none of the choices.
    #[error("`{key}` is `{value}`, and can be {}", choices.join(", "))]
    NoChoice {
        /// The question.
        key: &'static str,
        /// The answer.
        value: String,
        /// The choices.
        choices: &'static [&'static str],
    },
}

impl Ask {
    /// Answers a question. An empty answer is none, as a form sends it.
    ///
    /// # Errors
    /// [`AskError`] where there is no such question or this is no answer to it.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), AskError> {
        let Some(question) = question(key) else {
            let keys = QUESTIONS.iter().map(|question| question.key);
            return Err(AskError::UnknownKey { key: key.to_owned(), close: close(key, keys) });
        };
        let value = value.trim();
        if value.is_empty() {
            return Ok(());
        }
        question.check(value)?;
        self.answers.insert(question.key, value.to_owned());
        Ok(())
    }

    /// The answer to a question, as it was given.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.answers.get(key).map(String::as_str)
    }

    /// The answer as a number.
    pub fn number(&self, key: &str) -> Option<f64> {
        self.text(key).and_then(number)
    }

    /// The answer as a whole number.
    pub fn count(&self, key: &str) -> Option<u32> {
        self.text(key).and_then(|text| text.parse().ok())
    }

    /// All answers, in the order of the questions.
    pub fn answers(&self) -> impl Iterator<Item = (&'static str, &str)> {
        QUESTIONS.iter().filter_map(|one| Some((one.key, self.text(one.key)?)))
    }
}

impl Question {
    fn check(&self, value: &str) -> Result<(), AskError> {
        let key = self.key;
        let range = |low: f64, high: f64| {
            let found =
                number(value).ok_or_else(|| AskError::NoNumber { key, value: value.to_owned() })?;
            match (low..=high).contains(&found) {
                true => Ok(()),
                false => Err(AskError::OutOfRange { key, value: value.to_owned(), low, high }),
            }
        };
        match self.kind {
            Kind::Name => Ok(()),
            Kind::Number(low, high, _) => range(low, high),
            Kind::Count(low, high) => {
                if value.parse::<u32>().is_err() {
                    return Err(AskError::NoNumber { key, value: value.to_owned() });
                }
                range(f64::from(low), f64::from(high))
            }
            Kind::Choice(choices) if choices.contains(&value) => Ok(()),
            Kind::Choice(choices) => {
                Err(AskError::NoChoice { key, value: value.to_owned(), choices })
            }
        }
    }
}

impl Group {
    /// Its heading.
    pub fn name(self) -> &'static str {
        match self {
            Self::Model => "Model and hardware",
            Self::Load => "Load",
            Self::Hosted => "Compared with",
            Self::Machines => "Machines",
            Self::People => "People",
        }
    }
}

/// The question of a key, written with underscores or dashes.
pub fn question(key: &str) -> Option<&'static Question> {
    let key = key.replace('_', "-");
    QUESTIONS.iter().find(|question| question.key == key)
}

/// At most three of these names that are close to a text.
pub(crate) fn close<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let text = text.to_lowercase();
    let mut all: Vec<(f64, &str)> = names
        .map(|name| {
            let other = name.to_lowercase();
            let near = strsim::jaro_winkler(&text, &other);
            let inside = !text.is_empty() && other.contains(&text);
            (if inside { near.max(0.95) } else { near }, name)
        })
        .filter(|(near, _)| *near >= 0.75)
        .collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(other.1)));
    all.dedup_by_key(|(_, name)| *name);
    all.into_iter().take(3).map(|(_, name)| name).collect()
}

/// A number as people write it: `20000`, `20_000`, `20,000`, `2e4`; `20k`, `3M`, `1.5G` for thousands,
/// millions, thousands of millions; `30%`.
fn number(text: &str) -> Option<f64> {
    let text = text.replace(['_', ','], "");
    let (digits, times) = match text.char_indices().last()? {
        (at, 'k') => (&text[..at], 1e3),
        (at, 'M') => (&text[..at], 1e6),
        (at, 'G') => (&text[..at], 1e9),
        (at, '%') => (&text[..at], 0.01),
        _ => (text.as_str(), 1.0),
    };
    digits.parse::<f64>().ok().map(|number| number * times).filter(|number| number.is_finite())
}

const fn ask(key: &'static str, label: &'static str, group: Group, kind: Kind) -> Question {
    Question { key, label, group, kind }
}

const SHARE: Kind = Kind::Number(0.0, 1.0, "");
const MONEY: f64 = 1e9;

/// All questions, in the order in which they are asked.
pub const QUESTIONS: &[Question] = &[
    ask("model", "model", Group::Model, Kind::Name),
    ask("on", "hardware, as in h100 or h100x2", Group::Model, Kind::Name),
    ask("ram", "memory of the machine, for processors", Group::Model, Kind::Number(0.1, 1e5, "GB")),
    ask("quant", "form of the weights", Group::Model, Kind::Name),
    ask("spare", "spare replicas", Group::Model, Kind::Count(0, 100)),
    ask("fine-tune", "fine-tuning", Group::Model, Kind::Choice(&["lora", "qlora", "full"])),
    ask("rank", "rank of the adapter", Group::Model, Kind::Count(1, 4096)),
    ask("requests-a-day", "requests a day", Group::Load, Kind::Number(0.001, 1e12, "requests")),
    ask("tokens-a-month", "tokens a month", Group::Load, Kind::Number(1.0, 1e18, "tokens")),
    ask("input-p50", "prompt, median", Group::Load, Kind::Number(1.0, 1e7, "tokens")),
    ask("input-p95", "prompt, 95th percentile", Group::Load, Kind::Number(1.0, 1e7, "tokens")),
    ask("output-p50", "answer, median", Group::Load, Kind::Number(1.0, 1e7, "tokens")),
    ask("output-p95", "answer, 95th percentile", Group::Load, Kind::Number(1.0, 1e7, "tokens")),
    ask("prefix-hits", "part of prompts that was sent before", Group::Load, SHARE),
    ask(
        "peak",
        "requests of the busiest hour, times the mean",
        Group::Load,
        Kind::Number(1.0, 24.0, ""),
    ),
    ask("first-token", "seconds to the first token", Group::Load, Kind::Number(0.001, 3600.0, "s")),
    ask("between-tokens", "seconds between tokens", Group::Load, Kind::Number(0.0001, 60.0, "s")),
    ask(
        "scenario",
        "only this growth",
        Group::Load,
        Kind::Choice(&["10x-agents", "1000x-inference"]),
    ),
    ask("hosted", "hosted, as PROVIDER/MODEL", Group::Hosted, Kind::Name),
    ask("premium", "premium, as PROVIDER/MODEL", Group::Hosted, Kind::Name),
    ask("premium-share", "part of requests to the premium model", Group::Hosted, SHARE),
    ask(
        "machines",
        "how machines are had",
        Group::Machines,
        Kind::Choice(&["rented", "bought", "there"]),
    ),
    ask(
        "commitment",
        "commitment",
        Group::Machines,
        Kind::Choice(&["none", "year", "three-years"]),
    ),
    ask("hourly", "renting a device, an hour", Group::Machines, Kind::Number(0.0001, MONEY, "USD")),
    ask("price", "buying a device", Group::Machines, Kind::Number(0.01, MONEY, "USD")),
    ask("life", "machines are written off in", Group::Machines, Kind::Number(0.5, 30.0, "years")),
    ask(
        "electricity",
        "electricity, a kilowatt-hour",
        Group::Machines,
        Kind::Number(0.0001, 100.0, "USD"),
    ),
    ask("building", "power of the building (PUE)", Group::Machines, Kind::Number(1.0, 10.0, "")),
    ask("salary", "salary, a year", Group::People, Kind::Number(1.0, MONEY, "USD")),
    ask(
        "on-cost",
        "employer's cost for each unit of salary",
        Group::People,
        Kind::Number(1.0, 10.0, ""),
    ),
    ask("security", "security, posts", Group::People, Kind::Number(0.0, 1e4, "posts")),
    ask("mlops", "MLOps and audit, posts", Group::People, Kind::Number(0.0, 1e4, "posts")),
    ask("engineers", "engineers, posts", Group::People, Kind::Number(0.0, 1e4, "posts")),
    ask("tests", "security test, a year", Group::People, Kind::Number(0.0, MONEY, "USD")),
    ask("audit", "audit, a year", Group::People, Kind::Number(0.0, MONEY, "USD")),
];

#[cfg(test)]
mod tests;
