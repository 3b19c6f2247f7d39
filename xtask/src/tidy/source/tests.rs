//! The counts, on source small enough to count by eye.

use super::read;

struct Expected {
    code: usize,
    test_code: usize,
    panics: usize,
    functions: &'static [(&'static str, usize)],
}

fn check(text: &str, expected: &Expected) {
    let source = read("crates/x/src/lib.rs", text);
    assert_eq!(source.code, expected.code, "code of {text}");
    assert_eq!(source.test_code, expected.test_code, "test code of {text}");
    assert_eq!(source.panics, expected.panics, "panics of {text}");
    let functions: Vec<_> = source.functions.iter().map(|f| (f.name.as_str(), f.lines)).collect();
    assert_eq!(functions, expected.functions, "functions of {text}");
}

#[test]
fn code_and_comments_are_told_apart() {
    check(
        "//! why\n\n/* a /* nested */ one */\nfn one() {\n    // no\n    \"// not a comment\"\n}\n",
        &Expected { code: 3, test_code: 0, panics: 0, functions: &[("one", 4)] },
    );
}

#[test]
fn tests_are_counted_apart() {
    check(
        "fn one() { x.unwrap() }\n#[cfg(test)]\nmod tests {\n    #[test]\n    fn two() { x.unwrap() }\n}\n",
        &Expected { code: 1, test_code: 5, panics: 1, functions: &[("one", 1)] },
    );
    check(
        "#[cfg(not(test))]\nfn one() { panic!() }\n",
        &Expected { code: 2, test_code: 0, panics: 1, functions: &[("one", 1)] },
    );
}

#[test]
fn literals_hide_nothing() {
    check(
        "fn one<'a>(x: &'a str) -> char { let _ = r#\"}\" panic!()\"#; '}' }\nfn two() { '\\'' }\n",
        &Expected { code: 2, test_code: 0, panics: 0, functions: &[("one", 1), ("two", 1)] },
    );
    check(
        "trait T { fn a(&self); }\nfn unwrap_or(x: [u8; 2]) { x.unwrap_or(1); b\"\\\"\"; b'{'; }\n",
        &Expected { code: 2, test_code: 0, panics: 0, functions: &[("unwrap_or", 1)] },
    );
}

#[test]
fn the_header_comes_before_all_code() {
    assert!(read("a.rs", "// licence\n//! why\nfn a() {}").header);
    assert!(!read("a.rs", "fn a() {}\n//! late").header);
    assert!(!read("a.rs", "/// other").header);
}

#[test]
fn test_files_are_known_by_their_path() {
    for path in ["crates/x/tests/it/main.rs", "crates/x/src/tests.rs", "crates/x/benches/b.rs"] {
        assert!(read(path, "fn a() {}").test, "{path}");
    }
    assert!(!read("crates/x/src/contests.rs", "fn a() {}").test);
}
