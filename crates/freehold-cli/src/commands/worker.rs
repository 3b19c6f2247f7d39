//! `freehold worker`: the confined process that computes. `up` starts it; people never do.

use crate::failure::Answer;

/// Serves the socket at standard input until its other end is gone.
pub(crate) fn run() -> Answer {
    Answer::Worker(freehold_engine_local::worker::main())
}
