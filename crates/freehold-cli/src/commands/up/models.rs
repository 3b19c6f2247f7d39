//! Which models are served from this machine's disk, and their admission.

use std::path::{Path, PathBuf};

use freehold_auditlog::EventKind;
use freehold_config::{Config, LoraSettings};
use freehold_console::{AdmissionView, FileView};
use freehold_types::Principal;
use freehold_vet::{Admission, AdmittedFile, admit};
use serde_json::json;

use super::{error::UpError, house, installation::Installation};
use crate::system::operator;

/// A model that may be loaded.
pub(crate) struct Admitted {
    /// The name under which clients ask for it.
    pub name: String,
    /// The permit to load it.
    pub admission: Admission,
    /// Its adapters, each with its own permit.
    pub lora: Vec<(String, Admission)>,
    /// Who was admitted, the adapters too, and in which record the log says so.
    pub records: Vec<(String, AdmissionView)>,
}

/// Admits what came with the program, what the configuration lists, and what flags name, in this
/// order, and records each.
pub(crate) fn admit_all(
    installation: &Installation,
    config: &Config,
    flags: &[PathBuf],
) -> Result<Vec<Admitted>, UpError> {
    let mut admitted: Vec<Admitted> = Vec::new();
    for model in house::MODELS {
        let path = house::unpack(model, &installation.directory.models())?;
        let release = Principal("freehold:release".to_owned());
        let (admission, view) = admit_one(installation, model.name, &path, &release)?;
        if admission.digest() != model.digest() {
            return Err(UpError::BuiltIn { name: model.name });
        }
        let name = model.name.to_owned();
        let records = vec![(name.clone(), view)];
        admitted.push(Admitted { name, admission, lora: Vec::new(), records });
    }
    let operator = operator();
    for model in &config.models {
        unused(&admitted, &model.name, &model.path)?;
        let (admission, view) = admit_one(installation, &model.name, &model.path, &operator)?;
        let mut records = vec![(model.name.clone(), view)];
        let lora = adapters(installation, &model.lora, &operator, &mut records)?;
        admitted.push(Admitted { name: model.name.clone(), admission, lora, records });
    }
    for path in flags {
        let name = name_of(path)?;
        unused(&admitted, &name, path)?;
        let (admission, view) = admit_one(installation, &name, path, &operator)?;
        let records = vec![(name.clone(), view)];
        admitted.push(Admitted { name, admission, lora: Vec::new(), records });
    }
    Ok(admitted)
}

fn adapters(
    installation: &Installation,
    lora: &[LoraSettings],
    operator: &Principal,
    records: &mut Vec<(String, AdmissionView)>,
) -> Result<Vec<(String, Admission)>, UpError> {
    lora.iter()
        .map(|lora| {
            let (admission, view) = admit_one(installation, &lora.name, &lora.path, operator)?;
            records.push((lora.name.clone(), view));
            Ok((lora.name.clone(), admission))
        })
        .collect()
}

fn admit_one(
    installation: &Installation,
    name: &str,
    path: &Path,
    by: &Principal,
) -> Result<(Admission, AdmissionView), UpError> {
    match admit(path, by) {
        Ok(admission) => {
            let bytes: u64 = admission.files().iter().map(|file| file.bytes).sum();
            let format = format!("{:?}", admission.format()).to_lowercase();
            let detail = json!({
                "name": name,
                "digest": admission.digest(),
                "format": format,
                "files": admission.files().len(),
                "bytes": bytes,
                "signed_off_by": by,
            });
            let record = installation.record(EventKind::ModelAdmitted, detail)?;
            let file = |file: &AdmittedFile| FileView {
                name: file.name.clone(),
                bytes: file.bytes,
                digest: file.digest,
            };
            let files = admission.files().iter().map(file).collect();
            Ok((admission, AdmissionView { format, files, record }))
        }
        Err(source) => {
            let detail = json!({ "name": name, "reason": source.to_string() });
            installation.record(EventKind::ModelRefused, detail)?;
            Err(UpError::Refused { name: name.to_owned(), source })
        }
    }
}

fn unused(admitted: &[Admitted], name: &str, path: &Path) -> Result<(), UpError> {
    if admitted.iter().any(|model| model.name == name) {
        return Err(UpError::SameName { name: name.to_owned(), path: path.to_owned() });
    }
    Ok(())
}

/// The last part of a path, without `.gguf`, in characters that are safe in headers and terminals.
fn name_of(path: &Path) -> Result<String, UpError> {
    let no_name = || UpError::NoName { path: path.to_owned() };
    // Resolved, so that `.` and links have a name, too; what is not there is refused later.
    let resolved = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let name = resolved.file_name().ok_or_else(no_name)?.to_string_lossy();
    let stem = name.strip_suffix(".gguf").unwrap_or(&name);
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let name: String = stem.chars().map(safe).collect();
    if name.is_empty() { Err(no_name()) } else { Ok(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_safe() {
        let check = |path: &str, expected: &str| {
            assert_eq!(name_of(Path::new(path)).unwrap(), expected, "{path}");
        };
        check("/nowhere/Qwen3-0.6B", "Qwen3-0.6B");
        check("/nowhere/tiny.gguf", "tiny");
        check("/nowhere/a b\u{1b}[0m", "a-b--0m");
        assert!(name_of(Path::new("/")).is_err());
    }
}
