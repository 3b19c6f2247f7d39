//! The running program's own door for `freehold key` and `freehold vet`: a socket in the data directory, for the user
//! who runs it and for root. So only one process writes the log, and a key's secret leaves it only
//! after the log has the key.

use std::{fs, io, os::unix::fs::PermissionsExt, time::Duration};

use freehold_store::KeyGrant;
use freehold_types::{Digest, KeyId, Principal};
use freehold_vet::policy::{Case, Policy, decide};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream},
};

use super::{
    error::UpError,
    installation::{Installation, Made},
};
use crate::{
    commands::{catalog::today, vet::as_json},
    render,
    system::{self, new_id},
};

/// What is asked, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    /// Make a key.
    Create(KeyGrant),
    /// Revoke one.
    Revoke(KeyId),
    /// Admit a model, if the policy lets.
    Admit(Box<Case>),
    /// End the admission of a model, by name or digest.
    RevokeModel {
        /// Name or digest.
        model: String,
        /// Who revokes it.
        by: String,
        /// Why.
        reason: String,
    },
}

/// What came of it, as one line of JSON.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Done {
    /// The key was made and recorded.
    Created(Made),
    /// Whether there was such a key to revoke; that it was revoked is recorded.
    Revoked(bool),
    /// The model is admitted: as `vet list` prints it.
    Admitted(Value),
    /// It is not: each objection with the way out.
    NotAdmitted(Vec<(String, String)>),
    /// The admissions that ended: name and digest.
    ModelsRevoked(Vec<(String, Digest)>),
    /// It could not be done.
    Failed(String),
}

/// What a running program does beside recording an order.
pub(crate) struct Running<'a> {
    /// The rules of admission.
    pub policy: &'a Policy,
    /// Looks which of the loaded models are admitted now; called after each order about one.
    pub look: &'a dyn Fn(),
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
pub(crate) async fn serve(
    installation: &Installation,
    running: &Running<'_>,
    listener: UnixListener,
) {
    loop {
        let served = async {
            let (stream, _) = listener.accept().await?;
            // Whoever says nothing must not keep others out.
            tokio::time::timeout(PATIENCE, answer(installation, running, stream)).await?
        };
        if let Err(error) = served.await {
            tracing::warn!(%error, "an order from the command line was not carried out");
            tokio::time::sleep(PAUSE).await;
        }
    }
}

async fn answer(
    installation: &Installation,
    running: &Running<'_>,
    stream: UnixStream,
) -> io::Result<()> {
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
        Ok(order) => {
            tokio::task::block_in_place(|| carry_out(installation, running.policy, order, &by))
                .unwrap_or_else(|error| Done::Failed(render::chain(&error)))
        }
        Err(error) => Done::Failed(error.to_string()),
    };
    if matches!(done, Done::Admitted(_) | Done::ModelsRevoked(_)) {
        (running.look)();
    }
    let done = serde_json::to_string(&done).map_err(io::Error::other)?;
    writing.write_all(format!("{done}\n").as_bytes()).await
}

/// Does what is asked in this process.
pub(crate) fn carry_out(
    installation: &Installation,
    policy: &Policy,
    order: Order,
    by: &Principal,
) -> Result<Done, UpError> {
    Ok(match order {
        Order::Create(grant) => Done::Created(installation.new_key(grant, by)?.into()),
        Order::Revoke(id) => Done::Revoked(installation.revoke_key(&id, by)?),
        Order::Admit(mut case) => {
            case.recorded_by = by.clone();
            match decide(policy, *case, today()) {
                Ok(approved) => {
                    let id = new_id(&*installation.clock);
                    Done::Admitted(as_json(&installation.inventory.admit(id, approved)?))
                }
                Err(objections) => {
                    let told = objections.iter().map(|one| (one.to_string(), one.way_out()));
                    Done::NotAdmitted(told.collect())
                }
            }
        }
        Order::RevokeModel { model, by: who, reason } => {
            let (id, who) = (new_id(&*installation.clock), Principal(who));
            let ended = installation.inventory.revoke(id, &model, (who, reason), by.clone())?;
            let ended = ended.into_iter().map(|one| (one.sign_off.name, one.sign_off.digest));
            Done::ModelsRevoked(ended.collect())
        }
    })
}

const PATIENCE: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(100);
/// An admission of a hundred thousand files.
const LONGEST: u64 = 64 << 20;
