//! Where two cost curves meet. One of them climbs in steps, because half a machine cannot be rented.

use serde::Serialize;

/// What something costs a month at a volume: `fixed + per_token × volume + step.cost × steps`, with at
/// least one step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Curve {
    /// Without any volume.
    pub fixed: f64,
    /// For each unit of volume.
    pub per_token: f64,
    /// What comes in whole pieces.
    pub step: Option<Step>,
}

/// A piece that carries `size` units of volume.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// How much volume one piece carries.
    pub size: f64,
    /// What one piece costs.
    pub cost: f64,
}

/// Where a curve comes to lie on or below another one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Crossing {
    /// From the first unit of volume up to the horizon.
    Always,
    /// From one volume on.
    From {
        /// Where it first does.
        first: f64,
        /// From where on it stays there; none where a further step always lifts it out again.
        steady: Option<f64>,
    },
    /// Only below a volume.
    Until {
        /// Where it last does.
        last: f64,
    },
    /// Nowhere up to the horizon.
    Never,
}

impl Curve {
    /// The cost at a volume.
    pub fn at(&self, volume: f64) -> f64 {
        let steps = self.step.map_or(0.0, |step| step.cost * (volume / step.size).ceil().max(1.0));
        self.fixed + self.per_token * volume + steps
    }
}

impl Crossing {
    /// The smallest volume at which it does.
    pub fn first(&self) -> Option<f64> {
        match self {
            Self::Always | Self::Until { .. } => Some(0.0),
            Self::From { first, .. } => Some(*first),
            Self::Never => None,
        }
    }
}

/// Where `own`, which may climb in steps, costs no more than `hosted`, which does not; volumes up to
/// `horizon` count.
///
/// Between two steps the difference is a straight line, and its values at the ends of the stretches are
/// straight lines, too, so that the first stretch in question follows without a search.
pub fn crossing(own: &Curve, hosted: &Curve, horizon: f64) -> Crossing {
    let (size, cost) = own.step.map_or((horizon.max(1.0), 0.0), |step| (step.size, step.cost));
    let base = own.fixed - hosted.fixed;
    let slope = own.per_token - hosted.per_token;
    // The difference at the end of stretch n is base + n × climb, and at its beginning more by -slope × size.
    let climb = slope * size + cost;
    let zero = |stretch: f64| (base + cost * stretch) / -slope;
    if base + cost <= 0.0 {
        return until(base, slope, climb, (size, cost), horizon);
    }
    if slope >= 0.0 {
        return Crossing::Never;
    }
    let stretch = if base + climb <= 0.0 {
        1.0
    } else if climb < 0.0 {
        (base / -climb).ceil()
    } else {
        return Crossing::Never;
    };
    let first = zero(stretch).clamp((stretch - 1.0) * size, stretch * size);
    if first > horizon {
        return Crossing::Never;
    }
    let steady = (climb < 0.0).then(|| {
        // The last stretch that still begins above.
        let last = ((base - slope * size) / -climb).ceil() - 1.0;
        if last < 1.0 { first } else { zero(last).max(first) }
    });
    Crossing::From { first, steady: steady.filter(|volume| *volume <= horizon) }
}

/// `own` costs no more at the first unit: up to where?
fn until(base: f64, slope: f64, climb: f64, (size, cost): (f64, f64), horizon: f64) -> Crossing {
    // At the beginnings of stretches the difference is highest where the slope falls, at the ends where
    // it climbs.
    let over = |stretch: f64| base + slope * size * (stretch - 1.0) + cost * stretch;
    let stretches = (horizon / size).ceil().max(1.0);
    let end = base + slope * horizon + cost * stretches;
    if slope <= 0.0 {
        // The beginnings lie on a line: it is highest at the first or the last of them.
        if over(stretches) <= 0.0 {
            return Crossing::Always;
        }
        // Above at the beginning of a stretch, it may come down within it; the last such end counts.
        let whole = if climb > 0.0 { (-base / climb).floor() } else { stretches };
        let last = if end <= 0.0 { horizon } else { whole.min(stretches - 1.0) * size };
        return Crossing::Until { last };
    }
    if end <= 0.0 {
        return Crossing::Always;
    }
    // It climbs throughout: the last stretch that begins at or below zero holds the end.
    let stretch = ((-base + slope * size) / climb).floor().clamp(1.0, stretches);
    let last = (-(base + cost * stretch) / slope).clamp((stretch - 1.0) * size, stretch * size);
    Crossing::Until { last: last.min(horizon) }
}
