//! The scripted engine passes the suite, and the suite finds what is broken.

use std::{sync::Arc, time::Duration};

use futures_util::StreamExt;
use serde_json::json;

use super::*;
use crate::conformance::{Subject, call, permit, run};

fn subject(author: impl Fn(&Call) -> Vec<Step> + Send + Sync + 'static) -> Subject {
    Subject {
        engine: Arc::new(ScriptedEngine::new("scripted", author)),
        chat_model: "scripted".to_owned(),
        embedding_model: Some("scripted-embedding".to_owned()),
        short: json!({"messages": [{"role": "user", "content": "short"}], "temperature": 0}),
        slow: json!({"messages": [{"role": "user", "content": "slow"}]}),
        patience: Duration::from_secs(5),
    }
}

fn say(text: &str) -> Step {
    Step::Say(text.to_owned())
}

fn is_slow(call: &Call) -> bool {
    String::from_utf8_lossy(&call.body).contains("slow")
}

fn well_behaved(call: &Call) -> Vec<Step> {
    if is_slow(call) {
        return vec![say("a"), Step::Wait(Duration::from_secs(30)), say("b")];
    }
    vec![say("Hello"), say(", you"), say(".")]
}

#[tokio::test]
async fn it_conforms() {
    assert_eq!(run(&subject(well_behaved)).await, []);
}

#[tokio::test]
async fn the_suite_finds_a_cut_stream_and_a_changing_answer() {
    let cut = subject(
        |call| {
            if is_slow(call) { well_behaved(call) } else { vec![say("Hel"), Step::Cut] }
        },
    );
    let broken: Vec<_> = run(&cut).await.iter().map(|violation| violation.rule).collect();
    assert!(broken.contains(&"a stream is made of OpenAI's chunks"), "{broken:?}");

    let changing = subject(|call| {
        if is_slow(call) { well_behaved(call) } else { vec![say(&call.stream.to_string())] }
    });
    let broken: Vec<_> = run(&changing).await.iter().map(|violation| violation.rule).collect();
    assert_eq!(broken, ["stream and whole answer agree"]);
}

#[tokio::test]
async fn errors_before_the_first_word_are_errors_of_the_call() {
    let busy: Failure = Arc::new(|| EngineError::Busy { retry_after: Duration::from_secs(2) });
    let engine = ScriptedEngine::new("scripted", move |_| vec![Step::Fail(Arc::clone(&busy))]);
    for stream in [false, true] {
        let call = call("scripted", &json!({"messages": [], "stream": stream}), MINUTE);
        let reply = engine.chat(permit(engine.backend()).unwrap(), call).await;
        assert!(matches!(reply, Err(EngineError::Busy { .. })));
    }
    assert_eq!((engine.calls().len(), engine.running()), (2, 0));
}

#[tokio::test]
async fn a_dropped_stream_counts_as_cancelled_and_a_finished_one_does_not() {
    let engine = ScriptedEngine::saying("scripted", &["a", "b"]);
    let body = json!({"messages": [], "stream": true});
    for (events, cancelled) in [(1, 1), (9, 1)] {
        let call = call("scripted", &body, MINUTE);
        let reply = engine.chat(permit(engine.backend()).unwrap(), call).await;
        let Ok(Reply::Stream(stream)) = reply else { panic!("not a stream") };
        let _events: Vec<_> = stream.take(events).collect().await;
        assert_eq!((engine.cancelled(), engine.running()), (cancelled, 0));
    }
}

#[tokio::test]
async fn tools_and_whole_responses_come_as_scripted() {
    let engine = ScriptedEngine::new("scripted", |call| {
        if call.stream {
            return vec![Step::CallTool("weather".to_owned(), "{\"city\":\"Bern\"}".to_owned())];
        }
        let body = Bytes::from_static(b"{\"error\":{}}");
        vec![Step::Respond(Whole { status: 429, body, retry_after: Some("3".to_owned()) })]
    });
    let ask = |stream| call("scripted", &json!({"messages": [], "stream": stream}), MINUTE);
    let reply = engine.chat(permit(engine.backend()).unwrap(), ask(true)).await;
    let Ok(Reply::Stream(stream)) = reply else { panic!("not a stream") };
    let events: Vec<_> = stream.map(Result::unwrap).collect().await;
    let answer = crate::conformance::assemble(events.iter().map(|event| &event[..])).unwrap();
    let choice = &answer.choices[&0];
    assert_eq!(choice.tool_calls, [("weather".to_owned(), "{\"city\":\"Bern\"}".to_owned())]);
    assert_eq!(choice.finish.as_deref(), Some("tool_calls"));
    let reply = engine.chat(permit(engine.backend()).unwrap(), ask(false)).await;
    let Ok(Reply::Whole(whole)) = reply else { panic!("not whole") };
    assert_eq!((whole.status, whole.retry_after.as_deref()), (429, Some("3")));
}

const MINUTE: Duration = Duration::from_secs(60);
