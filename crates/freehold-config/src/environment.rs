//! The process's environment, read in this one place and passed on as a value.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

/// Environment variables as a value, so that tests give their own.
///
/// Freehold reads `FREEHOLD_DIR` (the data directory), `FREEHOLD_CONFIG` (the configuration file),
/// `FREEHOLD_SECTION_KEY` for each setting of the sections (`FREEHOLD_GATEWAY_LISTEN`), `XDG_DATA_HOME` and
/// `HOME` for the default directory, `TMPDIR`, `RUST_LOG`, and those that `api_key_env` names.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// What the process was started with. Variables that are not UTF-8 are left out.
    pub fn of_process() -> Self {
        Self(
            std::env::vars_os()
                .filter_map(|(name, value)| {
                    Some((name.into_string().ok()?, value.into_string().ok()?))
                })
                .collect(),
        )
    }

    /// An environment of just these variables.
    pub fn of<const N: usize>(variables: [(&str, &str); N]) -> Self {
        Self(variables.map(|(name, value)| (name.to_owned(), value.to_owned())).into())
    }

    /// A variable's value; an empty one counts as not set.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The names that begin with `prefix`.
    pub fn names_with(&self, prefix: &str) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str).filter(move |name| name.starts_with(prefix))
    }

    /// The data directory where none is named by a flag: `FREEHOLD_DIR`, else `freehold` in
    /// `XDG_DATA_HOME`, else `~/.local/share/freehold`
    /// (<https://specifications.freedesktop.org/basedir-spec/>), else `freehold-data` here.
    pub fn data_directory(&self) -> PathBuf {
        if let Some(directory) = self.get("FREEHOLD_DIR") {
            return directory.into();
        }
        // The specification says that a relative path there is to be ignored.
        let absolute = |name: &str| self.get(name).map(Path::new).filter(|path| path.is_absolute());
        match (absolute("XDG_DATA_HOME"), absolute("HOME")) {
            (Some(data), _) => data.join("freehold"),
            (None, Some(home)) => home.join(".local/share/freehold"),
            (None, None) => "freehold-data".into(),
        }
    }

    /// The configuration file where none is named by a flag: `FREEHOLD_CONFIG`, if set.
    pub fn config_file(&self) -> Option<PathBuf> {
        self.get("FREEHOLD_CONFIG").map(PathBuf::from)
    }

    /// Where files go that nobody needs later: `TMPDIR`, else `/tmp`.
    pub fn temporary_directory(&self) -> PathBuf {
        self.get("TMPDIR").map_or_else(|| "/tmp".into(), PathBuf::from)
    }

    /// The filter of the program's own log lines (`RUST_LOG`), if set.
    pub fn log_filter(&self) -> Option<&str> {
        self.get("RUST_LOG")
    }
}
