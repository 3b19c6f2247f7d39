//! Permits cannot be made from parts.

use freehold_policy::{BackendId, EgressPermit, ToolPermit};
use freehold_types::RecordId;

fn egress(record: RecordId) -> EgressPermit {
    EgressPermit { record, backend: BackendId(String::new()) }
}

fn tool(record: RecordId) -> ToolPermit {
    ToolPermit { record, tool: String::new() }
}

fn main() {}
