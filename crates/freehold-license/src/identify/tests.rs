//! Names, tags, links and expressions.

use freehold_catalog::LicenceCategory;

use super::{Declared, Expression, declared, identifier_lines, identify};
use crate::place;

fn check(name: &str, ids: &[&str]) {
    let got: Vec<&str> = identify(name).iter().map(|one| one.id.as_str()).collect();
    assert_eq!(got, ids, "{name}");
}

#[test]
fn names_and_tags() {
    check("apache-2.0", &["Apache-2.0"]);
    check("MIT License", &["MIT"]);
    check("llama3.1", &["llama-3.1-community"]);
    check("Llama 3.1 Community License", &["llama-3.1-community"]);
    check("gemma", &["gemma-terms-2024-04", "gemma-terms-2025-03"]);
    check("gpl-3.0", &["GPL-3.0-only"]);
    check("GPL-3.0-or-later", &["GPL-3.0-only"]);
    check("bigscience-bloom-rail-1.0", &["bigscience-rail-1.0"]);
    check(
        "modified-mit",
        &[
            "kimi-k2-modified-mit",
            "minimax-m2-modified-mit",
            "kimi-k2.5-modified-mit",
            "minimax-m2.1-modified-mit",
        ],
    );
    check("mit-ish", &[]);
    check("other", &[]);
    check("", &[]);
}

#[test]
fn cards() {
    let card = |license, name, link| {
        let found = declared(Declared { license, name, link });
        found.iter().map(|one| one.id.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(card(Some("other"), Some("qwen"), None), ["qwen-2024"]);
    assert_eq!(
        card(Some("other"), Some("ours"), Some("https://www.llama.com/llama4/license/")),
        ["llama-4-community"]
    );
    assert_eq!(card(Some("other"), None, None), [""; 0]);
    assert_eq!(card(Some("mit"), Some("qwen"), None), ["MIT"]);
    let lines: Vec<_> =
        identifier_lines("// x\n/* SPDX-License-Identifier: MIT OR Apache-2.0 */").collect();
    assert_eq!(lines, [(2, "MIT OR Apache-2.0")]);
}

#[test]
fn expressions() {
    use LicenceCategory::{Custom, Osi, SourceAvailable};
    for (text, category) in [
        ("MIT", Some(Osi)),
        ("MIT OR CC-BY-NC-4.0", Some(Osi)),
        ("MIT AND CC-BY-NC-4.0", Some(SourceAvailable)),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", Some(Custom)),
        ("MIT AND LicenseRef-ours", None),
        ("Apache-2.0 WITH LLVM-exception", None),
    ] {
        assert_eq!(text.parse::<Expression>().unwrap().category(), category, "{text}");
    }
    for wrong in ["", "MIT OR", "(MIT", "MIT Apache-2.0", "AND", "MIT WITH", &"(".repeat(99)] {
        assert!(wrong.parse::<Expression>().is_err(), "{wrong}");
    }
}

#[test]
fn places_of_terms() {
    let text = "Terms\n\n1. Grant\n a. You may use it.\n b. You may not use the outputs to train other \
        models.\n2. Scale\n If there are more than 700 million monthly active users, ask us first.\n";
    let found = |clause, hint| place(text, clause, &[hint]).map(|found| (found.line, found.words));
    let (line, words) = found("2", "more than 700 million monthly users").unwrap();
    assert!(words.contains("700 million"), "{line} {words}");
    let (_, words) = found("1(b)", "outputs may not train models").unwrap();
    assert!(words.starts_with("b. You may not"), "{words}");
    assert!(found("9", "arbitration in Paris under chamber rules").is_none());
}
