//! The log from outside and from below: what is recorded is found again, what is damaged is named,
//! and no failing or dying disk loses what was acknowledged.

mod faults;
mod format;
mod kit;
mod life;
mod tampering;
