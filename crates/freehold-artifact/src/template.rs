//! Chat templates (Jinja), read as a template engine reads them: only what stands in expressions
//! and statements counts, so that a text which mentions `__class__` is not mistaken for code.

use crate::{finding::Finding, finding::shown, rules};

/// One word of an expression.
#[derive(Debug, Clone, PartialEq)]
enum Token {
    Name(String),
    Text(String),
    Sign(char),
}

/// What a template does that no chat template needs.
pub fn check(template: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut said = 0;
    for (offset, code) in codes(template) {
        let words = template.get(said..offset as usize).unwrap_or_default().to_lowercase();
        if let Some(sign) =
            ["<img src=", "<script", "<iframe"].iter().find(|one| words.contains(**one))
        {
            findings.push(Finding::new(
                &rules::TEMPLATE_ODD,
                said as u64,
                format!("it writes `{sign}`"),
            ));
        }
        said = offset as usize + code.len() + 4;
        let tokens = tokens(code);
        let shown_code = || shown(code.trim().as_bytes(), 120);
        if escapes(&tokens) {
            findings.push(Finding::new(&rules::TEMPLATE, offset, shown_code()));
        } else if unusual(&tokens) {
            findings.push(Finding::new(&rules::TEMPLATE_ODD, offset, shown_code()));
        }
        if findings.len() >= MOST_FINDINGS {
            break;
        }
    }
    findings
}

/// The insides of `{{ }}` and `{% %}`, with where they begin; comments and raw blocks left out.
fn codes(template: &str) -> Vec<(u64, &str)> {
    let mut codes = Vec::new();
    let mut at = 0;
    while let Some(open) = template[at..].find('{').map(|found| at + found) {
        let close = match template.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let start = open + 2;
        let end = if close == "#}" {
            template[start..].find(close).map(|found| start + found)
        } else {
            close_of(template, start, close)
        };
        let end = end.unwrap_or(template.len());
        let code = &template[start..end];
        at = (end + 2).min(template.len());
        if close == "#}" {
            continue;
        }
        codes.push((open as u64, code));
        if close == "%}" && code.trim_matches(['-', '+', ' ', '\t', '\n', '\r']) == "raw" {
            at = template[at..].find("endraw").map_or(template.len(), |found| at + found);
        }
        while !template.is_char_boundary(at) {
            at += 1;
        }
    }
    codes
}

/// Where a tag closes: its end inside a string does not count.
fn close_of(template: &str, start: usize, close: &str) -> Option<usize> {
    let bytes = template.as_bytes();
    let mut quote = None;
    let mut at = start;
    while at < bytes.len() {
        match (quote, bytes[at]) {
            (Some(_), b'\\') => at += 1,
            (Some(open), byte) if byte == open => quote = None,
            (None, b'\'' | b'"') => quote = Some(bytes[at]),
            (None, _) if bytes[at..].starts_with(close.as_bytes()) => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}

fn tokens(code: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = code.char_indices().peekable();
    while let Some((from, c)) = rest.next() {
        if c.is_alphanumeric() || c == '_' {
            let mut end = from + c.len_utf8();
            while let Some((at, next)) = rest.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                end = at + next.len_utf8();
            }
            tokens.push(Token::Name(code[from..end].to_owned()));
        } else if c == '\'' || c == '"' {
            let mut raw = Vec::new();
            while let Some((_, next)) = rest.next() {
                if next == c {
                    break;
                }
                raw.extend_from_slice(next.encode_utf8(&mut [0; 4]).as_bytes());
                if next == '\\'
                    && let Some((_, escaped)) = rest.next()
                {
                    raw.extend_from_slice(escaped.encode_utf8(&mut [0; 4]).as_bytes());
                }
            }
            let text = crate::pickle::Escapes::All.resolved(&raw);
            let text = String::from_utf8_lossy(&text).replace("\\N{LOW LINE}", "_");
            tokens.push(Token::Text(text));
        } else if !c.is_whitespace() {
            tokens.push(Token::Sign(c));
        }
    }
    tokens
}

/// Whether an expression takes an attribute that leads to the interpreter, by name, by subscript,
/// by a filter, or by a text put together for that.
fn escapes(tokens: &[Token]) -> bool {
    let sign = |token: Option<&Token>, sign| token == Some(&Token::Sign(sign));
    let joined = joined_texts(tokens);
    let by_name = tokens.windows(2).any(|pair| match pair {
        [Token::Sign('.'), Token::Name(name)] => leads_out(name),
        _ => false,
    });
    let by_text = joined.iter().any(|(before, text)| {
        let taken = sign(before.as_ref(), '[') || sign(before.as_ref(), '(');
        taken && leads_out(text)
    });
    let filter = tokens
        .windows(2)
        .any(|pair| pair[0] == Token::Sign('|') && pair[1] == Token::Name("attr".to_owned()));
    let written = joined.iter().any(|(_, text)| names_way_out(text));
    // Pieces in a list or apart, put together by a filter or by variables.
    let all: String = joined.iter().map(|(_, text)| text.as_str()).collect();
    let pieces = joined.len() > 1 && names_way_out(&all);
    let drawn = tokens.windows(2).any(|pair| match pair {
        [Token::Text(text), Token::Sign('*')] => text.bytes().all(|byte| byte == b'_'),
        _ => false,
    });
    // `'%c' % 95`: underscores by their number.
    let numbered = ["95", "0x5f", "0x5F"].iter().any(|code| {
        tokens.contains(&Token::Name((*code).to_owned()))
            && joined.iter().any(|(_, text)| text.contains("%c") || text.contains(":c}"))
    });
    by_name || by_text || filter || written || pieces || drawn || numbered || reads_file(tokens)
}

/// Whether it takes a template by a path that is no template's of its own.
fn reads_file(tokens: &[Token]) -> bool {
    let tokens = match tokens {
        [Token::Sign('-' | '+'), rest @ ..] => rest,
        all => all,
    };
    let [Token::Name(statement), Token::Text(path), ..] = tokens else { return false };
    ["include", "import", "from", "extends"].contains(&statement.as_str())
        && crate::archive::leads_out(path)
}

/// Whether a text that is no sentence is, forwards or backwards, the name of a way out.
fn names_way_out(text: &str) -> bool {
    if text.contains(char::is_whitespace) {
        return false;
    }
    let text = text.to_lowercase();
    let backwards: String = text.chars().rev().collect();
    [text, backwards].iter().any(|text| {
        text.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| WAYS_OUT.contains(&part))
    })
}

/// Templates from elsewhere, subscripts that are put together, and objects of the engine whose
/// attributes are taken.
fn unusual(tokens: &[Token]) -> bool {
    let word = |at: usize| match tokens.get(at) {
        Some(Token::Name(name)) => name.as_str(),
        _ => "",
    };
    let statement = word(usize::from(matches!(tokens.first(), Some(Token::Sign('-' | '+')))));
    // Nothing is said a million times.
    let large = tokens.iter().any(|token| match token {
        Token::Name(number) => number.replace('_', "").parse::<u64>().is_ok_and(|n| n > 1_000_000),
        _ => false,
    });
    large
        || ["include", "import", "from", "extends"].contains(&statement)
        || (0..tokens.len()).any(|at| {
            let computed = at > 0
                && !word(at).is_empty()
                && tokens[at - 1] == Token::Sign('[')
                && tokens.get(at + 1) == Some(&Token::Sign('~'));
            let dotted = tokens.get(at + 1) == Some(&Token::Sign('.'));
            computed
                || dotted
                    && [
                        "lipsum",
                        "cycler",
                        "joiner",
                        "self",
                        "config",
                        "request",
                        "url_for",
                        "get_flashed_messages",
                    ]
                    .contains(&word(at))
        })
}

/// Texts with what stands before each; texts joined by `~` or `+` are one.
fn joined_texts(tokens: &[Token]) -> Vec<(Option<Token>, String)> {
    let mut joined: Vec<(Option<Token>, String)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let Token::Text(text) = token else { continue };
        let before = at.checked_sub(1).map(|at| &tokens[at]);
        let goes_on = matches!(before, Some(Token::Sign('~' | '+')))
            && at.checked_sub(2).is_some_and(|at| matches!(tokens[at], Token::Text(_)));
        match joined.last_mut() {
            Some((_, last)) if goes_on => last.push_str(text),
            _ => joined.push((before.cloned(), text.clone())),
        }
    }
    joined
}

fn leads_out(name: &str) -> bool {
    name.starts_with("__") && name.ends_with("__") && name.len() > 4
        || [
            "mro",
            "func_globals",
            "gi_frame",
            "f_globals",
            "gi_code",
            "cr_frame",
            "tb_frame",
            "popen",
        ]
        .contains(&name)
}

/// What leads from any object to the interpreter.
static WAYS_OUT: [&str; 27] = [
    "__class__",
    "__globals__",
    "__builtins__",
    "__subclasses__",
    "__mro__",
    "__base__",
    "__bases__",
    "__init__",
    "__import__",
    "__getattribute__",
    "__getattr__",
    "__getitem__",
    "__dict__",
    "__code__",
    "__closure__",
    "__self__",
    "__func__",
    "__loader__",
    "__module__",
    "__reduce__",
    "__reduce_ex__",
    "__call__",
    "__new__",
    "__doc__",
    "__name__",
    "__qualname__",
    "__wrapped__",
];

const MOST_FINDINGS: usize = 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check_rule(template: &str, rule: Option<&str>) {
        let found = check(template);
        assert_eq!(found.first().map(|one| one.rule.name), rule, "{template}: {found:?}");
    }

    #[test]
    fn templates() {
        let out = Some("template/escape");
        check_rule("{% for m in messages %}{{ m['role'] + ': ' + m.content }}{% endfor %}", None);
        check_rule("the word __class__ outside, {{ 'and __class__ inside a text' }}", None);
        check_rule("{# {{ x.__class__ }} #}", None);
        check_rule("{% raw %}{{ x.__class__ }}{% endraw %}", None);
        check_rule("{{ namespace(a=1).a }}{{ loop.index0 }}{{ raise_exception('no') }}", None);
        check_rule("{{ ''.__class__.__mro__ }}", out);
        check_rule("{{ x['__class__'] }}", out);
        check_rule("{{ x['__cl' ~ 'ass__'] }}", out);
        check_rule("{{ x['__cl' + 'ass__'] }}", out);
        check_rule(r"{{ x['\x5f\x5fclass\x5f\x5f'] }}", out);
        check_rule("{{ x|attr('__init__') }}", out);
        check_rule("{{ x | attr('\\u005f_globals__') }}", out);
        check_rule("{%- set a = cycler.__init__.__globals__.os -%}", out);
        check_rule("{{ '}}' ~ x.__class__ }}", out);
        check_rule("{{ lipsum.x }}", Some("template/unusual"));
        check_rule("{% include 'x' %}", Some("template/unusual"));
        check_rule("{%- from '/etc/x' import y %}", out);
        check_rule("{% set x = '%c%c' % (95, 95) %}", out);
        check_rule(r"{{ ''['\N{LOW LINE}\N{LOW LINE}class\N{LOW LINE}\N{LOW LINE}'] }}", out);
        check_rule("{{ x|attr(y) }}", out);
        check_rule("{% set a = '__class__' %}{{ x[a] }}", out);
        check_rule("{{ '{0.__class__}'.format(x) }}", out);
        check_rule("{{ x[['__cl', 'ass__']|join] }}", out);
        check_rule("{{ x['__ssalc__'[::-1]] }}", out);
        check_rule("{{ x|map(attribute='__class__')|list }}", out);
        check_rule("{% set a = '_' * 2 %}", out);
        check_rule("{{ x[a ~ b] }}", Some("template/unusual"));
        check_rule("{{ m['_'] + '__' + a[0] + b['tool_' ~ c] }}", None);
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "[{}%#'\"\\\\a-z_é.|~ ]{0,60}") {
            check(&text);
        }
    }
}
