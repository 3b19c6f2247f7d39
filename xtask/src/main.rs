//! The project's chores, one file each: `cargo xtask help` lists them.
//!
//! Nothing here is part of the product. It is what a newcomer compiles first, so it leans on the
//! standard library and builds in seconds.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a chore talks to the terminal; that is its job"
)]

mod bench;
mod catalog_refresh;
mod command;
mod deny;
mod failure;
mod fuzz;
mod house_model;
mod layout;
mod packages;
mod provision;
mod stamp;
mod test;
mod tidy;
mod up;
mod witness;

use std::process::ExitCode;

use failure::{Done, Failure};

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = arguments.collect();
    match run(&chore, &rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.text.is_empty() {
                eprintln!("error: {}", failure.text);
            }
            ExitCode::from(failure.code)
        }
    }
}

fn run(chore: &str, rest: &[String]) -> Done {
    match chore {
        "up" => up::run(rest),
        "test" => test::run(rest),
        "tidy" => tidy::run(rest),
        "bench" => bench::run(rest),
        "fuzz" => fuzz::run(rest),
        "catalog-refresh" => catalog_refresh::run(rest),
        "house-model" => house_model::run(rest),
        "deny" => deny::run(rest),
        "setup" => provision::setup(rest),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        other => Err(Failure::usage(format!("there is no chore `{other}`\n\n{HELP}"))),
    }
}

const HELP: &str = "\
cargo xtask CHORE

  up [-- ARGUMENTS]   install what the build needs, build the release binary, run `freehold up`
  test [FILTER]       install what the tests need and run every test of the workspace
  tidy                check the rules that the compiler cannot: layers, sizes, licences, documents
  bench [NAME…] [--peers] [-- ARGUMENTS]
                      measure engine, log, gateway, start, console, kills, plan (all without
                      a name);
                      `kills N` kills N times (200); --peers puts LiteLLM and Portkey beside the gateway, Evidently UI and
                      Phoenix beside the console, picklescan, modelscan and fickling beside vet
  fuzz [TARGET…] [--seconds N]
                      try every reader of foreign bytes with libFuzzer, 600 s each; what it finds
                      becomes seeds that the tests replay
  catalog-refresh --from DIR [--write] [--commit SOURCE=HASH]…
                      compare the catalogue's data with newer copies of models.dev, GPUStack and
                      genai-prices in DIR; --write takes over what they say now
  house-model [--size house|small] [--minutes N] [--threads N] [--resume] …
                      train the house model from nothing and print its scores
  setup               install what building and testing need, and do nothing else
  deny                run cargo-deny over deny.toml, where it is installed

Exit codes: 0 done, 1 the answer is no (a test failed, a rule is broken), 2 it could not be tried.";
