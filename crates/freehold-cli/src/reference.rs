//! The reference pages, made from what the program says about itself, so that they cannot differ.

use freehold_config::{Config, Sources};
use freehold_vet::{Severity, rules};

use crate::arguments;

/// The pages: name relative to `docs/reference/`, and text.
///
/// # Errors
/// If the default configuration does not hold, which a test rules out.
pub fn pages() -> Result<Vec<(String, String)>, freehold_config::ConfigError> {
    let mut command = arguments::command();
    command.build();
    let mut pages: Vec<_> = command
        .get_subcommands()
        .filter(|verb| !verb.is_hide_set() && verb.get_name() != "help")
        .map(|verb| (format!("cli/{}.md", verb.get_name()), verb_page(verb)))
        .collect();
    pages.push(("configuration.md".to_owned(), configuration()?));
    pages.push(("fit.md".to_owned(), freehold_fit::reference()));
    pages.push(("vet-rules.md".to_owned(), rules()));
    Ok(pages)
}

/// Every rule of the scanner.
fn rules() -> String {
    let mut page = format!("{MADE}{RULES}");
    for severity in [Severity::Malicious, Severity::Suspicious, Severity::Unread, Severity::Note] {
        let under: Vec<_> = rules::ALL.iter().filter(|rule| rule.severity == severity).collect();
        if under.is_empty() {
            continue;
        }
        page.push_str(&format!("\n## {severity}\n"));
        for rule in under {
            let (title, why, way_out) = (rule.title, rule.why, rule.way_out);
            page.push_str(&format!("\n### {}\n\n{title}. {why} {way_out}\n", rule.name));
        }
    }
    page
}

fn verb_page(verb: &clap::Command) -> String {
    let mut page = format!("{MADE}# freehold {}\n", verb.get_name());
    section(&mut page, verb, &format!("freehold {}", verb.get_name()), 0);
    for inner in verb.get_subcommands().filter(|inner| inner.get_name() != "help") {
        let name = format!("freehold {} {}", verb.get_name(), inner.get_name());
        section(&mut page, inner, &name, 1);
    }
    page
}

fn section(page: &mut String, verb: &clap::Command, name: &str, depth: usize) {
    if depth > 0 {
        page.push_str(&format!("\n## {name}\n"));
    }
    let mut verb = verb.clone().bin_name(name).term_width(96).disable_help_subcommand(true);
    let help = verb.render_long_help().to_string();
    let help: Vec<_> = help.lines().map(str::trim_end).collect();
    page.push_str(&format!("\n```text\n{}\n```\n", help.join("\n").trim_end()));
}

fn configuration() -> Result<String, freehold_config::ConfigError> {
    let config = Config::load(&Sources::default())?;
    let mut page = format!("{MADE}{CONFIGURATION}");
    let mut section = "";
    for setting in config.settings() {
        let Some((of, key)) = setting.key.split_once('.') else { continue };
        if of != section {
            section = of;
            page.push_str(&format!("\n## [{of}]\n\n{HEAD}"));
        }
        let default = match &setting.value {
            serde_json::Value::Null => "none".to_owned(),
            value => format!("`{value}`"),
        };
        page.push_str(&format!("| `{key}` | {default} | {} |\n", setting.about));
    }
    page.push_str(LISTS);
    Ok(page)
}

const RULES: &str = "\
# The rules of freehold vet

Each finding falls under one of these rules. A rule's name keeps its meaning. The worst finding in a
file makes its verdict; a file that was read to its end without a finding is clean.
`freehold vet --explain RULE` shows one rule.
";

const MADE: &str =
    "<!-- Made by `cargo run -p freehold-cli --example reference`; a test checks it. -->\n\n";

const HEAD: &str = "| key | default | what it does |\n|---|---|---|\n";

const CONFIGURATION: &str = "\
# freehold.toml

The file is optional. Freehold reads the one that `--config` or `FREEHOLD_CONFIG` names, else
`freehold.toml` in the data directory. It begins with `schema = 1`, which only a file that says
nothing may lack. A key that nobody knows is an error, with its place and the names that are close.
Messages show the line that is wrong, with stars in place of what looks like a secret.

Each setting of a section can be given as an environment variable, too: `FREEHOLD_`, the section,
`_`, the key, in capitals (`FREEHOLD_GATEWAY_LISTEN`). A flag wins over a variable, a variable over
the file, the file over the default; `freehold config show --origin` says which one it was.
`FREEHOLD_DIR` names the data directory.

The program's own log lines go to standard error and hold no content of requests. On a terminal they
are plain text, and only warnings and errors; anywhere else, and with `freehold up --json`, they are
one line of JSON each, from level `info`. `RUST_LOG` filters them
([syntax](https://docs.rs/tracing-subscriber/latest/tracing_subscriber/filter/struct.EnvFilter.html)).
";

const LISTS: &str = r#"
## [[models]]

Models on this machine's disk, served by the embedded engine beside the house models. Each, and each
adapter, needs an admission: `freehold vet PATH --admit --by NAME`.

| key | needed | what it is |
|---|---|---|
| `name` | yes | the name under which clients ask for it |
| `path` | yes | a folder with safetensors, or a GGUF file; relative to this file |
| `lora` | | adapters, each served as a model of its own: a list of `{ name, path }`, each path a GGUF file or PEFT's folder |

## [[vet.accept]]

Who may accept which findings of `freehold vet`. Without such a list anyone may accept, with a reason, any
finding that `refuse` of [vet] does not name.

| key | needed | what it is |
|---|---|---|
| `rules` | yes | a list of rules; one that ends with `*` stands for all that begin so |
| `by` | yes | a list of names as `--by` gives them, and of roles as `role:NAME` |

## [[backends]]

OpenAI-compatible servers. What is not declared about one counts against it: where nothing is said
in `accepts`, only `public` data may go there.

| key | needed | what it is |
|---|---|---|
| `id` | yes | the name that records use; `local` is the embedded engine's |
| `url` | yes | where its API begins, `http://` or `https://` |
| `api_key_env` | | the environment variable that holds its API key |
| `api_key_file` | | the file that holds its API key; relative to this file |
| `residency` | | `machine`, `premises`, `region:NAME` or `unknown` (the default) |
| `tenancy` | | `single`, `shared` or `unknown` (the default) |
| `accepts` | | the most sensitive class it may get: `public` (the default), `internal`, `confidential`, `restricted` |
| `stream_usage` | | whether it knows `stream_options.include_usage`, `true` by default: streams are then recorded with its own count of tokens |
| `logprobs` | | whether it knows `logprobs`, `false` by default: answers are then recorded with a confidence |
| `models` | | a list of `{ name, served_as, kind }`: the name for clients, the backend's own (the same by default), `chat` (the default) or `embedding` |

```toml
schema = 1

[gateway]
listen = "127.0.0.1:8484"

[[models]]
name = "qwen3"
path = "models/Qwen3-0.6B"

[vet]
allow = ["osi", "custom"]

[[vet.accept]]
rules = ["pickle/*"]
by = ["role:security"]

[[backends]]
id = "vllm"
url = "http://127.0.0.1:8000/v1"
residency = "premises"
tenancy = "single"
accepts = "confidential"
models = [{ name = "large", served_as = "org/large-model" }]
```
"#;

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn the_pages_in_the_repository_are_current() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference");
        for (name, text) in pages().unwrap() {
            let kept = std::fs::read_to_string(folder.join(&name)).unwrap_or_default();
            assert!(
                kept == text,
                "docs/reference/{name} is not what the program says; run `cargo run -p \
                 freehold-cli --example reference`"
            );
        }
    }

    #[test]
    fn the_example_holds() {
        let example = LISTS.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next());
        let config = Config::from_text(None, example.unwrap(), &Sources::default()).unwrap();
        assert_eq!((config.models.len(), config.backends.len()), (1, 1));
    }

    #[test]
    fn the_command_line_is_sound() {
        arguments::command().debug_assert();
    }
}
