//! Where an installation keeps its things, and the configuration that belongs to it.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use freehold_config::{Config, ConfigError, Environment, Place, Problem, Sources};

use crate::{arguments, failure::Hint};

/// The data directory and what has which name in it.
#[derive(Debug, Clone)]
pub(crate) struct Directory(PathBuf);

impl Directory {
    /// The one that the flags or the environment name.
    pub(crate) fn named(flag: Option<&Path>, environment: &Environment) -> Self {
        Self(flag.map_or_else(|| environment.data_directory(), Path::to_owned))
    }

    /// The directory itself.
    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// The audit log.
    pub(crate) fn log(&self) -> PathBuf {
        self.0.join("log")
    }

    /// Keys, and whatever else must be found fast.
    pub(crate) fn store(&self) -> PathBuf {
        self.0.join("freehold.sqlite")
    }

    /// What opens the keys of sealed bodies; the store makes it beside itself.
    pub(crate) fn epoch_keys(&self) -> PathBuf {
        self.store().with_extension("epoch-keys")
    }

    /// The files that hold all keys, and are not there.
    pub(crate) fn missing_keys(&self) -> Vec<PathBuf> {
        [self.store(), self.epoch_keys()].into_iter().filter(|path| !path.exists()).collect()
    }

    /// The files of the store, with those that SQLite keeps beside its own.
    pub(crate) fn key_files(&self) -> [PathBuf; 4] {
        let beside = |end: &str| {
            let mut name = self.store().into_os_string();
            name.push(end);
            PathBuf::from(name)
        };
        [self.store(), beside("-wal"), beside("-shm"), self.epoch_keys()]
    }

    /// Whether entries were ever written to the log. The store is made before the first segment.
    pub(crate) fn has_record(&self) -> bool {
        let segments = std::fs::read_dir(self.log().join("segments"));
        segments.is_ok_and(|mut files| files.next().is_some())
    }

    /// The first API key, for whoever may read the file.
    pub(crate) fn api_key(&self) -> PathBuf {
        self.0.join("api-key")
    }

    /// The address that signs the next person in to the console.
    pub(crate) fn console_sign_in(&self) -> PathBuf {
        self.0.join("console-sign-in")
    }

    /// Models that came with the program, by digest.
    pub(crate) fn models(&self) -> PathBuf {
        self.0.join("models")
    }

    /// Admissions that no entry of the log can hold, by digest.
    pub(crate) fn admissions(&self) -> PathBuf {
        self.0.join("admissions")
    }

    /// What can be derived anew from admitted weights.
    pub(crate) fn cache(&self) -> PathBuf {
        self.0.join("cache")
    }

    /// Held by the running program, and by the kernel's word released when it dies.
    pub(crate) fn lock(&self) -> PathBuf {
        self.0.join("lock")
    }

    /// There once somebody was offered a model.
    pub(crate) fn offered(&self) -> PathBuf {
        self.0.join("offered")
    }

    /// Where the running program hears the command line.
    pub(crate) fn control(&self) -> PathBuf {
        self.0.join("control")
    }

    /// The operator's own facts over those of the catalogue, where no other file is named.
    pub(crate) fn catalog_overlay(&self) -> PathBuf {
        self.0.join("catalog-overlay.json")
    }

    /// The operator's file, where no other is named.
    pub(crate) fn config(&self) -> PathBuf {
        self.0.join("freehold.toml")
    }
}

/// Loads the configuration of a directory, with flags over it.
pub(crate) fn load_config(
    place: &arguments::Place,
    directory: &Directory,
    environment: Environment,
    flags: Vec<(&'static str, &'static str, String)>,
) -> Result<Config, ConfigError> {
    Config::load(&Sources {
        file: place.config.clone().or_else(|| environment.config_file()),
        optional_file: Some(directory.config()),
        environment,
        flags,
    })
}

impl Hint for ConfigError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unreadable { path, source } if source.kind() == ErrorKind::InvalidData => {
                format!("save {} as UTF-8 text", path.display())
            }
            Self::Unreadable { path, .. } if path.is_dir() => {
                format!(
                    "name the file itself, as in `--config {}`",
                    path.join("freehold.toml").display()
                )
            }
            Self::Unreadable { path, .. } => {
                format!("check the name and the permissions of {}", path.display())
            }
            Self::Problems { problems } => match &problems[..] {
                [Problem { place: Place::Flag { flag }, .. }]
                    if ["--listen", "--console"].contains(&flag.as_str()) =>
                {
                    format!(
                        "a numeric address and a port belong there, as in `freehold up {flag} \
                         127.0.0.1:8484`; port 0 takes a free one"
                    )
                }
                [Problem { place: Place::Flag { .. }, .. }] => {
                    "`--help` says what each flag takes".to_owned()
                }
                _ => "change it and try `freehold config check`".to_owned(),
            },
        })
    }
}
