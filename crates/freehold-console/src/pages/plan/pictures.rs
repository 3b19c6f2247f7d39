//! The pictures of a plan.

use freehold_plan::{Figure, report::Plan};
use maud::{Markup, html};

use crate::plot::{Axis, Bar, Bars, Lines, Mark, Part, Point, Scale, Series, Tone};

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

/// What of a device's memory is taken by what, in gigabytes.
pub(super) fn memory(plan: &Plan) -> Markup {
    let Some(machine) = &plan.machine else { return html! {} };
    let memory = &machine.memory;
    let part = |name: &str, figure: &Figure, tone| Part {
        name: name.to_owned(),
        value: figure.value() / 1e9,
        tone,
        known: true,
    };
    let mut parts = vec![
        part("weights", &memory.weights, Tone::Deed),
        part("activations", &memory.activations, Tone::Hold),
        part("driver, graphs, buffers", &memory.overhead, Tone::Soft),
    ];
    if memory.free.value() > 0.0 {
        parts.push(part("left for caches", &memory.free, Tone::Note));
    }
    let usable = Bar::simple("usable", memory.usable.value() / 1e9, Tone::Soft);
    let taken = Bar { name: "taken by".to_owned(), parts, words: None };
    Bars { title: "Memory of one device, in GB".to_owned(), rows: vec![taken, usable] }.figure()
}

/// Tokens a second against requests in flight.
pub(super) fn speed(plan: &Plan) -> Markup {
    let serving = plan.machine.as_ref().and_then(|machine| machine.serving.as_ref());
    let Some(serving) = serving else { return html! {} };
    let points = serving.curve.iter().map(|point| Point {
        x: point.in_flight,
        y: point.generated,
        band: Some((point.low, point.high)),
    });
    Lines {
        id: "speed".to_owned(),
        title: "Speed of one replica against requests in flight".to_owned(),
        description:
            "The band holds 90 of 100 cases. More requests at once share each reading of the \
                      weights, until memory or a target ends it."
                .to_owned(),
        x: Axis { name: "requests in flight".to_owned(), scale: Scale::Log },
        y: Axis { name: "generated tokens a second".to_owned(), scale: Scale::Linear },
        series: vec![Series {
            name: "all requests together".to_owned(),
            tone: Tone::Deed,
            points: points.collect(),
        }],
        marks: vec![Mark {
            x: serving.service.busy.in_flight.value(),
            words: "your busiest hour".to_owned(),
        }],
    }
    .figure()
}

const TONES: [Tone; 3] = [Tone::Deed, Tone::Note, Tone::Hold];
