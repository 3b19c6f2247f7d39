//! The digest by which records name the configuration that was in force.

use freehold_types::Digest;

use crate::origin::Setting;

/// SHA-256 over one line `key=value` (value as JSON) for each setting, sorted by key. Origins are
/// left out: the same values from elsewhere are the same configuration.
pub(crate) fn of(settings: &[Setting]) -> Digest {
    let mut lines: Vec<String> =
        settings.iter().map(|setting| format!("{}={}\n", setting.key, setting.value)).collect();
    lines.sort();
    let hash = ring::digest::digest(&ring::digest::SHA256, lines.concat().as_bytes());
    let mut bytes = [0; 32];
    bytes.copy_from_slice(hash.as_ref());
    Digest::from_bytes(bytes)
}
