//! The ways to get answers as columns of one bill: run the model, buy its answers from somebody who
//! hosts it, buy a premium model's.

use freehold_catalog::{Catalog, Commitment, Hardware, HardwareKind, ModelId};

use crate::{
    Figure, Source, Unit,
    ask::Ask,
    bill::{
        Capacity, Column, defaults,
        hosted::Hosted,
        own::{Devices, Own, Power},
        people::{Pay, Staff},
    },
    demand::{Asked, Demand, given, taken},
    prices::{self, Chosen},
    serve::Service,
    words,
};

/// What the machine's half says of one replica.
#[derive(Debug, Clone)]
pub struct Replica<'a> {
    /// On which hardware.
    pub hardware: &'a Hardware,
    /// How many of it one replica takes.
    pub devices: u32,
    /// How many requests a second one replica answers within the targets, in `request/s/replica`.
    pub requests: Figure,
    /// How far a replica is loaded in the busiest hour at most.
    pub utilisation: Figure,
    /// What the weights take on disk, in `GB`.
    pub weights: Figure,
}

/// The columns, as far as they can be made.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Run the model.
    pub own: Option<Column>,
    /// Buy the same model's answers.
    pub hosted: Option<Column>,
    /// Buy a premium model's answers.
    pub premium: Option<Column>,
    /// The inputs that were taken.
    pub asked: Vec<Asked>,
}

/// An offer was named that the catalogue does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the catalogue has no price of `{name}`")]
pub struct UnknownOffer {
    /// As it was written.
    pub name: String,
    /// Names that are close.
    pub close: Vec<String>,
}

impl Columns {
    /// The columns for a demand. `replica` is none where the model does not fit or none was chosen.
    ///
    /// # Errors
    /// [`UnknownOffer`] where `hosted` or `premium` name none.
    pub fn of(
        catalog: &Catalog,
        ask: &Ask,
        demand: &Demand,
        model: Option<&ModelId>,
        replica: Option<&Replica<'_>>,
    ) -> Result<Self, UnknownOffer> {
        let mut asked = Vec::new();
        let pay = pay(ask, &mut asked);
        let hosted = offer(catalog, ask, "hosted", &mut asked)?;
        let hosted = hosted.or_else(|| {
            let found = prices::for_model(catalog, model?, &demand.mixed)?;
            asked.push(chosen("hosted", &found, "hosts this model"));
            Some(found)
        });
        let premium = offer(catalog, ask, "premium", &mut asked)?;
        let premium = premium.or_else(|| {
            let found = prices::frontier(catalog, &demand.mixed)?;
            asked.push(chosen("premium", &found, "is its provider's strongest"));
            Some(found)
        });
        let column = |chosen: Option<Chosen<'_>>| bought(catalog, &chosen?, demand, &pay);
        Ok(Self {
            own: replica.map(|replica| own(catalog, ask, demand, replica, &pay, &mut asked)),
            hosted: column(hosted),
            premium: column(premium),
            asked,
        })
    }

    /// All there are, in the order in which they are shown.
    pub fn all(&self) -> Vec<&Column> {
        [&self.own, &self.hosted, &self.premium].into_iter().flatten().collect()
    }
}

fn pay(ask: &Ask, asked: &mut Vec<Asked>) -> Pay {
    Pay {
        salary: taken(ask, "salary", defaults::salary(), asked),
        on_cost: taken(ask, "on-cost", defaults::on_cost(), asked),
        hire: defaults::hire(),
        turnover: defaults::turnover(),
    }
}

fn own(
    catalog: &Catalog,
    ask: &Ask,
    demand: &Demand,
    replica: &Replica<'_>,
    pay: &Pay,
    asked: &mut Vec<Asked>,
) -> Column {
    let capacity = capacity(ask, demand, replica, asked);
    let machines = capacity.devices.over(&capacity.per_machine);
    let staff = Staff {
        of: OWN.to_owned(),
        security: taken(ask, "security", defaults::own_security(), asked),
        operations: taken(ask, "mlops", defaults::own_operations(), asked),
        talent: taken(ask, "engineers", defaults::own_talent(), asked),
        per_replica: Some(machines.times(&defaults::own_per_machine())),
        tests: Some(taken(ask, "tests", defaults::security_tests(), asked)),
        audits: Some(taken(ask, "audit", defaults::audit(), asked)),
    };
    let stored = replica.weights.plus(&defaults::storage()).named("stored");
    Own {
        name: OWN.to_owned(),
        capacity,
        devices: devices(catalog, ask, replica.hardware, asked),
        storage: (stored, defaults::storage_price()),
        network: (defaults::network(), defaults::network_price()),
        staff,
        pay: pay.clone(),
    }
    .column()
}

fn capacity(ask: &Ask, demand: &Demand, replica: &Replica<'_>, asked: &mut Vec<Asked>) -> Capacity {
    let month = Figure::input(
        "seconds in a month",
        2_629_800.0,
        Unit::per("s", "month"),
        Source::Definition,
    );
    let million = Unit::per("Mtoken", "token");
    let millions =
        Figure::input("millions of tokens in a token", 1e-6, million, Source::Definition);
    let mean = replica.requests.times(&replica.utilisation).over(&demand.peak);
    let tokens = mean.times(&month).times(&demand.request).times(&millions);
    let (many, why) = match replica.hardware.kind {
        HardwareKind::Gpu | HardwareKind::Accelerator => {
            (8.0, "servers for such devices hold eight")
        }
        HardwareKind::Cpu => (2.0, "servers have two sockets"),
        HardwareKind::Unified => (1.0, "the device is the machine"),
    };
    let spare = Figure::input(
        "spare replicas",
        1.0,
        crate::bill::replica(),
        Source::assumed("one replica may fail or be updated while the others carry the load"),
    );
    Capacity {
        per_replica: tokens.named("million tokens a month that a replica carries"),
        spare: taken(ask, "spare", spare, asked),
        devices: Figure::input(
            "devices of a replica",
            f64::from(replica.devices),
            Unit::per("device", "replica"),
            Source::Stated,
        ),
        per_machine: Figure::input(
            "devices of a machine",
            many,
            Unit::per("device", "machine"),
            Source::assumed(why),
        ),
    }
}

fn devices(catalog: &Catalog, ask: &Ask, hardware: &Hardware, asked: &mut Vec<Asked>) -> Devices {
    let commitment = match ask.text("commitment") {
        Some("year") => Commitment::OneYear,
        Some("three-years") => Commitment::ThreeYears,
        _ => Commitment::OnDemand,
    };
    let hourly = ask.number("hourly").map(|_| {
        let unit = Unit::per("USD", "device").over(&Unit::of("h"));
        let none = Figure::input("renting a device, an hour", 0.0, unit, Source::Stated);
        let hourly = taken(ask, "hourly", none, asked);
        Devices::Rented { hourly, discount: defaults::no_discount() }
    });
    // Without a word about it, machines are rented: that is what can be had tomorrow and given back.
    let way = ask.text("machines").unwrap_or(if ask.text("price").is_some() {
        "bought"
    } else {
        "rented"
    });
    let said = ask.text("machines").is_some();
    let mut told = |key: &'static str, value: &str, why: &str| {
        let origin =
            if said { crate::demand::Origin::Given } else { crate::demand::Origin::Default };
        let why = (!said).then(|| why.to_owned());
        let label = crate::demand::label(key);
        asked.push(Asked { key, label, value: value.to_owned(), origin, why });
    };
    match way {
        "there" => {
            told("machines", "there", "");
            Devices::There { power: power(catalog, ask, hardware, asked) }
        }
        "bought" => {
            told("machines", "bought", "a price of purchase is given");
            let given = ask.number("price").map(|_| {
                let none = Figure::input(
                    "buying a device",
                    0.0,
                    Unit::per("USD", "device"),
                    Source::Stated,
                );
                (taken(ask, "price", none, asked), defaults::machine_price())
            });
            let life = taken(ask, "life", defaults::life(), asked);
            let power = power(catalog, ask, hardware, asked);
            match given.or_else(|| prices::bought(catalog, &hardware.id)) {
                Some((price, machine)) => Devices::Bought { price, machine, life, power },
                None => Devices::Unpriced { power },
            }
        }
        _ => {
            told("machines", "rented", "rented machines can be had soon and given back");
            if ask.text("commitment").is_some() {
                asked.push(given(ask, "commitment"));
            }
            match hourly.or_else(|| prices::rented(catalog, &hardware.id, commitment)) {
                Some(rented) => rented,
                None => Devices::Unpriced { power: power(catalog, ask, hardware, asked) },
            }
        }
    }
}

fn power(catalog: &Catalog, ask: &Ask, hardware: &Hardware, asked: &mut Vec<Asked>) -> Power {
    let unit = Unit::per("kW", "device");
    let name = format!("{}, power", hardware.id);
    let draw = match &hardware.power {
        Some(fact) => Figure::input(name, fact.is / 1000.0, unit, prices::source(catalog, fact)),
        None => {
            let why = "not confirmed: no source states its power; the range of accelerators";
            Figure::between(name, 0.4, (0.05, 1.2), unit, Source::assumed(why))
        }
    };
    let machine = match hardware.kind {
        HardwareKind::Unified => Figure::input(
            "power of the machine",
            1.0,
            Unit::one(),
            Source::assumed("the device is the machine"),
        ),
        _ => defaults::machine_power(),
    };
    Power {
        draw,
        machine,
        load: defaults::power_load(),
        building: taken(ask, "building", defaults::building(), asked),
        price: taken(ask, "electricity", defaults::electricity(), asked),
    }
}

fn bought(catalog: &Catalog, chosen: &Chosen<'_>, demand: &Demand, pay: &Pay) -> Option<Column> {
    let name = chosen.name();
    let tariff = prices::tariff(catalog, chosen, &demand.mixed)?;
    let mut notes = Vec::new();
    if let Some(among) = chosen.among.filter(|among| among.count > 1) {
        notes.push(format!(
            "{} offers, {} to {} USD for a million tokens of this mix; this one is in the middle",
            among.count,
            words::amount(among.cheapest),
            words::amount(among.dearest)
        ));
    }
    if tariff.usual.cached.is_none() && demand.mixed.mix.cached.value() > 0.0 {
        notes.push("the provider states no price for what was sent before".to_owned());
    }
    let staff = Staff {
        of: name.clone(),
        security: defaults::hosted_security(),
        operations: defaults::hosted_operations(),
        talent: defaults::hosted_talent(),
        per_replica: None,
        tests: None,
        audits: None,
    };
    let mix = demand.mixed.mix.clone();
    Some(Hosted { name, tariff, mix, staff, pay: pay.clone(), notes }.column())
}

/// The offer that was named, if one was.
fn offer<'a>(
    catalog: &'a Catalog,
    ask: &Ask,
    key: &'static str,
    asked: &mut Vec<Asked>,
) -> Result<Option<Chosen<'a>>, UnknownOffer> {
    let Some(name) = ask.text(key) else { return Ok(None) };
    match prices::named(catalog, name) {
        Some(found) => {
            asked.push(given(ask, key));
            Ok(Some(found))
        }
        None => {
            let all: Vec<String> = catalog.hosted().iter().map(prices::name).collect();
            let close = crate::ask::close(name, all.iter().map(String::as_str));
            let close = close.into_iter().map(str::to_owned).collect();
            Err(UnknownOffer { name: name.to_owned(), close })
        }
    }
}

fn chosen(key: &'static str, found: &Chosen<'_>, what: &str) -> Asked {
    let count = found.among.map_or(1, |among| among.count);
    let why = format!(
        "the one in the middle, by price, of {count} in the catalogue of which each {what}"
    );
    Asked {
        key,
        label: crate::demand::label(key),
        value: found.name(),
        origin: crate::demand::Origin::Default,
        why: Some(why),
    }
}

/// Requests a second of one replica.
pub(crate) fn per_replica(service: &Service) -> Figure {
    let one = Figure::input("one replica", 1.0, crate::bill::replica(), Source::Definition);
    service.capacity.over(&one).named("requests a second of a replica")
}

/// What the own column is called.
pub const OWN: &str = "run it yourself";

#[cfg(test)]
mod tests;
