//! Regions as licences and adopters name them: countries, and the unions they are in.

/// How an adopter's region lies to one that a term names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Overlap {
    /// All of it is in the other.
    Inside,
    /// The other is a part of it: which applies depends on the country.
    Partly,
    /// They have nothing in common.
    Apart,
}

/// How `adopter` lies to `named`. Both are ISO 3166-1 alpha-2 codes, `EU` or `EEA`, in any case;
/// `UK` is `GB`.
pub(crate) fn overlap(adopter: &str, named: &str) -> Overlap {
    let (adopter, named) = (canonical(adopter), canonical(named));
    if adopter == named || members(&named).contains(&adopter.as_str()) {
        return Overlap::Inside;
    }
    let common = |it: &&str| *it == named || members(&named).contains(it);
    match (adopter.as_str(), named.as_str()) {
        ("EU", "EEA") => Overlap::Inside,
        ("EEA", "EU") => Overlap::Partly,
        _ if members(&adopter).iter().any(common) => Overlap::Partly,
        _ => Overlap::Apart,
    }
}

/// Whether the text can be a region: two letters, or a union that is known here.
pub fn is_region(text: &str) -> bool {
    let code = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic());
    code || !members(&canonical(text)).is_empty()
}

fn canonical(region: &str) -> String {
    match region.to_ascii_uppercase() {
        it if it == "UK" => "GB".to_owned(),
        it => it,
    }
}

fn members(union: &str) -> &'static [&'static str] {
    match union {
        "EU" => EEA.get(3..).unwrap_or_default(),
        "EEA" => EEA,
        _ => &[],
    }
}

/// The European Economic Area: first its three members outside the Union, then the Union's 27
/// (<https://european-union.europa.eu/principles-countries-history/eu-countries_en>).
const EEA: &[&str] = &[
    "IS", "LI", "NO", "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR",
    "HU", "IE", "IT", "LT", "LU", "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn countries_and_unions() {
        let check = |adopter, named, wanted| {
            assert_eq!(overlap(adopter, named), wanted, "{adopter} to {named}");
        };
        check("de", "EU", Overlap::Inside);
        check("uk", "GB", Overlap::Inside);
        check("NO", "EEA", Overlap::Inside);
        check("NO", "EU", Overlap::Apart);
        check("EU", "EEA", Overlap::Inside);
        check("EU", "DE", Overlap::Partly);
        check("EEA", "EU", Overlap::Partly);
        check("US", "EU", Overlap::Apart);
        assert_eq!(members("EU").len(), 27);
        assert!(is_region("eu") && is_region("kr") && !is_region("europe") && !is_region("1a"));
    }
}
