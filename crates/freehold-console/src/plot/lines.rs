//! Curves with their bands over two axes.

use std::fmt::Write;

use maud::{Markup, html};

use super::{
    Tone, at, figure,
    scale::{Ruler, Scale},
    short,
};
use crate::kit;

/// A plot of curves.
#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// A name for addresses within the page, unlike all others on it: letters, digits, hyphens.
    pub id: String,
    /// What is shown, in a few words.
    pub title: String,
    /// What one sees in it, in a sentence, for those who do not; and what the bands hold.
    pub description: String,
    /// From left to right.
    pub x: Axis,
    /// From bottom to top.
    pub y: Axis,
    /// The curves.
    pub series: Vec<Series>,
    /// Values of x that matter.
    pub marks: Vec<Mark>,
}

/// One direction of a plot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axis {
    /// What it measures, with its unit: "tokens a day", "EUR a month".
    pub name: String,
    /// How.
    pub scale: Scale,
}

/// One curve. Its points are joined in the order of x.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What it is.
    pub name: String,
    /// How it looks.
    pub tone: Tone,
    /// Its points. Those that have no place on the axes (not a number, or not above zero where an
    /// axis is logarithmic) are in the table only.
    pub points: Vec<Point>,
}

/// One point of a curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Where.
    pub x: f64,
    /// How much.
    pub y: f64,
    /// Between which values y lies, low end first, where that is known.
    pub band: Option<(f64, f64)>,
}

/// A line across the plot at one x, with words.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Where.
    pub x: f64,
    /// What is there.
    pub words: String,
}

/// A picture's size and margins, in its own units, which are pixels at full size.
struct Frame {
    class: &'static str,
    width: f64,
    height: f64,
    left: f64,
    ticks: usize,
}

impl Lines {
    /// The plot as a figure: legend, picture, and the table of its numbers to unfold.
    pub fn figure(&self) -> Markup {
        let x = self.x.scale.ruler(self.drawn().map(|point| point.x).chain(self.crossed()), 6);
        let values = self.drawn().flat_map(|point| {
            let (low, high) = point.band.unwrap_or((point.y, point.y));
            [low, point.y, high]
        });
        let y = self.y.scale.ruler(values, 5);
        html! {
            figure.sheet.plot {
                figcaption { b { (self.title) } " " span.src { (self.y.name) " against " (self.x.name) } }
                @if self.drawn().next().is_none() {
                    p { (kit::unknown("nothing that could be drawn")) }
                } @else {
                    (self.legend())
                    (self.picture(&WIDE, &x, &y))
                    (self.picture(&NARROW, &x, &y))
                    p.src { (self.description) }
                }
                (kit::unfold("The numbers", &self.table()))
            }
        }
    }

    /// All points that have a place.
    fn drawn(&self) -> impl Iterator<Item = &Point> {
        self.series.iter().flat_map(|series| series.points.iter()).filter(|point| self.has(point))
    }

    fn has(&self, point: &Point) -> bool {
        self.x.scale.takes(point.x) && self.y.scale.takes(point.y)
    }

    fn crossed(&self) -> impl Iterator<Item = f64> {
        self.marks.iter().map(|mark| mark.x).filter(|x| self.x.scale.takes(*x))
    }

    fn legend(&self) -> Markup {
        html! {
            ul.legend {
                @for series in &self.series {
                    li {
                        svg.sample viewBox="0 0 28 10" width="28" height="10" aria-hidden="true" {
                            path.line.(series.tone.class()) d="M0 5H28" {}
                        }
                        (series.name)
                    }
                }
            }
        }
    }

    fn picture(&self, frame: &Frame, x: &Ruler, y: &Ruler) -> Markup {
        let id = |part: &str| format!("{}-{}-{part}", self.id, frame.class);
        let place = |point: &Point| (frame.x(x.share(point.x)), frame.y(y.share(point.y)));
        let names = format!("{} {}", id("title"), id("about"));
        html! {
            svg.(frame.class) viewBox={ "0 0 " (at(frame.width)) " " (at(frame.height)) } role="img"
                aria-labelledby=(names) {
                title id=(id("title")) { (self.title) }
                desc id=(id("about")) { (self.description) }
                (axes(frame, x, y))
                @for series in &self.series {
                    @let points = self.sorted(series);
                    @if let Some(band) = band(&points, frame, x, y) {
                        path.band.(series.tone.class()) d=(band) {}
                    }
                    @if let [point] = points.as_slice() {
                        @let (x, y) = place(point);
                        circle.dot.(series.tone.class()) cx=(at(x)) cy=(at(y)) r="4" {}
                    } @else {
                        path.line.(series.tone.class()) d=(path(points.iter().map(place))) {}
                    }
                }
                @for (place, mark) in self.marks.iter().enumerate().filter(|(_, mark)| self.x.scale.takes(mark.x)) {
                    (cross(frame, x, mark, place))
                }
            }
        }
    }

    /// The points of a series that have a place, in the order of x.
    fn sorted(&self, series: &Series) -> Vec<Point> {
        let mut points: Vec<Point> =
            series.points.iter().copied().filter(|point| self.has(point)).collect();
        points.sort_by(|one, other| one.x.total_cmp(&other.x));
        points
    }

    /// One row for each x, one column for each series.
    fn table(&self) -> Markup {
        let mut places: Vec<f64> =
            self.series.iter().flat_map(|series| &series.points).map(|point| point.x).collect();
        places.sort_by(f64::total_cmp);
        places.dedup_by(|one, other| one.total_cmp(other).is_eq());
        let table = html! {
            table {
                caption.src { (self.y.name) }
                thead {
                    tr {
                        th scope="col" { (self.x.name) }
                        @for series in &self.series { th.num scope="col" { (series.name) } }
                    }
                }
                tbody {
                    @for place in &places {
                        tr {
                            th scope="row" { (figure(*place)) }
                            @for series in &self.series { td.num { (cell(series, *place)) } }
                        }
                    }
                }
            }
        };
        kit::scroll(&format!("The numbers of: {}", self.title), &table)
    }
}

impl Frame {
    fn x(&self, share: f64) -> f64 {
        self.left + share * (self.width - self.left - RIGHT)
    }

    fn y(&self, share: f64) -> f64 {
        self.height - BOTTOM - share * (self.height - BOTTOM - TOP)
    }
}

fn cell(series: &Series, place: f64) -> Markup {
    let point = series.points.iter().find(|point| point.x.total_cmp(&place).is_eq());
    html! {
        @if let Some(point) = point {
            (figure(point.y))
            @if let Some((low, high)) = point.band {
                " " span.src { (figure(low)) " to " (figure(high)) }
            }
        } @else { "–" }
    }
}

fn axes(frame: &Frame, x: &Ruler, y: &Ruler) -> Markup {
    let (left, right) = (frame.x(0.0), frame.x(1.0));
    let bottom = frame.y(0.0);
    html! {
        g.grid {
            @for tick in &y.ticks {
                path d={ "M" (at(left)) " " (at(frame.y(y.share(*tick)))) "H" (at(right)) } {}
            }
            @for tick in spread(&x.ticks, frame.ticks) {
                path d={ "M" (at(frame.x(x.share(tick)))) " " (at(bottom)) "v5" } {}
            }
        }
        g.ticks {
            @for tick in &y.ticks {
                text x=(at(left - 6.0)) y=(at(frame.y(y.share(*tick)) + 4.0)) text-anchor="end" { (short(*tick)) }
            }
            @for tick in spread(&x.ticks, frame.ticks) {
                @let place = frame.x(x.share(tick));
                text x=(at(place)) y=(at(bottom + 19.0)) text-anchor=(anchor(frame, place)) { (short(tick)) }
            }
        }
    }
}

/// At most so many of the ticks, evenly, the first among them.
fn spread(ticks: &[f64], most: usize) -> impl Iterator<Item = f64> {
    ticks.iter().copied().step_by(ticks.len().div_ceil(most.max(1)).max(1))
}

/// Words at an edge stay inside.
fn anchor(frame: &Frame, place: f64) -> &'static str {
    if place > frame.width - RIGHT - 8.0 { "end" } else { "middle" }
}

fn cross(frame: &Frame, x: &Ruler, mark: &Mark, place: usize) -> Markup {
    let share = x.share(mark.x);
    let across = frame.x(share);
    // The words stand on the side that has more room, those of several marks below each other.
    let (side, anchor) = if share > 0.5 { (-6.0, "end") } else { (6.0, "start") };
    let row = f64::from(u8::try_from(place % 6).unwrap_or(0));
    html! {
        path.mark d={ "M" (at(across)) " " (at(TOP)) "V" (at(frame.y(0.0))) } {}
        text.mark x=(at(across + side)) y=(at(TOP + 12.0 + row * 15.0)) text-anchor=(anchor) { (mark.words) }
    }
}

fn path(places: impl Iterator<Item = (f64, f64)>) -> String {
    let mut text = String::new();
    for (place, (x, y)) in places.enumerate() {
        let letter = if place == 0 { 'M' } else { 'L' };
        // Writing into a string cannot fail.
        let _infallible = write!(text, "{letter}{} {}", at(x), at(y));
    }
    text
}

/// Along the upper ends and back along the lower ones, where all points have both.
fn band(points: &[Point], frame: &Frame, x: &Ruler, y: &Ruler) -> Option<String> {
    let ends: Option<Vec<(f64, f64, f64)>> = points
        .iter()
        .map(|point| {
            let (low, high) = point.band.filter(|(low, high)| !low.is_nan() && !high.is_nan())?;
            Some((frame.x(x.share(point.x)), frame.y(y.share(low)), frame.y(y.share(high))))
        })
        .collect();
    let ends = ends.filter(|ends| ends.len() > 1)?;
    let upper = ends.iter().map(|(x, _, high)| (*x, *high));
    let lower = ends.iter().rev().map(|(x, low, _)| (*x, *low));
    Some(path(upper.chain(lower)) + "Z")
}

const WIDE: Frame = Frame { class: "wide", width: 860.0, height: 320.0, left: 56.0, ticks: 8 };
const NARROW: Frame = Frame { class: "narrow", width: 330.0, height: 260.0, left: 44.0, ticks: 4 };
const TOP: f64 = 12.0;
const RIGHT: f64 = 16.0;
const BOTTOM: f64 = 28.0;
