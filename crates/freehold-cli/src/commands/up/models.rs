//! Which models are served from this machine's disk: each needs an admission in the inventory.

use std::path::{Path, PathBuf};

use freehold_auditlog::EventKind;
use freehold_catalog::{Date, LicenceCategory};
use freehold_config::{Config, LoraSettings};
use freehold_console::{AdmissionView, FileView};
use freehold_types::{Principal, RecordId};
use freehold_vet::{
    Admission, AdmittedFile, RELEASE, SignedFile, VetError, admitted,
    policy::{Case, OnDue, Policy, decide},
    shipped,
};
use serde_json::json;

use super::{
    error::UpError,
    house::{self, BuiltIn},
    installation::Installation,
};
use crate::{
    commands::{catalog::today, vet::policy_of},
    invoked::quoted,
    render,
    system::{new_id, operator},
};

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

/// Gives what came with the program, what the configuration lists, and what flags name, in this
/// order, the permit that its admission is worth.
pub(crate) fn admit_all(
    installation: &Installation,
    config: &Config,
    flags: &[PathBuf],
    place: &str,
) -> Result<Vec<Admitted>, UpError> {
    let asked =
        Asked { installation, today: today(), on_due: policy_of(&config.vet).on_due, place };
    let mut admitted: Vec<Admitted> = Vec::new();
    for model in house::MODELS {
        admitted.extend(built_in(installation, model, asked.today)?);
    }
    for model in &config.models {
        unused(&admitted, &model.name, &model.path)?;
        let (admission, view) = asked.permit(&model.name, &model.path)?;
        let mut records = vec![(model.name.clone(), view)];
        let lora = asked.adapters(&model.lora, &mut records)?;
        admitted.push(Admitted { name: model.name.clone(), admission, lora, records });
    }
    for path in flags {
        let name = name_of(path)?;
        unused(&admitted, &name, path)?;
        let (admission, view) = asked.permit(&name, path)?;
        let records = vec![(name.clone(), view)];
        admitted.push(Admitted { name, admission, lora: Vec::new(), records });
    }
    Ok(admitted)
}

/// A model that came with the program: admitted by the build, and entered into the inventory when it
/// is first seen. One that the operator revoked is not served.
fn built_in(
    installation: &Installation,
    model: &BuiltIn,
    today: Date,
) -> Result<Option<Admitted>, UpError> {
    let path = house::unpack(model, &installation.directory.models())?;
    let admission = shipped(&path).map_err(|source| match source {
        VetError::NotShipped { .. } => UpError::BuiltIn { name: model.name },
        source => UpError::Refused {
            name: model.name.to_owned(),
            command: String::new(),
            source: Box::new(source),
        },
    })?;
    let known = admitted(&installation.store)?;
    let known = known.into_iter().rev().find(|one| one.sign_off.digest == admission.digest());
    let record = match known {
        Some(one) if one.revoked.is_some() => {
            let name = model.name;
            render::progress(format_args!(
                "model `{name}` is not served: its admission is revoked"
            ));
            return Ok(None);
        }
        Some(one) => one.record,
        None => {
            let policy = Policy { reverify_days: None, ..Policy::default() };
            let case = release(model.name, &path, &admission);
            let approved =
                decide(&policy, case, today).map_err(|_| UpError::BuiltIn { name: model.name })?;
            installation.inventory.admit(new_id(&*installation.clock), approved)?.record
        }
    };
    let name = model.name.to_owned();
    let records = vec![(name.clone(), view(&admission, record))];
    Ok(Some(Admitted { name, admission, lora: Vec::new(), records }))
}

fn release(name: &str, path: &Path, admission: &Admission) -> Case {
    let file = |file: &AdmittedFile| SignedFile {
        name: file.name.clone(),
        digest: file.digest,
        bytes: file.bytes,
    };
    Case {
        name: name.to_owned(),
        path: path.display().to_string(),
        format: Some(format_name(admission)),
        files: admission.files().iter().map(file).collect(),
        findings: Vec::new(),
        licence: Some("apache-2.0".to_owned()),
        category: Some(LicenceCategory::Osi),
        terms: Vec::new(),
        by: Principal(RELEASE.to_owned()),
        role: None,
        second: None,
        until: None,
        accept: std::collections::BTreeMap::new(),
        recorded_by: operator(),
    }
}

/// What all models are asked with.
struct Asked<'a> {
    installation: &'a Installation,
    today: Date,
    on_due: OnDue,
    /// The flags that name this installation, for commands to type.
    place: &'a str,
}

impl Asked<'_> {
    fn adapters(
        &self,
        lora: &[LoraSettings],
        records: &mut Vec<(String, AdmissionView)>,
    ) -> Result<Vec<(String, Admission)>, UpError> {
        lora.iter()
            .map(|lora| {
                let (admission, view) = self.permit(&lora.name, &lora.path)?;
                records.push((lora.name.clone(), view));
                Ok((lora.name.clone(), admission))
            })
            .collect()
    }

    fn permit(&self, name: &str, path: &Path) -> Result<(Admission, AdmissionView), UpError> {
        match self.installation.inventory.permit(path, self.today, self.on_due) {
            Ok(permitted) => {
                if let Some(until) = permitted.overdue {
                    render::progress(format_args!(
                        "model `{name}` was admitted until {until} and must be verified again"
                    ));
                }
                let view = view(&permitted.admission, permitted.admitted.record);
                Ok((permitted.admission, view))
            }
            Err(source) => {
                let detail = json!({ "name": name, "reason": source.to_string() });
                self.installation.record(EventKind::ModelRefused, detail)?;
                let command = self.command(path);
                Err(UpError::Refused { name: name.to_owned(), command, source: Box::new(source) })
            }
        }
    }

    /// The command that admits what lies there, to be typed as it is.
    fn command(&self, path: &Path) -> String {
        let person = operator().0;
        let person = person.strip_prefix("os:").unwrap_or(&person);
        let path = quoted(&path.display().to_string());
        format!("freehold vet {path} --admit --by {}{}", quoted(person), self.place)
    }
}

fn view(admission: &Admission, record: RecordId) -> AdmissionView {
    let file = |file: &AdmittedFile| FileView {
        name: file.name.clone(),
        bytes: file.bytes,
        digest: file.digest,
    };
    let files = admission.files().iter().map(file).collect();
    AdmissionView { format: format_name(admission), files, record }
}

fn format_name(admission: &Admission) -> String {
    format!("{:?}", admission.format()).to_lowercase()
}

fn unused(admitted: &[Admitted], name: &str, path: &Path) -> Result<(), UpError> {
    if admitted.iter().any(|model| model.name == name) {
        return Err(UpError::SameName { name: name.to_owned(), path: path.to_owned() });
    }
    Ok(())
}

/// The last part of a path, without `.gguf`, in characters that are safe in headers and terminals.
pub(crate) fn name_of(path: &Path) -> Result<String, UpError> {
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
