//! The effect that the whole product guards: bytes of an answer leave the gateway.
//!
//! An answer comes from the engine as [`Held`]. A [`Gate`] turns it into [`Cleared`] in exchange for
//! one [`ToolPermit`] per tool call in it. [`whole`] releases it in exchange for the [`Receipt`] of
//! its outcome; a stream opens in exchange for the receipt of its intent and ends in exchange for
//! that of its outcome. There is no other way from bytes of an answer to a response.

mod gate;
mod stream;

use bytes::Bytes;
use freehold_auditlog::{EntryKind, Receipt};
use freehold_engine::Whole;
use freehold_types::RecordId;
use http::{HeaderName, HeaderValue, Response, StatusCode, header};

pub use gate::{Cleared, Gate, Held, Uncovered};
pub use stream::{Gone, OpenStream, open};

use crate::{AnswerBody, error::Refusal};

/// A response that may be sent. Only this module makes one.
#[derive(Debug)]
pub struct Released(Response<AnswerBody>);

/// A receipt was presented for something else than it was given for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a receipt was given for another record")]
pub struct WrongReceipt;

/// Releases a whole answer whose outcome is durable.
///
/// # Errors
/// [`WrongReceipt`] if the receipt is not that of this answer's outcome.
pub fn whole(receipt: Receipt, answer: Cleared) -> Result<Released, WrongReceipt> {
    check(&receipt, answer.record(), EntryKind::Outcome)?;
    let record = receipt.record();
    let mut response = json(StatusCode::OK, answer.into_bytes());
    name(&mut response, record, true);
    Ok(Released(response))
}

/// Passes a backend's own refusal on: its status, its body, its `Retry-After`. A successful answer
/// does not go this way.
///
/// # Errors
/// [`WrongReceipt`] if the receipt is not that of an outcome.
pub(crate) fn backend_refusal(
    receipt: Receipt,
    record: RecordId,
    refusal: Whole,
) -> Result<Released, WrongReceipt> {
    check(&receipt, record, EntryKind::Outcome)?;
    let status = StatusCode::from_u16(refusal.status)
        .ok()
        .filter(|status| !status.is_success() && !status.is_informational())
        .unwrap_or(StatusCode::BAD_GATEWAY);
    let mut response = json(status, refusal.body);
    if let Some(after) = refusal.retry_after.and_then(|text| HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    name(&mut response, record, true);
    Ok(Released(response))
}

/// Says why there is no answer. It holds nothing of one, so it needs no receipt; `recorded` says
/// whether the record exists.
pub(crate) fn error_response(
    refusal: &Refusal,
    record: RecordId,
    recorded: bool,
) -> Response<AnswerBody> {
    let told = refusal.told();
    let status = StatusCode::from_u16(told.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = json(status, refusal.body());
    if let Some(after) = told.retry_after {
        // Whole seconds, rounded up: RFC 9110, section 10.2.3.
        let seconds = after.as_millis().div_ceil(1000);
        if let Ok(value) = HeaderValue::try_from(seconds.to_string()) {
            response.headers_mut().insert(header::RETRY_AFTER, value);
        }
    }
    if told.status == 401 {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    name(&mut response, record, recorded);
    response
}

/// The same as something that may be sent.
pub(crate) fn error(refusal: &Refusal, record: RecordId, recorded: bool) -> Released {
    Released(error_response(refusal, record, recorded))
}

/// Names the request in the headers of an answer that no pipeline has named.
pub(crate) fn name_request(response: &mut Response<AnswerBody>, new: impl FnOnce() -> RecordId) {
    if !response.headers().contains_key(REQUEST_HEADER) {
        name(response, new(), false);
    }
}

impl Released {
    /// The response, on its way out.
    pub(crate) fn into_response(self) -> Response<AnswerBody> {
        self.0
    }
}

fn check(receipt: &Receipt, record: RecordId, kind: EntryKind) -> Result<(), WrongReceipt> {
    if receipt.record() == record && receipt.kind() == kind { Ok(()) } else { Err(WrongReceipt) }
}

fn json(status: StatusCode, body: Bytes) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(body));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Names the request in the headers; where its record exists, by that too.
fn name(response: &mut Response<AnswerBody>, record: RecordId, recorded: bool) {
    // 26 letters and digits are always a header's value.
    let Ok(value) = HeaderValue::try_from(record.to_string()) else { return };
    if recorded {
        response.headers_mut().insert(RECORD_HEADER, value.clone());
    }
    response.headers_mut().insert(REQUEST_HEADER, value);
}

const RECORD_HEADER: HeaderName = HeaderName::from_static("x-freehold-record");
const REQUEST_HEADER: HeaderName = HeaderName::from_static("x-request-id");
