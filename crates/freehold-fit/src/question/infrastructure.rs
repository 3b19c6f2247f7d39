//! Questions about what is there to run models and to hold the rules in force.

use super::{Answer, EVEN, Question, answer};
use crate::{Driver, Factor};

/// What could compute.
pub(super) static HARDWARE: Question = Question {
    id: "hardware",
    name: "machines today",
    factor: Factor::Infrastructure,
    text: "What could run a model's weights today?",
    help: "Own machines and rented ones count alike, if your people operate them.",
    why: "Machines have to be bought or rented, watched and replaced before the first answer.",
    driver: Some(Driver::Operations),
    share: 2,
    answers: &[
        answer("running", [10, 9, 9, 9], "Accelerators that are in use and watched"),
        answer("budget", [6, 9, 8, 9], "A budget for them that is approved"),
        answer("cpu", [3, 8, 8, 9], "Ordinary servers without accelerators"),
        answer("none", [0, 7, 7, 9], "Nothing yet"),
    ],
    sources: &["freehold"],
};

/// How the load is spread.
pub(super) static SHAPE: Question = Question {
    id: "shape",
    name: "load over a day",
    factor: Factor::Infrastructure,
    text: "How is the load spread over a day?",
    help: "Requests in the busiest hour against the average hour, from a log or a similar service.",
    why: "A machine of one's own costs the same when idle; a hosted interface costs by the token.",
    driver: Some(Driver::Cost),
    share: 4,
    answers: &[
        answer("steady", [10, 9, 7, 4], "Steady: the busiest hour is under twice the average"),
        answer("office", [6, 6, 7, 6], "Office hours: two to five times"),
        answer("spikes", [1, 3, 6, 10], "Rare spikes: more than five times"),
    ],
    sources: &["prices", "freehold"],
};

/// How long it may be down.
pub(super) static DOWNTIME: Question = Question {
    id: "downtime",
    name: "how long it may be down",
    factor: Factor::Infrastructure,
    text: "How long may it be down before it hurts?",
    help: "Hurts: customers complain, work stops, or a contract is broken.",
    why: "Minutes need a second machine that stands ready; a hybrid can fall back on its other tier.",
    driver: Some(Driver::Operations),
    share: 1,
    answers: &[
        answer("day", [9, 9, 9, 9], "A working day"),
        answer("hour", [6, 8, 8, 8], "An hour"),
        answer("minutes", [2, 6, 9, 8], "Minutes"),
    ],
    sources: &["freehold"],
};

/// Least privilege.
pub(super) static PRIVILEGE: Question = Question {
    id: "privilege",
    name: "tool calls denied by default",
    factor: Factor::Infrastructure,
    text: "Is every tool call denied unless somebody allowed that tool to that caller?",
    help: "Enforced outside the model: by a gateway or by the tool itself. Where no tools are used, \
           take the first.",
    why: "Authorization belongs into what is called, not into the model's judgement; no choice of model \
          replaces it.",
    driver: None,
    share: 0,
    answers: CONTROL,
    sources: &["owasp-llm06"],
};

/// Filters.
pub(super) static FILTERS: Question = Question {
    id: "filters",
    name: "inputs and outputs checked",
    factor: Factor::Infrastructure,
    text: "Are inputs and outputs checked before anybody or anything acts on them?",
    help: "Checked by a program: for personal data, secrets, injected instructions, unsafe output.",
    why: "A managed service brings some filters along. Weights that you run bring none.",
    driver: None,
    share: 0,
    answers: CONTROL,
    sources: &["owasp-llm05", "nist-600-1"],
};

/// Complete logging.
pub(super) static LOGGING: Question = Question {
    id: "logging",
    name: "every answer recorded",
    factor: Factor::Infrastructure,
    text: "Can you show, for every answer, who asked what of which model, and what came of it?",
    help: "Every answer: no sampling, no gaps when a disk is full, and kept as long as you must.",
    why: "Those who deploy high-risk systems of Annex III in the EU will have to keep automatic logs for \
          at least six months, as is said from 2 December 2027 on; without a complete record nothing can \
          be shown to anybody.",
    driver: None,
    share: 0,
    answers: CONTROL,
    sources: &["ai-act-12", "ai-act-26", "nist-600-1"],
};

const CONTROL: &[Answer] = &[
    answer("enforced", EVEN, "Yes, it is enforced now"),
    answer("planned", EVEN, "Not yet; it will be before the first real use"),
    answer("cannot", EVEN, "No, and it cannot be"),
];
