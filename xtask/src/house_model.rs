//! `cargo xtask house-model`: trains the house model from nothing, with the recipe's own packages.

use std::process::Command;

use crate::command;
use crate::failure::Done;
use crate::layout;
use crate::packages;
use crate::provision::{self, TEST};

/// Hands every argument to the recipe, which knows what they mean; without a size, the house's.
pub fn run(rest: &[String]) -> Done {
    let needs: Vec<_> = TEST.iter().filter(|need| need.name.starts_with("Python")).collect();
    let environment = provision::provide(&needs)?;
    let recipe = layout::root().join("models/recipe");
    let folder = layout::target().join("house-venv");
    let python = packages::python(&recipe.join("requirements.txt"), &folder)?;
    let mut train = Command::new(python);
    train.arg(recipe.join("run.py")).args(rest).current_dir(layout::root()).envs(environment);
    if !rest.iter().any(|word| word.starts_with("--size")) {
        train.args(["--size", "house"]);
    }
    command::run(&mut train)
}
