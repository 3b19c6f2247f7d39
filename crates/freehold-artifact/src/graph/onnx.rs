//! ONNX: where the weights lie, and whose operators are called.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, Read, Seek},
};

use super::{
    Graph,
    wire::{Field, Stream},
};
use crate::{
    archive::leads_out,
    finding::{Finding, shown},
    rules,
};

#[derive(Default)]
struct Model {
    findings: Vec<Finding>,
    /// Operators of other domains: domain and name.
    custom: BTreeSet<(String, String)>,
    /// Functions that the model brings itself.
    own: HashSet<(String, String)>,
    /// Files beside the model.
    beside: BTreeSet<String>,
    broken: Option<u64>,
}

/// What a message's field holds.
#[derive(Clone, Copy)]
enum Holds {
    Model,
    Graph,
    Node,
    Attribute,
    Tensor,
    Sparse,
    Function,
    Training,
}

pub(super) fn read<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    length: u64,
    graph: &mut Graph,
) -> io::Result<()> {
    read_as(Holds::Model, stream, length, graph)
}

/// `TensorProto` alone.
pub(super) fn read_tensor<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    length: u64,
    graph: &mut Graph,
) -> io::Result<()> {
    read_as(Holds::Tensor, stream, length, graph)
}

fn read_as<F: Read + Seek + ?Sized>(
    holds: Holds,
    stream: &mut Stream<'_, F>,
    length: u64,
    graph: &mut Graph,
) -> io::Result<()> {
    let mut model = Model::default();
    let mut waiting = vec![(holds, 0, length, 0)];
    while let Some((holds, start, end, depth)) = waiting.pop() {
        if depth > DEEPEST || waiting.len() > MOST_WAITING {
            let what = "graphs deeper than are read";
            model.findings.push(Finding::new(&rules::NOT_READ, start, what));
            break;
        }
        model.message(stream, (holds, start, end), depth, &mut waiting)?;
    }
    model.say(graph);
    Ok(())
}

type Waiting = Vec<(Holds, u64, u64, usize)>;

impl Model {
    fn message<F: Read + Seek + ?Sized>(
        &mut self,
        stream: &mut Stream<'_, F>,
        (holds, start, end): (Holds, u64, u64),
        depth: usize,
        waiting: &mut Waiting,
    ) -> io::Result<()> {
        let mut walk = stream.walk(start, end);
        let (mut name, mut domain) = (String::new(), String::new());
        while let Some(field) = walk.next(stream)? {
            if field.wire != 2 {
                continue;
            }
            let inner = match (holds, field.number) {
                (Holds::Model, 7) | (Holds::Attribute, 6 | 11) | (Holds::Training, 1 | 2) => {
                    Holds::Graph
                }
                (Holds::Model, 20) => Holds::Training,
                (Holds::Model, 25) => Holds::Function,
                (Holds::Graph, 1) | (Holds::Function, 7) => Holds::Node,
                (Holds::Graph, 5) | (Holds::Attribute, 5 | 10) | (Holds::Sparse, 1 | 2) => {
                    Holds::Tensor
                }
                (Holds::Graph, 15) | (Holds::Attribute, 22 | 23) => Holds::Sparse,
                (Holds::Node, 5) | (Holds::Function, 11) => Holds::Attribute,
                (Holds::Node, 4) | (Holds::Function, 1) => {
                    name = stream.text(field)?;
                    continue;
                }
                (Holds::Node, 7) | (Holds::Function, 10) => {
                    domain = stream.text(field)?;
                    continue;
                }
                // What ONNX Runtime's `EPContext` loads beside the model; others name no files.
                (Holds::Attribute, 1) => {
                    name = stream.text(field)?;
                    continue;
                }
                (Holds::Attribute, 4)
                    if name == "ep_cache_context" && field.end() - field.start < 4_096 =>
                {
                    let path = stream.text(field)?;
                    if leads_out(&path) {
                        let what = shown(path.as_bytes(), 200);
                        self.findings.push(Finding::new(&rules::ONNX_PATH, field.start, what));
                    }
                    continue;
                }
                (Holds::Tensor, 13) => {
                    self.entry(stream, field)?;
                    continue;
                }
                _ => continue,
            };
            waiting.push((inner, field.start, field.end(), depth + 1));
        }
        if walk.broken {
            self.broken.get_or_insert(start);
        }
        match holds {
            Holds::Node if PYTHON.contains(&name.as_str()) && self.findings.len() < MOST_NAMES => {
                self.findings.push(Finding::new(&rules::ONNX_PYTHON, start, name));
            }
            Holds::Node if !known(&domain) && self.custom.len() < MOST_NAMES => {
                self.custom.insert((domain, name));
            }
            Holds::Function if self.own.len() < MOST_NAMES => {
                self.own.insert((domain, name));
            }
            _ => {}
        }
        Ok(())
    }

    /// One entry of where a tensor's bytes lie: a key and a text.
    fn entry<F: Read + Seek + ?Sized>(
        &mut self,
        stream: &mut Stream<'_, F>,
        entry: Field,
    ) -> io::Result<()> {
        let mut walk = stream.walk(entry.start, entry.end());
        let (mut key, mut value) = (String::new(), String::new());
        while let Some(field) = walk.next(stream)? {
            match (field.number, field.wire) {
                (1, 2) => key = stream.text(field)?,
                (2, 2) => value = stream.text(field)?,
                _ => {}
            }
        }
        if key != "location" {
            return Ok(());
        }
        let path = shown(value.as_bytes(), 200);
        if leads_out(&value) || value.contains("://") || value.starts_with('~') {
            if self.findings.len() < MOST_NAMES {
                self.findings.push(Finding::new(&rules::ONNX_PATH, entry.start, path));
            }
        } else if self.beside.len() < MOST_NAMES {
            self.beside.insert(path);
        }
        Ok(())
    }

    fn say(self, graph: &mut Graph) {
        graph.findings.extend(self.findings);
        graph.findings.dedup_by(|a, b| a.rule == b.rule && a.what == b.what);
        let custom: Vec<_> = self.custom.iter().filter(|one| !self.own.contains(*one)).collect();
        for (domain, name) in custom.iter().take(20) {
            let what = format!("`{name}` of domain `{domain}`");
            let what = shown(what.as_bytes(), 200);
            graph.findings.push(Finding::new(&rules::ONNX_CUSTOM, 0, what));
        }
        graph.beside.extend(self.beside.iter().cloned());
        if let Some(first) = self.beside.first() {
            let more = self.beside.len() - 1;
            let what = if more == 0 { first.clone() } else { format!("{first} and {more} more") };
            graph.findings.push(Finding::new(&rules::ONNX_EXTERNAL, 0, what));
        }
        if let Some(at) = self.broken {
            let what = "a part is cut, or announces more than there is";
            graph.findings.push(Finding::new(&rules::PROTOBUF, at, what));
        }
    }
}

/// Domains of operators that ONNX itself and the well-known runtimes bring.
fn known(domain: &str) -> bool {
    ["", "ai.onnx", "ai.onnx.ml", "ai.onnx.training", "ai.onnx.preview.training", "com.microsoft"]
        .contains(&domain)
        || ["com.microsoft.", "com.ms.internal.", "org.pytorch.", "ai.onnxruntime."]
            .iter()
            .any(|prefix| domain.starts_with(prefix))
}

/// Operators of onnxruntime's that call Python (`PythonOp` of its training, `PyOp` of its inference).
static PYTHON: [&str; 3] = ["PythonOp", "PythonOpGrad", "PyOp"];
const DEEPEST: usize = 64;
const MOST_WAITING: usize = 1 << 21;
const MOST_NAMES: usize = 10_000;
