//! The tree against RFC 6962's own definition and its published vectors; parsers against anything.

mod formats;
mod trees;
