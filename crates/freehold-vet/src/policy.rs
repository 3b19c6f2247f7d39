//! Whether a model may be admitted: pure, so that every case can be a line of a table.
//!
//! A finding can only ever make an admission harder: [`decide`] never turns a no into a yes because
//! of one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use freehold_artifact::{
    finding::{Severity, shown},
    rules,
};
use freehold_catalog::{Date, LicenceCategory};
use freehold_types::{Digest, Principal};
use serde::{Deserialize, Serialize};

use crate::{
    admission::{self, manifest_digest},
    inventory::{Acceptance, SignOff, SignedFile},
};

pub mod terms;
#[cfg(test)]
mod tests;

use self::terms::{MAY_NOT_SHIP, TermsSeen};

/// The operator's rules of admission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The categories of licences that may be admitted; `None` is *not confirmed*.
    pub allow: BTreeSet<Option<LicenceCategory>>,
    /// Findings of these severities are never admitted, whoever accepts them.
    pub refuse: BTreeSet<Severity>,
    /// Who may accept which findings; empty: anyone may accept any that is not refused, but for
    /// [`MAY_NOT_SHIP`], which needs somebody who is named here.
    pub accept: Vec<MayAccept>,
    /// How many days an admission holds at most; `None` for what comes with the program.
    pub reverify_days: Option<u32>,
    /// What happens to a model after its day.
    pub on_due: OnDue,
    /// Whether accepted findings need a second person.
    pub require_second: bool,
}

/// Who may accept which findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MayAccept {
    /// Names of rules; one that ends with `*` stands for all that begin so.
    pub rules: Vec<String>,
    /// Names of people, and roles as `role:NAME`.
    pub by: Vec<String>,
}

/// What happens to a model whose day has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OnDue {
    /// It is loaded, and a warning says so.
    Warn,
    /// It is not loaded.
    Refuse,
}

/// A model, what was found in it, and who signs it off how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// What the model is called from now on.
    pub name: String,
    /// Where it lies.
    pub path: String,
    /// How its weights are stored; `None` where the embedded engine could not load it.
    pub format: Option<String>,
    /// Every file that belongs to it.
    pub files: Vec<SignedFile>,
    /// What was found.
    pub findings: Vec<Found>,
    /// Its licence, as far as known.
    pub licence: Option<String>,
    /// The category of its licence; `None` is *not confirmed*.
    pub category: Option<LicenceCategory>,
    /// What was seen of its terms.
    pub terms: Vec<TermsSeen>,
    /// Who signs it off.
    pub by: Principal,
    /// In which role.
    pub role: Option<String>,
    /// Who else looked at what was accepted.
    pub second: Option<Principal>,
    /// The last day on which it may be loaded; `None` takes the policy's longest.
    pub until: Option<Date>,
    /// The findings that are accepted: rule and reason.
    pub accept: BTreeMap<String, String>,
    /// Who gave the order, as the operating system names them.
    pub recorded_by: Principal,
}

/// A finding: its rule says how bad it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Found {
    /// The rule.
    pub rule: String,
    /// The file.
    pub file: String,
}

/// A model that may be admitted. Only [`decide`] makes one.
#[derive(Debug)]
pub struct Approved {
    pub(crate) sign_off: SignOff,
}

/// Why a model may not be admitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Objection {
    /// There is no file to be signed off.
    Nothing,
    /// Someone must sign it off, and it must have a name.
    Nameless,
    /// Findings under this rule are never admitted.
    Refused {
        /// The rule.
        rule: String,
        /// How bad that is.
        severity: Severity,
        /// The first file.
        file: String,
    },
    /// Findings under this rule must be accepted by somebody.
    Unaccepted {
        /// The rule.
        rule: String,
        /// How bad that is.
        severity: Severity,
        /// The first file.
        file: String,
    },
    /// An acceptance without a reason.
    NoReason {
        /// The rule.
        rule: String,
    },
    /// Who signs off may not accept findings under this rule.
    MayNotAccept {
        /// The rule.
        rule: String,
        /// Who would.
        by: Principal,
    },
    /// Accepted findings need a second person.
    NoSecond,
    /// The licence's category is not admitted.
    Category {
        /// The category.
        category: Option<LicenceCategory>,
    },
    /// The day has passed already.
    Past {
        /// The day.
        until: Date,
    },
    /// The day is later than the policy allows.
    TooLong {
        /// The day asked for.
        until: Date,
        /// The latest one.
        latest: Date,
    },
}

/// Whether the model may be admitted under the policy.
///
/// # Errors
/// Every [`Objection`] that there is.
pub fn decide(policy: &Policy, case: Case, today: Date) -> Result<Approved, Vec<Objection>> {
    let mut objections = Vec::new();
    if case.files.is_empty() {
        objections.push(Objection::Nothing);
    }
    if case.by.0.trim().is_empty() || case.name.trim().is_empty() {
        objections.push(Objection::Nameless);
    }
    let accepted = accepted(policy, &case, &mut objections);
    if !policy.allow.contains(&case.category) {
        objections.push(Objection::Category { category: case.category });
    }
    let latest = policy.reverify_days.map(|days| today.plus_days(days));
    let until = case.until.or(latest);
    match (until, latest) {
        (Some(until), _) if until < today => objections.push(Objection::Past { until }),
        (Some(until), Some(latest)) if until > latest => {
            objections.push(Objection::TooLong { until, latest });
        }
        _ => (),
    }
    if !objections.is_empty() {
        return Err(objections);
    }
    let mut files = case.files;
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let sign_off = SignOff {
        name: case.name,
        digest: manifest_digest(files.iter().map(|file| (file.digest, file.bytes, &*file.name))),
        format: case.format,
        bytes: files.iter().map(|file| file.bytes).sum(),
        count: files.len(),
        files,
        beside: None,
        path: case.path,
        terms: case.terms,
        licence: case.licence,
        category: case.category,
        signed_off_by: case.by,
        role: case.role,
        second: case.second,
        until,
        accepted,
        policy: policy.digest(),
        recorded_by: case.recorded_by,
    };
    Ok(Approved { sign_off })
}

/// The findings that were accepted, by rule; what is not in order becomes an objection.
fn accepted(policy: &Policy, case: &Case, objections: &mut Vec<Objection>) -> Vec<Acceptance> {
    let mut by_rule: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for found in &case.findings {
        by_rule.entry(&found.rule).or_default().insert(&found.file);
    }
    let mut accepted = Vec::new();
    for (rule, files) in by_rule {
        let severity = severity(rule);
        let (name, file) = (rule.to_owned(), files.first().copied().unwrap_or("").to_owned());
        if policy.refuse.contains(&severity) {
            objections.push(Objection::Refused { rule: name, severity, file });
            continue;
        }
        if severity == Severity::Note {
            continue;
        }
        match case.accept.get(rule) {
            None => objections.push(Objection::Unaccepted { rule: name, severity, file }),
            Some(reason) if reason.trim().is_empty() => {
                objections.push(Objection::NoReason { rule: name });
            }
            Some(_) if !policy.may_accept(rule, case) => {
                objections.push(Objection::MayNotAccept { rule: name, by: case.by.clone() });
            }
            Some(reason) => accepted.push(Acceptance {
                rule: name,
                severity: severity.to_string(),
                reason: reason.clone(),
                files: files.into_iter().map(str::to_owned).collect(),
            }),
        }
    }
    let other = case
        .second
        .as_ref()
        .is_some_and(|second| !second.0.trim().is_empty() && second.0.trim() != case.by.0.trim());
    if policy.require_second && !accepted.is_empty() && !other {
        objections.push(Objection::NoSecond);
    }
    accepted
}

/// How bad a finding is; a rule that nobody knows says nothing good.
fn severity(rule: &str) -> Severity {
    let of_scan = rules::find(rule).map(|rule| rule.severity);
    let of_terms = || terms::find(rule).map(terms::severity);
    of_scan.or_else(of_terms).unwrap_or(Severity::Malicious)
}

impl Policy {
    /// Names this policy in records: SHA-256 of it as JSON.
    pub fn digest(&self) -> Digest {
        admission::digest_of(serde_json::to_string(self).unwrap_or_default().as_bytes())
    }

    fn may_accept(&self, rule: &str, case: &Case) -> bool {
        let covers = |pattern: &String| match pattern.strip_suffix('*') {
            Some(begin) => rule.starts_with(begin),
            None => rule == pattern,
        };
        let names = |who: &String| match who.strip_prefix("role:") {
            Some(role) => case.role.as_deref() == Some(role),
            None => case.by.0 == *who,
        };
        let allows = |may: &MayAccept| may.rules.iter().any(covers) && may.by.iter().any(names);
        let anyone = self.accept.is_empty() && rule != MAY_NOT_SHIP.name;
        anyone || self.accept.iter().any(allows)
    }
}

impl Default for Policy {
    /// Any licence; nothing malicious; what else was found by anyone with a reason; a year.
    fn default() -> Self {
        use LicenceCategory::{Custom, Osi, SourceAvailable};
        Self {
            allow: [Some(Osi), Some(Custom), Some(SourceAvailable), None].into(),
            refuse: [Severity::Malicious].into(),
            accept: Vec::new(),
            reverify_days: Some(365),
            on_due: OnDue::Refuse,
            require_second: false,
        }
    }
}

impl Objection {
    /// What to do about it.
    pub fn way_out(&self) -> String {
        match self {
            Self::Nothing => "name the folder that the model's files are in".to_owned(),
            Self::Nameless => "say who with `--by NAME`".to_owned(),
            Self::Refused { .. } => {
                "take the file out, or have the model from a publisher without it; [vet] `refuse` \
                 in freehold.toml is the operator's rule"
                    .to_owned()
            }
            Self::Unaccepted { rule, .. } if rule == MAY_NOT_SHIP.name => format!(
                "only whom [[vet.accept]] in freehold.toml names for it may accept it, `--accept \
                 {rule}=\"REASON\"`; `--explain {rule}` says what it means"
            ),
            Self::Unaccepted { rule, .. } | Self::NoReason { rule } => format!(
                "`--explain {rule}` says what it means; if you know better, `--accept \
                 {rule}=\"REASON\"`"
            ),
            Self::MayNotAccept { .. } => {
                "[[vet.accept]] in freehold.toml says who may; have one of them sign it off"
                    .to_owned()
            }
            Self::NoSecond => "name who else looked at them with `--second NAME`".to_owned(),
            Self::Category { .. } => {
                "[vet] `allow` in freehold.toml is the operator's rule".to_owned()
            }
            Self::Past { .. } => "name a later day with `--until`".to_owned(),
            Self::TooLong { latest, .. } => format!("`--until {latest}` is the longest"),
        }
    }
}

impl fmt::Display for Objection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = |file: &str| shown(file.as_bytes(), 200);
        match self {
            Self::Nothing => f.write_str("there is no file to sign off"),
            Self::Nameless => f.write_str("nobody signs it off, or it has no name"),
            Self::Refused { rule, severity, .. } if let Some(known) = terms::find(rule) => {
                write!(f, "{} ({rule}), and {severity} is never admitted", known.title)
            }
            Self::Unaccepted { rule, .. } if let Some(known) = terms::find(rule) => {
                write!(f, "{} ({rule}), and nobody accepts it", known.title)
            }
            Self::Refused { rule, severity, file: name } => {
                write!(f, "{} has a finding {rule}, and {severity} is never admitted", file(name))
            }
            Self::Unaccepted { rule, severity, file: name } => {
                write!(f, "{} has a finding {rule} ({severity}), and nobody accepts it", file(name))
            }
            Self::NoReason { rule } => write!(f, "{rule} is accepted without a reason"),
            Self::MayNotAccept { rule, by } => {
                write!(f, "{} may not accept findings of {rule}", by.0)
            }
            Self::NoSecond => f.write_str("accepted findings need a second person"),
            Self::Category { category } => write!(
                f,
                "its licence is {}, which the policy does not allow",
                category_name(*category)
            ),
            Self::Past { until } => write!(f, "{until} has passed"),
            Self::TooLong { until, latest } => {
                write!(f, "{until} is later than the policy allows, {latest}")
            }
        }
    }
}

/// A category in words.
pub fn category_name(category: Option<LicenceCategory>) -> String {
    category.map_or_else(|| "not confirmed".to_owned(), |category| category.to_string())
}
