//! Whether a difference matters: a holder's name does not, a condition does.
//!
//! A difference is let pass only if no word of it could grant, withhold or bind. Everything else is
//! shown and takes the category away, so that a wrong guess here costs a look, never a right.

use crate::known::References;
use crate::place;
use crate::words;

/// A difference between reference and document, as words spelled out in lower case.
#[derive(Debug, Default)]
pub(crate) struct Difference<'a> {
    /// The reference's words.
    pub reference: Vec<&'a str>,
    /// The document's.
    pub document: Vec<String>,
    /// Whether it stands in a line that names the holder of the copyright.
    pub holder: bool,
}

impl Difference<'_> {
    /// Whether it may change what the text grants or demands.
    pub(crate) fn matters(&self) -> bool {
        let reference: Vec<&str> = reserved_out(&self.reference);
        let document: Vec<&str> = self.document.iter().map(String::as_str).collect();
        let document = reserved_out(&document);
        if reference.iter().chain(&document).all(|word| numbering(word))
            && (reference.is_empty() || document.is_empty())
        {
            return false;
        }
        if self.holder
            || reference.first() == Some(&"copyright")
            || document.first() == Some(&"copyright")
        {
            let named = document.len() <= HOLDERS && reference.len() <= HOLDERS;
            return !named || reference.iter().chain(&document).any(|word| binds(word));
        }
        if reference.len() > NAME || document.len() > NOISE {
            return true;
        }
        if !reference.is_empty() && document.len() > NAME {
            return true;
        }
        let replaced = !reference.is_empty() && !document.is_empty();
        let number = |word: &&str| word.bytes().any(|byte| byte.is_ascii_digit());
        // `and` alone turns a condition; in a line of noise it does not.
        reference.iter().any(|word| JOINING.contains(word))
            || (document.len() <= 3 && document.iter().any(|word| JOINING.contains(word)))
            || reference
                .iter()
                .chain(&document)
                .any(|word| operative(word) || (replaced && number(word)))
    }
}

/// The document's words of a range, spelled out.
pub(crate) fn spelled(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    words::split(text, |_, word| all.push(word.to_owned()));
    all
}

/// The reference's words of a range, spelled out.
pub(crate) fn spelled_reference<'a>(references: &'a References, words: &[u32]) -> Vec<&'a str> {
    words.iter().map(|word| references.spell(*word)).collect()
}

/// A sentence beside a licence that limits what the licence grants. `near` says that it stands with
/// the licence and not under another heading; farther away it has to speak of licensing matters.
pub(crate) fn limits(sentence: &str, near: bool) -> bool {
    let words = spelled(sentence);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let starts =
        |list: &[&str]| words.iter().any(|word| list.iter().any(|stem| word.starts_with(stem)));
    let limit = any(&LIMITS) || starts(&["prohibit", "forbid", "restrict", "exclud", "exceed"]);
    if near {
        // In the licence's own section whatever could grant, withhold or bind is part of it, but for
        // what people write to say which licence it is.
        if words.first().is_some_and(|word| word == "copyright") {
            return limit || words.iter().any(|word| binds(word));
        }
        let telling =
            |word: &String| operative(word) && !BENIGN.iter().any(|stem| word.starts_with(stem));
        return words.len() <= LONGEST_BESIDE && (limit || words.iter().any(telling));
    }
    let joined = words.join(" ");
    PHRASES.iter().any(|phrase| joined.contains(phrase))
        || (limit && starts(&PURPOSES) && starts(&MATTERS))
}

/// Whether a heading announces terms.
pub(crate) fn limits_heading(heading: &str) -> bool {
    let stems = ["licen", "restrict", "terms", "condition", "policy", "commerc", "legal", "permi"];
    spelled(heading).iter().any(|word| stems.iter().any(|stem| word.starts_with(stem)))
}

/// How many sentences read like a licence's.
pub(crate) fn legal_sentences(text: &str) -> usize {
    place::sentences(text, 0..text.len().min(LOOKED_AT))
        .filter(|range| {
            let Some(sentence) =
                text.get(place::floor(text, range.start)..place::floor(text, range.end))
            else {
                return false;
            };
            let words = spelled(sentence);
            let count = |list: &[&str]| {
                words.iter().filter(|word| list.iter().any(|stem| word.starts_with(stem))).count()
            };
            words.len() > 6
                && count(&LEGAL) >= 2
                && count(&["licen", "agreement", "terms", "grant", "copyright", "warrant"]) >= 1
        })
        .take(ENOUGH)
        .count()
}

/// `All rights reserved` says nothing in a licence.
fn reserved_out<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let mut out = Vec::with_capacity(words.len());
    let mut at = 0;
    while at < words.len() {
        if words[at..].starts_with(&["all", "rights", "reserved"]) {
            at += 3;
        } else {
            out.push(words[at]);
            at += 1;
        }
    }
    out
}

/// What may be the number of a clause.
fn numbering(word: &str) -> bool {
    word.len() <= 4
        && (word.len() == 1
            || (word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit()))
            || word.bytes().all(|byte| b"ivx".contains(&byte)))
}

/// A word that cannot stand in a holder's name without saying something.
fn binds(word: &str) -> bool {
    operative(word) && !NAMES.iter().any(|stem| word.starts_with(stem))
}

fn operative(word: &str) -> bool {
    OPERATIVE_WORDS.contains(&word) || OPERATIVE_STEMS.iter().any(|stem| word.starts_with(stem))
}

/// In words.
const HOLDERS: usize = 120;
const NAME: usize = 12;
const NOISE: usize = 40;
/// In bytes.
const LOOKED_AT: usize = 200_000;
const ENOUGH: usize = 12;
/// In words; what is longer is no sentence.
const LONGEST_BESIDE: usize = 2000;

/// What may stand in the name of a holder.
const NAMES: [&str; 32] = [
    "research",
    "servic",
    "product",
    "enterpri",
    "authori",
    "individual",
    "organi",
    "educat",
    "right",
    "source",
    "union",
    "europ",
    "china",
    "korea",
    "kingdom",
    "academ",
    "publish",
    "activ",
    "test",
    "good",
    "intern",
    "court",
    "law",
    "govern",
    "medic",
    "busines",
    "personal",
    "over",
    "region",
    "countr",
    "eu",
    "uk",
];

const JOINING: [&str; 12] =
    ["will", "can", "should", "if", "or", "and", "until", "than", "more", "less", "any", "all"];

const OPERATIVE_WORDS: [&str; 59] = [
    "not", "no", "nor", "non", "never", "none", "only", "may", "must", "shall", "cannot", "unless",
    "except", "without", "over", "use", "uses", "used", "user", "users", "using", "usage", "copy",
    "copies", "copied", "sell", "sold", "sale", "sales", "fee", "fees", "pay", "paid", "million",
    "billion", "thousand", "hundred", "percent", "monthly", "month", "months", "good", "evil",
    "law", "laws", "court", "train", "trained", "training", "eu", "uk", "test", "usd", "dollars",
    "void", "sue", "sued", "nc", "nd",
];

const OPERATIVE_STEMS: [&str; 98] = [
    "licen",
    "sublicen",
    "permi",
    "prohib",
    "forbid",
    "forbad",
    "restrict",
    "condition",
    "requir",
    "commerc",
    "noncommerc",
    "research",
    "academ",
    "personal",
    "product",
    "servic",
    "modif",
    "distribut",
    "redistribut",
    "charg",
    "royalt",
    "revenue",
    "income",
    "activ",
    "agree",
    "accept",
    "compl",
    "consent",
    "approv",
    "authori",
    "grant",
    "right",
    "patent",
    "trademark",
    "copyleft",
    "terminat",
    "revo",
    "expir",
    "limit",
    "warrant",
    "liab",
    "indemn",
    "damage",
    "compet",
    "output",
    "deriv",
    "disclos",
    "source",
    "militar",
    "weapon",
    "surveil",
    "govern",
    "employ",
    "region",
    "territor",
    "countr",
    "europ",
    "union",
    "china",
    "korea",
    "kingdom",
    "jurisdict",
    "arbitrat",
    "export",
    "attribut",
    "credit",
    "display",
    "promin",
    "notic",
    "includ",
    "notif",
    "obtain",
    "request",
    "addition",
    "further",
    "provid",
    "however",
    "subject",
    "exclu",
    "harm",
    "ethic",
    "moral",
    "nuclear",
    "medic",
    "evaluat",
    "intern",
    "nonprofit",
    "profit",
    "busines",
    "individual",
    "organi",
    "educat",
    "enterpri",
    "exempt",
    "merg",
    "publish",
    "exceed",
    "claim",
];

const LIMITS: [&str; 21] = [
    "only",
    "not",
    "no",
    "never",
    "cannot",
    "must",
    "shall",
    "without",
    "except",
    "unless",
    "require",
    "required",
    "requires",
    "solely",
    "limited",
    "however",
    "additional",
    "provided",
    "neither",
    "nor",
    "cease",
];

const BENIGN: [&str; 19] = [
    "licen",
    "notic",
    "includ",
    "product",
    "servic",
    "source",
    "publish",
    "distribut",
    "redistribut",
    "copy",
    "copie",
    "use",
    "using",
    "usage",
    "right",
    "permi",
    "provid",
    "organi",
    "govern",
];

const MATTERS: [&str; 21] = [
    "use",
    "using",
    "usage",
    "licen",
    "sublicen",
    "software",
    "model",
    "weight",
    "distribut",
    "deriv",
    "product",
    "right",
    "permi",
    "commerc",
    "material",
    "copies",
    "sell",
    "output",
    "compan",
    "organi",
    "modif",
];

const PURPOSES: [&str; 14] = [
    "commerc",
    "noncommerc",
    "academ",
    "militar",
    "revenue",
    "weapon",
    "monthly",
    "licen",
    "permission",
    "nonprofit",
    "territor",
    "jurisdict",
    "royalt",
    "compet",
];

const PHRASES: [&str; 16] = [
    "non commercial",
    "noncommercial",
    "research purposes",
    "research use",
    "research only",
    "personal use",
    "commercial use",
    "commercial license",
    "monthly active users",
    "written permission",
    "additional restriction",
    "additional terms",
    "additional condition",
    "use policy",
    "educational purposes",
    "evaluation purposes",
];

const LEGAL: [&str; 24] = [
    "licen",
    "agreement",
    "shall",
    "may",
    "must",
    "grant",
    "permi",
    "right",
    "warrant",
    "liab",
    "distribut",
    "terms",
    "condition",
    "copyright",
    "terminat",
    "prohib",
    "commerc",
    "use",
    "modif",
    "deriv",
    "provided",
    "subject",
    "herein",
    "party",
];
