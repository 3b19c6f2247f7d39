//! Freehold from outside: the program as people and scripts use it, in one test binary.

mod config;
mod doctor;
mod harness;
mod help;
