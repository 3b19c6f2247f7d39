//! Configurations: what in JSON and YAML makes a tool take code from elsewhere, or call something.

use std::{fmt, io, io::BufReader};

use freehold_artifact::{finding::shown, rules, template};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    content::{Scanner, whole},
    window::Bytes,
};

impl Scanner {
    /// Reads the file as JSON, without holding it; `false` where it is none.
    pub(super) fn json(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<bool> {
        let before = self.findings.len();
        self.classes = false;
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(whole(file, length)));
        let read = Walk { scanner: self, key: "", of_map: false }.deserialize(&mut reader);
        match read.and_then(|()| reader.end()) {
            Ok(()) if self.classes => self.layers(file, length).map(|()| true),
            Ok(()) => Ok(true),
            Err(error) if error.is_io() => Err(error.into()),
            // Lines of JSON, or a text that begins like it.
            Err(_) => {
                self.findings.truncate(before);
                Ok(false)
            }
        }
    }

    /// What a key and its text say.
    fn setting(&mut self, key: &str, of_map: bool, value: &str) {
        let short = shown(value.as_bytes(), 160);
        match key {
            "chat_template" | "template" => {
                for finding in template::check(value) {
                    self.add(finding);
                }
            }
            "_target_" | "target" | "__target__" if judged(value) => {
                self.say(&rules::TARGET, 0, format!("{key}: {short}"));
            }
            "auto_map" if value.contains("--") => {
                self.say(&rules::REMOTE_CODE, 0, format!("auto_map: {short}"));
            }
            "auto_map" => self.say(&rules::OWN_CODE, 0, format!("auto_map: {short}")),
            "custom_pipelines" if of_map => {
                self.say(&rules::OWN_CODE, 0, format!("custom_pipelines: {short}"));
            }
            _ => {}
        }
    }

    /// The same in YAML, line by line; a tag that makes Python objects counts, too.
    pub(super) fn yaml(&mut self, text: &str) {
        for line in text.lines() {
            let line = line.trim_start_matches([' ', '-', '\t']);
            if line.starts_with('#') {
                continue;
            }
            if line.contains("!!python/") || line.contains("tag:yaml.org,2002:python/") {
                let what = shown(line.as_bytes(), 160);
                self.say(&rules::TARGET, 0, format!("makes a Python object: {what}"));
            }
            if let Some((key, value)) = line.split_once(':') {
                let trim = |text: &str| text.trim().trim_matches(['\'', '"']).to_owned();
                self.setting(&trim(key), false, &trim(value));
                if trim(key) == "trust_remote_code" && trim(value).eq_ignore_ascii_case("true") {
                    self.say(&rules::OWN_CODE, 0, "trust_remote_code is set");
                }
            }
        }
    }
}

/// Whether a `target` names a callable, and one that a model does not need.
fn judged(value: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let dotted = value.contains('.') && value.split('.').all(part);
    let top = value.split('.').next().unwrap_or(value);
    let class = value
        .rsplit('.')
        .next()
        .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_uppercase()));
    dotted && !(class && KNOWN.contains(&top))
}

struct Walk<'a, 'k> {
    scanner: &'a mut Scanner,
    key: &'k str,
    of_map: bool,
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            self.scanner.classes |= key == "class_name";
            // What stands under these keys is theirs, whatever the inner keys are called.
            let owned = ["auto_map", "custom_pipelines"].contains(&self.key);
            let key = if owned { self.key } else { &key };
            map.next_value_seed(Walk { scanner: self.scanner, key, of_map: true })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let (key, of_map) = (self.key, self.of_map);
        while seq.next_element_seed(Walk { scanner: self.scanner, key, of_map })?.is_some() {}
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.scanner.setting(self.key, self.of_map, value);
        Ok(())
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        if value && self.key == "trust_remote_code" {
            self.scanner.say(&rules::OWN_CODE, 0, "trust_remote_code is set");
        }
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

/// Libraries whose classes a configuration may name.
static KNOWN: [&str; 10] = [
    "torch",
    "torchvision",
    "transformers",
    "diffusers",
    "pytorch_lightning",
    "lightning",
    "timm",
    "peft",
    "torchmetrics",
    "sklearn",
];
