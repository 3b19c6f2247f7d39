//! The pictures of a plan.

use freehold_plan::report::Plan;
use maud::{Markup, html};

use crate::plot::{Axis, Lines, Mark, Point, Scale, Series, Tone};

/// What each way costs against volume, with the break-even.
pub(super) fn costs(plan: &Plan) -> Markup {
    let money = &plan.money;
    let series = money.bills.iter().zip(TONES).enumerate().map(|(place, (bill, tone))| Series {
        name: bill.name.clone(),
        tone,
        points: money
            .curve
            .iter()
            .filter_map(|point| {
                let cost = point.costs.get(place)?;
                let band = cost.high.map(|high| (cost.low, high));
                Some(Point { x: point.volume, y: cost.value, band })
            })
            .collect(),
    });
    let mut marks = vec![Mark { x: money.volume.value(), words: "today".to_owned() }];
    let end = money.curve.last().map_or(0.0, |point| point.volume);
    for meets in &money.break_even {
        if let Some(at) = meets.meets.first().filter(|at| *at > 0.0 && *at <= end) {
            marks.push(Mark { x: at, words: format!("break-even with {}", meets.hosted) });
        }
    }
    if money.curve.is_empty() {
        return html! {};
    }
    Lines {
        id: "costs".to_owned(),
        title: "Cost a month against volume".to_owned(),
        description: format!(
            "{} Bands hold 90 of 100 cases; steps are further machines.",
            money.verdict.headline
        ),
        x: Axis { name: "million tokens a month".to_owned(), scale: Scale::Linear },
        y: Axis { name: "USD a month".to_owned(), scale: Scale::Linear },
        series: series.collect(),
        marks,
    }
    .figure()
}

const TONES: [Tone; 3] = [Tone::Deed, Tone::Note, Tone::Hold];
