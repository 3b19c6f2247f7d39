//! Why a model is not there.

use std::{io, path::PathBuf, time::Duration};

use freehold_vet::ScanError;

use crate::{
    endpoint::EndpointError,
    listing::Blob,
    names::NameError,
    reference::{Commit, ReferenceError, Repository},
};

/// Why a pull could not answer.
#[derive(Debug, thiserror::Error)]
pub enum PullError {
    /// No repository's name.
    #[error(transparent)]
    Reference(#[from] ReferenceError),
    /// No hub's address.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The hub's answer is no, or none came.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// A hostile name.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A file that is not what was listed.
    #[error(transparent)]
    File(#[from] FileError),
    /// The disk.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The scan.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// No file is left.
    #[error("of {listed} files in {repository}, none is asked for")]
    NothingChosen {
        /// The repository.
        repository: Repository,
        /// How many files it has.
        listed: usize,
    },
    /// More files than an admission takes.
    #[error("{found} files, and a model has at most {limit}")]
    TooManyFiles {
        /// How many are asked for.
        found: usize,
        /// The most.
        limit: usize,
    },
    /// Offline, and this commit was never listed here.
    #[error("{repository} at `{revision}` was never pulled here, and nothing is asked of a hub")]
    NeverSeen {
        /// The repository.
        repository: Repository,
        /// The revision.
        revision: String,
    },
    /// Offline, and files are missing.
    #[error("{missing} of {all} files of {repository} are not here, and nothing is asked of a hub")]
    Incomplete {
        /// The repository.
        repository: Repository,
        /// How many are missing.
        missing: usize,
        /// How many it has.
        all: usize,
    },
    /// Two lists of one commit differ.
    #[error("the hub's list of commit {commit} is not the one that {before} gave before: `{file}`")]
    Differs {
        /// The commit.
        commit: Commit,
        /// The hub that gave the other list.
        before: String,
        /// The first file that differs.
        file: String,
    },
}

/// What a hub answered instead of what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// No connection, or it ended.
    #[error("{host} cannot be reached")]
    Unreachable {
        /// The host.
        host: String,
        /// What the system or the protocol said.
        #[source]
        source: io::Error,
    },
    /// Access has to be asked for at the hub.
    #[error("access to {repository} has to be asked for at the hub")]
    Gated {
        /// The repository.
        repository: String,
        /// The page where it is asked for.
        page: String,
        /// Whether a token went along.
        with_token: bool,
    },
    /// 401 or 403.
    #[error("the hub refuses access to {repository} ({status}){said}")]
    Refused {
        /// The repository.
        repository: String,
        /// The status.
        status: u16,
        /// Whether a token went along.
        with_token: bool,
        /// What it said, with a colon before it.
        said: String,
    },
    /// No such repository, or it is private.
    #[error("the hub has no repository {repository}{said}")]
    NoRepository {
        /// The repository.
        repository: String,
        /// What it said, with a colon before it.
        said: String,
    },
    /// No such branch, tag or commit.
    #[error("{repository} has no revision `{revision}`")]
    NoRevision {
        /// The repository.
        repository: String,
        /// The revision.
        revision: String,
    },
    /// The hub wants to be left alone for longer than anyone waits.
    #[error("the hub asks to be left alone for {seconds} seconds")]
    Busy {
        /// How long.
        seconds: u64,
    },
    /// Any other status.
    #[error("{host} answers with status {status}{said}")]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// What it said, with a colon before it.
        said: String,
    },
    /// A redirect that is not followed.
    #[error("{host} sends on to {target}, which is not followed")]
    Redirect {
        /// The host.
        host: String,
        /// Where to.
        target: String,
    },
    /// Not what the protocol has there.
    #[error("{host} answers with what is no {what}")]
    Malformed {
        /// The host.
        host: String,
        /// What was to come.
        what: &'static str,
    },
    /// A file is listed without a digest.
    #[error("the hub lists `{file}` without a digest that could be checked")]
    NoDigest {
        /// The file.
        file: String,
    },
    /// Bytes of another commit.
    #[error("the hub answers from commit {found}, and {expected} was asked for")]
    OtherCommit {
        /// The commit that is pulled.
        expected: Commit,
        /// The one that answered.
        found: String,
    },
    /// Nothing came for too long.
    #[error("nothing came from {host} for {} seconds", limit.as_secs())]
    Silent {
        /// The host.
        host: String,
        /// How long.
        limit: Duration,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up")]
    Tls(#[from] rustls::Error),
}

/// A file that is not what the hub listed. It is deleted, and was never visible.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// Another length.
    #[error("`{file}` has {found} bytes, and {expected} are listed")]
    Size {
        /// The file.
        file: String,
        /// Bytes listed.
        expected: u64,
        /// Bytes that came, or were announced.
        found: u64,
    },
    /// Other bytes.
    #[error("`{file}` is {found}, and {expected} is listed")]
    Digest {
        /// The file.
        file: String,
        /// What is listed.
        expected: Blob,
        /// What came.
        found: Blob,
    },
    /// It was changed between being checked and being scanned.
    #[error("`{file}` was changed while it was looked at")]
    Changed {
        /// The file.
        file: String,
    },
}

/// What the disk does not do.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Reading or writing failed.
    #[error("{} cannot be read or written", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// It does not fit.
    #[error("{needed} bytes are needed in {}, and {free} are free", path.display())]
    Space {
        /// The folder.
        path: PathBuf,
        /// Bytes that are needed.
        needed: u64,
        /// Bytes that are free.
        free: u64,
    },
    /// What is kept here cannot be read.
    #[error("{} is not what was written there", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// There is something already.
    #[error("{} is there already", path.display())]
    Occupied {
        /// The folder.
        path: PathBuf,
    },
}

impl AnswerError {
    /// Whether it may be otherwise a little later.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::Silent { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 425 | 429 | 500..=599),
            _ => false,
        }
    }
}
