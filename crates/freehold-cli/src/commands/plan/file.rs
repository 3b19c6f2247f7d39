//! Answers from a file: `requests-a-day = 20000`, one a line.

use std::{fs, path::Path};

use freehold_plan::ask::Ask;
use toml::{Table, Value};

use super::error::PlanFailure;

/// The answers of a file.
pub(super) fn read(path: &Path) -> Result<Ask, PlanFailure> {
    let path = path.to_owned();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(source) => return Err(PlanFailure::Read { path, source }),
    };
    let table: Table = match text.parse() {
        Ok(table) => table,
        Err(source) => return Err(PlanFailure::Syntax { path, source: Box::new(source) }),
    };
    let mut ask = Ask::default();
    for (key, value) in table {
        let value = match value {
            Value::String(text) => text,
            Value::Integer(number) => number.to_string(),
            Value::Float(number) => number.to_string(),
            _ => return Err(PlanFailure::Shape { path, key }),
        };
        if let Err(source) = ask.set(&key, &value) {
            return Err(PlanFailure::File { path, source });
        }
    }
    Ok(ask)
}
