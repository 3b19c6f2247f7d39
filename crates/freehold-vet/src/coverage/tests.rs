//! What counts as part of a model, on a real folder.

use std::{fs, os::unix::fs::symlink};

use super::*;

fn how(method: Method, allow_symlinks: bool, ignore: &[&str]) -> Serialization {
    let ignore_paths = ignore.iter().map(|&path| path.to_owned()).collect();
    Serialization { method, allow_symlinks, ignore_paths }
}

fn names(coverage: &Coverage) -> Vec<&str> {
    coverage.resources.iter().map(|one| one.path.as_str()).collect()
}

#[test]
fn every_file_counts_and_what_cannot_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    let root = home.path().join("m");
    fs::create_dir_all(root.join("sub/.git")).expect("folders");
    fs::create_dir_all(root.join(".git")).expect("folders");
    for name in [".hidden", "a", "sub/b", "sub/.git/c", ".git/d"] {
        fs::write(root.join(name), name).expect("a file");
    }
    symlink("a", root.join("link")).expect("a link");
    symlink("sub", root.join("folder")).expect("a link");
    symlink("nowhere", root.join("broken")).expect("a link");
    let quiet = |_, _| {};

    let ignore = [".git/", "./sub//b", "../m/a", "/a", "."];
    let seen = coverage(&root, &how(Method::Files, false, &ignore), &quiet).expect("read");
    assert_eq!(names(&seen), [".hidden", "a", "sub/.git/c"]);
    assert_eq!(seen.ignored, [".git", "sub/b"]);
    let links = ["broken", "folder", "link"].map(|name| (name.to_owned(), Obstacle::Link));
    assert_eq!(seen.obstacles, links);

    let seen = coverage(&root, &how(Method::Files, true, &ignore), &quiet).expect("read");
    assert_eq!(names(&seen), [".hidden", "a", "link", "sub/.git/c"]);
    assert_eq!(seen.resources[1].digest, seen.resources[2].digest);
    let folders = ["broken", "folder"].map(|name| (name.to_owned(), Obstacle::Folder));
    assert_eq!(seen.obstacles, folders);

    let one = coverage(&root.join("a"), &how(Method::Files, false, &["a"]), &quiet).expect("read");
    assert_eq!(names(&one), ["."]);
}

#[test]
fn files_are_cut_into_parts() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, bytes) in [("empty", 0), ("less", 3), ("exact", 8), ("more", 9)] {
        fs::write(home.path().join(name), vec![b'x'; bytes]).expect("a file");
    }
    let seen = coverage(home.path(), &how(Method::Shards(4), false, &[]), &|_, _| {});
    let seen = seen.expect("read");
    let ranges: Vec<_> = seen.resources.iter().map(|one| (one.path.as_str(), one.range)).collect();
    let part = |name, start, end| (name, Some((start, end)));
    let exact = [part("exact", 0, 4), part("exact", 4, 8)];
    let more = [part("more", 0, 4), part("more", 4, 8), part("more", 8, 9)];
    assert_eq!(ranges, [&exact[..], &[part("less", 0, 3)], &more].concat());
}
