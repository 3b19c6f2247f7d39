//! The process's environment, read in this one place and passed on as a value.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::tables::Secret;

/// Environment variables as a value, so that tests give their own.
///
/// Freehold reads `FREEHOLD_DIR` (the data directory), `FREEHOLD_CONFIG` (the configuration file),
/// `FREEHOLD_SECTION_KEY` for each setting of the sections (`FREEHOLD_GATEWAY_LISTEN`), `XDG_DATA_HOME` and
/// `HOME` for the default directory, `TMPDIR`, `RUST_LOG`, those that `api_key_env` names, and of
/// huggingface_hub's `HF_ENDPOINT`, `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HOME`, `XDG_CACHE_HOME` and
/// `HF_HUB_OFFLINE`, as it reads them itself.
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

    /// The hub where no flag names one (`HF_ENDPOINT`), if set.
    pub fn hub_endpoint(&self) -> Option<&str> {
        self.get("HF_ENDPOINT")
    }

    /// The token for the hub (`HF_TOKEN`), if set.
    pub fn hub_token(&self) -> Option<Secret> {
        self.get("HF_TOKEN").map(|token| Secret::new(token.to_owned()))
    }

    /// Where huggingface_hub keeps the token of whoever signed in with it: `HF_TOKEN_PATH`, else
    /// `token` in `HF_HOME`, else in `huggingface` in `XDG_CACHE_HOME`, else in `~/.cache`
    /// (its `constants.py`, version 2.4.0).
    pub fn hub_token_file(&self) -> Option<PathBuf> {
        if let Some(path) = self.get("HF_TOKEN_PATH") {
            return Some(path.into());
        }
        let home = self.get("HF_HOME").map(PathBuf::from).or_else(|| {
            let cache = self.get("XDG_CACHE_HOME").map(PathBuf::from);
            let cache = cache.or_else(|| Some(Path::new(self.get("HOME")?).join(".cache")));
            cache.map(|cache| cache.join("huggingface"))
        });
        home.map(|home| home.join("token"))
    }

    /// Whether hubs are not to be asked (`HF_HUB_OFFLINE`: 1, ON, YES or TRUE).
    pub fn hub_offline(&self) -> bool {
        let set = self.get("HF_HUB_OFFLINE").map(str::to_uppercase);
        set.is_some_and(|set| ["1", "ON", "YES", "TRUE"].contains(&set.as_str()))
    }
}
