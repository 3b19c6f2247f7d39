//! Graphs: ONNX, TensorFlow and TensorFlow Lite.

use std::io;

use freehold_artifact::{graph, keras, rules};

use super::{content::Scanner, window::Bytes};

impl Scanner {
    /// Reads the file as a graph; `false` where it is none.
    pub(super) fn graph(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<bool> {
        let Some(read) = graph::read(file, length)? else { return Ok(false) };
        self.beside.extend(read.beside);
        for finding in read.findings {
            self.add(finding);
        }
        for json in read.layers {
            match serde_json::from_slice(&json) {
                Ok(value) => {
                    for finding in keras::check(&value) {
                        self.add(finding);
                    }
                }
                Err(_) => self.say(&rules::NOT_READ, 0, "a layer's configuration is no valid JSON"),
            }
        }
        Ok(true)
    }

    pub(super) fn lite(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        for finding in graph::read_lite(file, length)? {
            self.add(finding);
        }
        Ok(())
    }
}
