//! The sections of the file and their settings: what each may be, its default, what it does.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use freehold_types::DataClass;

use crate::{
    key::{Key, address, class, number, origin, path},
    reader::{Reader, Section},
};

/// `[gateway]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatewaySettings {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The longest request body.
    pub max_body_bytes: u64,
    /// The longest answer.
    pub max_answer_bytes: u64,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long a client may take to send a request's body.
    pub body_timeout: Duration,
    /// How long a whole answer may take.
    pub request_timeout: Duration,
    /// How long the audit log may take to confirm a record.
    pub record_timeout: Duration,
    /// How long those in flight may go on after the order to stop.
    pub shutdown_timeout: Duration,
    /// How many connections are open at once; more wait.
    pub max_connections: u64,
    /// How many requests are in work at once; more get "try again".
    pub max_concurrent: u64,
    /// The same for one API key.
    pub max_concurrent_per_key: u64,
}

/// `[console]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleSettings {
    /// Where it listens.
    pub listen: SocketAddr,
}

/// `[log]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogSettings {
    /// The log's name in its checkpoints; `None` draws one when the log is made.
    pub origin: Option<String>,
    /// How often a checkpoint is signed while records come in.
    pub checkpoint_interval: Duration,
    /// Size of a preallocated segment.
    pub segment_bytes: u64,
}

/// `[engine]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineSettings {
    /// Threads that compute; 0: all cores.
    pub threads: u32,
    /// Tokens of context for each request; 0: as the model was trained.
    pub context: u32,
    /// Requests that are computed together.
    pub parallel: u32,
}

/// `[data]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSettings {
    /// The class of a request that names none.
    pub default_class: DataClass,
}

/// `[catalog]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogSettings {
    /// A file with facts of the operator's own that go over those of the catalogue; `None` takes
    /// `catalog-overlay.json` in the data directory, where there is one.
    pub overlay: Option<PathBuf>,
}

/// Reads `[gateway]`.
pub(crate) fn gateway(reader: &mut Reader<'_>, top: &mut Section<'_>) -> GatewaySettings {
    let mut section = reader.section(top, "gateway");
    let settings = GatewaySettings {
        listen: reader.value(&mut section, &GATEWAY_LISTEN),
        max_body_bytes: reader.value(&mut section, &MAX_BODY),
        max_answer_bytes: reader.value(&mut section, &MAX_ANSWER),
        header_timeout: Duration::from_secs(reader.value(&mut section, &HEADER_SECONDS)),
        body_timeout: Duration::from_secs(reader.value(&mut section, &BODY_SECONDS)),
        request_timeout: Duration::from_secs(reader.value(&mut section, &REQUEST_SECONDS)),
        record_timeout: Duration::from_secs(reader.value(&mut section, &RECORD_SECONDS)),
        shutdown_timeout: Duration::from_secs(reader.value(&mut section, &SHUTDOWN_SECONDS)),
        max_connections: reader.value(&mut section, &MAX_CONNECTIONS),
        max_concurrent: reader.value(&mut section, &MAX_CONCURRENT),
        max_concurrent_per_key: reader.value(&mut section, &MAX_PER_KEY),
    };
    reader.finish(section);
    settings
}

/// Reads `[console]`.
pub(crate) fn console(reader: &mut Reader<'_>, top: &mut Section<'_>) -> ConsoleSettings {
    let mut section = reader.section(top, "console");
    let settings = ConsoleSettings { listen: reader.value(&mut section, &CONSOLE_LISTEN) };
    reader.finish(section);
    settings
}

/// Reads `[log]`.
pub(crate) fn log(reader: &mut Reader<'_>, top: &mut Section<'_>) -> LogSettings {
    let mut section = reader.section(top, "log");
    let settings = LogSettings {
        origin: reader.value(&mut section, &ORIGIN),
        checkpoint_interval: Duration::from_millis(reader.value(&mut section, &CHECKPOINT)),
        segment_bytes: reader.value(&mut section, &SEGMENT),
    };
    reader.finish(section);
    settings
}

/// Reads `[engine]`.
pub(crate) fn engine(reader: &mut Reader<'_>, top: &mut Section<'_>) -> EngineSettings {
    // The ranges of the keys fit, so nothing is cut.
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let mut section = reader.section(top, "engine");
    let settings = EngineSettings {
        threads: small(reader.value(&mut section, &THREADS)),
        context: small(reader.value(&mut section, &CONTEXT)),
        parallel: small(reader.value(&mut section, &PARALLEL)),
    };
    reader.finish(section);
    settings
}

/// Reads `[data]`.
pub(crate) fn data(reader: &mut Reader<'_>, top: &mut Section<'_>) -> DataSettings {
    let mut section = reader.section(top, "data");
    let settings = DataSettings { default_class: reader.value(&mut section, &DEFAULT_CLASS) };
    reader.finish(section);
    settings
}

/// Reads `[catalog]`. A path in the file is relative to the file's folder, which is `folder`.
pub(crate) fn catalog(
    reader: &mut Reader<'_>,
    top: &mut Section<'_>,
    folder: &Path,
) -> CatalogSettings {
    let mut section = reader.section(top, "catalog");
    let overlay = reader.value(&mut section, &OVERLAY);
    reader.finish(section);
    CatalogSettings { overlay: overlay.map(|path| folder.join(path)) }
}

const GATEWAY_LISTEN: Key<SocketAddr> = Key {
    section: "gateway",
    name: "listen",
    default: || SocketAddr::from(([127, 0, 0, 1], 8484)),
    expected: ADDRESS,
    read: address,
    show: |value| value.to_string().into(),
    about: "Where the OpenAI-compatible gateway listens; port 0 takes a free one.",
};

const MAX_BODY: Key<u64> = Key {
    section: "gateway",
    name: "max_body_bytes",
    default: || 8 << 20,
    expected: BODY_BYTES,
    read: number::<1024, 1_073_741_824>,
    show: |value| (*value).into(),
    about: "The longest request body; a longer one is refused with status 413.",
};

const MAX_ANSWER: Key<u64> = Key {
    section: "gateway",
    name: "max_answer_bytes",
    default: || 16 << 20,
    expected: BODY_BYTES,
    read: number::<1024, 1_073_741_824>,
    show: |value| (*value).into(),
    about: "The longest answer; a longer one is cut off, and recorded as cut off.",
};

const HEADER_SECONDS: Key<u64> = Key {
    section: "gateway",
    name: "header_seconds",
    default: || 15,
    expected: SECONDS,
    read: number::<1, 86_400>,
    show: |value| (*value).into(),
    about: "How long a client may take to send a request's head.",
};

const BODY_SECONDS: Key<u64> = Key {
    section: "gateway",
    name: "body_seconds",
    default: || 30,
    expected: SECONDS,
    read: number::<1, 86_400>,
    show: |value| (*value).into(),
    about: "How long a client may take to send a request's body.",
};

const REQUEST_SECONDS: Key<u64> = Key {
    section: "gateway",
    name: "request_seconds",
    default: || 600,
    expected: SECONDS,
    read: number::<1, 86_400>,
    show: |value| (*value).into(),
    about: "How long a whole answer may take.",
};

const RECORD_SECONDS: Key<u64> = Key {
    section: "gateway",
    name: "record_seconds",
    default: || 10,
    expected: SECONDS,
    read: number::<1, 86_400>,
    show: |value| (*value).into(),
    about: "How long the audit log may take to confirm a record before the request is refused.",
};

const SHUTDOWN_SECONDS: Key<u64> = Key {
    section: "gateway",
    name: "shutdown_seconds",
    default: || 20,
    expected: SECONDS,
    read: number::<1, 86_400>,
    show: |value| (*value).into(),
    about: "How long requests in flight may go on after the order to stop.",
};

const MAX_CONNECTIONS: Key<u64> = Key {
    section: "gateway",
    name: "max_connections",
    default: || 8192,
    expected: COUNT,
    read: number::<1, 100_000>,
    show: |value| (*value).into(),
    about: "How many connections are open at once; more wait to be accepted.",
};

const MAX_CONCURRENT: Key<u64> = Key {
    section: "gateway",
    name: "max_concurrent",
    default: || 8192,
    expected: COUNT,
    read: number::<1, 100_000>,
    show: |value| (*value).into(),
    about: "How many requests are in work at once; more are told to try again.",
};

const MAX_PER_KEY: Key<u64> = Key {
    section: "gateway",
    name: "max_concurrent_per_key",
    default: || 8192,
    expected: COUNT,
    read: number::<1, 100_000>,
    show: |value| (*value).into(),
    about: "How many requests of one API key are in work at once.",
};

const CONSOLE_LISTEN: Key<SocketAddr> = Key {
    section: "console",
    name: "listen",
    default: || SocketAddr::from(([127, 0, 0, 1], 8485)),
    expected: ADDRESS,
    read: address,
    show: |value| value.to_string().into(),
    about: "Where the console listens; port 0 takes a free one.",
};

const ORIGIN: Key<Option<String>> = Key {
    section: "log",
    name: "origin",
    default: || None,
    expected: "a name of at most 200 characters without spaces or +",
    read: origin,
    show: |value| value.clone().into(),
    about: "The log's name in its signed checkpoints, set when the log is made; none draws one.",
};

const CHECKPOINT: Key<u64> = Key {
    section: "log",
    name: "checkpoint_milliseconds",
    default: || 1000,
    expected: "a number of milliseconds from 10 to 3600000",
    read: number::<10, 3_600_000>,
    show: |value| (*value).into(),
    about: "How often a checkpoint is signed while records come in.",
};

const SEGMENT: Key<u64> = Key {
    section: "log",
    name: "segment_bytes",
    default: || 16 << 20,
    expected: "a number of bytes from 1048576 to 4294967296",
    read: number::<1_048_576, 4_294_967_296>,
    show: |value| (*value).into(),
    about: "Size of the preallocated files into which records are written.",
};

const THREADS: Key<u64> = Key {
    section: "engine",
    name: "threads",
    default: || 0,
    expected: "a number from 0 to 1024",
    read: number::<0, 1024>,
    show: |value| (*value).into(),
    about: "Threads of the embedded engine; 0 takes one for models under 64 MiB, all cores for others.",
};

const CONTEXT: Key<u64> = Key {
    section: "engine",
    name: "context",
    default: || 4096,
    expected: "a number of tokens from 0 to 1048576",
    read: number::<0, 1_048_576>,
    show: |value| (*value).into(),
    about: "Tokens of context for each request, prompt and answer; 0 takes what the model was trained for.",
};

const PARALLEL: Key<u64> = Key {
    section: "engine",
    name: "parallel",
    default: || 8,
    expected: "a number from 1 to 256",
    read: number::<1, 256>,
    show: |value| (*value).into(),
    about: "How many requests the embedded engine computes together.",
};

const DEFAULT_CLASS: Key<DataClass> = Key {
    section: "data",
    name: "default_class",
    default: || DataClass::Internal,
    expected: "public, internal, confidential or restricted",
    read: class,
    show: |value| value.to_string().into(),
    about: "How sensitive the data of a request are where it does not say.",
};

const OVERLAY: Key<Option<String>> = Key {
    section: "catalog",
    name: "overlay",
    default: || None,
    expected: "a path",
    read: path,
    show: |value| value.clone().into(),
    about: "A file of facts of your own that go over the catalogue's; none takes `catalog-overlay.json` in the data directory, where there is one.",
};

const ADDRESS: &str = "an address and a port, as \"127.0.0.1:8484\"";
const SECONDS: &str = "a number of seconds from 1 to 86400";
const BODY_BYTES: &str = "a number of bytes from 1024 to 1073741824";
const COUNT: &str = "a number from 1 to 100000";
