//! The arithmetic of a plan's figures, unfolded to inputs and sources.

use freehold_plan::{Figure, report::Plan};

use super::error::PlanFailure;
use crate::render;

/// Shows the arithmetic of the figures whose name contains a text.
pub(super) fn show(plan: &Plan, part: &str) -> Result<(), PlanFailure> {
    let all = plan.figures();
    let wanted = part.to_lowercase();
    let named =
        |figure: &&Figure| figure.name().unwrap_or_default().to_lowercase().contains(&wanted);
    let found: Vec<&Figure> = all.iter().copied().filter(named).collect();
    if found.is_empty() {
        let names = all.iter().filter_map(|figure| figure.name()).map(str::to_owned).collect();
        return Err(PlanFailure::NoFigure { part: part.to_owned(), names });
    }
    for figure in found {
        render::line(figure.explained());
    }
    Ok(())
}
