//! `freehold vet sign`: a signature over every file of a model, that other tools can check.

use std::{fs, path::Path};

use freehold_bom::signature::{
    Bundle, BundleError, Method, PrivateKey, Serialization, Statement, sign,
};
use freehold_vet::{coverage, identity};
use ring::rand::SystemRandom;
use serde_json::{Value, json};

use super::{
    inventory, progress,
    signing::{ADMISSION, SigningFailure, admission_line, ignored, list, name_in, shown, text},
};
use crate::{
    arguments::{Place, VetSign},
    failure::{Answer, Failure},
    render,
    system::utc,
};

/// Signs, and says what.
pub(crate) fn run(place: &Place, wanted: &VetSign) -> Result<Answer, Failure> {
    let random = SystemRandom::new();
    let key = PrivateKey::from_pem(&text(&wanted.key)?, &random)
        .map_err(|source| SigningFailure::Key { path: wanted.key.clone(), source })?;
    if name_in(&wanted.path, &wanted.key).is_some() {
        return Err(SigningFailure::KeyInModel { path: wanted.key.clone() }.into());
    }
    replaceable(&wanted.out)?;
    let mut statement = statement(wanted)?;
    if wanted.admission {
        statement.0.more.insert(ADMISSION.to_owned(), admission(place, wanted)?);
    }
    let bundle = sign(&statement.0, &key, &random).map_err(SigningFailure::Sign)?;
    fs::write(&wanted.out, bundle)
        .map_err(|source| SigningFailure::Write { path: wanted.out.clone(), source })?;
    show(wanted, &key, &statement.0, &statement.1);
    Ok(Answer::Clean)
}

/// What is signed, and what was left out.
fn statement(wanted: &VetSign) -> Result<(Statement, Vec<String>), SigningFailure> {
    let mut ignore_paths = ignored(&wanted.path, &wanted.ignore);
    ignore_paths.extend(name_in(&wanted.path, &wanted.out));
    if !wanted.include_git {
        ignore_paths.extend(GIT.map(str::to_owned));
    }
    ignore_paths.sort();
    ignore_paths.dedup();
    let allow_symlinks = wanted.allow_symlinks;
    let how = Serialization { method: Method::Files, allow_symlinks, ignore_paths };
    let covered = coverage(&wanted.path, &how, &progress())?;
    if let Some((name, obstacle)) = covered.obstacles.into_iter().next() {
        return Err(SigningFailure::Obstacle { name, obstacle });
    }
    if covered.resources.is_empty() {
        return Err(SigningFailure::Empty { path: wanted.path.clone() });
    }
    let whole = fs::canonicalize(&wanted.path)
        .map_err(|source| SigningFailure::Read { path: wanted.path.clone(), source })?;
    let name = whole.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((Statement::new(name, how, covered.resources), covered.ignored))
}

/// What the inventory says of these bytes, for others to read. The accepted findings are named by their
/// rules; reasons and places are the organisation's own.
fn admission(place: &Place, wanted: &VetSign) -> Result<Value, Failure> {
    let inside = name_in(&wanted.path, &wanted.out);
    if inside.is_some_and(|name| !name.split('/').any(|part| part.starts_with('.'))) {
        return Err(SigningFailure::SignatureInModel { path: wanted.out.clone() }.into());
    }
    let digest = identity(&wanted.path).map_err(SigningFailure::Identity)?;
    let all = inventory::read(place)?;
    let newest = all.iter().rev().find(|one| one.sign_off.digest == digest);
    let newest = newest.filter(|one| one.revoked.is_none());
    let Some(one) = newest else {
        return Err(SigningFailure::NotAdmitted { path: wanted.path.clone() }.into());
    };
    let signed = &one.sign_off;
    let rules: Vec<_> = signed.accepted.iter().map(|accepted| &accepted.rule).collect();
    Ok(json!({
        "name": signed.name, "digest": signed.digest, "signed_off_by": signed.signed_off_by,
        "role": signed.role, "second": signed.second, "admitted": utc(one.time),
        "until": signed.until, "policy": signed.policy, "record": one.record, "licence": signed.licence,
        "category": signed.category, "accepted": rules,
    }))
}

/// Only an older signature is replaced: a wrong `--out` must not cost a file.
fn replaceable(out: &Path) -> Result<(), SigningFailure> {
    match fs::read(out) {
        Err(_) => Ok(()),
        Ok(bytes) => match Bundle::from_json(&bytes) {
            Err(BundleError::Shape(_) | BundleError::Type { .. } | BundleError::Size { .. }) => {
                Err(SigningFailure::Occupied { path: out.to_owned() })
            }
            _ => Ok(()),
        },
    }
}

fn show(wanted: &VetSign, key: &PrivateKey, statement: &Statement, left_out: &[String]) {
    let (out, files) = (wanted.out.display(), statement.resources.len());
    if wanted.json {
        render::json(&json!({
            "signature": out.to_string(), "model": statement.name, "files": files,
            "digest": statement.root(), "key": key.public().hint(), "admission": statement.more.get(ADMISSION),
            "not_covered": left_out,
        }));
        return;
    }
    let noun = if files == 1 { "file" } else { "files" };
    render::line(format_args!("signed: {files} {noun} of {}, in {out}", shown(&statement.name)));
    if let Some(admission) = statement.more.get(ADMISSION) {
        render::paragraph(0, &admission_line(admission), render::PLAIN);
    }
    if !left_out.is_empty() {
        render::paragraph(0, &format!("left out: {}", list(left_out)), render::PLAIN);
    }
}

/// What `model-signing` leaves out, too.
const GIT: [&str; 4] = [".git", ".gitattributes", ".github", ".gitignore"];
