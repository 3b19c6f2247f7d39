//! What a person types to run this very program again: the commands it suggests must work where
//! they are read, also where no `freehold` is installed.

use std::path::{Path, PathBuf};

/// This program for a shell: `freehold` where that is the one on the search path, else its path,
/// from the current directory if it lies below.
pub(crate) fn program() -> String {
    let Ok(executable) = std::env::current_exe() else { return NAME.to_owned() };
    let here = std::env::current_dir().unwrap_or_default();
    let search: Vec<PathBuf> =
        std::env::var_os("PATH").iter().flat_map(std::env::split_paths).collect();
    quoted(&name_for(&executable, &here, &search))
}

/// A text that names commands of ours, with the program's name as it has to be typed here.
pub(crate) fn with_program(text: &str) -> String {
    text.replace("`freehold ", &format!("`{} ", program()))
}

/// A path as a shell takes it.
pub(crate) fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:@".contains(c);
    if path.chars().all(plain) {
        path.to_owned()
    } else {
        format!("'{}'", path.replace('\'', r"'\''"))
    }
}

fn name_for(executable: &Path, here: &Path, search: &[PathBuf]) -> String {
    // The first one is the one that the shell takes, whether it is ours or not.
    let found = search.iter().map(|folder| folder.join(NAME)).find(|path| path.is_file());
    let same = |path: PathBuf| path.canonicalize().ok() == executable.canonicalize().ok();
    if found.is_some_and(same) {
        return NAME.to_owned();
    }
    match executable.strip_prefix(here) {
        // A bare name would be looked for on the search path only.
        Ok(below) if below.components().count() == 1 => format!("./{}", below.display()),
        Ok(below) => below.display().to_string(),
        Err(_) => executable.display().to_string(),
    }
}

const NAME: &str = "freehold";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_named_as_it_can_be_called() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        for below in ["target/release", "bin", "other"] {
            std::fs::create_dir_all(root.join(below)).unwrap();
        }
        let ours = root.join("target/release/freehold");
        std::fs::write(&ours, "ours").unwrap();
        std::fs::write(root.join("other/freehold"), "another").unwrap();
        std::os::unix::fs::symlink(&ours, root.join("bin/freehold")).unwrap();
        let check = |here: &str, search: &[&str], expected: &str| {
            let search: Vec<_> = search.iter().map(|folder| root.join(folder)).collect();
            let name = name_for(&ours, &root.join(here), &search);
            assert_eq!(name.replace(&root.display().to_string(), "[ROOT]"), expected, "{search:?}");
        };
        check("", &[], "target/release/freehold");
        check("target/release", &[], "./freehold");
        check("other", &[], "[ROOT]/target/release/freehold");
        check("", &["bin"], "freehold");
        check("", &["other", "bin"], "target/release/freehold");
    }

    #[test]
    fn paths_are_quoted_for_a_shell() {
        assert_eq!(quoted("/a/b-c"), "/a/b-c");
        assert_eq!(quoted("/a b"), "'/a b'");
        assert_eq!(quoted("/it's"), r"'/it'\''s'");
    }
}
