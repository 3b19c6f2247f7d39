//! Freehold from outside: the program as people and scripts use it, in one test binary.

mod audit;
mod clients;
mod config;
mod crash;
mod doctor;
mod harness;
mod help;
mod house_model;
mod up;
