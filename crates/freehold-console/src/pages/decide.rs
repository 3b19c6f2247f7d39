//! The pages of Decide: they need no engine, no model and no key, so a console without an
//! installation serves them too.
//!
//! A page is one file, with its place in the navigation as a constant. To add one: `mod` in
//! `pages.rs`, its place in [`PLACES`], its route in [`routes`]. Its handlers take
//! `State<Console>` and show themselves in [`frame::page`](super::frame::page). Nothing is listed
//! here that is not there.

use axum::{Router, routing::get};

use super::{frame::Place, plan};
use crate::console::Console;

/// What the navigation and the home page list, in the order of deciding.
pub(crate) const PLACES: &[Place] = &[
    // One line a page: `fit::PLACE,`
    plan::PLACE,
];

/// Their routes, the same in every console.
pub(crate) fn routes() -> Router<Console> {
    Router::new()
        // One line a route: `.route("/fit", get(fit::show))`
        .route("/plan", get(plan::show))
        .route("/plan.json", get(plan::json))
        .route("/plan.csv", get(plan::table))
}
