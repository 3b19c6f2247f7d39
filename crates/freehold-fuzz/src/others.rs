//! Readers of licences, cards, signatures, logs and requests.

use std::{
    path::{Component, Path},
    sync::LazyLock,
};

use freehold_bom::signature::{Bundle, PublicKey, Roots, Statement};
use freehold_catalog::{Catalog, Date};
use freehold_hub::{Choice, Endpoint, Listing, Reference};
use freehold_license::{Declared, Expression, declared, place, recognise};
use freehold_terms::{Adopter, Covers, Document, Folder, Role, assess, locations};
use freehold_tlog::{Checkpoint, RecordProof, TileId, Verifier, entries, open_note, push_entry};
use freehold_types::Timestamp;
use freehold_wire::{ChatRequest, EmbeddingRequest, RequestError, RequestHead};

/// Whatever a hub lists, what would be fetched stays in its folder. The parts are its two answers, a pattern to
/// include, one to exclude, and an address.
pub(crate) fn hub(bytes: &[u8]) {
    let parts: Vec<&[u8]> = bytes.split(|byte| *byte == 0).collect();
    let part = |at: usize| parts.get(at).copied().unwrap_or_default();
    let text = |at: usize| String::from_utf8_lossy(part(at)).into_owned();
    let endpoint = Endpoint::read(&text(4));
    if let Ok(endpoint) = &endpoint {
        assert_eq!(Endpoint::read(endpoint.as_str()).as_ref(), Ok(endpoint));
    }
    let reference = text(4).parse::<Reference>();
    if let Ok(reference) = &reference {
        assert!(!reference.repository.folder().contains('/'), "{reference:?}");
    }
    let endpoint = endpoint.or_else(|_| Endpoint::read("https://hub.example")).expect("an address");
    let reference = reference.or_else(|_| "a/b".parse::<Reference>()).expect("a repository");
    let (Ok(info), Ok(tree)) = (serde_json::from_slice(part(0)), serde_json::from_slice(part(1)))
    else {
        return;
    };
    let Ok(listing) = Listing::of(&endpoint, &reference.repository, &info, tree) else { return };
    let patterns = |at: usize| Some(text(at)).filter(|text| !text.is_empty()).into_iter().collect();
    let choice = Choice { include: patterns(2), exclude: patterns(3) };
    let Ok(plan) = choice.plan(listing) else { return };
    for file in &plan.files {
        let inside = |part: Component<'_>| matches!(part, Component::Normal(_));
        assert!(Path::new(&file.path).components().all(inside), "{}", file.path);
    }
}

/// Any text has an answer within its bounds: licences, declarations, expressions, places.
pub(crate) fn license(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    for found in recognise(text) {
        assert!(text.get(found.span.bytes).is_some());
    }
    let _read = text.parse::<Expression>();
    let _read = declared(Declared { license: Some(text), name: Some(text), link: Some(text) });
    let _place = place(text, "1(b)(i)", &["commercial use is not permitted"]);
}

/// Any text can be a card, a configuration or a description of openness, and gets one answer.
pub(crate) fn card(bytes: &[u8]) {
    let Ok(catalog) = &*CATALOG else { return };
    let text = String::from_utf8_lossy(bytes);
    // The parts of a file are the documents of a folder, so that they can disagree.
    let parts: Vec<&str> = text.split('\u{0}').collect();
    let roles = [
        ("README.md", Role::Card),
        ("config.json", Role::Config),
        ("adapter_config.json", Role::AdapterConfig),
        ("mof.yml", Role::Openness),
        ("METADATA", Role::Package),
        ("LICENSE", Role::Licence(Covers::All)),
        ("USE_POLICY.md", Role::Policy),
    ];
    let documents = roles.iter().enumerate().filter_map(|(at, (path, role))| {
        // One part is read in every way that YAML and JSON are.
        let part = parts.get(at).or(parts.first().filter(|_| parts.len() == 1 && at < 5))?;
        let (path, text) = ((*path).to_owned(), (*part).to_owned());
        Some(Document { path, role: *role, text, digest: None })
    });
    let weights = vec!["model.safetensors".to_owned()];
    let folder = Folder {
        name: "model".to_owned(),
        files: weights.clone(),
        weights,
        documents: documents.collect(),
        ..Folder::default()
    };
    let _named = locations(&folder);
    let said = assess(&[folder], catalog, &Adopter::default(), Date::from_days(20_780));
    assert!(said.len() <= 1);
}

/// A statement that is read is written as it was understood.
pub(crate) fn model_signatures(bytes: &[u8]) {
    if let Ok(statement) = Statement::from_json(bytes) {
        let again = Statement::from_json(&statement.to_json()).expect("it was read before");
        assert_eq!(again, statement);
        assert!(statement.differences(&statement.resources).is_empty());
    }
    let text = String::from_utf8_lossy(bytes);
    let key = PublicKey::from_spki(bytes).or_else(|_| PublicKey::from_pem(&text));
    let Ok(bundle) = Bundle::from_json(bytes) else {
        let _read = Roots::from_pem(&text);
        return;
    };
    if let Ok(key) = key {
        let _answer = bundle.verify(&key);
    }
    if let Ok(roots) = Roots::from_pem(ROOT) {
        let _answer = bundle.verify_certificate(&roots, Timestamp(1_800_000_000_000_000));
    }
}

/// Entry bundles: nothing read twice, nothing beyond the end.
pub(crate) fn tlog_bundles(bytes: &[u8]) {
    let mut again = Vec::new();
    for (offset, entry) in entries(bytes).map_while(Result::ok) {
        assert_eq!(offset, again.len());
        push_entry(&mut again, entry).expect("it was in a bundle");
    }
    assert!(bytes.starts_with(&again));
}

/// Signed notes, keys and checkpoints: what is accepted prints as it was.
pub(crate) fn tlog_notes(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    let verifier: Verifier = VKEY.parse().expect("a known key");
    let _read = open_note(text, &verifier);
    let _read = Checkpoint::open(text, &verifier);
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert!(text.starts_with(&checkpoint.text()));
    }
    if let Ok(key) = text.parse::<Verifier>() {
        assert_eq!(key.to_string().parse::<Verifier>(), Ok(key));
    }
}

/// Proof files and tile paths: what is accepted prints as it was.
pub(crate) fn tlog_proofs(bytes: &[u8]) {
    let text = &*String::from_utf8_lossy(bytes);
    if let Ok(proof) = RecordProof::parse(text) {
        assert_eq!(RecordProof::parse(&proof.text()), Ok(proof));
    }
    if let Ok(tile) = text.parse::<TileId>() {
        assert_eq!(tile.to_string(), text);
    }
}

/// Requests: refusals no longer than what was sent, and no two readers that see two models.
pub(crate) fn wire_requests(body: &[u8]) {
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
}

static CATALOG: LazyLock<Result<&'static Catalog, String>> =
    LazyLock::new(|| Catalog::embedded().map_err(ToString::to_string));

const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const ROOT: &str = include_str!("../../freehold-bom/src/signature/testdata/root.cert.pem");
