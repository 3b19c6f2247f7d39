//! Tells what bytes are from the bytes alone, and hands them to whoever reads that.

use std::io::{self, SeekFrom};

use freehold_artifact::{
    finding::{Finding, Severity},
    graph, pickle, python, rules,
    rules::Rule,
    sentencepiece, template, xml,
};

use super::{
    kinds::{Kind, SHORTCUT, kind},
    window::{Bytes, Window, part},
};

/// One file's scan: what was found, and how much may still be unpacked.
pub(super) struct Scanner {
    pub(super) findings: Vec<Finding>,
    /// Names of the members at work, from the outside in.
    inside: Vec<String>,
    /// Bytes that may still be unpacked.
    pub(super) budget: u64,
    /// Whether the JSON that was read names classes as Keras does.
    pub(super) classes: bool,
    /// Whether it names loaders as skops does.
    pub(super) loaders: bool,
    /// Whether it is a pipeline of diffusers'.
    pub(super) pipeline: bool,
    /// The last part of the name of the file or member at work.
    pub(super) own: String,
    /// Files that the content says belong to it, as it names them.
    pub(super) beside: Vec<String>,
    /// Whether the file itself is bytes of no known format.
    pub(super) unknown: bool,
}

impl Scanner {
    /// For a file of `length` bytes.
    pub(super) fn new(length: u64) -> Self {
        let budget = length.saturating_mul(MOST_RATIO).clamp(LEAST_BUDGET, MOST_BUDGET);
        Self {
            findings: Vec::new(),
            inside: Vec::new(),
            budget,
            classes: false,
            loaders: false,
            pipeline: false,
            own: String::new(),
            beside: Vec::new(),
            unknown: false,
        }
    }

    /// Adds a finding in the member at work.
    pub(super) fn add(&mut self, finding: Finding) {
        let same = self.findings.len() > MOST_FINDINGS
            && self.findings.iter().any(|one| one.rule.severity >= finding.rule.severity);
        if !same {
            self.findings.push(Finding { inside: self.inside.clone(), ..finding });
        }
    }

    pub(super) fn say(&mut self, rule: &'static Rule, offset: u64, what: impl Into<String>) {
        self.add(Finding::new(rule, offset, what));
    }

    /// Scans a member; `raw` says that bytes of no known format are what is expected there.
    pub(super) fn member(
        &mut self,
        file: &mut dyn Bytes,
        length: u64,
        name: &str,
        raw: bool,
    ) -> io::Result<()> {
        if self.inside.len() >= DEEPEST {
            self.say(&rules::DEPTH, 0, format!("`{name}` was not opened"));
            return Ok(());
        }
        self.inside.push(name.to_owned());
        let done = self.any(file, length, name, raw);
        self.inside.pop();
        done
    }

    /// Scans a whole file.
    pub(super) fn content(
        &mut self,
        file: &mut dyn Bytes,
        length: u64,
        name: &str,
    ) -> io::Result<()> {
        self.any(file, length, name, false)
    }

    fn any(&mut self, file: &mut dyn Bytes, length: u64, name: &str, raw: bool) -> io::Result<()> {
        let head = part(file, 0, HEAD)?;
        let whole = head.len() as u64 == length;
        let suffix = crate::content::suffix(name);
        name.rsplit('/').next().unwrap_or(name).clone_into(&mut self.own);
        if self.own == "vbaProject.bin" {
            self.say(&rules::OPENED, 0, "macros of an Office document");
        }
        let is_zip = self.zip(file, &head, length)?;
        let own = kind(&head, length);
        let begins = head.starts_with(b"PK");
        // A zip at the end of another file: the readers of both take what is theirs.
        if is_zip && !begins && !matches!(own, Kind::Pickle | Kind::Unknown) {
            self.by_kind(own, file, &head, length, name)?;
            self.misled(&suffix, own);
        }
        let kind = if is_zip { Kind::Zip } else { own };
        // By its bytes: what else would take the same bytes for a pickle?
        let pickle = pickle::like_a_pickle(&head, whole);
        if pickle && !matches!(kind, Kind::Unknown) && !head.starts_with(b"PK") {
            let before = self.findings.len();
            self.pickle(file, 0, length, false)?;
            let harmful = self.findings[before..].iter().any(pickle::certain);
            let headed = matches!(head[..], [0x80, 2..=5, ..]);
            if harmful || headed && is_zip {
                self.say(&rules::POLYGLOT, 0, format!("a pickle and {} at once", kind.words()));
            } else {
                self.findings.truncate(before);
            }
        }
        if self.by_kind(kind, file, &head, length, name)? {
            self.misled(&suffix, kind);
            return Ok(());
        }
        if pickle {
            if raw {
                return self.raw(file, length);
            }
            self.misled(&suffix, Kind::Pickle);
            return self.pickle(file, 0, length, true);
        }
        if !whole && pickle::goes_on(&head) {
            self.raw(file, length)?;
        }
        if raw { Ok(()) } else { self.words(file, &head, length, &suffix, name) }
    }

    /// Raw numbers that begin like a pickle by chance: only what is certain counts.
    fn raw(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let before = self.findings.len();
        self.pickle(file, 0, length, false)?;
        let mut index = 0;
        self.findings.retain(|one| {
            index += 1;
            index <= before || pickle::certain(one)
        });
        Ok(())
    }

    /// Reads a format that has a sign of its own; `false` where it has none.
    fn by_kind(
        &mut self,
        kind: Kind,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
        name: &str,
    ) -> io::Result<bool> {
        match kind {
            Kind::Zip => {}
            Kind::Packed(packing) => self.packed(file, packing, length, name)?,
            Kind::Tar => self.tar(file, length)?,
            Kind::Numpy => self.numpy(file, head, length)?,
            Kind::Gguf => self.gguf(file, length)?,
            Kind::Safetensors => self.safetensors(file, head, length)?,
            Kind::Seven => self.seven(file, length)?,
            Kind::Hdf5(base) => self.hdf5(file, length, base)?,
            Kind::Lite => self.lite(file, length)?,
            Kind::Script => self.script(file, length, name)?,
            Kind::Compiled => self.compiled(file, length)?,
            Kind::Data(_) => {
                self.after(file, head, length)?;
                self.document(file, length, head)?;
                self.held(file, length)?;
            }
            Kind::Program(what) => {
                self.say(&rules::PROGRAM, 0, what);
                if head.starts_with(b"!<arch>") {
                    self.held(file, length)?;
                }
                if what == SHORTCUT {
                    self.shortcut(file, length)?;
                }
            }
            Kind::NotRead(what) => {
                self.say(&rules::NOT_READ, 0, what);
                self.document(file, length, head)?;
                self.held(file, length)?;
            }
            Kind::Pickle | Kind::Unknown => return Ok(false),
        }
        Ok(true)
    }

    /// JSON, text, a vocabulary, or nothing that is known.
    fn words(
        &mut self,
        file: &mut dyn Bytes,
        head: &[u8],
        length: u64,
        suffix: &str,
        name: &str,
    ) -> io::Result<()> {
        if length == 0 {
            return Ok(());
        }
        let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
        let jsonish = matches!(first, Some(b'{' | b'['));
        if jsonish && suffix == "ipynb" && self.notebook(file, length)? {
            return Ok(());
        }
        if jsonish && self.json(file, length)? {
            return Ok(());
        }
        // UTF-16 with its mark: what Python's and Java's readers take as text, too.
        let marked = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
        let wide = match marked && length <= MOST_TEXT {
            true => utf_16(&part(file, 0, length)?),
            false => None,
        };
        let text = wide.is_some() || self.is_text(file)?;
        // Messages without large numbers are texts by their bytes.
        let odd = |byte: &u8| *byte < 9 || (14..27).contains(byte);
        if text && wide.is_none() && head.iter().any(odd) && self.graph(file, length)? {
            return Ok(());
        }
        if text {
            if length > MOST_TEXT {
                self.say(&rules::TEXT_LARGE, MOST_TEXT, "not read as a configuration or template");
                return Ok(());
            }
            let text = match wide {
                Some(text) => text,
                None => String::from_utf8_lossy(&part(file, 0, length)?).into_owned(),
            };
            let loose = suffix.starts_with("json") && text.trim_start().starts_with('/');
            let weights =
                ["safetensors", "gguf", "onnx", "npy", "npz", "keras", "hdf5"].contains(&suffix);
            if weights && !text.starts_with("version https://git-lfs") {
                self.misled("npy", Kind::Unknown);
            }
            if jsonish || loose {
                self.loose_json(&text);
            }
            self.text(&text, suffix, name);
            return Ok(());
        }
        if self.graph(file, length)? {
            return Ok(());
        }
        if PYTHON.contains(&suffix) {
            self.say(&rules::PYTHON_UNREAD, 0, "called Python, but it is no text in UTF-8");
            return Ok(());
        }
        if length < MOST_TEXT && sentencepiece::parse(&part(file, 0, length)?).is_ok() {
            return Ok(());
        }
        self.held(file, length)?;
        if freehold_artifact::msgpack::is_map(file, length)? {
            return Ok(());
        }
        self.unknown = self.inside.is_empty();
        self.say(&rules::NOT_READ, 0, "bytes of no format that is known here");
        Ok(())
    }

    fn text(&mut self, text: &str, suffix: &str, name: &str) {
        let own = name.rsplit('/').next().unwrap_or(name);
        if PYTHON.contains(&suffix) {
            self.python(text, name);
        }
        if NUMBERS.contains(&suffix)
            && python::check(text, python::Place::default())
                .iter()
                .any(|one| one.rule.severity >= Severity::Suspicious)
        {
            self.say(&rules::NAME_MISLEADS, 0, format!("called .{suffix}, but it is Python"));
        }
        if suffix == "toml" {
            self.toml(text);
        }
        if own == "pyproject.toml" {
            self.build(text);
        }
        if PROGRAMS.contains(&suffix) {
            self.say(&rules::PROGRAM, 0, format!("`{name}` is code"));
            if suffix != "pyx" {
                self.shell(text);
            }
        } else if SHELL.contains(&suffix) || own.to_lowercase().ends_with("makefile") {
            self.say(&rules::SCRIPT, 0, format!("`{name}`"));
            self.shell(text);
        }
        self.page(text, suffix);
        self.commands(text, suffix);
        if ["pbtxt", "prototxt"].contains(&suffix) {
            for finding in graph::read_text(text) {
                self.add(finding);
            }
        }
        if suffix == "pth" {
            self.starts(text);
        }
        let pip = ["pip.conf", "pip.ini", ".condarc", ".npmrc"].contains(&own);
        if pip || own.contains("requirements") && suffix == "txt" {
            self.requirements(text);
        }
        if ["jinja", "jinja2", "j2"].contains(&suffix) {
            for finding in template::check(text) {
                self.add(finding);
            }
        }
        if SETTINGS.contains(&suffix) {
            self.yaml(text);
        } else if suffix == "md"
            && let Some(front) = text.trim_start().strip_prefix("---")
        {
            self.yaml(front.split("\n---").next().unwrap_or(front));
        }
        if xml::begins(text) {
            for finding in xml::check(text) {
                self.add(finding);
            }
            // OpenVINO keeps the numbers beside its description, under the same name.
            if let Some(stem) = own.strip_suffix(".xml") {
                self.beside.push(format!("{stem}.bin"));
            }
        }
    }

    /// Whether everything is UTF-8 without NUL.
    fn is_text(&mut self, file: &mut dyn Bytes) -> io::Result<bool> {
        file.seek(SeekFrom::Start(0))?;
        let mut buffer = vec![0; 1 << 16];
        let mut kept = 0;
        loop {
            let read = file.read(&mut buffer[kept..])?;
            let there = kept + read;
            let bytes = &buffer[..there];
            let valid = match std::str::from_utf8(bytes) {
                Ok(_) => there,
                Err(error) if error.error_len().is_none() && read > 0 => error.valid_up_to(),
                Err(_) => return Ok(false),
            };
            if bytes.contains(&0) {
                return Ok(false);
            }
            if read == 0 {
                return Ok(true);
            }
            buffer.copy_within(valid..there, 0);
            kept = there - valid;
        }
    }

    /// A `.pth` of Python's: lines that begin with `import` are run.
    fn starts(&mut self, text: &str) {
        for line in text.lines().filter(|line| line.split_whitespace().next() == Some("import")) {
            self.say(&rules::PTH, 0, freehold_artifact::finding::shown(line.as_bytes(), 160));
            for finding in python::check(line, python::Place::default()) {
                // At every start of Python: what would only be odd elsewhere is no accident here.
                if finding.rule.severity == Severity::Suspicious {
                    self.say(&rules::PYTHON_HIDDEN, 0, finding.what.clone());
                }
                self.add(finding);
            }
        }
    }

    /// Packages by an address without protection.
    fn requirements(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
            if line.contains("http://") || line.contains("--trusted-host") {
                let what = freehold_artifact::finding::shown(line.as_bytes(), 160);
                self.say(&rules::REQUIREMENTS, 0, what);
            }
        }
    }

    /// The name promises one of the formats that run nothing, the content is another.
    fn misled(&mut self, suffix: &str, kind: Kind) {
        let fits = match suffix {
            "safetensors" => matches!(kind, Kind::Safetensors),
            "gguf" => matches!(kind, Kind::Gguf),
            "json" | "txt" | "md" | "yaml" | "yml" | "jinja" => {
                matches!(kind, Kind::Unknown | Kind::Script)
            }
            "png" | "jpg" | "jpeg" | "gif" | "webp" | "wav" | "mp3" | "mp4" | "parquet" => {
                matches!(kind, Kind::Unknown | Kind::Data(_))
            }
            "onnx" | "tflite" | "pb" | "h5" | "hdf5" | "keras" => !matches!(kind, Kind::Pickle),
            "npy" => matches!(kind, Kind::Numpy),
            _ => true,
        };
        let program = matches!(kind, Kind::Program(what) if what != SHORTCUT);
        // `model.safetensors.exe`, and a name that is shown turned around.
        let stem = self.own.rsplit_once('.').map_or("", |(stem, _)| stem);
        let double = DATA.contains(&crate::content::suffix(stem).as_str());
        let turned = self.own.contains('\u{202e}') || self.own.contains("\\u{202e}");
        if program && (DATA.contains(&suffix) || suffix == "exe" && double || turned) {
            let what = format!("called .{suffix}");
            self.say(&rules::PROGRAM_DISGUISED, 0, what);
        }
        if !fits {
            let what = format!("called .{suffix}, but it is {}", kind.words());
            self.say(&rules::NAME_MISLEADS, 0, what);
        }
    }
}

/// A text in UTF-16, by its mark. Numbers may begin like one: what is no text in all its length is none.
fn utf_16(bytes: &[u8]) -> Option<String> {
    let big = bytes.starts_with(b"\xfe\xff");
    let unit =
        |pair: &[u8; 2]| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) };
    let (pairs, rest) = bytes.get(2..)?.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().map(unit).collect();
    let text = String::from_utf16(&units).ok().filter(|_| rest.is_empty())?;
    let odd = |c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{c}');
    (!text.contains(odd)).then_some(text)
}

/// Languages that are read as code.
static PYTHON: [&str; 3] = ["py", "pyw", "pyi"];
/// Names under which there are numbers, not texts.
static NUMBERS: [&str; 8] = ["model", "bin", "pt", "ckpt", "pkl", "weights", "dat", "h5"];
/// Whose commands are judged line by line.
static SHELL: [&str; 6] = ["sh", "bash", "bat", "cmd", "ps1", "mk"];
/// Languages that are not read; their commands are.
static PROGRAMS: [&str; 17] = [
    "pyx",
    "js",
    "mjs",
    "rb",
    "pl",
    "lua",
    "vbs",
    "hta",
    "php",
    "applescript",
    "wsf",
    "java",
    "jse",
    "vbe",
    "jsp",
    "aspx",
    "tcl",
];
static SETTINGS: [&str; 7] = ["yaml", "yml", "", "cfg", "conf", "config", "hparams"];
/// Names under which nobody expects a program.
static DATA: [&str; 34] = [
    "bin",
    "zip",
    "tar",
    "gz",
    "dat",
    "msgpack",
    "params",
    "weights",
    "safetensors",
    "gguf",
    "json",
    "txt",
    "md",
    "yaml",
    "yml",
    "onnx",
    "tflite",
    "pb",
    "h5",
    "hdf5",
    "keras",
    "npy",
    "npz",
    "pt",
    "pth",
    "ckpt",
    "pkl",
    "joblib",
    "png",
    "jpg",
    "jpeg",
    "gif",
    "pdf",
    "parquet",
];

pub(super) const HEAD: u64 = 1 << 14;
const DEEPEST: usize = 12;
const MOST_TEXT: u64 = 64 << 20;
const MOST_FINDINGS: usize = 500;
/// What is unpacked: so many times the file, within two bounds.
const MOST_RATIO: u64 = 200;
const LEAST_BUDGET: u64 = 1 << 30;
const MOST_BUDGET: u64 = 1 << 40;

/// The whole of `file`, for a reader of a part.
pub(super) fn whole(file: &mut dyn Bytes, length: u64) -> Window<'_> {
    Window::new(file, 0, length)
}
