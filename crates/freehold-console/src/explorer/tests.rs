//! Queries as addresses have them. What is found is tested from outside, on a real log.

use super::*;

#[test]
fn a_query_is_understood_or_says_what_is_not() {
    let query = |field: &str, value: &str| {
        let mut query = Query::default();
        match field {
            "since" => query.since = value.into(),
            "until" => query.until = value.into(),
            "outcome" => query.outcome = value.into(),
            _ => query.before = value.into(),
        }
        query.parse()
    };
    let since = query("since", "2026-11-23T16:00").unwrap().since;
    assert_eq!(since, Some(Timestamp(1_795_449_600_000_000)));
    let until = query("until", "2026-11-23T16:00").unwrap().until;
    assert_eq!(until, Some(Timestamp(1_795_449_659_999_999)));
    assert_eq!(query("before", "12").unwrap().before, Some(12));
    for (field, value, says) in [
        ("since", "yesterday", "`yesterday` is not a time like 2026-11-23T16:00"),
        ("since", "1960-01-01T00:00", "`1960-01-01T00:00` is not a time like 2026-11-23T16:00"),
        ("outcome", "lost", "`lost` is no outcome"),
        ("before", "-1", "`-1` is not a place in the log"),
    ] {
        let error = query(field, value).unwrap_err().to_string();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn addresses_keep_the_filter() {
    let query = Query { principal: "a b&c".into(), model: "ü".into(), ..Query::default() };
    assert_eq!(query.address(Some(7)), "?principal=a%20b%26c&model=%C3%BC&before=7");
    assert_eq!(Query::default().address(None), "");
}
