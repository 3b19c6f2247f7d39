//! `freehold vet verify`: are these the files that somebody signed?

use std::fs;

use freehold_bom::signature::{
    Bundle, Difference, Parts, PublicKey, Roots, Signatory, Statement, VerifyError,
};
use freehold_types::{Clock, Timestamp};
use freehold_vet::{Coverage, coverage};
use serde_json::{Value, json};

use super::{
    progress,
    signing::{
        ADMISSION, SigningFailure, admission_line, ignored, list, name_in, shown, text, why,
    },
};
use crate::{
    arguments::VetVerify,
    failure::{Answer, Failure},
    render::{self, DEED, STOP, styled},
    system::SystemClock,
};

/// Checks, and says what holds. Findings where it does not.
pub(crate) fn run(wanted: &VetVerify) -> Result<Answer, Failure> {
    let path = &wanted.signature;
    let bytes =
        fs::read(path).map_err(|source| SigningFailure::Read { path: path.clone(), source })?;
    let bundle = Bundle::from_json(&bytes)
        .map_err(|source| SigningFailure::Bundle { path: path.clone(), source })?;
    let (statement, signer) = match opened(&bundle, wanted)? {
        Ok(opened) => opened,
        Err(error) if error.is_no() => {
            refused(wanted, &render::chain(&error));
            return Ok(Answer::Findings);
        }
        Err(source) => return Err(SigningFailure::Open { path: path.clone(), source }.into()),
    };
    let covered = covered(wanted, &statement)?;
    let differences = differences(&statement, &covered);
    let reason = match (statement.resources.is_empty(), differences.len()) {
        (true, _) => Some("the signature is about no file at all".to_owned()),
        (false, 0) => None,
        (false, 1) => Some("one file is not what was signed".to_owned()),
        (false, many) => Some(format!("{many} files are not what was signed")),
    };
    let files = count(&statement);
    let admission = statement.more.get(ADMISSION).filter(|_| reason.is_none());
    if wanted.json {
        let differences: Vec<_> = differences
            .iter()
            .map(|(path, what, _)| json!({ "path": path, "what": what }))
            .collect();
        render::json(&json!({
            "verified": reason.is_none(), "path": wanted.path.display().to_string(),
            "signature": path.display().to_string(), "reason": reason, "model": statement.name,
            "files": files, "signer": signer, "differences": differences,
            "admission": admission, "not_covered": covered.ignored,
        }));
    } else {
        match &reason {
            None => {
                let noun = if files == 1 { "file is" } else { "files are" };
                let verified = styled(DEED, "verified:");
                render::line(format_args!("{verified} {files} {noun} what was signed"));
                render::paragraph(0, &format!("signed by: {}", name(&signer)), render::PLAIN);
                if let Some(admission) = admission {
                    render::paragraph(0, &admission_line(admission), render::PLAIN);
                }
            }
            Some(reason) => {
                render::line(format_args!("{} {reason}", styled(STOP, "refused:")));
                for (path, word, why) in &differences {
                    render::line(format_args!("{:<8} {}{why}", word_of(word), shown(path)));
                }
            }
        }
        if !covered.ignored.is_empty() {
            let left_out = format!("nothing is said about: {}", list(&covered.ignored));
            render::paragraph(0, &left_out, render::PLAIN);
        }
    }
    Ok(if reason.is_none() { Answer::Clean } else { Answer::Findings })
}

type Opened = Result<(Statement, Value), VerifyError>;

/// What was signed, and by whom.
fn opened(bundle: &Bundle, wanted: &VetVerify) -> Result<Opened, SigningFailure> {
    if let Some(path) = &wanted.key {
        let key = PublicKey::from_pem(&text(path)?)
            .map_err(|source| SigningFailure::Key { path: path.clone(), source })?;
        return Ok(bundle.verify(&key).map(|it| (it, json!({ "key": key.hint() }))));
    }
    let path = wanted.certificate_chain.clone().unwrap_or_default();
    let roots =
        Roots::from_pem(&text(&path)?).map_err(|source| SigningFailure::Roots { path, source })?;
    let signer = |by: Signatory| json!({ "names": by.names, "fingerprint": by.fingerprint });
    let opened = bundle.verify_certificate(&roots, day(wanted));
    Ok(opened.map(|(statement, by)| (statement, signer(by))))
}

/// Noon of the day that was asked about, or now.
fn day(wanted: &VetVerify) -> Timestamp {
    let noon = wanted.at.and_then(|day| {
        let noon = jiff::tz::TimeZone::UTC.to_timestamp(day.at(12, 0, 0, 0)).ok()?;
        u64::try_from(noon.as_microsecond()).ok()
    });
    noon.map_or_else(|| SystemClock::new().now(), Timestamp)
}

/// The model's files, chosen as the signer chose them.
fn covered(wanted: &VetVerify, statement: &Statement) -> Result<Coverage, SigningFailure> {
    let mut how = statement.serialization.clone();
    how.ignore_paths.extend(ignored(&wanted.path, &wanted.ignore));
    how.ignore_paths.extend(name_in(&wanted.path, &wanted.signature));
    how.allow_symlinks |= wanted.allow_symlinks;
    Ok(coverage(&wanted.path, &how, &progress())?)
}

/// Path, kind, and more words for people.
fn differences(statement: &Statement, covered: &Coverage) -> Vec<(String, Value, String)> {
    let obstacle = |name: &str| covered.obstacles.iter().any(|(other, _)| other == name);
    let changed = statement.differences(&covered.resources).into_iter();
    // A file that became a link is said once.
    let changed = changed.filter(|one| !obstacle(&one.path));
    let changed =
        changed.map(|Difference { path, what }| (path, json!(what), added(what).to_owned()));
    let obstacles = covered.obstacles.iter();
    let obstacles =
        obstacles.map(|(name, what)| (name.clone(), json!(what), format!(": {}", why(*what))));
    let mut all: Vec<_> = changed.chain(obstacles).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

fn added(what: Parts) -> &'static str {
    match what {
        Parts::Changed | Parts::Removed => "",
        Parts::Added => ": not in the signature",
    }
}

/// How many files were signed, however many parts they were cut into.
fn count(statement: &Statement) -> usize {
    let names: std::collections::BTreeSet<_> =
        statement.resources.iter().map(|one| &one.path).collect();
    names.len()
}

fn refused(wanted: &VetVerify, reason: &str) {
    if wanted.json {
        let none: [Value; 0] = [];
        render::json(&json!({
            "verified": false, "path": wanted.path.display().to_string(),
            "signature": wanted.signature.display().to_string(), "reason": reason,
            "model": null, "files": null, "signer": null, "differences": none,
            "admission": null, "not_covered": none,
        }));
    } else {
        let refused = styled(STOP, "refused:");
        render::line(format_args!("{refused} {}: {reason}", wanted.signature.display()));
    }
}

fn name(signer: &Value) -> String {
    match signer["names"].as_array() {
        None => format!("the key {}", signer["key"].as_str().unwrap_or_default()),
        Some(names) => {
            let names: Vec<_> = names.iter().filter_map(Value::as_str).collect();
            let fingerprint = signer["fingerprint"].as_str().unwrap_or_default();
            format!("{} (certificate {fingerprint})", names.join(", "))
        }
    }
}

fn word_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
