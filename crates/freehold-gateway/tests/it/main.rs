//! The gateway from outside: requests in, responses and records out.

mod answers;
mod endings;
mod faults;
mod limits;
mod permits;
mod support;
mod tools;
