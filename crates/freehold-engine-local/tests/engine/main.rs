//! The engine with real worker processes. The worker is this very test binary, started again with
//! the name of [`worker_process`], which is no test.

// Helpers of tests are no tests to clippy.
#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod bits;
mod conform;
mod embeddings;
mod jail;
mod kept;
mod kit;
mod life;
mod texts;

#[test]
#[ignore = "the worker process, started by the tests"]
fn worker_process() {
    let code = freehold_engine_local::worker::main();
    std::process::exit(i32::from(code != std::process::ExitCode::SUCCESS));
}
