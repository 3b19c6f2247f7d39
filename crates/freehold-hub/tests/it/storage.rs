//! What stays: shared files, several choices of one commit, lists that contradict each other.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::Path,
};

use freehold_hub::{Choice, PullError, Reference, Store, StoreError, Vetted, take};
use freehold_testkit::hub::{File, Hub, commit};
use freehold_types::Timestamp;

use crate::{model, pull, visible, weights};

#[test]
fn what_is_here_is_not_fetched_again() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = visible(&hub, folder.path());
    let asked = hub.asked("/resolve/");
    let (again, _, fetched) = visible(&hub, folder.path());
    assert_eq!((again, fetched, hub.asked("/resolve/")), (path.clone(), 0, asked));
    // Nothing that was on the way stays behind.
    let empty = |name: &str| {
        let found = fs::read_dir(folder.path().join(name));
        found.map_or(0, |found| found.count()) == 0
    };
    assert!(empty("quarantine") && empty("incoming"));
    let file = fs::metadata(path.join("model.safetensors")).unwrap();
    assert_eq!((file.permissions().mode() & 0o777, file.nlink()), (0o444, 2));

    // Another repository with the same weights: one file on the disk.
    let other = Hub::serve("b/copy", &[("w.safetensors", File::large(&weights(25_000)))]);
    let pulled = pull(&other, folder.path(), "b/copy", &Choice::default(), None);
    let Ok(Vetted::Clean(snapshot)) = pulled else { panic!("{pulled:?}") };
    assert_eq!(snapshot.fetched, 0);
    assert_eq!(other.asked("/resolve/"), 0);
    assert_eq!(fs::metadata(path.join("model.safetensors")).unwrap().nlink(), 3);
}

#[test]
fn other_choices_of_a_commit_lie_beside_each_other() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let (usual, ..) = visible(&hub, folder.path());
    let choice = Choice { include: vec!["*.json".to_owned()], ..Choice::default() };
    let Ok(Vetted::Clean(other)) = pull(&hub, folder.path(), "a/model", &choice, None) else {
        panic!()
    };
    assert_ne!(other.folder, usual);
    assert_eq!(other.fetched, 0);
    assert_eq!(fs::read_dir(&other.folder).unwrap().count(), 1);
    assert_eq!(fs::read_dir(&usual).unwrap().count(), 3);
}

#[test]
fn a_commit_that_changes_is_a_finding() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    drop(visible(&hub, folder.path()));
    hub.file("config.json", |file| *file = File::text("{}\n"));
    let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    match pulled {
        Err(PullError::Differs { file, .. }) => assert_eq!(file, "config.json"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_visible_model_that_changes_is_found_out() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = visible(&hub, folder.path());
    let file = path.join("config.json");
    fs::remove_file(&file).unwrap();
    fs::write(&file, "{\"model_type\": \"LLAMA\"}\n").unwrap();
    let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    assert!(matches!(pulled, Err(PullError::File(_))), "{pulled:?}");
}

#[test]
fn what_is_kept_may_be_gone() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let (path, ..) = visible(&hub, folder.path());
    // A snapshot without its record is no snapshot; its files are taken from the blobs.
    fs::remove_dir_all(&path).unwrap();
    let (again, ..) = visible(&hub, folder.path());
    assert_eq!(again, path);
    // Damaged on the disk: fetched again.
    fs::remove_dir_all(&path).unwrap();
    for blob in fs::read_dir(folder.path().join("blobs/sha256")).unwrap().flatten() {
        let mut bytes = fs::read(blob.path()).unwrap();
        bytes[0] ^= 1;
        fs::remove_file(blob.path()).unwrap();
        fs::write(blob.path(), bytes).unwrap();
    }
    let (_, _, fetched) = visible(&hub, folder.path());
    assert_eq!(
        fetched,
        model().iter().skip(1).take(3).map(|it| it.1.given.len() as u64).sum::<u64>()
    );
}

#[test]
fn offline_what_is_here_is_here() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let offline = |reference: &str, folder: &Path, choice: &Choice| -> Result<Vetted, PullError> {
        let reference: Reference = reference.parse()?;
        let locked = Store::at(folder).lock(&reference.repository, &|| {})?;
        let plan = choice.plan(locked.remembered(&reference)?)?;
        let fetched = match locked.present(&plan)? {
            Some(present) => present,
            None => take(&locked, &plan)?,
        };
        fetched.vet(&locked, &reference.revision, Timestamp(0), &|_, _| {})
    };
    let usual = Choice::default();
    let never = offline("a/model", folder.path(), &usual);
    assert!(matches!(never, Err(PullError::NeverSeen { .. })));
    drop(visible(&hub, folder.path()));
    let asked = hub.state().seen.len();
    for reference in ["a/model", &format!("a/model@{}", commit(1))] {
        let found = offline(reference, folder.path(), &usual);
        assert!(matches!(found, Ok(Vetted::Clean(_))), "{found:?}");
    }
    let some = Choice { exclude: vec!["README.md".to_owned()], ..Choice::default() };
    let found = offline("a/model", folder.path(), &some);
    assert!(matches!(found, Ok(Vetted::Clean(_))), "{found:?}");
    let more = Choice { include: vec!["*.bin".to_owned()], ..Choice::default() };
    let found = offline("a/model", folder.path(), &more);
    assert!(matches!(found, Err(PullError::Incomplete { missing: 1, .. })), "{found:?}");
    assert_eq!(hub.state().seen.len(), asked);
}

#[test]
fn several_at_once_fetch_once() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let all: Vec<_> = (0..4).map(|_| scope.spawn(|| visible(&hub, folder.path()))).collect();
        for one in all {
            one.join().unwrap();
        }
    });
    assert_eq!(hub.asked("/resolve/"), 3);
}

#[test]
fn a_model_is_copied_where_nothing_is() {
    let hub = Hub::serve("a/model", &model());
    let folder = tempfile::tempdir().unwrap();
    let pulled = pull(&hub, folder.path(), "a/model", &Choice::default(), None);
    let Ok(Vetted::Clean(snapshot)) = pulled else { panic!("{pulled:?}") };
    let target = folder.path().join("copy");
    snapshot.copy_to(&target).unwrap();
    assert_eq!(fs::read(target.join("model.safetensors")).unwrap(), weights(25_000));
    let again = snapshot.copy_to(&target);
    assert!(matches!(again, Err(StoreError::Occupied { .. })), "{again:?}");
}
