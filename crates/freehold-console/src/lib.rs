//! The console: server-rendered pages for people who must trust the product.
//!
//! It decides nothing about requests: the playground asks the real gateway with an API key, like
//! any other client, and what it shows beside an answer is read back from the audit log. Every page
//! works without a script, from 320 px of width, and by keyboard; nothing comes from another host.

mod asking;
mod assets;
mod console;
mod guard;
mod pages;
mod session;
mod standing;
mod state;
mod time;
mod way;

pub use console::{Console, ConsoleDeps};
pub use standing::{Control, Posture, Standing};
pub use state::{Measure, ModelView, StateSource, WorkerState, WorkerView};
