//! One worker process and its life: started, watched, started again with growing pauses when it
//! dies. What was asked of a worker that died gets an error at once.

mod process;
mod ticket;

use std::{
    collections::HashMap,
    fs::File,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use freehold_engine::EngineError;
use tokio::sync::mpsc as channel;

pub(crate) use ticket::{Deadline, Event, Ticket};

use crate::{
    JailReport, LocalOptions, StartError,
    protocol::{FromWorker, LoadedModel, ModelSpec, Step, ToWorker, write_frame},
    status::{WorkerState, WorkerStatus},
};
use process::Process;

/// A worker, whichever process it is at the moment.
#[derive(Debug)]
pub(crate) struct Worker {
    shared: Arc<Shared>,
}

/// What a worker is started with, each time.
#[derive(Debug)]
pub(crate) struct Recipe {
    pub(crate) model: String,
    pub(crate) spec: ModelSpec,
    /// The model's GGUF, then the adapters'.
    pub(crate) files: Vec<File>,
    pub(crate) options: LocalOptions,
}

#[derive(Debug)]
struct Shared {
    model: String,
    capacity: usize,
    parallel: usize,
    next: AtomicU64,
    stopping: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    phase: Phase,
    requests: HashMap<u64, Request>,
    pid: Option<u32>,
    restarts: u64,
    jail: JailReport,
}

#[derive(Debug)]
struct Request {
    choice: u32,
    events: channel::UnboundedSender<(u32, Event)>,
    begun: bool,
}

#[derive(Debug, Default)]
enum Phase {
    #[default]
    Starting,
    Ready {
        outbox: mpsc::Sender<ToWorker>,
        loaded: Arc<LoadedModel>,
    },
    Down(String),
}

impl Worker {
    /// Starts a worker and waits until it serves or says why it cannot.
    pub(crate) fn start(recipe: Recipe) -> Result<Self, StartError> {
        let parallel = recipe.options.parallel.max(1) as usize;
        let shared = Arc::new(Shared {
            model: recipe.model.clone(),
            capacity: parallel + recipe.options.queue as usize,
            parallel,
            next: AtomicU64::new(1),
            stopping: AtomicBool::new(false),
            state: Mutex::default(),
        });
        let (started, result) = mpsc::channel();
        let supervised = Arc::clone(&shared);
        let model = recipe.model.clone();
        let gave_up = |reason| StartError::Worker { model: model.clone(), reason };
        thread::Builder::new()
            .name("worker supervisor".to_owned())
            .spawn(move || supervise(&supervised, &recipe, &started))
            .map_err(|error| gave_up(error.to_string()))?;
        result.recv().map_err(|_| gave_up("its supervisor ended".to_owned()))??;
        Ok(Self { shared })
    }

    /// What the worker loaded.
    pub(crate) fn loaded(&self) -> Result<Arc<LoadedModel>, EngineError> {
        match &self.shared.lock().phase {
            Phase::Ready { loaded, .. } => Ok(Arc::clone(loaded)),
            phase => Err(unavailable(phase)),
        }
    }

    /// Asks for as many answers as there are requests; `make` gets each one's number.
    pub(crate) fn ask(
        &self,
        count: u32,
        make: impl Fn(u64, u32) -> ToWorker,
    ) -> Result<Ticket, EngineError> {
        let (events, inbox) = channel::unbounded_channel();
        let mut state = self.shared.lock();
        let waiting = state.requests.len();
        if waiting + count as usize > self.shared.capacity {
            let rounds = waiting / self.shared.parallel;
            return Err(EngineError::Busy {
                retry_after: Duration::from_secs(rounds.max(1) as u64),
            });
        }
        let outbox = match &state.phase {
            Phase::Ready { outbox, .. } => outbox.clone(),
            phase => return Err(unavailable(phase)),
        };
        let mut ids = Vec::new();
        for choice in 0..count {
            let id = self.shared.next.fetch_add(1, Ordering::Relaxed);
            if outbox.send(make(id, choice)).is_err() {
                return Err(EngineError::Unavailable("the worker is being restarted".to_owned()));
            }
            state.requests.insert(id, Request { choice, events: events.clone(), begun: false });
            ids.push(id);
        }
        Ok(Ticket::new(ids, inbox, Arc::clone(&self.shared)))
    }

    /// How it is.
    pub(crate) fn status(&self) -> WorkerStatus {
        let state = self.shared.lock();
        WorkerStatus {
            model: self.shared.model.clone(),
            state: match &state.phase {
                Phase::Starting => WorkerState::Starting,
                Phase::Ready { .. } => WorkerState::Ready,
                Phase::Down(why) => WorkerState::Down(why.clone()),
            },
            pid: state.pid,
            restarts: state.restarts,
            requests: state.requests.len(),
            jail: state.jail.clone(),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.shared.stopping.store(true, Ordering::SeqCst);
        let mut state = self.shared.lock();
        // The writer ends with its channel and closes the socket; then the worker ends.
        state.phase = Phase::Down("the engine was stopped".to_owned());
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets requests, and tells the worker unless they are finished.
    fn forget(&self, ids: &[u64]) {
        let mut state = self.lock();
        for id in ids {
            if state.requests.remove(id).is_some()
                && let Phase::Ready { outbox, .. } = &state.phase
            {
                // A worker that is gone needs no telling.
                let _ = outbox.send(ToWorker::Cancel(*id));
            }
        }
    }

    fn deliver(&self, events: impl IntoIterator<Item = (u64, Event)>) {
        let mut state = self.lock();
        for (id, event) in events {
            let Some(request) = state.requests.get_mut(&id) else { continue };
            request.begun |= matches!(event, Event::Started { .. });
            let last = event.is_last();
            // Whoever asked may be gone already; `forget` follows.
            let _ = request.events.send((request.choice, event));
            if last {
                state.requests.remove(&id);
            }
        }
    }

    /// Clients learn that the worker is gone, not why: what it wrote may be about others' requests.
    fn went_down(&self) {
        let why = WENT_DOWN;
        let mut state = self.lock();
        state.phase = Phase::Down(why.to_owned());
        state.pid = None;
        for (_, request) in state.requests.drain() {
            let error = if request.begun {
                EngineError::Cut(why.to_owned())
            } else {
                EngineError::Unavailable(why.to_owned())
            };
            let _ = request.events.send((request.choice, Event::Broken(error)));
        }
    }
}

fn unavailable(phase: &Phase) -> EngineError {
    EngineError::Unavailable(match phase {
        Phase::Down(why) => why.clone(),
        Phase::Starting | Phase::Ready { .. } => "the model is being loaded".to_owned(),
    })
}

/// Runs on a thread of its own for as long as the engine lives: the kernel ends a worker together
/// with the thread that started it.
fn supervise(shared: &Shared, recipe: &Recipe, started: &mpsc::Sender<Result<(), StartError>>) {
    let mut pause = FIRST_PAUSE;
    let mut first = true;
    while !shared.stopping.load(Ordering::SeqCst) {
        shared.lock().phase = Phase::Starting;
        let begun = Instant::now();
        let ended = live(shared, recipe, || {
            if std::mem::take(&mut first) {
                // The engine may have been dropped meanwhile; the loop ends then.
                let _ = started.send(Ok(()));
            }
        });
        let why = match ended {
            Ok(why) => why,
            Err(error) if first => {
                let _ = started.send(Err(error));
                return;
            }
            Err(error) => error.to_string(),
        };
        shared.went_down();
        if shared.stopping.load(Ordering::SeqCst) {
            return;
        }
        tracing::warn!(model = shared.model, %why, "the worker is gone; starting it again");
        if begun.elapsed() > STEADY {
            pause = FIRST_PAUSE;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
        shared.lock().restarts += 1;
    }
}

/// One process from start to end. Returns why it ended.
fn live(shared: &Shared, recipe: &Recipe, ready: impl FnOnce()) -> Result<String, StartError> {
    let mut process = Process::start(recipe)?;
    shared.lock().pid = Some(process.id());
    let (jail, loaded) = process.handshake(recipe)?;
    let (outbox, messages) = mpsc::channel();
    let mut socket = process.writer(recipe)?;
    let writer = thread::Builder::new().name("worker outbox".to_owned()).spawn(move || {
        for message in messages {
            if write_frame(&mut socket, &message).is_err() {
                return;
            }
        }
        // Nobody can ask any more: the engine was dropped.
        let _ = socket.shutdown(std::net::Shutdown::Both);
    });
    writer.map_err(|error| process.gave_up(recipe, error.to_string()))?;
    {
        let mut state = shared.lock();
        if shared.stopping.load(Ordering::SeqCst) {
            return Ok("the engine was stopped".to_owned());
        }
        state.jail = jail;
        state.phase = Phase::Ready { outbox, loaded: Arc::new(loaded) };
    }
    // What it wrote while loading is no reason for a later end.
    process.forget_words();
    ready();
    loop {
        match process.read() {
            Ok(message) => dispatch(shared, message),
            Err(why) => return Ok(process.end(&why)),
        }
    }
}

fn dispatch(shared: &Shared, message: FromWorker) {
    let (id, event) = match message {
        FromWorker::Started(begun) => {
            (begun.id, Event::Started { prompt: begun.prompt, kept: begun.kept })
        }
        FromWorker::Step(steps) => {
            let token = |step: Step| (step.id, Event::Token { bytes: step.bytes, top: step.top });
            return shared.deliver(steps.into_iter().map(token));
        }
        FromWorker::Finished((id, cause)) => (id, Event::Finished(cause)),
        FromWorker::Failed((id, (kind, reason))) => (id, Event::Failed { kind, reason }),
        FromWorker::Embedded((id, (vectors, tokens))) => (id, Event::Embedded { vectors, tokens }),
        FromWorker::Pong(id) => (id, Event::Alive),
        FromWorker::Jailed(_) | FromWorker::Loaded(_) | FromWorker::Refused(_) => return,
    };
    shared.deliver([(id, event)]);
}

/// All that is told outside of the operator's log.
const WENT_DOWN: &str = "the worker ended and is being started again";
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// After this long, a death is a new beginning and not one more of a series.
const STEADY: Duration = Duration::from_secs(30);
