//! The volume at which running a model costs as much as buying its answers, how far that may be off,
//! and which inputs move it most.

mod crossing;

use serde::Serialize;

pub use crossing::{Crossing, Curve, Step, crossing};

use crate::{
    Figure, Interval, Source, Unit,
    bill::{Column, volume},
    draws::{COUNT, Draw, Draws, quantile},
};

/// Where one way to get answers begins to cost less than another.
#[derive(Debug, Clone, Serialize)]
pub struct BreakEven {
    /// The way that costs much to begin with.
    pub own: String,
    /// The way that costs by the token.
    pub hosted: String,
    /// Where the two meet, with the inputs as they are.
    pub meets: Crossing,
    /// The smallest volume at which both cost the same, with its arithmetic; none where they never do.
    pub volume: Option<Figure>,
    /// Where the volume lies in [`crate::COVERAGE`] of the cases; an end that is none is beyond the
    /// horizon.
    pub interval: Ends,
    /// In which part of the cases the first way costs less at today's volume.
    pub own_is_cheaper: f64,
    /// In which part of the cases the two never meet within the horizon.
    pub never: f64,
    /// No volume beyond this one, in million tokens a month, was looked at.
    pub horizon: f64,
    /// The inputs that move it, the strongest first.
    pub moved_by: Vec<Moved>,
}

/// An interval that may be open.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Ends {
    /// The lower end, in million tokens a month.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
}

/// What one input does to the break-even.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moved {
    /// The input.
    pub input: String,
    /// Its unit.
    pub unit: Unit,
    /// Where it may lie.
    pub between: Interval,
    /// The break-even with the input at its lower end, in million tokens a month; none if there is none.
    pub at_low: Option<f64>,
    /// The same at its upper end.
    pub at_high: Option<f64>,
    /// The difference in cost at today's volume, in `USD/month`, that the input makes from end to end.
    pub swing: f64,
}

/// Compares two ways to get answers at all volumes up to the horizon, in million tokens a month;
/// `today` is the volume there is.
pub fn break_even(own: &Column, hosted: &Column, today: &Figure, horizon: f64) -> BreakEven {
    let parts = [Parts::of(own), Parts::of(hosted)];
    let figures = parts.iter().flat_map(|parts| parts.all()).chain([today]);
    let draws = Draws::over(figures);
    let meets_with = |draw: &Draw<'_>| {
        let [own, hosted] = [0, 1].map(|nth: usize| parts[nth].curve(draw));
        (crossing(&own, &hosted, horizon), own, hosted)
    };
    let unmoved = draws.moved("", 0.0);
    let (meets, own_curve, hosted_curve) = meets_with(&unmoved);

    let (mut firsts, mut cheaper, mut never) = (Vec::with_capacity(COUNT), 0.0, 0.0);
    for index in 0..COUNT {
        let draw = draws.draw(index);
        let (meets, own, hosted) = meets_with(&draw);
        let volume = draw.of(today);
        cheaper += f64::from(own.at(volume) <= hosted.at(volume));
        never += f64::from(meets.first().is_none());
        firsts.push(meets.first().unwrap_or(f64::INFINITY));
    }
    firsts.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a few hundred")]
    let count = COUNT as f64;
    let end = |part| quantile(&firsts, part).filter(|volume| volume.is_finite());

    let difference = |draw: &Draw<'_>| {
        let (meets, own, hosted) = meets_with(draw);
        let volume = draw.of(today);
        (meets.first(), own.at(volume) - hosted.at(volume))
    };
    let mut moved_by: Vec<Moved> = figures_inputs(&parts, today)
        .into_iter()
        .map(|(input, unit, between)| {
            let [low, high] =
                [between.low, between.high].map(|end| difference(&draws.moved(input, end)));
            Moved {
                input: input.to_owned(),
                unit,
                between,
                at_low: low.0,
                at_high: high.0,
                swing: (high.1 - low.1).abs(),
            }
        })
        .collect();
    moved_by.sort_by(|a, b| b.swing.total_cmp(&a.swing).then_with(|| a.input.cmp(&b.input)));
    BreakEven {
        own: own.name.clone(),
        hosted: hosted.name.clone(),
        volume: meets.first().map(|at| arithmetic(&parts, &own_curve, &hosted_curve, at)),
        meets,
        interval: Ends { low: end(0.05), high: end(0.95) },
        own_is_cheaper: cheaper / count,
        never: never / count,
        horizon,
        moved_by,
    }
}

/// The parts of a column that decide what it costs at any volume.
struct Parts {
    fixed: Option<Figure>,
    per_token: Option<Figure>,
    per_replica: Option<Figure>,
    capacity: Option<(Figure, Figure)>,
}

impl Parts {
    fn of(column: &Column) -> Self {
        Self {
            fixed: column.part(|line| line.fixed.as_ref()),
            per_token: column.part(|line| line.per_token.as_ref()),
            per_replica: column.part(|line| line.per_replica.as_ref()),
            capacity: column
                .capacity
                .as_ref()
                .map(|capacity| (capacity.per_replica.clone(), capacity.spare.clone())),
        }
    }

    fn all(&self) -> impl Iterator<Item = &Figure> {
        let capacity = self.capacity.iter().flat_map(|(each, spare)| [each, spare]);
        self.fixed.iter().chain(&self.per_token).chain(&self.per_replica).chain(capacity)
    }

    fn curve(&self, draw: &Draw<'_>) -> Curve {
        let of = |figure: &Option<Figure>| figure.as_ref().map_or(0.0, |figure| draw.of(figure));
        let cost = of(&self.per_replica);
        let step = self.capacity.as_ref().map(|(size, _)| Step { size: draw.of(size), cost });
        let spare = self.capacity.as_ref().map_or(0.0, |(_, spare)| draw.of(spare));
        Curve { fixed: of(&self.fixed) + spare * cost, per_token: of(&self.per_token), step }
    }
}

fn figures_inputs<'a>(parts: &'a [Parts; 2], today: &'a Figure) -> Vec<(&'a str, Unit, Interval)> {
    let mut all: Vec<(&str, Unit, Interval)> = Vec::new();
    for input in parts.iter().flat_map(Parts::all).chain([today]).flat_map(Figure::inputs) {
        let Some(between) = input.interval.filter(|ends| ends.high.is_finite()) else { continue };
        if !all.iter().any(|(name, ..)| *name == input.name) {
            all.push((input.name, input.unit.clone(), between));
        }
    }
    all
}

/// How the volume follows: what own costs more before the first token, divided by what it saves on
/// each; with as many replicas as that volume takes.
fn arithmetic(parts: &[Parts; 2], own: &Curve, hosted: &Curve, at: f64) -> Figure {
    let [mine, theirs] = parts;
    let none = |unit| Figure::sum(Vec::new(), unit);
    let money =
        |figure: &Option<Figure>| figure.clone().unwrap_or_else(|| none(crate::bill::per_month()));
    let price =
        |figure: &Option<Figure>| figure.clone().unwrap_or_else(|| none(crate::bill::per_token()));
    let mut before = money(&mine.fixed).named("what does not depend on volume, own");
    if let (Some(each), Some((_, spare))) = (&mine.per_replica, &mine.capacity) {
        let count = own.step.map_or(1.0, |step| (at / step.size).ceil().max(1.0));
        let needed = Figure::input(
            "replicas at the break-even",
            count,
            crate::bill::replica(),
            Source::Definition,
        );
        before = before.plus(&needed.plus(spare).times(&each.named("a replica, a month")));
    }
    let more = before.minus(&money(&theirs.fixed).named("what does not depend on volume, hosted"));
    let saved = price(&theirs.per_token)
        .named("each million tokens, hosted")
        .minus(&price(&mine.per_token).named("each million tokens, own"));
    let exact = more.over(&saved).named("break-even");
    let near = (exact.value() - at).abs() <= 1e-6 * at.abs().max(1.0);
    if near && hosted.step.is_none() {
        return exact;
    }
    // Cheaper from the first token, or on the edge of a step: there is no quotient to show.
    let why = "where a step of replicas ends, or at the first token";
    Figure::input("break-even", at, volume(), Source::assumed(why))
}

#[cfg(test)]
mod tests;
