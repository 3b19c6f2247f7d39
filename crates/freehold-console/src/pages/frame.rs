//! The frame of all pages: head, navigation with what exists, permits strip, marks of states.

use freehold_types::Timestamp;
use maud::{DOCTYPE, Markup, html};

use crate::{
    Control, Standing,
    assets::{SCRIPT, STYLE},
    pages::state::Measured,
    time,
    way::Passed,
};

/// A page of the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Playground,
    State,
    Records,
}

/// A page for those who are signed in.
pub(crate) fn inside(title: &str, place: Place, measured: &Measured, content: &Markup) -> Markup {
    document(
        title,
        &html! {
            a.skip href="#main" { "Skip to the content" }
            div.frame {
                header {
                    p.name { "Freehold" }
                    nav aria-label="Freehold" {
                        p.group id="group-run" { "Run" }
                        ul aria-labelledby="group-run" {
                            li { (link(place, Place::Playground, "/playground", "Playground")) }
                            li { (link(place, Place::State, "/state", "State")) }
                        }
                        p.group id="group-prove" { "Prove" }
                        ul aria-labelledby="group-prove" {
                            li { (link(place, Place::Records, "/records", "Record")) }
                        }
                    }
                    form.out method="post" action="/sign-out" { button.quiet { "Sign out" } }
                }
                main id="main" tabindex="-1" {
                    (content)
                    footer {
                        p.src { "Measured " (moment(measured.time)) " by this machine’s clock." }
                    }
                }
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

fn link(here: Place, place: Place, path: &str, name: &str) -> Markup {
    let current = (here == place).then_some("page");
    html! { a href=(path) aria-current=[current] { (name) } }
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
