//! Findings as SARIF 2.1.0 (OASIS, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).

use std::path::Path;

use freehold_vet::{Finding, Rule, ScannedFile, Severity, rules};
use serde_json::{Value, json};

/// The whole log: one run, one result a finding.
pub(super) fn log(path: &Path, files: &[ScannedFile]) -> Value {
    let rules: Vec<_> = rules::ALL.iter().map(|rule| descriptor(rule)).collect();
    let results: Vec<_> = files
        .iter()
        .enumerate()
        .flat_map(|(index, file)| {
            file.findings.iter().map(move |finding| result(index, file, finding))
        })
        .collect();
    let artifacts: Vec<_> = files.iter().map(artifact).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "Freehold",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            } },
            "properties": { "path": path.display().to_string() },
            "artifacts": artifacts,
            "results": results,
        }],
    })
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.title },
        "fullDescription": { "text": rule.why },
        "help": { "text": rule.way_out },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "severity": rule.severity },
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
    json!({
        "ruleId": finding.rule.name,
        "ruleIndex": rule.unwrap_or_default(),
        "level": level(finding.rule.severity),
        "message": { "text": format!("{}: {}", finding.rule.title, finding.what) },
        "locations": [{
            "physicalLocation": physical,
            "logicalLocations": [{ "fullyQualifiedName": super::place(file, finding) }],
        }],
        "properties": { "offset": finding.offset },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Malicious => "error",
        Severity::Suspicious | Severity::Unread => "warning",
        Severity::Note => "note",
    }
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
