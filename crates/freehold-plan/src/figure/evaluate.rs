//! A figure's value, unit and interval from its tree.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Figure, How, Input, Interval, Node, Operation};
use crate::unit::Unit;

/// The number that the operation makes of the parts' numbers.
pub(super) fn apply(operation: Operation, parts: &[f64]) -> f64 {
    let at = |index: usize| parts.get(index).copied().unwrap_or(f64::NAN);
    match operation {
        Operation::Sum => parts.iter().sum(),
        Operation::Product => parts.iter().product(),
        Operation::Difference => at(0) - at(1),
        Operation::Quotient => at(0) / at(1),
        Operation::Least => parts.iter().copied().fold(f64::INFINITY, f64::min),
        Operation::Greatest => parts.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        Operation::Power => at(0).powf(at(1)),
        Operation::Floor => at(0).floor(),
        Operation::Ceiling => at(0).ceil(),
    }
}

/// The unit that the operation makes of the parts' units.
pub(super) fn unit(operation: Operation, parts: &[Figure]) -> Unit {
    let mut units = parts.iter().map(Figure::unit);
    let first = units.next().cloned().unwrap_or_default();
    match operation {
        Operation::Product => units.fold(first, |all, next| all.times(next)),
        Operation::Quotient => units.fold(first, |all, next| all.over(next)),
        _ => first,
    }
}

/// The value with one input, by name, replaced.
pub(super) fn evaluate(figure: &Figure, replaced: Option<(&str, f64)>) -> f64 {
    let one = |name: &str| replaced.filter(|(of, _)| *of == name).map(|(_, value)| value);
    with(figure, &one)
}

/// The value with every input replaced for which there is another value.
pub(super) fn with(figure: &Figure, replaced: &dyn Fn(&str) -> Option<f64>) -> f64 {
    walk(&figure.0, replaced, &mut HashMap::new())
}

/// Figures share parts: each is computed once.
fn walk(
    node: &Arc<Node>,
    replaced: &dyn Fn(&str) -> Option<f64>,
    known: &mut HashMap<*const Node, f64>,
) -> f64 {
    if let Some(value) = known.get(&Arc::as_ptr(node)) {
        return *value;
    }
    let value = match &node.how {
        How::Input { .. } => node.name.as_deref().and_then(replaced).unwrap_or(node.value),
        How::Made { operation, parts } => {
            let values: Vec<f64> =
                parts.iter().map(|part| walk(&part.0, replaced, known)).collect();
            apply(*operation, &values)
        }
    };
    known.insert(Arc::as_ptr(node), value);
    value
}

/// Every node once, parts after what they make.
pub(super) fn nodes(figure: &Figure) -> Vec<&Figure> {
    fn collect<'a>(
        figure: &'a Figure,
        seen: &mut HashMap<*const Node, ()>,
        all: &mut Vec<&'a Figure>,
    ) {
        if seen.insert(Arc::as_ptr(&figure.0), ()).is_some() {
            return;
        }
        all.push(figure);
        if let How::Made { parts, .. } = &figure.0.how {
            for part in parts {
                collect(part, seen, all);
            }
        }
    }
    let mut all = Vec::new();
    collect(figure, &mut HashMap::new(), &mut all);
    all
}

pub(super) fn inputs(figure: &Figure) -> Vec<Input<'_>> {
    let mut all: Vec<Input<'_>> = Vec::new();
    for node in nodes(figure) {
        let (How::Input { source, interval }, Some(name)) = (&node.0.how, node.name()) else {
            continue;
        };
        if !all.iter().any(|input| input.name == name) {
            let (value, unit) = (node.value(), node.unit());
            all.push(Input { name, value, unit, interval: *interval, source });
        }
    }
    all
}

pub(super) fn interval(figure: &Figure) -> Option<Interval> {
    let (mut up, mut down, mut any) = (0.0_f64, 0.0_f64, false);
    let value = figure.value();
    for input in inputs(figure) {
        let Some(ends) = input.interval else { continue };
        any = true;
        let (mut more, mut less) = (0.0_f64, 0.0_f64);
        for end in [ends.low, ends.high] {
            let change = evaluate(figure, Some((input.name, end))) - value;
            more = more.max(change);
            less = less.max(-change);
        }
        up += more * more;
        down += less * less;
    }
    any.then(|| Interval { low: value - down.sqrt(), high: value + up.sqrt() })
}

pub(super) fn disagreements(figure: &Figure) -> Vec<String> {
    let mut all = Vec::new();
    for node in nodes(figure) {
        let How::Made { operation, parts } = &node.0.how else { continue };
        let wrong = match operation {
            Operation::Product | Operation::Quotient => false,
            Operation::Power => parts.iter().any(|part| *part.unit() != Unit::one()),
            _ => parts.iter().any(|part| part.unit() != node.unit()),
        };
        if wrong {
            let units: Vec<String> = parts
                .iter()
                .map(|part| format!("{} [{}]", part.name().unwrap_or("…"), part.unit()))
                .collect();
            let name = node.name().unwrap_or("…");
            all.push(format!("{operation:?} of {} in `{name}`", units.join(", ")));
        }
    }
    all
}
