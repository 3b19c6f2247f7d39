//! Models and hardware for those who named none: what would answer the load at the least cost, in each
//! size of model.

use freehold_catalog::{Catalog, Hardware, LicenceCategory, Model, Purpose};
use serde::Serialize;

use crate::{
    Format, Unit,
    ask::Ask,
    bill::defaults,
    costs::{Columns, Replica, per_replica},
    demand::Demand,
    machine::{Machine, counts, default_form},
    memory::weight_bytes,
    options::narrower,
    serve::Service,
    subject::Subject,
};

/// A model on hardware that would do.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    /// The model's repository.
    pub model: String,
    /// The hardware's name in the catalogue.
    pub hardware: String,
    /// How many of it for one replica.
    pub devices: u32,
    /// The form of the weights.
    pub weights: String,
    /// What running it costs, in `USD/month`.
    pub own: f64,
    /// What the same model costs hosted, where somebody hosts it.
    pub hosted: Option<f64>,
}

/// The least costly hardware for each proposed model; the models in order of size. Only what was not
/// named is chosen.
pub fn propose(
    catalog: &Catalog,
    ask: &Ask,
    subject: &Subject<'_>,
    demand: &Demand,
) -> Vec<Proposal> {
    let models = match subject.model {
        Some(model) => vec![model],
        None => models(catalog),
    };
    let hardware: Vec<&Hardware> = match subject.hardware {
        Some(hardware) => vec![hardware],
        None => {
            let rented = |hardware: &&Hardware| {
                catalog.rental().iter().any(|offer| offer.hardware == hardware.id)
            };
            catalog.hardware().iter().filter(rented).collect()
        }
    };
    let best = |model: &&Model| {
        let all = hardware
            .iter()
            .filter_map(|hardware| proposal(catalog, ask, subject, demand, model, hardware));
        all.min_by(|one, other| one.own.total_cmp(&other.own))
    };
    models.iter().filter_map(best).collect()
}

/// A less costly way to run a machine's model on its hardware that carries the same load within the
/// targets: on fewer devices or, unless a form was named, in the widest form of fewer bits that does.
pub(crate) fn cheaper(
    catalog: &Catalog,
    ask: &Ask,
    subject: &Subject<'_>,
    demand: &Demand,
    machine: &Machine,
    cost: f64,
) -> Option<Proposal> {
    let (model, hardware) = (subject.model?, subject.hardware?);
    let mut forms = vec![machine.deployment.weights.clone()];
    if ask.text("quant").is_none() {
        forms.extend(narrower(catalog, &machine.deployment));
    }
    forms.iter().find_map(|form| {
        let mut ask = ask.clone();
        ask.set("quant", &form.id).ok()?;
        let fewer = counts(hardware).iter().filter(|count| **count <= machine.devices());
        let ways = fewer.filter_map(|count| {
            let subject = Subject { devices: Some(*count), ..*subject };
            proposal(catalog, &ask, &subject, demand, model, hardware)
        });
        ways.filter(|way| way.own < cost * WORTH_TELLING)
            .min_by(|one, other| one.own.total_cmp(&other.own))
    })
}

/// One model on one piece of hardware, if it fits, meets the targets and has a price.
fn proposal(
    catalog: &Catalog,
    ask: &Ask,
    subject: &Subject<'_>,
    demand: &Demand,
    model: &Model,
    hardware: &Hardware,
) -> Option<Proposal> {
    let form = match ask.text("quant") {
        Some(name) => Format::find(catalog, name)?,
        None => default_form(catalog, model, hardware).0,
    };
    let laid = Machine::laid(catalog, (model, hardware), subject, &form, &demand.load).ok()?;
    if !laid.fits() {
        return None;
    }
    let (shape, deployment) = (&laid.shape, &laid.deployment);
    let service = Service::of(shape, deployment, &demand.load, None, &defaults::building()).ok()?;
    if service.targets.iter().any(|target| !target.met) {
        return None;
    }
    let weights = weight_bytes(&laid.shape, &laid.deployment.weights);
    let replica = Replica {
        hardware,
        devices: laid.devices(),
        requests: per_replica(&service),
        utilisation: service.utilisation.clone(),
        weights: weights.converted(Unit::of("GB"), 1e-9),
    };
    let columns = Columns::of(catalog, ask, demand, Some(&model.id), Some(&replica)).ok()?;
    let bill = columns.own.as_ref()?.bill(&demand.volume);
    // A price that is not known is not a low one.
    if crate::words::open(&bill.total) {
        return None;
    }
    Some(Proposal {
        model: model.id.to_string(),
        hardware: hardware.id.to_string(),
        devices: laid.devices(),
        weights: form.id,
        own: bill.total.value(),
        hosted: columns.hosted.map(|hosted| hosted.bill(&demand.volume).total.value()),
    })
}

/// In each size the newest model that follows instructions, has an open-source licence and is hosted by
/// several providers, which says that others use it.
fn models(catalog: &Catalog) -> Vec<&Model> {
    let open = |model: &&Model| {
        let licence = model.licence.weights.as_ref().and_then(|fact| catalog.licence(&fact.is));
        let category = licence.and_then(|licence| licence.category.as_ref());
        category.is_some_and(|fact| fact.is == LicenceCategory::Osi)
    };
    let chat = |model: &&Model| {
        model.purposes.as_ref().is_some_and(|fact| fact.is.contains(&Purpose::Chat))
    };
    let offers = |model: &Model| {
        catalog.hosted().iter().filter(|offer| offer.open_model.as_ref() == Some(&model.id)).count()
    };
    let size = |model: &Model| model.parameters.as_ref().map_or(0, |fact| fact.is);
    let all: Vec<&Model> = catalog
        .models()
        .filter(chat)
        .filter(open)
        .filter(|model| model.geometry.is_some() && offers(model) >= OFFERS)
        .collect();
    let newest = |(low, high): &(u64, u64)| {
        let of_size = all.iter().filter(|model| (*low..*high).contains(&size(model)));
        of_size
            .filter_map(|model| Some((model.released.as_ref()?.is, *model)))
            .max_by_key(|(released, model)| (*released, std::cmp::Reverse(model.id.clone())))
            .map(|(_, model)| model)
    };
    SIZES.iter().filter_map(newest).collect()
}

/// Sizes, in parameters.
const SIZES: [(u64, u64); 4] = [
    (0, 15_000_000_000),
    (15_000_000_000, 50_000_000_000),
    (50_000_000_000, 150_000_000_000),
    (150_000_000_000, u64::MAX),
];
/// By how many providers a model is to be hosted.
const OFFERS: usize = 3;
/// A way that costs more than this part of another one is not told as cheaper.
const WORTH_TELLING: f64 = 0.99;
