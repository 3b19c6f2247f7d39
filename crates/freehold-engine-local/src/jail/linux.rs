//! The jail on Linux, in three stages: [`begin`] before anything else, [`enter`] before the model is
//! read, [`seal`] after it. Nothing here needs privileges, user namespaces or a container.

use std::{io, os::fd::RawFd};

use rustix::{
    process::{
        DumpableBehavior, Resource, Rlimit, Signal, getpgrp, getpid, getppid,
        set_dumpable_behavior, set_parent_process_death_signal, setrlimit,
    },
    thread::{CapabilitySet, CapabilitySets, capabilities, set_capabilities},
};

use super::{JailReport, files, filter, probe};

/// What every process can do to itself. Closes all descriptors from 3 on.
pub(crate) fn begin() -> JailReport {
    let mut report = JailReport::default();
    report.note("dies with the server", die_with_parent());
    report.note("own process group", own_group());
    report.note("no inherited descriptors", close_inherited());
    report.note("no memory dumps, no debugger", no_dumps());
    report.note("no writing of files", no_writing());
    report.note("no new privileges", no_new_privileges());
    // Started by root it would have all. This one reads the model where it belongs to somebody
    // else; `seal` gives it up too, and reports.
    let _reported_by_seal = give_up_all_but(CapabilitySet::DAC_READ_SEARCH);
    report
}

/// Everything that can be in force while the model is still to be read from `files`, with at most
/// `memory` bytes to write to.
pub(crate) fn enter(report: &mut JailReport, files: &[String], memory: u64) {
    report.note("memory limit", limit_memory(memory));
    let landlock = files::only(files);
    let filtered = filter::loading();
    report.note("files while loading: the model only", landlock.and_then(|()| probe::no_file()));
    report.note("system calls by list", filtered.map(|count| format!("{count} allowed")));
}

/// Everything else, once the model is in memory.
pub(crate) fn seal(report: &mut JailReport) {
    let given_up = give_up_all_but(CapabilitySet::empty());
    report.note("no capabilities", given_up.and_then(|()| probe::no_capabilities()));
    let sealed = filter::serving();
    report.note("files while serving: none", sealed.and_then(|_| probe::no_file()));
    report.note("no network", probe::no_socket());
    report.note("no programs", probe::no_program());
    report.note("no debugging of others", probe::no_tracing());
    report.note("no memory beside the limit", probe::no_uncounted_memory());
    report.note("no memory that can be run", probe::no_executable_memory());
    report.note("no undoing of these measures", probe::no_undoing());
}

fn die_with_parent() -> Result<String, String> {
    let parent = getppid();
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(|error| because(&error))?;
    // The server may have died before the call; then the socket is at its end too.
    if getppid() != parent {
        return Err("not available: the server is gone already".to_owned());
    }
    Ok("killed when the thread that started it ends".to_owned())
}

fn own_group() -> Result<String, String> {
    let (group, own) = (getpgrp(), getpid());
    if group == own {
        Ok("signals of the terminal do not reach it".to_owned())
    } else {
        Err(format!("not available: in group {group}"))
    }
}

fn close_inherited() -> Result<String, String> {
    // SAFETY: called before this process opens anything itself; descriptors from 3 on can only
    // have been inherited, and nothing in this process refers to them.
    let result = unsafe { libc::close_range(FIRST_INHERITED as u32, u32::MAX, 0) };
    if result == 0 {
        Ok("closed from 3 on".to_owned())
    } else {
        Err(because(&io::Error::last_os_error()))
    }
}

fn no_dumps() -> Result<String, String> {
    limit(Resource::Core, 0)?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|error| because(&error))?;
    Ok("core limit 0, not dumpable".to_owned())
}

fn no_writing() -> Result<String, String> {
    limit(Resource::Fsize, 0)?;
    Ok("file size limit 0".to_owned())
}

fn no_new_privileges() -> Result<String, String> {
    rustix::thread::set_no_new_privs(true).map_err(|error| because(&error))?;
    match rustix::thread::no_new_privs() {
        Ok(true) => Ok("the kernel says so".to_owned()),
        other => Err(format!("not available: the kernel answers {other:?}")),
    }
}

/// Before any other thread runs here: each has capabilities of its own, from the one that started
/// it.
fn give_up_all_but(kept: CapabilitySet) -> Result<(), String> {
    let now = capabilities(None).map_err(|error| because(&error))?;
    let left = CapabilitySets {
        effective: now.effective & kept,
        permitted: now.permitted & kept,
        inheritable: CapabilitySet::empty(),
    };
    set_capabilities(None, left).map_err(|error| because(&error))
}

fn limit_memory(most: u64) -> Result<String, String> {
    if cfg!(feature = "cuda") {
        return Err("not available with CUDA: its driver takes memory of its own".to_owned());
    }
    limit(Resource::Data, most)?;
    probe::memory_beyond(most)
}

fn limit(resource: Resource, most: u64) -> Result<(), String> {
    let limit = Rlimit { current: Some(most), maximum: Some(most) };
    setrlimit(resource, limit).map_err(|error| because(&error))
}

pub(super) fn because(error: &dyn std::fmt::Display) -> String {
    format!("not available: {error}")
}

const FIRST_INHERITED: RawFd = 3;
