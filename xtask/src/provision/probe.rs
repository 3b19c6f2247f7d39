//! One test per need. Each tries the thing itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::need::Found;
use crate::command;
use crate::layout;

/// A C++ compiler is one that compiles and links a C++17 program.
pub fn compiler() -> Result<Found, String> {
    let named = std::env::var("CXX").ok();
    let names: Vec<&str> = match &named {
        Some(name) => vec![name],
        None => vec!["c++", "g++", "clang++"],
    };
    let mut reason = format!("none of {} is on the path", names.join(", "));
    for name in &names {
        if command::find(name).is_none() && !Path::new(name).is_file() {
            continue;
        }
        match compiles(name) {
            Ok(()) => {
                return Ok(Found::plain(command::version(name).unwrap_or_else(|| (*name).into())));
            }
            Err(error) => reason = format!("{name} does not compile a small program: {error}"),
        }
    }
    Err(reason)
}

/// llama.cpp is built for x86-64 processors with AVX2, unless it is told that this one lacks it.
pub fn processor() -> Result<Found, String> {
    #[cfg(target_arch = "x86_64")]
    if !std::is_x86_feature_detected!("avx2") {
        let environment = AVX2_OPTIONS.map(|option| (option, "OFF".to_owned())).to_vec();
        return Ok(Found { what: "x86-64 without AVX2, which is slow".to_owned(), environment });
    }
    Ok(Found::plain(std::env::consts::ARCH))
}

/// cmake needs one of the two to drive; it takes make unless told otherwise.
pub fn make() -> Result<Found, String> {
    if let Ok(generator) = std::env::var("CMAKE_GENERATOR") {
        return Ok(Found::plain(format!("{generator}, as CMAKE_GENERATOR says")));
    }
    if let Some(version) = command::version("make") {
        return Ok(Found::plain(version));
    }
    let ninja = command::version("ninja").ok_or("neither is on the path")?;
    Ok(Found {
        what: format!("ninja {ninja}"),
        environment: vec![("CMAKE_GENERATOR", "Ninja".to_owned())],
    })
}

/// llama.cpp asks for cmake 3.14 (`cmake_minimum_required` in its CMakeLists.txt).
pub fn cmake() -> Result<Found, String> {
    let program = std::env::var("CMAKE").unwrap_or_else(|_| "cmake".to_owned());
    let version =
        command::version(&program).ok_or(format!("`{program} --version` does not run"))?;
    at_least(&version, CMAKE_MINIMUM)?;
    Ok(Found::plain(version))
}

/// libclang is of use only with the headers that the compiler itself brings (stddef.h and the
/// like): the library alone, as some packages ship it, fails in the middle of the build.
pub fn libclang() -> Result<Found, String> {
    let mut reason = "no libclang was found".to_owned();
    for (folder, standard) in library_folders() {
        let Some(library) = library_in(&folder) else { continue };
        match headers_of(&library) {
            None => reason = format!("{} has no headers beside it", library.display()),
            Some(headers) => {
                let what = format!("{}, headers in {}", library.display(), headers.display());
                let folder = folder.display().to_string();
                let environment =
                    if standard { Vec::new() } else { vec![("LIBCLANG_PATH", folder)] };
                return Ok(Found { what, environment });
            }
        }
    }
    Err(reason)
}

/// Python of at least 3.10 that can make virtual environments.
pub fn python() -> Result<Found, String> {
    let version = command::version("python3").ok_or("`python3 --version` does not run")?;
    at_least(&version, PYTHON_MINIMUM)?;
    let venv = command::output(Command::new("python3").args(["-c", "import venv, ensurepip"]));
    venv.map(|_| Found::plain(version)).ok_or("python3 has no venv module".to_owned())
}

/// A Chromium that runs, under whichever name.
pub fn chromium() -> Result<Found, String> {
    let named = std::env::var("FREEHOLD_CHROMIUM").ok();
    let candidates = named.iter().map(String::as_str).chain(CHROMIUM_NAMES.iter().copied());
    for name in candidates {
        let path = if name.contains('/') { Some(PathBuf::from(name)) } else { command::find(name) };
        let Some(path) = path.filter(|path| path.exists()) else { continue };
        if let Some(version) = command::version(&path) {
            let environment = vec![("FREEHOLD_CHROMIUM", path.display().to_string())];
            return Ok(Found { what: version, environment });
        }
    }
    Err("none was found that runs".to_owned())
}

fn compiles(compiler: &str) -> Result<(), String> {
    let folder = layout::target().join("probe");
    let said = |error: std::io::Error| error.to_string();
    fs::create_dir_all(&folder).map_err(said)?;
    let (source, program) = (folder.join("probe.cpp"), folder.join("probe"));
    fs::write(&source, CPP_PROBE).map_err(said)?;
    let mut command = Command::new(compiler);
    command.args(["-std=c++17", "-pthread", "-o"]).arg(&program).arg(&source);
    let output = command.stdin(Stdio::null()).output().map_err(said)?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    let line = errors.lines().find(|line| line.contains("error")).or_else(|| errors.lines().next());
    Err(line.unwrap_or("it says nothing").trim().to_owned())
}

/// Folders in which libclang may lie, and whether the build looks there by itself
/// (the list is clang-sys's, build/common.rs).
fn library_folders() -> Vec<(PathBuf, bool)> {
    if let Some(path) = std::env::var_os("LIBCLANG_PATH") {
        // The build looks here and nowhere else; the variable is set already.
        return vec![(PathBuf::from(path), true)];
    }
    let mut folders = Vec::new();
    if let Some(folder) = command::output(Command::new("llvm-config").arg("--libdir")) {
        folders.push((PathBuf::from(folder.trim()), true));
    }
    for (root, prefix, below, standard) in LIBRARY_ROOTS {
        let mut found: Vec<PathBuf> = fs::read_dir(root)
            .into_iter()
            .flatten()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().starts_with(prefix))
            .map(|entry| entry.path().join(below))
            .filter(|folder| folder.is_dir())
            .collect();
        // The highest version first.
        found.sort_by_key(|folder| std::cmp::Reverse(numbers(&folder.display().to_string())));
        folders.extend(found.into_iter().map(|folder| (folder, *standard)));
    }
    folders
}

fn library_in(folder: &Path) -> Option<PathBuf> {
    let mut names: Vec<PathBuf> = fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            let clang = name.starts_with("libclang.") || name.starts_with("libclang-");
            let shared = name.contains(".so") || name.ends_with(".dylib");
            clang && shared && !name.starts_with("libclang-cpp")
        })
        .map(|entry| entry.path())
        .filter(|path| path.exists())
        .collect();
    names.sort();
    names.into_iter().next()
}

/// The folder of the compiler's own headers that libclang finds from where it really lies:
/// `<lib>/clang/<version>/include`.
fn headers_of(library: &Path) -> Option<PathBuf> {
    let real = fs::canonicalize(library).ok()?;
    let beside = [library.parent(), real.parent()].into_iter().flatten();
    for folder in beside.flat_map(|folder| [folder.join("clang"), folder.join("../lib/clang")]) {
        for version in fs::read_dir(folder).into_iter().flatten().flatten() {
            let headers = version.path().join("include");
            if headers.join("stddef.h").is_file() {
                return Some(headers);
            }
        }
    }
    None
}

fn at_least(version: &str, minimum: [u64; 2]) -> Result<(), String> {
    let found = numbers(version);
    if found.as_slice() >= minimum.as_slice() {
        Ok(())
    } else {
        Err(format!("{version} is older than {}.{}", minimum[0], minimum[1]))
    }
}

fn numbers(text: &str) -> Vec<u64> {
    text.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok()).collect()
}

const CMAKE_MINIMUM: [u64; 2] = [3, 14];
const PYTHON_MINIMUM: [u64; 2] = [3, 10];

/// What ggml turns on with AVX2 (ggml/CMakeLists.txt); the build passes `GGML_…` on to cmake.
#[cfg(target_arch = "x86_64")]
const AVX2_OPTIONS: [&str; 4] = ["GGML_AVX2", "GGML_FMA", "GGML_F16C", "GGML_BMI2"];

const CPP_PROBE: &str = "\
#include <string>
#include <thread>
#include <vector>
int main() {
    std::vector<std::string> words{\"one\"};
    std::thread([&] { words.emplace_back(\"two\"); }).join();
    return words.size() == 2 ? 0 : 1;
}
";

/// Parent folder, how a folder in it begins, the folder below that, and whether the build looks
/// there by itself.
const LIBRARY_ROOTS: &[(&str, &str, &str, bool)] = &[
    ("/usr/lib", "llvm", "lib", true),
    ("/usr/lib", "llvm", "lib64", true),
    ("/usr", "lib64", "", true),
    ("/usr", "lib", "", true),
    ("/usr/lib", "x86_64-linux-gnu", "", true),
    ("/usr/lib", "aarch64-linux-gnu", "", true),
    ("/usr/local", "llvm", "lib", true),
    ("/usr/local", "lib", "", true),
    ("/Library/Developer", "CommandLineTools", "usr/lib", true),
    ("/usr/local/opt", "llvm", "lib", true),
    ("/opt/homebrew/opt", "llvm", "lib", false),
    ("/opt", "llvm", "lib", false),
];

const CHROMIUM_NAMES: &[&str] = &[
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

#[cfg(test)]
mod tests {
    //! What can be tested without a machine of each kind.

    use std::fs;

    use super::{at_least, headers_of, library_in};

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(at_least("cmake version 3.25.1", [3, 14]).is_ok());
        assert!(at_least("cmake version 4.0", [3, 14]).is_ok());
        assert!(at_least("cmake version 3.9.6", [3, 14]).is_err());
        assert!(at_least("Python 3.11.2", [3, 10]).is_ok());
        assert!(at_least("nothing", [1, 0]).is_err());
    }

    #[test]
    fn libclang_without_headers_is_not_libclang() {
        let folder = std::env::temp_dir().join(format!("freehold-clang-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("libclang-cpp.so.14"), "").unwrap();
        assert!(library_in(&folder).is_none(), "libclang-cpp is another library");
        fs::write(folder.join("libclang-14.so.1"), "").unwrap();
        let library = library_in(&folder).unwrap();
        assert!(headers_of(&library).is_none());
        let headers = folder.join("clang/14.0.6/include");
        fs::create_dir_all(&headers).unwrap();
        fs::write(headers.join("stddef.h"), "").unwrap();
        assert_eq!(headers_of(&library), Some(headers));
        fs::remove_dir_all(&folder).unwrap();
    }
}
