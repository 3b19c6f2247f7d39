//! Attempts from inside the jail at what it forbids. `Ok` says how the attempt was refused.

use std::{fs::File, io, net::UdpSocket, process::Command};

use rustix::{
    process::{Resource, getrlimit},
    thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities},
};

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
    let mapped = page(wanted).map(|place| give_back(place, PAGE));
    let mapped = refused("mapping memory to run", mapped)?;
    let place = page(libc::PROT_READ).map_err(|error| because(&error))?;
    // SAFETY: `place` is a page of this function's own, and nothing refers into it.
    let changed = unsafe { libc::mprotect(place, PAGE, wanted) };
    let changed = outcome(changed.into());
    give_back(place, PAGE);
    Ok(format!("{mapped}; {}", refused("making memory runnable", changed)?))
}

/// Tries to take more memory than `most`, which the kernel was told.
pub(super) fn memory_beyond(most: u64) -> Result<String, String> {
    let told = getrlimit(Resource::Data);
    if (told.current, told.maximum) != (Some(most), Some(most)) {
        return Err(format!("not in force: the kernel was told {most} bytes and has {told:?}"));
    }
    let size = usize::try_from(most).map_err(|error| because(&error))?;
    // Without this flag a machine may refuse because it has no such memory.
    let flags = libc::MAP_PRIVATE | libc::MAP_ANONYMOUS | libc::MAP_NORESERVE;
    match map(size, libc::PROT_READ | libc::PROT_WRITE, flags) {
        Ok(place) => {
            give_back(place, size);
            Err(format!("not in force: {} MiB could be taken", most >> 20))
        }
        Err(error) if error.raw_os_error() == Some(libc::ENOMEM) => {
            Ok(format!("{} MiB besides the model's file; more was refused: {error}", most >> 20))
        }
        Err(error) => Err(because(&error)),
    }
}

/// Tries the two kinds of memory that the kernel's limit does not count.
pub(super) fn no_uncounted_memory() -> Result<String, String> {
    let attempt = |name, flags| {
        let wanted = libc::PROT_READ | libc::PROT_WRITE;
        let mapped = map(PAGE, wanted, libc::MAP_ANONYMOUS | flags);
        refused(name, mapped.map(|place| give_back(place, PAGE)))
    };
    let shared = attempt("shared memory", libc::MAP_SHARED)?;
    let growing = libc::MAP_PRIVATE | libc::MAP_GROWSDOWN;
    Ok(format!("{shared}; {}", attempt("memory that grows like a stack", growing)?))
}

/// Asks the kernel, and tries to take a capability back.
pub(super) fn no_capabilities() -> Result<String, String> {
    let now = capabilities(None).map_err(|error| because(&error))?;
    let held = now.effective | now.permitted | now.inheritable;
    if !held.is_empty() {
        return Err(format!("not in force: {:#x} are held", held.bits()));
    }
    let one = CapabilitySet::DAC_READ_SEARCH;
    let wanted =
        CapabilitySets { effective: one, permitted: one, inheritable: CapabilitySet::empty() };
    let taken = set_capabilities(None, wanted).map_err(io::Error::from);
    Ok(format!("none held; {}", refused("taking one", taken)?))
}

fn page(protection: libc::c_int) -> io::Result<*mut libc::c_void> {
    map(PAGE, protection, libc::MAP_PRIVATE | libc::MAP_ANONYMOUS)
}

fn map(size: usize, protection: libc::c_int, flags: libc::c_int) -> io::Result<*mut libc::c_void> {
    // SAFETY: a new mapping at a place of the kernel's choice touches no other memory.
    let place = unsafe { libc::mmap(std::ptr::null_mut(), size, protection, flags, -1, 0) };
    if place == libc::MAP_FAILED { Err(io::Error::last_os_error()) } else { Ok(place) }
}

fn give_back(place: *mut libc::c_void, size: usize) {
    // SAFETY: `place` came from `map` with this size, and nothing refers into it. Failure leaves
    // it mapped.
    let _ = unsafe { libc::munmap(place, size) };
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
