//! `freehold completions`: what a shell needs to complete our command line.

use clap_complete::{Shell, generate};

use crate::{arguments, failure::Answer, render};

/// Prints the completions.
pub(crate) fn run(shell: Shell) -> Answer {
    let mut script = Vec::new();
    generate(shell, &mut arguments::command(), "freehold", &mut script);
    render::line(String::from_utf8_lossy(&script).trim_end());
    Answer::Clean
}
