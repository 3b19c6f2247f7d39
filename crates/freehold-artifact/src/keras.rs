//! Configurations of Keras, as they stand in `.keras` archives, HDF5 attributes and SavedModels:
//! which of the objects that they name would do something when the model is loaded.
//!
//! The shape is that of `keras.saving.serialize_keras_object`: `module`, `class_name`, `config`,
//! `registered_name`. What has been abused is collected in the advisories CVE-2024-3660 (Lambda),
//! CVE-2025-1550, CVE-2025-8747 and CVE-2025-9906 (functions by name), CVE-2025-9905 (HDF5),
//! CVE-2025-12058 (vocabularies) and CVE-2025-49655 (pickled torch modules).

use base64::{Engine, engine::GeneralPurpose, engine::general_purpose};
use serde_json::{Map, Value};

use crate::{
    finding::{Finding, shown},
    marshal, pickle, rules,
    rules::Rule,
};

#[cfg(test)]
mod tests;

/// What a configuration would do.
pub fn check(config: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    walk(config, &mut findings);
    findings.dedup();
    findings.truncate(MOST_FINDINGS);
    findings
}

fn walk(value: &Value, findings: &mut Vec<Finding>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, findings)),
        Value::Object(object) => {
            if let Some(class) = text(object, "class_name") {
                named(object, class, findings);
            }
            object.values().for_each(|inner| walk(inner, findings));
        }
        _ => {}
    }
}

fn named(object: &Map<String, Value>, class: &str, findings: &mut Vec<Finding>) {
    let config = object.get("config").and_then(Value::as_object);
    let module = text(object, "module").unwrap_or("");
    let mut say = |rule: &'static Rule, what: String| findings.push(Finding::new(rule, 0, what));
    match class {
        "Lambda" => {
            if let Some(config) = config {
                lambda(config, &mut say);
            }
        }
        "__lambda__" => {
            let code = config.and_then(|config| text(config, "code"));
            say_code(code.unwrap_or(""), &mut say);
        }
        "TFSMLayer" => {
            let path = config.and_then(|config| text(config, "filepath")).unwrap_or("");
            say(&rules::KERAS_OUTSIDE, format!("TFSMLayer loads `{}`", short(path)));
        }
        "TorchModuleWrapper" => {
            let module = config.and_then(|config| text(config, "module")).unwrap_or("");
            let packed: Vec<u8> = module.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
            let bytes = TOLERANT.decode(packed).unwrap_or_default();
            let reader = pickle::Reader { joblib: false, frames: pickle::Frames::Through };
            let found = pickle::follow(bytes.as_slice(), reader).findings;
            let harmful = found.iter().any(pickle::certain);
            let rule = if harmful { &rules::KERAS_HARMS } else { &rules::KERAS_CUSTOM };
            say(rule, "TorchModuleWrapper unpickles a module of torch's".to_owned());
        }
        _ => {}
    }
    for key in PATHS.iter().filter(|_| class != "TFSMLayer") {
        let Some(path) = config.and_then(|config| text(config, key)) else { continue };
        let known = LOOKUPS.iter().any(|layer| class.ends_with(layer));
        if known || path.contains(['/', '\\']) {
            let rule = match leads_out(path) {
                true => &rules::KERAS_OUTSIDE_FIXED,
                false => &rules::KERAS_OUTSIDE,
            };
            say(rule, format!("{class} reads its {key} from `{}`", short(path)));
        }
    }
    let function = match (object.get("config"), class) {
        (Some(Value::String(name)), _) => name.as_str(),
        _ => class,
    };
    if let Some(rule) = by_name(module, function) {
        say(rule, format!("`{}` of module `{}`", short(function), short(module)));
    }
    let registered = text(object, "registered_name").unwrap_or("");
    let package = registered.split('>').next().unwrap_or("");
    if module.is_empty() && by_name(package, class) == Some(&rules::KERAS_HARMS) {
        say(&rules::KERAS_HARMS, format!("registered as `{}`", short(registered)));
    }
}

/// A Lambda layer of any version: bytecode as a text, a list that begins with it or an object; or
/// the name of a function, with its module beside it.
fn lambda(config: &Map<String, Value>, say: &mut impl FnMut(&'static Rule, String)) {
    for key in ["function", "output_shape", "mask"] {
        let kind = text(config, &format!("{key}_type")).unwrap_or("");
        match config.get(key) {
            Some(Value::Array(parts)) if kind == "lambda" || key == "function" => {
                if let Some(code) = parts.first().and_then(Value::as_str) {
                    say_code(code, say);
                }
            }
            // As Keras 2 wrote tuples.
            Some(Value::Object(tuple)) if tuple.contains_key("items") => {
                let items = tuple.get("items").and_then(Value::as_array);
                if let Some(code) = items.and_then(|items| items.first()).and_then(Value::as_str) {
                    say_code(code, say);
                }
            }
            Some(Value::String(code)) if kind == "lambda" => say_code(code, say),
            Some(Value::String(name)) if kind == "function" || key == "function" => {
                let module = match key {
                    "function" => text(config, "module"),
                    _ => text(config, &format!("{key}_module")),
                };
                let module = module.unwrap_or("");
                if let Some(rule) = by_name(module, name) {
                    say(rule, format!("Lambda calls `{}` of `{}`", short(name), short(module)));
                }
            }
            _ => {}
        }
    }
}

/// A Lambda layer's bytecode in base64, alone; nothing where the text is none.
pub fn check_code(code: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let bytes = TOLERANT.decode(code.trim()).unwrap_or_default();
    if matches!(bytes.first(), Some(0xe3 | b'c')) {
        say_code(code, &mut |rule, what| findings.push(Finding::new(rule, 0, what)));
    }
    findings
}

fn say_code(code: &str, say: &mut impl FnMut(&'static Rule, String)) {
    let packed: Vec<u8> = code.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let Ok(code) = TOLERANT.decode(packed) else {
        return say(&rules::KERAS_LAMBDA, "bytecode that cannot be decoded".to_owned());
    };
    let words = marshal::words(&code);
    match marshal::harmful(&words) {
        Some(word) => {
            say(&rules::KERAS_LAMBDA_HARMS, format!("its code names `{}`", short(word)));
        }
        None => say(&rules::KERAS_LAMBDA, format!("{} bytes of bytecode", code.len())),
    }
}

/// What a name in a module of that name is.
fn by_name(module: &str, name: &str) -> Option<&'static Rule> {
    let top = module.split('.').next().unwrap_or(module);
    let last = name.rsplit('.').next().unwrap_or(name);
    if ACTING.contains(&last) && (OWN.contains(&top) || top.is_empty()) {
        return Some(&rules::KERAS_HARMS);
    }
    if top.is_empty() || top == "__main__" {
        return None;
    }
    if OWN.contains(&top) {
        let acting = module.split('.').any(|part| ACTING_MODULES.contains(&part))
            || top == "numpy" && pickle::falls(module, name).is_some();
        return (acting && name.starts_with(|c: char| c.is_ascii_lowercase()))
            .then_some(&rules::KERAS_HARMS);
    }
    if top == "builtins" {
        return BUILTINS.contains(&last).then_some(&rules::KERAS_HARMS);
    }
    let harms = MODULES.contains(&top) || pickle::falls(module, name).is_some_and(pickle::harms);
    Some(if harms { &rules::KERAS_HARMS } else { &rules::KERAS_CUSTOM })
}

/// Whether a path or address lies outside of any model's folder.
fn leads_out(path: &str) -> bool {
    path.contains("://") || path.starts_with('~') || crate::archive::leads_out(path)
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

fn short(name: &str) -> String {
    shown(name.as_bytes(), 120)
}

const TOLERANT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    general_purpose::GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(base64::engine::DecodePaddingMode::Indifferent),
);

/// Keras itself, under its names, and what its objects come from.
static OWN: [&str; 16] = [
    "keras",
    "tf_keras",
    "tensorflow",
    "keras_nlp",
    "keras_hub",
    "keras_cv",
    "keras_core",
    "keras_tuner",
    "tensorflow_addons",
    "numpy",
    "jax",
    "torch",
    "keras_preprocessing",
    "tensorflow_probability",
    "tensorflow_hub",
    "tensorflow_text",
];

/// Functions of these libraries that fetch, load, write or switch protection off.
static ACTING: [&str; 26] = [
    "get_file",
    "load_model",
    "save_model",
    "load_weights",
    "save_weights",
    "load_img",
    "save_img",
    "enable_unsafe_deserialization",
    "deserialize_keras_object",
    "func_load",
    "load_op_library",
    "load_library",
    "read_file",
    "write_file",
    "py_function",
    "numpy_function",
    "py_func",
    "extract_archive",
    "_extract_archive",
    "model_from_json",
    "model_from_yaml",
    "fromfile",
    "tofile",
    "run_shell",
    "hub_load",
    "set_backend",
];
static ACTING_MODULES: [&str; 9] = [
    "gfile",
    "file_utils",
    "io_utils",
    "saving_lib",
    "file_editor",
    "cpp_extension",
    "hub",
    "serialization",
    "data_utils",
];
static BUILTINS: [&str; 13] = [
    "eval",
    "exec",
    "compile",
    "__import__",
    "open",
    "getattr",
    "setattr",
    "globals",
    "breakpoint",
    "input",
    "vars",
    "help",
    "exit",
];
/// Modules none of whose functions belongs into a model.
static MODULES: [&str; 40] = [
    "os",
    "posix",
    "nt",
    "subprocess",
    "sys",
    "shutil",
    "socket",
    "pty",
    "ctypes",
    "importlib",
    "runpy",
    "code",
    "codeop",
    "pickle",
    "_pickle",
    "cPickle",
    "dill",
    "cloudpickle",
    "joblib",
    "marshal",
    "shelve",
    "urllib",
    "requests",
    "http",
    "ftplib",
    "smtplib",
    "webbrowser",
    "tempfile",
    "pathlib",
    "io",
    "multiprocessing",
    "threading",
    "asyncio",
    "pip",
    "platform",
    "timeit",
    "pdb",
    "bdb",
    "inspect",
    "commands",
];
static LOOKUPS: [&str; 6] = [
    "StringLookup",
    "IntegerLookup",
    "TextVectorization",
    "IndexLookup",
    "CategoryEncoding",
    "Tokenizer",
];
static PATHS: [&str; 5] = ["vocabulary", "idf_weights", "vocabulary_path", "filepath", "file_path"];
const MOST_FINDINGS: usize = 100;
