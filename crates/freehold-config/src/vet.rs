//! `[vet]`: what may be admitted, by whom, and for how long.

use crate::{
    key::{Key, Plain, boolean, number, words},
    reader::{Reader, Section},
};

/// `[vet]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VetSettings {
    /// Categories of licences: words of [`CATEGORIES`].
    pub allow: Vec<String>,
    /// Severities that are never admitted: words of [`SEVERITIES`].
    pub refuse: Vec<String>,
    /// Days that an admission holds at most.
    pub reverify_days: u32,
    /// Whether a model is refused after its day; otherwise a warning says so.
    pub refuse_when_due: bool,
    /// Whether accepted findings need a second person.
    pub require_second: bool,
    /// Who may accept which findings; empty: anyone any that is not refused.
    pub accept: Vec<AcceptSettings>,
}

/// `[[vet.accept]]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptSettings {
    /// Rules; one that ends with `*` stands for all that begin so.
    pub rules: Vec<String>,
    /// Names, and roles as `role:NAME`.
    pub by: Vec<String>,
}

/// Reads `[vet]`.
pub(crate) fn vet(reader: &mut Reader<'_>, top: &mut Section<'_>) -> VetSettings {
    let mut section = reader.section(top, "vet");
    let allow = reader.value(&mut section, &ALLOW);
    let refuse = reader.value(&mut section, &REFUSE);
    let days = reader.value(&mut section, &REVERIFY);
    let on_due = reader.value(&mut section, &ON_DUE);
    let require_second = reader.value(&mut section, &SECOND);
    let mut accept = Vec::new();
    for mut one in reader.list(&mut section, "accept") {
        let rules = reader.required(&mut one, "rules", "a list of rules, as [\"pickle/*\"]", words);
        let by = reader.required(&mut one, "by", "a list of names and role:NAME", words);
        reader.finish(one);
        if let (Some(rules), Some(by)) = (rules, by) {
            accept.push(AcceptSettings { rules, by });
        }
    }
    reader.finish(section);
    VetSettings {
        allow,
        refuse,
        // The range of the key fits, so nothing is cut.
        reverify_days: u32::try_from(days).unwrap_or(u32::MAX),
        refuse_when_due: on_due == REFUSED,
        require_second,
        accept,
    }
}

fn of(plain: &Plain, known: &[&str]) -> Option<Vec<String>> {
    words(plain).filter(|words| words.iter().all(|word| known.contains(&word.as_str())))
}

const ALLOW: Key<Vec<String>> = Key {
    section: "vet",
    name: "allow",
    default: || CATEGORIES.map(str::to_owned).to_vec(),
    expected: "a list of osi, custom, source-available, not-confirmed",
    read: |plain| of(plain, &CATEGORIES),
    show: |value| value.clone().into(),
    about: "The categories of licences that may be admitted.",
};

const REFUSE: Key<Vec<String>> = Key {
    section: "vet",
    name: "refuse",
    default: || vec!["malicious".to_owned()],
    expected: "a list of malicious, suspicious, unread, note",
    read: |plain| of(plain, &SEVERITIES),
    show: |value| value.clone().into(),
    about: "Findings of these severities are never admitted; suspicious and unread ones else need to be accepted with a reason.",
};

const REVERIFY: Key<u64> = Key {
    section: "vet",
    name: "reverify_days",
    default: || 365,
    expected: "a number of days from 1 to 3650",
    read: number::<1, 3650>,
    show: |value| (*value).into(),
    about: "How many days an admission holds at most.",
};

const ON_DUE: Key<String> = Key {
    section: "vet",
    name: "on_due",
    default: || REFUSED.to_owned(),
    expected: "refuse or warn",
    read: |plain| match plain {
        Plain::Text(text) if [REFUSED, "warn"].contains(&text.as_str()) => Some(text.clone()),
        _ => None,
    },
    show: |value| value.clone().into(),
    about: "What `up` does with a model whose day has passed: refuse it, or warn.",
};

const SECOND: Key<bool> = Key {
    section: "vet",
    name: "require_second",
    default: || false,
    expected: "true or false",
    read: boolean,
    show: |value| (*value).into(),
    about: "Whether accepted findings need a second person.",
};

const REFUSED: &str = "refuse";
const CATEGORIES: [&str; 4] = ["osi", "custom", "source-available", "not-confirmed"];
const SEVERITIES: [&str; 4] = ["malicious", "suspicious", "unread", "note"];
