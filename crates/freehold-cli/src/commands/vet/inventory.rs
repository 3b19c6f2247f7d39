//! The verbs about models that were admitted.

use freehold_catalog::Date;
use freehold_config::Environment;
use freehold_store::Store;
use freehold_vet::{Admitted, admitted, policy::category_name};
use serde_json::{Value, json};

use crate::{
    arguments::{self, VetDue, VetList, VetRevoke},
    commands::{
        catalog::today,
        key::{error::KeyError, order},
        up::{
            UpError,
            control::{Done, Order},
            installation::Installation,
        },
    },
    failure::{Answer, Failure},
    place::{Directory, load_config},
    render,
    system::utc,
};

/// Shows what was admitted.
pub(super) fn list(place: &arguments::Place, wanted: &VetList) -> Result<Answer, Failure> {
    if wanted.rebuild {
        rebuild(place)?;
    }
    let all = read(place)?;
    for one in &all {
        show(place, one, wanted.json)?;
    }
    if all.is_empty() && !wanted.json {
        render::progress("no model is admitted; `vet PATH --admit --by NAME` does it");
    }
    Ok(Answer::Clean)
}

/// Shows what must be verified again.
pub(super) fn due(place: &arguments::Place, wanted: &VetDue) -> Result<Answer, Failure> {
    let last = today().plus_days(wanted.within.unwrap_or(0));
    let mut due = read(place)?;
    due.retain(|one| {
        one.revoked.is_none() && one.sign_off.until.is_some_and(|until| until <= last)
    });
    for one in &due {
        show(place, one, wanted.json)?;
    }
    if due.is_empty() && !wanted.json {
        render::progress(format_args!("no model must be verified again up to {last}"));
    }
    Ok(if due.is_empty() { Answer::Clean } else { Answer::Findings })
}

/// Revokes an admission.
pub(super) fn revoke(place: &arguments::Place, wanted: &VetRevoke) -> Result<Answer, Failure> {
    let directory = directory(place)?;
    let revoke = Order::RevokeModel {
        model: wanted.model.clone(),
        by: wanted.by.clone(),
        reason: wanted.reason.clone(),
    };
    let Done::ModelsRevoked(ended) = order(place, directory, revoke)? else {
        return Err(KeyError::Odd.into());
    };
    if wanted.json {
        let ended: Vec<_> = ended.iter().map(|(name, _)| name).collect();
        render::json(&json!({ "model": wanted.model, "revoked": ended }));
    } else if ended.is_empty() {
        render::progress(format_args!("no model {} that is admitted", wanted.model));
    } else {
        for (name, digest) in &ended {
            render::line(format_args!("{name} is revoked: {digest}"));
        }
    }
    Ok(if ended.is_empty() { Answer::Findings } else { Answer::Clean })
}

/// An admission for programs.
pub(crate) fn as_json(one: &Admitted) -> Value {
    let mut object = serde_json::to_value(&one.sign_off).unwrap_or_default();
    object["record"] = json!(one.record);
    object["admitted"] = utc(one.time).into();
    object["revoked"] = one.revoked.as_ref().map_or(Value::Null, |(at, revocation)| {
        json!({ "at": utc(*at), "by": revocation.by, "reason": revocation.reason })
    });
    object
}

/// An admission with all its files, also those that no entry of the log can hold.
fn whole(directory: &Directory, one: Admitted) -> Result<Admitted, UpError> {
    let sign_off = one.sign_off.whole(&directory.admissions())?;
    Ok(Admitted { sign_off, ..one })
}

fn show(place: &arguments::Place, one: &Admitted, json: bool) -> Result<(), Failure> {
    if json {
        render::json(&as_json(&whole(&directory(place)?, one.clone())?));
    } else {
        page(one, today());
    }
    Ok(())
}

fn page(one: &Admitted, today: Date) {
    let signed = &one.sign_off;
    let until = match signed.until {
        Some(until) => format!("until {until}"),
        None => "as long as this version runs".to_owned(),
    };
    let (style, state) = match &one.revoked {
        Some((at, by)) => {
            let reason = &by.reason;
            (render::STOP, format!("revoked {} by {}: {reason}", day(&utc(*at)), by.by.0))
        }
        None if signed.until.is_some_and(|until| until < today) => {
            (render::HOLD, format!("{until}, which has passed"))
        }
        None => (render::DEED, until),
    };
    let name = render::styled(render::STRONG, &signed.name);
    render::line(format_args!("{name}  {}", render::styled(style, state)));
    let role = signed.role.as_ref().map_or_else(String::new, |role| format!(" ({role})"));
    let by = &signed.signed_off_by.0;
    let licence =
        signed.licence.as_ref().map_or_else(String::new, |licence| format!("{licence}, "));
    let category = category_name(signed.category);
    let admitted = utc(one.time);
    let line = format!("admitted {} by {by}{role}; licence {licence}{category}", day(&admitted));
    render::paragraph(2, &line, render::PLAIN);
    for accepted in &signed.accepted {
        let line =
            format!("accepted {} ({}): {}", accepted.rule, accepted.severity, accepted.reason);
        render::paragraph(2, &line, render::HOLD);
    }
    render::paragraph(2, &format!("{}  record {}", signed.digest, one.record), render::SOFT);
}

fn day(time: &str) -> &str {
    time.get(..10).unwrap_or(time)
}

/// The data directory, with its keys whole: opening the store would make the one that is lost.
fn directory(place: &arguments::Place) -> Result<Directory, Failure> {
    let directory = Directory::named(place.dir.as_deref(), &Environment::of_process());
    let missing = directory.missing_keys().into_iter().next();
    match missing.filter(|_| directory.has_record()) {
        Some(missing) => Err(UpError::KeysLost { missing }.into()),
        None => Ok(directory),
    }
}

/// Every admission, revoked ones too.
pub(super) fn read(place: &arguments::Place) -> Result<Vec<Admitted>, Failure> {
    let path = directory(place)?.store();
    if !path.exists() {
        return Ok(Vec::new());
    }
    let store = Store::open(&path).map_err(|source| KeyError::Store { path, source })?;
    Ok(admitted(&store).map_err(UpError::from)?)
}

fn rebuild(place: &arguments::Place) -> Result<(), Failure> {
    let directory = directory(place)?;
    let config = load_config(place, &directory, Environment::of_process(), Vec::new())?;
    let installation = Installation::take(directory, &config.log, false)?;
    let rebuilt = installation.inventory.rebuild();
    installation.log.close();
    rebuilt.map_err(UpError::from)?;
    Ok(())
}
