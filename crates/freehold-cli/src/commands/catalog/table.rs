//! Text for the terminal: columns, and words wrapped to them.

use crate::render;

/// Prints a row as columns below an indent, each cell wrapped to its column's width.
pub(super) fn row(indent: usize, widths: &[usize], row: &[String]) {
    for text in lines(widths, row) {
        render::line(format_args!("{:indent$}{text}", ""));
    }
}

/// One row as lines.
pub(super) fn lines(widths: &[usize], row: &[String]) -> Vec<String> {
    let cells: Vec<Vec<String>> =
        row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    (0..height)
        .map(|at| {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                let text = cell.get(at).map(String::as_str).unwrap_or_default();
                line.push_str(text);
                let missing = width.saturating_sub(text.chars().count()) + 2;
                line.extend(std::iter::repeat_n(' ', missing));
            }
            line.truncate(line.trim_end().len());
            line
        })
        .collect()
}

/// A text below an indent, wrapped to the terminal's 80 columns, in a style.
pub(super) fn below(indent: usize, style: anstyle::Style, text: &str) {
    for line in wrap(text, WIDTH - indent) {
        render::line(format_args!("{:indent$}{}", "", render::styled(style, line)));
    }
}

/// Words in lines of at most that many characters; a longer word is cut, so that no column breaks.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        let length = line.chars().count();
        if length > 0 && length + 1 + word.len() > width {
            lines.push(std::mem::take(&mut line));
        }
        while word.len() > width {
            // After a slash or a hyphen if there is one, so that names stay readable.
            let at = word.iter().take(width).rposition(|c| "/-_.".contains(*c));
            let at = at.map_or(width, |at| at + 1);
            lines.push(word.drain(..at).collect());
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

/// The width for which everything is laid out.
pub(super) const WIDTH: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_wrapped_and_long_ones_cut() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
        assert_eq!(wrap("publisher/a-long-name x", 12), ["publisher/a-", "long-name x"]);
        assert_eq!(wrap("ääääää", 4), ["ääää", "ää"]);
    }

    #[test]
    fn columns_stand_below_each_other() {
        let row = ["a b".to_owned(), "c".to_owned(), "dd dd".to_owned()];
        assert_eq!(lines(&[1, 3, 2], &row), ["a  c    dd", "b       dd"]);
    }
}
