//! Status, code, kind and text of every refusal, as clients see them.

use std::fmt::Write;

use freehold_policy::BackendId;
use freehold_types::Principal;

use super::*;

fn all() -> Vec<Refusal> {
    use {PolicyRefusal as P, RequestRefusal as R, TransportRefusal as T};
    let path = || "/v1/x".to_owned();
    let model = || "m".to_owned();
    let wait = Duration::from_secs(30);
    let (class, limit, accepts) =
        (DataClass::Restricted, DataClass::Internal, DataClass::Confidential);
    let backend = || BackendId("b".into());
    vec![
        T::UnknownPath { path: path() }.into(),
        T::Method { path: path(), allowed: "POST" }.into(),
        T::NoKey.into(),
        T::WrongKey.into(),
        T::KeysUnavailable.into(),
        T::TooLarge { limit: 10 }.into(),
        T::TooSlow(wait).into(),
        T::BrokenBody.into(),
        T::KeyBusy { limit: 3 }.into(),
        T::Busy { limit: 3 }.into(),
        R::Body(RequestError::NotJson { line: 1, column: 2 }).into(),
        R::Body(RequestError::Missing("model".into())).into(),
        R::Body(RequestError::Twice("model".into())).into(),
        R::UnknownLabel { header: "x-freehold-class" }.into(),
        R::UnknownModel { model: model() }.into(),
        R::WrongEndpoint { model: model(), endpoint: "/v1/embeddings" }.into(),
        P::ClassLimit { class, limit }.into(),
        P::Egress(EgressRefusal::TooSensitive { class, backend: backend(), accepts }).into(),
        P::Tool(ToolRefusal::NotOffered { tool: "t".into() }).into(),
        P::Tool(ToolRefusal::NotGranted { tool: "t".into(), principal: Principal("p".into()) })
            .into(),
        RecordFailure::Refused("disk full".into()).into(),
        RecordFailure::TooSlow(wait).into(),
        RecordFailure::WrongReceipt.into(),
        EngineError::WrongPermit { permit: backend(), engine: backend() }.into(),
        EngineError::UnknownModel(model()).into(),
        EngineError::Invalid { reason: "no".into(), parameter: Some("n".into()) }.into(),
        EngineError::Unavailable("restarting".into()).into(),
        EngineError::Busy { retry_after: Duration::from_millis(1500) }.into(),
        EngineError::Timeout(wait).into(),
        EngineError::Cut("eof".into()).into(),
        EngineError::Protocol("x".into()).into(),
        Refusal::ClientGone,
        Refusal::Stopping,
    ]
}

#[test]
fn what_clients_are_told() {
    let mut shown = String::new();
    for refusal in all() {
        let Told { status, code, kind, retry_after } = refusal.told();
        let after = retry_after.map_or(String::new(), |after| format!(" after {after:?}"));
        let param = refusal.param().map_or(String::new(), |param| format!(" param={param}"));
        writeln!(shown, "{status} {code} {kind}{after}{param}: {refusal}").unwrap();
    }
    insta::assert_snapshot!(shown);
}

#[test]
fn codes_mean_one_status() {
    let mut codes = std::collections::BTreeMap::new();
    for refusal in all() {
        let told = refusal.told();
        assert_eq!(*codes.entry(told.code).or_insert(told.status), told.status, "{}", told.code);
    }
}

#[test]
fn the_body_is_openai_s() {
    let body: serde_json::Value = serde_json::from_slice(&all()[14].body()).unwrap();
    assert_eq!(body["error"]["code"], "model_not_found");
    assert_eq!(body["error"]["param"], "model");
    assert_eq!(body["error"]["type"], "invalid_request_error");
    assert!(body["error"]["message"].is_string());
}
