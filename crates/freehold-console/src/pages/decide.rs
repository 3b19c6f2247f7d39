//! The pages of Decide: they need no engine, no model and no key, so a console without an
//! installation serves them too.
//!
//! A page is one file, with its place in the navigation as a constant. To add one: `mod` in
//! `pages.rs`, its place in [`PLACES`], its route in [`routes`]. Its handlers take
//! `State<Console>` and show themselves in [`frame::page`](super::frame::page). Nothing is listed
//! here that is not there.

use axum::{Router, routing::get};

use super::{catalogue, fit, frame::Place};
use crate::console::Console;

/// What the navigation and the home page list, in the order of deciding.
pub(crate) const PLACES: &[Place] = &[
    // One line a page.
    fit::PLACE,
    catalogue::PLACE,
];

/// Their routes, the same in every console.
pub(crate) fn routes() -> Router<Console> {
    // One line a route.
    Router::new()
        .route("/fit", get(fit::show))
        .route("/fit.json", get(fit::json))
        .route("/fit.md", get(fit::markdown))
        .route("/catalogue", get(catalogue::show))
        .route("/catalogue.json", get(catalogue::json))
        .route("/catalogue.csv", get(catalogue::csv))
        .route("/catalogue/model", get(catalogue::model::show))
        .route("/catalogue/model.json", get(catalogue::model::json))
        .route("/catalogue/compare", get(catalogue::compare::show))
        .route("/catalogue/compare.json", get(catalogue::compare::json))
}
