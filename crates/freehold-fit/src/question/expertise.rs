//! Questions about the people. Answers go from more to less expertise; a test holds that a later
//! one never speaks for running more oneself.

use super::{EVEN, Question, answer};
use crate::{Driver, Factor};

/// Who answers for it at night.
pub(super) static ONCALL: Question = Question {
    id: "oncall",
    name: "called at 3 a.m.",
    factor: Factor::Expertise,
    text: "Who is called at 3 a.m. when it is down?",
    help: "The name in the rota, not the wish.",
    why: "Somebody has to deploy, secure and maintain what runs. If nobody does, it is not running.",
    driver: Some(Driver::Operations),
    share: 3,
    answers: &[
        answer("rota", [10, 10, 10, 10], "People of ours, by rota"),
        answer("office", [6, 8, 8, 9], "People of ours, in office hours"),
        answer("provider", [2, 7, 7, 8], "A provider or contractor"),
        answer("nobody", [0, 6, 6, 8], "Nobody"),
    ],
    sources: &["nist-600-1", "freehold"],
};

/// Who patches.
pub(super) static PATCH: Question = Question {
    id: "patch",
    name: "security fixes",
    factor: Factor::Expertise,
    text: "Who installs a security fix of the serving software within days?",
    help: "Somebody who reads the advisories and may restart production.",
    why: "Serving software has had holes through which anybody on the network could run programs: \
          vLLM's integration of Mooncake, April 2025, of the highest severity.",
    driver: Some(Driver::Operations),
    share: 2,
    answers: &[
        answer("named", [10, 9, 9, 9], "A named person with time for it"),
        answer("team", [6, 8, 8, 9], "Whoever of the team has time"),
        answer("nobody", [0, 5, 5, 9], "Nobody"),
    ],
    sources: &["vllm-mooncake"],
};

/// What they have run.
pub(super) static RAN: Question = Question {
    id: "ran",
    name: "run in production before",
    factor: Factor::Expertise,
    text: "What have your people run in production for a year or more?",
    help: "The people who would run this, not the organisation as a whole.",
    why: "Batching, memory for long contexts and driver updates are learnt in operation.",
    driver: Some(Driver::Operations),
    share: 2,
    answers: &[
        answer("llm", [10, 10, 10, 10], "Language models on accelerators"),
        answer("ml", [8, 9, 9, 10], "Other machine learning"),
        answer("web", [5, 8, 8, 10], "Ordinary services"),
        answer("none", [1, 6, 6, 10], "Nothing of the kind"),
    ],
    sources: &["freehold"],
};

/// How they would know.
pub(super) static EVALUATE: Question = Question {
    id: "evaluate",
    name: "own test set",
    factor: Factor::Expertise,
    text: "A new model comes out tomorrow. How do you find out whether it is better at your task?",
    help: "A test set of your own, with answers that somebody has checked.",
    why: "Freedom to choose, tune and pin a model is worth what you can measure of it.",
    driver: Some(Driver::Control),
    share: 4,
    answers: &[
        answer("suite", [10, 10, 10, 9], "Our own test set, run by a program"),
        answer("hand", [7, 8, 8, 8], "Some people try it by hand"),
        answer("no", [3, 5, 5, 7], "We would not find out"),
    ],
    sources: &["nist-600-1", "freehold"],
};

/// Whether a licence was accepted.
pub(super) static LICENCE: Question = Question {
    id: "licence",
    name: "accepted licences",
    factor: Factor::Expertise,
    text: "Which licences of weights has somebody who may decide read and accepted?",
    help: "If nobody has read one yet, that is a “don't know”. `freehold catalog` shows what to watch.",
    why: "Weights come under open-source licences and under terms of their publishers, some with limits \
          by users, revenue, region or purpose. Weights without an accepted licence may not be used.",
    driver: None,
    share: 0,
    answers: &[
        answer("custom", EVEN, "Open-source licences and publishers' own terms"),
        answer("osi", EVEN, "Open-source licences only"),
        answer("none", EVEN, "None: they were read and refused"),
    ],
    sources: &["llama-licence", "llama-policy", "apache"],
};
