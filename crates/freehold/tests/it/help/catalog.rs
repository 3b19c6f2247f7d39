//! What `freehold catalog` says about itself.

use insta::assert_snapshot;

use super::help;

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
