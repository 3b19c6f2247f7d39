//! The lists of the file: models to serve, and backends that others serve.

use std::{
    collections::BTreeSet,
    fmt, fs,
    path::{Path, PathBuf},
};

use freehold_policy::BackendId;
use freehold_types::{DataClass, Region, Residency, Tenancy};

use crate::{
    environment::Environment,
    key::{Plain, class},
    problem::ProblemKind,
    reader::{Reader, Section},
};

/// A model on this machine's disk, served by the embedded engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelSettings {
    /// The name under which clients ask for it.
    pub name: String,
    /// A folder with safetensors, or a GGUF file; relative to the configuration file.
    pub path: PathBuf,
    /// Adapters, each served as a model of its own.
    pub lora: Vec<LoraSettings>,
}

/// A LoRA adapter of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoraSettings {
    /// The name under which clients ask for the model with this adapter.
    pub name: String,
    /// A GGUF file, or PEFT's folder; relative to the configuration file.
    pub path: PathBuf,
}

/// An OpenAI-compatible server.
#[derive(Debug, Clone)]
pub struct BackendSettings {
    /// The name that records and routes use.
    pub id: BackendId,
    /// Where its API begins (`http://127.0.0.1:8000/v1`).
    pub url: String,
    /// What it wants as a bearer token.
    pub api_key: Option<Secret>,
    /// Where it keeps and computes data, as declared.
    pub residency: Residency,
    /// Who shares it, as declared.
    pub tenancy: Tenancy,
    /// The most sensitive class that may be sent there.
    pub accepts: DataClass,
    /// Whether it knows `stream_options.include_usage`, as nearly all do.
    pub stream_usage: bool,
    /// Whether it knows `logprobs`; answers are then recorded with a confidence.
    pub logprobs: bool,
    /// What it serves.
    pub models: Vec<BackendModel>,
}

/// A model of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendModel {
    /// The name under which clients ask for it.
    pub name: String,
    /// The backend's own name for it; the same where not given.
    pub served_as: String,
    /// Whether it computes embeddings rather than chat completions.
    pub embedding: bool,
}

/// A secret that is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps one.
    pub(crate) fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The secret itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(...)")
    }
}

/// Reads `[[models]]`.
pub(crate) fn models(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    folder: &Path,
    names: &mut BTreeSet<String>,
) -> Vec<ModelSettings> {
    let mut models = Vec::new();
    for mut section in reader.list(top, "models") {
        let name = reader.required(&mut section, "name", NAME, name);
        let path = reader.required(&mut section, "path", "a path", text);
        let mut lora = Vec::new();
        for mut adapter in reader.list(&mut section, "lora") {
            let name = reader.required(&mut adapter, "name", NAME, self::name);
            let path = reader.required(&mut adapter, "path", "a path", text);
            if let Some(name) = &name {
                once(reader, &adapter, "model", name, names);
            }
            reader.finish(adapter);
            if let (Some(name), Some(path)) = (name, path) {
                lora.push(LoraSettings { name, path: folder.join(path) });
            }
        }
        if let (Some(name), Some(path)) = (name, path) {
            once(reader, &section, "model", &name, names);
            models.push(ModelSettings { name, path: folder.join(path), lora });
        }
        reader.finish(section);
    }
    models
}

/// Reads `[[backends]]`.
pub(crate) fn backends(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    folder: &Path,
    environment: &Environment,
    names: &mut BTreeSet<String>,
) -> Vec<BackendSettings> {
    let mut ids = BTreeSet::new();
    let mut backends = Vec::new();
    for mut section in reader.list(top, "backends") {
        let id = reader.required(&mut section, "id", IDENTIFIER, identifier);
        if let Some(id) = &id
            && !ids.insert(id.clone())
        {
            let kind = ProblemKind::Twice { what: "backend", name: id.clone() };
            reader.report_at(&section, "id", kind);
        }
        let url = reader.required(&mut section, "url", URL, url);
        let api_key = api_key(reader, &mut section, folder, environment);
        let residency = reader
            .optional(&mut section, "residency", RESIDENCY, residency)
            .unwrap_or(Residency::Unknown);
        let tenancy = reader
            .optional(&mut section, "tenancy", "single, shared or unknown", tenancy)
            .unwrap_or(Tenancy::Unknown);
        // Nothing declared, hence nothing but published data may go there.
        let accepts =
            reader.optional(&mut section, "accepts", CLASS, class).unwrap_or(DataClass::Public);
        let mut knows = |name, default| {
            reader.optional(&mut section, name, "true or false", boolean).unwrap_or(default)
        };
        let (stream_usage, logprobs) = (knows("stream_usage", true), knows("logprobs", false));
        let models = backend_models(reader, &mut section, names);
        reader.finish(section);
        if let (Some(id), Some(url)) = (id, url) {
            let id = BackendId(id);
            backends.push(BackendSettings {
                id,
                url,
                api_key,
                residency,
                tenancy,
                accepts,
                stream_usage,
                logprobs,
                models,
            });
        }
    }
    backends
}

fn backend_models(
    reader: &mut Reader<'_>,
    backend: &mut Section<'_>,
    names: &mut BTreeSet<String>,
) -> Vec<BackendModel> {
    let mut models = Vec::new();
    for mut section in reader.list(backend, "models") {
        let name = reader.required(&mut section, "name", NAME, name);
        let served_as = reader.optional(&mut section, "served_as", "a name", text);
        let embedding =
            reader.optional(&mut section, "kind", "chat or embedding", kind).unwrap_or(false);
        if let Some(name) = name {
            once(reader, &section, "model", &name, names);
            let served_as = served_as.unwrap_or_else(|| name.clone());
            models.push(BackendModel { name, served_as, embedding });
        }
        reader.finish(section);
    }
    models
}

fn api_key(
    reader: &mut Reader<'_>,
    section: &mut Section<'_>,
    folder: &Path,
    environment: &Environment,
) -> Option<Secret> {
    let variable = reader.optional(section, "api_key_env", "the name of a variable", text);
    let file = reader.optional(section, "api_key_file", "a path", text);
    match (variable, file) {
        (Some(_), Some(_)) => {
            let kind = ProblemKind::Both { one: "api_key_env", other: "api_key_file" };
            reader.report_at(section, "api_key_file", kind);
            None
        }
        (Some(variable), None) => {
            let secret = environment.get(&variable).map(|secret| Secret(secret.to_owned()));
            if secret.is_none() {
                reader.report_at(section, "api_key_env", ProblemKind::NotSet { variable });
            }
            secret
        }
        (None, Some(file)) => {
            let path = folder.join(file);
            let reason = match fs::read_to_string(&path) {
                Ok(text) if !text.trim().is_empty() => return Some(Secret(text.trim().to_owned())),
                Ok(_) => "the file is empty".to_owned(),
                Err(error) => error.to_string(),
            };
            reader.report_at(section, "api_key_file", ProblemKind::Secret { path, reason });
            None
        }
        (None, None) => None,
    }
}

fn once(
    reader: &mut Reader<'_>,
    section: &Section<'_>,
    what: &'static str,
    name: &str,
    names: &mut BTreeSet<String>,
) {
    if !names.insert(name.to_owned()) {
        reader.report_at(section, "name", ProblemKind::Twice { what, name: name.to_owned() });
    }
}

fn text(plain: &Plain) -> Option<String> {
    match plain {
        Plain::Text(text) if !text.is_empty() && !text.contains('\0') => Some(text.clone()),
        _ => None,
    }
}

/// A name that is safe in headers, file names, metrics and terminals.
fn name(plain: &Plain) -> Option<String> {
    text(plain).filter(|name| {
        name.len() <= 200 && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.:/@".contains(c))
    })
}

/// A backend's name; the embedded engine's own is taken.
fn identifier(plain: &Plain) -> Option<String> {
    name(plain).filter(|name| name != "local")
}

fn url(plain: &Plain) -> Option<String> {
    text(plain).map(|url| url.trim_end_matches('/').to_owned()).filter(|url| {
        let host = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
        // What stands before an @ would be shown by `config show`, and sent to nobody.
        let authority = |host: &str| host.split(['/', '?', '#']).next().unwrap_or("").to_owned();
        host.is_some_and(|host| !authority(host).is_empty() && !authority(host).contains('@'))
            && !url.chars().any(|c| c.is_whitespace() || c.is_control())
    })
}

fn residency(plain: &Plain) -> Option<Residency> {
    match text(plain)?.as_str() {
        "machine" => Some(Residency::Machine),
        "premises" => Some(Residency::Premises),
        "unknown" => Some(Residency::Unknown),
        other => {
            let region = other.strip_prefix("region:")?;
            (!region.is_empty()).then(|| Residency::Region(Region(region.to_owned())))
        }
    }
}

fn tenancy(plain: &Plain) -> Option<Tenancy> {
    match text(plain)?.as_str() {
        "single" => Some(Tenancy::Single),
        "shared" => Some(Tenancy::Shared),
        "unknown" => Some(Tenancy::Unknown),
        _ => None,
    }
}

fn boolean(plain: &Plain) -> Option<bool> {
    match plain {
        Plain::Boolean(boolean) => Some(*boolean),
        _ => None,
    }
}

fn kind(plain: &Plain) -> Option<bool> {
    match text(plain)?.as_str() {
        "chat" => Some(false),
        "embedding" => Some(true),
        _ => None,
    }
}

const URL: &str = "an http:// or https:// address; a secret belongs in `api_key_env`";
const NAME: &str = "a name of letters, digits and - _ . : / @";
const IDENTIFIER: &str =
    "a name of letters, digits and - _ . : / @ other than `local`, the embedded engine";
const CLASS: &str = "public, internal, confidential or restricted";
const RESIDENCY: &str = "machine, premises, unknown or region:NAME";
