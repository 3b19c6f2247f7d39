//! The licence of each layer, from the legal texts, the card's tags and other metadata.

use freehold_catalog::{LicenceCategory, LicenceId};
use freehold_license::{
    Certainty, Declared, Expression, Kind, Known, Match, declared, identify, recognise, strictest,
};
use serde_json::Value;

use crate::{
    Evidence, EvidenceKind, Layer, Layers, TermsFinding,
    card::Card,
    openness::{INFERENCE_CODE, Release, TRAINING_CODE},
    rules,
    source::{Covers, Document, Folder, Role, is_program},
    yaml::Node,
};

use super::{
    bases::line_of,
    statements::{About, Statement, statements},
};

/// A statement of a licence: what it may mean, and the category that follows where it holds alone.
struct Claim {
    evidence: Evidence,
    /// The licences it may mean; one where it is plain.
    may: Vec<&'static Known>,
    category: Option<LicenceCategory>,
    /// A legal text that is none we know, or a known one that was changed.
    strange: bool,
    /// The text itself, unchanged.
    whole: bool,
}

/// The layers, and what is wrong with them.
pub(super) fn layers(
    folder: &Folder,
    cards: &[(&Document, Card<'_>)],
    config: Option<&(&Document, Value)>,
    release: Option<&(Release, String)>,
) -> (Layers, Vec<TermsFinding>) {
    let mut weights: Vec<Claim> = Vec::new();
    let (mut code, mut data) = (Vec::new(), Vec::new());
    let programs = folder.files.iter().any(|file| is_program(file));
    for document in &folder.documents {
        let Role::Licence(covers) = document.role else { continue };
        if [Covers::All, Covers::Weights].contains(&covers) {
            weights.extend(of_text(document));
        }
        if covers == Covers::Code || (covers == Covers::All && programs) {
            code.extend(of_text(document));
        }
        if covers == Covers::Data {
            data.extend(of_text(document));
        }
    }
    for (document, card) in cards {
        weights.extend(of_card(document, card));
        weights.extend(of_sentences(document, card, About::Weights));
        data.extend(of_sentences(document, card, About::Data));
        if programs {
            code.extend(of_sentences(document, card, About::Code));
        }
    }
    for document in folder.documents.iter().filter(|it| it.role == Role::Package) {
        weights.extend(of_package(document));
        if programs {
            code.extend(of_package(document));
        }
    }
    if let Some((document, value)) = config
        && let Some(said) = value.get("license").and_then(Value::as_str)
    {
        let line = line_of(&document.text, "license");
        weights.push(named(&document.path, line, EvidenceKind::Metadata, "license", said));
    }
    for carried in folder.carried.iter().filter(|it| it.key == "general.license") {
        weights.push(named(
            &carried.file,
            None,
            EvidenceKind::Metadata,
            &carried.key,
            &carried.value,
        ));
    }
    if let Some((release, file)) = release {
        weights.extend(of_release(release, file, &[crate::openness::PARAMETERS]));
        code.extend(of_release(release, file, &[TRAINING_CODE, INFERENCE_CODE]));
        data.extend(of_release(release, file, &[crate::openness::DATASETS]));
    }

    let mut findings = Vec::new();
    let mut layers = Layers {
        weights: layer(WEIGHTS, weights, "no file states their licence", &mut findings),
        code: layer(
            "code",
            code,
            if programs { "no file states its licence" } else { "no code came along" },
            &mut findings,
        ),
        ..Layers::default()
    };
    policies(folder, &mut layers.weights, &mut findings);
    layers.data.layer = layer("data", data, "no file states their licence", &mut findings);
    findings.extend(differ(&layers));
    (layers, findings)
}

/// Where the layers come under different licences.
fn differ(layers: &Layers) -> Option<TermsFinding> {
    let all = [("weights", &layers.weights), ("code", &layers.code), ("data", &layers.data.layer)];
    let known: Vec<_> =
        all.iter().filter_map(|(name, it)| Some((name, it.licence.as_ref()?))).collect();
    known.windows(2).find(|pair| pair[0].1 != pair[1].1)?;
    let what = known.iter().map(|(name, id)| format!("{name} {id}")).collect::<Vec<_>>().join(", ");
    let evidence = all.iter().filter_map(|(_, it)| it.evidence.first().cloned()).collect();
    Some(TermsFinding { rule: &rules::LAYERS_DIFFER, what, evidence })
}

/// Use policies beside the licence: one that is known and goes with the licence is evidence, any other
/// limits it.
fn policies(folder: &Folder, weights: &mut Layer, findings: &mut Vec<TermsFinding>) {
    let policies = folder.documents.iter().filter(|it| it.role == Role::Policy);
    for document in policies.filter(|it| !it.text.trim().is_empty()) {
        let matches = recognise(&document.text);
        let is_whole = |it: &&Match| {
            matches!(it.certainty, Certainty::Exact | Certainty::Title)
                && it.known.as_ref().is_some_and(|known| known.kind == Kind::UsePolicy)
        };
        let known = matches.iter().find(is_whole);
        let says = known.map_or_else(
            || "a use policy that is none we know".to_owned(),
            |found| of_match(document, found).evidence.says,
        );
        let evidence = Evidence::new(&document.path, None, EvidenceKind::Text, says.clone());
        weights.evidence.push(evidence.clone());
        let open = weights.category == Some(LicenceCategory::Osi);
        if known.is_some() && !open {
            continue;
        }
        if open {
            weights.category = None;
            weights.open = format!("{} limits what its licence grants", document.path);
        }
        let mut both = vec![evidence];
        both.extend(weights.evidence.first().filter(|it| it.file != document.path).cloned());
        let what = format!("weights: {} is {says}", document.path);
        findings.push(TermsFinding { rule: &rules::USE_POLICY, what, evidence: both });
    }
}

/// What a legal text says: the strictest of the licences in it, and a line for each.
fn of_text(document: &Document) -> Vec<Claim> {
    let matches = recognise(&document.text);
    // An exception is told, though it adds no terms of its own.
    let licences = matches.iter().filter(|it| {
        it.counts() || it.known.as_ref().is_some_and(|known| known.kind == Kind::Exception)
    });
    let claims: Vec<Claim> = licences.map(|found| of_match(document, found)).collect();
    if !claims.is_empty() || document.text.trim().is_empty() {
        return claims;
    }
    let says = "no licence that we know stands in it".to_owned();
    let evidence = Evidence::new(&document.path, None, EvidenceKind::Text, says);
    vec![Claim { evidence, may: Vec::new(), category: None, strange: false, whole: false }]
}

fn of_match(document: &Document, found: &Match) -> Claim {
    let name = found.known.as_ref().map_or("a licence", |known| known.name.as_str());
    let says = match found.certainty {
        Certainty::Exact => format!("the text of the {name}"),
        Certainty::Variant => format!("the {name}, with changes"),
        Certainty::Part => format!("a part of the {name}"),
        Certainty::Title => format!("the title of the {name}; its words were not compared"),
        Certainty::Unknown => "it reads like a licence and is none that we know".to_owned(),
    };
    let line = u32::try_from(found.span.lines.0).ok();
    let mut evidence = Evidence::new(&document.path, line, EvidenceKind::Text, says);
    let may: Vec<&'static Known> =
        found.known.as_ref().map(|known| identify(&known.id)).unwrap_or_default();
    evidence.licence = found.known.as_ref().map(|known| LicenceId(known.id.clone()));
    // A title alone promises nothing permissive; of texts that nobody may pass on it is all we know.
    let custom = found.known.as_ref().filter(|known| known.origin.is_none());
    let category = match found.certainty {
        Certainty::Title => custom.and_then(|known| known.category),
        _ => found.category,
    };
    Claim {
        evidence,
        may,
        category,
        strange: matches!(
            found.certainty,
            Certainty::Unknown | Certainty::Variant | Certainty::Part
        ),
        whole: found.certainty == Certainty::Exact,
    }
}

/// What the metadata say: a claim for each licence named, also where a key comes twice.
fn of_card(document: &Document, card: &Card<'_>) -> Vec<Claim> {
    let tags: Vec<(&str, u32)> = card.meta.root.all("license").flat_map(Node::texts).collect();
    let text = |name: &str| card.field(name).map(|(text, _)| text);
    let (name, link) = (text("license_name"), text("license_link"));
    let one = |license: Option<&str>, line: u32, shown: String| {
        let may = declared(Declared { license, name, link });
        claim(Evidence::new(&document.path, Some(line), EvidenceKind::Tag, shown), may)
    };
    if let ([], Some((name, line))) = (tags.as_slice(), card.field("license_name")) {
        return vec![one(None, line, format!("license_name: {name}"))];
    }
    let shown = |tag: &str| match name {
        Some(name) => format!("license: {tag} ({name})"),
        None => format!("license: {tag}"),
    };
    tags.into_iter().map(|(tag, line)| one(Some(tag), line, shown(tag))).collect()
}

/// What a card's sentences say, by layer.
fn of_sentences(document: &Document, card: &Card<'_>, about: About) -> Vec<Claim> {
    let own = statements(card).into_iter().filter(|it| it.about == about);
    let one = |said: Statement<'_>| {
        let says = format!("“{}”", said.words);
        let evidence = Evidence::new(&document.path, Some(said.line), EvidenceKind::Prose, says);
        let limits = said.non_commercial
            && said.may.iter().all(|it| it.category != Some(LicenceCategory::SourceAvailable));
        Claim { strange: limits, ..claim(evidence, if limits { Vec::new() } else { said.may }) }
    };
    own.map(one).collect()
}

/// `License:` and `License-Expression:` of a Python package.
fn of_package(document: &Document) -> Vec<Claim> {
    let headers = (1_u32..).zip(document.text.lines()).take_while(|(_, line)| !line.is_empty());
    let said = headers.filter_map(|(number, line)| {
        let (key, value) = line.split_once(':')?;
        let named = ["License", "License-Expression"].contains(&key) && !value.trim().is_empty();
        named.then(|| named_claim(&document.path, number, key, value.trim()))
    });
    said.collect()
}

fn named_claim(file: &str, line: u32, key: &str, said: &str) -> Claim {
    named(file, Some(line), EvidenceKind::Metadata, key, said)
}

fn of_release(release: &Release, file: &str, parts: &[u8]) -> Option<Claim> {
    let stated = parts.iter().find_map(|id| release.part(*id))?;
    let licence = release.licence(stated)?;
    let key = format!("{}: license", stated.part.name);
    let line = Some(stated.line).filter(|line| *line > 0);
    Some(named(file, line, EvidenceKind::Metadata, &key, licence))
}

fn named(file: &str, line: Option<u32>, kind: EvidenceKind, key: &str, said: &str) -> Claim {
    let may = match identify(said) {
        plain if !plain.is_empty() => plain,
        _ => expressed(said),
    };
    claim(Evidence::new(file, line, kind, format!("{key}: {said}")), may)
}

/// The licences of an SPDX expression. Which of them holds is not worked out here: the strictest gives the
/// category, and an exception, which only adds rights, is left aside.
fn expressed(said: &str) -> Vec<&'static Known> {
    let Ok(expression) = said.parse::<Expression>() else { return Vec::new() };
    let mut may: Vec<&'static Known> = Vec::new();
    for id in expression.identifiers() {
        let known = identify(id.trim_end_matches('+'));
        if known.is_empty() {
            return Vec::new();
        }
        may.extend(
            known
                .into_iter()
                .filter(|one| !may.iter().any(|it| it.id == one.id))
                .collect::<Vec<_>>(),
        );
    }
    may
}

fn claim(mut evidence: Evidence, may: Vec<&'static Known>) -> Claim {
    let mut category = may.first().and_then(|known| known.category);
    for known in &may {
        category = strictest(category, known.category);
    }
    if let [known] = may.as_slice() {
        evidence.licence = Some(LicenceId(known.id.clone()));
    } else if !may.is_empty() {
        let ids: Vec<_> = may.iter().map(|known| known.id.as_str()).collect();
        evidence.says = format!("{}, which may be {}", evidence.says, ids.join(", "));
    }
    Claim { evidence, may, category, strange: false, whole: false }
}

/// What the statements come to.
fn layer(
    name: &'static str,
    mut claims: Vec<Claim>,
    nothing: &str,
    findings: &mut Vec<TermsFinding>,
) -> Layer {
    claims.sort_by_key(|claim| claim.evidence.kind);
    let evidence: Vec<_> = claims.iter().map(|claim| claim.evidence.clone()).collect();
    let mut layer = Layer { evidence, ..Layer::default() };
    let known: Vec<&Claim> = claims.iter().filter(|claim| !claim.may.is_empty()).collect();
    if let Some((one, other)) = disagree(&known) {
        let evidence = vec![one.evidence.clone(), other.evidence.clone()];
        let (file, there) = (&one.evidence.file, &other.evidence.file);
        let (a, b) = (one.means(), other.means());
        let (rule, what, open) = if file == there {
            let what = format!("{name}: {file} names {a}, and {b}");
            (&rules::SEVERAL, what, "one file names several licences")
        } else {
            let what = format!("{name}: {file} says {a}, {there} says {b}");
            (&rules::DISAGREEMENT, what, "files name different licences")
        };
        findings.push(TermsFinding { rule, what, evidence });
        layer.open = open.to_owned();
        return layer;
    }
    let unknown = claims.iter().find(|claim| claim.strange);
    if let Some(strange) = unknown {
        let limit = strange.evidence.kind == EvidenceKind::Prose;
        let named = known.iter().find(|claim| limit || claim.evidence.kind != EvidenceKind::Text);
        if let (true, Some(named)) = (strange.may.is_empty(), named) {
            let (file, means) = (&named.evidence.file, named.means());
            let (there, says) = (&strange.evidence.file, &strange.evidence.says);
            let what = match limit {
                true => format!("{name}: {file} says {means}, {there} says {says}"),
                false => format!(
                    "{name}: {file} says {means}, {there} has a licence text that is none we know"
                ),
            };
            let evidence = vec![named.evidence.clone(), strange.evidence.clone()];
            findings.push(TermsFinding { rule: &rules::DISAGREEMENT, what, evidence });
        } else if !strange.may.is_empty() {
            let what = format!("{name}: {} has {}", strange.evidence.file, strange.evidence.says);
            let evidence = vec![strange.evidence.clone()];
            findings.push(TermsFinding { rule: &rules::CHANGED_TEXT, what, evidence });
        }
    }
    let plain = known.iter().find(|claim| claim.may.len() == 1).or(known.first());
    let Some(plain) = plain else {
        let Some(claim) = claims.first() else {
            layer.open = nothing.to_owned();
            return layer;
        };
        layer.open = format!("{}: {}", claim.evidence.file, claim.evidence.says);
        if name == WEIGHTS {
            let what = format!("{name}: {}", layer.open);
            let evidence = vec![claim.evidence.clone()];
            findings.push(TermsFinding { rule: &rules::UNKNOWN, what, evidence });
        }
        return layer;
    };
    layer.text_read = claims.iter().any(|claim| claim.whole);
    if let [only] = plain.may.as_slice() {
        layer.licence = Some(LicenceId(only.id.clone()));
        layer.name = Some(only.name.clone());
    }
    // All that is said must carry the category; a changed or unknown text carries none.
    let texts: Vec<&Claim> =
        known.iter().copied().filter(|it| it.evidence.kind == EvidenceKind::Text).collect();
    let judging = if texts.is_empty() { known.as_slice() } else { texts.as_slice() };
    layer.category = plain_category(judging, unknown.is_some());
    layer.open = match (&layer.licence, layer.category) {
        (None, _) => "its tag may mean several licences".to_owned(),
        (_, None) if unknown.is_some() => {
            "the licence text differs from the one it is called after".to_owned()
        }
        (_, None) => "the category of this licence is not confirmed".to_owned(),
        _ => String::new(),
    };
    layer
}

fn plain_category(claims: &[&Claim], strange: bool) -> Option<LicenceCategory> {
    let mut all = claims.iter().map(|claim| claim.category);
    let first = all.next()??;
    let worst = all.fold(Some(first), strictest)?;
    (!strange).then_some(worst)
}

/// Two statements that cannot both hold.
fn disagree<'c>(known: &[&'c Claim]) -> Option<(&'c Claim, &'c Claim)> {
    let agree = |one: &Claim, other: &Claim| {
        one.may.iter().any(|a| other.may.iter().any(|b| is_same(a, b)))
    };
    known.iter().enumerate().find_map(|(at, one)| {
        let other = known.get(at + 1..)?.iter().find(|other| !agree(one, other))?;
        Some((*one, *other))
    })
}

fn is_same(one: &Known, other: &Known) -> bool {
    one.id == other.id || one.also.contains(&other.id) || other.also.contains(&one.id)
}

impl Claim {
    fn means(&self) -> String {
        match self.may.as_slice() {
            [only] => only.name.clone(),
            _ => self.evidence.says.clone(),
        }
    }
}

const WEIGHTS: &str = "weights";
