//! What is wrong or worth knowing about a model's terms, under rules with stable names.

use serde::Serialize;

use crate::Evidence;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Gravity {
    /// Worth knowing.
    Note,
    /// To be settled before the model is relied on: what its files say cannot all hold.
    Settle,
}

/// One rule. Its name never changes its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name: `terms/name`.
    pub name: &'static str,
    /// How much a finding matters.
    pub gravity: Gravity,
    /// One line that says what was found.
    pub title: &'static str,
    /// Why it matters.
    pub why: &'static str,
    /// What to do.
    pub way_out: &'static str,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsFinding {
    /// The rule it falls under.
    pub rule: &'static Rule,
    /// What was found.
    pub what: String,
    /// Where: each place that says something else.
    pub evidence: Vec<Evidence>,
}

impl Serialize for TermsFinding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shown<'a> {
            rule: &'static str,
            severity: Gravity,
            what: &'a str,
            title: &'static str,
            why: &'static str,
            way_out: &'static str,
            evidence: &'a [Evidence],
        }
        Shown {
            rule: self.rule.name,
            severity: self.rule.gravity,
            what: &self.what,
            title: self.rule.title,
            why: self.rule.why,
            way_out: self.rule.way_out,
            evidence: &self.evidence,
        }
        .serialize(serializer)
    }
}

/// The rules.
pub mod rules {
    use super::{Gravity, Rule};

    /// The rule of this name.
    pub fn find(name: &str) -> Option<&'static Rule> {
        ALL.iter().copied().find(|rule| rule.name == name)
    }

    /// All rules.
    pub const ALL: &[&Rule] = &[
        &DISAGREEMENT,
        &CHANGED_TEXT,
        &SEVERAL,
        &UNKNOWN,
        &USE_POLICY,
        &DROPPED_CLAUSE,
        &COMPONENT_MISSING,
        &LAYERS_DIFFER,
        &METADATA,
    ];

    /// Card and legal text differ.
    pub static DISAGREEMENT: Rule = Rule {
        name: "terms/licence-disagreement",
        gravity: Gravity::Settle,
        title: "files of the model name different licences for the same layer",
        why: "The card is what the publisher claims, the licence file is the legal text. Where they \
              differ, nobody can say which rights were granted.",
        way_out: "Ask the publisher which one holds. Until then, meet the terms of both.",
    };
    /// A known text that was changed or cut.
    pub static CHANGED_TEXT: Rule = Rule {
        name: "terms/changed-text",
        gravity: Gravity::Settle,
        title: "a licence text differs from the one it is called after",
        why: "A clause that was added or taken out makes it another licence, whatever its title says.",
        way_out: "Read the text that came along, clause by clause; it is the one that binds.",
    };
    /// One file names several licences for one layer.
    pub static SEVERAL: Rule = Rule {
        name: "terms/several-licences",
        gravity: Gravity::Settle,
        title: "one file names several licences for the same layer",
        why: "Whether they hold together, or one may be chosen, is for the publisher to say; an answer \
              from one of them alone could promise more than was granted.",
        way_out: "Read whether they are a choice. Where that is not said, meet the terms of all.",
    };
    /// A licence that is none we know.
    pub static UNKNOWN: Rule = Rule {
        name: "terms/unknown-licence",
        gravity: Gravity::Settle,
        title: "a licence is stated, and it is none that is known here",
        why: "What nobody has read may forbid what you do.",
        way_out: "Read it whole, or have it read; sign the model off with that as the reason.",
    };
    /// Limits beside the licence that are none we know, or that do not go with it.
    pub static USE_POLICY: Rule = Rule {
        name: "terms/use-policy",
        gravity: Gravity::Settle,
        title: "a use policy limits what the licence grants",
        why: "A use policy that comes with a model is part of its terms. This one is none that is known, \
              or comes with a licence that has none.",
        way_out: "Read the policy: what it forbids holds beside the licence.",
    };
    /// Layers come under different licences.
    pub static LAYERS_DIFFER: Rule = Rule {
        name: "terms/layers-differ",
        gravity: Gravity::Note,
        title: "weights, code and data come under different licences",
        why: "A right to the code is no right to the weights, and the reverse.",
        way_out: "Read each layer's terms for what you do with that layer.",
    };
    /// A fine-tune states less than its base's terms demand.
    pub static DROPPED_CLAUSE: Rule = Rule {
        name: "terms/dropped-clause",
        gravity: Gravity::Settle,
        title: "terms of the base model are missing from what was made from it",
        why: "A derived model carries its base's terms; a card cannot take them away.",
        way_out: "Treat the base's terms as binding, and tell the publisher.",
    };
    /// A component that is stated and not there.
    pub static COMPONENT_MISSING: Rule = Rule {
        name: "terms/component-missing",
        gravity: Gravity::Note,
        title: "a component that the release is said to have is not there",
        why: "A class of openness counts what can be had, not what is announced.",
        way_out: "Get the whole release, or take the lower class as the true one.",
    };
    /// Metadata that cannot be read.
    pub static METADATA: Rule = Rule {
        name: "terms/metadata-unreadable",
        gravity: Gravity::Note,
        title: "metadata of the model cannot be read",
        why: "What they state is missing from this answer.",
        way_out: "Look at the file; tell the publisher.",
    };
}
