//! One worker process: its socket, its last words, its end.

use std::{
    collections::VecDeque,
    io::{BufRead, BufReader, Read},
    os::{
        fd::OwnedFd,
        unix::{net::UnixStream, process::CommandExt},
    },
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::Duration,
};

use super::Recipe;
use crate::{
    JailReport, StartError,
    protocol::{
        FrameError, FromWorker, LoadedModel, ToWorker, read_frame, send_files, write_frame,
    },
};

/// A running worker process; dropped, it is killed.
pub(super) struct Process {
    child: Child,
    socket: BufReader<UnixStream>,
    last_words: Arc<Mutex<VecDeque<String>>>,
}

impl Process {
    /// Starts the process with nothing but a socket: no environment, no folder, no terminal.
    pub(super) fn start(recipe: &Recipe) -> Result<Self, StartError> {
        let failed = |source| StartError::Spawn {
            model: recipe.model.clone(),
            program: recipe.options.program.clone(),
            source,
        };
        let (ours, theirs) = UnixStream::pair().map_err(failed)?;
        let mut child = Command::new(&recipe.options.program)
            .args(&recipe.options.arguments)
            .env_clear()
            .current_dir("/")
            .process_group(0)
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed)?;
        let last_words = Arc::default();
        if let Some(errors) = child.stderr.take() {
            let (model, kept) = (recipe.model.clone(), Arc::clone(&last_words));
            let listener = thread::Builder::new().name("worker log".to_owned());
            listener.spawn(move || listen(errors, &model, &kept)).map_err(failed)?;
        }
        Ok(Self { child, socket: BufReader::with_capacity(1 << 16, ours), last_words })
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the model and waits until it is loaded.
    pub(super) fn handshake(
        &mut self,
        recipe: &Recipe,
    ) -> Result<(JailReport, LoadedModel), StartError> {
        let mut socket = self.writer(recipe)?;
        let sent = write_frame(&mut socket, &ToWorker::Load(recipe.spec.clone()))
            .and_then(|()| send_files(&socket, &recipe.files));
        if let Err(error) = sent {
            let why = self.end(&FrameError::Io(error));
            return Err(self.gave_up(recipe, why));
        }
        let mut jail = JailReport::default();
        loop {
            match self.read() {
                Ok(FromWorker::Jailed(report)) => {
                    jail = serde_json::from_str(&report).unwrap_or_default();
                }
                Ok(FromWorker::Loaded(loaded)) => return Ok((jail, loaded)),
                Ok(FromWorker::Refused(reason)) => {
                    // llama.cpp's own reason is in what it wrote to its log.
                    let _ = self.child.wait();
                    let words = self.words();
                    return Err(self.gave_up(recipe, format!("{reason}{words}")));
                }
                Ok(_) => {}
                Err(error) => {
                    let why = self.end(&error);
                    return Err(self.gave_up(recipe, why));
                }
            }
        }
    }

    pub(super) fn writer(&self, recipe: &Recipe) -> Result<UnixStream, StartError> {
        self.socket.get_ref().try_clone().map_err(|error| self.gave_up(recipe, error.to_string()))
    }

    pub(super) fn read(&mut self) -> Result<FromWorker, FrameError> {
        read_frame(&mut self.socket)
    }

    /// What the worker wrote before is not about what comes now.
    pub(super) fn forget_words(&self) {
        self.last_words.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Makes sure that the process is gone and says how it went. For the operator: the text holds
    /// what the worker wrote.
    pub(super) fn end(&mut self, error: &FrameError) -> String {
        if !matches!(error, FrameError::Io(_)) {
            // It says what no worker says: not to be trusted any further.
            let _ = self.child.kill();
            let _ = self.child.wait();
            return format!("the worker broke the protocol ({error}) and was stopped");
        }
        let _ = self.socket.get_ref().shutdown(std::net::Shutdown::Both);
        // How it ended is worth a moment; a worker that does not end by itself is ended.
        for _ in 0..PATIENCE {
            match self.child.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(10)),
                _ => break,
            }
        }
        let _ = self.child.kill();
        let status = self.child.wait();
        let words = self.words();
        match status {
            Ok(status) => format!("the worker ended with {status}{words}"),
            Err(error) => format!("the worker is gone: {error}"),
        }
    }

    pub(super) fn gave_up(&self, recipe: &Recipe, reason: String) -> StartError {
        StartError::Worker { model: recipe.model.clone(), reason }
    }

    fn words(&self) -> String {
        let words = self.last_words.lock().unwrap_or_else(PoisonError::into_inner);
        let errors: Vec<&str> = words
            .iter()
            .map(String::as_str)
            .filter(|line| {
                line.contains("error") || line.contains("failed") || line.contains("panicked")
            })
            .collect();
        if errors.is_empty() { String::new() } else { format!(" ({})", errors.join("; ")) }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where the process is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes the worker's log on, line by line, and keeps the last lines. They are untrusted: bounded
/// in length, and printed as escaped text.
fn listen(errors: impl Read, model: &str, kept: &Mutex<VecDeque<String>>) {
    let mut lines = BufReader::new(errors);
    loop {
        let mut line = Vec::new();
        match lines.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line) {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        let line = String::from_utf8_lossy(&line);
        let line: String = line.trim_end().escape_debug().collect();
        tracing::debug!(model, line, "worker");
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() == KEPT_LINES {
            kept.pop_front();
        }
        kept.push_back(line);
    }
}

/// Times ten milliseconds.
const PATIENCE: u32 = 50;
const LONGEST_LINE: u64 = 512;
const KEPT_LINES: usize = 16;
