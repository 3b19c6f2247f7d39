//! Findings as SARIF 2.1.0 (OASIS, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>),
//! with what code scanning services read of it: help texts, levels, relative places, fingerprints.

mod terms;

use freehold_vet::{Finding, Report, Rule, ScannedFile, Severity, Verdict, rules};
use serde_json::{Value, json};

/// The whole log: one run, one result a finding in a file or in a model's terms.
pub(super) fn log(report: &Report) -> Value {
    let files = &report.files;
    let mut all: Vec<_> = rules::ALL.iter().map(|rule| descriptor(rule)).collect();
    all.extend(terms::descriptors());
    let results = files.iter().enumerate().flat_map(|(index, file)| {
        file.findings.iter().map(move |finding| result(index, file, finding))
    });
    let results: Vec<_> = results.chain(terms::results(report, rules::ALL.len())).collect();
    let artifacts: Vec<_> = files.iter().map(artifact).collect();
    let unread: Vec<_> = files
        .iter()
        .enumerate()
        .filter(|(_, file)| file.findings.iter().any(is_unread) || file.verdict == Verdict::Unread)
        .map(|(index, file)| notification(index, file))
        .collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Freehold",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": all,
            } },
            "automationDetails": { "id": "freehold/vet/" },
            "invocations": [{
                "executionSuccessful": true, "toolExecutionNotifications": unread,
            }],
            "properties": { "path": report.path, "verdict": report.verdict },
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Value {
    let mut object = described(rule.name, rule.title, rule.why, rule.way_out, level(rule.severity));
    object["properties"] = json!({ "severity": rule.severity, "tags": ["security"] });
    // The service's words for such numbers: critical from 9, medium from 4.
    match rule.severity {
        Severity::Malicious => object["properties"]["security-severity"] = "9.0".into(),
        Severity::Suspicious => object["properties"]["security-severity"] = "5.0".into(),
        Severity::Unread | Severity::Note => {}
    }
    object
}

fn described(name: &str, title: &str, why: &str, way_out: &str, level: &str) -> Value {
    json!({
        "id": name,
        "shortDescription": { "text": title },
        "fullDescription": { "text": why },
        "help": {
            "text": format!("{why}\n\n{way_out}"), "markdown": format!("{why}\n\n**{way_out}**"),
        },
        "defaultConfiguration": { "level": level },
    })
}

fn artifact(file: &ScannedFile) -> Value {
    let mut object = json!({
        "location": { "uri": uri(&file.path) },
        "length": file.bytes,
        "properties": { "verdict": file.verdict },
    });
    if let Some(digest) = &file.digest {
        let digest = digest.to_string();
        let hex = digest.rsplit(':').next().unwrap_or(&digest).to_owned();
        object["hashes"] = json!({ "sha-256": hex });
    }
    object
}

fn result(index: usize, file: &ScannedFile, finding: &Finding) -> Value {
    let rule = rules::ALL.iter().position(|rule| rule.name == finding.rule.name);
    let mut physical = json!({ "artifactLocation": { "uri": uri(&file.path), "index": index } });
    // An offset inside a packed member is none in the file.
    if finding.inside.is_empty() {
        physical["region"] = json!({ "byteOffset": finding.offset, "byteLength": 0 });
    }
    let place = super::place(file, finding);
    json!({
        "ruleId": finding.rule.name,
        "ruleIndex": rule.unwrap_or_default(),
        "level": level(finding.rule.severity),
        "message": { "text": format!("{}: {}", finding.rule.title, finding.what) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": place }],
        }],
        "partialFingerprints": { FINGERPRINT: fingerprint(&[finding.rule.name, &place, &finding.what]) },
        "properties": { "offset": finding.offset },
    })
}

/// That a file was not read, or not to its end: nothing is said about the rest of it.
fn notification(index: usize, file: &ScannedFile) -> Value {
    let why: Vec<_> = file.findings.iter().filter(|one| is_unread(one)).collect();
    let mut object = json!({
        "level": "warning",
        "message": { "text": format!("{} was not read to its end", file.path) },
        "locations": [{ "physicalLocation": {
            "artifactLocation": { "uri": uri(&file.path), "index": index },
        } }],
    });
    if let Some(first) = why.first() {
        let text = format!("{} was not read to its end: {}", file.path, first.what);
        object["message"]["text"] = text.into();
        object["associatedRule"] = json!({ "id": first.rule.name });
    }
    object
}

fn is_unread(finding: &Finding) -> bool {
    finding.rule.severity == Severity::Unread
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Malicious => "error",
        Severity::Suspicious | Severity::Unread => "warning",
        Severity::Note => "note",
    }
}

/// What stays the same from one scan to the next, wherever the finding moves in its file: FNV-1a
/// over the parts (<https://www.rfc-editor.org/rfc/rfc9923>), which need not withstand anybody.
fn fingerprint(parts: &[&str]) -> String {
    let bytes = parts.iter().flat_map(|part| part.bytes().chain([0]));
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

/// A relative path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

const FINGERPRINT: &str = "freehold/v1";
