//! The commands: one file a verb, one renderer for results and errors.
