//! The program: all it does is in `freehold-cli`.
fn main() {}
