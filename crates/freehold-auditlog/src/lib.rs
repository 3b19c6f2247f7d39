//! The tamper-evident record: schema, sequencer, reader, verifier; the only maker of a Receipt.
