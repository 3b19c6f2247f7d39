//! Configurations: what in JSON and YAML makes a tool take code from elsewhere, or call something.

use std::{fmt, io, io::BufReader};

use freehold_artifact::{
    finding::{Severity, shown},
    python, rules, skops, targets, template, yaml,
};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{
    content::{Scanner, whole},
    window::Bytes,
};

impl Scanner {
    /// Reads the file as JSON, without holding it; `false` where it is none.
    pub(super) fn json(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<bool> {
        let before = self.findings.len();
        (self.classes, self.loaders) = (false, false);
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(whole(file, length)));
        let read = Walk { scanner: self, key: "", of_map: false }.deserialize(&mut reader);
        match read.and_then(|()| reader.end()) {
            Ok(()) if self.loaders => self.skops(file, length).map(|()| true),
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
        if let Some(rule) = targets::setting(key, value) {
            self.say(rule, 0, format!("{key}: {short}"));
        }
        let runs = COMMANDS.contains(&key) && !python::check_shell(value).is_empty();
        if runs || self.expression(value) {
            self.say(&rules::EXPRESSION, 0, format!("{key}: {short}"));
        }
        match key {
            "chat_template" | "template" => {
                for mut finding in template::check(value) {
                    finding.what = format!("{key}: {}", finding.what);
                    self.add(finding);
                }
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

    /// Whether a text is an expression of MONAI's that acts on the machine.
    fn expression(&self, value: &str) -> bool {
        let code = value.strip_prefix('$').filter(|code| !code.starts_with(['{', '(']));
        code.is_some_and(|code| {
            let found = python::check(code, python::Place::default());
            found.iter().any(|one| one.rule.severity == Severity::Malicious)
        })
    }

    /// The same in YAML; a tag that makes objects counts, too.
    pub(super) fn yaml(&mut self, text: &str) {
        yaml::read(text, &mut |event| match event {
            yaml::Event::Tag(tag) => {
                if let Some(rule) = targets::tag(&tag) {
                    self.say(rule, 0, format!("makes {}", shown(tag.as_bytes(), 160)));
                }
            }
            yaml::Event::Text { key, value } => {
                self.setting(&key, false, &value);
                if key == "trust_remote_code" && value.eq_ignore_ascii_case("true") {
                    self.say(&rules::OWN_CODE, 0, "trust_remote_code is set");
                }
            }
        });
    }

    /// The same in TOML; a text that is none says nothing.
    pub(super) fn toml(&mut self, text: &str) {
        if let Ok(reader) = toml::Deserializer::parse(text) {
            let before = self.findings.len();
            let walk = Walk { scanner: self, key: "", of_map: false };
            if walk.deserialize(reader).is_err() {
                self.findings.truncate(before);
            }
        }
    }

    fn skops(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        if length > MOST_SCHEMA {
            self.say(&rules::TEXT_LARGE, 0, "a schema of skops's");
            return Ok(());
        }
        if let Ok(schema) = serde_json::from_slice(&super::window::part(file, 0, length)?) {
            for finding in skops::check(&schema) {
                self.add(finding);
            }
        }
        Ok(())
    }
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
            self.scanner.loaders |= key == "__loader__";
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

/// Keys under which package managers and pipelines keep commands.
static COMMANDS: [&str; 14] = [
    "script",
    "scripts",
    "run",
    "command",
    "commands",
    "cmd",
    "entrypoint",
    "install",
    "preinstall",
    "postinstall",
    "prepare",
    "before_script",
    "shell",
    "build",
];
const MOST_SCHEMA: u64 = 64 << 20;
