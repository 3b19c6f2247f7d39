//! Hard gates: answers that rule ways out, whatever the score says. They are never traded off.

use serde::Serialize;

use crate::{Choice, Choices};

/// What rules ways out, for one reason.
#[derive(Debug)]
pub struct Gate {
    /// Its name in JSON.
    pub id: &'static str,
    /// Its name for people.
    pub name: &'static str,
    /// Why it is a gate and not a weight.
    pub why: &'static str,
    /// Its rules; what several of them rule out is all out.
    pub rules: &'static [Rule],
    /// The [sources](crate::SOURCES), by name.
    pub sources: &'static [&'static str],
}

/// One rule of a gate.
#[derive(Debug, Serialize)]
pub struct Rule {
    /// Questions, each with the answers that count; the rule holds where all of them do.
    pub when: &'static [(&'static str, &'static [&'static str])],
    /// The ways that it rules out.
    pub removes: Choices,
    /// What it says to whom it concerns.
    pub because: &'static str,
    /// What would have to change.
    pub way_out: &'static str,
}

impl Gate {
    /// The questions that it reads, each once, in the order of its rules.
    pub fn questions(&self) -> Vec<&'static str> {
        let mut found: Vec<&'static str> = Vec::new();
        for (question, _) in self.rules.iter().flat_map(|rule| rule.when) {
            if !found.contains(question) {
                found.push(question);
            }
        }
        found
    }
}

/// All gates. No two of them read the same question; a test holds it, and the evaluation needs it.
pub static GATES: [Gate; COUNT] = [PEOPLE, FRONTIER, CONTROLS, BOUNDARY, RESIDENCY, LICENCE];

/// How many there are.
pub const COUNT: usize = 6;

const PEOPLE: Gate = Gate {
    id: "people",
    name: "Somebody deploys, secures and maintains it",
    why: "What nobody looks after is down when it is needed and open when it is attacked.",
    rules: &[
        Rule {
            when: &[("oncall", &["nobody"])],
            removes: OPEN_WEIGHTS,
            because: "Nobody is called when it is down.",
            way_out: "Name people, or a provider under contract, who answer when it is down.",
        },
        Rule {
            when: &[("oncall", &["provider"])],
            removes: Choices::of(&[Choice::SelfHosted]),
            because: "Only a provider is called when it is down, so it is the provider that runs it.",
            way_out: "Put people of your own on call.",
        },
        Rule {
            when: &[("patch", &["nobody"])],
            removes: Choices::of(&[Choice::SelfHosted]),
            because: "Nobody installs security fixes of the serving software.",
            way_out: "Give a named person time for it.",
        },
    ],
    sources: &["vllm-mooncake", "nist-600-1"],
};

const FRONTIER: Gate = Gate {
    id: "frontier",
    name: "Top-end multi-step reasoning at any cost",
    why: "Where only the best there is will do, price and control do not make up for a worse answer.",
    rules: &[
        Rule {
            when: &[("task", MANY_STEPS), ("premium", &["few", "some"])],
            removes: Choices::of(&[Choice::SelfHosted, Choice::SingleTenant]),
            because: "Some requests need the best there is at work in many steps, where open weights trail today.",
            way_out: "Show on your own test set that an open model is good enough for those requests.",
        },
        Rule {
            when: &[("task", MANY_STEPS), ("premium", &["most"])],
            removes: OPEN_WEIGHTS,
            because: "Most requests need the best there is at work in many steps, so an open tier would serve few.",
            way_out: "Show on your own test set that an open model is good enough for most requests.",
        },
    ],
    sources: &["swe-bench-pro", "swe-atlas"],
};

const CONTROLS: Gate = Gate {
    id: "controls",
    name: "Least privilege, filtering and complete logging can be enforced",
    why: "A managed service brings some of this along; weights that you run bring nothing. Where actions \
          or sensitive data are at stake, no way does without.",
    rules: &[
        Rule {
            when: &[("privilege", &["cannot"])],
            removes: OPEN_WEIGHTS,
            because: "Tool calls cannot be denied by default.",
            way_out: "Put a gateway before the model that denies what is not granted.",
        },
        Rule {
            when: &[("filters", &["cannot"])],
            removes: OPEN_WEIGHTS,
            because: "Inputs and outputs cannot be checked.",
            way_out: "Put filters into the path of every request.",
        },
        Rule {
            when: &[("logging", &["cannot"])],
            removes: OPEN_WEIGHTS,
            because: "Not every answer can be recorded.",
            way_out: "Put a record into the path of every request, without which nothing is answered.",
        },
        Rule {
            when: &[("privilege", &["cannot"]), ("action", &["reversible", "irreversible"])],
            removes: Choices::ALL,
            because: "Answers set things off, and tool calls cannot be denied by default: no model is safe \
                      to give such tools to.",
            way_out: "Let a person see answers first, or enforce least privilege.",
        },
        Rule {
            when: &[("filters", &["cannot"]), ("action", &["irreversible"])],
            removes: Choices::ALL,
            because: "Answers set off what cannot be undone, and nothing checks them.",
            way_out: "Let a person see answers first, or check outputs before anything acts on them.",
        },
        Rule {
            when: &[("logging", &["cannot"]), ("class", &["confidential", "restricted"])],
            removes: Choices::ALL,
            because: "Personal, secret or specially protected data would be processed without a complete \
                      record.",
            way_out: "Record every answer, or keep such data out.",
        },
    ],
    sources: &["owasp-llm06", "owasp-llm05", "nist-600-1", "ai-act-12", "ai-act-26"],
};

const BOUNDARY: Gate = Gate {
    id: "boundary",
    name: "Data may not leave a boundary",
    why: "What may not leave cannot be sent, however good or cheap the service is.",
    rules: &[
        Rule {
            when: &[("leave", &["some"])],
            removes: Choices::of(&[Choice::Managed]),
            because: "The most sensitive data may not leave, so not everything can go to one service.",
            way_out: "Keep the most sensitive data out of this use, or have its release approved.",
        },
        Rule {
            when: &[("leave", &["reserved"])],
            removes: Choices::of(&[Choice::Hybrid, Choice::Managed]),
            because: "Data may go only to capacity reserved for you, which a shared premium model is not.",
            way_out: "Have a vendor's contract accepted for the requests that need it.",
        },
        Rule {
            when: &[("leave", &["never"])],
            removes: Choices::of(&[Choice::SingleTenant, Choice::Hybrid, Choice::Managed]),
            because: "Data may not leave machines that you control.",
            way_out: "Have reserved capacity at a provider approved, or change which data are used.",
        },
    ],
    sources: &["gdpr-28", "edpb-01-2020", "hipaa-cloud"],
};

const RESIDENCY: Gate = Gate {
    id: "residency",
    name: "Residency",
    why: "Where law or contract fixes the place, an offer that does not promise it is no offer.",
    rules: &[
        Rule {
            when: &[("residency", FIXED), ("providers", &["hosts"])],
            removes: Choices::of(&[Choice::Hybrid, Choice::Managed]),
            because: "No vendor of a proprietary model promises to keep data where they must be.",
            way_out: "Find a vendor whose contract promises the place.",
        },
        Rule {
            when: &[("residency", FIXED), ("providers", &["none"])],
            removes: Choices::of(&[Choice::SingleTenant, Choice::Hybrid, Choice::Managed]),
            because: "No provider promises to keep data where they must be.",
            way_out: "Find a provider whose contract promises the place.",
        },
    ],
    sources: &["gdpr-44", "schrems-2"],
};

const LICENCE: Gate = Gate {
    id: "licence",
    name: "A licence of weights is accepted",
    why: "Weights may be used as their licence says or not at all.",
    rules: &[Rule {
        when: &[("licence", &["none"])],
        removes: OPEN_WEIGHTS,
        because: "No licence of weights was accepted.",
        way_out: "Have somebody who may decide read an open-source licence, such as Apache 2.0.",
    }],
    sources: &["apache", "llama-licence", "llama-policy"],
};

const OPEN_WEIGHTS: Choices =
    Choices::of(&[Choice::SelfHosted, Choice::SingleTenant, Choice::Hybrid]);
/// Work in many steps; on it proprietary models have the best published scores.
const MANY_STEPS: &[&str] = &["agents", "reasoning"];
/// Data have to stay in one place.
const FIXED: &[&str] = &["region", "country"];
