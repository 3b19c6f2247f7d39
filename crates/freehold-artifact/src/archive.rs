//! Directories of archives: zip and tar, read without unpacking.

pub mod tar;
pub mod zip;

/// Whether a member's name leads out of the folder that it is unpacked into.
pub fn leads_out(name: &str) -> bool {
    let bytes = name.as_bytes();
    name.starts_with(['/', '\\'])
        || bytes.get(1) == Some(&b':') && bytes[0].is_ascii_alphabetic()
        || name.contains('\0')
        || name.split(['/', '\\']).any(|part| part == "..")
}
