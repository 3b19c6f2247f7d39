//! What server and worker say to each other over one Unix socket: frames of a length (four bytes,
//! little-endian) and a message in the form of [`codec`].
//!
//! The worker has read untrusted weights with C++ code, so the server trusts no byte of it: frames
//! and lists are bounded, and a message that does not parse ends the worker.

mod codec;
#[cfg(unix)]
mod descriptors;
mod frame;
mod message;

pub(crate) use codec::{Malformed, Reader, Wire};
#[cfg(unix)]
pub(crate) use descriptors::{receive_files, send_files};
pub(crate) use frame::{FrameError, append_frame, read_frame, write_frame};
pub(crate) use message::{
    Constraint, Embed, FailureKind, FromWorker, Generate, LoadedModel, ModelSpec, Sampling,
    Started, Step, StopCause, ToWorker, Top,
};

/// Changed with every change of a message; both sides are the same executable, so a difference
/// means that it was replaced while the server ran.
pub(crate) const VERSION: u32 = 2;

#[cfg(test)]
mod tests;
