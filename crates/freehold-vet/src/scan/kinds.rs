//! What bytes are, by the signs that formats begin with.

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
    pub(super) fn words(self) -> &'static str {
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

/// What bytes are that begin with `head`, in a file of `length` bytes.
pub(super) fn kind(head: &[u8], length: u64) -> Kind {
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if let Some(base) = freehold_artifact::hdf5::begins(head) {
        return Kind::Hdf5(base);
    }
    // Records of TensorBoard begin with the version of their events.
    if head.get(..64).is_some_and(|first| first.windows(12).any(|part| part == b"brain.Event:")) {
        return Kind::Data("a log of TensorBoard");
    }
    let inner = |at: usize| head.get(at..at + 4);
    // Frames that Zstandard and LZ4 skip; what follows them says which it is.
    if let Some([0x50..=0x5f, 0x2a, 0x4d, 0x18]) = inner(0) {
        return Kind::Packed(Packing::Zstd);
    }
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

/// The words for a shortcut.
pub(super) const SHORTCUT: &str = "a Windows shortcut";

static MAGIC: [(&[u8], Kind); 49] = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind::NotRead("an Office file of the old kind")),
    (b"\xac\xed\0\x05", Kind::NotRead("objects of Java's")),
    (b"\0\x01\0\0\0\xff\xff\xff\xff\x01", Kind::NotRead("objects of .NET's")),
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
    (b"L\0\0\0\x01\x14\x02\0", Kind::Program(SHORTCUT)),
    (b"BC\xc0\xde", Kind::Program("LLVM bytecode")),
];
