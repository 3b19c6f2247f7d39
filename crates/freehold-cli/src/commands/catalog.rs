//! `freehold catalog`: what is known of open models, licences, hardware and prices, with sources.

mod check;
mod error;
mod lists;
mod search;
mod sheet;
mod table;

use std::{borrow::Cow, fs, io, path::PathBuf};

use freehold_catalog::{Catalog, Date, Model};
use freehold_config::Environment;
use freehold_types::Clock;

pub(crate) use self::error::CatalogFailure;
use crate::{
    arguments::{self, CatalogVerb},
    failure::{Answer, Failure},
    place::{Directory, load_config},
    system::SystemClock,
};

/// Runs one of the catalogue's verbs.
pub(crate) fn run(arguments: &arguments::Catalog) -> Result<Answer, Failure> {
    let catalog = open(&arguments.place, arguments.overlay.clone())?;
    let asked = Asked {
        catalog: &catalog,
        today: arguments.on.unwrap_or_else(today),
        json: arguments.json,
    };
    match &arguments.verb {
        CatalogVerb::Search(wanted) => search::run(&asked, wanted),
        CatalogVerb::Show { model } => sheet::show(&asked, model),
        CatalogVerb::Compare { models, differences } => {
            sheet::compare(&asked, models, *differences)
        }
        CatalogVerb::Hardware { name } => lists::hardware(&asked, name.as_deref()),
        CatalogVerb::Prices { text } => lists::prices(&asked, text.as_deref()),
        CatalogVerb::Tasks { name } => lists::tasks(&asked, name.as_deref()),
        CatalogVerb::Licences { name } => lists::licences(&asked, name.as_deref()),
        CatalogVerb::Check { notes } => check::run(&asked, *notes),
    }
}

/// The catalogue with the operator's overlay, if there is one: the flag's, else the configuration's,
/// else the one in the data directory.
pub(crate) fn open(
    place: &arguments::Place,
    flag: Option<PathBuf>,
) -> Result<Cow<'static, Catalog>, Failure> {
    let environment = Environment::of_process();
    let directory = Directory::named(place.dir.as_deref(), &environment);
    let config = load_config(place, &directory, environment, Vec::new())?;
    Ok(with_overlay(&directory, flag.or(config.catalog.overlay))?)
}

/// The catalogue with an overlay that must be there if it is named.
pub(crate) fn with_overlay(
    directory: &Directory,
    named: Option<PathBuf>,
) -> Result<Cow<'static, Catalog>, CatalogFailure> {
    let embedded = Catalog::embedded().map_err(|source| CatalogFailure::Embedded { source })?;
    let path = named.clone().unwrap_or_else(|| directory.catalog_overlay());
    let text = match fs::read_to_string(&path) {
        Err(error) if named.is_none() && error.kind() == io::ErrorKind::NotFound => {
            return Ok(Cow::Borrowed(embedded));
        }
        Err(source) => return Err(CatalogFailure::Unreadable { path, source }),
        Ok(text) => text,
    };
    let shown = path.display().to_string();
    let catalog = embedded
        .with_overlay(&shown, &text)
        .map_err(|source| CatalogFailure::Overlay { path, source })?;
    Ok(Cow::Owned(catalog))
}

/// The day, in UTC.
pub(crate) fn today() -> Date {
    let days = SystemClock::new().now().millis() / 86_400_000;
    Date::from_days(i64::try_from(days).unwrap_or(i64::MAX))
}

/// What every verb of the catalogue has in hand.
struct Asked<'a> {
    catalog: &'a Catalog,
    today: Date,
    json: bool,
}

impl<'a> Asked<'a> {
    fn model(&self, name: &str) -> Result<&'a Model, CatalogFailure> {
        self.catalog.model(name).ok_or_else(|| CatalogFailure::NoModel {
            name: name.to_owned(),
            close: self.catalog.close_models(name).into_iter().map(str::to_owned).collect(),
        })
    }
}
