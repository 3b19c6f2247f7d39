//! The program: all it does is in `freehold-cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    freehold_cli::run()
}
