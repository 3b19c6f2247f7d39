//! Configurations: what in JSON and YAML makes a tool take code from elsewhere, or call something.

use std::{fmt, io, io::BufReader};

use freehold_artifact::{
    finding::{Severity, shown},
    keras, python, rules, skops, targets, template, yaml,
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
        (self.classes, self.loaders, self.pipeline) = (false, false, false);
        let mut reader = serde_json::Deserializer::from_reader(BufReader::new(whole(file, length)));
        let read = Walk::new(self).deserialize(&mut reader);
        match read.and_then(|()| reader.end()) {
            Ok(()) if self.loaders => self.skops(file, length).map(|()| true),
            Ok(()) if self.pipeline => self.pipeline(file, length).map(|()| true),
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

    /// JSON with comments, or value after value, as it is read by those who take more than JSON.
    pub(super) fn loose_json(&mut self, text: &str) {
        let text = without_comments(text);
        let mut reader = serde_json::Deserializer::from_str(&text);
        while Walk::new(self).deserialize(&mut reader).is_ok() {}
    }

    /// What a key, that of the map around it, and its text say.
    fn setting(&mut self, key: &str, parent: &str, of_map: bool, value: &str) {
        let short = shown(value.as_bytes(), 160);
        // sentence-transformers makes what `modules.json` names.
        let made = (key == "type" && self.own == "modules.json").then(|| targets::called(value));
        if let Some(rule) = targets::setting(key, value).or(made.flatten()) {
            self.say(rule, 0, format!("{key}: {short}"));
        }
        let command = is_command(key) || is_command(parent);
        if command && !python::check_shell(value).is_empty() || self.expression(key, value) {
            self.say(&rules::EXPRESSION, 0, format!("{key}: {short}"));
        } else if parent == "scripts" && ["preinstall", "install", "postinstall"].contains(&key) {
            self.say(&rules::BUILD_HOOK, 0, format!("{key}: {short}"));
        }
        if key == "op" && value == "Custom" {
            self.say(&rules::TARGET, 0, "an operator of its own (MXNet's `Custom`)");
        }
        if key == "function" && value.len() > 40 && self.own.contains(".y") {
            for finding in keras::check_code(value) {
                self.add(finding);
            }
        }
        match key {
            _ if ["chat_template", "template"].contains(&key) || parent == "chat_template" => {
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

    /// Whether a text is an expression of MONAI's or jsonpickle's that acts on the machine.
    fn expression(&self, key: &str, value: &str) -> bool {
        let code = match key {
            "py/repr" => Some(value.split_once('/').map_or(value, |(_, code)| code)),
            // What node-serialize makes a function of.
            _ if value.starts_with("_$$ND_FUNC$$_") => return true,
            _ => value.strip_prefix('$').filter(|code| !code.starts_with(['{', '('])),
        };
        code.is_some_and(|code| {
            let found = python::check(code, python::Place::default());
            found.iter().any(|one| one.rule.severity == Severity::Malicious)
        })
    }

    /// The same in YAML; a tag that makes objects counts, too.
    pub(super) fn yaml(&mut self, text: &str) {
        // Anchors made of many others: read to the end, they fill the memory.
        let grows = |line: &&str| line.contains('&') && line.matches('*').count() > 3;
        if text.lines().filter(grows).count() > 3 {
            self.say(&rules::BOMB, 0, "aliases of aliases");
        }
        yaml::read(text, &mut |event| match event {
            yaml::Event::Tag(tag) => {
                if let Some(rule) = targets::tag(&tag) {
                    self.say(rule, 0, format!("makes {}", shown(tag.as_bytes(), 160)));
                }
            }
            yaml::Event::Text { key, value } => {
                self.setting(&key, "", false, &value);
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
            let walk = Walk::new(self);
            if walk.deserialize(reader).is_err() {
                self.findings.truncate(before);
            }
        }
    }

    /// What diffusers makes of `model_index.json`: a library and a class of it for each part; a
    /// class of the pipeline's own beside a file of this folder.
    fn pipeline(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        if length > MOST_SCHEMA {
            return Ok(());
        }
        let read = serde_json::from_slice(&super::window::part(file, 0, length)?);
        let Ok(serde_json::Value::Object(parts)) = read else { return Ok(()) };
        for (key, value) in &parts {
            let Some([Some(library), Some(class)]) = value.as_array().and_then(|pair| {
                let texts: Vec<Option<&str>> = pair.iter().map(|one| one.as_str()).collect();
                <[Option<&str>; 2]>::try_from(texts).ok()
            }) else {
                continue;
            };
            let path = format!("{library}.{class}");
            let harms = targets::called(&path).filter(|rule| **rule == rules::TARGET_HARMS);
            let own = (key == "_class_name").then_some(&rules::OWN_CODE);
            if let Some(rule) = harms.or(own) {
                self.say(rule, 0, format!("{key}: {}", shown(path.as_bytes(), 160)));
            }
        }
        Ok(())
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
    /// The key of the map that holds the map or list at work.
    parent: &'k str,
    of_map: bool,
}

impl<'a> Walk<'a, '_> {
    fn new(scanner: &'a mut Scanner) -> Self {
        Self { scanner, key: "", parent: "", of_map: false }
    }
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
            self.scanner.pipeline |= key == "_class_name";
            // What stands under these keys is theirs, whatever the inner keys are called.
            let owned = ["auto_map", "custom_pipelines"].contains(&self.key);
            let key = if owned { self.key } else { &key };
            let parent = self.key;
            map.next_value_seed(Walk { scanner: self.scanner, key, parent, of_map: true })?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Self { scanner, key, parent, of_map } = self;
        while seq.next_element_seed(Walk { scanner: &mut *scanner, key, parent, of_map })?.is_some()
        {
        }
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.scanner.setting(self.key, self.parent, self.of_map, value);
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

/// The text without comments of the kinds that readers of loose JSON skip, and without commas
/// before a closing bracket; as long as before.
fn without_comments(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let (mut at, mut quoted, mut comma) = (0, false, None);
    while at < out.len() {
        match out[at] {
            b'\\' if quoted => at += 1,
            b'"' => (quoted, comma) = (!quoted, None),
            _ if quoted => {}
            b'/' if matches!(out.get(at + 1), Some(b'/' | b'*')) => {
                let (end, skipped): (&[u8], usize) =
                    if out[at + 1] == b'/' { (b"\n", 0) } else { (b"*/", 2) };
                let found = out[at..].windows(end.len()).position(|part| part == end);
                let end = found.map_or(out.len(), |found| at + found + skipped);
                out[at..end].fill(b' ');
                at = end;
                continue;
            }
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
            }
            byte if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Whether package managers, editors and pipelines keep commands under the key.
fn is_command(key: &str) -> bool {
    let key = key.to_lowercase();
    ["command", "cmd", "script", "hook", "exec", "tasks"].iter().any(|part| key.contains(part))
        || COMMANDS.contains(&key.as_str())
}

/// Keys under which package managers and pipelines keep commands.
static COMMANDS: [&str; 10] = [
    "run",
    "args",
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
