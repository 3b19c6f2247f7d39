//! How far a pull is: a bar on a terminal, a line for each file elsewhere.

use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use freehold_hub::{Plan, Progress};

use super::page::size;
use crate::render;

/// Told of everything that comes.
pub(super) struct Meter {
    all: u64,
    files: usize,
    terminal: bool,
    quiet: bool,
    state: Mutex<State>,
}

struct State {
    begun: Instant,
    drawn: Option<Instant>,
    bytes: u64,
    /// What was here when the first byte came: it says nothing of the speed.
    first: Option<u64>,
    done: usize,
}

impl Meter {
    pub(super) fn new(plan: &Plan, quiet: bool) -> Self {
        let begun = Instant::now();
        let state = State { begun, drawn: None, bytes: 0, first: None, done: 0 };
        Self {
            all: plan.bytes(),
            files: plan.files.len(),
            terminal: io::stderr().is_terminal(),
            quiet,
            state: Mutex::new(state),
        }
    }

    pub(super) fn tell(&self, progress: Progress<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match progress {
            Progress::Bytes(bytes) => {
                state.first.get_or_insert(bytes);
                state.bytes = bytes;
            }
            Progress::Done(entry) => {
                state.done += 1;
                if !self.terminal && !self.quiet {
                    let (done, files) = (state.done, self.files);
                    render::progress(format_args!(
                        "{done}/{files}  {}  {}",
                        entry.path,
                        size(entry.bytes)
                    ));
                }
            }
            Progress::Again(entry, error) => {
                self.clear();
                render::progress(format_args!("{}: {error}; going on from there", entry.path));
            }
        }
        let due = state.drawn.is_none_or(|drawn| drawn.elapsed() > BETWEEN);
        if self.terminal && due {
            state.drawn = Some(Instant::now());
            self.draw(&state);
        }
    }

    /// Leaves the line to what comes next.
    pub(super) fn end(&self) {
        self.clear();
    }

    fn draw(&self, state: &State) {
        let share = state.bytes.saturating_mul(100).checked_div(self.all).unwrap_or(100).min(100);
        let filled = usize::try_from(share).unwrap_or(0) * BAR / 100;
        let bar = format!("{}{}", "█".repeat(filled), "░".repeat(BAR - filled));
        let came = state.bytes.saturating_sub(state.first.unwrap_or(0));
        let millis = u64::try_from(state.begun.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let speed = came.saturating_mul(1000) / millis;
        let rest = self.all.saturating_sub(state.bytes).checked_div(speed);
        let rest =
            rest.map_or(String::new(), |rest| format!("  {}:{:02} left", rest / 60, rest % 60));
        let (bytes, all) = (size(state.bytes), size(self.all));
        let mut stream = io::stderr().lock();
        let _closed = write!(
            stream,
            "\r\u{1b}[K{bar} {share:>3} %  {bytes} of {all}  {}/s{rest}",
            size(speed)
        );
        let _closed = stream.flush();
    }

    fn clear(&self) {
        if self.terminal {
            let mut stream = io::stderr().lock();
            let _closed = write!(stream, "\r\u{1b}[K");
            let _closed = stream.flush();
        }
    }
}

const BAR: usize = 20;
const BETWEEN: Duration = Duration::from_millis(100);
