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
    /// What running the model costs nothing for, because the person who asks said so.
    pub zeroed: &'a [&'static str],
}

/// The answer to a comparison: against the same model hosted, and against the premium model.
pub fn verdict(compared: &Compared<'_>) -> Verdict {
    let Some(own) = compared.own else { return unfit(compared) };
    let others = [(compared.hosted, false), (compared.premium, true)];
    let against: Vec<Against<'_>> = others
        .into_iter()
        .filter_map(|(other, premium)| other.map(|other| Against::of(own, other, premium)))
        .collect();
    let Some(first) = against.first() else {
        let because = vec![costs(own)];
        let headline =
            "There is nothing to compare with: the catalogue has no hosted price for this."
                .to_owned();
        return Verdict { choice: Choice::Alone, headline, because };
    };
    let choice = match (first.standing, first.premium) {
        (Standing::Own { .. }, _) => Choice::Own,
        (Standing::Other { .. } | Standing::Anyway, false) => Choice::Hosted,
        (Standing::Other { .. } | Standing::Anyway, true) => Choice::Premium,
        (Standing::Close, _) => Choice::Undecided,
        (Standing::Unpriced, _) => Choice::NotPriced,
    };
    let dearer = |one: &Against<'_>| {
        matches!(one.standing, Standing::Other { clear: true } | Standing::Anyway)
    };
    let mut headline = match against.iter().all(dearer) {
        true => {
            format!("Running an open model yourself is wrong for you on cost: {}", first.said())
        }
        false => capital(&first.said()),
    };
    for second in against.iter().skip(1) {
        headline.push(' ');
        headline.push_str(&second.added());
    }
    if !compared.zeroed.is_empty() {
        headline.push_str(&format!(
            " Zero by your own word where you run it yourself: {}; the hosted columns keep their \
             people.",
            compared.zeroed.join(", ")
        ));
    }
    let mut because =
        vec![format!("{}; {}.", without_stop(costs(own)), without_stop(costs(first.bill)))];
    if words::open(&own.total) {
        because
            .push(format!("{NO_PRICE} Without it there is no break-even and no count of cases."));
    } else {
        because.extend(first.meets.map(|meets| meeting(meets, compared.today)));
    }
    because.extend(against.iter().skip(1).map(|second| costs(second.bill)));
    Verdict { choice, headline, because }
}

/// Running the model beside one other way.
struct Against<'a> {
    bill: &'a Bill,
    meets: Option<&'a BreakEven>,
    premium: bool,
    standing: Standing,
}

/// Which of two ways costs less, and how surely.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// Running the model: clearly from [`CLEAR`] of 100 cases on, else probably.
    Own { clear: bool },
    /// The other way, by the same measure.
    Other { clear: bool },
    /// Neither in [`PROBABLE`] of 100 cases.
    Close,
    /// The other way, whatever the hardware costs whose price is missing.
    Anyway,
    /// It depends on the price that is missing.
    Unpriced,
}

impl<'a> Against<'a> {
    fn of(own: &Bill, (bill, meets): (&'a Bill, Option<&'a BreakEven>), premium: bool) -> Self {
        let standing = if words::open(&own.total) {
            // With the price at nothing: what it then costs more, it costs more at any price.
            let simple = f64::from(own.total.value() <= bill.total.value());
            match standing(meets.map_or(simple, |meets| meets.own_is_cheaper)) {
                Standing::Other { clear: true } => Standing::Anyway,
                _ => Standing::Unpriced,
            }
        } else {
            let simple = f64::from(own.total.value() <= bill.total.value());
            standing(meets.map_or(simple, |meets| meets.own_is_cheaper))
        };
        Self { bill, meets, premium, standing }
    }

    fn other(&self) -> &'static str {
        if self.premium { "the premium model" } else { "the same model hosted elsewhere" }
    }

    /// ` (93 of 100 cases)`, of the way that costs less.
    fn cases(&self) -> String {
        let share = self.meets.map(|meets| meets.own_is_cheaper);
        share.map_or_else(String::new, |share| {
            format!(" ({} cases)", words::of_hundred(share.max(1.0 - share)))
        })
    }

    fn close(&self) -> String {
        let share = self.meets.map_or(0.5, |meets| meets.own_is_cheaper);
        let nearer = match (share >= 0.5, self.premium) {
            (true, _) => "running it yourself",
            (false, true) => "the premium model",
            (false, false) => "hosted",
        };
        format!("{nearer} is cheaper in {} cases.", words::of_hundred(share.max(1.0 - share)))
    }

    /// The comparison as a sentence of its own, in small letters.
    fn said(&self) -> String {
        let (other, cases) = (self.other(), self.cases());
        match self.standing {
            Standing::Own { clear } => {
                format!("run it yourself: it is {} cheaper than {other}{cases}.", surely(clear))
            }
            Standing::Other { clear } => {
                format!("{other} is {} cheaper than running it yourself{cases}.", surely(clear))
            }
            Standing::Close => format!("too close to call against {other}: {}", self.close()),
            Standing::Anyway => format!(
                "{other} is cheaper than running it yourself, even before the hardware is paid. \
                 {NO_PRICE}"
            ),
            Standing::Unpriced => format!(
                "it cannot be said whether running it yourself is cheaper than {other}. {NO_PRICE}"
            ),
        }
    }

    /// The comparison after another one.
    fn added(&self) -> String {
        let (other, cases) = (self.other(), self.cases());
        match self.standing {
            Standing::Own { clear } => {
                format!("Against {other}, running it yourself is {} cheaper{cases}.", surely(clear))
            }
            Standing::Other { clear } => {
                format!("Against {other}, running it yourself is {} dearer{cases}.", surely(clear))
            }
            Standing::Close => {
                format!("Against {other}, it is too close to call: {}", self.close())
            }
            Standing::Anyway => format!(
                "Against {other}, running it yourself is dearer, even before the hardware is paid."
            ),
            Standing::Unpriced => {
                format!("Against {other}, nothing can be said without that price.")
            }
        }
    }
}

/// How a share of the cases in which running the model costs less is called; whole hundredths count,
/// because that is what is shown.
fn standing(share: f64) -> Standing {
    let own = (share * 100.0).round();
    let other = 100.0 - own;
    if own >= PROBABLE {
        Standing::Own { clear: own >= CLEAR }
    } else if other >= PROBABLE {
        Standing::Other { clear: other >= CLEAR }
    } else {
        Standing::Close
    }
}

fn surely(clear: bool) -> &'static str {
    if clear { "clearly" } else { "probably" }
}

fn capital(text: &str) -> String {
    let (first, rest) = text.split_at(text.chars().next().map_or(0, char::len_utf8));
    format!("{}{rest}", first.to_uppercase())
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

/// What is said where the hardware has no price, with the flags that give one.
pub(crate) const NO_PRICE: &str =
    "The price of the hardware is missing: --hourly (to rent) or --price (to buy) gives it.";
/// From so many of 100 cases on, one way is called clearly cheaper.
const CLEAR: f64 = 90.0;
/// From so many on, probably cheaper; below, it is too close to call.
const PROBABLE: f64 = 75.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_cases_have_words() {
        for (share, expected) in [
            (1.0, Standing::Own { clear: true }),
            (0.897, Standing::Own { clear: true }),
            (0.89, Standing::Own { clear: false }),
            (0.75, Standing::Own { clear: false }),
            (0.74, Standing::Close),
            (0.26, Standing::Close),
            (0.25, Standing::Other { clear: false }),
            (0.11, Standing::Other { clear: false }),
            // "90 of 100" is not too close to call.
            (0.1, Standing::Other { clear: true }),
            (0.104, Standing::Other { clear: true }),
        ] {
            assert_eq!(standing(share), expected, "{share}");
        }
    }
}
