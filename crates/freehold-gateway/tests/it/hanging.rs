//! A record store that hangs: the writer is busy for as long as the test wants, as it is when a disk
//! does not answer. Nothing is asked then that was not recorded, and nothing answered.

use std::{sync::mpsc, time::Duration};

use freehold_auditlog::{Entry, Event, EventKind};
use freehold_gateway::GatewayOptions;
use freehold_types::RecordId;
use serde_json::json;

use crate::{
    gated::gated,
    support::{Setup, chat, read, say, setup_with},
};

/// Waits a tenth of a second for the log.
fn impatient(options: &mut GatewayOptions) {
    options.record_timeout = Duration::from_millis(100);
}

/// Has the log's only writer wait until what is returned is dropped.
fn hang(setup: &Setup) -> mpsc::Sender<()> {
    let (release, held) = mpsc::channel();
    let (began, hanging) = mpsc::channel::<()>();
    let event =
        Event { id: RecordId::new(1, [0; 10]), kind: EventKind::Started, detail: json!({}) };
    setup.log.append(Entry::Event(event), move |_| {
        drop(began);
        // An error is how the release shows.
        let _released = held.recv();
    });
    assert!(hanging.recv().is_err(), "the writer came to the event");
    release
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_asked() {
    let setup = setup_with(vec![say("secret")], impatient, |backend| backend);
    let release = hang(&setup);
    let mut records = Vec::new();
    for stream in [false, true] {
        let answer = setup.ask(&chat(json!({"stream": stream}))).await;
        assert_eq!((answer.status, answer.code()), (503, "record_unavailable".into()));
        assert_eq!(answer.headers["retry-after"], "5");
        assert!(!answer.headers.contains_key("x-freehold-record"), "there is none yet");
        records.push(answer.headers["x-request-id"].to_str().unwrap().parse().unwrap());
    }
    assert!(setup.engine.calls().is_empty(), "the backend heard nothing");
    // Once the store answers again, even these are recorded.
    drop(release);
    for record in records {
        let outcome = setup.outcome(record).await;
        assert_eq!(outcome.header["ending"], json!({"failed": {"code": "record_unavailable"}}));
    }
}

#[tokio::test]
async fn what_was_asked_is_not_answered_without_its_outcome() {
    for stream in [false, true] {
        // Long enough for the intent on a slow disk.
        let record_timeout = Duration::from_secs(3);
        let (setup, gate) = gated(GatewayOptions { record_timeout, ..GatewayOptions::default() });
        let request = setup.request("/v1/chat/completions", chat(json!({"stream": stream})));
        let gateway = setup.gateway.clone();
        let waiting = tokio::spawn(async move { read(gateway.handle(request).await).await });
        gate.begun(1).await;
        let release = hang(&setup);
        gate.open();
        let answer = waiting.await.unwrap();
        assert!(answer.text.contains("record_unavailable"), "{}", answer.text);
        assert!(!answer.text.contains("[DONE]"), "{}", answer.text);
        assert!(stream || answer.status == 503 && !answer.text.contains("secret"), "{answer:?}");
        drop(release);
    }
}
