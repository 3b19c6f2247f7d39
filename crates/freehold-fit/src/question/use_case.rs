//! Questions about what the models are for.

use super::{Answer, EVEN, Question, answer};
use crate::{Driver, Factor};

/// What must be right.
pub(super) static TASK: Question = Question {
    id: "task",
    name: "hardest task",
    factor: Factor::UseCase,
    text: "Which is the hardest kind of task that has to be right?",
    help: "Take the one whose failure would be noticed first. Easier tasks beside it do not count.",
    why: "Open weights serve extraction, grounded answers and drafting in production. On long agent \
          tasks the best published scores are those of proprietary models, and the distance differs \
          by task.",
    driver: Some(Driver::Capability),
    share: 6,
    answers: TASKS,
    sources: &["swe-bench-pro", "swe-atlas", "swe-bench-verified"],
};

const TASKS: &[Answer] = &[
    answer("extraction", [10, 10, 10, 10], "Extract, classify or tag"),
    answer("grounded", [9, 9, 10, 10], "Answer from our own documents"),
    answer("drafting", [9, 9, 10, 10], "Chat, summarise, translate, draft"),
    answer("code", [8, 8, 9, 10], "Write or change program code"),
    answer("agents", [6, 6, 9, 10], "Work in several steps with tools"),
    answer(
        "reasoning",
        [3, 3, 9, 10],
        "Top-end reasoning in many steps: research, proofs, long plans",
    ),
];

/// How much of it needs the best there is.
pub(super) static PREMIUM: Question = Question {
    id: "premium",
    name: "need for the best model",
    factor: Factor::UseCase,
    text: "How many requests need the best model there is, whatever it costs?",
    help: "Those where you would pay ten times the price for the first-ranked model rather than take \
           the second-ranked with a person who checks.",
    why: "Few such requests can be sent to a premium model and the rest served by an open one. If most \
          are, an open model serves nobody.",
    driver: Some(Driver::Capability),
    share: 4,
    answers: &[
        answer("none", [10, 10, 10, 10], "None: good enough is good enough"),
        answer("few", [7, 7, 10, 10], "Fewer than 1 in 20"),
        answer("some", [4, 4, 9, 10], "Up to 1 in 3"),
        answer("most", [0, 0, 4, 10], "More than that"),
    ],
    sources: &["routellm", "swe-bench-pro"],
};

/// How much is asked.
pub(super) static TOKENS: Question = Question {
    id: "tokens",
    name: "tokens a month",
    factor: Factor::UseCase,
    text: "How many tokens a month, in and out together, a year from now?",
    help: "Requests a month times the tokens of prompt and answer. A bill of today, or a trial of one \
           day, says it.",
    why: "At list prices of 3 and 15 US dollars a million tokens in and out, and three in for one out, \
          30 million tokens cost 180 dollars a month, a thousand million 6,000, thirty thousand million \
          180,000. Machines and people of one's own cost much the same whether little or much is asked: in \
          `freehold plan`'s worked examples they break even with a premium model at about two to eight \
          thousand million tokens a month, and with the same open model hosted elsewhere at hundreds of \
          thousands of millions or never. These answers are broad bands; `freehold plan` decides it with \
          figures.",
    driver: Some(Driver::Cost),
    share: 6,
    answers: &[
        answer("under-30m", [0, 2, 5, 10], "Under 30 million"),
        answer("30m-1b", [2, 4, 6, 9], "30 million to 1,000 million"),
        answer("1b-30b", [3, 5, 8, 7], "1,000 million to 30,000 million"),
        answer("over-30b", [9, 9, 8, 0], "More than 30,000 million"),
    ],
    sources: &["prices", "freehold"],
};

/// Whether the model must be changed.
pub(super) static CUSTOM: Question = Question {
    id: "custom",
    name: "changes to the model",
    factor: Factor::UseCase,
    text: "What has to be changed or fixed in the model itself?",
    help: "If prompts and retrieved documents were enough in every trial so far, take the first.",
    why: "Weights in hand can be tuned, pinned and taken along. A vendor's model can be tuned as far and \
          as long as its vendor offers it; one large vendor began to end its own offer in May 2026.",
    driver: Some(Driver::Control),
    share: 6,
    answers: &[
        answer("prompts", [8, 8, 8, 8], "Nothing: prompts and retrieval are enough"),
        answer("adapters", [10, 8, 7, 4], "Adapters tuned on our own examples"),
        answer("pinned", [10, 9, 7, 2], "One exact version, the same for years"),
        answer("full", [10, 6, 5, 0], "Own training, or weights inside our product or device"),
    ],
    sources: &["openai-tuning", "openai-deprecations"],
};

/// What a retirement would cost.
pub(super) static RETIRED: Question = Question {
    id: "retired",
    name: "cost of a retirement",
    factor: Factor::UseCase,
    text: "The model you use is retired in six months. What does that cost you?",
    help: "Think of what has to be tested, validated or approved again.",
    why: "Vendors retire models by a calendar of their own; six months is one large vendor's shortest \
          notice for generally available models. Weights on your own disk are not retired by anybody.",
    driver: Some(Driver::Freedom),
    share: 10,
    answers: &[
        answer("little", [7, 7, 7, 7], "A few days: prompts are few and tested"),
        answer("project", [9, 8, 7, 5], "A project of weeks"),
        answer("stop", [10, 8, 6, 1], "We cannot: it is validated, certified or built in"),
    ],
    sources: &["openai-deprecations"],
};

/// What follows from an answer.
pub(super) static ACTION: Question = Question {
    id: "action",
    name: "what answers set off",
    factor: Factor::UseCase,
    text: "What may an answer set off before a person has seen it?",
    help: "Tools, workflows and messages to customers count; a draft that waits for a person does not.",
    why: "The harm that a wrong or manipulated answer can do is bounded by what it may set off, \
          whoever runs the model.",
    driver: None,
    share: 0,
    answers: &[
        answer("nothing", EVEN, "Nothing: a person reads it first"),
        answer("reversible", EVEN, "Things that can be undone"),
        answer("irreversible", EVEN, "Money, access, safety, messages to the outside"),
    ],
    sources: &["owasp-llm06", "owasp-llm05"],
};
