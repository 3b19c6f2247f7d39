//! What confines the worker on the machine that runs the tests.

use crate::kit;

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_reaches_nothing() {
    let kit = kit::start(|_| {});
    let status = kit.engine.status().remove(0);
    let names: Vec<&str> = status.jail.measures.iter().map(|it| it.name.as_str()).collect();
    for name in [
        "dies with the server",
        "own process group",
        "no inherited descriptors",
        "no memory dumps, no debugger",
        "no writing of files",
        "no new privileges",
        "memory limit",
        "no capabilities",
        "no memory beside the limit",
        "system calls by list",
        "files while serving: none",
        "no network",
        "no programs",
        "no debugging of others",
        "no memory that can be run",
        "no undoing of these measures",
    ] {
        let measure = status.jail.measure(name).unwrap_or_else(|| panic!("no {name} in {names:?}"));
        assert!(measure.in_force, "{name}: {}", measure.evidence);
    }
    // Older kernels have no Landlock; then the report must say so.
    let landlock = status.jail.measure("files while loading: the model only").unwrap();
    assert!(landlock.in_force || landlock.evidence.contains("Landlock"), "{landlock:?}");
    // The kernel's own view from outside.
    let text = std::fs::read_to_string(format!("/proc/{}/status", kit.pid())).unwrap();
    let field = |name: &str| {
        text.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
    };
    assert_eq!(field("Seccomp:"), "2", "{text}");
    assert_eq!(field("NoNewPrivs:"), "1", "{text}");
    // Each thread has its own; the first one is the test harness's and no worker has it.
    for thread in std::fs::read_dir(format!("/proc/{}/task", kit.pid())).unwrap() {
        let thread = thread.unwrap();
        if *thread.file_name() == *kit.pid().to_string() {
            continue;
        }
        let text = std::fs::read_to_string(thread.path().join("status")).unwrap();
        for set in ["CapInh:", "CapPrm:", "CapEff:", "CapAmb:"] {
            let held = text.lines().find_map(|line| line.strip_prefix(set)).unwrap().trim();
            assert_eq!(u64::from_str_radix(held, 16), Ok(0), "{set} {text}");
        }
    }
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", kit.pid())).unwrap();
    let data = limits.lines().find_map(|line| line.strip_prefix("Max data size")).unwrap();
    let hard: u64 = data.split_whitespace().nth(1).unwrap().parse().unwrap();
    // The tiny model needs little beside the fixed part, and a machine has more.
    assert!((512 << 20..2 << 30).contains(&hard), "{limits}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_worker_has_no_environment() {
    let kit = kit::start(|_| {});
    let path = format!("/proc/{}/environ", kit.pid());
    // Not dumpable: only root may look, and finds nothing.
    match std::fs::read(path) {
        Ok(environment) => assert_eq!(environment, b""),
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied),
    }
}
