//! Requests from anyone: no panic, refusals no longer than what was sent, and no two readers that
//! see two models.
#![no_main]

use freehold_wire::{ChatRequest, EmbeddingRequest, RequestError, RequestHead};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let head = RequestHead::parse(body);
    let chat = ChatRequest::parse(body);
    let embedding = EmbeddingRequest::parse(body);
    if let Ok(chat) = &chat {
        match &head {
            Ok(head) => assert_eq!(head.model.as_ref(), Some(&chat.model)),
            // The engine reads what the gateway let pass, so the gateway may refuse more.
            Err(error) => assert!(error.parameter().is_some(), "{error}"),
        }
    }
    let refusals: [Option<&RequestError>; 3] =
        [head.as_ref().err(), chat.as_ref().err(), embedding.as_ref().err()];
    for refusal in refusals.into_iter().flatten() {
        assert!(refusal.to_string().len() <= body.len() * 3 + 400, "{refusal}");
    }
});
