//! The column of those who buy answers by the token.

use serde::Serialize;

use crate::{
    Figure, Unit,
    bill::{
        Column, Kind, Line,
        people::{Pay, Staff},
    },
};

/// What a provider asks for, in `USD/Mtoken`.
#[derive(Debug, Clone)]
pub struct Prices {
    /// Tokens read.
    pub input: Figure,
    /// Tokens read that were read before; none where the provider has no such price.
    pub cached: Option<Figure>,
    /// Tokens written.
    pub output: Figure,
}

/// What a provider asks for, with the prices of long prompts apart.
#[derive(Debug, Clone)]
pub struct Tariff {
    /// The usual prices.
    pub usual: Prices,
    /// The prices of longer prompts, and which part of all tokens falls under them.
    pub long: Option<(Prices, Figure)>,
    /// What others ask for each unit of these prices, where the offer was not chosen by name.
    pub spread: Option<Figure>,
}

/// Of which tokens a load is made, as parts of all tokens.
#[derive(Debug, Clone, Serialize)]
pub struct Mix {
    /// Read.
    pub input: Figure,
    /// Read, and read before: a part of `input`.
    pub cached: Figure,
    /// Written.
    pub output: Figure,
}

/// What buying answers takes.
#[derive(Debug, Clone)]
pub struct Hosted {
    /// The column's name.
    pub name: String,
    /// What the provider asks for.
    pub tariff: Tariff,
    /// Of which tokens the load is made.
    pub mix: Mix,
    /// Who is needed all the same.
    pub staff: Staff,
    /// What they cost.
    pub pay: Pay,
    /// What has to be said about the price.
    pub notes: Vec<String>,
}

impl Hosted {
    /// The column.
    pub fn column(&self) -> Column {
        let tokens = Line {
            kind: Kind::Infrastructure,
            fixed: None,
            per_replica: None,
            per_token: Some(self.tariff.blended(&self.mix, &self.name)),
            notes: self.notes.clone(),
        };
        let mut lines = vec![tokens];
        lines.extend(self.staff.lines(&self.pay));
        Column { name: self.name.clone(), lines, capacity: None }
    }
}

impl Tariff {
    /// What a million tokens of this mix cost.
    pub fn blended(&self, mix: &Mix, name: &str) -> Figure {
        let usual = self.usual.blended(mix);
        let all = match &self.long {
            None => usual,
            Some((long, part)) => {
                let rest = Figure::number(1.0).minus(part);
                usual.times(&rest).plus(&long.blended(mix).times(part))
            }
        };
        let all = match &self.spread {
            None => all,
            Some(spread) => all.times(spread),
        };
        all.named(format!("{name}: a million tokens of this mix"))
    }
}

impl Prices {
    fn blended(&self, mix: &Mix) -> Figure {
        // Without a price of their own, tokens read before cost what others cost.
        let read = match &self.cached {
            Some(cached) => {
                let fresh =
                    mix.input.minus(&mix.cached).named("part of tokens read for the first time");
                fresh.times(&self.input).plus(&mix.cached.times(cached))
            }
            None => mix.input.times(&self.input),
        };
        read.plus(&mix.output.times(&self.output))
    }
}

impl Mix {
    /// From the tokens of an average request and the part of what is read that was read before.
    pub fn of(input: &Figure, output: &Figure, cached: &Figure) -> Self {
        let all = input.plus(output).named("tokens a request");
        let read = input.over(&all).named("part of tokens read");
        Self {
            cached: read.times(cached).named("part of tokens read before"),
            output: output.over(&all).named("part of tokens written"),
            input: read,
        }
    }
}

/// A share, as a unit.
pub fn share() -> Unit {
    Unit::one()
}
