//! `freehold vet bom`: what a model is made of, as other tools read it.

mod fill;

use std::{
    fs, io,
    num::ParseIntError,
    path::{Path, PathBuf},
};

use freehold_bom::{Model, cyclonedx, mof, spdx};
use freehold_catalog::{Catalog, CatalogError, Date};
use freehold_config::Environment;
use freehold_terms::Adopter;
use freehold_types::{Clock, Timestamp};
use freehold_vet::{Asked, ScanError, report};

use super::{progress, signing::name_in};
use crate::{
    arguments::{BomFormat, VetBom},
    failure::{Answer, Failure, Hint},
    render,
    system::SystemClock,
};

/// Why there is no bill of materials.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BomFailure {
    /// Nothing was read.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// More than one model.
    #[error("{} holds {} models: {}", path.display(), folders.len(), folders.join(", "))]
    Several {
        /// What was named.
        path: PathBuf,
        /// Their folders in it.
        folders: Vec<String>,
    },
    /// The time that reproducible builds pass on is none.
    #[error("SOURCE_DATE_EPOCH is `{value}`, which is no number of seconds")]
    Epoch {
        /// Its value.
        value: String,
        /// Why.
        #[source]
        source: ParseIntError,
    },
    /// The catalogue in the program is broken.
    #[error("the catalogue in this program cannot be read")]
    Catalog(#[source] &'static CatalogError),
    /// It cannot be written.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the file system said.
        #[source]
        source: io::Error,
    },
}

impl Hint for BomFailure {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Scan(_) => {
                "name a file or folder with a model in it that you may read".to_owned()
            }
            Self::Several { path, folders } => {
                let first = folders.first().map_or("", String::as_str);
                format!("name one of them: freehold vet bom {}", path.join(first).display())
            }
            Self::Epoch { .. } => "unset it, or set it as `date +%s` prints the time".to_owned(),
            Self::Catalog(_) => return None,
            Self::Write { .. } => "name a file with --out that you may write".to_owned(),
        })
    }
}

/// Reads the model, writes the document.
pub(crate) fn run(wanted: &VetBom) -> Result<Answer, Failure> {
    let made = time()?;
    let model = model(wanted, made)?;
    let text = match wanted.format {
        BomFormat::Cyclonedx => cyclonedx(&model),
        BomFormat::Spdx => spdx(&model),
        BomFormat::Mof => mof(&model),
    };
    if matches!(wanted.format, BomFormat::Mof) && model.released.is_none() {
        render::progress(
            "The day of release is not known and left out, though the framework's schema asks for \
             one: name it with --released.",
        );
    }
    match &wanted.out {
        None => render::line(text.trim_end()),
        Some(path) => {
            fs::write(path, text)
                .map_err(|source| BomFailure::Write { path: path.clone(), source })?;
            let files = model.files.len();
            let noun = if files == 1 { "file" } else { "files" };
            let (name, path) = (&model.name, path.display());
            render::line(format_args!("written: {files} {noun} of {name}, in {path}"));
        }
    }
    Ok(Answer::Clean)
}

/// The time that the document names: the environment's, as reproducible builds have it
/// (<https://reproducible-builds.org/specs/source-date-epoch/>), else the clock's.
fn time() -> Result<Timestamp, BomFailure> {
    let environment = Environment::of_process();
    let Some(value) = environment.get("SOURCE_DATE_EPOCH") else {
        return Ok(SystemClock::new().now());
    };
    let seconds: u64 =
        value.parse().map_err(|source| BomFailure::Epoch { value: value.to_owned(), source })?;
    Ok(Timestamp(seconds.saturating_mul(1_000_000)))
}

fn model(wanted: &VetBom, made: Timestamp) -> Result<Model, BomFailure> {
    let catalog = Catalog::embedded().map_err(BomFailure::Catalog)?;
    // Who would ship it has no part in what it is made of.
    let adopter = Adopter::default();
    let asked = Asked { catalog, adopter: &adopter, today: day(made) };
    let mut report = report(&wanted.path, asked, &progress())?;
    // An older document that lies in the model is no part of it.
    let out = wanted.out.as_ref().and_then(|out| name_in(&wanted.path, out));
    report.files.retain(|file| Some(&file.path) != out.as_ref());
    let assessment = match report.models.as_slice() {
        [] => None,
        [one] => Some(one),
        several => match several.iter().find(|one| one.model.folder.is_empty()) {
            Some(own) => Some(own),
            None => {
                let folders = several.iter().map(|one| one.model.folder.clone()).collect();
                return Err(BomFailure::Several { path: wanted.path.clone(), folders });
            }
        },
    };
    let mut model = fill::model(&report, assessment, catalog, made);
    let folder = folder_name(&wanted.path);
    if assessment.is_none() {
        model.name = folder;
    }
    if let Some(text) = configuration(&wanted.path) {
        fill::configuration(&mut model.card, &text);
    }
    if let Some(name) = &wanted.name {
        model.name.clone_from(name);
    }
    model.version.clone_from(&wanted.revision);
    model.publisher.clone_from(&wanted.publisher);
    model.released = wanted.released.map(|day| day.to_string());
    if let Some(url) = &wanted.url {
        let url = url.clone();
        model.references.insert(0, freehold_bom::Reference { kind: "distribution", url });
    }
    Ok(model)
}

/// The day of the time that the document names, so that the same time gives the same document.
fn day(made: Timestamp) -> Date {
    Date::from_days(i64::try_from(made.millis() / 86_400_000).unwrap_or(i64::MAX))
}

fn folder_name(path: &Path) -> String {
    let whole = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    whole.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// `config.json`, if there is one of a size that one has.
fn configuration(path: &Path) -> Option<String> {
    let file = path.join("config.json");
    let length = fs::metadata(&file).ok().filter(fs::Metadata::is_file)?.len();
    (length <= MOST_CONFIGURATION).then(|| fs::read_to_string(file).ok()).flatten()
}

const MOST_CONFIGURATION: u64 = 4 << 20;
