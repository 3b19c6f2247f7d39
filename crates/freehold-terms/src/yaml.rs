//! A reader of the YAML that model cards are written in: maps, lists and scalars, each with its
//! line. It never fails: what it does not understand is skipped and counted, so that a card with one
//! bad line still says its licence. Tags and anchors mean nothing here and nothing is ever expanded.

mod flow;

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A text, a number, nothing: as written, without its quotes.
    Scalar(String, u32),
    /// Values in order.
    List(Vec<Node>, u32),
    /// Values by name, in order; a name may come twice.
    Map(Vec<(String, Node)>, u32),
}

/// What was read, and the lines that were not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) root: Node,
    pub(crate) skipped: Vec<u32>,
}

impl Node {
    /// The value of this name in a map; the last one, as YAML readers that allow it have it.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(entries, _) => {
                entries.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Every value of this name in a map.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Self> {
        let entries = match self {
            Self::Map(entries, _) => entries.as_slice(),
            _ => &[],
        };
        entries.iter().filter(move |(key, _)| key == name).map(|(_, value)| value)
    }

    /// The line, from 1.
    pub(crate) fn line(&self) -> u32 {
        match self {
            Self::Scalar(_, line) | Self::List(_, line) | Self::Map(_, line) => *line,
        }
    }

    /// The text of a scalar that says something.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(text, _)
                if !["", "~", "null", "Null", "NULL"].contains(&text.as_str()) =>
            {
                Some(text)
            }
            _ => None,
        }
    }

    /// The texts of a scalar, or of the scalars in a list, each with its line.
    pub(crate) fn texts(&self) -> Vec<(&str, u32)> {
        match self {
            Self::List(items, _) => {
                items.iter().filter_map(|it| it.text().map(|text| (text, it.line()))).collect()
            }
            it => it.text().map(|text| (text, it.line())).into_iter().collect(),
        }
    }

    /// The items of a list; none of anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items, _) => items,
            _ => &[],
        }
    }
}

/// Reads a document whose first line has the number `first`.
pub(crate) fn read(text: &str, first: u32) -> Read {
    let mut lines = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        let body = raw.trim_start_matches([' ', '\t']);
        let number = first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
        lines.push(Line { indent: raw.len() - body.len(), text: body.trim_end(), raw, number });
    }
    let mut reader = Reader { lines, at: 0, skipped: Vec::new() };
    let mut root = Node::Scalar(String::new(), first);
    while let Some(line) = reader.next_line() {
        if line.text == "---" && matches!(root, Node::Scalar(..)) {
            reader.at += 1;
            continue;
        }
        let before = reader.at;
        let value = reader.block(line.indent, 0);
        match (&mut root, value) {
            (Node::Map(entries, _), Node::Map(more, _)) => entries.extend(more),
            (Node::Scalar(..), value) => root = value,
            _ => reader.skipped.push(line.number),
        }
        if reader.at == before {
            reader.skip();
        }
    }
    Read { root, skipped: reader.skipped }
}

#[derive(Clone, Copy)]
struct Line<'a> {
    indent: usize,
    text: &'a str,
    raw: &'a str,
    number: u32,
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
    skipped: Vec<u32>,
}

impl<'a> Reader<'a> {
    /// The next line that says something.
    fn next_line(&mut self) -> Option<Line<'a>> {
        while let Some(line) = self.lines.get(self.at) {
            if !line.text.is_empty() && !line.text.starts_with('#') {
                return Some(*line);
            }
            self.at += 1;
        }
        None
    }

    fn skip(&mut self) {
        if let Some(line) = self.lines.get(self.at) {
            self.skipped.push(line.number);
        }
        self.at += 1;
    }

    /// The value that begins at the next line, which has this indent.
    fn block(&mut self, indent: usize, depth: usize) -> Node {
        let Some(line) = self.next_line() else {
            return Node::Scalar(String::new(), 0);
        };
        if depth > DEEPEST {
            self.skip();
            return Node::Scalar(String::new(), line.number);
        }
        if is_item(line.text) {
            self.list(indent, depth)
        } else if split_key(line.text).is_some() {
            self.map(indent, depth)
        } else {
            self.at += 1;
            self.value(line.text, indent, line.number, depth)
        }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Node {
        let mut items = Vec::new();
        let start = self.next_line().map_or(0, |line| line.number);
        while let Some(line) = self.next_line() {
            if line.indent != indent || !is_item(line.text) {
                break;
            }
            let rest = line.text.get(1..).unwrap_or_default();
            let body = rest.trim_start_matches([' ', '\t']);
            let inner = indent + 1 + rest.len() - body.len();
            if body.is_empty() || body.starts_with('#') {
                self.at += 1;
                items.push(self.below(indent, line.number, depth, false));
            } else if is_item(body) || split_key(body).is_some() {
                if let Some(own) = self.lines.get_mut(self.at) {
                    *own = Line { indent: inner, text: body, ..line };
                }
                items.push(self.block(inner, depth + 1));
            } else {
                self.at += 1;
                items.push(self.value(body, indent, line.number, depth));
            }
        }
        Node::List(items, start)
    }

    fn map(&mut self, indent: usize, depth: usize) -> Node {
        let mut entries = Vec::new();
        let start = self.next_line().map_or(0, |line| line.number);
        while let Some(line) = self.next_line() {
            if line.indent < indent || is_item(line.text) || line.text == "---" {
                break;
            }
            let Some((key, rest)) = split_key(line.text).filter(|_| line.indent == indent) else {
                self.skip();
                continue;
            };
            self.at += 1;
            let value = match rest.is_empty() || rest.starts_with('#') {
                true => self.below(indent, line.number, depth, true),
                false => self.value(rest, indent, line.number, depth),
            };
            entries.push((key, value));
        }
        Node::Map(entries, start)
    }

    /// The value under a key or dash that has none on its own line. A list under a key may stand at
    /// the key's own indent.
    fn below(&mut self, indent: usize, number: u32, depth: usize, of_key: bool) -> Node {
        match self.next_line() {
            Some(line)
                if line.indent > indent
                    || (of_key && line.indent == indent && is_item(line.text)) =>
            {
                self.block(line.indent, depth + 1)
            }
            _ => Node::Scalar(String::new(), number),
        }
    }

    /// The value that begins with `text`, after which `at` stands on the next line; lines that
    /// continue it have more than `indent`.
    fn value(&mut self, text: &str, indent: usize, number: u32, depth: usize) -> Node {
        let text = without_properties(text);
        match text.chars().next() {
            Some('|' | '>') => self.block_scalar(text, indent, number),
            Some(open @ ('[' | '{' | '"' | '\'')) => self.flow(text, open, indent, number, depth),
            _ => {
                let mut all = plain(text).to_owned();
                while let Some(line) = self.continued(indent) {
                    let more = plain(line.text);
                    all = format!("{all} {more}");
                    self.at += 1;
                }
                Node::Scalar(all.trim().to_owned(), number)
            }
        }
    }

    /// The next line if it goes on with a plain scalar.
    fn continued(&mut self, indent: usize) -> Option<Line<'a>> {
        let line = self.next_line()?;
        (line.indent > indent && split_key(line.text).is_none() && !is_item(line.text))
            .then_some(line)
    }

    fn block_scalar(&mut self, head: &str, indent: usize, number: u32) -> Node {
        let mut lines: Vec<&str> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            if !line.text.is_empty() && line.indent <= indent {
                break;
            }
            lines.push(line.raw);
            self.at += 1;
        }
        let own = lines.iter().filter(|line| !line.trim().is_empty());
        let least = own.map(|line| line.len() - line.trim_start().len()).min().unwrap_or(0);
        let cut = |line: &&str| line.get(least..).unwrap_or_default().to_owned();
        let joint = if head.starts_with('>') { " " } else { "\n" };
        let text = lines.iter().map(cut).collect::<Vec<_>>().join(joint);
        Node::Scalar(text.trim_end().to_owned(), number)
    }

    /// A value in brackets or quotes, which may go on over lines.
    fn flow(&mut self, text: &str, open: char, indent: usize, number: u32, depth: usize) -> Node {
        let mut all = text.to_owned();
        let start = self.at;
        for _ in 0..LONGEST_FLOW {
            if let Some(node) = flow::read(&all, number, depth) {
                return node;
            }
            match self.lines.get(self.at) {
                Some(line)
                    if line.indent > indent
                        || line.text.is_empty()
                        || "]}".contains(line.text.chars().next().unwrap_or(' ')) =>
                {
                    all.push(' ');
                    all.push_str(line.text);
                    self.at += 1;
                }
                _ => break,
            }
        }
        // It never ends: it is as much as its first line says.
        self.at = start;
        self.skipped.push(number);
        Node::Scalar(text.trim_start_matches(open).trim().to_owned(), number)
    }
}

fn is_item(text: &str) -> bool {
    text == "-" || text.starts_with("- ") || text.starts_with("-\t")
}

/// The key of a line and what stands behind it.
fn split_key(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| ['"', '\''].contains(c));
    if let Some(quote) = quote {
        let body = text.get(1..)?;
        let end = body.find(quote)?;
        let rest = body.get(end + 1..)?.trim_start().strip_prefix(':')?;
        return (rest.is_empty() || rest.starts_with([' ', '\t']))
            .then(|| (body.get(..end).unwrap_or_default().to_owned(), rest.trim()));
    }
    if text.starts_with(['[', '{', '#', '|', '>', '*', '&', '!', '%', '@', '`']) {
        return None;
    }
    let mut from = 0;
    loop {
        let colon = from + text.get(from..)?.find(':')?;
        let rest = text.get(colon + 1..)?;
        if rest.is_empty() || rest.starts_with([' ', '\t']) {
            let key = text.get(..colon)?.trim_end();
            return (!key.is_empty() && !key.contains(" #")).then(|| (key.to_owned(), rest.trim()));
        }
        from = colon + 1;
    }
}

/// A plain scalar without the comment behind it.
fn plain(text: &str) -> &str {
    if text.starts_with('#') {
        return "";
    }
    let end = [" #", "\t#"].iter().filter_map(|mark| text.find(mark)).min();
    text.get(..end.unwrap_or(text.len())).unwrap_or(text).trim()
}

/// A value without its tag and anchor.
fn without_properties(mut text: &str) -> &str {
    while text.starts_with(['!', '&']) {
        let end = text.find([' ', '\t']).unwrap_or(text.len());
        text = text.get(end..).unwrap_or_default().trim_start();
    }
    text
}

/// Deeper than any card.
const DEEPEST: usize = 32;
/// More lines than any value in brackets has.
const LONGEST_FLOW: usize = 400;

#[cfg(test)]
mod tests;
