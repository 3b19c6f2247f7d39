//! Which names and origins are ours.

use super::*;

#[test]
fn names_that_no_page_elsewhere_can_take_are_served() {
    let declared = ["console.example.org".to_owned()];
    for (host, expected) in [
        ("localhost", true),
        ("LOCALHOST:8485", true),
        ("127.0.0.1:8485", true),
        ("[::1]:8485", true),
        ("[::1]", true),
        ("192.168.1.4:80", true),
        ("console.example.org:443", true),
        ("evil.example", false),
        ("evil.example:8485", false),
        ("localhost.evil.example", false),
        ("127.0.0.1.evil.example:8485", false),
        ("localhost:8485@evil.example", false),
        ("", false),
    ] {
        assert_eq!(known(host, &declared), expected, "{host}");
    }
}

#[test]
fn forms_come_from_here() {
    let check = |pairs: &[(&'static str, &'static str)], expected: bool| {
        let headers = pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(own_form(&headers), expected, "{pairs:?}");
    };
    let host = ("host", "localhost:1");
    check(&[host, ("origin", "http://localhost:1")], true);
    check(&[host, ("origin", "https://localhost:1")], true);
    check(&[host, ("origin", "http://localhost:1"), ("sec-fetch-site", "same-origin")], true);
    check(&[host, ("sec-fetch-site", "same-origin")], true);
    check(&[host], false);
    check(&[host, ("origin", "null")], false);
    check(&[host, ("origin", "http://localhost:2")], false);
    check(&[host, ("origin", "http://evil.example")], false);
    check(&[host, ("origin", "http://localhost:1"), ("sec-fetch-site", "same-site")], false);
    check(&[("origin", "http://localhost:1")], false);
}

#[test]
fn the_session_is_found_among_cookies() {
    for (line, expected) in [
        ("freehold_session=abc", Some("abc")),
        ("a=b; freehold_session=abc; c=d", Some("abc")),
        ("freehold_session_2=abc", None),
        ("freehold_session", None),
        ("", None),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static(line));
        assert_eq!(session(&headers), expected, "{line}");
    }
}
