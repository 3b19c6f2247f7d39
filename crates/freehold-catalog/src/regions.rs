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

/// Whether the text can be a region: a code of ISO 3166-1, or a union that is known here.
pub fn is_region(text: &str) -> bool {
    let code = canonical(text);
    CODES.split_ascii_whitespace().any(|one| one == code) || !members(&code).is_empty()
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

/// ISO 3166-1 alpha-2, officially assigned codes.
const CODES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR \
    BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ \
    EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW \
    GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY \
    KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV \
    MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY \
    QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG \
    TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM \
    ZW";

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
