//! The arguments of `freehold plan`: the plan's own questions, each a flag.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, error::Error};
use freehold_plan::ask::{Ask, AskError, Kind, QUESTIONS};

/// `freehold plan`.
#[derive(Debug, Args)]
pub(crate) struct Plan {
    #[command(flatten)]
    pub answers: Answers,
    /// Read answers from a file: `KEY = VALUE` lines, the keys being the flags; a flag wins
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Move speeds towards measurements of your own: what GuideLLM, inference-perf, AIPerf or vLLM's
    /// benchmarks wrote. Can be repeated
    #[arg(long, value_name = "FILE")]
    pub calibrate: Vec<PathBuf>,
    /// Unfold the arithmetic: of all figures, or of those whose name contains a text
    #[arg(long, value_name = "LINE", num_args = 0..=1, default_missing_value = "")]
    pub explain: Option<String>,
    /// Print a report for a meeting, as Markdown
    #[arg(long, conflicts_with = "json")]
    pub markdown: bool,
    /// Print JSON; with --explain, each figure with its arithmetic
    #[arg(long)]
    pub json: bool,
}

/// Answers to the plan's questions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Answers {
    /// Those that are answers.
    pub given: Ask,
    /// The first that is none: told as every error is, not as one of usage.
    pub problem: Option<AskError>,
}

impl Args for Answers {
    fn augment_args(command: Command) -> Command {
        QUESTIONS.iter().fold(command, |command, question| {
            let arg = Arg::new(question.key);
            let arg = if question.key == MODEL {
                arg.value_name("MODEL").help(MODEL_HELP)
            } else {
                arg.long(question.key)
                    .value_name(shape(question.kind))
                    .help(help(question))
                    .help_heading(question.group.name())
            };
            command.arg(arg)
        })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Answers {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut answers = Self::default();
        answers.update_from_arg_matches(matches)?;
        Ok(answers)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for question in QUESTIONS {
            if let Some(value) = matches.get_one::<String>(question.key)
                && let Err(error) = self.given.set(question.key, value)
            {
                self.problem.get_or_insert(error);
            }
        }
        Ok(())
    }
}

fn shape(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "NAME",
        Kind::Number(_, _, "") => "NUMBER",
        Kind::Number(_, _, unit) => unit,
        Kind::Count(..) => "COUNT",
        Kind::Choice(_) => "CHOICE",
    }
}

fn help(question: &freehold_plan::ask::Question) -> String {
    let label = question.label;
    let (first, rest) = label.split_at(label.chars().next().map_or(0, char::len_utf8));
    let label = format!("{}{rest}", first.to_uppercase());
    match question.kind {
        Kind::Choice(choices) => format!("{label}: {}", choices.join(", ")),
        _ => label,
    }
}

const MODEL: &str = "model";
const MODEL_HELP: &str =
    "The model, as the catalogue names it [default: models that answer this load are proposed]";

pub(super) const JSON: &str = "\
Numbers may be written as 20k, 3M, 1.5G and 30%. Without --on, hardware is proposed.

Exit codes: 0 there is a plan; 1 the model, or tuning it, does not fit as asked, and what would is shown; 2 there is \
no answer.

JSON: one object with `model`, `hardware`, `asked` (each input with its origin), `machine`, `money` \
(`verdict`, `bills`, `break_even`, `curve`, `tiers`, `growth`), `unknown` and `document` (the report as \
sections). The schema is docs/reference/json/plan.schema.json.";
