//! The questions as a form that is sent by GET, and the address and the command that say the same.

use freehold_fit::{Driver, Factor, Profile, QUESTIONS, Question, UNKNOWN, Weights, source};
use maud::{Markup, html};

use crate::kit;

/// All questions, with what was answered.
pub(super) fn form(profile: &Profile, weights: &Weights) -> Markup {
    html! {
        form.questions method="get" action="/fit" aria-label="Questions" {
            @for factor in Factor::ALL {
                h2 { (factor.name()) }
                div.parts {
                    @for (at, question) in QUESTIONS.iter().enumerate() {
                        @if question.factor == factor { (asked(question, profile.at(at))) }
                    }
                }
            }
            (kit::unfold("What counts for how much", &weighed(weights)))
            p.buttons { button { "Show the advice" } " " a href="/fit" { "Begin anew" } }
        }
    }
}

fn asked(question: &Question, answer: Option<usize>) -> Markup {
    html! {
        fieldset.sheet {
            legend { (question.text) }
            p.src { (question.help) }
            @for (place, one) in question.answers.iter().enumerate() {
                (choice(question.id, one.id, one.text, answer == Some(place)))
            }
            (choice(question.id, UNKNOWN, "Don\u{2019}t know", answer.is_none()))
            (kit::unfold(&format!("Why: {}", question.name), &why(question)))
        }
    }
}

fn choice(question: &str, answer: &str, words: &str, chosen: bool) -> Markup {
    html! {
        label.choice {
            input type="radio" name=(question) value=(answer) checked[chosen];
            span { (words) }
        }
    }
}

fn why(question: &Question) -> Markup {
    html! {
        p { (question.why) }
        ul.plain {
            @for source in question.sources.iter().filter_map(|id| source(id)) {
                @let words = format!("{} ({})", source.title, source.standing.words());
                li {
                    (kit::source(&kit::Provenance {
                        source: &words,
                        address: Some(source.url),
                        seen: source.seen,
                        due: None,
                    }))
                }
            }
        }
    }
}

fn weighed(weights: &Weights) -> Markup {
    html! {
        p.src { "Only the proportions matter. The defaults are a starting point, not a finding." }
        div.fields {
            @for driver in Driver::ALL {
                @let name = format!("weight-{}", driver.id());
                div {
                    label.t for=(name) { (driver.name()) }
                    input id=(name) name=(name) value=(weights.of(driver)) inputmode="numeric"
                        autocomplete="off";
                }
            }
        }
    }
}

/// The part of the address that says these answers: shorter than what the form sends.
pub(super) fn query(profile: &Profile, weights: &Weights) -> String {
    let mut parts: Vec<String> = said(profile);
    for driver in changed(weights) {
        parts.push(format!("weight-{}={}", driver.id(), weights.of(driver)));
    }
    if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
}

/// The arguments of `freehold fit` that say these answers. Names of questions and answers are plain
/// words, so a shell takes them as they are.
pub(super) fn arguments(profile: &Profile, weights: &Weights) -> String {
    let mut words: String =
        said(profile).iter().map(|answer| format!(" --answer {answer}")).collect();
    for driver in changed(weights) {
        words.push_str(&format!(" --weight {}={}", driver.id(), weights.of(driver)));
    }
    words
}

fn said(profile: &Profile) -> Vec<String> {
    let known = QUESTIONS.iter().filter_map(|question| {
        profile.answer(question.id).map(|answer| format!("{}={answer}", question.id))
    });
    known.collect()
}

fn changed(weights: &Weights) -> impl Iterator<Item = Driver> {
    let default = Weights::default();
    Driver::ALL.into_iter().filter(move |driver| weights.of(*driver) != default.of(*driver))
}
