//! Keys are made, found, revoked and forgotten; nothing secret lies in the files.

use std::{os::unix::fs::PermissionsExt, path::Path};

use freehold_types::{KeyId, Principal, Timestamp};

use crate::{KeyGrant, Sqlite, Store, SubjectKeys, conformance};

fn store(folder: &Path) -> Store {
    Store::open(&folder.join("keys.sqlite")).unwrap()
}

fn grant() -> KeyGrant {
    KeyGrant::unlimited(Principal("ada".into()), "laptop")
}

/// Every byte of every file below the folder.
fn all_bytes(folder: &Path) -> Vec<u8> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| std::fs::read(entry.unwrap().path()).unwrap())
        .collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn sqlite_conforms() {
    let folder = tempfile::tempdir().unwrap();
    conformance::check(&Sqlite::open(&folder.path().join("a.sqlite")).unwrap()).unwrap();
}

#[test]
fn secrets_open_their_key_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let new = store.create_key(grant(), Timestamp(5)).unwrap();
    let other = store.create_key(grant(), Timestamp(6)).unwrap();
    assert_eq!(new.secret.len(), 54);
    assert_eq!(&new.secret[3..11], new.id.0);
    assert_ne!(*new.secret, *other.secret);

    let found = store.find_key(&new.secret).unwrap().unwrap();
    assert_eq!((&found.id, &found.principal.0[..], found.created), (&new.id, "ada", Timestamp(5)));

    let mut mixed = new.secret[..11].to_owned();
    mixed.push_str(&other.secret[11..]);
    for wrong in [mixed.as_str(), &new.secret[..53], "", "fh_", "fh_\u{e9}", &"x".repeat(54)] {
        assert!(store.find_key(wrong).unwrap().is_none(), "{wrong}");
    }
}

#[test]
fn keys_survive_a_restart_hashed() {
    let folder = tempfile::tempdir().unwrap();
    let secret = {
        let store = store(folder.path());
        let revoked = store.create_key(grant(), Timestamp(1)).unwrap();
        assert!(store.revoke_key(&revoked.id, Timestamp(2)).unwrap());
        assert!(!store.revoke_key(&revoked.id, Timestamp(3)).unwrap());
        assert!(!store.revoke_key(&KeyId("nobody00".into()), Timestamp(3)).unwrap());
        assert!(store.find_key(&revoked.secret).unwrap().is_none());
        store.create_key(grant(), Timestamp(4)).unwrap().secret
    };
    for name in ["keys.sqlite", "keys.sqlite-wal", "keys.epoch-keys"] {
        if let Ok(metadata) = std::fs::metadata(folder.path().join(name)) {
            assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
    let store = store(folder.path());
    assert!(store.find_key(&secret).unwrap().is_some());
    let listed = store.list_keys().unwrap();
    assert_eq!(
        listed.iter().map(|key| key.revoked).collect::<Vec<_>>(),
        [Some(Timestamp(2)), None]
    );
    assert!(!holds(&all_bytes(folder.path()), &secret.as_bytes()[11..]));
}

#[test]
fn another_process_revokes() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (store(folder.path()), store(folder.path()));
    let new = here.create_key(grant(), Timestamp(1)).unwrap();
    there.revoke_key(&new.id, Timestamp(2)).unwrap();
    // The store looks for foreign changes once a second; a busy machine gets a minute.
    let seen = (0..1200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        here.find_key(&new.secret).unwrap().is_none()
    });
    assert!(seen, "a key revoked elsewhere still opens");
}

#[test]
fn subject_keys_wrap_until_erased() {
    let folder = tempfile::tempdir().unwrap();
    let ada = Principal("ada".into());
    let store = store(folder.path());
    let key = store.current(&ada).unwrap();
    assert_eq!(store.current(&ada).unwrap().id(), key.id());
    assert_ne!(store.current(&Principal("bob".into())).unwrap().id(), key.id());

    let wrapped = key.wrap(&[7; 32], [1; 12], b"record").unwrap();
    let again = Store::open(&folder.path().join("keys.sqlite")).unwrap();
    let found = again.find(key.id()).unwrap().unwrap();
    assert_eq!(*found.unwrap(&wrapped, b"record").unwrap(), [7; 32]);
    assert!(found.unwrap(&wrapped, b"another record").is_err());
    let mut changed = wrapped;
    changed[20] ^= 1;
    assert!(found.unwrap(&changed, b"record").is_err());

    assert!(store.erase_subject(&ada).unwrap());
    assert!(!store.erase_subject(&ada).unwrap());
    assert!(store.find(key.id()).unwrap().is_none());
    assert_ne!(store.current(&ada).unwrap().id(), key.id());
    assert!(!holds(&all_bytes(folder.path()), &key.id().0), "no trace of the erased row");
}

#[test]
fn a_malformed_epoch_file_is_refused() {
    for text in
        ["", "freehold epoch keys 2\n", "freehold epoch keys 1\n", "freehold epoch keys 1\n1 zz\n"]
    {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("keys.epoch-keys"), text).unwrap();
        let error = Store::open(&folder.path().join("keys.sqlite")).err().unwrap();
        assert!(error.to_string().contains("malformed at line"), "{text}: {error}");
    }
}
