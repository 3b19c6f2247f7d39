//! System calls by list: what is not on it fails with "operation not permitted".
//!
//! Two lists, because filters can only be tightened: while the model loads, files may be opened
//! (which ones is Landlock's matter); while it serves, none.
//!
//! Built for CUDA, whose driver opens devices, files and threads of its own at any time, the worker
//! gets a list of what is forbidden instead: network, programs, other processes.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter_all_threads,
};

use super::linux::because;

/// Installs the list for loading; returns its length.
pub(super) fn loading() -> Result<usize, String> {
    // The C library falls back from clone3, whose flags a filter cannot see, to clone.
    let no_clone3 = BTreeMap::from([(libc::SYS_clone3, vec![])]);
    install(no_clone3, SeccompAction::Allow, SeccompAction::Errno(libc::ENOSYS as u32))?;
    // The second filter is installed with two of these.
    install_list(&[ALWAYS, LOADING], &[libc::PR_SET_NO_NEW_PRIVS])
}

/// Installs the list for serving; returns its length.
pub(super) fn serving() -> Result<usize, String> {
    install_list(&[ALWAYS], &[])
}

fn install_list(lists: &[&[i64]], settings: &[i32]) -> Result<usize, String> {
    if cfg!(feature = "cuda") {
        let forbidden = FORBIDDEN.iter().map(|call| (*call, vec![])).collect();
        install(forbidden, SeccompAction::Allow, SeccompAction::Errno(libc::EPERM as u32))?;
        return Err(format!("not available with CUDA; {} are forbidden", FORBIDDEN.len()));
    }
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        lists.iter().flat_map(|list| list.iter()).map(|call| (*call, vec![])).collect();
    let thread = u64::from(libc::CLONE_THREAD.cast_unsigned());
    rules.insert(libc::SYS_clone, vec![only_if(0, SeccompCmpOp::MaskedEq(thread), thread)?]);
    // Threads of this process are prioritised and signalled, other processes are not.
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![only_if(0, SeccompCmpOp::Eq, own)?]);
    // Of a process's settings, those may be changed that undo no measure.
    let settings = PROCESS_SETTINGS.iter().chain(settings);
    let settings: Result<Vec<SeccompRule>, String> =
        settings.map(|it| only_if(0, SeccompCmpOp::Eq, u64::from(it.cast_unsigned()))).collect();
    rules.insert(libc::SYS_prctl, settings?);
    // Memory holds data, never programs: nothing is loaded or compiled in here.
    rules.insert(libc::SYS_mprotect, vec![rule(&[NOT_RUN])?]);
    rules.insert(libc::SYS_mmap, vec![rule(&[NOT_RUN, OF_A_FILE])?, rule(&[NOT_RUN, COUNTED])?]);
    let count = rules.len();
    install(rules, SeccompAction::Errno(libc::EPERM as u32), SeccompAction::Allow)?;
    Ok(count)
}

fn only_if(argument: u8, operator: SeccompCmpOp, value: u64) -> Result<SeccompRule, String> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, value)
        .and_then(|condition| SeccompRule::new(vec![condition]))
        .map_err(|error| because(&error))
}

/// A call in which all of these bits of arguments are as given.
fn rule(bits: &[Bits]) -> Result<SeccompRule, String> {
    let conditions: Result<Vec<SeccompCondition>, _> = bits
        .iter()
        .map(|bits| {
            let (mask, value) = (bits.mask.cast_unsigned(), bits.value.cast_unsigned());
            let operator = SeccompCmpOp::MaskedEq(u64::from(mask));
            SeccompCondition::new(bits.argument, SeccompCmpArgLen::Dword, operator, value.into())
        })
        .collect();
    conditions.and_then(SeccompRule::new).map_err(|error| because(&error))
}

/// Of an argument, some bits.
struct Bits {
    argument: u8,
    mask: i32,
    value: i32,
}

fn install(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<(), String> {
    let machine = std::env::consts::ARCH.try_into().map_err(|error| because(&error))?;
    let program: BpfProgram = SeccompFilter::new(rules, otherwise, listed, machine)
        .and_then(TryInto::try_into)
        .map_err(|error| because(&error))?;
    apply_filter_all_threads(&program).map_err(|error| because(&error))
}

const NOT_RUN: Bits = Bits { argument: 2, mask: libc::PROT_EXEC, value: 0 };
const OF_A_FILE: Bits =
    Bits { argument: 3, mask: libc::MAP_ANONYMOUS | libc::MAP_GROWSDOWN, value: 0 };
/// The kernel's limit on data counts neither shared memory nor what grows like a stack.
const COUNTED: Bits =
    Bits { argument: 3, mask: libc::MAP_TYPE | libc::MAP_GROWSDOWN, value: libc::MAP_PRIVATE };

/// What no driver needs.
const FORBIDDEN: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kill,
    libc::SYS_mount,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_bpf,
    libc::SYS_keyctl,
];

/// What may be asked of `prctl`: names of threads, and questions.
const PROCESS_SETTINGS: &[i32] = &[
    libc::PR_SET_NAME,
    libc::PR_GET_NAME,
    libc::PR_GET_DUMPABLE,
    libc::PR_GET_PDEATHSIG,
    libc::PR_GET_NO_NEW_PRIVS,
    libc::PR_GET_SECCOMP,
];

/// What computing and talking over an open socket takes.
const ALWAYS: &[i64] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_shutdown,
    libc::SYS_ppoll,
    libc::SYS_close,
    libc::SYS_lseek,
    libc::SYS_fstat,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_mlock,
    libc::SYS_munlock,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_membarrier,
    libc::SYS_clone3,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_setaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sched_getparam,
    libc::SYS_sched_getscheduler,
    libc::SYS_getcpu,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sigaltstack,
    libc::SYS_restart_syscall,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_getrandom,
    libc::SYS_getpid,
    libc::SYS_getppid,
    libc::SYS_gettid,
    libc::SYS_sysinfo,
    libc::SYS_uname,
    libc::SYS_getrusage,
    libc::SYS_exit,
    libc::SYS_exit_group,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_poll,
];

/// What reading a model takes besides.
const LOADING: &[i64] = &[
    libc::SYS_seccomp,
    libc::SYS_capget,
    libc::SYS_capset,
    libc::SYS_openat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_faccessat,
    libc::SYS_readlinkat,
    libc::SYS_fadvise64,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_stat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_access,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_readlink,
];
