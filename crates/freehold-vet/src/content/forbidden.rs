//! What is never admitted: formats that run code when they are loaded, programs, and wrappings
//! that hide what they hold.

use std::path::Path;

use super::suffix;
use crate::VetError;

/// What it is, why it is not admitted, and what to do.
struct Verdict(&'static str, &'static str, &'static str);

/// Recognizes a forbidden format by its first bytes, whatever its name is.
pub(super) fn by_content(path: &Path, head: &[u8]) -> Option<VetError> {
    let verdict = MAGIC
        .iter()
        .find(|(offset, magic, _)| head.get(*offset..).is_some_and(|rest| rest.starts_with(magic)))
        .map(|(_, _, verdict)| *verdict)
        .or_else(|| pickle(head).then_some(&PICKLE))?;
    Some(refusal(path, verdict))
}

/// Recognizes a forbidden format by the suffix, where the bytes alone could be anything.
pub(super) fn by_name(path: &Path) -> Option<VetError> {
    let suffix = suffix(path.file_name()?.to_str()?);
    let verdict = match suffix.as_str() {
        "pkl" | "pickle" | "pt" | "pth" | "ckpt" | "bin" | "joblib" | "dill" => &PICKLE,
        "py" | "pyc" | "pyi" | "ipynb" | "sh" | "bash" | "bat" | "ps1" | "js" | "mjs" | "rb"
        | "pl" | "lua" | "so" | "dll" | "dylib" | "exe" | "jar" | "class" | "wasm" | "c"
        | "cpp" | "cu" | "rs" | "go" => &PROGRAM,
        "h5" | "hdf5" | "keras" | "pb" | "onnx" | "tflite" | "mlmodel" | "npz" | "npy"
        | "msgpack" => &OTHER,
        "zip" | "gz" | "tgz" | "tar" | "bz2" | "xz" | "zst" | "7z" | "rar" => &ARCHIVE,
        _ => return None,
    };
    Some(refusal(path, verdict))
}

fn refusal(path: &Path, verdict: &Verdict) -> VetError {
    let Verdict(what, reason, way_out) = *verdict;
    VetError::Forbidden { path: path.to_owned(), what, reason, way_out }
}

/// Protocols 2 to 5 begin with `0x80` and the version. Protocols 0 and 1 have no header; what
/// they begin with in practice is a global (`c`, module, newline), or an opening mark and one of
/// the opcodes for a container (`pickletools.py` in Python's library lists them).
fn pickle(head: &[u8]) -> bool {
    match head {
        [0x80, 2..=5, ..] => true,
        [b'c', rest @ ..] => {
            let mut lines = rest.split(|byte| *byte == b'\n');
            let identifier = |line: &[u8]| {
                !line.is_empty()
                    && line.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.'))
            };
            lines.next().is_some_and(identifier)
                && lines.next().is_some_and(identifier)
                && lines
                    .next()
                    .is_some_and(|rest| matches!(rest.first(), Some(b'(' | b'q' | b'p' | b')')))
        }
        [b'(', b'l' | b'd' | b'i', b'p' | b'c' | b'_' | b'a'..=b'z', ..] => {
            head.get(2..5).is_some_and(|rest| rest[0] == b'p' && rest[1].is_ascii_digit())
        }
        [b']' | b'}', b'q', 0, ..] => true,
        _ => false,
    }
}

static PICKLE: Verdict = Verdict(
    "a pickle or could hold one",
    "loading it runs whatever code its author put in",
    "Take the publisher's safetensors file instead (or convert it on a machine that holds nothing \
     of value), and move this one out of the folder.",
);
static PROGRAM: Verdict = Verdict(
    "a program",
    "models are data, and no code that comes with one is ever run",
    "Move it out of the folder; a model that cannot work without its own code is not supported.",
);
static ARCHIVE: Verdict = Verdict(
    "an archive",
    "it hides what it holds, and PyTorch's archives hold a pickle",
    "Unpack it elsewhere, and admit the safetensors or GGUF files in it.",
);
static OTHER: Verdict = Verdict(
    "a model in a format that is not served",
    "only safetensors and GGUF are read",
    "Take the publisher's safetensors or GGUF file, and move this one out of the folder.",
);

static MAGIC: [(usize, &[u8], &Verdict); 20] = [
    (0, b"PK\x03\x04", &ARCHIVE),
    (0, b"PK\x05\x06", &ARCHIVE),
    (0, b"\x1f\x8b", &ARCHIVE),
    (0, b"BZh", &ARCHIVE),
    (0, b"\xfd7zXZ\0", &ARCHIVE),
    (0, b"\x28\xb5\x2f\xfd", &ARCHIVE),
    (0, b"7z\xbc\xaf\x27\x1c", &ARCHIVE),
    (0, b"Rar!", &ARCHIVE),
    (257, b"ustar", &ARCHIVE),
    (0, b"\x7fELF", &PROGRAM),
    (0, b"MZ", &PROGRAM),
    (0, b"#!", &PROGRAM),
    (0, b"\0asm", &PROGRAM),
    (0, b"\xca\xfe\xba\xbe", &PROGRAM),
    (0, b"\xfe\xed\xfa\xce", &PROGRAM),
    (0, b"\xfe\xed\xfa\xcf", &PROGRAM),
    (0, b"\xcf\xfa\xed\xfe", &PROGRAM),
    (0, b"\xce\xfa\xed\xfe", &PROGRAM),
    (0, b"\x89HDF\r\n\x1a\n", &OTHER),
    (0, b"\x93NUMPY", &OTHER),
];
