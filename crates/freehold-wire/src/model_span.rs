//! Finding the value of `model` in a body without parsing the rest.

use std::ops::Range;

/// Where the value of the top-level field `model` lies in a JSON object, quotes included. The body
/// must be valid JSON, which whoever took it in has seen to; for anything else the answer is
/// meaningless, but in bounds.
pub fn model_span(body: &[u8]) -> Option<Range<usize>> {
    let mut at = 0;
    let mut depth = 0usize;
    // Whether the next string at depth 1 is a key.
    let mut key_next = false;
    while let Some(byte) = body.get(at) {
        match byte {
            b'"' => {
                let end = string_end(body, at)?;
                if depth == 1 && key_next && body.get(at..end) == Some(b"\"model\"") {
                    return value_after(body, end);
                }
                key_next = false;
                at = end;
                continue;
            }
            b'{' | b'[' => {
                depth += 1;
                key_next = depth == 1;
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            b',' => key_next = depth == 1,
            _ => {}
        }
        at += 1;
    }
    None
}

/// One past the closing quote of the string that opens at `start`.
fn string_end(body: &[u8], start: usize) -> Option<usize> {
    let mut at = start + 1;
    loop {
        at += memchr::memchr2(b'"', b'\\', body.get(at..)?)?;
        if body[at] == b'"' {
            return Some(at + 1);
        }
        at += 2;
    }
}

/// The string value that follows a key which ends at `at`.
fn value_after(body: &[u8], at: usize) -> Option<Range<usize>> {
    let skip = |from: usize| {
        let rest = body.get(from..)?;
        Some(from + rest.iter().position(|byte| !byte.is_ascii_whitespace())?)
    };
    let colon = skip(at)?;
    let start = skip(colon + 1)?;
    (body[colon] == b':' && body[start] == b'"').then_some(())?;
    Some(start..string_end(body, start)?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Option<&str>) {
        assert_eq!(model_span(body.as_bytes()).map(|span| &body[span]), expected, "{body}");
    }

    #[test]
    fn finds_the_top_level_field_only() {
        check(r#"{"model":"a"}"#, Some("\"a\""));
        check("{ \"x\" : [1,2] , \"model\" : \n \"a\\\"b\" , \"y\":1}", Some(r#""a\"b""#));
        check(
            r#"{"messages":[{"model":"no","content":"\"model\":\"no\""}],"model":"yes"}"#,
            Some("\"yes\""),
        );
        check(r#"{"x":"model","y":{"model":"no"},"z":["model","no"]}"#, None);
        check(r#"["model","no"]"#, None);
        check(r#"{"model":7}"#, None);
        check(r#"{"model""#, None);
        check(r#"{"model":"#, None);
    }

    proptest! {
        #[test]
        fn any_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let span = model_span(&bytes);
            prop_assert!(span.is_none_or(|span| span.end <= bytes.len() && span.start < span.end));
        }

        #[test]
        fn agrees_with_the_parser(before in "[a-z\"\\\\{}\\[\\], :]{0,20}", name in "[a-z\"\\\\]{0,8}") {
            let body = serde_json::json!({"before": before, "model": name, "after": before}).to_string();
            let span = model_span(body.as_bytes()).unwrap();
            prop_assert_eq!(&body[span], serde_json::to_string(&name).unwrap());
        }
    }
}
