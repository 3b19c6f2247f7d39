//! llama.cpp's own benchmark programs, linked with the very llama.cpp that the engine is built
//! with, so that what differs between the two is the engine and nothing else.
//!
//! Their sources come from a pinned archive on PyPI, because the crate leaves them out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::command;
use crate::failure::Failure;
use crate::layout;
use crate::packages;
use crate::provision::Environment;
use crate::stamp::Stamp;

/// Builds both programs and says where the benchmark finds them.
pub fn install() -> Result<Environment, Failure> {
    let lists = layout::root().join("xtask/peers/llama");
    let home = layout::target().join("peers/llama.cpp");
    let python = packages::python(&lists.join("requirements.txt"), &home.join("venv"))?;
    let tools = sources(&python, &lists.join("archive.txt"), &home)?;
    let built = Built::find()?;
    let mut environment = Environment::new();
    for (variable, tool) in TOOLS {
        let program = home.join(tool);
        let parts = [&tools, &built.sources, &built.out].map(|path| path.as_os_str());
        let stamp = Stamp::new(&program, &parts.map(|part| part.as_encoded_bytes()));
        if !stamp.holds() || !program.exists() {
            stamp.clear();
            command::run(&mut built.compile(&tools.join(tool), tool, &program))?;
            stamp.set()?;
        }
        environment.push((variable, program.display().to_string()));
    }
    Ok(environment)
}

/// Fetches the archive, checked against its digest, and unpacks the programs' sources.
fn sources(python: &Path, list: &Path, home: &Path) -> Result<PathBuf, Failure> {
    let pinned = fs::read_to_string(list)
        .map_err(|error| Failure::unable(format!("cannot read {}: {error}", list.display())))?;
    let line = pinned.lines().find(|line| !line.starts_with('#')).unwrap_or_default();
    let (name, version) = line
        .split_whitespace()
        .next()
        .and_then(|word| word.split_once("=="))
        .ok_or_else(|| Failure::unable(format!("{} names no archive", list.display())))?;
    let stem = format!("{}-{version}", name.replace('-', "_"));
    let tools = format!("{stem}/vendor/llama.cpp/tools");
    let stamp = Stamp::new(&home.join("sources"), &[pinned.as_bytes()]);
    if !stamp.holds() {
        stamp.clear();
        let mut fetch = Command::new(python);
        fetch.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check"]);
        fetch.args(["--no-deps", "--no-build-isolation", "--no-binary", ":all:"]);
        fetch.args(["--require-hashes", "--dest"]).arg(home).arg("-r").arg(list);
        command::run(&mut fetch)?;
        let mut unpack = Command::new("tar");
        unpack.arg("-xzf").arg(home.join(format!("{stem}.tar.gz"))).arg("-C").arg(home);
        for (_, tool) in TOOLS {
            unpack.arg(format!("{tools}/{tool}"));
        }
        command::run(&mut unpack)?;
        stamp.set()?;
    }
    Ok(home.join(tools))
}

/// llama.cpp as cargo has built it.
struct Built {
    /// Its sources, in the crate that brings it.
    sources: PathBuf,
    /// Where the crate's build script wrote the libraries.
    out: PathBuf,
}

impl Built {
    fn find() -> Result<Self, Failure> {
        let mut cargo = command::cargo();
        cargo.args(["build", "--release", "--package", "freehold-engine-local"]);
        cargo.args(["--example", "bench", "--message-format=json-render-diagnostics"]);
        let told = command::output(cargo.current_dir(layout::root())).unwrap_or_default();
        let (mut sources, mut out) = (None, None);
        for message in told.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()) {
            if !message["package_id"].as_str().is_some_and(|id| id.contains(CRATE)) {
                continue;
            }
            let path = |field: &str| message[field].as_str().map(PathBuf::from);
            out = out.or_else(|| path("out_dir"));
            sources = sources.or_else(|| Some(path("manifest_path")?.parent()?.join("llama.cpp")));
        }
        match (sources, out) {
            (Some(sources), Some(out)) => Ok(Self { sources, out }),
            _ => Err(Failure::unable(format!("cargo did not tell where it built {CRATE}"))),
        }
    }

    fn compile(&self, folder: &Path, tool: &str, program: &Path) -> Command {
        let compiler = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
        let mut compile = Command::new(compiler);
        compile.args(["-std=c++17", "-O3", "-DNDEBUG", "-w"]);
        for part in ["common", "include", "ggml/include", "vendor"] {
            compile.arg("-I").arg(self.sources.join(part));
        }
        compile.arg(folder.join(format!("{tool}.cpp"))).arg(folder.join("main.cpp"));
        compile.arg("-o").arg(program);
        for library in LIBRARIES {
            compile.arg(self.out.join(library));
        }
        // What llama.cpp's downloader wants, where its build found it; nothing is downloaded.
        let cache = fs::read_to_string(self.out.join("build/CMakeCache.txt")).unwrap_or_default();
        for line in cache.lines() {
            let found = ["OPENSSL_SSL_LIBRARY:", "OPENSSL_CRYPTO_LIBRARY:"]
                .iter()
                .any(|name| line.starts_with(name))
                .then(|| line.split_once('=').map(|(_, path)| path))
                .flatten();
            if let Some(path) = found.filter(|path| Path::new(path).exists()) {
                compile.arg(path);
            }
        }
        compile.args(["-lpthread", "-ldl", "-lm"]);
        compile
    }
}

const CRATE: &str = "llama-cpp-sys-2";
const TOOLS: [(&str, &str); 2] = [
    ("FREEHOLD_PEER_LLAMA_BENCH", "llama-bench"),
    ("FREEHOLD_PEER_LLAMA_BATCHED_BENCH", "batched-bench"),
];
/// Users before the used, as linkers want them.
const LIBRARIES: [&str; 8] = [
    "lib/libllama-common.a",
    "build/common/libllama-common-base.a",
    "lib/libllama.a",
    "lib/libggml.a",
    "lib/libggml-cpu.a",
    "lib/libggml-base.a",
    "build/vendor/cpp-httplib/libcpp-httplib.a",
    "build/vendor/hash/libvendor-hash.a",
];
