//! Attempts from inside the jail at what it forbids. `Ok` says how the attempt was refused.

use std::{fs::File, io, net::UdpSocket, process::Command};

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
    let outcome = if read >= 0 { Ok(()) } else { Err(io::Error::last_os_error()) };
    refused("reading the server's memory", outcome)
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
