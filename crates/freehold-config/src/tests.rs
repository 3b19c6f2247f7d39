//! What is accepted, what is refused, and that the refusal shows the place.

use std::path::Path;

use insta::assert_snapshot;
use proptest::prelude::*;

use crate::{Config, ConfigError, Environment, Origin, Sources};

fn load(text: &str, sources: &Sources) -> Result<Config, ConfigError> {
    Config::from_text(Some(Path::new("freehold.toml")), text, sources)
}

/// The text of the refusal; panics where the configuration holds.
fn check(text: &str) -> String {
    match load(text, &Sources::default()) {
        Ok(config) => panic!("accepted: {config:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_empty_file_is_the_defaults() {
    let config = load("", &Sources::default()).unwrap();
    assert_eq!(config.gateway.listen.to_string(), "127.0.0.1:8484");
    assert_eq!(config.engine.threads, 0);
    assert!(config.settings().iter().all(|setting| setting.origin == Origin::Default));
    assert!(config.settings().iter().all(|setting| !setting.about.is_empty()));
}

#[test]
fn a_full_file_is_read() {
    let text = r#"
schema = 1
[gateway]
listen = "[::1]:0"
[engine]
threads = 2
[[models]]
name = "qwen"
path = "models/qwen"
lora = [{ name = "tone", path = "tone.gguf" }]
[[backends]]
id = "vllm"
url = "http://10.0.0.5:8000/v1/"
residency = "region:eu"
tenancy = "single"
accepts = "confidential"
api_key_env = "VLLM_KEY"
logprobs = true
models = [{ name = "large", served_as = "org/large" }, { name = "embed", kind = "embedding" }]
"#;
    let environment = Environment::of([("VLLM_KEY", "topsecret")]);
    let config = load(text, &Sources { environment, ..Sources::default() }).unwrap();
    assert_eq!(config.engine.threads, 2);
    assert_eq!(config.models[0].lora[0].name, "tone");
    let backend = &config.backends[0];
    assert_eq!(backend.url, "http://10.0.0.5:8000/v1");
    assert_eq!(backend.api_key.as_ref().map(|key| key.reveal()), Some("topsecret"));
    assert!(backend.logprobs && backend.stream_usage);
    assert_eq!(backend.models[0].served_as, "org/large");
    assert!(backend.models[1].embedding);
    assert!(!format!("{config:?}").contains("topsecret"));
    let url = config.settings().iter().find(|setting| setting.key == "backends.0.url").unwrap();
    assert_eq!(url.origin.to_string(), "freehold.toml:13");
}

#[test]
fn flags_win_over_variables_over_the_file() {
    let text = "schema = 1\n[gateway]\nlisten = \"127.0.0.1:1\"\nmax_concurrent = 7\n";
    let environment = Environment::of([
        ("FREEHOLD_GATEWAY_LISTEN", "127.0.0.1:2"),
        ("FREEHOLD_ENGINE_PARALLEL", "3"),
    ]);
    let flags = vec![("gateway.listen", "--listen", "127.0.0.1:3".to_owned())];
    let config = load(text, &Sources { environment, flags, ..Sources::default() }).unwrap();
    let origin = |key: &str| {
        let found = config.settings().iter().find(|setting| setting.key == key).unwrap();
        format!("{} {}", found.value, found.origin)
    };
    assert_eq!(origin("gateway.listen"), "\"127.0.0.1:3\" flag --listen");
    assert_eq!(origin("engine.parallel"), "3 environment variable FREEHOLD_ENGINE_PARALLEL");
    assert_eq!(origin("gateway.max_concurrent"), "7 freehold.toml:4");
    assert_eq!(origin("console.listen"), "\"127.0.0.1:8485\" default");
}

#[test]
fn the_digest_is_of_values_not_of_origins() {
    let digest = |text: &str| load(text, &Sources::default()).unwrap().digest();
    assert_eq!(digest(""), digest("schema = 1\n\n[engine]\nthreads = 0\n"));
    assert_ne!(digest(""), digest("schema = 1\n[engine]\nthreads = 1\n"));
}

#[test]
fn all_problems_are_shown_at_once() {
    let text = "schema = 1\n[gatway]\n[gateway]\n  lisen = \"x\"\nmax_body_bytes = 0x1\n\
                max_concurrent = \"many\"\n[engine]\nthreads = []\n";
    assert_snapshot!(check(text), @r#"
    the configuration has 5 problems

    freehold.toml:2:2: unknown section `gatway`
       |
     2 | [gatway]
       |  ^^^^^^
       = did you mean `gateway`?

    freehold.toml:4:3: unknown key `lisen` in [gateway]
       |
     4 |   lisen = "x"
       |   ^^^^^
       = did you mean `listen`?

    freehold.toml:5:18: `max_body_bytes` is 1; expected a number of bytes from 1024 to 1073741824
       |
     5 | max_body_bytes = 0x1
       |                  ^^^

    freehold.toml:6:18: `max_concurrent` is "many"; expected a number from 1 to 100000
       |
     6 | max_concurrent = "many"
       |                  ^^^^^^

    freehold.toml:8:11: `threads` is []; expected a number from 0 to 1024
       |
     8 | threads = []
       |           ^^
    "#);
}

#[test]
fn lists_are_checked() {
    let text = r#"
schema = 1
[[models]]
name = "a b"
[[models]]
name = "house"
path = "x"
[[backends]]
id = "local"
url = "ftp://x"
residency = "moon"
api_key_env = "NOT_SET"
models = [{ name = "house", served = "y" }, 3]
"#;
    assert_snapshot!(check(text), @r#"
    the configuration has 9 problems

    freehold.toml:3:1: `path` is missing in [[models]]
       |
     3 | [[models]]
       | ^^^^^^^^^^

    freehold.toml:4:8: `name` is "a b"; expected a name of letters, digits and - _ . : / @
       |
     4 | name = "a b"
       |        ^^^^^

    freehold.toml:9:6: `id` is "local"; expected a name of letters, digits and - _ . : / @ other than `local`, the embedded engine
       |
     9 | id = "local"
       |      ^^^^^^^

    freehold.toml:10:7: `url` is "ftp://x"; expected an http:// or https:// address; a secret belongs in `api_key_env`
        |
     10 | url = "ftp://x"
        |       ^^^^^^^^^

    freehold.toml:11:13: `residency` is "moon"; expected machine, premises, unknown or region:NAME
        |
     11 | residency = "moon"
        |             ^^^^^^

    freehold.toml:12:15: environment variable `NOT_SET` is not set
        |
     12 | api_key_env = "NOT_SET"
        |               ^^^^^^^^^

    freehold.toml:13:20: model `house` is declared twice
        |
     13 | models = [{ name = "house", served = "y" }, 3]
        |                    ^^^^^^^

    freehold.toml:13:29: unknown key `served` in [[backends.models]]
        |
     13 | models = [{ name = "house", served = "y" }, 3]
        |                             ^^^^^^
       = did you mean `served_as`?

    freehold.toml:13:45: `models` is 3; expected a table
        |
     13 | models = [{ name = "house", served = "y" }, 3]
        |                                             ^
    "#);
}

#[test]
fn syntax_errors_have_a_place() {
    assert_snapshot!(check("schema = 1\n[gateway\nlisten = 1\n"), @"
    the configuration has a problem

    freehold.toml:2:9: not valid TOML: unclosed table, expected `]`
       |
     2 | [gateway
       |         ^
    ");
}

#[test]
fn another_schema_is_not_guessed_at() {
    assert_snapshot!(check("schema = 2\n[new]\nthing = 1\n"), @"
    the configuration has a problem

    freehold.toml:1:10: `schema` is 2; expected 1, the only one there is
       |
     1 | schema = 2
       |          ^
    ");
    assert_snapshot!(check("[gateway]\n"), @"
    the configuration has a problem

    freehold.toml:1:1: `schema` is missing
       |
     1 | [gateway]
       | ^
       = write `schema = 1` as the first line
    ");
}

/// A file that says nothing is as good as none: it cannot mean something else in another schema.
#[test]
fn a_file_that_says_nothing_holds() {
    for text in ["", "\n\n", "# later\n"] {
        assert!(load(text, &Sources::default()).is_ok(), "{text:?}");
    }
}

#[test]
fn secrets_in_wrong_places_are_not_shown() {
    let text = "schema = 1\n[[backends]]\nid = \"x\"\nurl = \"http://me:pass@word@host/v1\"\n\
                api_key = \"sk-1234\"\n";
    assert_snapshot!(check(text), @r#"
    the configuration has 2 problems

    freehold.toml:4:7: `url` is "http://************@host/v1"; expected an http:// or https:// address; a secret belongs in `api_key_env`
       |
     4 | url = "http://************@host/v1"
       |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

    freehold.toml:5:1: unknown key `api_key` in [[backends]]
       |
     5 | api_key = "*******"
       | ^^^^^^^
       = did you mean `api_key_env` or `api_key_file`?
    "#);
    let environment = Environment::of([("FREEHOLD_GATEWAY_LISTEN", "http://me:password@host")]);
    let error = load("", &Sources { environment, ..Sources::default() }).unwrap_err();
    assert!(!error.to_string().contains("password"), "{error}");
}

#[test]
fn variables_and_flags_are_checked() {
    let environment = Environment::of([
        ("FREEHOLD_GATEWAY_LISTNE", "127.0.0.1:2"),
        ("FREEHOLD_ENGINE_PARALLEL", "0"),
        ("FREEHOLD_PYTHON", "not ours to judge"),
    ]);
    let flags = vec![("console.listen", "--console", "nowhere".to_owned())];
    let error = load("", &Sources { environment, flags, ..Sources::default() }).unwrap_err();
    assert_snapshot!(error.to_string(), @r#"
    the configuration has 3 problems

    flag --console: `console.listen` is "nowhere"; expected an address and a port, as "127.0.0.1:8484"

    environment variable FREEHOLD_ENGINE_PARALLEL: `engine.parallel` is "0"; expected a number from 1 to 256

    environment variable FREEHOLD_GATEWAY_LISTNE: unknown variable `FREEHOLD_GATEWAY_LISTNE`
       = did you mean `FREEHOLD_GATEWAY_LISTEN`?
    "#);
}

#[test]
fn a_file_that_must_be_there() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent.toml");
    let required = Sources { file: Some(absent.clone()), ..Sources::default() };
    assert!(matches!(Config::load(&required), Err(ConfigError::Unreadable { .. })));
    let optional = Sources { optional_file: Some(absent), ..Sources::default() };
    assert_eq!(Config::load(&optional).unwrap().file, None);
}

#[test]
fn the_data_directory() {
    let check = |environment: Environment, expected: &str| {
        assert_eq!(environment.data_directory(), Path::new(expected));
    };
    check(Environment::of([("FREEHOLD_DIR", "d"), ("HOME", "/h")]), "d");
    check(Environment::of([("XDG_DATA_HOME", "/x"), ("HOME", "/h")]), "/x/freehold");
    check(Environment::of([("XDG_DATA_HOME", "x"), ("HOME", "/h")]), "/h/.local/share/freehold");
    check(Environment::of([]), "freehold-data");
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        if let Err(error) = load(&text, &Sources::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn no_shuffled_file_makes_it_panic(
        parts in proptest::collection::vec(
            prop_oneof![
                Just("schema = 1\n"), Just("schema"), Just(" = "), Just("[gateway]\n"), Just("[["),
                Just("models"), Just("]]\n"), Just("[[backends]]\n"), Just("[[models.lora]]\n"),
                Just("name = \"a\"\n"), Just("name = 'é\u{301}'\r\n"), Just("models = [{}]\n"),
                Just("listen = \"127.0.0.1:1\"\n"), Just("{"), Just("}"), Just("\"\"\"\n"),
                Just("99999999999999999999\n"), Just("1979-05-27\n"), Just("a.b.c = nan\n"),
                Just("\t\u{0}\n"), Just("\u{1f600} = 1\n"),
            ],
            0..24,
        )
    ) {
        if let Err(error) = load(&parts.concat(), &Sources::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
