//! Every way in which a request can be refused or fail, and what the client is told: one
//! exhaustive match gives status, code and kind. Codes are stable; programs may rely on them.

use std::time::Duration;

use bytes::Bytes;
use freehold_engine::EngineError;
use freehold_policy::{EgressRefusal, ToolRefusal};
use freehold_types::DataClass;
use freehold_wire::{ErrorBody, ErrorDetail, RequestError};

/// Why a request gets no answer.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The exchange itself went wrong, before anything was asked.
    #[error(transparent)]
    Transport(#[from] TransportRefusal),
    /// The request does not say something that can be answered.
    #[error(transparent)]
    Request(#[from] RequestRefusal),
    /// A rule forbids it.
    #[error(transparent)]
    Policy(#[from] PolicyRefusal),
    /// It cannot be recorded, so it is not done.
    #[error(transparent)]
    Record(#[from] RecordFailure),
    /// The engine gave no answer.
    #[error("{0}")]
    Engine(#[from] EngineError),
    /// The client was gone before there was an answer; nobody reads this.
    #[error("the client left before the answer")]
    ClientGone,
    /// The gateway is stopping and the time for finishing is over.
    #[error("the gateway is stopping; ask again in a moment")]
    Stopping,
}

/// What goes wrong with an exchange.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TransportRefusal {
    /// No such page.
    #[error("there is nothing at {path}; see /v1/models for what can be asked")]
    UnknownPath {
        /// As asked.
        path: String,
    },
    /// The path exists for another method.
    #[error("{path} answers {allowed} only")]
    Method {
        /// As asked.
        path: String,
        /// The method to use.
        allowed: &'static str,
    },
    /// No key came along.
    #[error("no API key: send `Authorization: Bearer fh_...`")]
    NoKey,
    /// The key is not one of ours, or was revoked.
    #[error("this API key is not known here, or was revoked")]
    WrongKey,
    /// The store of keys does not answer.
    #[error("API keys cannot be checked now")]
    KeysUnavailable,
    /// The body exceeds the limit.
    #[error("the body is longer than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body did not arrive in time.
    #[error("the body did not arrive within {0:?}")]
    TooSlow(Duration),
    /// The body broke off.
    #[error("the body broke off")]
    BrokenBody,
    /// This key has as many requests under way as it may.
    #[error("this key has {limit} requests under way already, as many as it may")]
    KeyBusy {
        /// The limit.
        limit: usize,
    },
    /// The gateway has as many requests under way as it may.
    #[error("the gateway has {limit} requests under way already, as many as it may")]
    Busy {
        /// The limit.
        limit: usize,
    },
}

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
pub enum RequestRefusal {
    /// Not JSON, a field missing or twice, or of the wrong kind.
    #[error(transparent)]
    Body(#[from] RequestError),
    /// A header that labels the request holds no label.
    #[error("header `{header}` is not one of: public, internal, confidential, restricted")]
    UnknownLabel {
        /// The header's name.
        header: &'static str,
    },
    /// No route leads to this model.
    #[error("there is no model `{model}` here; GET /v1/models lists those there are")]
    UnknownModel {
        /// As asked.
        model: String,
    },
    /// The model answers the other kind of question.
    #[error("model `{model}` does not answer {endpoint}")]
    WrongEndpoint {
        /// As asked.
        model: String,
        /// The path asked.
        endpoint: &'static str,
    },
}

/// Which rule forbids it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyRefusal {
    /// The key may not send data of this class.
    #[error("this key may send data labelled {limit} at most, and these are {class}")]
    ClassLimit {
        /// The request's class.
        class: DataClass,
        /// The key's.
        limit: DataClass,
    },
    /// The data may not go to the backend.
    #[error(transparent)]
    Egress(#[from] EgressRefusal),
    /// The model's admission was revoked.
    #[error("the admission of model `{model}` has ended; GET /v1/models lists those there are")]
    Withdrawn {
        /// As asked.
        model: String,
    },
    /// The model called a tool that it may not.
    #[error(transparent)]
    Tool(#[from] ToolRefusal),
}

/// Why nothing could be recorded. Fail closed: what is not recorded is not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordFailure {
    /// The log refuses to write.
    #[error("the audit log cannot be written, so nothing is answered: {0}")]
    Refused(String),
    /// The log did not answer in time.
    #[error("the audit log did not confirm a record within {0:?}, so nothing is answered")]
    TooSlow(Duration),
    /// A receipt was presented for something else than it was given for.
    #[error("a receipt was given for another record")]
    WrongReceipt,
}

/// What a client is told about a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Told {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: &'static str,
    /// OpenAI's family of errors.
    pub kind: &'static str,
    /// When to try again.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// Status, code and kind: the one place that decides them.
    pub(crate) fn told(&self) -> Told {
        use {PolicyRefusal as P, RequestError as B, RequestRefusal as R, TransportRefusal as T};
        match self {
            Self::Transport(T::UnknownPath { .. }) => told(404, "unknown_path", INVALID),
            Self::Transport(T::Method { .. }) => told(405, "method_not_allowed", INVALID),
            Self::Transport(T::NoKey) => told(401, "missing_api_key", AUTHENTICATION),
            Self::Transport(T::WrongKey) => told(401, "invalid_api_key", AUTHENTICATION),
            Self::Transport(T::KeysUnavailable) => later(503, "keys_unavailable", SERVER, 1),
            Self::Transport(T::TooLarge { .. }) => told(413, "body_too_large", INVALID),
            Self::Transport(T::TooSlow(_)) => told(408, "body_too_slow", INVALID),
            Self::Transport(T::BrokenBody) => told(400, "body_broken", INVALID),
            Self::Transport(T::KeyBusy { .. }) => later(429, "rate_limit_exceeded", RATE, 1),
            Self::Transport(T::Busy { .. }) => later(503, "gateway_busy", SERVER, 1),
            Self::Request(R::Body(fault)) => match fault {
                B::Empty | B::NotJson { .. } | B::BreaksOff { .. } | B::NotAnObject(_) => {
                    told(400, "invalid_json", INVALID)
                }
                B::Missing(_) => told(400, "missing_field", INVALID),
                B::Twice(_) | B::Kind { .. } | B::Value { .. } | B::Needs { .. } => {
                    told(400, "invalid_request", INVALID)
                }
            },
            Self::Request(R::UnknownLabel { .. }) => told(400, "unknown_label", INVALID),
            Self::Request(R::UnknownModel { .. }) => told(404, "model_not_found", INVALID),
            Self::Request(R::WrongEndpoint { .. }) => told(400, "wrong_endpoint", INVALID),
            Self::Policy(P::ClassLimit { .. }) => told(403, "class_limit", PERMISSION),
            Self::Policy(P::Withdrawn { .. }) => told(403, "model_revoked", PERMISSION),
            Self::Policy(P::Egress(EgressRefusal::TooSensitive { .. })) => {
                told(403, "egress_refused", PERMISSION)
            }
            Self::Policy(P::Tool(ToolRefusal::NotOffered { .. })) => {
                told(403, "tool_not_offered", PERMISSION)
            }
            Self::Policy(P::Tool(ToolRefusal::NotGranted { .. })) => {
                told(403, "tool_not_granted", PERMISSION)
            }
            Self::Record(RecordFailure::Refused(_) | RecordFailure::TooSlow(_)) => {
                later(503, "record_unavailable", SERVER, 5)
            }
            Self::Record(RecordFailure::WrongReceipt) => told(500, "internal", SERVER),
            Self::Engine(EngineError::WrongPermit { .. }) => told(500, "internal", SERVER),
            Self::Engine(EngineError::UnknownModel(_)) => told(404, "model_not_found", INVALID),
            Self::Engine(EngineError::Invalid { .. }) => told(400, "invalid_request", INVALID),
            Self::Engine(EngineError::Unavailable(_)) => {
                later(503, "engine_unavailable", SERVER, 1)
            }
            Self::Engine(EngineError::Busy { retry_after }) => {
                Told { retry_after: Some(*retry_after), ..told(429, "engine_busy", RATE) }
            }
            Self::Engine(EngineError::Timeout(_)) => told(504, "engine_timeout", SERVER),
            Self::Engine(EngineError::Cut(_)) => told(502, "engine_cut", SERVER),
            Self::Engine(EngineError::Protocol(_)) => told(502, "engine_protocol", SERVER),
            Self::ClientGone => told(499, "client_gone", INVALID),
            Self::Stopping => later(503, "gateway_stopping", SERVER, 2),
        }
    }

    /// The field at fault, where one is.
    fn param(&self) -> Option<String> {
        match self {
            Self::Request(RequestRefusal::Body(fault)) => fault.parameter().map(str::to_owned),
            Self::Request(
                RequestRefusal::UnknownModel { .. } | RequestRefusal::WrongEndpoint { .. },
            )
            | Self::Engine(EngineError::UnknownModel(_)) => Some("model".to_owned()),
            Self::Engine(EngineError::Invalid { parameter, .. }) => parameter.clone(),
            _ => None,
        }
    }

    /// The error body in OpenAI's shape.
    pub(crate) fn body(&self) -> Bytes {
        let Told { code, kind, .. } = self.told();
        let body = ErrorBody {
            error: ErrorDetail {
                message: self.to_string(),
                kind: kind.to_owned(),
                param: self.param(),
                code: Some(code.to_owned()),
            },
        };
        // Four strings always serialize.
        serde_json::to_vec(&body).unwrap_or_default().into()
    }
}

fn told(status: u16, code: &'static str, kind: &'static str) -> Told {
    Told { status, code, kind, retry_after: None }
}

fn later(status: u16, code: &'static str, kind: &'static str, seconds: u64) -> Told {
    Told { retry_after: Some(Duration::from_secs(seconds)), ..told(status, code, kind) }
}

const INVALID: &str = "invalid_request_error";
const AUTHENTICATION: &str = "authentication_error";
const PERMISSION: &str = "permission_error";
const RATE: &str = "rate_limit_error";
const SERVER: &str = "server_error";

#[cfg(test)]
mod tests;
