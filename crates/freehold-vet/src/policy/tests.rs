//! Every rule as a line of a table, and that a finding never helps.

use proptest::prelude::*;

use super::*;

const SYSTEM: &str = "pickle/os-system";

fn case(findings: &[&str]) -> Case {
    let digest = Digest::from_bytes([1; 32]);
    let found = |rule: &&str| Found { rule: (*rule).to_owned(), file: "a.bin".to_owned() };
    Case {
        name: "m".to_owned(),
        path: "m".to_owned(),
        format: None,
        files: vec![SignedFile { name: "a.bin".to_owned(), digest, bytes: 1 }],
        findings: findings.iter().map(found).collect(),
        licence: None,
        category: None,
        terms: Vec::new(),
        by: Principal("ada".to_owned()),
        role: Some("security".to_owned()),
        second: None,
        until: None,
        accept: BTreeMap::new(),
        recorded_by: Principal("os:ada".to_owned()),
    }
}

/// The first rule of a severity.
fn of(severity: Severity) -> &'static str {
    rules::ALL.iter().find(|rule| rule.severity == severity).unwrap().name
}

fn today() -> Date {
    "2026-11-23".parse().unwrap()
}

/// Decides; `None` expects an admission, words one objection that holds them.
fn check(what: &str, policy: &Policy, case: Case, words: Option<&str>) {
    let said = decide(policy, case, today()).map(|_| ()).map_err(|objections| {
        objections.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
    });
    match (said, words) {
        (Ok(()), None) => (),
        (Err(said), Some(words)) if said.contains(words) => (),
        (said, words) => panic!("{what}: {said:?}, expected {words:?}"),
    }
}

#[test]
fn each_rule_decides() {
    let policy = Policy::default;
    let (suspicious, unread) = (of(Severity::Suspicious), of(Severity::Unread));
    let accepting = |rule: &str, reason: &str| {
        let mut case = case(&[rule]);
        case.accept.insert(rule.to_owned(), reason.to_owned());
        case
    };
    let only = |rules: &str, by: &str| {
        let accept = vec![MayAccept { rules: vec![rules.to_owned()], by: vec![by.to_owned()] }];
        Policy { accept, ..policy() }
    };
    let until = |day: &str| Case { until: Some(day.parse().unwrap()), ..case(&[]) };
    let second = |name: &str| Case {
        second: Some(Principal(name.to_owned())),
        ..accepting(suspicious, "known")
    };
    let twice = Policy { require_second: true, ..policy() };
    let confirmed = Policy { allow: [Some(LicenceCategory::Osi)].into(), ..policy() };
    let strict = Policy { refuse: [Severity::Suspicious].into(), ..policy() };
    let family = suspicious.split('/').next().unwrap();
    let family = format!("{family}/*");

    check("nothing found", &policy(), case(&[]), None);
    for note in rules::ALL.iter().filter(|rule| rule.severity == Severity::Note) {
        check("a note", &policy(), case(&[note.name]), None);
    }
    check("suspicious", &policy(), case(&[suspicious]), Some("nobody accepts"));
    check("unread", &policy(), case(&[unread]), Some("nobody accepts"));
    check("accepted", &policy(), accepting(suspicious, "known"), None);
    check("unread, accepted", &policy(), accepting(unread, "known"), None);
    check("no reason", &policy(), accepting(suspicious, " "), Some("without a reason"));
    check("malicious", &policy(), accepting(SYSTEM, "known"), Some("never admitted"));
    check("refused by the operator", &strict, accepting(suspicious, "x"), Some("never admitted"));
    check("no such rule", &policy(), accepting("no/such", "known"), Some("never admitted"));
    check("by name", &only(suspicious, "ada"), accepting(suspicious, "known"), None);
    check("by role", &only(suspicious, "role:security"), accepting(suspicious, "known"), None);
    check("by family", &only(&family, "ada"), accepting(suspicious, "known"), None);
    check("others", &only(suspicious, "eve"), accepting(suspicious, "x"), Some("may not accept"));
    check("other rules", &only(unread, "ada"), accepting(suspicious, "x"), Some("may not accept"));
    check("alone", &twice, accepting(suspicious, "known"), Some("second person"));
    check("oneself", &twice, second("ada"), Some("second person"));
    check("two", &twice, second("eve"), None);
    check("one is enough for a clean model", &twice, case(&[]), None);
    check("not confirmed", &confirmed, case(&[]), Some("not confirmed"));
    let osi = Case { category: Some(LicenceCategory::Osi), ..case(&[]) };
    check("OSI", &confirmed, osi, None);
    check("today", &policy(), until("2026-11-23"), None);
    check("the longest", &policy(), until("2027-11-23"), None);
    check("too long", &policy(), until("2027-11-24"), Some("later than"));
    check("past", &policy(), until("2026-11-22"), Some("has passed"));
    check("nobody", &policy(), Case { by: Principal(" ".to_owned()), ..case(&[]) }, Some("nobody"));
    check("nothing", &policy(), Case { files: Vec::new(), ..case(&[]) }, Some("no file"));
}

#[test]
fn what_was_decided_is_what_is_signed() {
    let mut case = case(&[of(Severity::Suspicious)]);
    case.accept.insert(of(Severity::Suspicious).to_owned(), "seen before".to_owned());
    case.accept.insert("pickle/not-there".to_owned(), "unused".to_owned());
    let signed = decide(&Policy::default(), case, today()).unwrap().sign_off;
    assert_eq!(signed.until.unwrap().to_string(), "2027-11-23");
    assert_eq!(signed.accepted.len(), 1);
    assert_eq!(signed.accepted[0].reason, "seen before");
    assert_eq!(signed.accepted[0].files, ["a.bin"]);
    assert_eq!(signed.policy, Policy::default().digest());
    assert_ne!(signed.policy, Policy { require_second: true, ..Policy::default() }.digest());
}

proptest! {
    #[test]
    fn a_finding_never_turns_a_no_into_a_yes(
        rules in proptest::collection::vec(0..rules::ALL.len(), 0..6),
        more in 0..rules::ALL.len(),
        accepted in proptest::collection::vec(any::<bool>(), 7),
        refuse in proptest::collection::btree_set(0usize..4, 0..4),
        require_second in any::<bool>(),
        strict in any::<bool>(),
    ) {
        let severities =
            [Severity::Note, Severity::Unread, Severity::Suspicious, Severity::Malicious];
        let accept = MayAccept { rules: vec!["pickle/*".to_owned()], by: vec!["ada".to_owned()] };
        let policy = Policy {
            refuse: refuse.into_iter().map(|place| severities[place]).collect(),
            accept: if strict { vec![accept] } else { Vec::new() },
            require_second,
            ..Policy::default()
        };
        let names: Vec<_> =
            rules.iter().chain([&more]).map(|place| rules::ALL[*place].name).collect();
        let build = |names: &[&str]| {
            let mut case = case(names);
            for (name, _) in names.iter().zip(&accepted).filter(|(_, accepted)| **accepted) {
                case.accept.insert((*name).to_owned(), "known".to_owned());
            }
            // The same acceptances either way: those of the finding that comes in, too.
            if accepted[names.len().min(6)] {
                case.accept.insert(rules::ALL[more].name.to_owned(), "known".to_owned());
            }
            case
        };
        let with = build(&names);
        let mut without = with.clone();
        without.findings.pop();
        if decide(&policy, with, today()).is_ok() {
            prop_assert!(decide(&policy, without, today()).is_ok());
        }
    }
}
