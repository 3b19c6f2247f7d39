//! Keras: configurations in JSON, and the attributes of HDF5 that hold them.

use std::io::{self, Cursor};

use freehold_artifact::{finding::shown, hdf5, keras, rules};
use serde_json::Value;

use super::{
    content::Scanner,
    window::{Bytes, part},
};

impl Scanner {
    /// Judges JSON that names classes, whatever the file is called.
    pub(super) fn layers(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        if length > MOST_JSON {
            self.say(&rules::TEXT_LARGE, 0, "a configuration with classes");
            return Ok(());
        }
        self.layers_of(&part(file, 0, length)?);
        Ok(())
    }

    fn layers_of(&mut self, json: &[u8]) {
        match serde_json::from_slice::<Value>(json) {
            Ok(value) => {
                for finding in keras::check(&value) {
                    self.add(finding);
                }
            }
            Err(_) => self.say(&rules::NOT_READ, 0, "a configuration that is no valid JSON"),
        }
    }

    /// Reads the texts in an HDF5 file's attributes; its numbers are no concern.
    pub(super) fn hdf5(&mut self, file: &mut dyn Bytes, length: u64, base: u64) -> io::Result<()> {
        let mut configurations = Vec::new();
        let mut held = 0;
        let mut left_out = false;
        let found = hdf5::read(file, length, base, &mut |attribute| {
            let first = attribute.value.iter().find(|byte| !byte.is_ascii_whitespace());
            // Texts are what Keras keeps its configuration in, and pickles what PyTables does.
            let pickle = matches!(attribute.value.first(), Some(0x80 | b'(' | b'c' | b']' | b'}'));
            let wanted = matches!(first, Some(b'{' | b'[')) || pickle;
            if wanted && attribute.value.len() > 2 {
                held += attribute.value.len();
                if held > MOST_HELD {
                    left_out = true;
                } else {
                    configurations.push(attribute);
                }
            }
        })?;
        for finding in found {
            self.add(finding);
        }
        if left_out {
            self.say(&rules::HDF5_UNREAD, 0, "more texts in attributes than are read");
        }
        for attribute in configurations {
            let name = format!("{} of {}", attribute.name, attribute.object);
            let name = shown(name.as_bytes(), 200);
            let bytes = attribute.value.len() as u64;
            let known = ["model_config", "training_config", "metadata"];
            if known.contains(&attribute.name.as_str()) && attribute.value.starts_with(b"{") {
                self.layers_of(&attribute.value);
            } else {
                self.member(&mut Cursor::new(attribute.value), bytes, &name, true)?;
            }
        }
        Ok(())
    }
}

const MOST_JSON: u64 = 64 << 20;
const MOST_HELD: usize = 96 << 20;
