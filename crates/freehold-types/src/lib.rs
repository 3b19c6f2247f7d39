//! The vocabulary that all crates share: identifiers, digests, labels; no logic.

mod digest;
mod id;
mod label;
mod time;

pub use digest::{Digest, ParseDigestError};
pub use id::{KeyId, ParseIdError, Principal, RecordId};
pub use label::{DataClass, Labels, ParseLabelError, Region, Residency, Tenancy};
pub use time::{Clock, Timestamp};
