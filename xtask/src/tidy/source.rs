//! Reads Rust source closely enough to count it: strings and comments are never taken for code.

mod token;

use std::collections::{BTreeMap, BTreeSet};

use token::{Kind, Token};

/// One Rust file, counted.
pub struct Source {
    /// Its path, relative to the root.
    pub path: String,
    /// Whether the whole file is test code.
    pub test: bool,
    /// All lines.
    pub lines: usize,
    /// Lines of product code: with a token that is not a comment, outside `#[cfg(test)]`.
    pub code: usize,
    /// Lines of test code.
    pub test_code: usize,
    /// Whether it opens with `//!`.
    pub header: bool,
    /// Calls and macros that panic, outside tests.
    pub panics: usize,
    /// Functions with a body, outside tests.
    pub functions: Vec<Function>,
}

/// A function and its length from `fn` to the closing brace.
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// Reads every Rust file of the checkout.
pub fn read_all(files: &BTreeMap<String, Option<String>>) -> Vec<Source> {
    let rust = files.iter().filter(|(path, _)| path.ends_with(".rs"));
    rust.filter_map(|(path, text)| Some(read(path, text.as_deref()?))).collect()
}

/// Counts one file.
pub fn read(path: &str, text: &str) -> Source {
    let (tokens, header) = token::split(text);
    let tests = test_ranges(&tokens);
    let in_test = |index: usize| tests.iter().any(|(from, to)| (*from..=*to).contains(&index));
    let (mut code, mut test_code) = (BTreeSet::new(), BTreeSet::new());
    for (index, one) in tokens.iter().enumerate() {
        let lines = if in_test(index) { &mut test_code } else { &mut code };
        lines.extend(one.first..=one.last);
    }
    code.retain(|line| !test_code.contains(line));
    let test = is_test_file(path);
    let product = |index: &usize| !test && !in_test(*index);
    let panics =
        (0..tokens.len()).filter(product).filter(|index| panics_at(&tokens, *index)).count();
    let functions = (0..tokens.len()).filter(product);
    let functions = functions.filter_map(|index| function_at(&tokens, index)).collect();
    let (code, test_code) = (code.len(), test_code.len());
    Source {
        path: path.to_owned(),
        test,
        lines: text.lines().count(),
        code: if test { 0 } else { code },
        test_code: if test { code + test_code } else { test_code },
        header,
        panics,
        functions,
    }
}

fn is_test_file(path: &str) -> bool {
    let mut parts: Vec<&str> = path.split('/').collect();
    let stem = parts.pop().unwrap_or_default().trim_end_matches(".rs");
    let folder = |part: &&str| ["tests", "benches", "fuzz"].contains(part);
    parts.iter().any(folder) || stem == "tests" || stem.ends_with("_tests")
}

/// Ranges of tokens that belong to an item marked `#[test]` or `#[cfg(test)]`.
fn test_ranges(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    let (mut index, mut marked) = (0, None);
    while index < tokens.len() {
        if token::is(tokens, index, "#") && token::is(tokens, index + 1, "[") {
            let end = token::closing(tokens, index + 1, "[", "]");
            if marks_test(&tokens[index + 2..end.max(index + 2)]) {
                marked = marked.or(Some(index));
            }
            index = end + 1;
        } else if let Some(from) = marked.take() {
            let end = item_end(tokens, index);
            ranges.push((from, end));
            index = end + 1;
        } else {
            index += 1;
        }
    }
    ranges
}

fn marks_test(attribute: &[Token<'_>]) -> bool {
    let words: Vec<&str> = attribute.iter().map(|one| one.text).collect();
    match words.first() {
        Some(&"cfg") => {
            words.contains(&"test") && !words.windows(3).any(|w| w == ["not", "(", "test"])
        }
        Some(_) => words.iter().take_while(|word| **word != "(").last() == Some(&"test"),
        None => false,
    }
}

/// An item runs to its `;` or to the brace that closes it.
fn item_end(tokens: &[Token<'_>], from: usize) -> usize {
    let (mut index, mut depth) = (from, 0_i32);
    while index < tokens.len() {
        match tokens[index].mark() {
            "(" | "[" => depth += 1,
            ")" | "]" => depth -= 1,
            "{" if depth == 0 => return token::closing(tokens, index, "{", "}"),
            ";" if depth == 0 => return index,
            _ => {}
        }
        index += 1;
    }
    tokens.len().saturating_sub(1)
}

fn panics_at(tokens: &[Token<'_>], index: usize) -> bool {
    let one = &tokens[index];
    if one.kind != Kind::Word {
        return false;
    }
    let method = ["unwrap", "expect", "unwrap_err", "expect_err"].contains(&one.text);
    let mac = ["panic", "unreachable", "todo", "unimplemented"].contains(&one.text);
    let called =
        index > 0 && token::is(tokens, index - 1, ".") && token::is(tokens, index + 1, "(");
    method && called || mac && token::is(tokens, index + 1, "!")
}

fn function_at(tokens: &[Token<'_>], index: usize) -> Option<Function> {
    let name = tokens.get(index + 1)?;
    if tokens[index].kind != Kind::Word || tokens[index].text != "fn" || name.kind != Kind::Word {
        return None;
    }
    let end = item_end(tokens, index + 2);
    let closed = tokens.get(end).is_some_and(|one| one.mark() == "}");
    let line = tokens[index].first;
    let lines = tokens.get(end)?.last + 1 - line;
    closed.then(|| Function { name: name.text.to_owned(), line: line + 1, lines })
}

#[cfg(test)]
mod tests;
