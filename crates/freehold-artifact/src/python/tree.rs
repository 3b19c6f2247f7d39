//! Expressions and statements, as far as judging needs them: what is named, called, joined.

use super::tokens::{Token, Word};

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tree {
    Name(String),
    Text(String),
    Number(u64),
    /// A member of a value.
    Member(Box<Tree>, String),
    /// A value, what it is given, and the line.
    Call(Box<Tree>, Vec<Given>, u32),
    /// A value and what stands in brackets after it.
    Part(Box<Tree>, Vec<Tree>),
    /// Values in brackets, or with commas between them.
    Many(Vec<Tree>),
    /// Values with `+` between them, or texts side by side.
    Sum(Vec<Tree>),
    /// Values with other signs or words between them.
    Mixed(Vec<Tree>),
}

/// One argument of a call, with its name where it has one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    pub(super) name: Option<String>,
    pub(super) value: Tree,
}

/// Reads all of the tokens as one expression.
pub(super) fn expression(tokens: &[Token]) -> Tree {
    let mut reader = Reader { tokens, at: 0, depth: 0 };
    let mut all = Vec::new();
    while reader.at < tokens.len() {
        let before = reader.at;
        all.push(reader.many());
        // A closing bracket that nothing opened.
        reader.at += usize::from(reader.at == before || reader.closes());
    }
    one_or(all, Tree::Mixed)
}

impl Tree {
    /// Tells `each` of this expression and all within it, the outer ones first.
    pub(super) fn visit<'t>(&'t self, each: &mut dyn FnMut(&'t Tree)) {
        each(self);
        match self {
            Self::Name(_) | Self::Text(_) | Self::Number(_) => {}
            Self::Member(of, _) => of.visit(each),
            Self::Call(of, given, _) => {
                of.visit(each);
                given.iter().for_each(|one| one.value.visit(each));
            }
            Self::Part(of, parts) => {
                of.visit(each);
                parts.iter().for_each(|one| one.visit(each));
            }
            Self::Many(all) | Self::Sum(all) | Self::Mixed(all) => {
                all.iter().for_each(|one| one.visit(each));
            }
        }
    }
}

struct Reader<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn word(&self) -> Option<&Word> {
        self.tokens.get(self.at).map(|token| &token.word)
    }

    fn closes(&self) -> bool {
        matches!(self.word(), Some(Word::Sign(')' | ']' | '}')))
    }

    /// Values with commas between them, up to a closing bracket.
    fn many(&mut self) -> Tree {
        let mut all = Vec::new();
        while self.at < self.tokens.len() && !self.closes() {
            if self.word() == Some(&Word::Sign(',')) {
                self.at += 1;
            } else {
                all.push(self.value());
            }
        }
        one_or(all, Tree::Many)
    }

    /// One value, up to a comma or a closing bracket.
    fn value(&mut self) -> Tree {
        let (mut all, mut only_sums) = (Vec::new(), true);
        while let Some(word) = self.word() {
            match word {
                Word::Sign(',' | ')' | ']' | '}') => break,
                Word::Sign('+') => self.at += 1,
                Word::Sign('(' | '[' | '{') | Word::Text(_) | Word::Number(_) => {
                    all.push(self.primary());
                }
                Word::Name(name) if !BETWEEN.contains(&name.as_str()) => all.push(self.primary()),
                Word::Sign('%') if matches!(all.last(), Some(Tree::Text(_))) => {
                    self.at += 1;
                }
                _ => {
                    only_sums = false;
                    self.at += 1;
                }
            }
        }
        one_or(all, if only_sums { Tree::Sum } else { Tree::Mixed })
    }

    /// A name, a text or a bracket, with the calls, members and parts after it.
    fn primary(&mut self) -> Tree {
        self.depth += 1;
        let mut tree = match self.word().cloned() {
            Some(Word::Name(name)) => {
                self.at += 1;
                Tree::Name(name)
            }
            Some(Word::Text(text)) => {
                self.at += 1;
                Tree::Text(text)
            }
            Some(Word::Number(number)) => {
                self.at += 1;
                Tree::Number(number)
            }
            _ => self.bracket(),
        };
        loop {
            let line = self.tokens.get(self.at).map_or(0, |token| token.line);
            match self.word() {
                Some(Word::Sign('.')) => match self.tokens.get(self.at + 1).map(|t| &t.word) {
                    Some(Word::Name(name)) => {
                        tree = Tree::Member(Box::new(tree), name.clone());
                        self.at += 2;
                    }
                    _ => break,
                },
                Some(Word::Sign('(')) => {
                    let given = self.given();
                    tree = Tree::Call(Box::new(tree), given, line);
                }
                Some(Word::Sign('[')) => {
                    let parts = match self.bracket() {
                        Tree::Many(parts) => parts,
                        one => vec![one],
                    };
                    tree = Tree::Part(Box::new(tree), parts);
                }
                _ => break,
            }
        }
        self.depth -= 1;
        tree
    }

    fn bracket(&mut self) -> Tree {
        self.at += 1;
        if self.depth > DEEPEST {
            self.skip();
            return Tree::Many(Vec::new());
        }
        let tree = self.many();
        self.at += 1;
        match tree {
            tree @ Tree::Many(_) => tree,
            one => Tree::Many(vec![one]),
        }
    }

    /// Arguments between parentheses.
    fn given(&mut self) -> Vec<Given> {
        self.at += 1;
        let mut given = Vec::new();
        if self.depth > DEEPEST {
            self.skip();
            return given;
        }
        while self.at < self.tokens.len() && !self.closes() {
            if self.word() == Some(&Word::Sign(',')) {
                self.at += 1;
                continue;
            }
            let next = |ahead: usize| self.tokens.get(self.at + ahead).map(|token| &token.word);
            let name = match (next(0), next(1), next(2)) {
                (Some(Word::Name(name)), Some(Word::Sign('=')), third)
                    if third != Some(&Word::Sign('=')) =>
                {
                    Some(name.clone())
                }
                _ => None,
            };
            self.at += if name.is_some() { 2 } else { 0 };
            given.push(Given { name, value: self.value() });
        }
        self.at += 1;
        given
    }

    /// Passes what is nested deeper than is read.
    fn skip(&mut self) {
        let mut open = 1;
        while let Some(word) = self.word() {
            match word {
                Word::Sign('(' | '[' | '{') => open += 1,
                Word::Sign(')' | ']' | '}') => open -= 1,
                _ => {}
            }
            self.at += 1;
            if open == 0 {
                break;
            }
        }
    }
}

fn one_or(mut all: Vec<Tree>, many: fn(Vec<Tree>) -> Tree) -> Tree {
    match (all.len(), all.pop()) {
        (1, Some(one)) => one,
        (_, last) => {
            all.extend(last);
            many(all)
        }
    }
}

/// One statement, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) tokens: Vec<Token>,
    /// The functions around it, from the outside in, with `Class.` before a method's name.
    pub(super) functions: Vec<String>,
    /// Whether it stands under `if __name__ == "__main__"` or for a type checker only.
    pub(super) guarded: bool,
}

enum Block {
    Plain,
    Guarded,
    Class(String),
    Function(String),
}

/// The statements of a text, each with the blocks around it.
pub(super) fn statements(tokens: Vec<Token>) -> Vec<Statement> {
    let mut statements = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut opening = None;
    let mut line: Vec<Token> = Vec::new();
    let mut depth = 0usize;
    for token in tokens {
        match &token.word {
            Word::Indent => blocks.push(opening.take().unwrap_or(Block::Plain)),
            Word::Dedent => {
                blocks.pop();
            }
            Word::End => {
                opening = close(&mut statements, &blocks, std::mem::take(&mut line));
                depth = 0;
            }
            Word::Sign(';') if depth == 0 => {
                close(&mut statements, &blocks, std::mem::take(&mut line));
            }
            word => {
                match word {
                    Word::Sign('(' | '[' | '{') => depth += 1,
                    Word::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
                    _ => {}
                }
                line.push(token);
            }
        }
    }
    close(&mut statements, &blocks, line);
    statements
}

/// Keeps a line; what block it opens, where it opens one.
fn close(statements: &mut Vec<Statement>, blocks: &[Block], mut line: Vec<Token>) -> Option<Block> {
    if line.is_empty() {
        return None;
    }
    let name = |at: usize| match line.get(at).map(|token| &token.word) {
        Some(Word::Name(name)) => name.as_str(),
        _ => "",
    };
    let skip = usize::from(name(0) == "async");
    let (first, second) = (name(skip).to_owned(), name(skip + 1).to_owned());
    let main = line.iter().any(|token| token.word == Word::Text("__main__".to_owned()))
        || line.iter().any(|token| token.word == Word::Name("TYPE_CHECKING".to_owned()));
    let block = match first.as_str() {
        "def" => Block::Function(second),
        "class" => Block::Class(second),
        "if" if main => Block::Guarded,
        "if" | "elif" | "else" | "for" | "while" | "try" | "except" | "finally" | "with"
        | "match" | "case" => Block::Plain,
        _ => {
            statements.push(statement(blocks, line));
            return None;
        }
    };
    // What follows the colon on the same line belongs into the block.
    let colon = colon(&line);
    let rest = colon.map(|at| line.split_off(at)).unwrap_or_default();
    if ["def", "class"].contains(&first.as_str()) {
        // The name is given, not called; what stands in brackets after it is evaluated.
        line.drain(..line.len().min(skip + 2));
    }
    statements.push(statement(blocks, line));
    if rest.len() > 1 {
        let mut inner = statement(blocks, rest[1..].to_vec());
        enter(&mut inner, &block, blocks);
        statements.push(inner);
    }
    Some(block)
}

fn colon(line: &[Token]) -> Option<usize> {
    let (mut depth, mut lambdas) = (0usize, 0usize);
    for (at, token) in line.iter().enumerate() {
        match &token.word {
            Word::Sign('(' | '[' | '{') => depth += 1,
            Word::Sign(')' | ']' | '}') => depth = depth.saturating_sub(1),
            Word::Name(name) if name == "lambda" && depth == 0 => lambdas += 1,
            Word::Sign(':') if depth == 0 && lambdas > 0 => lambdas -= 1,
            Word::Sign(':') if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn statement(blocks: &[Block], tokens: Vec<Token>) -> Statement {
    let mut statement = Statement { tokens, functions: Vec::new(), guarded: false };
    for (at, block) in blocks.iter().enumerate() {
        enter(&mut statement, block, &blocks[..at]);
    }
    statement
}

fn enter(statement: &mut Statement, block: &Block, around: &[Block]) {
    match block {
        Block::Function(name) => {
            let class = match around.last() {
                Some(Block::Class(class)) => format!("{class}."),
                _ => String::new(),
            };
            statement.functions.push(format!("{class}{name}"));
        }
        Block::Guarded => statement.guarded = true,
        Block::Plain | Block::Class(_) => {}
    }
}

/// Words that stand between values.
static BETWEEN: [&str; 27] = [
    "and", "or", "not", "in", "is", "if", "else", "for", "lambda", "await", "async", "yield",
    "from", "return", "raise", "assert", "del", "global", "nonlocal", "with", "as", "while",
    "elif", "except", "import", "def", "class",
];
const DEEPEST: usize = 120;
