//! Callables that configurations name (`_target_`, YAML's Python tags, skops): judged by the same
//! tables as a pickle's globals, for a tool that follows them imports and calls the same way.

use crate::{pickle, rules, rules::Rule};

/// What a callable with its module in front falls under; a name without dots is a builtin.
/// `None`: it holds data, or is a class of a library that is known.
pub fn called(path: &str) -> Option<&'static Rule> {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let path = path.trim();
    if path.contains("${") {
        return Some(&rules::TARGET);
    }
    if !path.split(['.', ':']).all(part) {
        return None;
    }
    let plain = path.replace(':', ".");
    let (module, name) = plain.rsplit_once('.').unwrap_or(("builtins", &plain));
    if HYDRA.contains(&plain.as_str()) {
        return Some(&rules::TARGET);
    }
    match pickle::falls(module, name) {
        Some(rule) if pickle::harms(rule) => Some(&rules::TARGET_HARMS),
        Some(_) => {
            let top = module.split('.').next().unwrap_or(module);
            let class = name.starts_with(|c: char| c.is_ascii_uppercase());
            (!(class && KNOWN.contains(&top))).then_some(&rules::TARGET)
        }
        None => None,
    }
}

/// What the text under a key of a configuration falls under.
pub fn setting(key: &str, value: &str) -> Option<&'static Rule> {
    let harms = |rule: &&'static Rule| **rule == rules::TARGET_HARMS;
    match key {
        "_target_" | "__target__" | "class_path" | "py/object" | "py/type" | "py/function" => {
            called(value)
        }
        // MLflow imports it, and calls a function of this name.
        "loader_module" => {
            let known = value.split('.').next().is_some_and(|top| KNOWN.contains(&top));
            called(&format!("{value}._load_pyfunc")).filter(|rule| !known || harms(rule))
        }
        // Ordinary words, too, where they name no callable.
        "target" if value.contains('.') => {
            let last = value.rsplit('.').next().unwrap_or(value);
            let class = last.starts_with(|c: char| c.is_ascii_uppercase());
            called(value).filter(|rule| class || harms(rule))
        }
        // What Hydra's own helpers and `functools.partial` are handed.
        _ if CALLED.contains(&key) && value.contains('.') => called(value).filter(harms),
        _ => None,
    }
}

/// What a tag of YAML's falls under: those of PyYAML, ruamel and HyperPyYAML that make objects, and
/// classes of other languages.
pub fn tag(tag: &str) -> Option<&'static Rule> {
    if let Some((_, made)) = tag.split_once("python/") {
        let (kind, name) = made.split_once(':').unwrap_or((made, ""));
        return match kind {
            "name" | "object" | "object/new" | "object/apply" => called(name),
            "module" => match pickle::falls(name, "x").is_some_and(pickle::harms) {
                true => Some(&rules::TARGET_HARMS),
                false => Some(&rules::TARGET),
            },
            _ => None,
        };
    }
    if let Some((kind, name)) = tag.strip_prefix('!').and_then(|tag| tag.split_once(':')) {
        return match kind {
            "new" | "apply" | "name" | "module" | "obj" | "call" | "class" | "object" => {
                called(name)
            }
            "pkl" | "pickle" => Some(&rules::TARGET),
            _ => kind.starts_with("ruby/").then_some(&rules::TARGET),
        };
    }
    let own = tag.strip_prefix("tag:yaml.org,2002:");
    // Java's classes that load others, and what JavaScript's reader makes functions of.
    let runs = own.is_some_and(|name| {
        name == "js/function" || name.starts_with("javax.script.") || name.contains("ClassLoader")
    });
    let code = ["!eval", "!exec", "!import", "!python", "!py", "!code"].contains(&tag);
    match (runs, code || own.is_some_and(|name| name.contains('.'))) {
        (true, _) => Some(&rules::TARGET_HARMS),
        (false, odd) => odd.then_some(&rules::TARGET),
    }
}

/// Keys of ordinary words under which many tools keep what they import and call.
static CALLED: [&str; 21] = [
    "path",
    "_args_",
    "func",
    "fn",
    "function",
    "callable",
    "callback",
    "loader",
    "handler",
    "type",
    "cls",
    "class",
    "_class_",
    "()",
    "factory",
    "impl",
    "entry_point",
    "constructor",
    "builder",
    "initializer",
    "hook",
];

/// Hydra's functions that hand out or call what they are told.
static HYDRA: [&str; 6] = [
    "hydra.utils.get_method",
    "hydra.utils.get_class",
    "hydra.utils.get_object",
    "hydra.utils.get_static_method",
    "hydra.utils.call",
    "hydra._internal.utils._locate",
];

/// Libraries whose classes a configuration may name.
static KNOWN: [&str; 45] = [
    "mlflow",
    "torch",
    "torchvision",
    "torchaudio",
    "torchtext",
    "torch_geometric",
    "torchmetrics",
    "transformers",
    "diffusers",
    "accelerate",
    "peft",
    "datasets",
    "tokenizers",
    "timm",
    "pytorch_lightning",
    "lightning",
    "lightning_fabric",
    "sklearn",
    "numpy",
    "nemo",
    "nemo_text_processing",
    "monai",
    "speechbrain",
    "espnet2",
    "fairseq",
    "ldm",
    "sgm",
    "omegaconf",
    "hydra",
    "keras",
    "tensorflow",
    "jax",
    "flax",
    "optax",
    "detectron2",
    "mmdet",
    "mmcv",
    "mmengine",
    "open_clip",
    "sentence_transformers",
    "xgboost",
    "lightgbm",
    "catboost",
    "gymnasium",
    "stable_baselines3",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callables_and_tags() {
        let name = |rule: Option<&'static Rule>| rule.map(|rule| rule.name);
        let (harms, odd) = (Some("config/target-harms"), Some("config/target"));
        for (path, rule) in [
            ("os.system", harms),
            ("subprocess.Popen", harms),
            ("eval", harms),
            ("shutil.rmtree", harms),
            ("torch.nn.Linear", None),
            ("monai.networks.nets.UNet", None),
            ("collections.OrderedDict", None),
            ("mine.Thing", odd),
            ("hydra.utils.get_method", odd),
            ("a sentence. With dots", None),
        ] {
            assert_eq!(name(called(path)), rule, "{path}");
        }
        for (text, rule) in [
            ("tag:yaml.org,2002:python/object/apply:os.system", harms),
            ("tag:yaml.org,2002:python/module:os", harms),
            ("tag:yaml.org,2002:python/tuple", None),
            ("!new:torch.nn.Linear", None),
            ("!apply:os.system", harms),
            ("!include:x.yaml", None),
            ("!ruby/object:Gem::Installer", odd),
            ("tag:yaml.org,2002:javax.script.ScriptEngineManager", harms),
            ("tag:yaml.org,2002:com.example.Thing", odd),
            ("tag:yaml.org,2002:js/function", harms),
            ("!obj:os.system", harms),
            ("!eval", odd),
        ] {
            assert_eq!(name(tag(text)), rule, "{text}");
        }
        assert_eq!(name(setting("path", "os.system")), harms);
        assert_eq!(name(setting("path", "data.csv")), None);
        assert_eq!(name(setting("type", "subprocess.Popen")), harms);
        assert_eq!(name(setting("type", "mine.Thing")), None);
        assert_eq!(name(setting("class_path", "mine.Thing")), odd);
        assert_eq!(name(setting("loader_module", "mlflow.sklearn")), None);
        assert_eq!(name(setting("loader_module", "mine")), odd);
    }
}
