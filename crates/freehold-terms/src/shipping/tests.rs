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
    check("cc-by-sa-4.0", passed_on("GPL-3.0-or-later"), MayShip::WithObligations, &[]);
    check("cc-by-sa-4.0", passed_on("CC-BY-SA-4.0"), MayShip::WithObligations, &[]);
    let stability = shipping("stabilityai-ai-community", &revenue(2_000_000));
    assert!(stability.conflicts.iter().any(|it| it.about == "revenue"), "{stability:?}");
}

/// Cases as people meet them: a model's texts, an adopter, the answer, and the clause or the words to
/// be shown.
#[test]
fn real_cases() {
    let check = |texts: &[(&str, &str)], adopter: Adopter, wanted: MayShip, says: &[&str]| {
        let today = "2026-11-23".parse().expect("a day");
        let catalog = Catalog::embedded().expect("it is sound");
        let said = assess(&[folder("", texts)], catalog, &adopter, today).remove(0).shipping;
        assert_eq!(said.may_ship, wanted, "{texts:?} {said:#?}");
        let conflicts = said.conflicts.iter().map(|it| {
            assert!(!it.quotation.words.is_empty() && !it.quotation.source.is_empty());
            format!("{} {} {}", it.licence, it.clause, it.about)
        });
        let exact = said.obligations.iter().filter_map(|it| it.exact.clone());
        let told: Vec<String> = conflicts.chain(exact).collect();
        for one in says {
            assert!(told.iter().any(|it| it.contains(one)), "{one}: {told:?}");
        }
    };
    let everything = |region: &str, users, revenue, purpose| Adopter {
        region: Some(region.to_owned()),
        users_per_month: Some(users),
        revenue_usd: Some(revenue),
        purposes: Some([purpose].into()),
        product_licence: Some("proprietary".to_owned()),
    };
    let small = |region| everything(region, 1000, 100_000, Purpose::Commercial);
    let card = |tag: &str, task: &str| format!("---\nlicense: {tag}\npipeline_tag: {task}\n---\n");
    let other = |name: &str| {
        format!("---\nlicense: other\nlicense_name: {name}\npipeline_tag: text-generation\n---\n")
    };
    let vision = card("llama3.2", "image-text-to-text");
    let region = "llama-3.2-community acceptable use policy";
    check(&[("README.md", &vision)], small("DE"), MayShip::No, &[region]);
    check(&[("README.md", &vision)], small("US"), MayShip::WithObligations, &["Built with Llama"]);
    let text = card("llama3.2", "text-generation");
    let notice = "Llama 3.2 is licensed under the Llama 3.2 Community License";
    check(&[("README.md", &text)], small("DE"), MayShip::WithObligations, &[notice]);
    let huge = everything("US", 800_000_000, 1, Purpose::Commercial);
    check(&[("README.md", &text)], huge, MayShip::No, &["llama-3.2-community 2 users"]);
    let open = |licence: &str| Adopter {
        product_licence: Some(licence.to_owned()),
        ..everything("US", 1, 1, Purpose::Redistribute)
    };
    let research = card("cc-by-nc-4.0", "text-generation");
    let clause = "CC-BY-NC-4.0 1 and 2(a)(1) product licence";
    check(&[("README.md", &research)], open("GPL-3.0-or-later"), MayShip::No, &[clause]);
    let copyleft = card("gpl-3.0", "text-generation");
    let clause = "GPL-3.0-only 5(c) product licence";
    check(&[("README.md", &copyleft)], open("proprietary"), MayShip::No, &[clause]);
    check(&[("README.md", &copyleft)], open("GPL-3.0-or-later"), MayShip::WithObligations, &[]);
    let qwen = other("qwen-research-2024");
    check(&[("README.md", &qwen)], small("US"), MayShip::No, &["qwen-research-2024"]);
    let stability = card("stabilityai-ai-community", "text-to-image");
    let rich = everything("US", 1, 2_000_000, Purpose::Commercial);
    check(&[("README.md", &stability)], rich, MayShip::No, &["stability-community III revenue"]);
    let powered = ["Powered by Stability AI"];
    check(&[("README.md", &stability)], small("US"), MayShip::WithObligations, &powered);
    let hunyuan = other("tencent-hunyuan-community");
    for excluded in ["DE", "GB", "KR"] {
        let clause = ["tencent-hunyuan-community 1(l)"];
        check(&[("README.md", &hunyuan)], small(excluded), MayShip::No, &clause);
    }
    let gemma =
        "---\nlicense: gemma\nbase_model: google/gemma-2-9b\nbase_model_relation: distilled\n---\n";
    let notice = "Gemma is provided under and subject to the Gemma Terms of Use";
    let internal = everything("US", 1, 1, Purpose::Internal);
    check(&[("README.md", gemma)], internal, MayShip::NotConfirmed, &[notice]);
    let lora = "---\nlicense: llama3\nbase_model: meta-llama/Meta-Llama-3-8B\nbase_model_relation: merge\n---\n";
    let built = ["Built with Meta Llama 3", "Meta Llama 3 is licensed under"];
    check(&[("README.md", lora)], small("US"), MayShip::WithObligations, &built);
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
