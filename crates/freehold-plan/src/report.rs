//! The plan: everything that follows from what was asked, joined.

mod account;
mod money;
mod whole;
mod write;

pub use account::Account;
pub use whole::{Plan, PlanError};

use serde::Serialize;

use crate::{
    Figure,
    ask::Ask,
    bill::{Bill, Column},
    break_even::{BreakEven, break_even},
    costs::Columns,
    demand::{Asked, Demand, Origin, place},
    growth::{Growth, Scenario, growth},
    tiers::{Tiers, share, tiers},
    verdict::{Compared, Verdict, verdict},
    words,
};

/// What running, buying and mixing cost at a load, and where they meet.
#[derive(Debug, Clone, Serialize)]
pub struct Money {
    /// Which way costs less.
    pub verdict: Verdict,
    /// Million tokens a month.
    pub volume: Figure,
    /// The bills: run it yourself, the same model hosted, a premium model; those that there are.
    pub bills: Vec<Bill>,
    /// The same model hosted by somebody, if somebody does: the name of its bill.
    pub hosted: Option<String>,
    /// Where running it meets each of the others.
    pub break_even: Vec<BreakEven>,
    /// The costs at other volumes, for a picture.
    pub curve: Vec<Point>,
    /// Most requests to the cheaper way, the rest to the premium model.
    pub tiers: Option<Tiers>,
    /// The named scenarios.
    pub growth: Vec<Growth>,
}

/// What each way costs at one volume.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    /// Million tokens a month.
    pub volume: f64,
    /// A cost for each bill, in their order.
    pub costs: Vec<Cost>,
}

/// A cost with its interval, in `USD/month`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Cost {
    /// The cost.
    pub value: f64,
    /// Its interval; the upper end is none where it is open.
    pub low: f64,
    /// The upper end.
    pub high: Option<f64>,
}

impl Money {
    /// From columns and a demand. `misfit` says why there is no own column where the model cannot be run.
    pub fn of(ask: &Ask, demand: &Demand, columns: &Columns, misfit: Option<&str>) -> Self {
        let volume = &demand.volume;
        let today = volume.value();
        let all = columns.all();
        let bills: Vec<Bill> = all.iter().map(|column| column.bill(volume)).collect();
        let others = [&columns.hosted, &columns.premium];
        let break_even: Vec<BreakEven> = columns
            .own
            .iter()
            .flat_map(|own| others.iter().filter_map(move |other| Some((own, other.as_ref()?))))
            .map(|(own, other)| break_even(own, other, volume, today * HORIZON))
            .collect();
        let against = |column: &Option<Column>| {
            let column = column.as_ref()?;
            let bill = bills.iter().find(|bill| bill.name == column.name)?;
            Some((bill, break_even.iter().find(|one| one.hosted == column.name)))
        };
        let own = columns.own.as_ref().and_then(|_| bills.first());
        let verdict = verdict(&Compared {
            own,
            hosted: against(&columns.hosted),
            premium: against(&columns.premium),
            misfit,
            today,
            zeroed: &zeroed(ask),
        });
        // A price that is missing is not a price of 0: nothing meets what is not known.
        let known = !own.is_some_and(|own| words::open(&own.total));
        let break_even = if known { break_even } else { Vec::new() };
        let chosen = ask.text("scenario").and_then(|text| text.parse::<Scenario>().ok());
        let scenarios = chosen.map_or(Scenario::ALL.to_vec(), |one| vec![one]);
        Self {
            verdict,
            hosted: columns.hosted.as_ref().map(|column| column.name.clone()),
            curve: curve(&all, &break_even, volume),
            tiers: mixed(ask, columns, volume),
            growth: scenarios.into_iter().map(|one| growth(one, &all, volume)).collect(),
            volume: volume.clone(),
            bills,
            break_even,
        }
    }

    /// The bill of those who run the model.
    pub fn own(&self) -> Option<&Bill> {
        self.bills.iter().find(|bill| bill.name == crate::costs::OWN)
    }

    /// Every figure of the bills by name, for `--explain`: lines, totals, break-even.
    pub fn figures(&self) -> Vec<&Figure> {
        let bills = self.bills.iter().flat_map(|bill| {
            let lines = bill.lines.iter().map(|line| &line.month);
            let size = bill.size.iter().map(|size| &size.machines);
            lines.chain([&bill.total, &bill.per_token]).chain(size)
        });
        bills.chain(self.break_even.iter().filter_map(|one| one.volume.as_ref())).collect()
    }
}

/// What the person who asks said that running the model takes none of.
fn zeroed(ask: &Ask) -> Vec<&'static str> {
    let none = |(key, _): &(&str, &str)| ask.number(key) == Some(0.0);
    PEOPLE.into_iter().filter(none).map(|(_, name)| name).collect()
}

/// The routine and the premium tier, where both can be made.
fn mixed(ask: &Ask, columns: &Columns, volume: &Figure) -> Option<Tiers> {
    let priced = |column: &&Column| !words::open(&column.bill(volume).total);
    let routine = columns.own.as_ref().filter(priced).or(columns.hosted.as_ref())?;
    let premium = columns.premium.as_ref()?;
    let mut shares = SHARES.to_vec();
    if let Some(given) = ask.number("premium-share") {
        shares.push(given);
        shares.sort_by(f64::total_cmp);
        shares.dedup();
    }
    let shares: Vec<Figure> = shares.into_iter().map(share).collect();
    Some(tiers(routine, premium, volume, &shares))
}

/// Costs from little volume to somewhat more than where things happen.
fn curve(columns: &[&Column], meets: &[BreakEven], today: &Figure) -> Vec<Point> {
    let now = today.value();
    let far = meets.iter().filter_map(|one| one.meets.first()).filter(|at| *at <= now * 50.0);
    let end = far.fold(now, f64::max) * 2.0;
    let point = |nth: u32| {
        let volume = end * f64::from(nth) / f64::from(POINTS);
        let figure = Figure::input(
            "tokens a month",
            volume,
            crate::bill::volume(),
            crate::Source::Definition,
        );
        let cost = |column: &&Column| Cost::of(&column.bill(&figure).total);
        Point { volume, costs: columns.iter().map(cost).collect() }
    };
    (1..=POINTS).map(point).collect()
}

impl Cost {
    fn of(figure: &Figure) -> Self {
        let value = figure.value();
        let ends = figure.interval();
        Self {
            value,
            low: ends.map_or(value, |ends| ends.low.max(0.0)),
            high: ends.map_or(Some(value), |ends| Some(ends.high)).filter(|high| high.is_finite()),
        }
    }
}

/// All inputs in the order of the questions, those that somebody gave first where they repeat.
pub(crate) fn ordered(mut asked: Vec<Asked>) -> Vec<Asked> {
    asked.sort_by_key(|one| (place(one.key), one.origin != Origin::Given));
    asked.dedup_by_key(|one| one.key);
    asked
}

/// What running a model takes of people, by the flag that says how much.
const PEOPLE: [(&str, &str); 5] = [
    ("security", "security"),
    ("mlops", "MLOps"),
    ("engineers", "engineers"),
    ("tests", "security tests"),
    ("audit", "audit"),
];
/// Beyond so many times today's volume nothing is looked at.
const HORIZON: f64 = 1000.0;
/// The shares that are shown whatever is asked.
const SHARES: [f64; 6] = [0.0, 0.05, 0.1, 0.2, 0.5, 1.0];
/// Points of the picture.
const POINTS: u32 = 40;

#[cfg(test)]
mod tests;
