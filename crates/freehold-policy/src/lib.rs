//! Who may send what where: labels and the permits for egress and tools.

mod egress;
mod tool;

pub use egress::{BackendDeclaration, BackendId, EgressPermit, EgressRefusal, authorize_egress};
pub use tool::{ToolPermit, ToolRefusal, authorize_tool};
