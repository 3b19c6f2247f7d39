//! Prices of the catalogue as figures: what a hosted model asks for, what a device costs to rent or buy.

use freehold_catalog::{
    Catalog, Commitment, Fact, HardwareId, HostedClass, HostedPrice, ModelId, SourceId,
};

use crate::{
    Figure, Lengths, Source, Unit,
    bill::{
        defaults,
        hosted::{Mix, Prices, Tariff},
        own::Devices,
        per_token,
    },
};

/// A hosted model that was chosen, with how.
#[derive(Debug, Clone)]
pub struct Chosen<'a> {
    /// The catalogue's entry.
    pub price: &'a HostedPrice,
    /// How many offers there were to choose from, and the cheapest and dearest of them for this mix, in
    /// `USD/Mtoken`; none where it was named.
    pub among: Option<Among>,
}

/// What there was to choose from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Among {
    /// How many offers.
    pub count: usize,
    /// The cheapest, in `USD/Mtoken` of the mix.
    pub cheapest: f64,
    /// The dearest.
    pub dearest: f64,
}

impl Chosen<'_> {
    /// `provider/model`.
    pub fn name(&self) -> String {
        name(self.price)
    }
}

/// `provider/model`, as the command line takes it.
pub fn name(price: &HostedPrice) -> String {
    format!("{}/{}", price.provider, price.model)
}

/// The offer of that name.
pub fn named<'a>(catalog: &'a Catalog, text: &str) -> Option<Chosen<'a>> {
    let same = |price: &&HostedPrice| name(price).eq_ignore_ascii_case(text);
    let only = |price: &&HostedPrice| price.model.eq_ignore_ascii_case(text);
    let usable = || catalog.hosted().iter().filter(|price| complete(price));
    let found = usable().find(same).or_else(|| usable().find(only))?;
    Some(Chosen { price: found, among: None })
}

/// The offer in the middle, by the price of this mix, of those that host an open model.
pub fn for_model<'a>(catalog: &'a Catalog, model: &ModelId, load: &Mixed) -> Option<Chosen<'a>> {
    middle(catalog.hosted().iter().filter(|price| price.open_model.as_ref() == Some(model)), load)
}

/// The offer in the middle of the strongest models of their providers.
pub fn frontier<'a>(catalog: &'a Catalog, load: &Mixed) -> Option<Chosen<'a>> {
    let frontier = |price: &&HostedPrice| {
        price.class.as_ref().is_some_and(|class| class.is == HostedClass::Frontier)
    };
    middle(catalog.hosted().iter().filter(frontier), load)
}

/// Of which tokens a load is made.
#[derive(Debug, Clone)]
pub struct Mixed {
    /// The parts.
    pub mix: Mix,
    /// How long prompts are, for prices of long ones.
    pub input: Lengths,
}

/// The tariff of an offer, for a load; what it is called stands before its figures.
pub fn tariff(catalog: &Catalog, chosen: &Chosen<'_>, load: &Mixed) -> Option<Tariff> {
    let price = chosen.price;
    let called = chosen.name();
    let (input, output) = (price.input.as_ref()?, price.output.as_ref()?);
    let figure = |what: &str, fact: &Fact<f64>| {
        let name = format!("{called}: a million tokens {what}");
        Figure::input(name, fact.is, per_token(), source(catalog, fact))
    };
    let usual = Prices {
        input: figure("read", input),
        cached: price.cached_input.as_ref().map(|fact| figure("read before", fact)),
        output: figure("written", output),
    };
    let long = price.longer.first().map(|longer| {
        let above = longer.above_tokens;
        let what = |what: &str| format!("{what}, prompts above {above}");
        let prices = Prices {
            input: figure(&what("read"), longer.input.as_ref().unwrap_or(input)),
            cached: longer
                .cached_input
                .as_ref()
                .or(price.cached_input.as_ref())
                .map(|fact| figure(&what("read before"), fact)),
            output: figure(&what("written"), longer.output.as_ref().unwrap_or(output)),
        };
        (prices, part_above(load.input, above))
    });
    let spread = chosen.among.filter(|among| among.count > 1).map(|among| {
        let own = Tariff { usual: usual.clone(), long: long.clone(), spread: None };
        let here = own.blended(&load.mix, &called).value();
        Figure::between(
            format!("{called}: offers of others for each unit of this one"),
            1.0,
            (among.cheapest / here, among.dearest / here),
            Unit::one(),
            source(catalog, input),
        )
    });
    Some(Tariff { usual, long, spread })
}

/// How devices are rented: the offer in the middle, between the cheapest and the dearest. Nothing where
/// the catalogue knows no price.
pub fn rented(catalog: &Catalog, hardware: &HardwareId, commitment: Commitment) -> Option<Devices> {
    let at = |commitment| {
        Offers::of(catalog.rental().iter().filter_map(move |offer| {
            let fits = &offer.hardware == hardware
                && offer.commitment == commitment
                && offer.currency == USD
                && offer.count > 0;
            fits.then(|| (offer.per_hour.is / f64::from(offer.count), &offer.per_hour))
        }))
    };
    let hourly = |found: &Offers<'_>, how: &str| {
        let unit = Unit::per("USD", "device").over(&Unit::of("h"));
        found.figure(catalog, format!("{hardware}, an hour {how}"), unit)
    };
    if commitment != Commitment::OnDemand
        && let Some(found) = at(commitment)
    {
        let hourly = hourly(&found, "with commitment");
        return Some(Devices::Rented { hourly, discount: defaults::no_discount() });
    }
    let discount = match commitment {
        Commitment::OneYear => defaults::discount_of_a_year(),
        Commitment::ThreeYears => defaults::discount_of_three_years(),
        Commitment::Spot | Commitment::OnDemand | Commitment::Month => defaults::no_discount(),
    };
    Some(Devices::Rented { hourly: hourly(&at(Commitment::OnDemand)?, "on demand"), discount })
}

/// What a device costs to buy, and what the machine around it adds: nothing where the price is of whole
/// machines.
pub fn bought(catalog: &Catalog, hardware: &HardwareId) -> Option<(Figure, Figure)> {
    let found = |whole: bool| {
        Offers::of(catalog.purchase().iter().filter_map(move |offer| {
            // Everything else is named by the machine that is bought.
            let machine = offer.what != "device";
            let fits = &offer.hardware == hardware
                && offer.currency == USD
                && offer.count > 0
                && machine == whole;
            fits.then(|| (offer.amount.is / f64::from(offer.count), &offer.amount))
        }))
    };
    let price = |found: &Offers<'_>| {
        found.figure(catalog, format!("{hardware}, bought"), Unit::per("USD", "device"))
    };
    let nothing = || Figure::input("machine in the price", 1.0, Unit::one(), Source::Definition);
    found(true)
        .map(|found| (price(&found), nothing()))
        .or_else(|| found(false).map(|found| (price(&found), defaults::machine_price())))
}

/// What several ask for one thing.
struct Offers<'a> {
    low: f64,
    middle: f64,
    high: f64,
    /// Who states the one in the middle.
    fact: &'a Fact<f64>,
}

impl<'a> Offers<'a> {
    fn of(all: impl Iterator<Item = (f64, &'a Fact<f64>)>) -> Option<Self> {
        let mut all: Vec<(f64, &Fact<f64>)> = all.collect();
        all.sort_by(|one, other| one.0.total_cmp(&other.0));
        let (low, high) = (all.first()?.0, all.last()?.0);
        let (middle, fact) = all.get((all.len() - 1) / 2).copied()?;
        Some(Self { low, middle, high, fact })
    }

    fn figure(&self, catalog: &Catalog, name: String, unit: Unit) -> Figure {
        Figure::between(name, self.middle, (self.low, self.high), unit, source(catalog, self.fact))
    }
}

fn middle<'a>(all: impl Iterator<Item = &'a HostedPrice>, load: &Mixed) -> Option<Chosen<'a>> {
    let mut all: Vec<(f64, &HostedPrice)> =
        all.filter(|price| complete(price)).map(|price| (rough(price, load), price)).collect();
    all.sort_by(|one, other| {
        one.0.total_cmp(&other.0).then_with(|| name(one.1).cmp(&name(other.1)))
    });
    let among = Among { count: all.len(), cheapest: all.first()?.0, dearest: all.last()?.0 };
    let (_, price) = all.get((all.len() - 1) / 2)?;
    Some(Chosen { price, among: Some(among) })
}

/// What a million tokens of a mix cost, by the usual prices.
fn rough(price: &HostedPrice, load: &Mixed) -> f64 {
    let of = |fact: &Option<Fact<f64>>| fact.as_ref().map_or(f64::NAN, |fact| fact.is);
    let (input, output) = (of(&price.input), of(&price.output));
    let cached = price.cached_input.as_ref().map_or(input, |fact| fact.is);
    let mix = &load.mix;
    let fresh = mix.input.value() - mix.cached.value();
    fresh * input + mix.cached.value() * cached + mix.output.value() * output
}

/// An offer that a bill can be made of: in dollars, with both prices, in force, at no special terms.
fn complete(price: &HostedPrice) -> bool {
    price.currency == USD
        && price.until.is_none()
        && price.conditions.is_none()
        && price.input.as_ref().is_some_and(|fact| fact.is > 0.0)
        && price.output.as_ref().is_some_and(|fact| fact.is > 0.0)
}

/// Which part of tokens is in requests with more tokens of prompt than `above`.
///
/// Of lengths that are lognormal with `σ`, the part of tokens in those above a length is
/// `Φ(σ − ln(above / median) / σ)`.
fn part_above(lengths: Lengths, above: u64) -> Figure {
    #[expect(clippy::cast_precision_loss, reason = "lengths of prompts")]
    let ratio = (above as f64 / lengths.median).ln();
    let sigma = (lengths.p95 / lengths.median).max(1.0).ln() / NORMAL_95;
    let part = if sigma > 0.0 { normal(sigma - ratio / sigma) } else { f64::from(ratio < 0.0) };
    Figure::input(
        format!("part of tokens in prompts above {above}"),
        part,
        Unit::one(),
        Source::assumed(
            "lengths of prompts are lognormal through their median and 95th percentile",
        ),
    )
}

/// The normal distribution, to 1.5e-7: Abramowitz and Stegun, 7.1.26.
fn normal(at: f64) -> f64 {
    let x = at.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let terms = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592];
    let sum = terms.iter().fold(0.0, |sum, term| (sum + term) * t);
    let erf = 1.0 - sum * (-x * x).exp();
    if at < 0.0 { 0.5 * (1.0 - erf) } else { 0.5 * (1.0 + erf) }
}

/// A fact's source.
pub(crate) fn source<T>(catalog: &Catalog, fact: &Fact<T>) -> Source {
    source_of(catalog, &fact.source, &fact.seen.to_string())
}

fn source_of(catalog: &Catalog, id: &SourceId, seen: &str) -> Source {
    match catalog.source(id) {
        Some(source) => Source::published(&source.title, &source.url, seen),
        // A test of the catalogue rules this out.
        None => Source::published(&id.0, "", seen),
    }
}

const USD: &str = "USD";
/// The 95th percentile of the standard normal distribution.
const NORMAL_95: f64 = 1.644_853_626_951_472_2;

#[cfg(test)]
mod tests;
