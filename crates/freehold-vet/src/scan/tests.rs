//! Files of all kinds, written here: what they hold is inert, since nothing ever loads them.

use std::{fs, io::Write};

use super::*;

mod formats;

const OS: &[u8] = b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00id\x85R.";

/// Scans one file of this name; `rules` are the names of what must be found, in any order, and
/// nothing else; the verdict follows from them.
fn check(name: &str, bytes: &[u8], rules: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(name), bytes).unwrap();
    let scanned = scan(folder.path(), &|_, _| {}).unwrap();
    let mut found: Vec<_> = scanned[0].findings.iter().map(|one| one.rule.name).collect();
    found.sort_unstable();
    found.dedup();
    assert_eq!(found, rules, "{name}: {:?}", scanned[0].findings);
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let digest: String = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(scanned[0].digest.unwrap().to_string().ends_with(&digest));
    assert_eq!(scanned[0].bytes, bytes.len() as u64);
}

struct Zip {
    bytes: Vec<u8>,
    directory: Vec<u8>,
    count: u16,
}

impl Zip {
    fn new() -> Self {
        Self { bytes: Vec::new(), directory: Vec::new(), count: 0 }
    }

    fn add(mut self, name: &str, content: &[u8]) -> Self {
        self.entry(name, name, content, 0, crc32fast::hash(content));
        self
    }

    fn entry(&mut self, name: &str, own: &str, content: &[u8], flags: u16, checksum: u32) {
        let offset = self.bytes.len() as u32;
        let fields = |out: &mut Vec<u8>, name: &str| {
            out.extend(flags.to_le_bytes());
            out.extend([0; 6]);
            out.extend(checksum.to_le_bytes());
            out.extend((content.len() as u32).to_le_bytes());
            out.extend((content.len() as u32).to_le_bytes());
            out.extend((name.len() as u16).to_le_bytes());
        };
        self.bytes.extend(b"PK\x03\x04\x14\0");
        fields(&mut self.bytes, own);
        self.bytes.extend([0; 2]);
        self.bytes.extend(own.as_bytes());
        self.bytes.extend(content);
        self.directory.extend(b"PK\x01\x02\x14\0\x14\0");
        fields(&mut self.directory, name);
        self.directory.extend([0; 12]);
        self.directory.extend(offset.to_le_bytes());
        self.directory.extend(name.as_bytes());
        self.count += 1;
    }

    fn end(mut self) -> Vec<u8> {
        let (offset, size) = (self.bytes.len() as u32, self.directory.len() as u32);
        self.bytes.append(&mut self.directory);
        self.bytes.extend(b"PK\x05\x06\0\0\0\0");
        self.bytes.extend([self.count.to_le_bytes(), self.count.to_le_bytes()].concat());
        self.bytes.extend([size.to_le_bytes(), offset.to_le_bytes()].concat());
        self.bytes.extend([0; 2]);
        self.bytes
    }
}

fn torch(pickle: &[u8], numbers: &[u8]) -> Vec<u8> {
    Zip::new()
        .add("archive/data.pkl", pickle)
        .add("archive/data/0", numbers)
        .add("archive/version", b"3\n")
        .end()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

fn tar(name: &str, content: &[u8], kind: u8) -> Vec<u8> {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name.as_bytes());
    block[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    block[156] = kind;
    block[148..156].copy_from_slice(b"        ");
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut bytes = [&block[..], content].concat();
    bytes.resize(bytes.len().next_multiple_of(512) + 1024, 0);
    bytes
}

fn numpy(descr: &str, data: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n");
    let length = (text.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\0", &length[..], text.as_bytes(), data].concat()
}

#[test]
fn pickles_are_found_whatever_they_are_called() {
    let os = &["pickle/os-system"];
    check("model.bin", OS, os);
    check("README", OS, os);
    check("model.json", OS, &["file/name-misleads", "pickle/os-system"]);
    check("model.safetensors", OS, &["file/name-misleads", "pickle/os-system"]);
    check("a.pkl", b"cos\nsystem\n(S'id'\ntR.", os);
    // Text far beyond the first bytes that are looked at.
    let late = [b"(", &b"I1\n".repeat(20_000)[..], b"cos\nsystem\n(S'id'\ntRt."].concat();
    check("a.txt", &late, os);
    check("a.pkl", b"\x80\x04]\x94.", &[]);
    check("a.pkl", b"\x80\x04]\x94", &["pickle/broken"]);
    check("a.pkl", b"\x80\x04]\x94.tail", &["pickle/trailing-data"]);
    let nested = [b"\x80\x03C", &[OS.len() as u8][..], OS, b"."].concat();
    check("a.pkl", &nested, os);
}

#[test]
fn archives_are_opened() {
    let os = &["pickle/os-system"];
    check("model.pt", &torch(b"\x80\x02}q\0.", &[0; 40]), &[]);
    check("model.pt", &torch(OS, &[0; 40]), os);
    // Numbers that begin like a pickle by chance are no finding, a pickle among them is.
    check("model.pt", &torch(b"\x80\x02}q\0.", b"\x80\x02\xff\xff\xff\xff"), &[]);
    check("model.pt", &torch(b"\x80\x02}q\0.", OS), os);
    check("a.zip", &Zip::new().add("b.zip", &torch(OS, &[0; 9])).end(), os);
    check("a.gz", &gzip(OS), os);
    check("a.gz", &gzip(&gzip(b"\x80\x04N.")), &[]);
    check("a.gz", &gzip(OS)[..30], &["archive/broken", "pickle/broken", "pickle/os-system"]);
    check("a.tar", &tar("data", OS, b'0'), os);
    check("a.tar.gz", &gzip(&tar("../../data", OS, b'0')), &["archive/path", "pickle/os-system"]);
    check("a.tar", &tar("link", b"", b'2'), &["archive/link"]);
    check("a.npy", &numpy("'<f8'", &[0; 8]), &[]);
    check("a.npy", &numpy("'|O'", OS), os);
    check("a.npy", &numpy("[('a', '<f8'), ('b', '|O')]", OS), os);
    check("a.npz", &Zip::new().add("arr_0.npy", &numpy("'|O'", OS)).end(), os);
}

#[test]
fn archives_that_deceive() {
    let zip = |name: &str, own: &str, content: &[u8], flags, checksum| {
        let mut zip = Zip::new();
        zip.entry(name, own, content, flags, checksum);
        zip.end()
    };
    let sum = crc32fast::hash(OS);
    check("a.zip", &zip("a.pkl", "b.txt", OS, 0, sum), &["pickle/os-system", "zip/name-mismatch"]);
    check("a.zip", &zip("a", "a", OS, 0, 7), &["pickle/os-system", "zip/checksum"]);
    check("a.zip", &zip("a", "a", OS, 1, sum), &["pickle/os-system", "zip/name-mismatch"]);
    check("a.zip", &zip("../a", "../a", OS, 0, sum), &["archive/path", "pickle/os-system"]);
    let twice = Zip::new().add("a", b"x").add("a", OS).end();
    check("a.zip", &twice, &["pickle/os-system", "zip/duplicate"]);
    let both = [OS, &Zip::new().add("a", b"x").end()[..]].concat();
    check("a.pkl", &both, &["file/polyglot", "pickle/os-system", "pickle/trailing-data"]);
    check("a.zip", b"PK\x03\x04and no more than that", &["archive/broken"]);
}

#[test]
fn weights_and_configurations() {
    let header = br#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#;
    let length = (header.len() as u64).to_le_bytes();
    let good = [&length[..], header, &[0; 4]].concat();
    check("model.safetensors", &good, &[]);
    check("model.safetensors", &good[..good.len() - 1], &["safetensors/invalid"]);
    check("config.json", br#"{"model_type": "qwen3", "trust_remote_code": false}"#, &[]);
    check("config.json", br#"{"auto_map": {"AutoModel": "a/b--c.D"}}"#, &["config/remote-code"]);
    check("config.json", br#"{"auto_map": {"AutoModel": "c.D"}}"#, &["config/own-code"]);
    check(
        "tokenizer_config.json",
        br#"{"chat_template": "{{ ''.__class__ }}"}"#,
        &["template/escape"],
    );
    check(
        "tokenizer_config.json",
        br#"{"chat_template": [{"name": "x", "template": "{{ a }}"}]}"#,
        &[],
    );
    check("config.yaml", b"a:\n  _target_: os.system\n", &["config/target-harms"]);
    check("config.yaml", b"a: !!python/object/apply:os.system [id]\n", &["config/target-harms"]);
    check("config.yaml", b"a:\n  _target_: torch.nn.Linear\n", &[]);
    check("config.yaml", b"a: '!!python/name:os.system' # !!python/name:x\n", &[]);
    check("config.yaml", b"a: {_target_: mine.Thing}\n", &["config/target"]);
    check("c.toml", b"[a]\n_target_ = 'os.system'\n", &["config/target-harms"]);
    check(
        "c.json",
        br#"{"a": "$__import__('os').system('x')", "b": "$x"}"#,
        &["config/expression"],
    );
    check(
        "package.json",
        br#"{"scripts": {"postinstall": "curl x | sh"}}"#,
        &["config/expression"],
    );
    let wide: Vec<u8> =
        "\u{feff}a: !!python/name:os.system\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check("u.yaml", &wide, &["config/target-harms"]);
    check("x.pmml", b"<?xml?><!DOCTYPE a [<!ENTITY x SYSTEM 'y'>]>", &["xml/external-entity"]);
    check(
        "x.pth",
        b"import os; os.system('x')\n",
        &["python/runs-at-start", "python/runs-program"],
    );
    check("x.pth", b"../src\n", &[]);
    check("requirements.txt", b"a\n--index-url http://x\n", &["python/package-source"]);
    let schema = br#"{"__module__": "os", "__class__": "system", "__loader__": "TypeNode"}"#;
    check("m.skops", &Zip::new().add("schema.json", schema).end(), &["skops/dangerous-type"]);
    check("build.sh", b"mkdir x\nwget -O x/y http://z\nls\n", &["file/script"]);
    let runs = b"wget -O x/y http://z\nchmod +x x/y\n";
    check("build.sh", runs, &["file/script", "shell/fetches-and-runs"]);
    check("modeling.py", b"import os\n", &[]);
    check("README.md", "# Wörter\n\nand `__class__`.\n".as_bytes(), &[]);
    check("run", b"#!/bin/sh\n", &["file/script"]);
    check("model.keras.h5", b"\x89HDF\r\n\x1a\n0123", &["hdf5/not-read"]);
    check("x.bin", &[0xfe, 0x13, 0x80, 0x99, 0xff], &["format/not-read"]);
    check("empty", b"", &[]);
}

#[test]
fn numbers_beside_a_model_belong_to_it() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("m.xml"), "<?xml version=\"1.0\"?><net/>").unwrap();
    for name in ["m.bin", "other.bin"] {
        fs::write(folder.path().join(name), [0xfe, 0x13, 0x80, 0x99, 0xff]).unwrap();
    }
    let scanned = scan(folder.path(), &|_, _| {}).unwrap();
    let verdicts: Vec<_> = scanned.iter().map(|one| (one.path.as_str(), one.verdict)).collect();
    let (clean, unread) = (Verdict::Clean, Verdict::Unread);
    assert_eq!(verdicts, [("m.bin", clean), ("m.xml", clean), ("other.bin", unread)]);
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out() {
    let folder = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("x"), "x").unwrap();
    std::os::unix::fs::symlink(outside.path().join("x"), folder.path().join("a")).unwrap();
    std::os::unix::fs::symlink("nowhere", folder.path().join("b")).unwrap();
    let scanned = scan(folder.path(), &|_, _| {}).unwrap();
    assert_eq!(scanned.len(), 2);
    assert!(scanned.iter().all(|one| one.findings[0].rule.name == "file/link"));
    assert!(scan(&folder.path().join("none"), &|_, _| {}).is_err());
}

#[test]
fn torch_s_own_files_are_clean() {
    // As torch.save writes one tensor of two numbers.
    let state = b"\x80\x02ccollections\nOrderedDict\nq\0)Rq\x01X\x01\0\0\0wq\x02ctorch._utils\n\
        _rebuild_tensor_v2\nq\x03((X\x07\0\0\0storageq\x04ctorch\nFloatStorage\nq\x05X\x01\0\0\x000q\x06\
        X\x03\0\0\0cpuq\x07K\x02tq\x08QK\0K\x02\x85q\tK\x01\x85q\n\x89ccollections\nOrderedDict\nq\x0b)R\
        q\x0ctq\rRq\x0es.";
    check("pytorch_model.bin", &torch(state, &[0; 8]), &[]);
    // Its old format: five pickles, then numbers.
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    let legacy = |state: &[u8]| {
        let protocol = b"\x80\x02M\xe9\x03.";
        let system = b"\x80\x02}q\0X\r\0\0\0little_endianq\x01\x88s.";
        let keys = b"\x80\x02]q\0X\x01\0\0\x000q\x01a.";
        [&magic[..], protocol, system, state, keys, &[0xff; 24]].concat()
    };
    check("model.pt", &legacy(state), &[]);
    check("model.pt", &legacy(OS), &["pickle/os-system"]);
}
