//! What the bills say, in a sentence: which way costs less at this load, or that it cannot be said.

use serde::Serialize;

use crate::{
    bill::Bill,
    break_even::{BreakEven, Crossing},
    words,
};

/// The answer, and what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Which.
    pub choice: Choice,
    /// In one sentence.
    pub headline: String,
    /// What it rests on, a sentence each.
    pub because: Vec<String>,
}

/// Which way costs less at this load. Cost is not all: what a boundary or a law demands stands in
/// `freehold fit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Run the model.
    Own,
    /// Buy the same model's answers.
    Hosted,
    /// Buy a premium model's answers.
    Premium,
    /// Two ways are too close.
    Undecided,
    /// A price is missing on which it depends.
    NotPriced,
    /// The model cannot be run on this hardware as asked.
    DoesNotFit,
    /// There is nothing to compare with.
    Alone,
}

/// What is compared.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    /// Run the model; none where it does not fit.
    pub own: Option<&'a Bill>,
    /// The other ways, the same model first, with how they compare.
    pub hosted: Option<(&'a Bill, Option<&'a BreakEven>)>,
    /// A premium model's answers.
    pub premium: Option<(&'a Bill, Option<&'a BreakEven>)>,
    /// Why the model cannot be run as asked, where it cannot.
    pub misfit: Option<&'a str>,
    /// Million tokens a month.
    pub today: f64,
}

/// The answer to a comparison.
pub fn verdict(compared: &Compared<'_>) -> Verdict {
    let other = compared.hosted.or(compared.premium);
    let is_premium = compared.hosted.is_none();
    let Some(own) = compared.own else { return unfit(compared) };
    let Some((bill, meets)) = other else {
        let because = vec![costs(own)];
        let headline =
            "There is nothing to compare with: the catalogue has no hosted price for this."
                .to_owned();
        return Verdict { choice: Choice::Alone, headline, because };
    };
    let (first, second) = (own.total.value(), bill.total.value());
    let share = meets.map_or(f64::from(first <= second), |meets| meets.own_is_cheaper);
    let (choice, headline) = if share <= 1.0 - SURE {
        hosted_wins(is_premium)
    } else if words::open(&own.total) {
        let missing = "It cannot be said: a price is not given, and what is known is less than what \
                       hosted costs.";
        (Choice::NotPriced, missing.to_owned())
    } else if share >= SURE {
        (Choice::Own, "Run it yourself: it is cheaper at your load.".to_owned())
    } else {
        let nearer = if share >= 0.5 { "running it yourself" } else { "hosted" };
        let share = words::of_hundred(share.max(1.0 - share));
        let text = format!("Too close to call on cost: {nearer} is cheaper in {share} cases.");
        (Choice::Undecided, text)
    };
    let mut because = vec![format!("{}; {}.", without_stop(costs(own)), without_stop(costs(bill)))];
    because.extend(meets.map(|meets| meeting(meets, compared.today)));
    if let (Some(_), Some((premium, _))) = (compared.hosted, compared.premium) {
        because.push(costs(premium));
    }
    Verdict { choice, headline, because }
}

fn hosted_wins(premium: bool) -> (Choice, String) {
    if premium {
        let text = "Running an open model yourself is wrong for you on cost: even the premium model is \
                    cheaper at your load.";
        return (Choice::Premium, text.to_owned());
    }
    let text =
        "Running an open model yourself is wrong for you on cost: hosted is cheaper at your load.";
    (Choice::Hosted, text.to_owned())
}

fn unfit(compared: &Compared<'_>) -> Verdict {
    let why = compared.misfit.unwrap_or("no hardware was chosen");
    let headline = format!("It does not fit: {why}");
    let others = [compared.hosted, compared.premium].into_iter().flatten();
    let because = others.map(|(bill, _)| costs(bill)).collect();
    Verdict { choice: Choice::DoesNotFit, headline, because }
}

/// `run it yourself costs 27,300 USD a month (18,000 to 45,000).`
fn costs(bill: &Bill) -> String {
    let range = words::range(&bill.total);
    let name = if bill.name == crate::costs::OWN { "Running it yourself" } else { &bill.name };
    match range {
        Some(range) if words::open(&bill.total) => format!("{name} costs {range} USD a month."),
        Some(range) => {
            format!("{name} costs {} USD a month ({range}).", words::amount(bill.total.value()))
        }
        None => format!("{name} costs {} USD a month.", words::amount(bill.total.value())),
    }
}

/// Where two ways meet, in a sentence.
pub fn meeting(meets: &BreakEven, today: f64) -> String {
    let volume = |at: f64| {
        let times = if today > 0.0 && at > 0.0 {
            format!(", {} today’s", words::times(at / today))
        } else {
            String::new()
        };
        format!("{} a month{times}", words::tokens(at))
    };
    let interval = || {
        let end = |end: Option<f64>| end.map_or("never".to_owned(), words::tokens);
        let (low, high) = (end(meets.interval.low), end(meets.interval.high));
        if low == high { String::new() } else { format!(" (between {low} and {high})") }
    };
    let horizon = words::tokens(meets.horizon);
    match meets.meets {
        Crossing::Always => "Running it yourself costs less at any volume.".to_owned(),
        Crossing::Never => {
            let share = words::of_hundred(meets.never);
            format!(
                "Running it yourself never costs less up to {horizon} a month, in {share} cases."
            )
        }
        Crossing::Until { last } => {
            format!("Running it yourself costs less only below {}.", volume(last))
        }
        Crossing::From { first, steady: Some(steady) } if steady > first * 1.05 => format!(
            "Both cost the same at {}{}; from {} a month on, running it yourself stays cheaper.",
            volume(first),
            interval(),
            words::tokens(steady)
        ),
        Crossing::From { first, steady: Some(_) } => {
            format!("Both cost the same at {}{}.", volume(first), interval())
        }
        Crossing::From { first, steady: None } => format!(
            "Both cost the same at {}{}, but each further replica makes running it yourself dearer again.",
            volume(first),
            interval()
        ),
    }
}

fn without_stop(text: String) -> String {
    text.strip_suffix('.').map_or_else(|| text.clone(), str::to_owned)
}

/// In so many of the cases one way must be cheaper to be called that.
const SURE: f64 = 0.9;
