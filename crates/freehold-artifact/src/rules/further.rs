//! The rules for what tools of agents, services and further runtimes read.

use super::{
    Rule,
    formats::{READ_CODE, rule},
};
use crate::finding::Severity::Suspicious;

/// Python code writes a file that Python runs at every start, into a folder that was made for a while.
pub static PYTHON_MAY_NEST: Rule = rule(
    "python/may-persist",
    Suspicious,
    "Python code writes a file that Python runs at every start, into a folder not known here",
    "In a folder made for a while it harms nobody; among Python's packages it runs at every start.",
    READ_CODE,
);

/// The rules of this file.
pub static FURTHER: [&Rule; 1] = [&PYTHON_MAY_NEST];
