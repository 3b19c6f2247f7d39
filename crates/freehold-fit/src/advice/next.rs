//! The commands to run next. Only such that exist; the command line's tests hold it.

use serde::Serialize;

use crate::{Choice, Outcome, Profile};

/// A command of Freehold's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Command {
    /// Its arguments, without the program's name.
    pub arguments: Vec<String>,
    /// What it is for.
    pub purpose: &'static str,
}

pub(super) fn commands(profile: &Profile, outcome: Outcome) -> Vec<Command> {
    let may = |choice: Choice| outcome.choices().has(choice);
    let mut commands = Vec::new();
    if profile.unknown().next().is_some() && !outcome.is_settled() {
        commands
            .push(command(&["fit", "--questions"], "the questions that are still open, with help"));
    }
    if may(Choice::SelfHosted) {
        let purpose = "says which rules this machine can hold in force, and what would be better";
        commands.push(command(&["doctor"], purpose));
    }
    if outcome.choices().iter().next().is_some() {
        let purpose = if may(Choice::SelfHosted) {
            "starts a gateway with a small model that comes with it; try the rules on it first"
        } else {
            "starts the gateway, which holds the rules and the record also where the model runs elsewhere"
        };
        commands.push(command(&["up"], purpose));
    }
    commands.extend(search(profile, outcome));
    commands.push(plan(profile));
    commands.push(command(&["fit", "--measured"], MEASURED));
    commands
}

/// The search for models that meet the answers, where open weights are among what may come out.
fn search(profile: &Profile, outcome: Outcome) -> Option<Command> {
    let open = [Choice::SelfHosted, Choice::SingleTenant, Choice::Hybrid];
    let constraints = profile.constraints();
    if !constraints.weights_allowed || !open.iter().any(|one| outcome.choices().has(*one)) {
        return None;
    }
    let mut arguments = vec!["catalog", "search"];
    arguments.extend(constraints.catalogue_task().iter().flat_map(|task| ["--task", *task]));
    match constraints.osi_only {
        Some(true) => arguments.extend(["--licence", "osi"]),
        Some(false) => arguments.extend(["--licence", "osi,custom"]),
        None => (),
    }
    Some(command(&arguments, SEARCH))
}

/// The bill at the upper end of the answered range, or at its lower one where it has no upper.
fn plan(profile: &Profile) -> Command {
    let constraints = profile.constraints();
    let Some(tokens) = constraints.tokens_to.or(constraints.tokens_from) else {
        return command(&["plan"], PLAN);
    };
    command(&["plan", "--tokens-a-month", &tokens.to_string()], PLAN)
}

fn command(arguments: &[&str], purpose: &'static str) -> Command {
    Command { arguments: arguments.iter().map(|one| (*one).to_owned()).collect(), purpose }
}

const SEARCH: &str =
    "lists models that meet this; add `--hardware` and `--region` for your machines and place";
const PLAN: &str =
    "sets the bill of running it yourselves beside the hosted one; put your own number in";
const MEASURED: &str = "once it runs: replaces answers by what is enforced and measured";
