//! The questions of a plan as a form that is sent by GET, so that a plan has an address.

use freehold_catalog::Catalog;
use freehold_plan::{
    ask::{Ask, Group, Kind, QUESTIONS, Question},
    prices,
};
use maud::{Markup, html};

/// The form, with what was filled in.
pub(super) fn form(catalog: &Catalog, ask: &Ask) -> Markup {
    html! {
        form.asking method="get" action="/plan" aria-label="What to plan" {
            @for group in GROUPS {
                @let fields = html! {
                    div.filter {
                        @for question in QUESTIONS.iter().filter(|one| one.group == group) {
                            (field(question, ask))
                        }
                    }
                };
                @let filled = QUESTIONS
                    .iter()
                    .any(|one| one.group == group && ask.text(one.key).is_some());
                @if matches!(group, Group::Model | Group::Load) {
                    fieldset { legend.t { (group.name()) } (fields) }
                } @else {
                    details.unfold open[filled] {
                        summary { (group.name()) }
                        (fields)
                    }
                }
            }
            (lists(catalog))
            p.buttons {
                button { "Plan" }
                @if ask.answers().next().is_some() { " " a href="/plan" { "Start again" } }
            }
        }
    }
}

fn field(question: &Question, ask: &Ask) -> Markup {
    let id = format!("plan-{}", question.key);
    let value = ask.text(question.key).unwrap_or_default();
    let label = match question.kind {
        Kind::Number(_, _, unit) if !unit.is_empty() => format!("{}, {unit}", question.label),
        _ => question.label.to_owned(),
    };
    html! {
        div {
            label.t for=(id) { (label) }
            @match question.kind {
                Kind::Choice(choices) => {
                    select id=(id) name=(question.key) {
                        option value="" { "default" }
                        @for choice in choices {
                            option value=(choice) selected[*choice == value] { (choice) }
                        }
                    }
                }
                Kind::Name => {
                    input id=(id) name=(question.key) value=(value) autocomplete="off"
                        spellcheck="false" list=[list(question.key)];
                }
                Kind::Number(..) | Kind::Count(..) => {
                    input id=(id) name=(question.key) value=(value) inputmode="decimal"
                        autocomplete="off";
                }
            }
        }
    }
}

/// Which names a field offers.
fn list(key: &str) -> Option<&'static str> {
    match key {
        "model" => Some("plan-models"),
        "on" => Some("plan-hardware"),
        "hosted" | "premium" => Some("plan-offers"),
        _ => None,
    }
}

/// The names of the catalogue; a few kilobytes, so that choosing works without a script.
fn lists(catalog: &Catalog) -> Markup {
    let mut offers: Vec<String> = catalog.hosted().iter().map(prices::name).collect();
    offers.sort();
    offers.dedup();
    html! {
        datalist id="plan-models" {
            @for model in catalog.models().filter(|model| model.geometry.is_some()) {
                option value=(model.id) {}
            }
        }
        datalist id="plan-hardware" {
            @for hardware in catalog.hardware() { option value=(hardware.id) {} }
        }
        datalist id="plan-offers" { @for offer in &offers { option value=(offer) {} } }
    }
}

const GROUPS: [Group; 5] =
    [Group::Model, Group::Load, Group::Hosted, Group::Machines, Group::People];
