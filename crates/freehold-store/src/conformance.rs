//! What every [`Storage`] must pass; a backend's test calls [`check`] with a fresh, empty one.

use freehold_types::{KeyId, Principal, RecordId, Timestamp};

use crate::{InventoryRow, KeyGrant, KeyRow, Storage, StorageError, SubjectKeyId, SubjectRow};

/// Runs the suite.
///
/// # Errors
/// The first rule that was broken, or the error that came in between.
pub fn check(storage: &dyn Storage) -> Result<(), Broken> {
    keys(storage)?;
    subjects(storage)?;
    inventory(storage)
}

/// What was broken.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    /// A rule does not hold.
    #[error("does not hold: {0}")]
    Rule(&'static str),
    /// The storage failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

fn keys(storage: &dyn Storage) -> Result<(), Broken> {
    rule(storage.keys()?.is_empty(), "a fresh storage has no keys")?;
    let second = key_row("bbbbbbbb", 2);
    let first = key_row("aaaaaaaa", 1);
    rule(storage.insert_key(&second)?, "a new key is added")?;
    rule(storage.insert_key(&first)?, "another key is added")?;
    let mut usurper = key_row("aaaaaaaa", 3);
    usurper.hash = [9; 32];
    rule(!storage.insert_key(&usurper)?, "a taken id is refused")?;
    rule(storage.keys()? == [first.clone(), second.clone()], "keys come back whole, oldest first")?;
    rule(storage.revoke_key(&first.id, Timestamp(7))?, "a key is revoked")?;
    rule(!storage.revoke_key(&first.id, Timestamp(8))?, "a key is revoked once")?;
    rule(!storage.revoke_key(&KeyId("cccccccc".into()), Timestamp(8))?, "no key, no revocation")?;
    let revoked = KeyRow { revoked: Some(Timestamp(7)), ..first };
    rule(storage.keys()? == [revoked, second], "the first revocation's time stays")
}

fn subjects(storage: &dyn Storage) -> Result<(), Broken> {
    let ada = Principal("ada".into());
    rule(storage.subject(&ada)?.is_none(), "a fresh storage has no subjects")?;
    let row = |id| SubjectRow {
        subject: ada.clone(),
        id: SubjectKeyId([id; 16]),
        epoch: 3,
        wrapped: vec![id; 60],
    };
    rule(storage.insert_subject(&row(1))? == row(1), "a new subject's key is added")?;
    rule(storage.insert_subject(&row(2))? == row(1), "the first key stays")?;
    rule(storage.subject(&ada)? == Some(row(1)), "a key is found by subject")?;
    rule(storage.subject_by_id(SubjectKeyId([1; 16]))? == Some(row(1)), "a key is found by id")?;
    rule(storage.subject_by_id(SubjectKeyId([2; 16]))?.is_none(), "a refused key was not added")?;
    rule(storage.delete_subject(&ada)?, "a key is deleted")?;
    rule(!storage.delete_subject(&ada)?, "a key is deleted once")?;
    rule(storage.subject(&ada)?.is_none(), "a deleted key is not found by subject")?;
    rule(storage.subject_by_id(SubjectKeyId([1; 16]))?.is_none(), "nor by id")?;
    rule(storage.insert_subject(&row(2))? == row(2), "a deleted subject can get a new key")
}

fn inventory(storage: &dyn Storage) -> Result<(), Broken> {
    rule(storage.inventory()?.is_empty(), "a fresh storage has no inventory")?;
    let row = |id, sequence| InventoryRow {
        record: RecordId::new(1, [id; 10]),
        sequence,
        time: Timestamp(5),
        detail: "{}".into(),
    };
    storage.put_inventory(&row(1, None))?;
    storage.put_inventory(&row(3, Some(9)))?;
    storage.put_inventory(&row(2, Some(12)))?;
    let all = [row(3, Some(9)), row(2, Some(12)), row(1, None)];
    rule(storage.inventory()? == all, "rows come in the log's order, those without a place last")?;
    storage.put_inventory(&row(1, Some(4)))?;
    rule(storage.inventory()?[0] == row(1, Some(4)), "a row takes its predecessor's place")?;
    storage.remove_inventory(row(3, None).record)?;
    storage.remove_inventory(row(3, None).record)?;
    rule(storage.inventory()?.len() == 2, "a row is forgotten")?;
    storage.replace_inventory(&[row(7, Some(0))])?;
    rule(storage.inventory()? == [row(7, Some(0))], "others take the place of all")
}

fn rule(holds: bool, rule: &'static str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(Broken::Rule(rule)) }
}

fn key_row(id: &str, created: u64) -> KeyRow {
    KeyRow {
        id: KeyId(id.into()),
        hash: [created as u8; 32],
        grant: KeyGrant {
            principal: Principal("ada".into()),
            name: "laptop".into(),
            tools: Some(vec!["search".into()]),
            class_limit: Some(freehold_types::DataClass::Internal),
        },
        created: Timestamp(created),
        revoked: None,
    }
}
