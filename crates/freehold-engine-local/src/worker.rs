//! The worker process: reads a model, then answers over one socket, confined to that.
//!
//! It is this executable, started with a hidden argument; its standard input is the socket.

mod choose;
mod constraint;
mod embedder;
mod generator;
mod load;
mod logprobs;
mod room;
mod slot;

use std::{
    io,
    os::{
        fd::{AsFd, AsRawFd},
        unix::net::UnixStream,
    },
    process::ExitCode,
    sync::mpsc,
    thread,
};

use llama_cpp_2::{llama_backend::LlamaBackend, model::LlamaModel};

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
    jail::enter(&mut report, &files);
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
    let inbox = read_on(socket.try_clone()?)?;
    let outbox = socket.try_clone()?;
    if spec.embedding {
        embedder::Embedder::new(&parts.model, context, parts.adapters, spec).run(&inbox, outbox)?;
    } else {
        generator::Generator::new(&parts.model, context, parts.adapters, spec)
            .run(&inbox, outbox)?;
    }
    Ok(())
}

/// Reads messages on a thread of its own, so that a request can be cancelled while another is
/// computed. Ends the process when the server is gone or says what it cannot.
fn read_on(mut socket: UnixStream) -> Result<mpsc::Receiver<ToWorker>, io::Error> {
    let (sender, inbox) = mpsc::channel();
    thread::Builder::new().name("inbox".to_owned()).spawn(move || {
        loop {
            let message = match read_frame(&mut socket) {
                Ok(message) => message,
                Err(FrameError::Io(_)) => leave(0),
                Err(_) => leave(1),
            };
            if sender.send(message).is_err() {
                leave(0);
            }
        }
    })?;
    Ok(inbox)
}

/// Ends the process at once. Nothing here needs an orderly end, and the destructors of llama.cpp's
/// static objects must not run while another thread computes with them.
fn leave(code: i32) -> ! {
    // SAFETY: `_exit` has no requirements; it ends the process without running anything.
    unsafe { libc::_exit(code) }
}

const NO_SOCKET: u8 = 2;
