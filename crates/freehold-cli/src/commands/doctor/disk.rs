//! Whether records can be made durable here, how long that takes, and how much fits.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
    time::{Duration, Instant},
};

use super::{Check, State};
use crate::place::Directory;

/// Looks at the disk under the data directory.
pub(crate) fn checks(directory: &Directory) -> Vec<Check> {
    let Some(folder) = existing(directory.path()) else {
        let why = format!("neither {} nor a folder above it exists", directory.path().display());
        return vec![Check::new("log", "data directory", State::NotInForce, why)];
    };
    vec![permissions(directory.path()), durable(folder), space(folder)]
}

/// The directory, or the nearest folder above it that exists: the same disk.
fn existing(path: &Path) -> Option<&Path> {
    path.ancestors()
        .map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path })
        .find(|path| path.is_dir())
}

fn permissions(path: &Path) -> Check {
    use std::os::unix::fs::PermissionsExt;
    let name = "private directory";
    match fs::metadata(path) {
        Err(_) => {
            let why = format!("{} does not exist yet; `freehold up` makes it", path.display());
            Check::new("log", name, State::Partly, why)
        }
        Ok(metadata) => {
            let mode = metadata.permissions().mode() & 0o777;
            let open = mode & 0o077 != 0;
            let state = if open { State::NotInForce } else { State::InForce };
            let why = format!("{} has mode {mode:04o}", path.display());
            Check::new("log", name, state, why).or(&format!("chmod 700 {}", path.display()))
        }
    }
}

fn durable(folder: &Path) -> Check {
    let name = "durable writes";
    match latency(folder) {
        Err(error) => {
            let why = format!("cannot write in {}: {error}", folder.display());
            Check::new("log", name, State::NotInForce, why)
                .or("give this user the folder, or name another with --dir")
        }
        Ok(median) if memory_only(folder) => {
            let why =
                format!("the folder is in memory (fdatasync in {median:.0?}); a reboot loses it");
            Check::new("log", name, State::NotInForce, why).or("name a folder on a disk with --dir")
        }
        Ok(median) => {
            let why = format!("fdatasync takes {median:.0?} (median of {ROUNDS})");
            let state = if median > SLOW { State::Partly } else { State::InForce };
            Check::new("log", name, state, why)
                .or("every answer waits for it twice; a faster disk makes answers faster")
        }
    }
}

/// The median time of writing 4 KiB in place and syncing, into a file made for it.
fn latency(folder: &Path) -> io::Result<Duration> {
    use std::os::unix::fs::FileExt;
    let path = folder.join(format!(".freehold-doctor-{}", std::process::id()));
    let mut file = File::create_new(&path)?;
    let measured = (|| {
        file.write_all(&vec![0; ROUNDS * BLOCK])?;
        file.sync_all()?;
        let mut times = Vec::with_capacity(ROUNDS);
        for round in 0..ROUNDS {
            let begin = Instant::now();
            file.write_all_at(&[0x5a; BLOCK], (round * BLOCK) as u64)?;
            file.sync_data()?;
            times.push(begin.elapsed());
        }
        times.sort();
        Ok(times[ROUNDS / 2])
    })();
    fs::remove_file(&path)?;
    measured
}

/// Whether the file system is one that only exists in memory (`statfs(2)` gives these numbers).
fn memory_only(folder: &Path) -> bool {
    const TMPFS: i64 = 0x0102_1994;
    const RAMFS: i64 = 0x8584_58f6;
    #[cfg(target_os = "linux")]
    return rustix::fs::statfs(folder).is_ok_and(|found| [TMPFS, RAMFS].contains(&found.f_type));
    #[cfg(not(target_os = "linux"))]
    return false;
}

fn space(folder: &Path) -> Check {
    let name = "free space";
    match rustix::fs::statvfs(folder) {
        Err(error) => Check::new("log", name, State::NotInForce, format!("cannot ask: {error}")),
        Ok(found) => {
            let free = found.f_bavail.saturating_mul(found.f_frsize);
            let why = format!("{:.1} GiB under {}", free as f64 / GIB, folder.display());
            let state = match free {
                0..LITTLE => State::NotInForce,
                LITTLE..SCARCE => State::Partly,
                _ => State::InForce,
            };
            Check::new("log", name, state, why)
                .or("a full disk stops all answers; make room, or name another folder with --dir")
        }
    }
}

const BLOCK: usize = 4096;
const ROUNDS: usize = 31;
const GIB: f64 = (1u64 << 30) as f64;
const LITTLE: u64 = 256 << 20;
const SCARCE: u64 = 4 << 30;
/// A disk that loses nothing answers in well under this, even one that turns.
const SLOW: Duration = Duration::from_millis(20);
