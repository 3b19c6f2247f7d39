//! XML (PMML, OpenVINO's description, drawings): what its document type makes a parser fetch.

use crate::{
    finding::{Finding, shown},
    rules,
};

/// Whether a text is XML by its beginning.
pub fn begins(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with("<?xml") || text.starts_with("<!DOCTYPE") || text.starts_with("<net ")
}

/// External entities, and entities that hold one another.
pub fn check(text: &str) -> Vec<Finding> {
    let (mut findings, mut at, mut nested) = (Vec::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find("<!")) {
        let start = at + found;
        let rest = &text[start..];
        at = start + 2;
        if rest.starts_with("<!--") {
            at = rest.find("-->").map_or(text.len(), |end| start + end + 3);
            continue;
        }
        if rest.starts_with("<![CDATA[") {
            at = rest.find("]]>").map_or(text.len(), |end| start + end + 3);
            continue;
        }
        let Some(entity) = rest.strip_prefix("<!ENTITY") else { continue };
        let near = entity.char_indices().nth(LONGEST).map_or(entity.len(), |(at, _)| at);
        let end = entity[..near].find('>').unwrap_or(near);
        let declared = &entity[..end];
        let mut words = declared.split_whitespace().filter(|word| *word != "%").skip(1);
        if matches!(words.next(), Some("SYSTEM" | "PUBLIC")) {
            let what = shown(declared.trim().as_bytes(), 160);
            findings.push(Finding::new(&rules::XML_ENTITY, start as u64, what));
            if findings.len() > 20 {
                break;
            }
        }
        nested += usize::from(declared.contains('&') && declared.contains(';'));
    }
    if nested > 2 {
        let what = format!("{nested} entities hold others");
        findings.push(Finding::new(&rules::XML_GROWS, 0, what));
    }
    findings
}

/// Characters of a declaration that are looked at.
const LONGEST: usize = 4_096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entities() {
        let first = |text: &str| check(text).first().map(|one| one.rule.name);
        let out = Some("xml/external-entity");
        assert_eq!(first("<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/x'>]><a>&x;</a>"), out);
        assert_eq!(first("<!DOCTYPE a [<!ENTITY % x PUBLIC 'a' 'b'> %x;]>"), out);
        assert_eq!(first("<!-- <!ENTITY x SYSTEM 'y'> --><a/>"), None);
        assert_eq!(first("<!DOCTYPE html><a>&amp;</a>"), None);
        assert_eq!(first(&"<!ENTITY a '&b;&b;'>".repeat(4)), Some("xml/entities"));
    }
}
