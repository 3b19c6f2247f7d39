//! The effective configuration, as plain values.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

use freehold_terms::Adopter;
use freehold_types::Digest;
use toml::de::DeTable;

use crate::{
    adopter, digest,
    environment::Environment,
    key::number,
    origin::Setting,
    problem::{ConfigError, ProblemKind},
    reader::Reader,
    sections::{
        self, CatalogSettings, ConsoleSettings, DataSettings, EngineSettings, GatewaySettings,
        LogSettings,
    },
    tables::{self, BackendSettings, ModelSettings},
    vet::{self, VetSettings},
};

/// From where a configuration is put together.
#[derive(Clone, Default)]
pub struct Sources {
    /// A file that must be there.
    pub file: Option<PathBuf>,
    /// A file that is read if it is there and `file` names none.
    pub optional_file: Option<PathBuf>,
    /// The environment.
    pub environment: Environment,
    /// Settings given by flags: full name (`gateway.listen`), flag (`--listen`), value.
    pub flags: Vec<(&'static str, &'static str, String)>,
}

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file that was read, if there was one.
    pub file: Option<PathBuf>,
    /// The gateway.
    pub gateway: GatewaySettings,
    /// The console.
    pub console: ConsoleSettings,
    /// The audit log.
    pub log: LogSettings,
    /// The embedded engine.
    pub engine: EngineSettings,
    /// Labels.
    pub data: DataSettings,
    /// The catalogue of models.
    pub catalog: CatalogSettings,
    /// Admission of models.
    pub vet: VetSettings,
    /// Who wants to ship models.
    pub adopter: Adopter,
    /// Models on this machine's disk.
    pub models: Vec<ModelSettings>,
    /// Servers elsewhere.
    pub backends: Vec<BackendSettings>,
    settings: Vec<Setting>,
}

impl Config {
    /// Reads and checks everything.
    ///
    /// # Errors
    /// [`ConfigError`] with all problems, each with its place.
    pub fn load(sources: &Sources) -> Result<Self, ConfigError> {
        let (path, text) = match (&sources.file, &sources.optional_file) {
            (Some(path), _) => (Some(path), Some(read(path)?)),
            (None, Some(path)) => match fs::read_to_string(path) {
                // What is no directory holds no file; whoever needs the directory says so.
                Err(error) if ABSENT.contains(&error.kind()) => (None, None),
                Err(source) => {
                    return Err(ConfigError::Unreadable { path: path.clone(), source });
                }
                Ok(text) => (Some(path), Some(text)),
            },
            (None, None) => (None, None),
        };
        Self::from_text(path.map(PathBuf::as_path), &text.unwrap_or_default(), sources)
    }

    /// The same for a file's contents already read; `sources` names no file then.
    ///
    /// # Errors
    /// [`ConfigError::Problems`] with all problems, each with its place.
    pub fn from_text(
        path: Option<&Path>,
        text: &str,
        sources: &Sources,
    ) -> Result<Self, ConfigError> {
        let flags: BTreeMap<_, _> = sources
            .flags
            .iter()
            .map(|(key, flag, value)| ((*key).to_owned(), ((*flag).to_owned(), value.clone())))
            .collect();
        let shown = path.unwrap_or(Path::new("freehold.toml"));
        let mut reader = Reader::new(shown, text, &sources.environment, &flags);
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let detail = error.message().to_owned();
            reader.report(error.span().unwrap_or(0..0), ProblemKind::Syntax { detail });
        }
        // What a broken file seems to say is not worth a second message.
        let table = if errors.is_empty() { table.into_inner() } else { DeTable::new() };
        let mut config = read_all(&mut reader, &table, shown, &sources.environment);
        if !reader.problems.is_empty() {
            reader.sort_problems();
            return Err(ConfigError::Problems { problems: reader.problems });
        }
        config.file = path.map(Path::to_owned);
        config.settings = reader.settings;
        Ok(config)
    }

    /// Every setting in force, with its origin.
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// Names this configuration in records: the same values give the same digest, wherever they
    /// came from. Secrets are not part of it.
    pub fn digest(&self) -> Digest {
        digest::of(&self.settings)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })
}

fn read_all(
    reader: &mut Reader<'_>,
    table: &DeTable<'_>,
    path: &Path,
    environment: &Environment,
) -> Config {
    let mut top = reader.top(table);
    if !table.is_empty() {
        let one = number::<1, 1>;
        if reader.required(&mut top, "schema", "1, the only one there is", one).is_none() {
            // Whatever follows may mean something else in a schema that is not known.
            top = reader.nothing();
        }
        reader.settings.clear();
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    let mut names = BTreeSet::new();
    let config = Config {
        file: None,
        gateway: sections::gateway(reader, &mut top),
        console: sections::console(reader, &mut top),
        log: sections::log(reader, &mut top),
        engine: sections::engine(reader, &mut top),
        data: sections::data(reader, &mut top),
        catalog: sections::catalog(reader, &mut top, folder),
        vet: vet::vet(reader, &mut top),
        adopter: adopter::adopter(reader, &mut top),
        models: tables::models(reader, &mut top, folder, &mut names),
        backends: tables::backends(reader, &mut top, folder, environment, &mut names),
        settings: Vec::new(),
    };
    reader.finish(top);
    reader.finish_variables(&[
        "gateway", "console", "log", "engine", "data", "catalog", "vet", "adopter",
    ]);
    config
}

const ABSENT: [io::ErrorKind; 2] = [io::ErrorKind::NotFound, io::ErrorKind::NotADirectory];
