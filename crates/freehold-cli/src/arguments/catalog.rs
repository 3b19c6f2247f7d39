//! The command line of `freehold catalog`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use freehold_catalog::{
    Capability, Date, KvPrecision, LicenceCategory, Machine, Modality, Purpose, words,
};
use serde::de::{self, DeserializeOwned, value::StrDeserializer};

use super::Place;

/// `freehold catalog`.
#[derive(Debug, Args)]
pub(crate) struct Catalog {
    #[command(flatten)]
    pub place: Place,
    /// A file with facts of your own that go over the catalogue's [default: `catalog.overlay` of the
    /// configuration, else catalog-overlay.json in the data directory, where there is one]
    #[arg(long, value_name = "FILE", global = true)]
    pub overlay: Option<PathBuf>,
    /// The day for which facts are fresh or stale [default: today]
    #[arg(long, value_name = "DATE", global = true)]
    pub on: Option<Date>,
    /// Print JSON
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub verb: CatalogVerb,
}

/// What to look up.
#[derive(Debug, Subcommand)]
pub(crate) enum CatalogVerb {
    /// Show the models that meet what you ask, and why the others do not; exit code 1 where none does
    #[command(after_long_help = SEARCH_JSON)]
    Search(Box<Search>),
    /// Show all that is known of a model, each fact with its source and day
    #[command(after_long_help = SHOW_JSON)]
    Show {
        /// The model: its Hugging Face repository, or another name of it
        model: String,
    },
    /// Show models side by side
    #[command(after_long_help = COMPARE_JSON)]
    Compare {
        /// The models, two or more
        #[arg(required = true, num_args = 2..)]
        models: Vec<String>,
        /// Leave out what is the same in all of them
        #[arg(long)]
        differences: bool,
    },
    /// Show accelerators and processors, or one of them
    #[command(after_long_help = HARDWARE_JSON)]
    Hardware {
        /// One of them [default: all]
        name: Option<String>,
    },
    /// Show what hosted models cost, and what renting or buying hardware does
    #[command(after_long_help = PRICES_JSON)]
    Prices {
        /// A part of a provider's, model's or hardware's name [default: all]
        text: Option<String>,
    },
    /// Show task classes: where open models are a production default, and where frontier models lead
    #[command(after_long_help = TASKS_JSON)]
    Tasks {
        /// One of them, with the scores that show it [default: all]
        name: Option<String>,
    },
    /// Show licences and what to watch in them
    #[command(after_long_help = LICENCES_JSON)]
    Licences {
        /// One of them, with its terms [default: all]
        name: Option<String>,
    },
    /// Say which facts are stale, contradictory or not confirmed; exit code 1 where any is stale or
    /// contradictory
    #[command(after_long_help = CHECK_JSON)]
    Check {
        /// List each fact that is not confirmed, too
        #[arg(long)]
        notes: bool,
    },
}

/// `freehold catalog search`.
#[derive(Debug, Args)]
pub(crate) struct Search {
    /// A part of the model's name, family or publisher
    pub text: Option<String>,
    /// Categories of the weights licence, separated by commas: osi, custom, source-available
    #[arg(long, value_name = "CATEGORIES", value_delimiter = ',', value_parser = named::<LicenceCategory>)]
    pub licence: Vec<LicenceCategory>,
    /// At least so many parameters, as in 8B
    #[arg(long, value_name = "COUNT", value_parser = words::parse_count)]
    pub min_size: Option<u64>,
    /// At most so many parameters
    #[arg(long, value_name = "COUNT", value_parser = words::parse_count)]
    pub max_size: Option<u64>,
    /// At least so many tokens of context, as in 32k (32,000)
    #[arg(long, value_name = "TOKENS", value_parser = words::parse_count)]
    pub context: Option<u64>,
    /// A task class of `catalog tasks`: its needs are asked, its benchmarks rank
    #[arg(long, value_name = "TASK")]
    pub task: Option<String>,
    /// What the model is made for, any of: chat, base, code, maths, embedding, reranking,
    /// transcription, speech, image, video, documents, translation, safety
    #[arg(long, value_name = "PURPOSES", value_delimiter = ',', value_parser = named::<Purpose>)]
    pub purpose: Vec<Purpose>,
    /// Languages that its publisher names, all of them, as ISO 639 codes: de,fr
    #[arg(long, value_name = "CODES", value_delimiter = ',')]
    pub language: Vec<String>,
    /// What it takes, all of: text, image, audio, video
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = named::<Modality>)]
    pub input: Vec<Modality>,
    /// What it gives, all of: text, image, audio, video, vector
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = named::<Modality>)]
    pub output: Vec<Modality>,
    /// What it can do besides, all of: tools, reasoning, structured-output
    #[arg(long, value_name = "CAPABILITIES", value_delimiter = ',', value_parser = named::<Capability>)]
    pub capability: Vec<Capability>,
    /// Hardware of `catalog hardware` that it must fit
    #[arg(long, value_name = "NAME", help_heading = "What it must fit", group = "fits")]
    pub hardware: Option<String>,
    /// How many of that hardware, together
    #[arg(
        long,
        value_name = "COUNT",
        help_heading = "What it must fit",
        default_value_t = 1,
        requires = "hardware"
    )]
    pub count: u32,
    /// Memory that it must fit, as in 24GB or 24GiB
    #[arg(long, value_name = "BYTES", help_heading = "What it must fit", group = "fits", value_parser = words::parse_bytes)]
    pub memory: Option<u64>,
    /// The form of its weights, as in q4_k_m [default: the one with most bits that fits]
    #[arg(long, value_name = "FORM", help_heading = "What it must fit", requires = "fits")]
    pub quantisation: Option<String>,
    /// Tokens of each sequence that is held [default: --context, else 8192]
    #[arg(long, value_name = "TOKENS", help_heading = "What it must fit", value_parser = words::parse_count)]
    pub tokens: Option<u64>,
    /// Sequences at the same time
    #[arg(long, value_name = "COUNT", help_heading = "What it must fit", default_value_t = 1)]
    pub sequences: u32,
    /// How the key-value cache is stored: f32, f16, f8, q8_0, q4_0
    #[arg(long, value_name = "FORM", help_heading = "What it must fit", default_value = "f16", value_parser = named::<KvPrecision>)]
    pub cache: KvPrecision,
    /// The share of the memory that weights and cache may take; the rest is for the engine
    #[arg(long, value_name = "SHARE", help_heading = "What it must fit", requires = "fits", default_value_t = Machine::SHARE)]
    pub share: f64,
    /// Where you are: a country's ISO 3166-1 code, EU or EEA
    #[arg(long, value_name = "REGION", help_heading = "Who wants to use it")]
    pub region: Option<String>,
    /// Monthly active users of all your products, as in 2M
    #[arg(long, value_name = "COUNT", help_heading = "Who wants to use it", value_parser = words::parse_count)]
    pub users: Option<u64>,
    /// Your yearly revenue in US dollars, as in 50M
    #[arg(long, value_name = "DOLLARS", help_heading = "Who wants to use it", value_parser = words::parse_count)]
    pub revenue: Option<u64>,
    /// The use is commercial
    #[arg(long, help_heading = "Who wants to use it")]
    pub commercial: bool,
    /// Outputs will train other models
    #[arg(long, help_heading = "Who wants to use it")]
    pub trains_on_outputs: bool,
    /// Take a licence that only a collection or the press states as the licence
    #[arg(long)]
    pub second_hand: bool,
    /// Take what only a collection or the press states as not confirmed; of licences, that is so unless
    /// --second-hand takes them
    #[arg(long)]
    pub primary_only: bool,
    /// Say for each model why, with the facts and their sources
    #[arg(long)]
    pub why: bool,
    /// Show the models that are not confirmed and those that are excluded, too
    #[arg(long)]
    pub all: bool,
    /// How many of each group at most; 0 for all. JSON has all
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub limit: usize,
}

/// A name of the catalogue's data, with `-` or `_`.
fn named<T: DeserializeOwned>(text: &str) -> Result<T, serde::de::value::Error> {
    let name = text.trim().to_lowercase().replace('-', "_");
    T::deserialize(StrDeserializer::new(&name))
        .map_err(|error: de::value::Error| with_hyphens(&error.to_string()))
}

/// An error that names what can be given as `--help` does: `source-available`, but `q8_0`.
fn with_hyphens(text: &str) -> serde::de::value::Error {
    let letters: Vec<char> = text.chars().collect();
    let between = |at: usize| {
        let near = [at.wrapping_sub(1), at + 1].map(|it| letters.get(it));
        near.iter().all(|it| it.is_some_and(|it| it.is_ascii_alphabetic()))
    };
    let shown = letters.iter().enumerate().map(|(at, letter)| match letter {
        '_' if between(at) => '-',
        letter => *letter,
    });
    de::Error::custom(shown.collect::<String>())
}

const SEARCH_JSON: &str = "\
JSON: an array of models (docs/reference/json/catalog-search.schema.json), each with `standing` (match; \
with --all also not_confirmed and excluded), `reasons` and their `facts`, each fact with `source`, \
`seen`, `reverify`, `stale`, `overlay`, `primary`.";

const SHOW_JSON: &str = "\
JSON: one object (docs/reference/json/catalog-show.schema.json); `facts` has every place, with `fact` \
null where it is not confirmed.";

const COMPARE_JSON: &str = "\
JSON: one object with `models` and `rows` (docs/reference/json/catalog-compare.schema.json).";

const HARDWARE_JSON: &str =
    "JSON: an array (docs/reference/json/catalog-hardware.schema.json); with a name, of one.";

const PRICES_JSON: &str = "\
JSON: one object with `hosted`, `rental` and `purchase` \
(docs/reference/json/catalog-prices.schema.json).";

const TASKS_JSON: &str =
    "JSON: an array (docs/reference/json/catalog-tasks.schema.json); with a name, of one.";

const LICENCES_JSON: &str =
    "JSON: an array (docs/reference/json/catalog-licences.schema.json); with a name, of one.";

const CHECK_JSON: &str = "\
JSON: one object with `ok` and `findings`, notes included \
(docs/reference/json/catalog-check.schema.json).";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_as_the_data_have_them() {
        assert_eq!(
            named::<LicenceCategory>("Source-Available"),
            Ok(LicenceCategory::SourceAvailable)
        );
        assert!(named::<Purpose>("chess").is_err());
        let words = named::<LicenceCategory>("free").unwrap_err().to_string();
        assert!(words.contains("`source-available`") && !words.contains('_'), "{words}");
        let words = named::<KvPrecision>("q9").unwrap_err().to_string();
        assert!(words.contains("`q8_0`"), "{words}");
    }
}
