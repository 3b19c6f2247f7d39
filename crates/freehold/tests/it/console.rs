//! `freehold console`, and the console in a real browser, judged by axe-core.

use std::{
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};

use insta::assert_snapshot;

use crate::harness::{Deciding, Server, request, run, witness};

/// Lets the browser look at a console; it says what it found.
fn browse(console: &str, token: &str) {
    witness("FREEHOLD_NODE_MODULES");
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/witness/console.mjs");
    let mut node = Command::new(witness("FREEHOLD_NODE"));
    node.arg(script).args([console, token]);
    // Where somebody wants to look at what it saw.
    if let Some(pictures) = std::env::var_os("FREEHOLD_PICTURES") {
        let part = if token == "-" { "deciding" } else { "running" };
        node.arg(PathBuf::from(pictures).join(part));
    }
    let output = node.output().expect("the browser's driver can be started");
    let (stdout, stderr) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.contains(" checks passed"), "{stdout}");
}

#[test]
fn a_browser_asks_and_reads_every_page() {
    let home = tempfile::tempdir().expect("a folder");
    let server = Server::start(home.path(), &[]);
    let address = server.ready["console_sign_in"].as_str().expect("the sign-in address");
    let (console, token) = address.split_once("sign-in?token=").expect("an address with a token");
    browse(console, token);
}

#[test]
fn a_browser_reads_every_page_for_deciding() {
    let home = tempfile::tempdir().expect("a folder");
    browse(Deciding::start(home.path()).address(), "-");
}

#[test]
fn the_decide_pages_need_no_installation() {
    let home = tempfile::tempdir().expect("a folder");
    let deciding = Deciding::start(home.path());
    let host = deciding.address().trim_start_matches("http://").trim_end_matches('/');
    let page = request(host, "GET", "/", "", None).expect("the first page");
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<h1>Decide</h1>"), "{}", page.body);
    assert_eq!(request(host, "GET", "/playground", "", None).expect("an answer").status, 404);
    let line = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(line.path(), deciding.ready.to_string()).expect("it can be written");
    let schema =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/json/console.schema.json");
    crate::json::valid(&schema, &[line.path().to_owned()]);
    assert_eq!(deciding.stop(), 0);
    let made = std::fs::read_dir(home.path()).expect("the folder").count();
    assert_eq!(made, 0, "it writes nothing");
}

#[test]
fn it_serves_this_machine_only() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = run(home.path(), &["console", "--listen", "0.0.0.0:0"]);
    assert_snapshot!(ran.text(home.path()), @r"
    code: 2
    --- err
    error: 0.0.0.0:0 can be reached from other machines, and these pages have no sign-in and no TLS
    hint: listen on 127.0.0.1, and from another machine use `ssh -L 8485:127.0.0.1:8485 HOST`
    ");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let ran = run(home.path(), &["console", "--listen", &address]);
    assert_snapshot!(ran.text(home.path()).replace(&address, "[ADDRESS]"), @r"
    code: 2
    --- err
    error: the console cannot listen on [ADDRESS]
    cause: Address already in use (os error 98)
    hint: if a Freehold runs there, its console has these pages, too; or take a free port with `freehold console --listen 127.0.0.1:0`
    ");
}
