//! What a hub answers to each request.

use std::net::SocketAddr;

use ring::digest::{Algorithm, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use serde_json::{Value, json};

use super::{File, Redirect, Seen, State};

/// An answer.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Lines, each with its end.
    pub(super) headers: String,
    pub(super) body: Vec<u8>,
    pub(super) cut_after: Option<usize>,
    pub(super) stall_after: Option<usize>,
}

impl Answer {
    fn of(status: u16, headers: &str, body: Vec<u8>) -> Self {
        Self { status, headers: headers.to_owned(), body, cut_after: None, stall_after: None }
    }

    fn refusal(status: u16, code: &str) -> Self {
        let body = json!({"error": code}).to_string().into_bytes();
        Self::of(status, &format!("x-error-code: {code}\r\nx-error-message: {code}\r\n"), body)
    }
}

pub(super) fn answer(state: &mut State, seen: &Seen, other: Option<SocketAddr>) -> Answer {
    if !state.instead.is_empty() {
        let (status, headers) = state.instead.remove(0);
        return Answer::of(status, headers, Vec::new());
    }
    let path = decoded(seen.target.split('?').next().unwrap_or_default());
    if let Some(rest) = path.strip_prefix("/elsewhere/") {
        let (commit, name) = rest.split_once('/').unwrap_or_default();
        // A hub says so wherever it leads to within itself; a CDN knows nothing of commits.
        let said = match seen.elsewhere {
            true => String::new(),
            false => format!("x-repo-commit: {commit}\r\n"),
        };
        return match find(state, commit, name) {
            Some(file) => bytes(state, seen, &file, &said),
            None => Answer::refusal(404, "EntryNotFound"),
        };
    }
    let known = state
        .token
        .as_ref()
        .is_none_or(|token| seen.headers.get("authorization") == Some(&format!("Bearer {token}")));
    if !known {
        let code = if state.gated { "GatedRepo" } else { "RepoNotFound" };
        return Answer::refusal(401, code);
    }
    let repository = state.repository.clone();
    if path == format!("/api/models/{repository}") {
        return api(state, seen, "revision/main");
    }
    if let Some(rest) = path.strip_prefix(&format!("/api/models/{repository}/")) {
        return api(state, seen, rest);
    }
    match path.strip_prefix(&format!("/{repository}/resolve/")) {
        Some(rest) => {
            let (revision, name) = rest.split_once('/').unwrap_or_default();
            resolve(state, seen, revision, name, other)
        }
        None => Answer::refusal(404, "RepoNotFound"),
    }
}

fn api(state: &mut State, seen: &Seen, rest: &str) -> Answer {
    let (what, revision) = rest.split_once('/').unwrap_or((rest, "main"));
    let Some(commit) = commit_of(state, revision) else {
        return Answer::refusal(404, "RevisionNotFound");
    };
    let files = state.commits.get(&commit).cloned().unwrap_or_default();
    let kind = "content-type: application/json\r\n";
    match what {
        "revision" => {
            let siblings: Vec<_> = files.keys().map(|name| json!({"rfilename": name})).collect();
            let info = json!({
                "id": state.repository, "modelId": state.repository, "sha": commit,
                "private": false, "disabled": false, "gated": state.gated,
                "tags": [], "downloads": 0, "likes": 0,
                "cardData": state.card, "siblings": siblings,
            });
            if let Some(next) = state.moves_to.take() {
                state.branches.insert("main".to_owned(), next);
            }
            Answer::of(200, kind, info.to_string().into_bytes())
        }
        "tree" => {
            let from = query(seen, "cursor").and_then(|it| it.parse().ok()).unwrap_or(0_usize);
            let all: Vec<_> = files.iter().map(|(name, file)| entry(name, file)).collect();
            let page: Vec<_> = all.iter().skip(from).take(state.page).cloned().collect();
            let next = from + page.len();
            let mut headers = kind.to_owned();
            if next < all.len() {
                let host = seen.headers.get("host").cloned().unwrap_or_default();
                let path = seen.target.split('?').next().unwrap_or_default();
                headers.push_str(&format!(
                    "link: <http://{host}{path}?recursive=true&cursor={next}>; rel=\"next\"\r\n"
                ));
            }
            Answer::of(200, &headers, Value::from(page).to_string().into_bytes())
        }
        _ => Answer::refusal(404, "RepoNotFound"),
    }
}

fn entry(name: &str, file: &File) -> Value {
    let size = file.listed.len();
    let git = [format!("blob {size}\0").as_bytes(), &file.listed].concat();
    let mut entry = json!({
        "type": "file", "oid": hex(&SHA1_FOR_LEGACY_USE_ONLY, &git), "size": size, "path": name,
    });
    if file.lfs {
        entry["lfs"] = json!({"oid": hex(&SHA256, &file.listed), "size": size, "pointerSize": 134});
    }
    entry
}

fn resolve(
    state: &State,
    seen: &Seen,
    revision: &str,
    name: &str,
    other: Option<SocketAddr>,
) -> Answer {
    let Some(commit) = commit_of(state, revision) else {
        return Answer::refusal(404, "RevisionNotFound");
    };
    let Some(file) = find(state, &commit, name) else {
        return Answer::refusal(404, "EntryNotFound");
    };
    let said = format!("x-repo-commit: {commit}\r\n");
    if !file.lfs || state.redirect == Redirect::None {
        return bytes(state, seen, &file, &said);
    }
    let target = match (state.redirect, other) {
        (Redirect::Elsewhere, Some(other)) => format!("http://{other}/elsewhere/{commit}/{name}"),
        (Redirect::Unencrypted, _) => format!("http://192.0.2.1/{commit}/{name}"),
        (Redirect::Circle, _) => seen.target.clone(),
        _ => format!("/elsewhere/{commit}/{name}"),
    };
    let headers = format!(
        "{said}location: {target}\r\nx-linked-size: {}\r\nx-linked-etag: \"{}\"\r\n",
        file.listed.len(),
        hex(&SHA256, &file.listed),
    );
    Answer::of(302, &headers, Vec::new())
}

/// A file, or the part of it that is asked for.
fn bytes(state: &State, seen: &Seen, file: &File, said: &str) -> Answer {
    let etag = format!("\"{}\"", hex(&SHA256, &file.given));
    let headers = format!("{said}etag: {etag}\r\naccept-ranges: bytes\r\n");
    let from = seen
        .headers
        .get("range")
        .and_then(|range| range.strip_prefix("bytes=")?.split('-').next()?.parse::<usize>().ok());
    let holds = seen.headers.get("if-range").is_none_or(|validator| *validator == etag);
    let all = file.given.len();
    let mut answer = match from {
        Some(from) if !state.ignores_range && holds && from < all => Answer::of(
            206,
            &format!("{headers}content-range: bytes {from}-{}/{all}\r\n", all - 1),
            file.given.get(from..).unwrap_or_default().to_vec(),
        ),
        Some(_) if !state.ignores_range && holds => {
            Answer::of(416, &format!("content-range: bytes */{all}\r\n"), Vec::new())
        }
        _ => Answer::of(200, &headers, file.given.clone()),
    };
    answer.cut_after = state.cut_after;
    answer.stall_after = state.stall_after;
    answer
}

fn commit_of(state: &State, revision: &str) -> Option<String> {
    let branch = state.branches.get(revision).cloned();
    branch.or_else(|| state.commits.contains_key(revision).then(|| revision.to_owned()))
}

fn find(state: &State, commit: &str, name: &str) -> Option<File> {
    state.commits.get(commit)?.get(name).cloned()
}

fn query(seen: &Seen, name: &str) -> Option<String> {
    let query = seen.target.split_once('?')?.1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(algorithm: &'static Algorithm, bytes: &[u8]) -> String {
    let mut context = Context::new(algorithm);
    context.update(bytes);
    context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
