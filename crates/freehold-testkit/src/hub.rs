//! A hub of models on this machine, after huggingface_hub's client (version 2.4.0): it serves that
//! client as the public one does, and can be told to misbehave in each way that a pull must bear.

mod answers;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

/// A hub with one repository, on a port of its own and a second one as its CDN. It ends when it is
/// dropped.
pub struct Hub {
    /// Where it is: `127.0.0.1:PORT`.
    pub address: SocketAddr,
    /// Where it sends on to, where it is told to.
    pub elsewhere: SocketAddr,
    state: Arc<Mutex<State>>,
    ended: Arc<AtomicBool>,
}

/// What it serves, and how.
#[derive(Debug, Clone)]
pub struct State {
    /// `OWNER/NAME`.
    pub repository: String,
    /// What the card declares.
    pub card: Value,
    /// Files by commit, and by name.
    pub commits: BTreeMap<String, BTreeMap<String, File>>,
    /// The commit of each branch.
    pub branches: BTreeMap<String, String>,
    /// The commit that `main` becomes once it was asked for.
    pub moves_to: Option<String>,
    /// Whoever does not know this is refused.
    pub token: Option<String>,
    /// Access has to be asked for.
    pub gated: bool,
    /// Connections are cut after so many bytes of a file.
    pub cut_after: Option<usize>,
    /// Nothing more comes after so many bytes of a file, for as long as this is set.
    pub stall_after: Option<usize>,
    /// Ranges are ignored.
    pub ignores_range: bool,
    /// Large files lie elsewhere.
    pub redirect: Redirect,
    /// Files to a page of the list.
    pub page: usize,
    /// Answers given instead of the next ones: status, and headers as they are sent.
    pub instead: Vec<(u16, &'static str)>,
    /// Every request: address asked, method, target, headers.
    pub seen: Vec<Seen>,
}

/// A file as it is listed, and as it is given out.
#[derive(Debug, Clone)]
pub struct File {
    /// What is listed.
    pub listed: Vec<u8>,
    /// What is given out.
    pub given: Vec<u8>,
    /// Kept beside git, and known by its SHA-256.
    pub lfs: bool,
}

/// Where large files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Redirect {
    /// Here.
    None,
    /// Here, by another path.
    SameHost,
    /// On another port.
    Elsewhere,
    /// Where nobody may go.
    Unencrypted,
    /// In a circle.
    Circle,
}

/// A request.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Whether the CDN was asked.
    pub elsewhere: bool,
    /// GET or HEAD.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// By name in lower case.
    pub headers: BTreeMap<String, String>,
}

impl File {
    /// A small text, known by git's name.
    pub fn text(text: &str) -> Self {
        Self { listed: text.into(), given: text.into(), lfs: false }
    }

    /// Weights, known by their SHA-256.
    pub fn large(bytes: &[u8]) -> Self {
        Self { listed: bytes.into(), given: bytes.into(), lfs: true }
    }
}

impl Hub {
    /// Serves a repository of which these files are the only commit, on `main`.
    pub fn serve(repository: &str, files: &[(&str, File)]) -> Self {
        let commit = commit(1);
        let files = files.iter().map(|(name, file)| ((*name).to_owned(), file.clone())).collect();
        let state = State {
            repository: repository.to_owned(),
            card: json!({"license": "apache-2.0"}),
            commits: BTreeMap::from([(commit.clone(), files)]),
            branches: BTreeMap::from([("main".to_owned(), commit)]),
            moves_to: None,
            token: None,
            gated: false,
            cut_after: None,
            stall_after: None,
            ignores_range: false,
            redirect: Redirect::None,
            page: 1000,
            instead: Vec::new(),
            seen: Vec::new(),
        };
        let state = Arc::new(Mutex::new(state));
        let ended = Arc::new(AtomicBool::new(false));
        let listen = |other: Option<SocketAddr>| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap_or_else(|error| stop(&error));
            let address = listener.local_addr().unwrap_or_else(|error| stop(&error));
            let (state, ended) = (Arc::clone(&state), Arc::clone(&ended));
            thread::spawn(move || accept(&listener, &state, &ended, other));
            address
        };
        let elsewhere = listen(None);
        let address = listen(Some(elsewhere));
        Self { address, elsewhere, state, ended }
    }

    /// Its address as clients take it.
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What it serves, to be changed.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files of `main`, to be changed.
    pub fn file(&self, name: &str, change: impl FnOnce(&mut File)) {
        let mut state = self.state();
        let commit = state.branches.get("main").cloned().unwrap_or_default();
        let file = state.commits.get_mut(&commit).and_then(|files| files.get_mut(name));
        if let Some(file) = file {
            change(file);
        }
    }

    /// How often a file's bytes were asked for, or anything whose target holds this.
    pub fn asked(&self, target: &str) -> usize {
        self.state().seen.iter().filter(|seen| seen.target.contains(target)).count()
    }
}

impl Drop for Hub {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        for address in [self.address, self.elsewhere] {
            // So that it sees that it has ended.
            drop(TcpStream::connect(address));
        }
    }
}

/// The name of a commit: this number.
pub fn commit(number: u64) -> String {
    format!("{number:040x}")
}

fn stop(error: &std::io::Error) -> ! {
    std::panic::panic_any(error.to_string())
}

fn accept(
    listener: &TcpListener,
    state: &Arc<Mutex<State>>,
    ended: &Arc<AtomicBool>,
    other: Option<SocketAddr>,
) {
    for stream in listener.incoming() {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let state = Arc::clone(state);
        let ended = Arc::clone(ended);
        thread::spawn(move || drop(one(stream, &state, &ended, other)));
    }
}

/// One request on a connection of its own.
fn one(
    mut stream: TcpStream,
    state: &Mutex<State>,
    ended: &AtomicBool,
    other: Option<SocketAddr>,
) -> std::io::Result<()> {
    let elsewhere = other.is_none();
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut words = line.split_whitespace().map(str::to_owned);
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_lowercase(), value.trim().to_owned());
        }
    }
    if method.is_empty() {
        return Ok(());
    }
    let seen = Seen { elsewhere, method, target, headers };
    let answer = {
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        state.seen.push(seen.clone());
        answers::answer(&mut state, &seen, other)
    };
    let text = format!(
        "HTTP/1.1 {} Said\r\nconnection: close\r\ncontent-length: {}\r\n{}\r\n",
        answer.status,
        answer.body.len(),
        answer.headers
    );
    stream.write_all(text.as_bytes())?;
    if seen.method != "HEAD" {
        let end = answer.cut_after.unwrap_or(answer.body.len()).min(answer.body.len());
        let first = answer.stall_after.unwrap_or(end).min(end);
        stream.write_all(&answer.body[..first])?;
        while first < end && !ended.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(10));
            if state.lock().unwrap_or_else(PoisonError::into_inner).stall_after.is_none() {
                break;
            }
        }
        stream.write_all(&answer.body[first..end])?;
    }
    stream.flush()
}
