//! Bills of materials and model signatures, written and read.
