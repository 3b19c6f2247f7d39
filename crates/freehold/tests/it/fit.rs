//! `freehold fit`: the personas get the advice that they should, the same everywhere and always.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
};

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::harness::{Ran, Server, finish, program, run, search_path};

/// The examples with what has to come out of each.
const EXAMPLES: &[(&str, i32, &[&str])] = &[
    ("regulated-enterprise", 0, &["self-hosted"]),
    ("high-volume-product", 0, &["hybrid"]),
    ("domain-specialist", 0, &["single-tenant"]),
    ("small-startup", 0, &["managed"]),
    ("frontier-research", 0, &["managed"]),
    ("nobody-on-call", 0, &["managed"]),
    ("not-yet", 1, &["not-yet"]),
];

fn example(name: &str, end: &str) -> String {
    format!("{}/../../docs/examples/fit/{name}.{end}", env!("CARGO_MANIFEST_DIR"))
}

/// The files of all examples.
pub fn examples() -> Vec<String> {
    EXAMPLES.iter().map(|(name, _, _)| example(name, "toml")).collect()
}

#[test]
fn the_examples_get_their_advice() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, code, outcome) in EXAMPLES {
        let ran = run(home.path(), &["fit", "--json", "--from", &example(name, "toml")]);
        assert_eq!((ran.code, &ran.json()["outcome"]), (*code, &json!(outcome)), "{name}");
        // Every file is complete, so that its advice rests on nothing unknown.
        let answers = ran.json()["answers"].as_object().expect("a map").clone();
        assert!(answers.values().all(Value::is_string), "{name}");
    }
}

#[test]
fn the_reports_in_the_repository_are_current() {
    let home = tempfile::tempdir().expect("a folder");
    for (name, _, _) in EXAMPLES {
        let ran = run(home.path(), &["fit", "--markdown", "--from", &example(name, "toml")]);
        // Sources grow stale; that is said of them, and no reason to print the examples anew.
        let report = ran.stdout.replace("; was to be read again by", ", to be read again by");
        let kept = fs::read_to_string(example(name, "md")).unwrap_or_default();
        assert!(
            kept == report,
            "docs/examples/fit/{name}.md is not what `freehold fit --markdown --from \
             docs/examples/fit/{name}.toml` prints"
        );
    }
}

#[test]
fn neither_order_nor_repetition_nor_the_way_in_changes_a_byte() {
    let home = tempfile::tempdir().expect("a folder");
    let file = example("small-startup", "toml");
    let text = fs::read_to_string(&file).expect("the example");
    let mut answers: Vec<String> = text
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .filter(|(question, _)| *question != "schema" && !question.starts_with('#'))
        .map(|(question, answer)| format!("{question}={}", answer.trim_matches('"')))
        .collect();
    assert_eq!(answers.len(), 23);
    for form in ["--json", "--markdown"] {
        let expected = run(home.path(), &["fit", form, "--from", &file]).stdout;
        answers.reverse();
        answers.push(answers[3].clone());
        let mut arguments = vec!["fit", form];
        for answer in &answers {
            arguments.extend(["--answer", answer]);
        }
        assert!(run(home.path(), &arguments).stdout == expected, "{form}");
        let both = run(home.path(), &["fit", form, "--from", &file, "--answer", &answers[0]]);
        assert!(both.stdout == expected, "{form}");
    }
}

#[test]
fn without_answers_and_terminal_the_way_out_is_named() {
    let home = tempfile::tempdir().expect("a folder");
    assert_snapshot!(run(home.path(), &["fit"]).text(home.path()), @r"
    code: 2
    --- err
    error: no answers were given, and there is no terminal to ask in
    hint: answer with `--answer QUESTION=ANSWER` or `--from FILE`; `freehold fit --questions` lists what is asked
    ");
}

#[test]
fn mistakes_are_named_with_their_places() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("answers.toml");
    fs::write(&file, "schema = 1\ntask = \"code\"\ntokenz = \"over-30b\"\nleave = \"perhaps\"\n")
        .expect("written");
    let name = file.display().to_string();
    assert_snapshot!(run(home.path(), &["fit", "--from", &name]).text(home.path()), @r#"
    code: 2
    --- err
    error: the file of answers cannot be used
    cause: the file has 2 problems

    [HOME]/answers.toml:3:1: unknown key `tokenz`
       |
     3 | tokenz = "********"
       | ^^^^^^
       = did you mean `tokens`?

    [HOME]/answers.toml:4:9: `leave` is "perhaps"; expected one of contract, some, reserved, never, unknown
       |
     4 | leave = "perhaps"
       |         ^^^^^^^^^
    hint: `freehold fit --questions` lists what is asked
    "#);
    let twice = ["fit", "--answer", "task=agents", "--answer", "task=code"];
    let contradiction = run(home.path(), &twice);
    assert_eq!(contradiction.code, 2);
    assert!(contradiction.stderr.contains("--answer task=agents"), "{}", contradiction.stderr);
    assert!(contradiction.stderr.contains("--answer task=code"), "{}", contradiction.stderr);
    let twice = ["fit", "--answer", "task=code", "--weight", "cost=10", "--weight", "cost=20"];
    let contradiction = run(home.path(), &twice);
    assert_eq!(contradiction.code, 2);
    assert!(contradiction.stderr.contains("given as 10 and as 20"), "{}", contradiction.stderr);
    // A flag wins over the file.
    let file = example("not-yet", "toml");
    let over = run(home.path(), &["fit", "--json", "--from", &file, "--answer", "task=code"]);
    assert_eq!(over.json()["answers"]["task"], "code");
    let slip = run(home.path(), &["fit", "--answer", "tasc=code"]);
    assert_eq!(slip.code, 2);
    assert!(slip.stderr.contains("did you mean task?"), "{}", slip.stderr);
    let zero = ["cost", "control", "privacy", "freedom", "operations", "capability"];
    let zero: Vec<String> = zero.iter().map(|driver| format!("{driver}=0")).collect();
    let mut arguments = vec!["fit", "--answer", "task=code"];
    zero.iter().for_each(|weight| arguments.extend(["--weight", weight]));
    let nothing = run(home.path(), &arguments);
    assert_eq!(nothing.code, 2);
    assert!(nothing.stderr.contains("nothing counts"), "{}", nothing.stderr);
}

#[test]
fn saved_answers_give_the_same_advice() {
    let home = tempfile::tempdir().expect("a folder");
    let file = home.path().join("kept.toml").display().to_string();
    let given = [
        "fit",
        "--json",
        "--answer",
        "task=agents",
        "--answer",
        "leave=unknown",
        "--weight",
        "cost=35",
    ];
    let first = run(home.path(), &[&given[..], &["--save", &file]].concat());
    assert_eq!(first.code, 0, "{}", first.stderr);
    let again = run(home.path(), &["fit", "--json", "--from", &file]);
    assert_eq!(again.stdout, first.stdout);
    // What is there is not written over, unless the answers came from it.
    let refused = run(home.path(), &[&given[..], &["--save", &file]].concat());
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("is there already"), "{}", refused.stderr);
    let more = ["fit", "--json", "--from", &file, "--answer", "class=public", "--save", &file];
    assert_eq!(run(home.path(), &more).code, 0);
    let text = fs::read_to_string(&file).expect("kept");
    assert!(text.contains("class = \"public\"") && text.contains("task = \"agents\""), "{text}");
    let names: Vec<_> = fs::read_dir(home.path()).expect("a folder").flatten().collect();
    assert_eq!(names.len(), 1, "{names:?}");
}

#[test]
fn nothing_known_is_said_to_be_nothing_known() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = run(home.path(), &["fit", "--json", "--answer", "task=unknown"]);
    assert_eq!(ran.code, 0);
    let advice = ran.json();
    let all = json!(["self-hosted", "single-tenant", "hybrid", "managed", "not-yet"]);
    assert_eq!(advice["outcome"], all);
    assert_eq!(advice["open_questions"].as_array().map(Vec::len), Some(3));
    assert!(advice["gates"].as_array().expect("gates").iter().all(|gate| gate["state"] == "open"));
}

#[test]
fn commands_that_are_suggested_exist() {
    let home = tempfile::tempdir().expect("a folder");
    let mut seen = Vec::new();
    let open = ["fit", "--json", "--answer", "task=code"].map(str::to_owned).to_vec();
    let examples = examples()
        .into_iter()
        .map(|file| vec!["fit".to_owned(), "--json".to_owned(), "--from".to_owned(), file]);
    for arguments in examples.chain([open]) {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let advice = run(home.path(), &arguments).json();
        for next in advice["next"].as_array().expect("a list") {
            let next: Vec<String> =
                serde_json::from_value(next["arguments"].clone()).expect("texts");
            if !seen.contains(&next) {
                seen.push(next);
            }
        }
    }
    assert!(seen.len() >= 3, "{seen:?}");
    for command in seen {
        // With `--help` behind it, a flag that does not exist is still an error.
        let mut arguments: Vec<&str> = command.iter().map(String::as_str).collect();
        arguments.push("--help");
        let ran = run(home.path(), &arguments);
        assert_eq!(ran.code, 0, "{command:?}: {}", ran.stderr);
        let flags = command.iter().filter(|word| word.starts_with("--"));
        for flag in flags {
            assert!(ran.stdout.contains(flag.as_str()), "{command:?}: no {flag} in its help");
        }
    }
}

/// In a terminal, by util-linux' `script`: each text is typed once the one before it was shown.
fn typed(home: &Path, arguments: &str, steps: &[(&str, &str)]) -> Ran {
    // In place of the shell, which would die of Control-C before the program has spoken.
    let line = format!("exec {} {arguments}", env!("CARGO_BIN_EXE_freehold"));
    let mut child = Command::new("script")
        .args(["-qec", &line, "/dev/null"])
        .env_clear()
        .env("HOME", home)
        .env("PATH", search_path())
        .current_dir(home)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script` of util-linux is there");
    let mut keys = child.stdin.take().expect("piped");
    let mut screen = child.stdout.take().expect("piped");
    let (mut shown, mut seen, mut buffer) = (String::new(), 0, [0; 4096]);
    for (awaited, text) in steps {
        let end = loop {
            if let Some(at) = shown[seen..].find(awaited) {
                break seen + at + awaited.len();
            }
            let read = screen.read(&mut buffer).expect("it shows something");
            assert!(read > 0, "no {awaited:?} in {shown}");
            shown.push_str(&String::from_utf8_lossy(&buffer[..read]));
        };
        seen = end;
        keys.write_all(text.as_bytes()).expect("it listens");
    }
    let mut rest = Vec::new();
    screen.read_to_end(&mut rest).expect("it ends");
    shown.push_str(&String::from_utf8_lossy(&rest));
    let code = child.wait().expect("it ends").code().unwrap_or(-1);
    Ran { code, stdout: shown.replace('\r', ""), stderr: String::new() }
}

#[test]
fn questions_are_asked_in_a_terminal() {
    let home = tempfile::tempdir().expect("a folder");
    // By number, by name, unknown, back and again, why; the rest unknown.
    let rest = "\n".repeat(20);
    let steps = [
        ("1 of 23", "1\n"),
        ("2 of 23", "few\n"),
        ("3 of 23", "?\n"),
        ("4 of 23", "b\n"),
        ("3 of 23", "4\n"),
        ("4 of 23", "w\n"),
        ("can be tuned", &rest),
    ];
    let ran = typed(home.path(), "fit --save kept.toml", &steps);
    assert_eq!(ran.code, 0, "{}", ran.stdout);
    for part in ["Use case", "1 of 23", "23 of 23", "Weights in hand can be tuned", "Not decided"] {
        assert!(ran.stdout.contains(part), "no {part:?} in {}", ran.stdout);
    }
    let kept = fs::read_to_string(home.path().join("kept.toml")).expect("saved");
    for part in ["\ntask = \"extraction\"", "\npremium = \"few\"", "\ntokens = \"over-30b\""] {
        assert!(kept.contains(part), "{kept}");
    }
    assert!(kept.contains("# custom = \"unknown\""), "{kept}");
}

#[test]
fn whoever_leaves_can_go_on() {
    let home = tempfile::tempdir().expect("a folder");
    let ran = typed(home.path(), "fit --save kept.toml", &[("1 of 23", "6\n"), ("2 of 23", "q\n")]);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stdout.contains("fit --ask --answer 'task=reasoning'"), "{}", ran.stdout);
    assert!(!home.path().join("kept.toml").exists());
    // Control-C, as the terminal sends it on.
    let steps = [("1 of 23", "6\n"), ("2 of 23", "1\n"), ("3 of 23", "\u{3}")];
    let ran = typed(home.path(), "fit", &steps);
    assert_eq!(ran.code, 2, "{}", ran.stdout);
    assert!(ran.stdout.contains("--answer 'premium=none'"), "{}", ran.stdout);
}

#[test]
fn practice_is_held_against_paper() {
    let home = tempfile::tempdir().expect("a folder");
    let none = run(home.path(), &["fit", "--measured", "--dir", "absent"]);
    assert_eq!(none.code, 2);
    assert!(none.stderr.contains("there is no audit log"), "{}", none.stderr);

    let server = Server::start(home.path(), &[]);
    let spoken = server.say("house", "Good morning");
    assert_eq!(spoken.expect("an answer").status, 200);
    let directory = server.directory.display().to_string();
    let said = [
        "fit",
        "--json",
        "--measured",
        "--dir",
        &directory,
        "--answer",
        "privilege=enforced",
        "--answer",
        "filters=enforced",
        "--answer",
        "class=public",
        "--answer",
        "leave=never",
    ];
    let ran = run(home.path(), &said);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let advice = ran.json();
    let verdict = |question: &str| {
        let comparisons = advice["measured"]["comparisons"].as_array().expect("a list");
        let found = comparisons.iter().find(|one| one["question"] == question).expect("compared");
        found["verdict"].as_str().expect("a word").to_owned()
    };
    // The first key may use every tool, nothing filters content, and the record is whole.
    assert_eq!(verdict("privilege"), "differs");
    assert_eq!(verdict("filters"), "differs");
    assert_eq!(verdict("logging"), "found");
    // Nobody labelled the request, so it counts as what the operator's default says: internal.
    assert_eq!(verdict("class"), "differs");
    // Nothing is declared that speaks against it, which does not measure it.
    assert_eq!(verdict("leave"), "not-measured");
    assert_eq!(verdict("tokens"), "not-measured");
    assert_eq!(advice["answers"]["filters"], "planned");
    assert_eq!(advice["answers"]["logging"], "enforced");
    let record = &advice["measured"]["record"];
    assert_eq!((&record["requests"], &record["without_outcome"]), (&json!(1), &json!(0)));
    assert!(
        record["prompt_tokens"].as_u64() > Some(0)
            && record["completion_tokens"].as_u64() > Some(0)
    );
    crate::json::valid_text("fit", home.path(), &ran.stdout);

    // A backend elsewhere, declared to take what was said never to leave.
    let config = home.path().join("data/freehold.toml");
    fs::write(
        &config,
        "schema = 1\n[[backends]]\nid = \"far\"\nurl = \"http://127.0.0.1:9/v1\"\naccepts = \
         \"internal\"\nmodels = [{ name = \"far\" }]\n",
    )
    .expect("written");
    let page = run(home.path(), &[&said[..1], &said[2..]].concat());
    assert!(page.stdout.contains("Practice is not what was said in 4 places"), "{}", page.stdout);
    assert!(page.stdout.contains("`far`"), "{}", page.stdout);
    assert_eq!(server.stop(), 0);
}

#[test]
fn every_line_fits_a_terminal() {
    let home = tempfile::tempdir().expect("a folder");
    for file in examples() {
        let ran = finish(program(home.path()).args(["fit", "--from", &file]));
        for line in ran.stdout.lines() {
            assert!(line.chars().count() <= 80, "{line}");
        }
        assert!(!ran.stdout.contains('\u{1b}'), "piped output is plain");
    }
}
