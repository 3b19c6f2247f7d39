//! Questions about the data: what they are and where they may go. Answers go from less to more
//! sensitive; a test holds that a later one never speaks for handing more out.

use super::{EVEN, Question, answer};
use crate::{Driver, Factor};

/// The most sensitive thing in prompts.
pub(super) static CLASS: Question = Question {
    id: "class",
    name: "most sensitive data",
    factor: Factor::DataSensitivity,
    text: "What is the most sensitive thing that prompts, documents or answers will hold?",
    help: "What people will really paste, not what the policy says they should.",
    why: "Personal data need a lawful basis and a processor bound by contract; health and other special \
          categories need more; health data in the United States need a business associate agreement \
          with whoever holds them, even encrypted.",
    driver: Some(Driver::Privacy),
    share: 5,
    answers: &[
        answer("public", [10, 10, 10, 10], "Only what is public"),
        answer("internal", [10, 9, 8, 7], "Internal matters, no personal data"),
        answer("confidential", [10, 8, 6, 4], "Personal data or business secrets"),
        answer(
            "restricted",
            [10, 6, 3, 0],
            "Health, special categories, secrets of state or of clients",
        ),
    ],
    sources: &["gdpr-28", "hipaa-cloud"],
};

/// Whether prompts may leave.
pub(super) static LEAVE: Question = Question {
    id: "leave",
    name: "may data leave",
    factor: Factor::DataSensitivity,
    text: "May prompts and answers leave machines that you control?",
    help: "Ask whoever signs for data protection. If nobody was asked yet, that is a “don't know”.",
    why: "What may not leave cannot be bought as a service, whatever it costs.",
    driver: None,
    share: 0,
    answers: &[
        answer("contract", EVEN, "Yes, to any provider with a processing contract"),
        answer("some", EVEN, "The routine may, the most sensitive may not"),
        answer("reserved", EVEN, "Only to capacity reserved for us alone"),
        answer("never", EVEN, "No"),
    ],
    sources: &["gdpr-28", "gdpr-44", "edpb-01-2020"],
};

/// Where they must stay.
pub(super) static RESIDENCY: Question = Question {
    id: "residency",
    name: "where data must stay",
    factor: Factor::DataSensitivity,
    text: "Where do data have to be processed and kept?",
    help: "Law, contracts with customers, or a regulator may say it.",
    why: "Personal data may leave the European Economic Area only under the conditions of GDPR's \
          chapter V; other places have rules of their own.",
    driver: None,
    share: 0,
    answers: &[
        answer("anywhere", EVEN, "Anywhere"),
        answer("region", EVEN, "In one legal region, such as the EEA"),
        answer("country", EVEN, "In one country"),
    ],
    sources: &["gdpr-44", "schrems-2"],
};

/// Who promises to keep them there.
pub(super) static PROVIDERS: Question = Question {
    id: "providers",
    name: "who promises that",
    factor: Factor::DataSensitivity,
    text: "Who promises, in a contract that you have read, to process and keep them only there?",
    help: "“Only there” covers support, logs and abuse monitoring, too. If data may be anywhere, take \
           the first.",
    why: "A residency rule removes every offer that does not promise it; which offers do differs by \
          region and year, so Freehold asks and does not assume.",
    driver: None,
    share: 0,
    answers: &[
        answer("vendors", EVEN, "A vendor of proprietary models, and hosts of open ones"),
        answer("hosts", EVEN, "Only hosts of open models"),
        answer("none", EVEN, "Nobody"),
    ],
    sources: &["gdpr-44", "openai-data"],
};

/// Whether a provider may keep them.
pub(super) static RETENTION: Question = Question {
    id: "retention",
    name: "may a provider keep prompts",
    factor: Factor::DataSensitivity,
    text: "May a provider keep prompts for some days, to look for abuse?",
    help: "That is the usual default of hosted interfaces.",
    why: "One large vendor keeps abuse monitoring logs, which may hold prompts and answers, for up to 30 \
          days, and leaves them out for customers whom it approves.",
    driver: Some(Driver::Privacy),
    share: 3,
    answers: &[
        answer("days", [10, 10, 10, 10], "Yes"),
        answer("zero", [10, 9, 8, 6], "Only with a contract that nothing is kept"),
        answer("no", [10, 6, 3, 0], "No, and no contract would do"),
    ],
    sources: &["openai-data"],
};

/// Whose orders reach them.
pub(super) static ORDERS: Question = Question {
    id: "orders",
    name: "orders of other countries",
    factor: Factor::DataSensitivity,
    text: "May somebody hold them whom another country's authorities can order to hand them over?",
    help: "Where the provider's parent company sits decides it, not only where its servers stand.",
    why: "United States law reaches data that its providers hold abroad; the Court of Justice of the EU \
          struck down a transfer decision because of such access.",
    driver: Some(Driver::Privacy),
    share: 2,
    answers: &[
        answer("yes", [10, 10, 10, 10], "Yes"),
        answer("safeguards", [10, 8, 7, 5], "Only with safeguards that counsel has accepted"),
        answer("no", [10, 6, 3, 0], "No"),
    ],
    sources: &["cloud-act", "schrems-2", "edpb-01-2020"],
};
