//! Why a model could not be had, and the way out.

use std::io;

use freehold_hub::{AnswerError, EndpointError, FileError, PullError, StoreError};

use super::page::size;
use crate::failure::Hint;

/// What the command line itself lacks.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PullFailure {
    /// Nobody can be asked, and nobody said yes.
    #[error("{} in {missing} files would be fetched, and there is no terminal to ask", size(*bytes))]
    NobodyToAsk {
        /// Files that are missing.
        missing: usize,
        /// Their bytes.
        bytes: u64,
    },
    /// The system gives no threads.
    #[error("connections cannot be waited for")]
    Runtime(#[source] io::Error),
}

impl Hint for PullFailure {
    fn hint(&self) -> Option<String> {
        match self {
            Self::NobodyToAsk { .. } => {
                Some("add --yes, or choose files with --include and --exclude".to_owned())
            }
            Self::Runtime(_) => None,
        }
    }
}

impl Hint for PullError {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Reference(_) => "a repository is called OWNER/NAME, as in `freehold pull \
                                   Qwen/Qwen3-0.6B`; a revision follows after @"
                .to_owned(),
            Self::Endpoint(EndpointError::Plain { .. }) => {
                "use https://; only a hub on this machine may go without".to_owned()
            }
            Self::Endpoint(EndpointError::Password { .. }) => {
                "leave it out, and give the token in HF_TOKEN".to_owned()
            }
            Self::Endpoint(EndpointError::Unreadable { .. }) => {
                "give an address as https://huggingface.co".to_owned()
            }
            Self::Answer(error) => return answer(error),
            Self::Name(_) => "nothing was fetched; tell whoever keeps the repository, and take no \
                              model from it until it is explained"
                .to_owned(),
            Self::File(FileError::Changed { .. }) => {
                "see who else writes into the data directory, and pull again".to_owned()
            }
            Self::File(_) => "the file was deleted, and nothing is visible; pull again, and if it \
                              stays so, ask the hub's operator"
                .to_owned(),
            Self::Store(error) => return store(error),
            Self::Scan(_) => return None,
            Self::NothingChosen { .. } => {
                "patterns are compared with the whole name, as in --include '*.safetensors'"
                    .to_owned()
            }
            Self::TooManyFiles { .. } => "choose files with --include and --exclude".to_owned(),
            Self::NeverSeen { .. } | Self::Incomplete { .. } => {
                "pull it once without --offline and without HF_HUB_OFFLINE".to_owned()
            }
            Self::Differs { .. } => "a commit never changes, so one of the two is not telling the \
                                     truth; compare both before you take either"
                .to_owned(),
        })
    }
}

fn answer(error: &AnswerError) -> Option<String> {
    Some(match error {
        AnswerError::Unreachable { .. } | AnswerError::Silent { .. } => {
            "what has come is kept; pull again to go on, or with --offline for what is here"
                .to_owned()
        }
        AnswerError::Gated { page, with_token: false, .. } => {
            format!("accept the terms at {page}, and give your token in HF_TOKEN")
        }
        AnswerError::Gated { page, .. } => {
            format!("accept the terms at {page} as the owner of your token, and wait for consent")
        }
        AnswerError::Refused { with_token: true, .. } => {
            "see whether the token in HF_TOKEN is valid and may read this repository".to_owned()
        }
        AnswerError::Refused { .. } | AnswerError::NoRepository { .. } => {
            "see whether the name is right; a private repository needs a token in HF_TOKEN"
                .to_owned()
        }
        AnswerError::NoRevision { .. } => {
            "name a branch, a tag or a commit of 40 digits after @".to_owned()
        }
        AnswerError::Busy { .. } => "pull again later; what has come is kept".to_owned(),
        AnswerError::Status { .. } | AnswerError::Malformed { .. } => {
            "see whether --endpoint or HF_ENDPOINT names a hub; what has come is kept".to_owned()
        }
        AnswerError::Redirect { .. } => {
            "only https is followed, or this machine; ask the hub's operator".to_owned()
        }
        AnswerError::NoDigest { .. } => {
            "leave it; what cannot be checked is not fetched".to_owned()
        }
        AnswerError::OtherCommit { .. } => {
            "name the commit of 40 digits, or ask the hub's operator".to_owned()
        }
        AnswerError::Tls(_) => return None,
    })
}

fn store(error: &StoreError) -> Option<String> {
    Some(match error {
        StoreError::Io { .. } => "see whether the disk is well and you may write there".to_owned(),
        StoreError::Space { .. } => {
            "make room, choose files with --include and --exclude, or name another --dir".to_owned()
        }
        StoreError::Damaged { path } => format!("remove {}, and pull again", path.display()),
        StoreError::Occupied { .. } => "name a folder that is not there yet".to_owned(),
    })
}
