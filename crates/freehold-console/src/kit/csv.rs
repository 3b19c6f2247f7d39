//! Lists as CSV (RFC 4180), for spreadsheets.

use std::fmt::Write;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// A list as a file to save: a line of names, then a line for each row.
///
/// What is text stays text: a cell that a spreadsheet would take for a formula begins with an
/// apostrophe, because names in a list may come from somebody else.
pub fn csv(name: &str, columns: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Response {
    let mut text = String::new();
    line(&mut text, columns.iter().copied());
    for row in rows {
        line(&mut text, row.iter().map(String::as_str));
    }
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '-' };
    let name: String = name.chars().map(safe).collect();
    let file = format!("attachment; filename=\"{name}.csv\"");
    let mut response =
        ([(header::CONTENT_TYPE, "text/csv; charset=utf-8; header=present")], text).into_response();
    if let Ok(value) = HeaderValue::try_from(file) {
        response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn line<'a>(text: &mut String, cells: impl Iterator<Item = &'a str>) {
    for (place, cell) in cells.enumerate() {
        let comma = if place > 0 { "," } else { "" };
        let formula =
            cell.starts_with(['=', '+', '-', '@', '\t', '\r']) && cell.parse::<f64>().is_err();
        let guard = if formula { "'" } else { "" };
        // Writing into a string cannot fail.
        let _infallible = if formula || cell.contains(['"', ',', '\n', '\r']) {
            write!(text, "{comma}\"{guard}{}\"", cell.replace('"', "\"\""))
        } else {
            write!(text, "{comma}{cell}")
        };
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_formulas_are_text() {
        let check = |cells: &[&str], expected: &str| {
            let mut text = String::new();
            line(&mut text, cells.iter().copied());
            assert_eq!(text, format!("{expected}\r\n"));
        };
        check(&["a", "", "-1.5"], "a,,-1.5");
        check(&["a,b", "say \"hi\"", "two\nlines"], "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"");
        check(&["=1+1", "@x", "-cmd"], "\"'=1+1\",\"'@x\",\"'-cmd\"");
    }

    #[test]
    fn the_name_cannot_break_the_header() {
        let response = csv("a\"b\r\nc", &["x"], []);
        assert_eq!(
            response.headers()["content-disposition"],
            "attachment; filename=\"a-b--c.csv\""
        );
    }
}
