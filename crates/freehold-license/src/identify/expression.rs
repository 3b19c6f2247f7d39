//! SPDX licence expressions (annex D of the SPDX specification 2.3): `MIT OR Apache-2.0`.

use std::str::FromStr;

use freehold_catalog::LicenceCategory;
use thiserror::Error;

use super::identify;
use crate::matching::strictest;

/// An expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expression {
    /// One licence, by its identifier as written; `+` is kept.
    Licence(String),
    /// A licence with an exception.
    With(String, String),
    /// All of them hold.
    And(Vec<Expression>),
    /// Whoever takes it chooses one.
    Or(Vec<Expression>),
}

impl Expression {
    /// The category: of `AND` the least permissive, of `OR` the most permissive that is confirmed. A
    /// licence that is not known, or goes with an exception, is *not confirmed* (none).
    #[must_use]
    pub fn category(&self) -> Option<LicenceCategory> {
        match self {
            Self::Licence(id) => identify(id.trim_end_matches('+'))
                .into_iter()
                .map(|one| one.category)
                .reduce(strictest)
                .flatten(),
            Self::With(..) => None,
            Self::And(all) => all.iter().map(Self::category).reduce(strictest).flatten(),
            Self::Or(any) => any.iter().filter_map(Self::category).min(),
        }
    }

    /// Every identifier named, in order.
    #[must_use]
    pub fn identifiers(&self) -> Vec<&str> {
        match self {
            Self::Licence(id) | Self::With(id, _) => vec![id],
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Self::identifiers).collect(),
        }
    }
}

impl FromStr for Expression {
    type Err = ExpressionError;

    fn from_str(text: &str) -> Result<Self, ExpressionError> {
        let mut parser = Parser { rest: text, depth: 0 };
        let expression = parser.any()?;
        match parser.peek() {
            "" => Ok(expression),
            more => Err(ExpressionError::Unexpected(more.to_owned())),
        }
    }
}

/// Why a text is no expression.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ExpressionError {
    /// It ends where an identifier should stand.
    #[error("the expression ends where a licence should stand")]
    Ends,
    /// Something stands where it must not.
    #[error("`{0}` stands where it must not")]
    Unexpected(String),
    /// More brackets within brackets than anybody needs.
    #[error("brackets are nested more than {DEEPEST} deep")]
    Deep,
}

struct Parser<'a> {
    rest: &'a str,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn any(&mut self) -> Result<Expression, ExpressionError> {
        let mut all = vec![self.all()?];
        while self.peek().eq_ignore_ascii_case("or") {
            self.next();
            all.push(self.all()?);
        }
        Ok(single(all, Expression::Or))
    }

    fn all(&mut self) -> Result<Expression, ExpressionError> {
        let mut all = vec![self.one()?];
        while self.peek().eq_ignore_ascii_case("and") {
            self.next();
            all.push(self.one()?);
        }
        Ok(single(all, Expression::And))
    }

    fn one(&mut self) -> Result<Expression, ExpressionError> {
        match self.next() {
            "" => Err(ExpressionError::Ends),
            "(" => {
                self.depth += 1;
                if self.depth > DEEPEST {
                    return Err(ExpressionError::Deep);
                }
                let inner = self.any()?;
                self.depth -= 1;
                match self.next() {
                    ")" => Ok(inner),
                    "" => Err(ExpressionError::Ends),
                    other => Err(ExpressionError::Unexpected(other.to_owned())),
                }
            }
            id if identifier(id) => {
                if !self.peek().eq_ignore_ascii_case("with") {
                    return Ok(Expression::Licence(id.to_owned()));
                }
                self.next();
                match self.next() {
                    "" => Err(ExpressionError::Ends),
                    exception if identifier(exception) => {
                        Ok(Expression::With(id.to_owned(), exception.to_owned()))
                    }
                    other => Err(ExpressionError::Unexpected(other.to_owned())),
                }
            }
            other => Err(ExpressionError::Unexpected(other.to_owned())),
        }
    }

    fn peek(&self) -> &'a str {
        let rest = self.rest.trim_start();
        let bracket = |c| matches!(c, '(' | ')');
        if rest.starts_with(bracket) {
            return &rest[..1];
        }
        let end = rest.find(|c: char| c.is_whitespace() || bracket(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    fn next(&mut self) -> &'a str {
        let word = self.peek();
        self.rest = &self.rest.trim_start()[word.len()..];
        word
    }
}

fn identifier(word: &str) -> bool {
    let operator = ["and", "or", "with"].iter().any(|one| word.eq_ignore_ascii_case(one));
    let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '+' | ':');
    !operator && !word.is_empty() && word.chars().all(fine)
}

fn single(mut all: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match all.len() {
        1 => all.remove(0),
        _ => join(all),
    }
}

const DEEPEST: usize = 32;
