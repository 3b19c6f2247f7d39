//! `freehold key`: further API keys, each for one user or program and with no more rights than it
//! needs; made and revoked with or without a running Freehold, and recorded either way.

pub(crate) mod error;

use std::{
    io::{BufRead, BufReader, Write},
    os::unix::net::UnixStream,
};

use freehold_config::Environment;
use freehold_store::{KeyGrant, KeyRecord, Store};
use freehold_types::{KeyId, Principal};
use serde_json::{Value, json};

use self::error::KeyError;
use super::up::{
    UpError,
    control::{self, Done, Order},
    installation::Installation,
};
use super::vet::policy_of;
use crate::{
    arguments::{self, KeyCreate, KeyVerb},
    failure::{Answer, Failure},
    place::{Directory, load_config},
    render,
    system::{operator, utc},
};

/// Runs one of the key verbs.
pub(crate) fn run(arguments: &arguments::Key) -> Result<Answer, Failure> {
    let directory = Directory::named(arguments.place.dir.as_deref(), &Environment::of_process());
    let missing = directory.missing_keys();
    // Opening the store would make the file that is missing, and hide that it was lost.
    if let Some(missing) = missing.into_iter().next().filter(|_| directory.has_record()) {
        return Err(UpError::KeysLost { missing }.into());
    }
    if !directory.store().exists() {
        return Err(KeyError::NoStore { path: directory.path().to_owned() }.into());
    }
    match &arguments.verb {
        KeyVerb::Create(wanted) => create(arguments, directory, wanted),
        KeyVerb::List { json } => list(&directory, *json),
        KeyVerb::Revoke { id, json } => revoke(arguments, directory, id, *json),
    }
}

fn create(
    arguments: &arguments::Key,
    directory: Directory,
    wanted: &KeyCreate,
) -> Result<Answer, Failure> {
    let tools = wanted.tools.as_ref().map(|tools| {
        tools.iter().map(|tool| tool.trim().to_owned()).filter(|tool| !tool.is_empty()).collect()
    });
    let grant = KeyGrant {
        principal: Principal(format!("key:{}", wanted.name)),
        name: wanted.name.clone(),
        tools,
        class_limit: wanted.max_class,
    };
    let Done::Created(made) = order(&arguments.place, directory, Order::Create(grant))? else {
        return Err(KeyError::Odd.into());
    };
    if wanted.json {
        render::json(&made);
    } else {
        let name = &wanted.name;
        render::line(format_args!(
            "key {} for {name}, valid from now; shown this once:",
            made.id.0
        ));
        render::line(&made.secret);
    }
    Ok(Answer::Clean)
}

fn revoke(
    arguments: &arguments::Key,
    directory: Directory,
    id: &str,
    json: bool,
) -> Result<Answer, Failure> {
    // The whole key is taken, too: it is what its finder has in hand.
    let public = id.strip_prefix("fh_").map_or(id, |rest| rest.get(..8).unwrap_or(rest));
    let id = KeyId(public.to_owned());
    let Done::Revoked(revoked) = order(&arguments.place, directory, Order::Revoke(id.clone()))?
    else {
        return Err(KeyError::Odd.into());
    };
    if json {
        render::json(&json!({ "id": id, "revoked": revoked }));
    } else if revoked {
        render::line(format_args!("key {} is revoked", id.0));
    } else {
        render::progress(format_args!("no key {} that is not revoked already", id.0));
    }
    Ok(if revoked { Answer::Clean } else { Answer::Findings })
}

fn list(directory: &Directory, json: bool) -> Result<Answer, Failure> {
    let path = directory.store();
    let keys = Store::open(&path)
        .and_then(|store| store.list_keys())
        .map_err(|source| KeyError::Store { path, source })?;
    for key in &keys {
        if json {
            render::json(&as_json(key));
        } else {
            render::line(as_line(key));
        }
    }
    Ok(Answer::Clean)
}

fn as_json(key: &KeyRecord) -> Value {
    json!({
        "id": key.id,
        "name": key.name,
        "principal": key.principal,
        "tools": key.tools,
        "max_class": key.class_limit,
        "created": utc(key.created),
        "revoked": key.revoked.map(utc),
    })
}

fn as_line(key: &KeyRecord) -> String {
    let tools = match &key.tools {
        None => "all tools".to_owned(),
        Some(tools) if tools.is_empty() => "no tools".to_owned(),
        Some(tools) => format!("tools {}", tools.join(",")),
    };
    let class = match key.class_limit {
        None => "all data".to_owned(),
        Some(class) => format!("up to {class}"),
    };
    let state = key.revoked.map_or_else(|| "valid".to_owned(), |at| format!("revoked {}", utc(at)));
    format!("{}  {}  {state}  {class}, {tools}  {}", key.id.0, utc(key.created), key.name)
}

/// Has it done by the Freehold that runs in the directory; by this process where none does.
pub(crate) fn order(
    place: &arguments::Place,
    directory: Directory,
    order: Order,
) -> Result<Done, Failure> {
    let environment = Environment::of_process();
    let config = load_config(place, &directory, environment, Vec::new())?;
    let done = match Installation::take(directory.clone(), &config.log, false) {
        Ok(installation) => {
            let done =
                control::carry_out(&installation, &policy_of(&config.vet), order, &operator());
            installation.log.close();
            done?
        }
        Err(UpError::InUse { .. }) => ask(&directory, &order)?,
        Err(error) => return Err(error.into()),
    };
    match done {
        Done::Failed(reason) => Err(KeyError::Refused { reason }.into()),
        done => Ok(done),
    }
}

fn ask(directory: &Directory, order: &Order) -> Result<Done, KeyError> {
    let path = directory.control();
    let ask = || {
        let mut stream = UnixStream::connect(&path)?;
        stream.write_all(format!("{}\n", serde_json::to_string(order)?).as_bytes())?;
        let mut line = String::new();
        BufReader::new(stream).read_line(&mut line)?;
        Ok(serde_json::from_str(&line)?)
    };
    ask().map_err(|source| KeyError::Ask { path: path.clone(), source })
}
