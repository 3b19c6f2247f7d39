//! Forms that filter a list: they are sent by GET, so that a filtered list has an address.

use maud::{Markup, html};

/// One field of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field<'a> {
    /// Free text.
    Text {
        /// Its name in the address.
        name: &'a str,
        /// What it asks for.
        label: &'a str,
        /// What was entered.
        value: &'a str,
    },
    /// A number.
    Number {
        /// Its name in the address.
        name: &'a str,
        /// What it asks for, with the unit.
        label: &'a str,
        /// What was entered.
        value: &'a str,
    },
    /// A day and a minute, in UTC.
    Moment {
        /// Its name in the address.
        name: &'a str,
        /// What it asks for.
        label: &'a str,
        /// What was entered, as `2026-11-23T16:00`.
        value: &'a str,
    },
    /// One of several.
    Choice {
        /// Its name in the address.
        name: &'a str,
        /// What it asks for.
        label: &'a str,
        /// What was chosen.
        value: &'a str,
        /// What can be chosen: the value in the address, and the words. The first one is what
        /// holds where nothing was chosen.
        options: &'a [(&'a str, &'a str)],
    },
}

impl Field<'_> {
    fn name(&self) -> &str {
        match self {
            Self::Text { name, .. }
            | Self::Number { name, .. }
            | Self::Moment { name, .. }
            | Self::Choice { name, .. } => name,
        }
    }

    fn label(&self) -> &str {
        match self {
            Self::Text { label, .. }
            | Self::Number { label, .. }
            | Self::Moment { label, .. }
            | Self::Choice { label, .. } => label,
        }
    }

    fn is_set(&self) -> bool {
        match self {
            Self::Text { value, .. } | Self::Number { value, .. } | Self::Moment { value, .. } => {
                !value.is_empty()
            }
            Self::Choice { value, options, .. } => {
                !value.is_empty() && options.first().is_none_or(|(first, _)| first != value)
            }
        }
    }

    fn control(&self) -> Markup {
        let id = format!("filter-{}", self.name());
        html! {
            @match self {
                Self::Text { name, value, .. } => {
                    input id=(id) name=(name) value=(value) autocomplete="off" spellcheck="false";
                }
                Self::Number { name, value, .. } => {
                    input id=(id) name=(name) value=(value) inputmode="decimal" autocomplete="off";
                }
                Self::Moment { name, value, .. } => {
                    input id=(id) name=(name) value=(value) type="datetime-local";
                }
                Self::Choice { name, value, options, .. } => {
                    select id=(id) name=(name) {
                        @for (option, words) in *options {
                            option value=(option) selected[option == value] { (words) }
                        }
                    }
                }
            }
        }
    }
}

/// A form that shows the page at `action` again with what was filled in, and a way back to all.
pub fn filter(action: &str, fields: &[Field<'_>]) -> Markup {
    filter_folded(action, fields, "", &[])
}

/// The same with more fields below a `summary`, folded away until one of them is filled in.
pub fn filter_folded(
    action: &str,
    fields: &[Field<'_>],
    summary: &str,
    more: &[Field<'_>],
) -> Markup {
    html! {
        form.filter method="get" action=(action) role="search" aria-label="Filter" {
            @for field in fields { (labelled(field)) }
            @if !more.is_empty() {
                details open[more.iter().any(Field::is_set)] {
                    summary { (summary) }
                    div.more { @for field in more { (labelled(field)) } }
                }
            }
            p.buttons {
                button { "Show" }
                @if fields.iter().chain(more).any(Field::is_set) { " " a href=(action) { "Show all" } }
            }
        }
    }
}

fn labelled(field: &Field<'_>) -> Markup {
    html! {
        div {
            label.t for={ "filter-" (field.name()) } { (field.label()) }
            (field.control())
        }
    }
}
