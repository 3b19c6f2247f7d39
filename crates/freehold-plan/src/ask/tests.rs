//! Answers are read or refused, and keys told apart.

use super::*;

fn check(key: &str, value: &str, expected: Result<Option<f64>, &str>) {
    let mut ask = Ask::default();
    let found = ask.set(key, value).map(|()| ask.number(key)).map_err(|error| error.to_string());
    assert_eq!(found, expected.map_err(str::to_owned), "{key} = {value}");
}

#[test]
fn answers_are_read_and_refused() {
    check("requests-a-day", "20,000", Ok(Some(20_000.0)));
    check("requests-a-day", "20k", Ok(Some(20_000.0)));
    check("tokens-a-month", "1.5G", Ok(Some(1.5e9)));
    check("prefix-hits", "30%", Ok(Some(0.3)));
    check("prefix-hits", " ", Ok(None));
    check("prefix-hits", "1.5", Err("`prefix-hits` is 1.5, and can be 0 to 1"));
    check("peak", "much", Err("`much` is no number for `peak`"));
    check("peak", "NaN", Err("`NaN` is no number for `peak`"));
    check("spare", "1.5", Err("`1.5` is no number for `spare`"));
    check("machines", "leased", Err("`machines` is `leased`, and can be rented, bought, there"));
    check("requests_a_day", "5", Ok(None));
}

#[test]
fn unknown_keys_name_close_ones() {
    let error = Ask::default().set("request_per_day", "1").unwrap_err();
    let AskError::UnknownKey { close, .. } = error else { panic!("{error}") };
    assert_eq!(close.first(), Some(&"requests-a-day"));
}

#[test]
fn keys_are_told_apart() {
    let mut keys: Vec<_> = QUESTIONS.iter().map(|question| question.key).collect();
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), QUESTIONS.len());
    assert!(QUESTIONS.iter().all(|one| question(one.key) == Some(one)));
}
