//! The console from outside: a real listener, a real gateway and log, a scripted engine.

mod pages;
mod playground;
mod sign_in;
mod support;
