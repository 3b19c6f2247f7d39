//! The playground: ask through the real gateway, and see the receipt beside the answer.

use axum::{
    Form,
    body::Body,
    extract::rejection::FormRejection,
    extract::{Query, State},
    http::{HeaderMap, header},
    response::{IntoResponse, Response},
};
use maud::{Markup, html};

use super::{
    frame::{self, PLAYGROUND},
    page, receipt, record, refusal,
    state::{Measured, measure},
};
use crate::{
    Terminal,
    asking::{self, Answered, CLASSES, Question},
    console::Running,
};

/// The form; an address may name the model.
pub(crate) async fn show(
    State(running): State<Running>,
    Query(question): Query<Question>,
) -> Response {
    whole(&running, &question, None).await
}

/// Asks. For a script it passes the gateway's stream on as it is; for a form it waits for the
/// whole answer and gives a page with it.
pub(crate) async fn ask(
    State(running): State<Running>,
    headers: HeaderMap,
    form: Result<Form<Question>, FormRejection>,
) -> Response {
    let Form(question) = match form {
        Ok(form) => form,
        Err(rejection) => {
            return refusal(rejection.status(), "not-a-form", NOT_A_FORM);
        }
    };
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    if accepts.is_some_and(|kinds| kinds.contains("text/event-stream")) {
        return asking::ask(&running, &question, true).await.map(Body::new);
    }
    let answered = asking::read(asking::ask(&running, &question, false).await).await;
    whole(&running, &question, Some(answered)).await
}

async fn whole(running: &Running, question: &Question, answered: Option<Answered>) -> Response {
    let receipt = match answered.as_ref().map(|answered| answered.record) {
        None => receipt::none_yet(),
        Some(None) => receipt::no_record(),
        Some(Some(id)) => match record::read(running, id).await {
            Ok(record) => receipt::receipt(&record, &running.log.status(), &running.terminal),
            Err(_) => receipt::no_record(),
        },
    };
    let measured = measure(running);
    let content = html! {
        h1 { "Playground" }
        p.lede {
            "Ask through the real gateway. What you see beside the answer is what an auditor will see."
        }
        (frame::permits(&measured))
        div.two {
            div {
                (form(&measured, &running.terminal, question))
                (answer(answered.as_ref()))
            }
            (receipt)
        }
    };
    page(frame::inside("Playground", PLAYGROUND, &measured, &content)).into_response()
}

fn form(measured: &Measured, terminal: &Terminal, question: &Question) -> Markup {
    let models = || measured.models.iter().filter(|model| model.chat);
    html! {
        form id="ask" method="post" action="/ask" {
            @if models().next().is_none() {
                p {
                    "No model answers questions here. Start Freehold with "
                    code { (terminal.about("up --model PATH")) } " to serve one."
                }
            }
            div.fields {
                div {
                    label.t for="model" { "Model" }
                    select id="model" name="model" {
                        @for model in models() {
                            option value=(model.name) selected[model.name == question.model] {
                                (model.name)
                            }
                        }
                    }
                }
                div {
                    label.t for="class" { "Label of what you send" }
                    select id="class" name="class" {
                        option value="" { "as configured" }
                        @for class in CLASSES.map(|class| class.to_string()) {
                            option value=(class) selected[class == question.class] { (class) }
                        }
                    }
                }
            }
            label.t for="passage" { "Passage" span.src { " if the answer is to come from a text" } }
            textarea id="passage" name="passage" rows="3" { "\n" (question.passage) }
            label.t for="message" { "Message" }
            textarea id="message" name="message" rows="2" required { "\n" (question.message) }
            p.buttons {
                button id="send" { "Ask" } " "
                button.quiet id="stop" type="button" hidden { "Stop" }
            }
        }
    }
}

/// The place of the answer. It is announced politely, as a whole, when it is complete.
fn answer(answered: Option<&Answered>) -> Markup {
    html! {
        section.sheet.answer-sheet id="answer-sheet" aria-labelledby="h-answer"
            hidden[answered.is_none()] {
            h2.t id="h-answer" { "Answer" }
            div id="answer" aria-live="polite" aria-atomic="true" {
                @match answered.map(|answered| &answered.answer) {
                    None => {}
                    Some(Ok(text)) if text.is_empty() => { p.src { "The model said nothing." } }
                    Some(Ok(text)) => { p.answer { (text) } }
                    Some(Err(why)) => {
                        p.problem { (frame::state("no", "no answer")) " " (why) }
                    }
                }
            }
            p.src id="progress" role="status" {}
        }
    }
}

const NOT_A_FORM: &str = "The form could not be read, so nothing was asked: it is longer than 1 MiB, \
    or not what the page sends.";
