//! Language codes as people write them: ISO 639-1, by the English names that Unicode CLDR gives them.

use std::collections::BTreeSet;

use crate::Catalog;

impl Catalog {
    /// Whether a text, in lower case, can name a language: a code of ISO 639-1, or any that a model
    /// of the catalogue is said to speak.
    pub fn is_language(&self, code: &str) -> bool {
        ISO_639_1.iter().any(|(known, _)| *known == code) || self.languages().contains(code)
    }

    /// The codes that the catalogue's models are said to speak.
    pub fn languages(&self) -> BTreeSet<&str> {
        let named = self.models().filter_map(|model| model.languages.as_ref());
        named.flat_map(|fact| &fact.is.named).map(String::as_str).collect()
    }
}

/// The codes whose language has the text as its English name, or as the beginning of one, or
/// which begin a longer code such as `de-AT`; at most three.
pub(crate) fn close(text: &str) -> Vec<&'static str> {
    let text = text.trim().to_lowercase();
    let codes = |wanted: &dyn Fn(&str, &str) -> bool| -> Vec<&'static str> {
        let found = ISO_639_1.iter().filter(|(code, name)| wanted(code, name));
        found.map(|(code, _)| *code).take(3).collect()
    };
    if let Some((first, _)) = text.split_once(['-', '_']) {
        return codes(&|code, _| code == first);
    }
    match codes(&|_, name| name == text) {
        close if close.is_empty() && text.len() > 2 => codes(&|_, name| name.starts_with(&text)),
        close => close,
    }
}

/// Code and English name of each language of ISO 639-1 that has a name in CLDR (Unicode-3.0).
#[rustfmt::skip]
const ISO_639_1: &[(&str, &str)] = &[
    ("aa", "afar"), ("ab", "abkhazian"), ("ae", "avestan"), ("af", "afrikaans"), ("ak", "akan"),
    ("am", "amharic"), ("an", "aragonese"), ("ar", "arabic"), ("as", "assamese"),
    ("av", "avaric"), ("ay", "aymara"), ("az", "azerbaijani"), ("ba", "bashkir"),
    ("be", "belarusian"), ("bg", "bulgarian"), ("bi", "bislama"), ("bm", "bambara"),
    ("bn", "bangla"), ("bo", "tibetan"), ("br", "breton"), ("bs", "bosnian"), ("ca", "catalan"),
    ("ce", "chechen"), ("ch", "chamorro"), ("co", "corsican"), ("cr", "cree"), ("cs", "czech"),
    ("cu", "church slavic"), ("cv", "chuvash"), ("cy", "welsh"), ("da", "danish"),
    ("de", "german"), ("dv", "divehi"), ("dz", "dzongkha"), ("ee", "ewe"), ("el", "greek"),
    ("en", "english"), ("eo", "esperanto"), ("es", "spanish"), ("et", "estonian"),
    ("eu", "basque"), ("fa", "persian"), ("ff", "fula"), ("fi", "finnish"), ("fj", "fijian"),
    ("fo", "faroese"), ("fr", "french"), ("fy", "western frisian"), ("ga", "irish"),
    ("gd", "scottish gaelic"), ("gl", "galician"), ("gn", "guarani"), ("gu", "gujarati"),
    ("gv", "manx"), ("ha", "hausa"), ("he", "hebrew"), ("hi", "hindi"), ("ho", "hiri motu"),
    ("hr", "croatian"), ("ht", "haitian creole"), ("hu", "hungarian"), ("hy", "armenian"),
    ("hz", "herero"), ("ia", "interlingua"), ("id", "indonesian"), ("ie", "interlingue"),
    ("ig", "igbo"), ("ii", "sichuan yi"), ("ik", "inupiaq"), ("io", "ido"), ("is", "icelandic"),
    ("it", "italian"), ("iu", "inuktitut"), ("ja", "japanese"), ("jv", "javanese"),
    ("ka", "georgian"), ("kg", "kongo"), ("ki", "kikuyu"), ("kj", "kuanyama"), ("kk", "kazakh"),
    ("kl", "kalaallisut"), ("km", "khmer"), ("kn", "kannada"), ("ko", "korean"), ("kr", "kanuri"),
    ("ks", "kashmiri"), ("ku", "kurdish"), ("kv", "komi"), ("kw", "cornish"), ("ky", "kyrgyz"),
    ("la", "latin"), ("lb", "luxembourgish"), ("lg", "ganda"), ("li", "limburgish"),
    ("ln", "lingala"), ("lo", "lao"), ("lt", "lithuanian"), ("lu", "luba-katanga"),
    ("lv", "latvian"), ("mg", "malagasy"), ("mh", "marshallese"), ("mi", "māori"),
    ("mk", "macedonian"), ("ml", "malayalam"), ("mn", "mongolian"), ("mr", "marathi"),
    ("ms", "malay"), ("mt", "maltese"), ("my", "burmese"), ("na", "nauru"),
    ("nb", "norwegian bokmål"), ("nd", "north ndebele"), ("ne", "nepali"), ("ng", "ndonga"),
    ("nl", "dutch"), ("nn", "norwegian nynorsk"), ("no", "norwegian"), ("nr", "south ndebele"),
    ("nv", "navajo"), ("ny", "nyanja"), ("oc", "occitan"), ("oj", "ojibwa"), ("om", "oromo"),
    ("or", "odia"), ("os", "ossetic"), ("pa", "punjabi"), ("pi", "pali"), ("pl", "polish"),
    ("ps", "pashto"), ("pt", "portuguese"), ("qu", "quechua"), ("rm", "romansh"), ("rn", "rundi"),
    ("ro", "romanian"), ("ru", "russian"), ("rw", "kinyarwanda"), ("sa", "sanskrit"),
    ("sc", "sardinian"), ("sd", "sindhi"), ("se", "northern sami"), ("sg", "sango"),
    ("si", "sinhala"), ("sk", "slovak"), ("sl", "slovenian"), ("sm", "samoan"), ("sn", "shona"),
    ("so", "somali"), ("sq", "albanian"), ("sr", "serbian"), ("ss", "swati"),
    ("st", "southern sotho"), ("su", "sundanese"), ("sv", "swedish"), ("sw", "swahili"),
    ("ta", "tamil"), ("te", "telugu"), ("tg", "tajik"), ("th", "thai"), ("ti", "tigrinya"),
    ("tk", "turkmen"), ("tl", "tagalog"), ("tn", "tswana"), ("to", "tongan"), ("tr", "turkish"),
    ("ts", "tsonga"), ("tt", "tatar"), ("tw", "twi"), ("ty", "tahitian"), ("ug", "uyghur"),
    ("uk", "ukrainian"), ("ur", "urdu"), ("uz", "uzbek"), ("ve", "venda"), ("vi", "vietnamese"),
    ("vo", "volapük"), ("wa", "walloon"), ("wo", "wolof"), ("xh", "xhosa"), ("yi", "yiddish"),
    ("yo", "yoruba"), ("za", "zhuang"), ("zh", "chinese"), ("zu", "zulu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_close_to_its_code() {
        let check = |text: &str, wanted: &[&str]| assert_eq!(close(text), wanted, "{text}");
        check("German", &["de"]);
        check("de-AT", &["de"]);
        check("portug", &["pt"]);
        check("xx", &[]);
        check("xx-YY", &[]);
    }
}
