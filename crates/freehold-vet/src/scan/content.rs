//! Tells what bytes are from the bytes alone, and hands them to whoever reads that.

use std::io::{self, SeekFrom};

use freehold_artifact::{finding::Finding, pickle, rules, rules::Rule, sentencepiece, template};

use super::window::{Bytes, Window, part};

/// One file's scan: what was found, and how much may still be unpacked.
pub(super) struct Scanner {
    pub(super) findings: Vec<Finding>,
    /// Names of the members at work, from the outside in.
    inside: Vec<String>,
    /// Bytes that may still be unpacked.
    pub(super) budget: u64,
    /// Whether the JSON that was read names classes as Keras does.
    pub(super) classes: bool,
}

impl Scanner {
    /// For a file of `length` bytes.
    pub(super) fn new(length: u64) -> Self {
        let budget = length.saturating_mul(MOST_RATIO).clamp(LEAST_BUDGET, MOST_BUDGET);
        Self { findings: Vec::new(), inside: Vec::new(), budget, classes: false }
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
        let is_zip = self.zip(file, &head, length)?;
        let kind = if is_zip { Kind::Zip } else { kind(&head, length) };
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
            Kind::Data(_) => {}
            Kind::Program(what) => self.say(&rules::PROGRAM, 0, what),
            Kind::NotRead(what) => self.say(&rules::NOT_READ, 0, what),
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
        if self.is_text(file)? {
            if PROGRAMS.contains(&suffix) {
                self.say(&rules::PROGRAM, 0, format!("`{name}` is code"));
            }
            if length > MOST_TEXT {
                self.say(&rules::TEXT_LARGE, MOST_TEXT, "not read as a configuration or template");
                return Ok(());
            }
            let text = part(file, 0, length)?;
            let text = String::from_utf8_lossy(&text);
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
        self.say(&rules::NOT_READ, 0, "bytes of no format that is known here");
        Ok(())
    }

    fn text(&mut self, text: &str, suffix: &str, name: &str) {
        if PYTHON.contains(&suffix) {
            self.python(text, name);
        }
        if name.rsplit('/').next() == Some("pyproject.toml") {
            self.build(text);
        }
        if SHELL.contains(&suffix) {
            self.shell(text);
        }
        if ["jinja", "jinja2", "j2"].contains(&suffix) {
            for finding in template::check(text) {
                self.add(finding);
            }
        }
        if ["yaml", "yml"].contains(&suffix) {
            self.yaml(text);
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
        if !fits {
            let what = format!("called .{suffix}, but it is {}", kind.words());
            self.say(&rules::NAME_MISLEADS, 0, what);
        }
    }

    /// An array of numpy's: a header, then numbers, or a pickle where elements are objects
    /// (numpy's NEP 1 describes the format).
    fn numpy(&mut self, file: &mut dyn Bytes, head: &[u8], length: u64) -> io::Result<()> {
        let sized = match head.get(6..12) {
            Some([1, _, a, b, ..]) => Some((10, u64::from(u16::from_le_bytes([*a, *b])))),
            Some([2 | 3, _, a, b, c, d]) => {
                Some((12, u64::from(u32::from_le_bytes([*a, *b, *c, *d]))))
            }
            _ => None,
        };
        let Some((start, header)) = sized.filter(|(start, header)| start + header <= length) else {
            self.say(&rules::NOT_READ, 0, "an array of numpy's whose header is not valid");
            return Ok(());
        };
        let text = part(file, start, header.min(1 << 20))?;
        let text = String::from_utf8_lossy(&text);
        let described = text.split("'fortran_order'").next().unwrap_or(&text);
        // `|O`, `O` or `O8` as an element's type, alone or in a structure.
        let objects = described
            .split(['\'', '"'])
            .any(|word| word.trim_start_matches(['|', '<', '>', '=']).starts_with('O'));
        let data = start + header;
        if objects || text.len() as u64 != header {
            return self.pickle(file, data, length, objects);
        }
        Ok(())
    }
}

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Packed(Packing),
    Tar,
    Seven,
    Numpy,
    Gguf,
    Safetensors,
    Pickle,
    /// With the place of its superblock.
    Hdf5(u64),
    /// TensorFlow Lite.
    Lite,
    /// A text that names its interpreter.
    Script,
    /// Python's bytecode.
    Compiled,
    /// Pictures, sounds, tables and the like: no reader runs anything in them.
    Data(&'static str),
    Program(&'static str),
    NotRead(&'static str),
    Unknown,
}

/// How one stream is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zlib,
    Bzip2,
    Xz,
    Lzma,
    Zstd,
    Lz4,
}

impl Kind {
    fn words(self) -> &'static str {
        match self {
            Self::Zip => "a zip archive",
            Self::Packed(_) => "a packed file",
            Self::Tar => "a tar archive",
            Self::Seven => "a 7z archive",
            Self::Hdf5(_) => "an HDF5 file",
            Self::Lite => "a TensorFlow Lite model",
            Self::Script => "a script",
            Self::Compiled => "compiled Python",
            Self::Data(what) => what,
            Self::Numpy => "an array of numpy's",
            Self::Gguf => "a GGUF file",
            Self::Safetensors => "a safetensors file",
            Self::Pickle => "a pickle",
            Self::Program(_) => "a program",
            Self::NotRead(_) => "a format that is not read",
            Self::Unknown => "something else",
        }
    }
}

fn kind(head: &[u8], length: u64) -> Kind {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if let Some(base) = freehold_artifact::hdf5::begins(head) {
        return Kind::Hdf5(base);
    }
    let inner = |at: usize| head.get(at..at + 4);
    match (inner(0), inner(4), inner(8)) {
        (_, Some(b"TFL3"), _) => return Kind::Lite,
        (_, Some(b"ftyp"), _) => return Kind::Data("a film or a sound"),
        (Some(b"RIFF"), _, Some(b"WEBP" | b"WAVE" | b"AVI ")) => {
            return Kind::Data("a picture or a sound");
        }
        _ => {}
    }
    let tar = head.first_chunk::<512>().and_then(freehold_artifact::archive::tar::header);
    if tar.is_some_and(|header| !header.name.is_empty()) {
        return Kind::Tar;
    }
    let Some(first) = head.first_chunk::<9>() else { return Kind::Unknown };
    let mut announced = [0; 8];
    announced.copy_from_slice(&first[..8]);
    let announced = u64::from_le_bytes(announced);
    if first[8] == b'{' && announced <= length.max(1 << 30) && announced >= 2 {
        return Kind::Safetensors;
    }
    match first {
        [0x78, level, ..]
            if u16::from_be_bytes([0x78, *level]).is_multiple_of(31) && level & 0x20 == 0 =>
        {
            Kind::Packed(Packing::Zlib)
        }
        // LZMA alone has no sign but its usual properties and a size that is unknown or sensible.
        [0x5d, 0, 0, ..] => Kind::Packed(Packing::Lzma),
        [magic, ver, b'\r', b'\n', ..] if *ver >= 0x0c && *magic > 0x10 && *ver < 0x10 => {
            Kind::Compiled
        }
        _ => Kind::Unknown,
    }
}

static MAGIC: [(&[u8], Kind); 46] = [
    (b"GGUF", Kind::Gguf),
    (b"\x93NUMPY", Kind::Numpy),
    (b"\x1f\x8b", Kind::Packed(Packing::Gzip)),
    (b"BZh", Kind::Packed(Packing::Bzip2)),
    (b"\xfd7zXZ\0", Kind::Packed(Packing::Xz)),
    (b"PK\x03\x04", Kind::NotRead("a zip archive without its directory")),
    (b"7z\xbc\xaf\x27\x1c", Kind::Seven),
    (b"Rar!", Kind::NotRead("a rar archive")),
    (b"\x28\xb5\x2f\xfd", Kind::Packed(Packing::Zstd)),
    (b"\x04\x22\x4d\x18", Kind::Packed(Packing::Lz4)),
    (b"!<arch>\n", Kind::Program("a library (ar)")),
    (b"%PDF-", Kind::Data("a PDF")),
    (b"\x89PNG\r\n\x1a\n", Kind::Data("a picture")),
    (b"\xff\xd8\xff", Kind::Data("a picture")),
    (b"GIF87a", Kind::Data("a picture")),
    (b"GIF89a", Kind::Data("a picture")),
    (b"II*\0", Kind::Data("a picture")),
    (b"MM\0*", Kind::Data("a picture")),
    (b"\0\0\x01\0", Kind::Data("a picture")),
    (b"OggS", Kind::Data("a sound")),
    (b"fLaC", Kind::Data("a sound")),
    (b"ID3", Kind::Data("a sound")),
    (b"\x1aE\xdf\xa3", Kind::Data("a film")),
    (b"wOFF", Kind::Data("a font")),
    (b"wOF2", Kind::Data("a font")),
    (b"OTTO", Kind::Data("a font")),
    (b"\0\x01\0\0\0", Kind::Data("a font")),
    (b"PAR1", Kind::Data("a Parquet table")),
    (b"ARROW1\0\0", Kind::Data("an Arrow table")),
    (b"FEA1", Kind::Data("a Feather table")),
    (b"ORC", Kind::Data("an ORC table")),
    (b"SQLite format 3\0", Kind::Data("a database")),
    (b"IxF2", Kind::NotRead("an index of faiss")),
    (b"RKNN", Kind::NotRead("a model for a processor of Rockchip's")),
    (b"\x7fELF", Kind::Program("a program or library (ELF)")),
    (b"MZ", Kind::Program("a program or library (Windows)")),
    (b"#!", Kind::Script),
    (b"\0asm", Kind::Program("a program (WebAssembly)")),
    (b"\xca\xfe\xba\xbe", Kind::Program("a program (Java or macOS)")),
    (b"\xfe\xed\xfa\xce", Kind::Program("a program or library (macOS)")),
    (b"\xfe\xed\xfa\xcf", Kind::Program("a program or library (macOS)")),
    (b"\xcf\xfa\xed\xfe", Kind::Program("a program or library (macOS)")),
    (b"\xce\xfa\xed\xfe", Kind::Program("a program or library (macOS)")),
    (b"dex\n035", Kind::Program("a program (Android)")),
    (b"L\0\0\0\x01\x14\x02\0", Kind::Program("a Windows shortcut")),
    (b"BC\xc0\xde", Kind::Program("LLVM bytecode")),
];

/// Languages that are read as code.
static PYTHON: [&str; 3] = ["py", "pyw", "pyi"];
static SHELL: [&str; 2] = ["sh", "bash"];
/// Languages that are not.
static PROGRAMS: [&str; 16] = [
    "pyx",
    "sh",
    "bash",
    "bat",
    "cmd",
    "ps1",
    "js",
    "mjs",
    "rb",
    "pl",
    "lua",
    "pth_",
    "vbs",
    "hta",
    "php",
    "applescript",
];

const HEAD: u64 = 1 << 14;
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
