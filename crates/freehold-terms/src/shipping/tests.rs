//! One adopter's facts against one licence: what stands against it, and what is asked for.

use freehold_catalog::Catalog;

use crate::{Adopter, MayShip, Purpose, Shipping, assess, gather::tests::folder};

fn shipping(tag: &str, adopter: &Adopter) -> Shipping {
    let card = format!("---\nlicense: {tag}\npipeline_tag: text-generation\n---\n");
    let today = "2026-11-23".parse().expect("a day");
    let catalog = Catalog::embedded().expect("it is sound");
    let folders = [folder("", &[("README.md", &card)])];
    assess(&folders, catalog, adopter, today).remove(0).shipping
}

#[test]
fn facts_decide_and_what_is_missing_is_asked_for() {
    let check = |tag: &str, adopter: Adopter, wanted: MayShip, about: &[&str]| {
        let said = shipping(tag, &adopter);
        assert_eq!(said.may_ship, wanted, "{tag} {adopter:?}");
        let conflicts = said.conflicts.iter().map(|it| it.about);
        let open = said.not_confirmed.iter().map(|it| it.about);
        assert_eq!(conflicts.chain(open).collect::<Vec<_>>(), about, "{tag} {adopter:?}");
    };
    let none = Adopter::default;
    let users = |users| Adopter { users_per_month: Some(users), ..none() };
    let revenue = |usd| Adopter { revenue_usd: Some(usd), ..none() };
    let purposes = |purpose, product: Option<&str>| Adopter {
        purposes: Some([purpose].into()),
        product_licence: product.map(str::to_owned),
        ..none()
    };
    check("apache-2.0", none(), MayShip::WithObligations, &[]);
    check("llama3.1", none(), MayShip::NotConfirmed, &["users"]);
    check("llama3.1", users(700_000_001), MayShip::No, &["users"]);
    check("llama3.1", users(700_000_000), MayShip::WithObligations, &[]);
    check("other", none(), MayShip::NotConfirmed, &["licence"]);
    check("cc-by-nc-4.0", none(), MayShip::NotConfirmed, &["purposes"]);
    check("cc-by-nc-4.0", purposes(Purpose::Commercial, None), MayShip::No, &["commercial"]);
    check("cc-by-nc-4.0", purposes(Purpose::Internal, None), MayShip::NotConfirmed, &["purposes"]);
    check("cc-by-nc-4.0", purposes(Purpose::Research, None), MayShip::WithObligations, &[]);
    let passed_on = |product| purposes(Purpose::Redistribute, Some(product));
    check("cc-by-sa-4.0", passed_on("proprietary"), MayShip::No, &["product licence"]);
    check("cc-by-sa-4.0", passed_on("CC-BY-SA-4.0"), MayShip::WithObligations, &[]);
    let stability = shipping("stabilityai-ai-community", &revenue(2_000_000));
    assert!(stability.conflicts.iter().any(|it| it.about == "revenue"), "{stability:?}");
}

#[test]
fn every_conflict_is_quoted_with_its_source() {
    let adopter = Adopter { users_per_month: Some(1 << 40), ..Adopter::default() };
    let said = shipping("llama3.1", &adopter);
    let conflict = &said.conflicts[0];
    assert_eq!(
        (conflict.licence.0.as_str(), conflict.clause.as_str()),
        ("llama-3.1-community", "2")
    );
    assert!(!conflict.quotation.literal && conflict.quotation.seen.is_some());
    assert!(conflict.quotation.source.starts_with("https://"));
}
