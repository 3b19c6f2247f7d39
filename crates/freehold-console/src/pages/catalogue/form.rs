//! What is asked of the catalogue, as the address of a page says it.

use freehold_catalog::{
    Adopter, Candidate, Catalog, Constraints, Date, HardwareId, KvPrecision, LicenceCategory,
    Machine, MachineMemory, QuantisationId, SearchError, Selection,
    words::{ParseBytesError, ParseCountError, parse_bytes, parse_count},
};
use maud::{Markup, html};
use serde::{Deserialize, de::DeserializeOwned};

use crate::kit::{self, Field};

/// The fields of the form, as they were entered; what is empty is not asked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    text: String,
    licence: String,
    task: String,
    min: String,
    max: String,
    context: String,
    language: String,
    input: String,
    capability: String,
    hardware: String,
    count: String,
    memory: String,
    form: String,
    tokens: String,
    region: String,
    users: String,
    revenue: String,
    commercial: String,
    training: String,
    primary: String,
    second: String,
    all: String,
}

/// Why nothing can be searched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Problem {
    /// A field holds no count.
    #[error("`{text}` in “{field}”: {source}")]
    Count {
        /// The field's label.
        field: &'static str,
        /// What was entered.
        text: String,
        /// What it may be.
        source: ParseCountError,
    },
    /// The memory is none.
    #[error("`{text}` in “Memory”: {source}")]
    Bytes {
        /// What was entered.
        text: String,
        /// What it may be.
        source: ParseBytesError,
    },
    /// A choice that is not offered.
    #[error("`{text}` is no choice of “{field}”")]
    Choice {
        /// The field's label.
        field: &'static str,
        /// What was entered.
        text: String,
    },
    /// A field that says more of a machine which is not named.
    #[error("“{field}” asks for {wanted}")]
    Alone {
        /// The field's label.
        field: &'static str,
        /// What is to be named with it.
        wanted: &'static str,
    },
    /// The catalogue says why.
    #[error(transparent)]
    Search(#[from] SearchError),
}

impl Asked {
    /// Searches.
    ///
    /// # Errors
    /// [`Problem`] with the field that cannot be understood.
    pub(super) fn search<'a>(
        &self,
        catalog: &'a Catalog,
        today: Date,
    ) -> Result<Selection<'a>, Problem> {
        Ok(catalog.search(&self.constraints()?, today)?)
    }

    /// The same question, with licences that are stated second-hand taken as stated.
    pub(super) fn second_hand(&self) -> Self {
        Self { second: "yes".into(), ..self.clone() }
    }

    /// Whether all of each group is wanted.
    pub(super) fn shows_all(&self) -> bool {
        !self.all.is_empty()
    }

    /// As many as are shown at once, and a link to the rest.
    pub(super) fn cut<'c, 'a>(&self, models: &'c [Candidate<'a>]) -> (&'c [Candidate<'a>], Markup) {
        let shown = if self.shows_all() { models.len() } else { models.len().min(AT_ONCE) };
        let more = html! {
            @if shown < models.len() {
                p {
                    (models.len() - shown) " more: "
                    a href=(Self { all: "1".into(), ..self.clone() }.address("/catalogue")) { "show all" }
                }
            }
        };
        (models.get(..shown).unwrap_or_default(), more)
    }

    /// An address that asks the same.
    pub(super) fn address(&self, path: &str) -> String {
        let mut address = path.to_owned();
        for (at, (name, value)) in self.entered().into_iter().enumerate() {
            address.push(if at == 0 { '?' } else { '&' });
            address.push_str(name);
            address.push('=');
            address.push_str(&encoded(value));
        }
        address
    }

    /// The words after the program's name that ask the same in a terminal.
    pub(super) fn command(&self) -> String {
        let mut words = "catalog search".to_owned();
        for (name, value) in self.entered() {
            let Some(flag) = FLAGS.iter().find(|(field, _)| *field == name) else { continue };
            words.push(' ');
            words.push_str(flag.1);
            if !SWITCHES.contains(&name) {
                let gap = if flag.1.is_empty() { "" } else { " " };
                words.push_str(gap);
                words.push_str(&quoted(value));
            }
        }
        words
    }

    /// The form, filled in.
    pub(super) fn form(&self, catalog: &Catalog) -> Markup {
        let tasks: Vec<(&str, &str)> =
            catalog.tasks().iter().map(|it| (it.id.0.as_str(), it.name.as_str())).collect();
        let hardware: Vec<(&str, &str)> =
            catalog.hardware().iter().map(|it| (it.id.0.as_str(), it.name.as_str())).collect();
        let forms: Vec<(&str, &str)> =
            catalog.quantisations().iter().map(|it| (it.id.0.as_str(), it.name.as_str())).collect();
        let tasks = with_any("any", &tasks);
        let hardware = with_any("not asked", &hardware);
        let forms = with_any("most bits that fit", &forms);
        let text = |name, label, value| Field::Text { name, label, value };
        let number = |name, label, value| Field::Number { name, label, value };
        let fields = [
            text("text", "Name", &self.text),
            choice("licence", "Weights licence", &self.licence, LICENCES),
            Field::Choice { name: "task", label: "Task", value: &self.task, options: &tasks },
            Field::Choice {
                name: "hardware",
                label: "Hardware at hand",
                value: &self.hardware,
                options: &hardware,
            },
            text("memory", "or memory, as 24GB", &self.memory),
        ];
        let more = [
            text("min", "At least, as 8B", &self.min),
            text("max", "At most, as 70B", &self.max),
            text("context", "Context tokens, as 32k", &self.context),
            text("language", "Languages, as de,fr", &self.language),
            choice("input", "Takes besides text", &self.input, INPUTS),
            choice("capability", "Can", &self.capability, CAPABILITIES),
            number("count", "How many of the hardware", &self.count),
            Field::Choice {
                name: "form",
                label: "Form of weights",
                value: &self.form,
                options: &forms,
            },
            text("tokens", "Tokens held, as 8k", &self.tokens),
            text("region", "Your country, as DE", &self.region),
            text("users", "Your monthly users", &self.users),
            text("revenue", "Your revenue, USD a year", &self.revenue),
            choice("commercial", "Use", &self.commercial, USES),
            choice("training", "Outputs train models", &self.training, TRAINING),
            choice("primary", "Facts", &self.primary, SOURCES),
            choice("second", "Licences stated second-hand", &self.second, SECOND_HAND),
        ];
        kit::filter_folded("/catalogue", &fields, "More to ask", &more)
    }

    fn constraints(&self) -> Result<Constraints, Problem> {
        let languages = self.language.split(',').map(|it| it.trim().to_lowercase());
        Ok(Constraints {
            text: Some(self.text.trim().to_owned()).filter(|it| !it.is_empty()),
            categories: one("Weights licence", &self.licence)?
                .into_iter()
                .collect::<std::collections::BTreeSet<LicenceCategory>>(),
            min_parameters: count("At least", &self.min)?,
            max_parameters: count("At most", &self.max)?,
            context: count("Context", &self.context)?,
            task: Some(self.task.clone()).filter(|it| !it.is_empty()),
            languages: languages.filter(|it| !it.is_empty()).collect(),
            input: one("Takes besides text", &self.input)?.into_iter().collect(),
            capabilities: one("Can", &self.capability)?.into_iter().collect(),
            machine: self.machine()?,
            adopter: Adopter {
                region: Some(self.region.trim().to_owned()).filter(|it| !it.is_empty()),
                monthly_users: count("Your monthly users", &self.users)?,
                revenue_usd: count("Your revenue", &self.revenue)?,
                commercial: !self.commercial.is_empty(),
                trains_on_outputs: !self.training.is_empty(),
            },
            primary_only: !self.primary.is_empty(),
            second_hand: !self.second.is_empty(),
            ..Constraints::default()
        })
    }

    fn machine(&self) -> Result<Option<Machine>, Problem> {
        let number = count("How many of the hardware", &self.count)?;
        let alone = |field, wanted| Err(Problem::Alone { field, wanted });
        let memory = match (self.hardware.is_empty(), self.memory.trim()) {
            (false, _) => MachineMemory::Hardware {
                id: HardwareId(self.hardware.clone()),
                count: u32::try_from(number.unwrap_or(1)).unwrap_or(u32::MAX),
            },
            (true, _) if number.is_some() => {
                return alone("How many of the hardware", "hardware");
            }
            (true, "") if !self.form.is_empty() => {
                return alone("Form of weights", "hardware or memory");
            }
            (true, "") => return Ok(None),
            (true, text) => MachineMemory::Bytes(
                parse_bytes(text)
                    .map_err(|source| Problem::Bytes { text: text.to_owned(), source })?,
            ),
        };
        let context = count("Context", &self.context)?;
        Ok(Some(Machine {
            memory,
            form: Some(QuantisationId(self.form.clone())).filter(|it| !it.0.is_empty()),
            tokens: count("Tokens held", &self.tokens)?.or(context).unwrap_or(8_192),
            sequences: 1,
            kv: KvPrecision::F16,
            share: Machine::SHARE,
        }))
    }

    /// The fields that hold something, in the order of the form.
    fn entered(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("text", &self.text),
            ("licence", &self.licence),
            ("task", &self.task),
            ("min", &self.min),
            ("max", &self.max),
            ("context", &self.context),
            ("language", &self.language),
            ("input", &self.input),
            ("capability", &self.capability),
            ("hardware", &self.hardware),
            ("count", &self.count),
            ("memory", &self.memory),
            ("form", &self.form),
            ("tokens", &self.tokens),
            ("region", &self.region),
            ("users", &self.users),
            ("revenue", &self.revenue),
            ("commercial", &self.commercial),
            ("training", &self.training),
            ("primary", &self.primary),
            ("second", &self.second),
            ("all", &self.all),
        ];
        let filled = fields.into_iter().filter(|(_, value)| !value.trim().is_empty());
        filled.map(|(name, value)| (name, value.trim())).collect()
    }
}

/// A text in an address, percent-encoded (RFC 3986).
pub(super) fn encoded(text: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(byte);
    text.bytes()
        .map(|byte| match plain(&byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}

/// A text as a shell takes it.
fn quoted(text: &str) -> String {
    match text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.,/".contains(c)) {
        true => text.to_owned(),
        false => format!("'{}'", text.replace('\'', r"'\''")),
    }
}

fn count(field: &'static str, text: &str) -> Result<Option<u64>, Problem> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let problem = |source| Problem::Count { field, text: text.to_owned(), source };
    parse_count(text).map(Some).map_err(problem)
}

/// One value of an enumeration of the catalogue, by its name in the data.
fn one<T: DeserializeOwned>(field: &'static str, text: &str) -> Result<Option<T>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let value = serde_json::Value::String(text.to_owned());
    let problem = |_| Problem::Choice { field, text: text.to_owned() };
    serde_json::from_value(value).map(Some).map_err(problem)
}

fn choice<'a>(
    name: &'a str,
    label: &'a str,
    value: &'a str,
    options: &'a [(&'a str, &'a str)],
) -> Field<'a> {
    Field::Choice { name, label, value, options }
}

fn with_any<'a>(words: &'a str, options: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    std::iter::once(("", words)).chain(options.iter().copied()).collect()
}

/// How many of a group are shown before somebody asks for all.
const AT_ONCE: usize = 40;

const LICENCES: &[(&str, &str)] = &[
    ("", "any"),
    ("osi", "OSI open source"),
    ("custom", "custom licence"),
    ("source_available", "source-available"),
];
const INPUTS: &[(&str, &str)] =
    &[("", "not asked"), ("image", "images"), ("audio", "sound"), ("video", "films")];
const CAPABILITIES: &[(&str, &str)] = &[
    ("", "not asked"),
    ("tools", "call tools"),
    ("reasoning", "reason first"),
    ("structured_output", "keep to a form"),
];
const USES: &[(&str, &str)] = &[("", "not said"), ("yes", "commercial")];
const TRAINING: &[(&str, &str)] = &[("", "no"), ("yes", "yes")];
const SOURCES: &[(&str, &str)] = &[("", "repeated ones, too"), ("yes", "primary sources only")];
const SECOND_HAND: &[(&str, &str)] = &[("", "not confirmed"), ("yes", "taken as stated")];

/// The flag of each field; the name goes without one.
const FLAGS: &[(&str, &str)] = &[
    ("text", ""),
    ("licence", "--licence"),
    ("task", "--task"),
    ("min", "--min-size"),
    ("max", "--max-size"),
    ("context", "--context"),
    ("language", "--language"),
    ("input", "--input"),
    ("capability", "--capability"),
    ("hardware", "--hardware"),
    ("count", "--count"),
    ("memory", "--memory"),
    ("form", "--quantisation"),
    ("tokens", "--tokens"),
    ("region", "--region"),
    ("users", "--users"),
    ("revenue", "--revenue"),
    ("commercial", "--commercial"),
    ("training", "--trains-on-outputs"),
    ("primary", "--primary-only"),
    ("second", "--second-hand"),
];
const SWITCHES: &[&str] = &["commercial", "training", "primary", "second"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_question_as_an_address_and_as_a_command() {
        let check = |asked: Asked, address: &str, command: &str| {
            assert_eq!(asked.address("/catalogue"), address);
            assert_eq!(asked.command(), command);
        };
        check(Asked::default(), "/catalogue", "catalog search");
        check(
            Asked {
                text: "a b&c".into(),
                licence: "osi".into(),
                commercial: "yes".into(),
                all: "1".into(),
                ..Asked::default()
            },
            "/catalogue?text=a%20b%26c&licence=osi&commercial=yes&all=1",
            "catalog search 'a b&c' --licence osi --commercial",
        );
        check(
            Asked { text: "'; rm".into(), ..Asked::default() },
            "/catalogue?text=%27%3B%20rm",
            r"catalog search ''\''; rm'",
        );
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        let catalog = Catalog::embedded().unwrap();
        let today = Date::new(2026, 11, 23).unwrap();
        let check = |asked: Asked, words: &str| {
            let error = asked.search(catalog, today).err().map(|it| it.to_string());
            assert_eq!(error.as_deref(), Some(words));
        };
        check(
            Asked { min: "many".into(), ..Asked::default() },
            "`many` in “At least”: expected a number, as 8B, 32k or 2M",
        );
        check(
            Asked { memory: "lots".into(), ..Asked::default() },
            "`lots` in “Memory”: expected bytes, as 24GB or 24GiB",
        );
        check(
            Asked { licence: "free".into(), ..Asked::default() },
            "`free` is no choice of “Weights licence”",
        );
        check(
            Asked { form: "q4_k_m".into(), ..Asked::default() },
            "“Form of weights” asks for hardware or memory",
        );
        check(
            Asked { count: "2".into(), memory: "24GB".into(), ..Asked::default() },
            "“How many of the hardware” asks for hardware",
        );
        check(Asked { task: "chess".into(), ..Asked::default() }, "there is no task class `chess`");
    }
}
