//! Fetches models from a Hugging Face-compatible hub: by pinned revision and digest, resumably.
//!
//! The way of a model, each step a value that only the step before it makes:
//! [`Reference`] → [`Listing`] (one commit) → [`Plan`] (which files) → [`Fetched`] (in quarantine, every
//! digest as listed) → [`Vetted`], which is a [`Snapshot`] only where the scan found nothing. What is
//! not clean stays in quarantine; no function here makes it visible.

mod choice;
mod client;
mod connect;
mod endpoint;
mod error;
mod fetch;
mod glob;
mod hash;
mod listing;
mod names;
mod quarantine;
mod reference;
mod store;

#[cfg(test)]
mod tests;

pub use choice::{Choice, LeftOut, Plan, Reason};
pub use client::{Hub, Patience, Token};
pub use endpoint::{Endpoint, EndpointError};
pub use error::{AnswerError, FileError, PullError, StoreError};
pub use fetch::{Progress, fetch, take};
pub use listing::{Blob, Card, Entry, Info, Listing, TreeEntry};
pub use names::{NameError, NameProblem};
pub use quarantine::{Fetched, Held, Snapshot, Vetted, may_fill};
pub use reference::{Commit, Reference, ReferenceError, Repository};
pub use store::{Locked, Store};
