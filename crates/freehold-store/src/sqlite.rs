//! Rows in SQLite: one file, write-ahead log, synchronous FULL, deleted bytes overwritten.

use std::{
    os::unix::fs::OpenOptionsExt,
    path::Path,
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use freehold_types::{KeyId, Principal, RecordId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::{InventoryRow, KeyRow, Storage, StorageError, SubjectKeyId, SubjectRow};

/// A [`Storage`] in one SQLite file.
pub struct Sqlite {
    connection: Mutex<Connection>,
}

impl Sqlite {
    /// Opens the file, makes it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StorageError`] if the file cannot be used or comes from a later version.
    pub fn open(path: &Path) -> Result<Self, StorageError> {
        private(path)?;
        let mut connection = Connection::open(path)?;
        connection.busy_timeout(Duration::from_secs(5))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "secure_delete", "ON")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        migrate(&mut connection)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    fn connection(&self) -> Result<MutexGuard<'_, Connection>, StorageError> {
        self.connection.lock().map_err(|_| StorageError::Poisoned)
    }
}

impl Storage for Sqlite {
    fn insert_key(&self, row: &KeyRow) -> Result<bool, StorageError> {
        let grant = serde_json::to_string(&row.grant)
            .map_err(|_| StorageError::Row { table: "api_key" })?;
        let changed = self.connection()?.execute(
            "INSERT INTO api_key (id, hash, allowed, created) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![row.id.0, row.hash, grant, signed(row.created)],
        )?;
        Ok(changed == 1)
    }

    fn keys(&self) -> Result<Vec<KeyRow>, StorageError> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT id, hash, allowed, created, revoked FROM api_key ORDER BY created, id",
        )?;
        let rows = statement.query_map([], key_row)?;
        rows.map(|row| row?.ok_or(StorageError::Row { table: "api_key" })).collect()
    }

    fn revoke_key(&self, id: &KeyId, at: Timestamp) -> Result<bool, StorageError> {
        let changed = self.connection()?.execute(
            "UPDATE api_key SET revoked = ?2 WHERE id = ?1 AND revoked IS NULL",
            params![id.0, signed(at)],
        )?;
        Ok(changed == 1)
    }

    fn insert_subject(&self, row: &SubjectRow) -> Result<SubjectRow, StorageError> {
        self.connection()?.execute(
            "INSERT INTO subject_key (subject, id, epoch, wrapped) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
            params![row.subject.0, row.id.0, row.epoch, row.wrapped],
        )?;
        self.subject(&row.subject)?.ok_or(StorageError::Row { table: "subject_key" })
    }

    fn subject(&self, subject: &Principal) -> Result<Option<SubjectRow>, StorageError> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT subject, id, epoch, wrapped FROM subject_key WHERE subject = ?1",
        )?;
        Ok(statement.query_row([&subject.0], subject_row).optional()?)
    }

    fn subject_by_id(&self, id: SubjectKeyId) -> Result<Option<SubjectRow>, StorageError> {
        let connection = self.connection()?;
        let mut statement = connection
            .prepare_cached("SELECT subject, id, epoch, wrapped FROM subject_key WHERE id = ?1")?;
        Ok(statement.query_row([id.0], subject_row).optional()?)
    }

    fn delete_subject(&self, subject: &Principal) -> Result<bool, StorageError> {
        let connection = self.connection()?;
        let changed =
            connection.execute("DELETE FROM subject_key WHERE subject = ?1", [&subject.0])?;
        // The write-ahead log still holds the page as it was when the key was added.
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        Ok(changed > 0)
    }

    fn put_inventory(&self, row: &InventoryRow) -> Result<(), StorageError> {
        put_inventory(&*self.connection()?, row)
    }

    fn remove_inventory(&self, record: RecordId) -> Result<(), StorageError> {
        self.connection()?
            .execute("DELETE FROM inventory WHERE record = ?1", [record.to_string()])?;
        Ok(())
    }

    fn inventory(&self) -> Result<Vec<InventoryRow>, StorageError> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached(
            "SELECT record, sequence, time, detail FROM inventory ORDER BY sequence NULLS LAST, record",
        )?;
        let rows = statement.query_map([], |row| {
            let Ok(record) = row.get::<_, String>(0)?.parse::<RecordId>() else { return Ok(None) };
            Ok(Some(InventoryRow {
                record,
                sequence: row.get::<_, Option<i64>>(1)?.map(|place| unsigned(place).0),
                time: unsigned(row.get(2)?),
                detail: row.get(3)?,
            }))
        })?;
        rows.map(|row| row?.ok_or(StorageError::Row { table: "inventory" })).collect()
    }

    fn replace_inventory(&self, rows: &[InventoryRow]) -> Result<(), StorageError> {
        let mut connection = self.connection()?;
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM inventory", [])?;
        for row in rows {
            put_inventory(&transaction, row)?;
        }
        Ok(transaction.commit()?)
    }

    fn change_counter(&self) -> Result<i64, StorageError> {
        let connection = self.connection()?;
        let mut statement = connection.prepare_cached("PRAGMA data_version")?;
        Ok(statement.query_row([], |row| row.get(0))?)
    }
}

/// Makes the file, if there is none, for its owner alone; SQLite gives the files beside it the same
/// mode. It names principals.
fn private(path: &Path) -> Result<(), StorageError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(source) => Err(StorageError::File { path: path.to_owned(), source }),
    }
}

fn migrate(connection: &mut Connection) -> Result<(), StorageError> {
    let transaction =
        connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let found: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if found > SCHEMA {
        return Err(StorageError::Newer { found, known: SCHEMA });
    }
    if found < 1 {
        transaction.execute_batch(SCHEMA_1)?;
    }
    if found < 2 {
        transaction.execute_batch(SCHEMA_2)?;
        transaction.pragma_update(None, "user_version", SCHEMA)?;
    }
    Ok(transaction.commit()?)
}

fn put_inventory(connection: &Connection, row: &InventoryRow) -> Result<(), StorageError> {
    connection.execute(
        "INSERT OR REPLACE INTO inventory (record, sequence, time, detail) VALUES (?1, ?2, ?3, ?4)",
        params![
            row.record.to_string(),
            row.sequence.map(|place| signed(Timestamp(place))),
            signed(row.time),
            row.detail
        ],
    )?;
    Ok(())
}

fn key_row(row: &Row<'_>) -> rusqlite::Result<Option<KeyRow>> {
    let allowed: String = row.get(2)?;
    let Ok(grant) = serde_json::from_str(&allowed) else { return Ok(None) };
    Ok(Some(KeyRow {
        id: KeyId(row.get(0)?),
        hash: row.get(1)?,
        grant,
        created: unsigned(row.get(3)?),
        revoked: row.get::<_, Option<i64>>(4)?.map(unsigned),
    }))
}

fn subject_row(row: &Row<'_>) -> rusqlite::Result<SubjectRow> {
    Ok(SubjectRow {
        subject: Principal(row.get(0)?),
        id: SubjectKeyId(row.get(1)?),
        epoch: row.get(2)?,
        wrapped: row.get(3)?,
    })
}

/// SQLite's integers are signed; times until the year 294,246 fit.
fn signed(time: Timestamp) -> i64 {
    i64::try_from(time.0).unwrap_or(i64::MAX)
}

fn unsigned(time: i64) -> Timestamp {
    Timestamp(u64::try_from(time).unwrap_or(0))
}

const SCHEMA: i64 = 2;

const SCHEMA_1: &str = "
    CREATE TABLE api_key (
        id      TEXT PRIMARY KEY,
        hash    BLOB NOT NULL CHECK (length(hash) = 32),
        allowed TEXT NOT NULL,
        created INTEGER NOT NULL,
        revoked INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE subject_key (
        subject TEXT PRIMARY KEY,
        id      BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
        epoch   INTEGER NOT NULL,
        wrapped BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;
";

const SCHEMA_2: &str = "
    CREATE TABLE inventory (
        record   TEXT PRIMARY KEY,
        sequence INTEGER UNIQUE,
        time     INTEGER NOT NULL,
        detail   TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";
