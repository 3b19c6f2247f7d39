//! `freehold plan`: what a model takes and costs under a load, beside what buying its answers costs.

mod error;
mod explain;
mod file;
mod markdown;
mod page;

use std::{fs, path::PathBuf};

use freehold_catalog::Catalog;
use freehold_plan::{
    ask::Ask, calibrate::calibrate, machine::Measurements, report::Plan, verdict::Choice,
};

use self::error::PlanFailure;
use crate::{
    arguments,
    failure::{Answer, Failure},
    render,
};

/// Plans and shows; findings where the model, or tuning it, does not fit as asked.
pub(crate) fn run(arguments: &arguments::Plan) -> Result<Answer, Failure> {
    let ask = asked(arguments)?;
    let catalog = Catalog::embedded().map_err(PlanFailure::Catalog)?;
    let plan = Plan::of(catalog, &ask, &measured(arguments)?).map_err(PlanFailure::Plan)?;
    if arguments.json {
        render::json(&plan.json(arguments.explain.is_some()));
    } else if let Some(part) = &arguments.explain {
        explain::show(&plan, part)?;
    } else if arguments.markdown {
        render::line(markdown::of(&plan.document(), &ask).trim_end());
    } else {
        page::show(&plan.document());
    }
    let machine = plan.machine.as_ref();
    let tuned = machine.and_then(|machine| machine.room.as_ref()).is_none_or(|room| room.fits);
    let fits = plan.money.verdict.choice != Choice::DoesNotFit && tuned;
    Ok(if fits { Answer::Clean } else { Answer::Findings })
}

/// The files of measurements.
fn measured(arguments: &arguments::Plan) -> Result<Vec<Measurements>, PlanFailure> {
    let read = |path: &PathBuf| {
        let path = path.clone();
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(source) => return Err(PlanFailure::Read { path, source }),
        };
        match calibrate(&bytes) {
            Ok(observations) => {
                let name = path.file_name().unwrap_or(path.as_os_str());
                Ok(Measurements { observations, from: name.to_string_lossy().into_owned() })
            }
            Err(source) => Err(PlanFailure::Measurements { path, source }),
        }
    };
    arguments.calibrate.iter().map(read).collect()
}

/// What the file says, and over it what the flags say.
fn asked(arguments: &arguments::Plan) -> Result<Ask, PlanFailure> {
    let mut ask = match &arguments.from {
        Some(path) => file::read(path)?,
        None => Ask::default(),
    };
    if let Some(problem) = &arguments.answers.problem {
        return Err(PlanFailure::Answer(problem.clone()));
    }
    for (key, value) in arguments.answers.given.answers() {
        ask.set(key, value).map_err(PlanFailure::Answer)?;
    }
    Ok(ask)
}
