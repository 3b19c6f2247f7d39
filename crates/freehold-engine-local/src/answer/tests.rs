//! Texts cut into tokens in every way come out the same.

use proptest::prelude::*;

use super::*;

struct Outcome {
    text: String,
    pieces: Vec<String>,
    calls: Vec<String>,
    reason: &'static str,
    logprobs: usize,
}

fn run(tokens: &[&[u8]], stops: &[&str], tools: Option<Syntax>, logprobs: bool) -> Outcome {
    let stops = stops.iter().map(|stop| (*stop).to_owned()).collect();
    let mut choice = Choice::new(0, stops, tools, logprobs, "x".to_owned());
    let mut parts = Vec::new();
    for token in tokens {
        let top = logprobs.then(|| Top { logprob: -1.0, likeliest: Vec::new() });
        choice.token(token.to_vec(), top, &mut parts);
    }
    choice.finish(StopCause::End, &mut parts);
    assert!(choice.done());
    let mut outcome = Outcome {
        text: String::new(),
        pieces: Vec::new(),
        calls: Vec::new(),
        reason: "",
        logprobs: 0,
    };
    for part in parts {
        match part {
            Part::Content { text, logprobs, .. } => {
                outcome.text.push_str(&text);
                outcome.pieces.push(text);
                outcome.logprobs += logprobs.map_or(0, |tokens| tokens.len());
            }
            Part::ToolCall { name, arguments, .. } => {
                outcome.calls.push(format!("{name}{arguments}"));
            }
            Part::Finish { reason, .. } => outcome.reason = reason.as_str(),
            Part::Role { .. } => {}
        }
    }
    outcome
}

#[track_caller]
fn check(tokens: &[&[u8]], stops: &[&str], expected: &str) {
    let outcome = run(tokens, stops, None, true);
    assert_eq!((outcome.text.as_str(), outcome.reason), (expected, "stop"));
}

#[test]
fn a_tokenizer_s_own_first_space_is_no_text() {
    for (tokens, expected) in [
        (vec![&b" nine"[..], b" a.m."], "nine a.m."),
        (vec![b" ", b" x"], " x"),
        (vec![b"{}"], "{}"),
    ] {
        let mut choice =
            Choice::new(0, Vec::new(), None, false, "x".to_owned()).without_first_space();
        let mut parts = Vec::new();
        tokens.into_iter().for_each(|token| choice.token(token.to_vec(), None, &mut parts));
        choice.finish(StopCause::End, &mut parts);
        let text: String = parts
            .iter()
            .filter_map(|part| match part {
                Part::Content { text, .. } => Some(text.as_str()),
                _ => None,
            })
            .collect();
        assert_eq!(text, expected);
    }
}

#[test]
fn characters_are_whole_and_stops_cross_tokens() {
    check(&[b"a\xe2\x82", b"\xac!"], &[], "a€!");
    check(&[b"a\xe2\x82"], &[], "a\u{fffd}");
    check(&[b"one ST", b"O", b"P two"], &["STOP"], "one ");
    check(&[b"one ST", b"O", b"X"], &["STOP"], "one STOX");
    check(&[b"ab", b"c"], &["c", "bc"], "a");
    check(&[b"\n", b"\nx"], &["\n\n"], "");
    let outcome = run(&[b"a\xe2\x82", b"\xac"], &[], None, false);
    assert_eq!(outcome.pieces, ["a", "€"]);
}

#[test]
fn probabilities_follow_their_text() {
    assert_eq!(run(&[b"one", b" ST", b"O", b"P"], &["STOP"], None, true).logprobs, 2);
    assert_eq!(run(&[b"one", b"", b"x", b""], &[], None, true).logprobs, 4);
}

#[test]
fn calls_are_not_text() {
    let tokens: [&[u8]; 4] =
        [b"Well. \n<tool", b"_call>\n{\"name\": \"f\",", b" \"arguments\": {}}", b"\n</tool_call>"];
    let outcome = run(&tokens, &[], Some(Syntax::Hermes), true);
    assert_eq!((outcome.text.as_str(), outcome.reason), ("Well.", "tool_calls"));
    assert_eq!(outcome.calls, ["f{}"]);
    let outcome =
        run(&[b"{\"name\":\"f\",", b"\"parameters\":{}}"], &[], Some(Syntax::Llama), false);
    assert_eq!((outcome.text.as_str(), outcome.calls.len()), ("", 1));
    let outcome = run(&[b"<tool_call>", b"oops"], &[], Some(Syntax::Hermes), false);
    assert_eq!((outcome.text.as_str(), outcome.reason), ("<tool_call>oops", "stop"));
}

proptest! {
    #[test]
    fn cutting_changes_nothing(text in "[ab<tool_call>€ ]{0,40}", cuts in proptest::collection::vec(0usize..40, 0..8)) {
        let bytes = text.as_bytes();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let tokens: Vec<&[u8]> = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect();
        for stops in [&[][..], &["ab", "ba"][..]] {
            let (whole, cut) = (run(&[bytes], stops, None, true), run(&tokens, stops, None, true));
            prop_assert_eq!(&whole.text, &cut.text);
            let expected = stops.iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
            prop_assert_eq!(&cut.text, &text[..expected]);
            let broken = cut.pieces.iter().any(|piece| piece.contains('\u{fffd}'));
            prop_assert!(!broken);
        }
    }
}
