//! What the recogniser says of texts, whole, changed, cut and embedded.

use freehold_catalog::{Catalog, LicenceCategory, LicenceId};
use proptest::prelude::*;

use super::recognise;
use crate::known::{Kind, References, known, licence};
use crate::matching::{Certainty, ChangeKind, Match, overall};

/// A reference's words, in sentences of twelve.
fn text(id: &str) -> String {
    let which = known().iter().position(|one| one.id == id && one.kind != Kind::Notice);
    let references = References::shared();
    let words: Vec<&str> =
        references.text(which.unwrap()).iter().map(|word| references.spell(*word)).collect();
    words.chunks(12).map(|line| line.join(" ")).collect::<Vec<_>>().join("\n")
}

/// `id certainty`, for each match.
fn told(matches: &[Match]) -> Vec<String> {
    let id = |one: &Match| one.known.as_ref().map_or("none".to_owned(), |known| known.id.clone());
    matches.iter().map(|one| format!("{} {:?}", id(one), one.certainty)).collect()
}

fn check(document: &str, wanted: &[&str]) {
    assert_eq!(told(&recognise(document)), wanted, "{document}");
}

/// Not confirmed is the least permissive.
fn strictness(category: Option<LicenceCategory>) -> u8 {
    category.map_or(3, |category| category as u8)
}

#[test]
fn every_reference_is_recognised_as_itself() {
    let references = References::shared();
    for (which, one) in known().iter().enumerate() {
        // OpenSSL's is two licences in one text, both of which are SPDX's too.
        if references.text(which).is_empty() || one.kind == Kind::Notice || one.id == "OpenSSL" {
            continue;
        }
        check(&text(&one.id), &[&format!("{} Exact", one.id)]);
    }
}

#[test]
fn a_text_is_the_same_however_it_is_set() {
    let spdx = ["MIT", "Apache-2.0", "BSD-3-Clause", "CC-BY-NC-4.0", "GPL-3.0-only", "MPL-2.0"];
    let models = known().iter().filter(|one| !one.spdx && one.words > 0);
    let models = models.filter(|one| one.kind != Kind::Notice).map(|one| one.id.as_str());
    for id in spdx.into_iter().chain(models) {
        let text = text(id);
        let wanted = format!("{id} Exact");
        let quiet = "# My model\n\nA model.\n\n## Usage\n\nYou must have Python.\n\n## License\n\n";
        for document in [
            text.to_uppercase(),
            text.replace('\n', " "),
            text.replace(' ', "\n"),
            text.replace('\n', "\n// "),
            format!(
                "<!DOCTYPE html><style>p {{}}</style><p>{}</p>",
                text.replace('\n', "</p>\n<p>")
            ),
            format!("{quiet}{text}\n\n## Citation\n\nCite us, or do not.\n"),
            text.replacen('\n', "\n-----\nPage 3 of 12\n", 4),
        ] {
            check(&document, &[&wanted]);
        }
    }
}

#[test]
fn relatives_are_told_apart_by_their_clauses() {
    for (id, relatives) in [
        ("llama-3.1-community", "llama"),
        ("llama-3.2-community", "llama"),
        ("llama-3.3-community", "llama"),
        ("gemma-terms-2024-04", "gemma-terms-2025-03"),
        ("falcon-2-11b", "falcon-llm"),
        ("llama-2-community", "llama"),
        ("llama-3-community", "llama-3.1-community"),
        ("llama-4-community", "llama-3"),
        ("minimax-m2-modified-mit", "minimax-m2.1-modified-mit"),
        ("llama-2-use-policy", "llama-3"),
        ("llama-3.1-use-policy", "llama-"),
        ("llama-3.2-use-policy", "llama-"),
        ("qwen-2024", "qwen-research-2024"),
        ("tongyi-qianwen-research", "tongyi-qianwen-2023"),
        ("creativeml-openrail-m", "creativeml-openrail-plus-plus-m"),
        ("CC-BY-NC-4.0", "CC-BY"),
        ("CC-BY-ND-4.0", "CC-BY"),
        ("CC-BY-SA-4.0", "CC-BY"),
        ("AGPL-3.0-only", "GPL-3.0"),
        ("LGPL-2.1-only", "LGPL-2.0"),
    ] {
        let matches = recognise(&text(id));
        let nearest = matches[0].nearest.as_ref().unwrap();
        assert!(nearest.id.starts_with(relatives), "{id}: {}", nearest.id);
        assert!(!nearest.told_apart_by.is_empty(), "{id}");
    }
    let falcon = recognise(&text("falcon-2-11b"));
    assert_eq!(overall(&falcon), Some(LicenceCategory::Custom));
}

#[test]
fn what_was_added_is_quoted_and_takes_the_category_away() {
    for id in ["MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0-only"] {
        for added in ADDED {
            let text = text(id);
            let middle =
                text.match_indices('\n').nth(text.lines().count() / 2).map_or(0, |at| at.0);
            for document in [
                format!("{text}\n\n{added}\n"),
                format!("{added}\n\n{text}"),
                format!("{}\n{added}{}", &text[..middle], &text[middle..]),
                format!("## License\n\n{text}\n\n{added}\n\n## Usage\n\nRun it.\n"),
            ] {
                let matches = recognise(&document);
                assert_eq!(overall(&matches), None, "{id}: {added}");
                let quoted = |one: &Match| {
                    one.changes.iter().any(|change| {
                        change.here.as_ref().is_some_and(|here| here.words.contains(&added[4..12]))
                            && matches!(
                                change.kind,
                                ChangeKind::Added | ChangeKind::Beside | ChangeKind::Replaced
                            )
                    })
                };
                assert!(matches.iter().any(quoted), "{id}: {added}: {:?}", told(&matches));
            }
        }
    }
}

#[test]
fn a_changed_word_is_shown() {
    for (from, to) in [
        ("without restriction", "with restriction"),
        ("free of charge", "for a charge"),
        ("of charge to any person", "of charge to a friend"),
        ("publish distribute sublicense", "publish sublicense"),
        ("mit license", "modified mit license"),
    ] {
        let changed = text("MIT").replace('\n', " ").replacen(from, to, 1);
        let matches = recognise(&changed);
        assert_eq!(told(&matches), ["MIT Variant"], "{to}");
        assert_eq!(overall(&matches), None, "{to}");
        assert!(!matches[0].changes.is_empty(), "{to}");
    }
}

#[test]
fn a_cut_text_is_never_more_permissive() {
    for one in known().iter().filter(|one| !one.spdx && one.words > 0 && one.kind != Kind::Notice) {
        let text = text(&one.id);
        for twentieth in 1..20 {
            let at = crate::place::floor(&text, text.len() * twentieth / 20);
            for half in [&text[..at], &text[at..]] {
                for found in recognise(half) {
                    let is = strictness(found.category);
                    assert!(is >= strictness(one.category), "{} cut at {twentieth}/20", one.id);
                }
            }
        }
    }
}

#[test]
fn other_texts() {
    check("", &[]);
    check("A small model that writes poems. Install it and use it as you like.", &[]);
    check("# Mistral AI Research License\n", &["mistral-research Title"]);
    let notice = known().iter().position(|one| one.kind == Kind::Notice && one.id == "Apache-2.0");
    let references = References::shared();
    let words: Vec<&str> =
        references.text(notice.unwrap()).iter().map(|word| references.spell(*word)).collect();
    check(&words.join(" "), &["Apache-2.0 Title"]);
    check(STRANGER, &["none Unknown"]);
    let two = format!("{}\n\n\n{}", text("MIT"), text("BSD-3-Clause"));
    check(&two, &["MIT Exact", "BSD-3-Clause Exact"]);
    let policy = recognise(&text("llama-4-use-policy"));
    assert_eq!(policy[0].known.as_ref().unwrap().kind, Kind::UsePolicy);
    assert_eq!(policy[0].category, None);
    let under_a_title = text("exaone-1.1-nc").replacen("1 1 nc", "1 2 nc", 1);
    let matches =
        recognise(&format!("EXAONE AI Model License Agreement 1.2 - NC\n{under_a_title}"));
    assert_eq!(told(&matches), ["exaone-1.2-nc Title"]);
    assert_eq!(matches[0].category, None);
}

#[test]
fn an_exception_beside_a_licence_is_told_and_takes_nothing_away() {
    for (id, exception) in [
        ("Apache-2.0", "LLVM-exception"),
        ("GPL-2.0-only", "Classpath-exception-2.0"),
        ("GPL-3.0-only", "GCC-exception-3.1"),
        ("GPL-2.0-only", "Linux-syscall-note"),
    ] {
        let (whole, beside) = (text(id), text(exception));
        let (licence, more) = (format!("{id} Exact"), format!("{exception} Exact"));
        let matches = recognise(&format!("{whole}\n\n{beside}\n"));
        assert_eq!(told(&matches), [licence.as_str(), more.as_str()]);
        assert_eq!(overall(&matches), Some(LicenceCategory::Osi), "{id} {exception}");
        assert_eq!(overall(&recognise(&beside)), None, "{exception}");
        let limited = format!("{whole}\n\n{beside}\nCommercial use is forbidden.\n");
        assert_eq!(overall(&recognise(&limited)), None, "{id} {exception}");
        let cut = &beside[..beside.len() / 2];
        assert!(recognise(&format!("{whole}\n\n{cut}\n")).len() <= 2, "{exception}");
    }
}

#[test]
fn a_bare_gnu_text_is_never_or_later() {
    let other = text("GPL-3.0-only").replace("org philosophy why", "org licenses why");
    check(&other, &["GPL-3.0-only Exact"]);
    for one in known().iter().filter(|one| one.origin.is_some()) {
        assert!(!one.id.ends_with("-or-later") && !one.id.ends_with('+'), "{}", one.id);
    }
}

#[test]
fn every_category_is_the_catalogues_or_spdxs() {
    let catalogue = Catalog::embedded().unwrap();
    for one in known() {
        let there = catalogue.licence(&LicenceId(one.id.clone()));
        if let Some(category) = one.category {
            assert!(there.is_some() || one.spdx || one.id == "OpenMDW-1.0", "{}", one.id);
            let theirs = there.and_then(|there| there.category.as_ref()).map(|fact| fact.is);
            assert!(theirs.is_none_or(|theirs| theirs == category), "{}", one.id);
        }
    }
    for one in catalogue.licences() {
        assert!(licence(&one.id.0).is_some(), "{} is not known here", one.id);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_has_an_answer(document in "(?s).{0,400}") {
        prop_assert!(recognise(&document).len() <= document.len());
    }

    #[test]
    fn pieces_of_licences_have_spans_within(
        ids in proptest::collection::vec(0..known().len(), 1..4),
        cuts in proptest::collection::vec(0.0..1.0_f64, 8),
        between in "[ -~äß–“\n<&]{0,60}",
    ) {
        let mut document = String::new();
        for (which, cut) in ids.iter().zip(cuts.chunks(2)) {
            let one = &known()[*which];
            if one.words > 0 {
                let text = text_or_notice(*which);
                let (from, to) = (cut[0].min(cut[1]), cut[0].max(cut[1]));
                let at = |share: f64| crate::place::floor(&text, (text.len() as f64 * share) as usize);
                document.push_str(&text[at(from)..at(to)]);
            }
            document.push_str(&between);
        }
        let mut last = 0;
        for found in recognise(&document) {
            prop_assert!(found.span.bytes.end <= document.len());
            prop_assert!(found.span.bytes.start >= last);
            last = found.span.bytes.start;
            if found.category.is_some() {
                prop_assert_eq!(found.certainty, Certainty::Exact);
                prop_assert!(found.changes.is_empty());
            }
        }
    }

    #[test]
    fn what_is_taken_out_or_put_in_gives_nothing_away(
        which in 0..72_usize,
        from in 0.0..1.0_f64,
        out in 1..80_usize,
        added in 0..ADDED.len(),
        adding: bool,
    ) {
        let one = known().iter().filter(|one| !one.spdx && one.words > 0).nth(which).unwrap();
        let text = text(&one.id);
        let words: Vec<&str> = text.split_whitespace().collect();
        let at = (words.len() as f64 * from) as usize;
        let mut changed = words[..at].join(" ");
        if adding {
            changed = format!("{changed}\n{}\n{}", ADDED[added], words[at..].join(" "));
        } else {
            changed = format!("{changed} {}", words[(at + out).min(words.len())..].join(" "));
        }
        for found in recognise(&changed) {
            prop_assert!(strictness(found.category) >= strictness(one.category));
        }
    }
}

fn text_or_notice(which: usize) -> String {
    let references = References::shared();
    let words: Vec<&str> =
        references.text(which).iter().map(|word| references.spell(*word)).collect();
    words.join(" ")
}

const ADDED: [&str; 16] = [
    "The software may be used for research purposes only.",
    "Commercial use requires a separate agreement with the authors.",
    "You may not use the model to train competing models.",
    "Use by military organisations is prohibited.",
    "Above 100 million monthly active users the name must be shown on the user interface.",
    "This license does not extend to persons domiciled in the European Union.",
    "Companies with revenue above USD 1 million need a commercial licence.",
    "The software shall be used in peace, and not in war.",
    "Derivative models inherit these terms.",
    "The licensor may terminate this license at any time.",
    "Redistribution of the weights is forbidden.",
    "The weights come under CC-BY-NC-4.0.",
    "Employees of other companies are excluded.",
    "Personal use only.",
    "This version expires on the first of January.",
    "The foregoing grant is void if you sue us.",
];

const STRANGER: &str = "Example Corporation Model License\n\n\
    By opening this box you accept that the goods remain ours. We grant you a right to look at the \
    model on Tuesdays, subject to these terms and the license fee. You shall not lend it to anyone, \
    and your right under this agreement ends when we say so. All copyright in the model stays with \
    Example Corporation, which may change the terms of this license whenever it likes to do that.\n";
