//! `freehold fit`: is an open model right for us? Needs no model, key or network.

mod ask;
mod error;
mod measured;
mod page;
mod questions;

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::Path,
};

use freehold_catalog::Catalog;
use freehold_config::{ChoiceKeys, ChosenFile, Environment};
use freehold_fit::{
    Advice, Driver, Extent, Place, Profile, QUESTIONS, Report, Statement, UNKNOWN, Weights, advise,
};
use freehold_types::Clock;
use serde::Serialize;

use self::{error::FitError, measured::Measured};
use crate::{
    arguments,
    failure::{Answer, Failure},
    invoked::program,
    render,
    system::{SystemClock, utc},
};

/// Asks, reads, measures, advises. Findings where the advice is "not yet".
pub(crate) fn run(arguments: &arguments::Fit) -> Result<Answer, Failure> {
    if arguments.questions {
        questions::show(arguments.json, arguments.markdown);
        return Ok(Answer::Clean);
    }
    let (mut profile, weights) = given(arguments)?;
    let nothing = arguments.from.is_none() && arguments.answer.is_empty() && !arguments.measured;
    if nothing || arguments.ask {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(FitError::NoTerminal.into());
        }
        profile = ask::ask(profile)?;
    }
    let measured = match arguments.measured {
        true => Some(measured::measure(&arguments.place, &Environment::of_process(), &profile)?),
        false => None,
    };
    // What was said is what is kept; what was measured is measured again the next time.
    if let Some(path) = &arguments.save {
        save(path, arguments.from.as_deref(), &profile, &weights)?;
    }
    let profile = measured.as_ref().map_or(profile, |measured| measured.profile);
    let today = utc(SystemClock::new().now());
    let advice = advise(&profile, &weights, today.get(..10).unwrap_or_default());
    show(&advice, measured.as_ref(), arguments);
    Ok(if advice.outcome.is_not_yet() { Answer::Findings } else { Answer::Clean })
}

#[derive(Serialize)]
struct Output<'a> {
    #[serde(flatten)]
    advice: &'a Advice,
    #[serde(skip_serializing_if = "Option::is_none")]
    measured: Option<&'a Measured>,
}

fn show(advice: &Advice, measured: Option<&Measured>, arguments: &arguments::Fit) {
    if arguments.json {
        return render::json(&Output { advice, measured });
    }
    let extent = if arguments.markdown { Extent::WHOLE } else { Extent::SCREEN };
    let mut report = Report::of(advice, extent);
    if let Some(measured) = measured {
        // Right after the advice, before what it rests on.
        report.blocks.splice(2..2, measured.blocks());
    }
    if arguments.markdown {
        render::line(report.to_markdown(TITLE, "freehold").trim_end());
    } else {
        // Before what to do next: the commands that look further are there.
        let models = models(advice);
        let end = Report::end_of(advice).blocks.len();
        let at = report.blocks.len().saturating_sub(end);
        report.blocks.splice(at..at, models.blocks);
        page::show(&report, &program());
    }
}

/// What the catalogue has; nothing where it has no such task.
fn models(advice: &Advice) -> Report {
    let today = super::catalog::today();
    let found = Catalog::embedded().ok().map(|catalog| Report::models_of(advice, catalog, today));
    found.and_then(Result::ok).unwrap_or_default()
}

/// What the flags and the file say; a flag wins.
fn given(arguments: &arguments::Fit) -> Result<(Profile, Weights), FitError> {
    let mut filed: Vec<Statement> = Vec::new();
    let mut weights = Weights::default().all();
    if let Some(path) = &arguments.from {
        let file = read(path)?;
        let name = path.display().to_string();
        filed.extend(file.words.into_iter().map(|(question, answer, line)| Statement {
            question: question.to_owned(),
            answer,
            place: Place::File { name: name.clone(), line },
        }));
        for (name, weight) in file.numbers {
            for driver in Driver::ALL.into_iter().filter(|driver| driver.id() == name) {
                weights[driver.place()] = weight;
            }
        }
    }
    let flags = arguments.answer.iter().map(|(question, answer)| Statement {
        question: question.clone(),
        answer: answer.clone(),
        place: Place::Flag { flag: format!("--answer {question}={answer}") },
    });
    let flags: Vec<Statement> = flags.collect();
    let weights = Weights::new(weights)?.given(&arguments.weight)?;
    Ok((Profile::over(&filed, &flags)?, weights))
}

fn read(path: &Path) -> Result<ChosenFile, FitError> {
    let words: Vec<(&'static str, Vec<&'static str>)> = QUESTIONS
        .iter()
        .map(|question| {
            let answers = question.answers.iter().map(|answer| answer.id);
            (question.id, answers.chain([UNKNOWN]).collect())
        })
        .collect();
    let drivers = Driver::ALL.map(Driver::id);
    Ok(ChosenFile::read(path, &ChoiceKeys { words: &words, numbers: ("weights", &drivers) })?)
}

/// Writes the answers, whole or not at all. A file that is there is replaced only if the answers
/// came from it.
fn save(
    path: &Path,
    from: Option<&Path>,
    profile: &Profile,
    weights: &Weights,
) -> Result<(), FitError> {
    let failed = |source| FitError::Save { path: path.to_owned(), source };
    let own = from.is_some_and(|from| from == path);
    if !own && path.exists() {
        return Err(FitError::Exists { path: path.to_owned() });
    }
    let mut text = profile.to_toml();
    if *weights != Weights::default() {
        text.push_str("\n[weights]\n");
        for driver in Driver::ALL {
            text.push_str(&format!("{} = {}\n", driver.id(), weights.of(driver)));
        }
    }
    let mut part = path.as_os_str().to_owned();
    part.push(format!(".part-{}", std::process::id()));
    let write = || {
        let mut file = fs::File::create_new(&part)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    write().map_err(|source| {
        let _best_effort = fs::remove_file(&part);
        failed(source)
    })?;
    render::progress(format_args!("answers written to {}", path.display()));
    Ok(())
}

const TITLE: &str = "Is an open model right for us?";
