//! The scan of a whole file: what the readers are given by what the bytes look like and by the
//! file's name.

use std::{cell::RefCell, fs, path::PathBuf};

use freehold_vet::{Verdict, scan};
use tempfile::TempDir;

/// A file without a name that says anything.
pub(crate) fn any(bytes: &[u8]) {
    check("file", bytes);
}

/// Configurations.
pub(crate) fn json(bytes: &[u8]) {
    check("config.json", bytes);
    check("config.yaml", bytes);
}

/// Headers of NumPy's.
pub(crate) fn numpy(bytes: &[u8]) {
    check("array.npy", &[b"\x93NUMPY", bytes].concat());
}

/// 7z archives.
pub(crate) fn seven(bytes: &[u8]) {
    check("archive.7z", &[b"7z\xbc\xaf\x27\x1c", bytes].concat());
}

/// One file gives one answer, which the findings make.
fn check(name: &str, bytes: &[u8]) {
    FOLDER.with_borrow_mut(|folder| {
        let path = place(folder).join(name);
        fs::write(&path, bytes).expect("there is room");
        let files = scan(&path, &|_, _| {}).expect("it is there");
        assert_eq!(files.len(), 1);
        assert!(files.iter().all(|file| file.bytes == bytes.len() as u64));
        assert!(files.iter().all(|file| file.verdict >= Verdict::of(&file.findings)));
    });
}

fn place(folder: &mut Option<TempDir>) -> PathBuf {
    // In memory where there is such a place: a disk is not what is tried here.
    let make = || tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir());
    folder.get_or_insert_with(|| make().expect("there is room")).path().to_owned()
}

thread_local! {
    static FOLDER: RefCell<Option<TempDir>> = const { RefCell::new(None) };
}
