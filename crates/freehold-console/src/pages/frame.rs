//! The frame of all pages: head, navigation with what exists, permits strip, marks of states.

use axum::response::{IntoResponse, Response};
use freehold_types::Timestamp;
use maud::{DOCTYPE, Markup, html};

use super::{
    decide,
    state::{Measured, measure},
};
use crate::{
    Control, Standing,
    assets::{SCRIPT, STYLE},
    attention,
    console::Console,
    time,
    way::Passed,
};

/// A page of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its address.
    pub(crate) path: &'static str,
    /// Its name in the navigation.
    pub(crate) name: &'static str,
    /// What one does there: a sentence for the home page.
    pub(crate) about: &'static str,
}

/// A page that every console has, with an installation or without.
pub(crate) fn page(console: &Console, title: &str, place: Place, content: &Markup) -> Response {
    let shown = match console.installation() {
        None => framed(title, place, &[("Decide", decide::PLACES)], 0, &html! {}, content),
        Some(running) => inside(title, place, &measure(running), content),
    };
    super::page(shown).into_response()
}

/// A page of a running Freehold, for those who are signed in.
pub(crate) fn inside(title: &str, place: Place, measured: &Measured, content: &Markup) -> Markup {
    let groups = [("Decide", decide::PLACES), ("Run", RUN), ("Prove", PROVE)];
    let out = html! {
        form.out method="post" action="/sign-out" { button.quiet { "Sign out" } }
    };
    let content = html! {
        (content)
        footer { p.src { "Measured " (moment(measured.time)) " by this machine’s clock." } }
    };
    let due = attention::due(measured).len();
    framed(title, place, &groups, due, &out, &content)
}

fn framed(
    title: &str,
    here: Place,
    groups: &[(&str, &[Place])],
    due: usize,
    out: &Markup,
    content: &Markup,
) -> Markup {
    let current = |place: &Place| (*place == here).then_some("page");
    document(
        title,
        &html! {
            a.skip href="#main" { "Skip to the content" }
            div.frame {
                header {
                    p.name {
                        a href=(HOME.path) aria-current=[current(&HOME)] {
                            (HOME.name)
                            @if due > 0 { " " span.n { (due) " to look at" } }
                        }
                    }
                    nav aria-label="Freehold" {
                        @for (group, places) in groups.iter().filter(|(_, places)| !places.is_empty()) {
                            @let id = format!("group-{}", group.to_lowercase());
                            p.group id=(id) { (group) }
                            ul aria-labelledby=(id) {
                                @for place in *places {
                                    li { a href=(place.path) aria-current=[current(place)] { (place.name) } }
                                }
                            }
                        }
                    }
                    (out)
                }
                main id="main" tabindex="-1" { (content) }
            }
        },
    )
}

/// A page for everybody.
pub(crate) fn bare(title: &str, content: &Markup) -> Markup {
    document(title, &html! { main.bare id="main" { p.name { "Freehold" } (content) } })
}

/// The four controls, each with what was measured.
pub(crate) fn permits(measured: &Measured) -> Markup {
    let controls = [
        ("Admission", &measured.posture.admission),
        ("Boundary", &measured.posture.boundary),
        ("Tools", &measured.posture.tools),
        ("Record", &measured.record),
    ];
    html! {
        ul.permits id="permits" data-live="/parts/permits" aria-label="Controls in force, as measured" {
            @for (name, control) in controls { (permit(name, control)) }
        }
    }
}

/// A state in words, with a mark whose shape says the same.
pub(crate) fn state(class: &str, words: &str) -> Markup {
    html! { span.state.(class) { (words) } }
}

/// The class of a mark.
pub(crate) fn mark(passed: Passed) -> &'static str {
    match passed {
        Passed::Yes => "ok",
        Passed::Stopped => "no",
        Passed::NotReached => "info",
        Passed::Open => "wait",
    }
}

/// A moment; a script adds the local time on hover and focus.
pub(crate) fn moment(time: Timestamp) -> Markup {
    html! { time datetime=(time::iso(time)) { (time::utc(time)) } }
}

fn permit(name: &str, control: &Control) -> Markup {
    let class = match control.standing {
        Standing::Enforced => "ok",
        Standing::Partly => "wait",
        Standing::NotInForce => "no",
        Standing::Nothing => "info",
    };
    html! {
        li {
            b { (name) }
            " " (state(class, control.standing.words()))
            small { (control.because) }
        }
    }
}

fn document(title: &str, content: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Freehold" }
                link rel="icon" href="data:,";
                link rel="stylesheet" href=(STYLE.path);
                script src=(SCRIPT.path) defer {}
            }
            body { (content) }
        }
    }
}

/// The first page; the product's name leads there.
pub(crate) const HOME: Place =
    Place { path: "/", name: "Freehold", about: "What is in force, and what waits for somebody." };

/// What is served.
pub(crate) const MODELS: Place = Place {
    path: "/models",
    name: "Models",
    about: "Each model: its digest, its files, who admitted it, where it runs and what confines it.",
};

/// Where one asks.
pub(crate) const PLAYGROUND: Place = Place {
    path: "/playground",
    name: "Playground",
    about: "Ask a model through the real gateway, and read the receipt.",
};

/// How everything is now.
pub(crate) const STATE: Place =
    Place { path: "/state", name: "State", about: "Controls, workers, log and disk, as measured." };

/// What happened.
pub(crate) const RECORDS: Place = Place {
    path: "/records",
    name: "Record",
    about: "Every request, how it ended, and its proof.",
};

/// Pages about running.
pub(crate) const RUN: &[Place] = &[MODELS, PLAYGROUND, STATE];
/// Pages about proving.
pub(crate) const PROVE: &[Place] = &[RECORDS];
