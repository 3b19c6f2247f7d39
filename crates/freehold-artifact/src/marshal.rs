//! Python's marshalled bytecode: which names stand in it. Its layout changes with every version of
//! Python, its strings do not, so they are taken wherever they stand
//! (`Python/marshal.c` in CPython describes the types).

use std::collections::BTreeSet;

/// Names and short texts in marshalled code, at most 4,096 of them.
pub fn words(bytes: &[u8]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut at = 0;
    while at < bytes.len() && words.len() < MOST_WORDS {
        // The highest bit says that the value may be referred to later.
        let (start, length) = match bytes[at] & 0x7f {
            b'z' | b'Z' => (at + 2, bytes.get(at + 1).map(|length| usize::from(*length))),
            b'a' | b'A' | b'u' | b't' | b's' => {
                let length = bytes.get(at + 1..at + 5).and_then(<[u8]>::first_chunk::<4>);
                (at + 5, length.map(|length| u32::from_le_bytes(*length) as usize))
            }
            _ => (0, None),
        };
        let text = length
            .filter(|length| (1..=LONGEST).contains(length))
            .and_then(|length| bytes.get(start..start.checked_add(length)?))
            .filter(|text| text.iter().all(|byte| (0x20..0x7f).contains(byte)));
        if let Some(text) = text {
            words.insert(String::from_utf8_lossy(text).into_owned());
        }
        at += 1;
    }
    words
}

/// The first of these words that runs programs or code, or connects, in a function that should only
/// compute.
pub fn harmful(words: &BTreeSet<String>) -> Option<&str> {
    words.iter().map(String::as_str).find(|word| {
        let parts = || word.split('.');
        HARMFUL.contains(word) || word.contains('.') && parts().any(|part| MODULES.contains(&part))
    })
}

/// The same for a whole module, in which the name of a module says nothing yet.
pub fn harmful_in_module(words: &BTreeSet<String>) -> Option<&str> {
    let has = |name: &str| words.contains(name);
    let runs = words.iter().map(String::as_str).find(|word| RUNNING.contains(word));
    let hidden = has("exec") && HIDING.iter().any(|name| has(name));
    let shell = has("socket") && (has("dup2") || has("Popen"));
    runs.or_else(|| hidden.then_some("exec")).or_else(|| shell.then_some("socket"))
}

static HARMFUL: [&str; 48] = [
    "os",
    "posix",
    "nt",
    "subprocess",
    "sys",
    "socket",
    "pty",
    "shutil",
    "ctypes",
    "importlib",
    "builtins",
    "__builtins__",
    "__import__",
    "eval",
    "exec",
    "compile",
    "execfile",
    "open",
    "system",
    "popen",
    "Popen",
    "spawn",
    "spawnl",
    "execve",
    "execv",
    "check_output",
    "check_call",
    "urllib",
    "urlopen",
    "urlretrieve",
    "requests",
    "http",
    "ftplib",
    "marshal",
    "pickle",
    "loads",
    "b64decode",
    "__subclasses__",
    "__globals__",
    "globals",
    "runpy",
    "code",
    "webbrowser",
    "tempfile",
    "pathlib",
    "base64",
    "get_ipython",
    "write_text",
];
static MODULES: [&str; 8] =
    ["os", "subprocess", "socket", "builtins", "urllib", "importlib", "shutil", "ctypes"];
static RUNNING: [&str; 9] =
    ["system", "popen", "Popen", "check_output", "check_call", "execve", "execvp", "spawnl", "pty"];
static HIDING: [&str; 6] =
    ["b64decode", "decompress", "fromhex", "unhexlify", "urlopen", "marshal"];
const MOST_WORDS: usize = 4096;
const LONGEST: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_from_any_version() {
        let code = b"\xe3\0\0\0\0\xda\x02os\xda\x06systemZ\x05hello";
        let found = words(code);
        assert!(found.contains("os") && found.contains("system") && found.contains("hello"));
        assert_eq!(harmful(&found), Some("os"));
        assert_eq!(harmful_in_module(&found), Some("system"));
        assert_eq!(harmful(&words(b"\xe3\0\0\xda\x01x\xda\x02tf\xda\x04relu")), None);
        assert!(words(b"z\xff").is_empty());
    }
}
