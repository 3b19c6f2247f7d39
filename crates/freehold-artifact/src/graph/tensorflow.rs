//! TensorFlow: the operators of a graph and of its functions, and the constants that they are given.

use std::{
    collections::HashMap,
    io::{self, Read, Seek},
};

use super::{
    Graph, operators,
    wire::{Field, Stream},
};
use crate::{
    archive::leads_out,
    finding::{Finding, shown},
    rules,
};

/// `SavedModel`: graphs with their assets and objects.
pub(super) fn saved_model<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    length: u64,
    graph: &mut Graph,
) -> io::Result<()> {
    each(stream, (0, length), graph, &mut |stream, field, graph| match field.number {
        2 => each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
            2 => graph_def(stream, span(field), graph),
            6 => asset(stream, field, graph),
            7 => objects(stream, field, graph),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

/// `GraphDef`: nodes, and a library of functions with nodes of their own.
pub(super) fn graph_def<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    place: (u64, u64),
    graph: &mut Graph,
) -> io::Result<()> {
    nodes(stream, place, 1, graph)?;
    each(stream, place, graph, &mut |stream, field, graph| match field.number {
        2 => each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
            1 => nodes(stream, span(field), 3, graph),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

/// `SavedMetadata` of Keras: an object a layer, with its configuration.
pub(super) fn layers<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    length: u64,
    graph: &mut Graph,
) -> io::Result<()> {
    each(stream, (0, length), graph, &mut |stream, field, graph| {
        each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
            5 => layer(stream, field, graph),
            _ => Ok(()),
        })
    })
}

fn layer<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    field: Field,
    graph: &mut Graph,
) -> io::Result<()> {
    let held: usize = graph.layers.iter().map(Vec::len).sum();
    match stream.whole(field, MOST_JSON.saturating_sub(held as u64))? {
        Some(json) if json.first() == Some(&b'{') => graph.layers.push(json),
        Some(_) => {}
        None => {
            let what = "configurations of layers larger than are read";
            graph.findings.push(Finding::new(&rules::NOT_READ, field.start, what));
        }
    }
    Ok(())
}

/// Objects of a SavedModel: the layers' configurations in files of earlier versions.
fn objects<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    objects: Field,
    graph: &mut Graph,
) -> io::Result<()> {
    each(stream, span(objects), graph, &mut |stream, field, graph| match field.number {
        1 => each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
            4 => each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
                3 => layer(stream, field, graph),
                _ => Ok(()),
            }),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

fn asset<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    asset: Field,
    graph: &mut Graph,
) -> io::Result<()> {
    each(stream, span(asset), graph, &mut |stream, field, graph| {
        if field.number == 2 {
            let name = stream.text(field)?;
            if leads_out(&name) {
                let what = format!("an asset is `{}`", shown(name.as_bytes(), 200));
                graph.findings.push(Finding::new(&rules::TF_FILES_FIXED, field.start, what));
            }
        }
        Ok(())
    })
}

struct Node {
    name: String,
    operator: String,
    inputs: Vec<String>,
    /// Texts in its attributes, so far as they are short.
    texts: Vec<String>,
    at: u64,
}

/// The nodes in a message's fields of this number: those that act, with the constants given them.
fn nodes<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    place: (u64, u64),
    number: u32,
    graph: &mut Graph,
) -> io::Result<()> {
    let mut constants: HashMap<String, Vec<String>> = HashMap::new();
    let mut passed: HashMap<String, String> = HashMap::new();
    let mut acting = Vec::new();
    each(stream, place, graph, &mut |stream, field, graph| {
        if field.number != number {
            return Ok(());
        }
        let node = node(stream, field, graph)?;
        let room = constants.len() < MOST_CONSTANTS && passed.len() < MOST_CONSTANTS;
        match node.operator.as_str() {
            "Const" if room && !node.texts.is_empty() => {
                constants.insert(node.name, node.texts);
            }
            "Identity" | "StringJoin" if room && !node.inputs.is_empty() => {
                passed.insert(node.name, node.inputs[0].clone());
            }
            "PrintV2" if node.texts.iter().any(|text| text.starts_with("file://")) => {
                acting.push(node);
            }
            // Saving is ordinary, but to a place that is not the model's.
            "Save" | "SaveV2" | "SaveSlices" if acting.len() < MOST_ACTING => acting.push(node),
            operator if operators::rule(operator).is_some() && acting.len() < MOST_ACTING => {
                acting.push(node);
            }
            _ => {}
        }
        Ok(())
    })?;
    for node in acting {
        let given = |input: &String| {
            let mut name = source(input);
            for _ in 0..4 {
                if let Some(texts) = constants.get(name) {
                    return texts.first().map(String::as_str);
                }
                name = source(passed.get(name)?);
            }
            None
        };
        judge(&node, &node.inputs.iter().filter_map(given).collect::<Vec<_>>(), graph);
    }
    Ok(())
}

fn judge(node: &Node, given: &[&str], graph: &mut Graph) {
    let printed = node.texts.iter().find(|text| text.starts_with("file://"));
    let path = given.first().copied().or(printed.map(String::as_str));
    let rule = operators::rule(&node.operator).unwrap_or(&rules::TF_FILES);
    let outside =
        path.is_some_and(|path| leads_out(path) || path.starts_with('~') || path.contains("://"));
    if operators::rule(&node.operator).is_none() && printed.is_none() && !outside {
        return;
    }
    let acts = operators::writes(&node.operator) || operators::calls(&node.operator);
    let named = path.is_some() && operators::writes(&node.operator);
    let rule = match rule == &rules::TF_FILES && (outside || named) {
        true => &rules::TF_FILES_FIXED,
        false if acts => &rules::TF_ACTS,
        false => rule,
    };
    let operator = shown(node.operator.as_bytes(), 80);
    let what = match path {
        Some(path) => format!("{operator} of `{}`", shown(path.as_bytes(), 160)),
        None => format!("{operator}, named `{}`", shown(node.name.as_bytes(), 120)),
    };
    graph.findings.push(Finding::new(rule, node.at, what));
}

/// The node that an input comes from: `name`, `name:0`, `name:output:0`.
fn source(input: &str) -> &str {
    input.trim_start_matches('^').split(':').next().unwrap_or(input)
}

fn node<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    place: Field,
    graph: &mut Graph,
) -> io::Result<Node> {
    let mut node = Node {
        name: String::new(),
        operator: String::new(),
        inputs: Vec::new(),
        texts: Vec::new(),
        at: place.start,
    };
    each(stream, span(place), graph, &mut |stream, field, graph| {
        match field.number {
            1 => node.name = stream.text(field)?,
            2 => node.operator = stream.text(field)?,
            3 if node.inputs.len() < 64 => node.inputs.push(stream.text(field)?),
            5 if node.texts.len() < 16 => attribute(stream, field, graph, &mut node.texts)?,
            _ => {}
        }
        Ok(())
    })?;
    Ok(node)
}

/// The texts of an attribute: its own, and those of a tensor.
fn attribute<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    attribute: Field,
    graph: &mut Graph,
    texts: &mut Vec<String>,
) -> io::Result<()> {
    let mut tell = |stream: &mut Stream<'_, F>, field: Field| {
        if field.value < 4096 && texts.len() < 16 {
            texts.push(stream.text(field)?);
        }
        io::Result::Ok(())
    };
    each(stream, span(attribute), graph, &mut |stream, field, graph| match field.number {
        2 => each(stream, span(field), graph, &mut |stream, field, graph| match field.number {
            2 => tell(stream, field),
            8 => each(stream, span(field), graph, &mut |stream, field, _| match field.number {
                8 => tell(stream, field),
                _ => Ok(()),
            }),
            _ => Ok(()),
        }),
        _ => Ok(()),
    })
}

type Each<'e, F> = &'e mut dyn FnMut(&mut Stream<'_, F>, Field, &mut Graph) -> io::Result<()>;

/// Goes through the parts of a message that have a length.
fn each<F: Read + Seek + ?Sized>(
    stream: &mut Stream<'_, F>,
    (start, end): (u64, u64),
    graph: &mut Graph,
    tell: Each<'_, F>,
) -> io::Result<()> {
    let mut walk = stream.walk(start, end);
    while let Some(field) = walk.next(stream)? {
        if field.wire == 2 {
            tell(stream, field, graph)?;
        }
    }
    if walk.broken && graph.findings.iter().all(|one| one.rule != &rules::PROTOBUF) {
        let what = "a part is cut, or announces more than there is";
        graph.findings.push(Finding::new(&rules::PROTOBUF, start, what));
    }
    Ok(())
}

fn span(field: Field) -> (u64, u64) {
    (field.start, field.end())
}

const MOST_JSON: u64 = 64 << 20;
const MOST_CONSTANTS: usize = 20_000;
const MOST_ACTING: usize = 1_000;
