//! Attempts from inside the jail at what it forbids. `Ok` says how the attempt was refused.

use std::{fs::File, io, net::UdpSocket, process::Command};

use super::linux::because;

/// Tries to read a file that every Linux system has and everyone may read.
pub(super) fn no_file() -> Result<String, String> {
    refused("opening /proc/self/status", File::open("/proc/self/status").map(drop))
}

/// Tries to make a network socket.
pub(super) fn no_socket() -> Result<String, String> {
    refused("a network socket", UdpSocket::bind("127.0.0.1:0").map(drop))
}

/// Tries to start a program.
pub(super) fn no_program() -> Result<String, String> {
    let started = Command::new("/proc/self/exe").arg("--version").status();
    refused("starting a program", started.map(drop))
}

/// Tries to look into the memory of the server.
pub(super) fn no_tracing() -> Result<String, String> {
    let Some(server) = rustix::process::getppid() else {
        return Ok("the server is outside of what this process can see".to_owned());
    };
    let mut byte = [0u8];
    let local = libc::iovec { iov_base: byte.as_mut_ptr().cast(), iov_len: 1 };
    let remote = libc::iovec { iov_base: std::ptr::without_provenance_mut(1 << 12), iov_len: 1 };
    // SAFETY: `local` describes one byte that lives until after the call; `remote` is an address
    // in another process and is only ever read there, by the kernel.
    let read =
        unsafe { libc::process_vm_readv(server.as_raw_nonzero().get(), &local, 1, &remote, 1, 0) };
    refused("reading the server's memory", outcome(read as i64))
}

/// Tries to get memory that can be run, and to make memory so that it has already.
pub(super) fn no_executable_memory() -> Result<String, String> {
    let wanted = libc::PROT_READ | libc::PROT_EXEC;
    let mapped = page(wanted).map(give_back);
    let mapped = refused("mapping memory to run", mapped)?;
    let place = page(libc::PROT_READ).map_err(|error| because(&error))?;
    // SAFETY: `place` is a page of this function's own, and nothing refers into it.
    let changed = unsafe { libc::mprotect(place, PAGE, wanted) };
    let changed = outcome(changed.into());
    give_back(place);
    Ok(format!("{mapped}; {}", refused("making memory runnable", changed)?))
}

fn page(protection: libc::c_int) -> io::Result<*mut libc::c_void> {
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS;
    // SAFETY: a new mapping at a place of the kernel's choice touches no other memory.
    let place = unsafe { libc::mmap(std::ptr::null_mut(), PAGE, protection, flags, -1, 0) };
    if place == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(place) }
}

fn give_back(place: *mut libc::c_void) {
    // SAFETY: `place` came from `page`, and nothing refers into it. Failure leaves one page mapped.
    let _ = unsafe { libc::munmap(place, PAGE) };
}

/// Tries to undo what the process did to itself: each attempt would succeed without the filter,
/// and where it does, what it changed is put back.
pub(super) fn no_undoing() -> Result<String, String> {
    // SAFETY: changes one flag of the process; no memory is involved.
    let dumpable = outcome(unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 1) }.into());
    if dumpable.is_ok() {
        // SAFETY: as before.
        let _ = unsafe { libc::prctl(libc::PR_SET_DUMPABLE, 0) };
    }
    // SAFETY: as before.
    let outlive = outcome(unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, 0) }.into());
    if outlive.is_ok() {
        // SAFETY: as before.
        let _ = unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    }
    // Setting what is set already needs no privilege and changes nothing.
    let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: `none` lives until after the call, which only reads it.
    let limits = outcome(unsafe { libc::setrlimit(libc::RLIMIT_FSIZE, &raw const none) }.into());
    let attempts = [
        refused("becoming dumpable", dumpable)?,
        refused("outliving the server", outlive)?,
        refused("setting a limit", limits)?,
    ];
    Ok(attempts.join("; "))
}

fn outcome(returned: i64) -> io::Result<()> {
    if returned >= 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn refused(attempt: &str, outcome: io::Result<()>) -> Result<String, String> {
    match outcome {
        Ok(()) => Err(format!("not in force: {attempt} succeeded")),
        Err(error) => match error.raw_os_error() {
            Some(libc::EPERM | libc::EACCES) => Ok(format!("{attempt} was refused: {error}")),
            _ => Err(format!("not certain: {attempt} failed for another reason: {error}")),
        },
    }
}

const PAGE: usize = 4096;
