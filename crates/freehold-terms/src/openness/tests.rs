//! The published outcomes: 27 of the Model Openness Tool's test releases, twelve systems of the OSI.

use std::fmt::Write;

use super::*;
use crate::DataStanding;

/// A `mof.yml` of a line of the test data.
fn written(name: &str, licences: &str, components: &str) -> String {
    let mut text =
        format!("framework:\n  name: 'Model Openness Framework'\nrelease:\n  name: {name}\n");
    text.push_str(if licences.trim().is_empty() { "  license: {  }\n" } else { "  license:\n" });
    for pair in licences.split_whitespace() {
        let (kind, licence) = pair.split_once('=').expect("kind=licence");
        write!(text, "    {kind}:\n      name: {licence}\n      path: ''\n").unwrap();
    }
    text.push_str("  components:\n");
    for component in components.split_whitespace() {
        let (id, licence) = component.split_once('=').unwrap_or((component, ""));
        let id: u8 = id.parse().expect("a number");
        let part = PARTS.iter().find(|part| part.id == id).expect("a component");
        write!(text, "    -\n      name: '{}'\n      description: \"it's one\"\n", part.name)
            .unwrap();
        if !licence.is_empty() {
            writeln!(text, "      license: {licence}").unwrap();
        }
    }
    text
}

fn lines(text: &str) -> Vec<Vec<&str>> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(|line| line.split('|').map(str::trim).collect()).collect()
}

#[test]
fn classes_are_those_of_the_tool() {
    let all = lines(include_str!("../../testdata/mof.txt"));
    assert_eq!(all.len(), 27);
    for line in all {
        let release = Release::parse(&written(line[0], line[1], line[2])).expect("a release");
        let said = mof(&release);
        let wanted: Vec<f64> = line[3].split_whitespace().map(|it| it.parse().unwrap()).collect();
        let class = match said.class {
            None => 0.0,
            Some(Class::OpenScience) => 1.0,
            Some(Class::OpenTooling) => 2.0,
            Some(Class::OpenModel) => 3.0,
        };
        assert_eq!(class, wanted[0], "{}: {:?}", line[0], said.missing);
        for (got, wanted) in said.progress.iter().zip(&wanted[1..]) {
            assert!((got - wanted).abs() < 1e-9, "{}: {got} {wanted}", line[0]);
        }
        assert_eq!(said.missing.is_empty(), class == 1.0, "{}: {:?}", line[0], said.missing);
    }
}

#[test]
fn osaid_says_what_was_published() {
    let all = lines(include_str!("../../testdata/osaid.txt"));
    assert_eq!(all.len(), 12);
    for line in all {
        let release = Release::parse(&written(line[0], line[2], line[3])).expect("a release");
        let said = osaid(&release, DataStanding::NotDeclared, true);
        let wanted = match line[1] {
            "passed" => OsaidVerdict::Meets,
            _ => OsaidVerdict::DoesNotMeet,
        };
        assert_eq!(said.verdict, wanted, "{}: {:?}", line[0], said.reasons);
        let terms = said.reasons.iter().any(|reason| reason.starts_with("not met: parameters"));
        assert!(line[1] != "terms" || terms, "{}: {:?}", line[0], said.reasons);
    }
}

#[test]
fn what_is_elsewhere_is_not_confirmed() {
    let release = Release::parse(&written("w", "", "10=Apache-2.0")).expect("a release");
    let said = |data, complete| osaid(&release, data, complete).verdict;
    assert_eq!(said(DataStanding::Declared, false), OsaidVerdict::NotConfirmed);
    assert_eq!(said(DataStanding::Declared, true), OsaidVerdict::DoesNotMeet);
    let custom = Release::parse(&written("w", "", "10=gemma-terms-2025-03")).expect("a release");
    let said = osaid(&custom, DataStanding::Declared, false);
    assert_eq!(said.verdict, OsaidVerdict::DoesNotMeet);
}

#[test]
fn the_tools_first_form_is_read_too() {
    let text = "release:\n  name: a\n  components:\n    -\n      name: 'Model architecture'\n      \
                location: x.py\n      license_name: Apache-2.0\n      license_path: ''\n    -\n      \
                name: 'Training code'\n      license_name: 'Component not included'\n    -\n      \
                name: 'Model card'\n      license_name: 'License not specified'\n";
    let release = Release::parse(text).expect("a release");
    let parts: Vec<_> = release
        .parts
        .iter()
        .map(|it| (it.part.name, it.licence.as_deref(), it.location.as_str()))
        .collect();
    assert_eq!(
        parts,
        [("Model architecture", Some("Apache-2.0"), "x.py"), ("Model card", Some(""), "")]
    );
    assert_eq!(Release::parse("a: b"), None);
}
