//! The running program's own door for `freehold key`: a socket in the data directory, for the user
//! who runs it and for root. So only one process writes the log, and a key's secret leaves it only
//! after the log has the key.

use std::{fs, io, os::unix::fs::PermissionsExt, time::Duration};

use freehold_store::KeyGrant;
use freehold_types::{KeyId, Principal};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
};

use super::{
    error::UpError,
    installation::{Installation, Made},
};
use crate::{render, system};

/// What is asked, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Make a key.
    Create(KeyGrant),
    /// Revoke one.
    Revoke(KeyId),
}

/// What came of it, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    /// The key was made and recorded.
    Created(Made),
    /// Whether there was such a key to revoke; that it was revoked is recorded.
    Revoked(bool),
    /// It could not be done.
    Failed(String),
}

/// Opens the door. There is one holder of the directory's lock, so an old socket is nobody's.
pub(crate) fn open(installation: &Installation) -> Result<UnixListener, UpError> {
    let path = installation.directory.control();
    let open = || {
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => (),
        }
        let listener = UnixListener::bind(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600))?;
        Ok(listener)
    };
    open().map_err(|source| UpError::Write { path: path.clone(), source })
}

/// Does what is asked, one after the other; never ends.
pub(crate) async fn serve(installation: &Installation, listener: UnixListener) {
    loop {
        let served = async {
            let (stream, _) = listener.accept().await?;
            // Whoever says nothing must not keep others out.
            tokio::time::timeout(PATIENCE, answer(installation, stream)).await?
        };
        if let Err(error) = served.await {
            tracing::warn!(%error, "an order from the command line was not carried out");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn answer(installation: &Installation, stream: UnixStream) -> io::Result<()> {
    // The kernel's word for who is at the other end, whatever the modes of the folder are.
    let user = stream.peer_cred()?.uid();
    if user != 0 && user != rustix::process::getuid().as_raw() {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, format!("user {user}")));
    }
    let (reading, mut writing) = stream.into_split();
    let mut line = String::new();
    BufReader::new(reading.take(LONGEST)).read_line(&mut line).await?;
    let by = system::person(user);
    let done = match serde_json::from_str(&line) {
        // Waits for the disk, a few milliseconds, and hardly ever.
        Ok(order) => tokio::task::block_in_place(|| carry_out(installation, order, &by))
            .unwrap_or_else(|error| Done::Failed(render::chain(&error))),
        Err(error) => Done::Failed(error.to_string()),
    };
    let done = serde_json::to_string(&done).map_err(io::Error::other)?;
    writing.write_all(format!("{done}\n").as_bytes()).await
}

/// Does what is asked in this process.
pub(crate) fn carry_out(
    installation: &Installation,
    order: Order,
    by: &Principal,
) -> Result<Done, UpError> {
    Ok(match order {
        Order::Create(grant) => Done::Created(installation.new_key(grant, by)?.into()),
        Order::Revoke(id) => Done::Revoked(installation.revoke_key(&id, by)?),
    })
}

const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST: u64 = 1 << 20;
