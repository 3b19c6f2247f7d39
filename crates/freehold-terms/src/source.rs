//! What the caller hands in: the files of a model, and the texts among them that say something about
//! its terms. The caller reads; this crate only says what it wants to be read.

use freehold_types::Digest;

use crate::{Evidence, EvidenceKind};

/// A model's folder, as the caller found it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// Its path relative to what was vetted; empty for the folder itself.
    pub path: String,
    /// What it is called, where the files do not say.
    pub name: String,
    /// Its files with weights, relative to what was vetted.
    pub weights: Vec<String>,
    /// All its files, relative to what was vetted.
    pub files: Vec<String>,
    /// Texts that were read; see [`role`].
    pub documents: Vec<Document>,
    /// Facts that weights carry in themselves.
    pub carried: Vec<Carried>,
    /// Relative locations that a `mof.yml` names and that are there.
    pub found: Vec<String>,
}

/// A text that was read.
#[derive(Debug, Clone)]
pub struct Document {
    /// Its path relative to what was vetted; `../` before it where it lies above.
    pub path: String,
    /// What it is.
    pub role: Role,
    /// The text, as far as it is one.
    pub text: String,
    /// SHA-256 of its bytes.
    pub digest: Option<Digest>,
}

/// A fact inside a file of weights, as GGUF has them.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The file.
    pub file: String,
    /// Its name, as in `general.license`.
    pub key: String,
    /// What it says.
    pub value: String,
}

/// What a text is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// The model card.
    Card,
    /// A legal text.
    Licence(Covers),
    /// A use policy beside it.
    Policy,
    /// A notice beside it.
    Notice,
    /// `config.json`.
    Config,
    /// `adapter_config.json`.
    AdapterConfig,
    /// A description for the Model Openness Framework.
    Openness,
    /// Metadata of a Python package.
    Package,
}

/// Which layers a legal text is for, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Covers {
    /// No layer is named.
    All,
    /// Weights.
    Weights,
    /// Code.
    Code,
    /// Data.
    Data,
}

/// What a file of this path is to be read as; nothing where it need not be read.
pub fn role(path: &str) -> Option<Role> {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let stem = name.trim_end_matches(".md").trim_end_matches(".txt").trim_end_matches(".rst");
    let legal = ["license", "licence", "copying", "unlicense", "model_license", "model-license"];
    if name == "readme.md" || name == "readme" || name == "model_card.md" {
        return Some(Role::Card);
    }
    match name.as_str() {
        "config.json" => return Some(Role::Config),
        "adapter_config.json" => return Some(Role::AdapterConfig),
        "mof.yml" | "mof.yaml" => return Some(Role::Openness),
        "metadata" | "pkg-info" => return Some(Role::Package),
        _ => {}
    }
    if legal.iter().any(|word| stem.starts_with(word)) || stem == "terms" || stem == "terms_of_use"
    {
        if stem.len() + 5 < name.len() || is_program(&name) {
            return None;
        }
        let has = |words: &[&str]| words.iter().any(|word| stem.contains(word));
        return Some(Role::Licence(match () {
            () if has(&["model", "weight"]) => Covers::Weights,
            () if has(&["code", "software"]) => Covers::Code,
            () if has(&["data"]) => Covers::Data,
            () => Covers::All,
        }));
    }
    let policy = ["use_policy", "use-policy", "usepolicy", "acceptable_use", "prohibited_use"];
    match () {
        () if policy.iter().any(|word| stem.contains(word)) => Some(Role::Policy),
        () if stem == "notice" => Some(Role::Notice),
        () => None,
    }
}

/// Whether a file of this name holds weights, or what is used like them.
pub fn is_weights(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    let end = name.rsplit_once('.').map(|(_, end)| end).unwrap_or_default();
    let auxiliary =
        ["optimizer", "scheduler", "rng_state", "training_args", "scaler", "tokenizer", "vocab"];
    WEIGHTS.contains(&end) && !auxiliary.iter().any(|word| name.starts_with(word))
}

/// Whether a file of this name is code.
pub(crate) fn is_program(path: &str) -> bool {
    let end = path.rsplit_once('.').map(|(_, end)| end.to_lowercase()).unwrap_or_default();
    ["py", "rs", "cpp", "cc", "cu", "c", "js", "ts", "ipynb", "sh", "r", "jl", "go"]
        .contains(&end.as_str())
}

impl Evidence {
    pub(crate) fn new(file: &str, line: Option<u32>, kind: EvidenceKind, says: String) -> Self {
        Self { file: file.to_owned(), line, kind, says, licence: None }
    }
}

const WEIGHTS: &[&str] = &[
    "safetensors",
    "gguf",
    "ggml",
    "bin",
    "pt",
    "pth",
    "ckpt",
    "onnx",
    "h5",
    "hdf5",
    "keras",
    "msgpack",
    "tflite",
    "pb",
    "pkl",
    "pickle",
    "joblib",
    "npz",
    "npy",
    "skops",
    "pdparams",
    "mlmodel",
    "ubj",
    "cbm",
    "nemo",
    "t7",
    "caffemodel",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_text_is() {
        let check = |path: &str, wanted: Option<Role>| assert_eq!(role(path), wanted, "{path}");
        check("a/README.md", Some(Role::Card));
        check("LICENSE", Some(Role::Licence(Covers::All)));
        check("LICENSE.txt", Some(Role::Licence(Covers::All)));
        check("LICENSE-CODE", Some(Role::Licence(Covers::Code)));
        check("LICENSE-MODEL", Some(Role::Licence(Covers::Weights)));
        check("x/LICENSE_DATA.md", Some(Role::Licence(Covers::Data)));
        check("license.py", None);
        check("USE_POLICY.md", Some(Role::Policy));
        check("Notice", Some(Role::Notice));
        check("x-1.dist-info/METADATA", Some(Role::Package));
        check("x-1.dist-info/licenses/LICENSE", Some(Role::Licence(Covers::All)));
        check("mof.yml", Some(Role::Openness));
        check("tokenizer.json", None);
        assert!(is_weights("a/model-00001-of-2.safetensors") && !is_weights("a/optimizer.pt"));
        assert!(!is_weights("model.safetensors.index.json"));
    }
}
