//! What every verb says about itself, and the exit codes.

use insta::assert_snapshot;

use crate::harness::{program, run};

fn help(verb: &str) -> String {
    let home = tempfile::tempdir().expect("a folder");
    let mut arguments: Vec<&str> = verb.split_whitespace().collect();
    arguments.push("--help");
    run(home.path(), &arguments).text(home.path())
}

#[test]
fn the_program() {
    assert_snapshot!(help(""), @"
    code: 0
    --- out
    Run open-weight models under enforced control, with a record of every answer

    Usage: freehold <COMMAND>

    Commands:
      fit          Find out whether open models are right for you: answer questions, get advice that
                   explains itself
      catalog      Look up open models, licences, hardware and prices, each fact with its source
      up           Start everything: worker, gateway, console
      audit        Read and check the record of what happened
      key          Make, list and revoke API keys
      config       Check and show the configuration
      catalog      Look up open models, licences, hardware and prices, each fact with its source
      console      Serve the pages for deciding alone: no engine, no model, no key
      doctor       Say what of the jail, the log and the limits is in force on this machine
      completions  Print completions for a shell
      help         Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Exit codes: 0 yes or clean; 1 no, or findings; 2 could not answer; 101 a bug.
    ");
}

#[test]
fn up() {
    assert_snapshot!(help("up"), @"
    code: 0
    --- out
    Start everything: worker, gateway, console

    Usage: freehold up [OPTIONS]

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

          --listen <ADDR>
              Where the gateway listens; port 0 takes a free one [default: 127.0.0.1:8484]

          --console <ADDR>
              Where the console listens; port 0 takes a free one [default: 127.0.0.1:8485]

          --model <PATH>
              Serve this model, too: a folder with safetensors, or a GGUF file. Can be repeated. Your
              name is recorded as the one who admitted it

          --new-store
              Go on with new keys where the old ones are lost: no API key made before is valid, and no
              body sealed before can be opened. The log records it. Refused where nothing is lost

          --json
              Print one line of JSON when ready, and nothing else

      -h, --help
              Print help (see a summary with '-h')

    JSON: one line when ready, with `gateway` and `console` (addresses), `console_sign_in` (an address
    that signs in once), `api_key_file` (null where it is lost), `directory`, `models` (names), `pid`,
    and `first_start`.
    ");
}

#[test]
fn audit() {
    assert_snapshot!(help("audit"), @"
    code: 0
    --- out
    Read and check the record of what happened

    Usage: freehold audit [OPTIONS] <COMMAND>

    Commands:
      tail    Show the newest records
      show    Show everything about one record: intent, outcome, proof, and the bodies where their key
              still exists
      verify  Check every entry, every proof and every signature; exit code 1 where something is wrong
      export  Write what an auditor needs to check the log with other people's tools
      help    Print this message or the help of the given subcommand(s)

    Options:
          --dir <DIR>  The data directory [default: as for `up`]
      -h, --help       Print help
    ");
    assert_snapshot!(help("audit tail"), @"
    code: 0
    --- out
    Show the newest records

    Usage: freehold audit tail [OPTIONS]

    Options:
          --dir <DIR>
              The data directory [default: as for `up`]

      -n, --lines <COUNT>
              How many entries
              
              [default: 20]

          --json
              Print one line of JSON for each entry

      -h, --help
              Print help (see a summary with '-h')

    JSON: one line an entry, with `sequence`, `id`, `time` (UTC), `kind` (intent, outcome, event),
    `leaf` (hash), `proof` (included, pending, broken), `recorded` (the header as the log holds it), and
    `body_state` (none, sealed).
    ");
    assert_snapshot!(help("audit show"), @"
    code: 0
    --- out
    Show everything about one record: intent, outcome, proof, and the bodies where their key still
    exists

    Usage: freehold audit show [OPTIONS] <ID>

    Arguments:
      <ID>
              The record, as the answer's `x-freehold-record` names it

    Options:
          --dir <DIR>
              The data directory [default: as for `up`]

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `id` and `entries`; an entry is as `audit tail` prints it, with `body` where
    it could be opened, and `body_state` none, opened, erased, sealed or damaged.
    ");
    assert_snapshot!(help("audit verify"), @"
    code: 0
    --- out
    Check every entry, every proof and every signature; exit code 1 where something is wrong

    Usage: freehold audit verify [OPTIONS] [FOLDER]

    Arguments:
      [FOLDER]
              An exported folder, or a copy of a log [default: the log in the data directory]

    Options:
          --dir <DIR>
              The data directory [default: as for `up`]

          --vkey <FILE>
              A file with the log's public key, had from its owner [default: the one in the folder]

          --pin <FILE>
              An older checkpoint of this log, kept elsewhere: a log that was rolled back or rewritten
              since then does not pass

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `ok`, `directory`, `findings` (texts that say what is wrong and where) and, if
    it verifies, `origin`, `vkey`, `entries`, `root`, `unsigned` (whole entries after the checkpoint),
    `bodies` (sealed ones that are what was recorded).
    ");
    assert_snapshot!(help("audit export"), @"
    code: 0
    --- out
    Write what an auditor needs to check the log with other people's tools

    Usage: freehold audit export [OPTIONS] <DIR>

    Arguments:
      <DIR>
              A folder that does not exist yet, or is empty

    Options:
          --dir <DIR>
              The data directory [default: as for `up`]

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `directory`, `origin` and `entries`.
    ");
}

#[test]
fn key() {
    assert_snapshot!(help("key"), @"
    code: 0
    --- out
    Make, list and revoke API keys

    Usage: freehold key [OPTIONS] <COMMAND>

    Commands:
      create  Make a key and show it this once; it works at once, also in a running Freehold
      list    Show all keys, revoked ones too; never what is secret of them
      revoke  Revoke a key, at once, also in a running Freehold; exit code 1 where there is none to
              revoke
      help    Print this message or the help of the given subcommand(s)

    Options:
          --dir <DIR>      The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold,
                           else ~/.local/share/freehold]
          --config <FILE>  The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the
                           data directory, where there is one]
      -h, --help           Print help
    ");
    assert_snapshot!(help("key create"), @r#"
    code: 0
    --- out
    Make a key and show it this once; it works at once, also in a running Freehold

    Usage: freehold key create [OPTIONS] <NAME>

    Arguments:
      <NAME>
              Whose key it is; records name `key:NAME` as the one who asked

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --tools <TOOLS>
              The tools that answers may call, separated by commas; "" for none [default: all]

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

          --max-class <CLASS>
              The most sensitive data it may send: public, internal, confidential, restricted [default:
              no limit of its own]

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `id` (the public part) and `secret`.
    "#);
    assert_snapshot!(help("key revoke"), @"
    code: 0
    --- out
    Revoke a key, at once, also in a running Freehold; exit code 1 where there is none to revoke

    Usage: freehold key revoke [OPTIONS] <ID>

    Arguments:
      <ID>
              The key's public part: the eight characters after `fh_`

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --json
              Print JSON

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `id` and `revoked` (whether it was valid before).
    ");
}

#[test]
fn config() {
    assert_snapshot!(help("config"), @"
    code: 0
    --- out
    Check and show the configuration

    Usage: freehold config [OPTIONS] <COMMAND>

    Commands:
      check  Say whether the configuration holds; exit code 1 where it does not
      show   Show every setting in force
      help   Print this message or the help of the given subcommand(s)

    Options:
          --dir <DIR>      The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold,
                           else ~/.local/share/freehold]
          --config <FILE>  The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the
                           data directory, where there is one]
      -h, --help           Print help
    ");
    assert_snapshot!(help("config check"), @"
    code: 0
    --- out
    Say whether the configuration holds; exit code 1 where it does not

    Usage: freehold config check [OPTIONS]

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --json
              Print JSON

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `ok`, `file`, `digest`, and `problems`; each problem has `place` and `text`.
    ");
    assert_snapshot!(help("config show"), @"
    code: 0
    --- out
    Show every setting in force

    Usage: freehold config show [OPTIONS]

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --origin
              Say where each value comes from: default, file and line, environment variable

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `digest` and `settings`; each setting has `key`, `value`, `origin`, `about`.
    ");
}

#[test]
fn console() {
    assert_snapshot!(help("console"), @r"
    code: 0
    --- out
    Serve the pages for deciding alone: no engine, no model, no key

    Usage: freehold console [OPTIONS]

    Options:
          --listen <ADDR>
              Where it listens: an address of this machine itself; port 0 takes a free one
              
              [default: 127.0.0.1:8485]

          --json
              Print one line of JSON when ready, and nothing else

      -h, --help
              Print help (see a summary with '-h')

    JSON: one line when ready, with `console` (its address) and `pid`.
    ");
}

#[test]
fn doctor() {
    assert_snapshot!(help("doctor"), @"
    code: 0
    --- out
    Say what of the jail, the log and the limits is in force on this machine

    Usage: freehold doctor [OPTIONS]

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

          --json
              Print JSON

      -h, --help
              Print help (see a summary with '-h')

    JSON: one object with `checks`; each check has `area`, `name`, `state` (in force, partly, not in
    force), `why`, and `way_out` where there is one.
    ");
}

#[test]
fn completions() {
    assert_snapshot!(help("completions"), @"
    code: 0
    --- out
    Print completions for a shell

    Usage: freehold completions <SHELL>

    Arguments:
      <SHELL>  The shell [possible values: bash, elvish, fish, powershell, zsh]

    Options:
      -h, --help  Print help
    ");
    let home = tempfile::tempdir().expect("a folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = run(home.path(), &["completions", shell]);
        assert_eq!(ran.code, 0);
        assert!(ran.stdout.contains("freehold"), "{shell}");
    }
}

#[test]
fn wrong_use_is_code_2() {
    let home = tempfile::tempdir().expect("a folder");
    assert_snapshot!(run(home.path(), &["udit"]).text(home.path()), @"
    code: 2
    --- err
    error: unrecognized subcommand 'udit'

      tip: a similar subcommand exists: 'audit'

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

#[test]
fn catalog() {
    assert_snapshot!(help("catalog"), @"
    code: 0
    --- out
    Look up open models, licences, hardware and prices, each fact with its source

    Usage: freehold catalog [OPTIONS] <COMMAND>

    Commands:
      search    Show the models that meet what you ask, and why the others do not; exit code 1 where
                none does
      show      Show all that is known of a model, each fact with its source and day
      compare   Show models side by side
      hardware  Show accelerators and processors, or one of them
      prices    Show what hosted models cost, and what renting or buying hardware does
      tasks     Show task classes: where open models are a production default, and where frontier models
                lead
      licences  Show licences and what to watch in them
      check     Say which facts are stale, contradictory or not confirmed; exit code 1 where any is
                stale or contradictory
      help      Print this message or the help of the given subcommand(s)

    Options:
          --dir <DIR>       The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold,
                            else ~/.local/share/freehold]
          --config <FILE>   The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the
                            data directory, where there is one]
          --overlay <FILE>  A file with facts of your own that go over the catalogue's [default:
                            `catalog.overlay` of the configuration, else catalog-overlay.json in the
                            data directory, where there is one]
          --on <DATE>       The day for which facts are fresh or stale [default: today]
          --json            Print JSON
      -h, --help            Print help
    ");
    assert_snapshot!(help("catalog search"), @"
    code: 0
    --- out
    Show the models that meet what you ask, and why the others do not; exit code 1 where none does

    Usage: freehold catalog search [OPTIONS] [TEXT]

    Arguments:
      [TEXT]
              A part of the model's name, family or publisher

    Options:
          --dir <DIR>
              The data directory [default: $FREEHOLD_DIR, else $XDG_DATA_HOME/freehold, else
              ~/.local/share/freehold]

          --licence <CATEGORIES>
              Categories of the weights licence, separated by commas: osi, custom, source-available

          --config <FILE>
              The configuration file [default: $FREEHOLD_CONFIG, else freehold.toml in the data
              directory, where there is one]

          --min-size <COUNT>
              At least so many parameters, as in 8B

          --max-size <COUNT>
              At most so many parameters

          --overlay <FILE>
              A file with facts of your own that go over the catalogue's [default: `catalog.overlay` of
              the configuration, else catalog-overlay.json in the data directory, where there is one]

          --context <TOKENS>
              At least so many tokens of context, as in 32k (32,000)

          --on <DATE>
              The day for which facts are fresh or stale [default: today]

          --json
              Print JSON

          --task <TASK>
              A task class of `catalog tasks`: its needs are asked, its benchmarks rank

          --purpose <PURPOSES>
              What the model is made for, any of: chat, base, code, maths, embedding, reranking,
              transcription, speech, image, video, documents, translation, safety

          --language <CODES>
              Languages that its publisher names, all of them, as ISO 639 codes: de,fr

          --input <KINDS>
              What it takes, all of: text, image, audio, video

          --output <KINDS>
              What it gives, all of: text, image, audio, video, vector

          --capability <CAPABILITIES>
              What it can do besides, all of: tools, reasoning, structured-output

          --primary-only
              Take what only a collection or the press states as not confirmed; of licences, that is
              always so

          --why
              Say for each model why, with the facts and their sources

          --all
              Show the models that are not confirmed and those that are excluded, too

          --limit <COUNT>
              How many of each group at most; 0 for all. JSON has all
              
              [default: 20]

      -h, --help
              Print help (see a summary with '-h')

    What it must fit:
          --hardware <NAME>
              Hardware of `catalog hardware` that it must fit

          --count <COUNT>
              How many of that hardware, together
              
              [default: 1]

          --memory <BYTES>
              Memory that it must fit, as in 24GB or 24GiB

          --quantisation <FORM>
              The form of its weights, as in q4_k_m [default: the one with most bits that fits]

          --tokens <TOKENS>
              Tokens of each sequence that is held [default: --context, else 8192]

          --sequences <COUNT>
              Sequences at the same time
              
              [default: 1]

          --cache <FORM>
              How the key-value cache is stored: f32, f16, f8, q8_0, q4_0
              
              [default: f16]

          --share <SHARE>
              The share of the memory that weights and cache may take; the rest is for the engine
              
              [default: 0.9]

    Who wants to use it:
          --region <REGION>
              Where you are: a country's ISO 3166-1 code, EU or EEA

          --users <COUNT>
              Monthly active users of all your products, as in 2M

          --revenue <DOLLARS>
              Your yearly revenue in US dollars, as in 50M

          --commercial
              The use is commercial

          --trains-on-outputs
              Outputs will train other models

    JSON: an array of models (docs/reference/json/catalog-search.schema.json), each with `standing`
    (match; with --all also not_confirmed and excluded), `reasons` and their `facts`, each fact with
    `source`, `seen`, `reverify`, `stale`, `overlay`, `primary`.
    ");
}
