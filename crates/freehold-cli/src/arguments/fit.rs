//! The arguments of `freehold fit`.

use std::path::PathBuf;

use clap::Args;
use freehold_fit::Driver;

use super::Place;

/// `freehold fit`.
#[derive(Debug, Args)]
pub(crate) struct Fit {
    /// Read answers from a file, as `--save` writes it; a flag wins
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Answer a question by its name, or say `unknown`. Can be repeated; `--questions` lists all
    #[arg(long, value_name = "QUESTION=ANSWER", value_parser = parted)]
    pub answer: Vec<(String, String)>,
    /// Let a driver count for this much. Can be repeated
    #[arg(long, value_name = "DRIVER=NUMBER", value_parser = weight)]
    pub weight: Vec<(Driver, u32)>,
    /// Ask the questions that are not answered yet, in the terminal. Without any answers that is
    /// what happens anyway
    #[arg(long)]
    pub ask: bool,
    /// Compare the answers with what an installation enforces and measured, and go by that
    #[arg(long)]
    pub measured: bool,
    #[command(flatten)]
    pub place: Place,
    /// Write the answers to a file that does not exist yet, or to the one they came from
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// List all questions with their answers, and why they are asked
    #[arg(long, conflicts_with_all = ["from", "answer", "weight", "ask", "measured", "save"])]
    pub questions: bool,
    /// Print the whole report as Markdown, with answers and sources
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

fn parted(text: &str) -> Result<(String, String), String> {
    let (question, answer) =
        text.split_once('=').ok_or_else(|| "expected QUESTION=ANSWER".to_owned())?;
    Ok((question.trim().to_owned(), answer.trim().to_owned()))
}

fn weight(text: &str) -> Result<(Driver, u32), String> {
    let (name, number) = text.split_once('=').ok_or_else(|| "expected DRIVER=NUMBER".to_owned())?;
    let driver = Driver::ALL.into_iter().find(|driver| driver.id() == name);
    let driver = driver
        .ok_or_else(|| format!("the drivers are {}", Driver::ALL.map(Driver::id).join(", ")))?;
    let number = number.parse().map_err(|_| "expected a whole number".to_owned())?;
    Ok((driver, number))
}

pub(super) const JSON: &str = "\
Exit codes: 0 advice was given, 1 \"not yet\", 2 there is no answer.

JSON: one object with `outcome` (what may come out), `sentence`, `answers`, `weights`, `gates`, \
`missing`, `conditions`, `scores`, `case`, `lock_in`, `changes`, `tipping`, `robustness`, \
`open_questions`, `next`, `constraints`, `limits`, `sources`, `stale_sources` and, with `--measured`, \
`measured`; with `--questions` an array of questions. The schema is docs/reference/json/fit.schema.json.";
