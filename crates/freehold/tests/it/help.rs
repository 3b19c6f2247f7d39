//! What every verb says about itself, and the exit codes.
//!
//! Each verb has a file in `snapshots/`, with its commands after it; `INSTA_UPDATE=always` before
//! the test writes those that are missing or changed.

use insta::{Settings, assert_snapshot};

use crate::harness::{program, run};

fn help(verb: &str) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let mut arguments: Vec<&str> = verb.split_whitespace().collect();
    arguments.push("--help");
    run(home.path(), &arguments).text(home.path())
}

/// The commands that a help text lists, but for `help` itself.
fn commands(text: &str) -> Vec<&str> {
    let lines = text.lines().skip_while(|line| *line != "Commands:").skip(1);
    let listed = lines.take_while(|line| !line.is_empty());
    let names = listed.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    names.filter(|name| !name.is_empty() && *name != "help").collect()
}

#[test]
fn every_verb_says_what_it_does() {
    let mut settings = Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let _bound = settings.bind_to_scope();
    let program = help("");
    assert_snapshot!("help", program);
    let verbs = commands(&program);
    assert!(verbs.contains(&"up"), "{program}");
    for verb in verbs {
        let mut text = help(verb);
        for command in commands(&text.clone()) {
            let verb = format!("{verb} {command}");
            text.push_str(&format!("\n# {verb}\n{}", help(&verb)));
        }
        assert_snapshot!(format!("help-{verb}"), text);
    }
}

#[test]
fn wrong_use_is_code_2() {
    let home = tempfile::tempdir().expect("a folder");
    assert_snapshot!(run(home.path(), &["docter"]).text(home.path()), @"
    code: 2
    --- err
    error: unrecognized subcommand 'docter'

      tip: a similar subcommand exists: 'doctor'

    Usage: freehold <COMMAND>

    For more information, try '--help'.
    ");
    assert_eq!(run(home.path(), &[]).code, 2);
    assert_eq!(run(home.path(), &["audit", "show", "not-an-id"]).code, 2);
}

#[test]
fn a_closed_pipe_is_no_error() {
    let home = tempfile::tempdir().expect("a folder");
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let mut command = program(home.path());
    let status = command.args(["config", "show"]).stdout(writer).status().expect("it starts");
    assert_eq!(status.code(), Some(0));
}
