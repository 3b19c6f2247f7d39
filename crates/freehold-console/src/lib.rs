//! The console: server-rendered pages for people who must trust the product.
//!
//! It decides nothing about requests: the playground asks the real gateway with an API key, like
//! any other client, and what it shows beside an answer is read back from the audit log. Every page
//! works without a script, from 320 px of width, and by keyboard; nothing comes from another host.
//! Without an installation it serves the pages on which one decides whether to have one.

mod asking;
mod assets;
mod attention;
mod console;
mod explorer;
mod guard;
pub mod kit;
mod pages;
pub mod plot;
mod session;
mod standing;
mod state;
mod terminal;
mod time;
mod way;

pub use console::{Console, ConsoleDeps, Setting};
pub use standing::{Control, Posture, Standing};
pub use state::{
    AdmissionView, FileView, KeyView, Measure, ModelView, StateSource, WorkerState, WorkerView,
};
pub use terminal::Terminal;
