//! Graphs of operators: ONNX, TensorFlow's SavedModel and frozen graphs, Keras's metadata beside
//! them, and TensorFlow Lite.
//!
//! The first four are messages of Protocol Buffers without a sign of their own, so the shape says
//! what they are (`onnx/onnx.proto`, `tensorflow/core/protobuf/saved_model.proto`,
//! `tensorflow/core/framework/graph.proto`, Keras's `saved_metadata.proto`). Weights are passed by.

use std::io::{self, Read, Seek};

use crate::{finding::Finding, rules};

mod lite;
mod onnx;
mod operators;
mod tensorflow;
#[cfg(test)]
mod tests;
pub(crate) mod wire;

use self::wire::{Field, Stream};

pub use lite::read as read_lite;

/// What a graph says.
#[derive(Debug, Default)]
pub struct Graph {
    /// What was found.
    pub findings: Vec<Finding>,
    /// Configurations of Keras's layers, as JSON.
    pub layers: Vec<Vec<u8>>,
    /// Files beside the model that hold its numbers, as it names them.
    pub beside: Vec<String>,
}

/// Reads a file of `length` bytes as one of the messages; `None` where it is none.
///
/// # Errors
/// What reading says.
pub fn read(file: &mut (impl Read + Seek + ?Sized), length: u64) -> io::Result<Option<Graph>> {
    let mut stream = Stream::new(file, length);
    let Some(shape) = shape(&mut stream, length)? else { return Ok(None) };
    let mut graph = Graph::default();
    match shape {
        Shape::Onnx => onnx::read(&mut stream, length, &mut graph)?,
        Shape::Tensor => onnx::read_tensor(&mut stream, length, &mut graph)?,
        Shape::SavedModel => tensorflow::saved_model(&mut stream, length, &mut graph)?,
        Shape::GraphDef => tensorflow::graph_def(&mut stream, (0, length), &mut graph)?,
        Shape::MetaGraph(start, end) => {
            tensorflow::graph_def(&mut stream, (start, end), &mut graph)?;
        }
        Shape::Layers => tensorflow::layers(&mut stream, length, &mut graph)?,
    }
    graph.findings.truncate(MOST_FINDINGS);
    Ok(Some(graph))
}

/// The operators of a graph of TensorFlow's that is written as text (`.pbtxt`).
pub fn read_text(text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (at, _) in text.match_indices("op") {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        let Some(value) = text[at + 2..].trim_start().strip_prefix(':') else { continue };
        let value = value.trim_start();
        let Some(quote) = value.chars().next().filter(|c| ['"', '\''].contains(c)) else {
            continue;
        };
        let Some(operator) = value[1..].split(quote).next() else { continue };
        let acts = operators::calls(operator) || operators::writes(operator);
        let acts = acts.then_some(&rules::TF_ACTS);
        if let Some(rule) = acts.or_else(|| operators::rule(operator)) {
            findings.push(Finding::new(rule, at as u64, operator));
        }
        if findings.len() >= MOST_FINDINGS {
            break;
        }
    }
    findings
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Onnx,
    /// A tensor of ONNX's alone, as its test data are kept.
    Tensor,
    SavedModel,
    GraphDef,
    /// A graph with what it was trained with; where the graph itself lies.
    MetaGraph(u64, u64),
    Layers,
}

/// What the outermost fields make it.
fn shape<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    length: u64,
) -> io::Result<Option<Shape>> {
    let (mut onnx, mut saved, mut graph) = (true, true, true);
    let (mut tensor, mut element) = (true, false);
    let (mut first, mut second, mut model) = (None, None, false);
    let mut walk = stream.walk(0, length);
    let mut count = 0u64;
    while let Some(field) = walk.next(stream)? {
        let pair = (field.number, field.wire);
        onnx &= matches!(pair, (1 | 5, 0) | (2..=4 | 6..=8 | 14 | 20 | 25 | 26, 2));
        saved &= matches!(pair, (1, 0) | (2, 2));
        graph &= matches!(pair, (1..=7, 2) | (3, 0));
        tensor &= matches!(pair, (1, 0) | (2 | 14, 0) | (1 | 4..=13 | 16, 2));
        element |= pair == (2, 0) && (1..=23).contains(&field.value);
        model |= pair == (7, 2);
        if count == 0 {
            first = Some(field);
        } else if pair == (2, 2) && second.is_none() {
            second = Some(field);
        }
        count += 1;
        if !(onnx || saved || graph || tensor) {
            return Ok(None);
        }
    }
    let Some(first) = first else { return Ok(None) };
    let version = first.wire == 0 && (1..=64).contains(&first.value);
    if walk.broken {
        // A model that is cut, or lies about a length; other bytes only begin alike by chance.
        return Ok((onnx && version && count >= 2 && model).then_some(Shape::Onnx));
    }
    if onnx && model && version {
        return Ok(Some(Shape::Onnx));
    }
    if saved && first.wire == 0 && first.value == 1 && count >= 2 {
        return Ok(Some(Shape::SavedModel));
    }
    if tensor && element && count >= 2 {
        return Ok(Some(Shape::Tensor));
    }
    if graph && first.number == 1 {
        let shape = inner(stream, first)?;
        let Some(second) = second.filter(|_| shape.is_none()) else { return Ok(shape) };
        let mut walk = stream.walk(second.start, second.end());
        let Some(node) = walk.next(stream)?.filter(|field| (field.number, field.wire) == (1, 2))
        else {
            return Ok(None);
        };
        let held = inner(stream, node)?;
        return Ok(held.map(|_| Shape::MetaGraph(second.start, second.end())));
    }
    Ok(None)
}

/// Whether a first part is a node with an operator, or an object of Keras's.
fn inner<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    part: Field,
) -> io::Result<Option<Shape>> {
    let mut walk = stream.walk(part.start, part.end());
    let (mut operator, mut keras) = (false, false);
    while let Some(field) = walk.next(stream)? {
        if field.wire != 2 {
            continue;
        }
        let text = stream.text(field)?;
        let word = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        operator |= field.number == 2 && word;
        keras |= field.number == 4 && text.starts_with("_tf_keras");
    }
    let shape = if keras { Shape::Layers } else { Shape::GraphDef };
    Ok((!walk.broken && (keras || operator)).then_some(shape))
}

const MOST_FINDINGS: usize = 200;
