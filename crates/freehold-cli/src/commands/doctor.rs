//! `freehold doctor`: what of the jail, the log and the limits is in force on this machine.
//!
//! Every line is measured or asked of the kernel now, never read from a configuration.

mod disk;
mod limits;
mod worker;

use freehold_config::Environment;
use serde::Serialize;
use serde_json::json;

use crate::{
    arguments,
    failure::{Answer, Failure},
    place::{Directory, load_config},
    render,
};

/// One thing that was looked at.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    /// "jail", "log" or "limits".
    pub area: &'static str,
    /// What was looked at.
    pub name: String,
    /// What was found.
    pub state: State,
    /// What was seen.
    pub why: String,
    /// What would make it better.
    #[serde(skip_serializing_if = "Option::is_none")]
    way_out: Option<String>,
}

/// Whether something is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum State {
    /// As it should be.
    #[serde(rename = "in force")]
    InForce,
    /// Some of it.
    #[serde(rename = "partly")]
    Partly,
    /// Not at all.
    #[serde(rename = "not in force")]
    NotInForce,
}

impl Check {
    fn new(area: &'static str, name: impl Into<String>, state: State, why: String) -> Self {
        Self { area, name: name.into(), state, why, way_out: None }
    }

    fn or(mut self, way_out: &str) -> Self {
        if self.state != State::InForce {
            self.way_out = Some(way_out.to_owned());
        }
        self
    }
}

/// What confines a worker here: one is started and asked.
pub(crate) fn jail(environment: &Environment) -> Vec<Check> {
    worker::checks(environment)
}

/// Looks at everything and shows it; findings where something is not in force.
pub(crate) fn run(arguments: &arguments::Doctor) -> Result<Answer, Failure> {
    let environment = Environment::of_process();
    let directory = Directory::named(arguments.place.dir.as_deref(), &environment);
    let mut checks = jail(&environment);
    let config = load_config(&arguments.place, &directory, environment, Vec::new())?;
    checks.extend(disk::checks(&directory));
    checks.extend(limits::checks(&config));
    let clean = checks.iter().all(|check| check.state != State::NotInForce);
    if arguments.json {
        render::json(&json!({ "checks": checks }));
    } else {
        show(&checks);
    }
    Ok(if clean { Answer::Clean } else { Answer::Findings })
}

fn show(checks: &[Check]) {
    let mut area = "";
    for check in checks {
        if check.area != area {
            area = check.area;
            render::line(render::styled(render::STRONG, area));
        }
        let (style, state) = match check.state {
            State::InForce => (render::DEED, "in force"),
            State::Partly => (render::HOLD, "partly"),
            State::NotInForce => (render::STOP, "not in force"),
        };
        let state = render::styled(style, format_args!("{state:<12}"));
        render::line(format_args!("  {state}  {}", check.name));
        render::paragraph(INDENT, &check.why, render::SOFT);
        if let Some(way_out) = &check.way_out {
            render::paragraph(INDENT, &format!("way out: {way_out}"), render::PLAIN);
        }
    }
}

/// Under the name of what was looked at.
const INDENT: usize = 16;
