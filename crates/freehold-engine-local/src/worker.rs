//! The worker process: reads a model, then answers over one socket, confined to that.
//!
//! It is this executable, started with a hidden argument; its standard input is the socket.

mod adapters;
mod choose;
mod constraint;
mod embedder;
mod generator;
mod intake;
mod load;
mod logprobs;
mod ready;
pub(crate) mod room;
mod slot;

use std::{
    io,
    os::{
        fd::{AsFd, AsRawFd},
        unix::net::UnixStream,
    },
    process::ExitCode,
    thread::{self, Scope},
};

use llama_cpp_2::{llama_backend::LlamaBackend, model::LlamaModel};

use self::{adapters::Adapters, embedder::Embedder, generator::Generator, room::Room};
use crate::{
    jail,
    protocol::{
        FrameError, FromWorker, ModelSpec, ToWorker, VERSION, read_frame, receive_files,
        write_frame,
    },
};

/// What the hidden command runs. Standard input must be the socket that the server made; without
/// one it ends with code 2.
pub fn main() -> ExitCode {
    let report = jail::begin();
    let Ok(socket) = io::stdin().as_fd().try_clone_to_owned() else {
        return ExitCode::from(NO_SOCKET);
    };
    let mut socket = UnixStream::from(socket);
    let Ok(ToWorker::Load(spec)) = read_frame(&mut socket) else {
        return ExitCode::from(NO_SOCKET);
    };
    match serve(socket, &spec, report) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the worker ends");
            ExitCode::FAILURE
        }
    }
}

/// Why the worker ends.
#[derive(Debug, thiserror::Error)]
enum WorkerError {
    #[error("the socket to the server: {0}")]
    Socket(#[from] io::Error),
    #[error(transparent)]
    Load(#[from] load::LoadError),
}

fn serve(
    mut socket: UnixStream,
    spec: &ModelSpec,
    mut report: jail::JailReport,
) -> Result<(), WorkerError> {
    if spec.version != VERSION {
        let reason = format!(
            "the program was replaced while it ran (worker protocol {VERSION}, server {}); start it again",
            spec.version
        );
        return Ok(write_frame(&mut socket, &FromWorker::Refused(reason))?);
    }
    let handles = receive_files(&socket)?;
    // llama.cpp wants names; these name the open handles.
    let files: Vec<String> =
        handles.iter().map(|handle| format!("/dev/fd/{}", handle.as_raw_fd())).collect();
    jail::enter(&mut report, &files, spec.memory);
    match load::load(spec, &files) {
        Ok((backend, model, adapters)) => {
            run(&mut socket, spec, report, Parts { backend, model, adapters })
        }
        Err(error) => Ok(write_frame(&mut socket, &FromWorker::Refused(error.to_string()))?),
    }
}

struct Parts {
    backend: LlamaBackend,
    model: LlamaModel,
    adapters: Vec<load::Adapter>,
}

fn run(
    socket: &mut UnixStream,
    spec: &ModelSpec,
    mut report: jail::JailReport,
    parts: Parts,
) -> Result<(), WorkerError> {
    let context = match load::context(&parts.backend, &parts.model, spec) {
        Ok(context) => context,
        Err(error) => return Ok(write_frame(socket, &FromWorker::Refused(error.to_string()))?),
    };
    jail::seal(&mut report);
    let loaded = load::describe(&parts.model, spec);
    let report = serde_json::to_string(&report).unwrap_or_default();
    write_frame(socket, &FromWorker::Jailed(report))?;
    write_frame(socket, &FromWorker::Loaded(loaded))?;
    let (incoming, outbox) = (socket.try_clone()?, socket.try_clone()?);
    let adapters = Adapters::new(parts.adapters);
    thread::scope(|scope| {
        let computed = if spec.embedding {
            embed(scope, &parts.model, Embedder::new(context, adapters), incoming, outbox)
        } else {
            let generator = Generator::new(&parts.model, context, adapters, spec);
            generate(scope, &parts.model, generator, incoming, outbox)
        };
        if let Err(error) = &computed {
            tracing::error!(%error, "the worker ends");
        }
        // The other threads are not waited for: one waits for the server, one may compute.
        leave(i32::from(computed.is_err()))
    })
}

fn generate<'scope>(
    scope: &'scope Scope<'scope, '_>,
    model: &'scope LlamaModel,
    generator: Generator<'scope>,
    incoming: UnixStream,
    outbox: UnixStream,
) -> io::Result<()> {
    let room = Room::new(model, generator.each());
    let prepare = move |request| ready::prepare(model, &room, request);
    let inbox = intake::open(scope, messages(incoming), prepare)?;
    generator.run(&inbox, outbox)
}

fn embed<'scope>(
    scope: &'scope Scope<'scope, '_>,
    model: &'scope LlamaModel,
    embedder: Embedder<'scope>,
    incoming: UnixStream,
    outbox: UnixStream,
) -> io::Result<()> {
    let room = Room::new(model, embedder.each());
    let prepare = move |request| embedder::prepare(model, &room, request);
    let inbox = intake::open(scope, messages(incoming), prepare)?;
    embedder.run(&inbox, outbox)
}

/// The server's messages, read on a thread of its own, so that a request can be cancelled while
/// another is computed. Ends the process when the server is gone or says what it cannot.
fn messages(mut socket: UnixStream) -> impl FnMut() -> Option<ToWorker> {
    move || match read_frame(&mut socket) {
        Ok(message) => Some(message),
        Err(FrameError::Io(_)) => leave(0),
        Err(_) => leave(1),
    }
}

/// Ends the process at once. Nothing here needs an orderly end, and the destructors of llama.cpp's
/// static objects must not run while another thread computes with them.
fn leave(code: i32) -> ! {
    // SAFETY: `_exit` has no requirements; it ends the process without running anything.
    unsafe { libc::_exit(code) }
}

const NO_SOCKET: u8 = 2;
