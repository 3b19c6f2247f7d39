//! The commands: one file a verb in `commands/`, one renderer for results and errors.
//!
//! [`run`] is the whole program. Exit codes are the same for all verbs: 0 yes or clean; 1 the answer
//! is no, or there are findings; 2 it could not answer; 101 a bug of ours.

mod arguments;
mod commands;
mod failure;
mod invoked;
mod logging;
mod memory;
mod place;
mod reference;
mod render;
mod signals;
mod system;

pub use arguments::command;
pub use reference::pages as reference;

use std::process::ExitCode;

use clap::Parser;
use failure::Answer;

/// Reads the command line, does what it says, shows what came of it.
pub fn run() -> ExitCode {
    render::exit_on_panic();
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help and version are answers, too; clap writes both to where they belong.
        Err(error) => {
            let _closed_pipe = error.print();
            return ExitCode::from(if error.use_stderr() { UNABLE } else { CLEAN });
        }
    };
    match commands::run(arguments) {
        Ok(Answer::Clean) => ExitCode::from(CLEAN),
        Ok(Answer::Findings) => ExitCode::from(FINDINGS),
        Ok(Answer::Worker(code)) => code,
        Err(failure) => {
            render::failure(&failure);
            ExitCode::from(UNABLE)
        }
    }
}

/// Yes, or clean.
const CLEAN: u8 = 0;
/// The answer is no, or there are findings.
const FINDINGS: u8 = 1;
/// No answer: usage, configuration, IO, network, backend.
const UNABLE: u8 = 2;
