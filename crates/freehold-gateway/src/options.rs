//! What an operator may set about the gateway, with the values that hold where nothing is set.

use std::time::Duration;

use freehold_types::{DataClass, Digest};

/// Limits and defaults of a gateway.
#[derive(Debug, Clone)]
pub struct GatewayOptions {
    /// Longest request body in bytes.
    pub max_body_bytes: usize,
    /// Longest answer in bytes; a longer one is cut off and recorded as such.
    pub max_answer_bytes: usize,
    /// How long a client may take to send a request's head.
    pub header_timeout: Duration,
    /// How long it may take to send the body.
    pub body_timeout: Duration,
    /// How long an answer may take from the first byte of the request to the last of the answer.
    pub request_timeout: Duration,
    /// How long the audit log may take to confirm a record before the request is refused.
    pub record_timeout: Duration,
    /// How long requests under way may go on after the order to stop.
    pub shutdown_grace: Duration,
    /// Most connections; more wait to be accepted.
    pub max_connections: usize,
    /// Most requests under way at once.
    pub max_in_flight: usize,
    /// Most requests of one key under way at once.
    pub max_in_flight_per_key: usize,
    /// The class of requests that carry no label.
    pub default_class: DataClass,
    /// Digest of the configuration in force, for the record.
    pub config_digest: Digest,
}

impl Default for GatewayOptions {
    fn default() -> Self {
        Self {
            max_body_bytes: 8 << 20,
            max_answer_bytes: 16 << 20,
            header_timeout: Duration::from_secs(15),
            body_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(600),
            record_timeout: Duration::from_secs(10),
            shutdown_grace: Duration::from_secs(20),
            max_connections: 16_384,
            max_in_flight: 16_384,
            max_in_flight_per_key: 16_384,
            default_class: DataClass::Internal,
            config_digest: Digest::from_bytes([0; 32]),
        }
    }
}
