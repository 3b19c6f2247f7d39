//! `[adopter]`: who wants to ship a model, as far as licences ask.

use std::collections::BTreeSet;

use freehold_catalog::regions;
use freehold_terms::{Adopter, Purpose};

use crate::{
    key::{Key, Plain, number},
    reader::{Reader, Section},
};

/// Reads `[adopter]`.
pub(crate) fn adopter(reader: &mut Reader<'_>, top: &mut Section<'_>) -> Adopter {
    let mut section = reader.section(top, "adopter");
    let settings = Adopter {
        region: reader.value(&mut section, &REGION),
        users_per_month: reader.value(&mut section, &USERS),
        revenue_usd: reader.value(&mut section, &REVENUE),
        product_licence: reader.value(&mut section, &PRODUCT_LICENCE),
        purposes: reader.value(&mut section, &PURPOSES),
    };
    reader.finish(section);
    settings
}

const REGION: Key<Option<String>> = Key {
    section: "adopter",
    name: "region",
    default: || None,
    expected: "a region: two letters of ISO 3166-1, or EU, or EEA",
    read: |plain| match plain {
        Plain::Text(text) if regions::is_region(text) => Some(Some(text.clone())),
        _ => None,
    },
    show: |value| value.clone().into(),
    about: "Where you are, for licences that exclude regions.",
};

const USERS: Key<Option<u64>> = Key {
    section: "adopter",
    name: "users_per_month",
    default: || None,
    expected: COUNT,
    read: |plain| number::<0, MOST>(plain).map(Some),
    show: |value| (*value).into(),
    about: "Monthly active users of all your products, for licences that ask above a number.",
};

const REVENUE: Key<Option<u64>> = Key {
    section: "adopter",
    name: "revenue",
    default: || None,
    expected: COUNT,
    read: |plain| number::<0, MOST>(plain).map(Some),
    show: |value| (*value).into(),
    about: "Your yearly revenue in United States dollars, for licences that end above one.",
};

const PRODUCT_LICENCE: Key<Option<String>> = Key {
    section: "adopter",
    name: "product_licence",
    default: || None,
    expected: "an SPDX identifier, or proprietary",
    read: |plain| match plain {
        Plain::Text(text) if freehold_terms::is_product_licence(text) => Some(Some(text.clone())),
        _ => None,
    },
    show: |value| value.clone().into(),
    about: "The licence of the product that a model goes into: an SPDX identifier, or `proprietary`.",
};

const PURPOSES: Key<Option<BTreeSet<Purpose>>> = Key {
    section: "adopter",
    name: "purposes",
    default: || None,
    expected: "one or more of internal, commercial, service, redistribute, research, personal and train-models, with commas between",
    read: |plain| match plain {
        Plain::Text(text) => purposes(text.split(',')).map(Some),
        Plain::List(all) => purposes(all.iter().map(String::as_str)).map(Some),
        _ => None,
    },
    show: |value| {
        let names =
            |all: &BTreeSet<Purpose>| all.iter().map(|it| it.name()).collect::<Vec<_>>().join(", ");
        value.as_ref().map(names).into()
    },
    about: "What models are used for, with commas between: internal, commercial, service, redistribute (their files are passed on), research, personal, train-models (outputs train other models).",
};

fn purposes<'a>(names: impl Iterator<Item = &'a str>) -> Option<BTreeSet<Purpose>> {
    let find = |name: &str| Purpose::ALL.into_iter().find(|it| it.name() == name.trim());
    names.map(find).collect()
}

const COUNT: &str = "a whole number";
/// More than the world has.
const MOST: u64 = 1_000_000_000_000_000;
