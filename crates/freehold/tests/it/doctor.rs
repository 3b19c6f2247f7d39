//! `freehold doctor`: what it looks at, and that it tells the truth where the truth is known.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use crate::harness::{Server, children, run};

fn checks(home: &std::path::Path) -> Vec<Value> {
    let data = home.join("data").display().to_string();
    let ran = run(home, &["doctor", "--json", "--dir", &data]);
    assert!([0, 1].contains(&ran.code), "{}", ran.stderr);
    ran.json()["checks"].as_array().expect("a list").clone()
}

fn state(checks: &[Value], name: &str) -> String {
    let check = checks.iter().find(|check| check["name"] == name);
    let check = check.unwrap_or_else(|| panic!("no check `{name}` in {checks:?}"));
    check["state"].as_str().expect("a state").to_owned()
}

#[test]
fn every_check_says_why() {
    let home = tempfile::tempdir().expect("a folder");
    for check in checks(home.path()) {
        assert!(["in force", "partly", "not in force"].contains(&check["state"].as_str().unwrap()));
        assert!(!check["why"].as_str().expect("a reason").is_empty(), "{check}");
    }
}

#[test]
fn an_open_directory_is_found() {
    let home = tempfile::tempdir().expect("a folder");
    assert_eq!(state(&checks(home.path()), "private directory"), "partly");
    let data = home.path().join("data");
    std::fs::create_dir(&data).expect("it can be made");
    for (mode, expected) in [(0o700, "in force"), (0o755, "not in force")] {
        std::fs::set_permissions(&data, PermissionsExt::from_mode(mode)).expect("it is ours");
        assert_eq!(state(&checks(home.path()), "private directory"), expected);
    }
}

#[test]
fn the_worker_is_confined_here() {
    let home = tempfile::tempdir().expect("a folder");
    let checks = checks(home.path());
    assert_eq!(state(&checks, "worker"), "in force");
    assert_eq!(state(&checks, "no network"), "in force");
}

/// The kernel's own word on a running worker, which doctor's must not contradict (proc(5)).
#[test]
fn the_kernel_says_the_same_of_a_running_worker() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let workers = children(server.pid());
    assert!(!workers.is_empty());
    let checks = checks(home.path());
    let field = |pid: u32, name: &str| {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("the field");
        line.trim_start_matches(':').trim().to_owned()
    };
    for pid in workers {
        for (name, kernel, wanted) in MEASURES {
            let said = state(&checks, name) == "in force";
            assert_eq!(said, field(pid, kernel) == *wanted, "{name}: {kernel} of {pid}");
        }
        let limits = std::fs::read_to_string(format!("/proc/{pid}/limits")).expect("it runs");
        let data = limits.lines().find(|line| line.starts_with("Max data size")).expect("a line");
        let said = state(&checks, "memory limit") == "in force";
        assert_eq!(said, !data.contains("unlimited"), "{data}");
    }
}

// What doctor calls it, the kernel's field, and the value that means "in force".
const MEASURES: &[(&str, &str, &str)] = &[
    ("no new privileges", "NoNewPrivs", "1"),
    ("system calls by list", "Seccomp", "2"),
    ("no capabilities", "CapPrm", "0000000000000000"),
    ("no capabilities", "CapEff", "0000000000000000"),
];
