//! What tests share: tiny models of each family, scripted backends, servers. Development only.

pub mod admission;
pub mod backend;
pub mod hub;
pub mod models;
