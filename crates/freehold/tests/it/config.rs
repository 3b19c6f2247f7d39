//! `freehold config`: what holds, what does not and where, and where values come from.

use std::{fs, path::Path};

use insta::assert_snapshot;

use crate::harness::{finish, program, run};

fn write(home: &Path, text: &str) -> String {
    let file = home.join("freehold.toml");
    fs::write(&file, text).expect("the file can be written");
    file.display().to_string()
}

#[test]
fn no_file_holds() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = run(home.path(), &["config", "check", "--json"]);
    assert_eq!(ran.code, 0);
    assert_eq!(ran.json()["ok"], true);
}

#[test]
fn problems_are_findings() {
    let home = tempfile::tempdir().expect("a folder");
    let file =
        write(home.path(), "schema = 1\n[gateway]\nlisen = 1\n[engine]\nthreads = \"two\"\n");
    let ran = run(home.path(), &["config", "check", "--config", &file]);
    assert_snapshot!(ran.text(home.path()), @r#"
    code: 1
    --- out
    the configuration has 2 problems

    [HOME]/freehold.toml:3:1: unknown key `lisen` in [gateway]
       |
     3 | lisen = 1
       | ^^^^^
       = did you mean `listen`?

    [HOME]/freehold.toml:5:11: `threads` is "two"; expected a number from 0 to 1024
       |
     5 | threads = "two"
       |           ^^^^^
    "#);
    let ran = run(home.path(), &["config", "check", "--config", &file, "--json"]);
    assert_eq!((ran.code, ran.json()["problems"].as_array().map(Vec::len)), (1, Some(2)));
}

#[test]
fn a_file_that_is_not_there_is_no_answer() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("absent.toml").display().to_string();
    assert_snapshot!(run(home.path(), &["config", "check", "--config", &file]).text(home.path()), @"
    code: 2
    --- err
    error: cannot read the configuration file [HOME]/absent.toml
    cause: No such file or directory (os error 2)
    hint: check the name and the permissions of [HOME]/absent.toml
    ");
}

#[test]
fn values_say_where_they_come_from() {
    let home = tempfile::tempdir().expect("a folder");
    let file = write(home.path(), "schema = 1\n[engine]\nthreads = 2\n");
    let ran = finish(
        program(home.path())
            .args(["config", "show", "--origin"])
            .env("FREEHOLD_CONFIG", file)
            .env("FREEHOLD_GATEWAY_LISTEN", "127.0.0.1:9"),
    );
    assert_snapshot!(ran.text(home.path()), @r#"
    code: 0
    --- out
    gateway.listen = "127.0.0.1:9"         # environment variable FREEHOLD_GATEWAY_LISTEN
    gateway.max_body_bytes = 8388608       # default
    gateway.max_answer_bytes = 16777216    # default
    gateway.header_seconds = 15            # default
    gateway.body_seconds = 30              # default
    gateway.request_seconds = 600          # default
    gateway.record_seconds = 10            # default
    gateway.shutdown_seconds = 20          # default
    gateway.max_connections = 8192         # default
    gateway.max_concurrent = 8192          # default
    gateway.max_concurrent_per_key = 8192  # default
    console.listen = "127.0.0.1:8485"      # default
    log.origin = null                      # default
    log.checkpoint_milliseconds = 1000     # default
    log.segment_bytes = 16777216           # default
    engine.threads = 2                     # [HOME]/freehold.toml:3
    engine.context = 4096                  # default
    engine.parallel = 8                    # default
    data.default_class = "internal"        # default
    catalog.overlay = null                 # default
    adopter.region = null                  # default
    adopter.users_per_month = null         # default
    adopter.revenue = null                 # default
    adopter.product_licence = null         # default
    adopter.purposes = null                # default
    "#);
}

#[test]
fn what_cannot_start_is_a_finding() {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("there")).expect("made");
    let check = |text: &str, found: &[&str]| {
        let file = write(home.path(), &format!("schema = 1\n{text}"));
        let ran = run(home.path(), &["config", "check", "--config", &file]);
        assert_eq!(ran.code, i32::from(!found.is_empty()), "{text}: {}{}", ran.stdout, ran.stderr);
        for part in found {
            assert!(ran.stdout.contains(part), "no {part} in {}", ran.stdout);
        }
        let ran = run(home.path(), &["config", "check", "--json", "--config", &file]);
        assert_eq!(ran.json()["ok"], found.is_empty(), "{text}");
    };
    check("[[models]]\nname = \"mine\"\npath = \"there\"\n", &[]);
    check(
        "[[models]]\nname = \"mine\"\npath = \"absent\"\n",
        &["freehold.toml:3", "absent does not exist"],
    );
    check("[[models]]\nname = \"house\"\npath = \"there\"\n", &["`house`", "comes with"]);
    let backend = |url: &str, model: &str| {
        format!("[[backends]]\nid = \"b\"\nurl = \"{url}\"\nmodels = [{{ name = \"{model}\" }}]\n")
    };
    check(&backend("http://localhost:1/v1/@", "far"), &[]);
    check(&backend("http://localhost:1", "house-small"), &["`house-small`", "comes with"]);
    check(&backend("http://user:password@localhost:1", "far"), &["`url` is", "api_key_env"]);
}
