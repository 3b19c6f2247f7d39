//! TorchScript: the code in an archive of `torch.jit`'s, a part of Python that only calls operators
//! (`torch/csrc/jit/serialization/python_print.cpp` writes it).

use super::tokens::{self, Word};
use crate::{
    finding::{Finding, shown},
    rules,
};

/// What a file of `code/` calls beside arithmetic.
pub fn check(text: &str) -> Vec<Finding> {
    super::at_bytes(text, found(text))
}

fn found(text: &str) -> Vec<Finding> {
    let tokens = match tokens::read(text) {
        Ok(tokens) => tokens,
        Err(line) => {
            let what = format!("line {line}: no valid TorchScript");
            return vec![Finding::new(&rules::PYTHON_UNREAD, u64::from(line), what)];
        }
    };
    let mut findings: Vec<Finding> = Vec::new();
    let (mut at, mut dotted) = (0, Vec::new());
    while at < tokens.len() {
        match &tokens[at].word {
            Word::Name(name) => dotted.push(name.as_str()),
            Word::Sign('.') => {
                at += 1;
                continue;
            }
            Word::Sign('(') => {
                let line = tokens[at].line;
                let name = dotted.join(".");
                let rule = match dotted.as_slice() {
                    ["torch", one] | ["ops", "aten", one] if FILES.contains(one) => {
                        Some(&rules::TORCHSCRIPT_FILES)
                    }
                    ["ops", space, _, ..] if !SPACES.contains(space) => {
                        Some(&rules::TORCHSCRIPT_CUSTOM)
                    }
                    _ => None,
                };
                if let Some(rule) = rule {
                    let what = format!("line {line}: {}", shown(name.as_bytes(), 120));
                    findings.push(Finding::new(rule, u64::from(line), what));
                }
                dotted.clear();
            }
            _ => dotted.clear(),
        }
        // Two names side by side are not one.
        let joined =
            matches!(tokens.get(at + 1).map(|next| &next.word), Some(Word::Sign('.' | '(')));
        if !joined {
            dotted.clear();
        }
        at += 1;
        if findings.len() > 50 {
            break;
        }
    }
    findings
}

/// Operators of torch's own that read or write files.
static FILES: [&str; 4] = ["save", "load", "from_file", "_save"];
/// Spaces of operators that torch and the libraries of its project bring.
static SPACES: [&str; 24] = [
    "prim",
    "aten",
    "torchvision",
    "torchaudio",
    "torchtext",
    "quantized",
    "quantized_decomposed",
    "prepacked",
    "_quantized",
    "sparse",
    "onednn",
    "mkldnn",
    "mkldnn_prepacked",
    "xnnpack",
    "fb",
    "c10d",
    "profiler",
    "cuda",
    "inductor",
    "metal_prepack",
    "vulkan_prepack",
    "torch_sparse",
    "torch_scatter",
    "torch_cluster",
];
