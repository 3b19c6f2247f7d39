//! Whole plans over the catalogue that is compiled in.

use freehold_catalog::Catalog;

use super::*;
use crate::{
    document::{Block, Document},
    verdict::Choice,
};

fn plan(answers: &[(&str, &str)]) -> Plan {
    let mut ask = Ask::default();
    for (key, value) in answers {
        ask.set(key, value).unwrap();
    }
    Plan::of(Catalog::embedded().unwrap(), &ask, &[]).unwrap()
}

/// All that a reader sees.
fn text(document: &Document) -> String {
    let blocks = document.sections.iter().flat_map(|section| &section.blocks);
    let texts = blocks.map(|block| match block {
        Block::Text(text) => text.clone(),
        Block::List(items) => items.join("\n"),
        Block::Table(table) => {
            let cells = table.rows.iter().flat_map(|row| &row.cells);
            let cell = |cell: &crate::document::Cell| {
                format!("{} {}", cell.text, cell.below.as_deref().unwrap_or_default())
            };
            cells.map(cell).collect::<Vec<_>>().join("\n")
        }
    });
    texts.collect::<Vec<_>>().join("\n") + &document.footnotes.join("\n")
}

fn check(answers: &[(&str, &str)], expected: Choice) -> Plan {
    let plan = plan(answers);
    assert_eq!(plan.money.verdict.choice, expected, "{answers:?}: {:?}", plan.money.verdict);
    for figure in plan.figures() {
        assert_eq!(figure.disagreements(), Vec::<String>::new(), "{:?}", figure.name());
        assert!(figure.value().is_finite(), "{:?}", figure.name());
    }
    let document = plan.document();
    let text = text(&document);
    for word in ["NaN", "none to", "inf"] {
        assert!(!text.split([' ', '\n']).any(|one| one == word), "{word} in {text}");
    }
    // Every number in brackets stands for a source.
    let cited = document.sections.iter().flat_map(|section| &section.blocks);
    assert!(cited.count() > 5);
    assert!(document.footnotes.len() > 10);
    plan
}

#[test]
fn tuning_that_does_not_fit_says_so_and_what_would() {
    let llama = ("model", "meta-llama/Llama-3.1-8B-Instruct");
    let tuned = |on, how| {
        let plan = plan(&[llama, ("on", on), ("fine-tune", how)]);
        let training = plan.machine.as_ref().unwrap().training.clone().unwrap();
        let parts = [&training.weights, &training.optimizer, &training.activations];
        let parts = parts.into_iter().chain([&training.widened, &training.overhead]);
        let sum: f64 = parts.map(Figure::value).sum();
        assert!((sum / training.memory.value() - 1.0).abs() < 1e-9, "{how}: {sum}");
        let fits = plan.machine.as_ref().unwrap().room.as_ref().unwrap().fits;
        (fits, text(&plan.document()))
    };
    let (fits, said) = tuned("h100-sxm", "full");
    assert!(!fits);
    for part in [
        "It does not fit: it needs 147.6 GB on one",
        "What would: at least 2 of them",
        "or --fine-tune lora, which needs",
        "are not part of the bill",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let (fits, said) = tuned("h100-sxmx2", "full");
    assert!(fits && said.contains("It takes 2 NVIDIA"), "{said}");
    let (fits, said) = tuned("h100-sxm", "qlora");
    assert!(fits && said.contains("It fits on one"), "{said}");
    assert!(said.contains("largest matrix, at 16 bits"), "{said}");
}

const MODEL: (&str, &str) = ("model", "Qwen/Qwen3-32B");
const ON: (&str, &str) = ("on", "nvidia-h100-sxm-80gbx2");

#[test]
fn little_use_is_hosted() {
    let plan = check(&[MODEL, ON, ("requests-a-day", "2000")], Choice::Hosted);
    let headline = &plan.money.verdict.headline;
    assert!(
        headline.starts_with("Running an open model yourself is wrong for you on cost: the same"),
        "{headline}"
    );
    assert_eq!(plan.money.bills.len(), 3);
    assert!(plan.proposals.is_empty());
}

#[test]
fn much_use_against_a_dear_offer_is_run() {
    let dear = ("hosted", "anthropic/claude-opus-5");
    let plan = check(&[MODEL, ON, ("requests-a-day", "500k"), dear], Choice::Own);
    let meets = plan.money.break_even[0].meets.first().unwrap();
    assert!(meets < plan.money.volume.value());
}

#[test]
fn what_does_not_fit_says_what_would() {
    let plan = check(&[MODEL, ("on", "nvidia-l4x1")], Choice::DoesNotFit);
    let misfit = plan.machine.unwrap().misfit.unwrap();
    for option in ["--on nvidia-l4x", "--quant", "with retrieval"] {
        assert!(misfit.contains(option), "{option}: {misfit}");
    }
    // Hosted still has a bill.
    assert!(plan.money.own().is_none() && !plan.money.bills.is_empty());
}

#[test]
fn what_is_proposed_fits_and_meets_the_targets() {
    let plan = plan(&[("requests-a-day", "5000")]);
    assert!(plan.proposals.len() >= 3, "{:?}", plan.proposals);
    let machine = plan.machine.as_ref().unwrap();
    assert!(machine.layout.fits && machine.serving.as_ref().unwrap().meets());
    let proposed = plan.proposals.first().unwrap();
    assert_eq!(plan.model.as_deref(), Some(proposed.model.as_str()));
    assert_eq!(machine.layout.devices, proposed.devices);
    let own = plan.money.own().unwrap().total.value();
    assert!((own - proposed.own).abs() < 0.01 * own, "{own} {}", proposed.own);
}

#[test]
fn owned_machines_cost_power_and_say_so() {
    let there = [MODEL, ("on", "apple-m3-ultra"), ("machines", "there"), ("requests-a-day", "200")];
    let plan = plan(&there);
    let own = plan.money.own().unwrap();
    assert!(own.lines[0].month.value() > 0.0);
    assert!(own.lines[0].notes[0].contains("not counted"));
}

#[test]
fn the_headline_says_both_comparisons() {
    let plan = plan(&[
        ("model", "openai/gpt-oss-120b"),
        ("on", "nvidia-h100-sxm-80gbx2"),
        ("tokens-a-month", "1e10"),
    ]);
    let headline = &plan.money.verdict.headline;
    assert!(!headline.contains("wrong for you"), "{headline}");
    for part in [
        "The same model hosted elsewhere is clearly cheaper than running it yourself (",
        "Against the premium model, running it yourself is clearly cheaper (",
    ] {
        assert!(headline.contains(part), "{part}: {headline}");
    }
}

#[test]
fn without_a_price_nothing_is_said_to_meet() {
    let plan = plan(&[("model", "Qwen/Qwen3-8B"), ("on", "google-tpu-v5e")]);
    assert!(plan.money.break_even.is_empty());
    let verdict = &plan.money.verdict;
    assert!(verdict.headline.contains("--hourly"), "{}", verdict.headline);
    let text = text(&plan.document()) + &verdict.headline;
    for part in ["cost the same at", "of 100 cases)", "in 90 of 100 cases of", "at least 0"] {
        assert!(!text.contains(part), "{part}: {text}");
    }
    let tiers = plan.money.tiers.as_ref().unwrap();
    assert_ne!(tiers.routine, crate::costs::OWN);
    // The growth of what has no price has none.
    let sections = plan.document().sections;
    let growth = sections.iter().find(|section| section.id == "growth").unwrap();
    let Block::Table(table) = &growth.blocks[0] else { panic!("{growth:?}") };
    assert!(table.rows.iter().all(|row| row.cells[1].text == "price missing"), "{table:?}");
}

#[test]
fn devices_that_nobody_asked_for_are_explained() {
    let because = |on| {
        plan(&[MODEL, ("on", on), ("requests-a-day", "2000")]).money.verdict.because.join("\n")
    };
    let found = because("nvidia-h100-sxm-80gb");
    for part in [
        "2 of ",
        "the fewest on which 8 of the longest requests fit at once",
        "Cheaper, and it carries the load within the targets, too: --on nvidia-h100-sxm-80gbx1, ",
    ] {
        assert!(found.contains(part), "{part}: {found}");
    }
    // It is as cheap as it is said to be.
    let one = plan(&[MODEL, ("on", "nvidia-h100-sxm-80gbx1"), ("requests-a-day", "2000")]).money;
    let cost = crate::words::amount(one.own().unwrap().total.value());
    assert!(found.contains(&format!("80gbx1, {cost} USD a month")), "{cost}: {found}");
    // Who says how many knows.
    assert!(!because("nvidia-h100-sxm-80gbx2").contains("make a replica"));
}

#[test]
fn caches_are_said_for_each_device() {
    let text = text(&plan(&[MODEL, ON]).document());
    assert!(text.contains(" each on each of the 2 devices."), "{text}");
}

#[test]
fn what_is_zero_by_the_users_word_is_named() {
    let none = [("security", "0"), ("mlops", "0"), ("audit", "0")];
    let plan = plan(&[&[MODEL, ON][..], &none].concat());
    let headline = &plan.money.verdict.headline;
    assert!(
        headline.ends_with(
            "Zero by your own word where you run it yourself: security, MLOps, audit; the hosted \
             columns keep their people."
        ),
        "{headline}"
    );
}

#[test]
fn scenarios_show_themselves() {
    let plan = plan(&[MODEL, ON, ("scenario", "1000x-inference")]);
    assert_eq!(plan.money.growth.len(), 1);
    let bills = &plan.money.growth[0].bills;
    assert!(
        bills
            .iter()
            .zip(&plan.money.bills)
            .all(|(then, now)| then.total.value() >= now.total.value())
    );
}

#[test]
fn the_same_question_has_the_same_answer() {
    let json = |plan: &Plan| serde_json::to_string(&(plan, plan.document())).unwrap();
    let answers = [MODEL, ON, ("premium-share", "10%")];
    assert_eq!(json(&plan(&answers)), json(&plan(&answers)));
}

#[test]
fn fine_tuning_tells_the_share_that_is_trained() {
    let plan = plan(&[
        ("model", "Qwen/Qwen3-8B"),
        ("on", "nvidia-h100-sxm-80gb"),
        ("fine-tune", "lora"),
        ("rank", "16"),
    ]);
    let training = plan.machine.unwrap().training.unwrap();
    // Rank 16 on all linear layers of a model of 8 billion parameters is about half a percent.
    assert!((0.004..0.007).contains(&training.share.value()), "{}", training.share.value());
    assert!(training.memory.value() > 16e9);
}

#[test]
fn own_measurements_move_speeds_and_say_so() {
    let run = crate::calibrate::Run {
        concurrency: 16.0,
        input: 1000.0,
        output: 250.0,
        generated: 400.0,
        first_token: None,
        between_tokens: None,
    };
    let observations = crate::calibrate::Observations {
        tool: crate::calibrate::Tool::Freehold,
        model: None,
        runs: vec![run; 8],
    };
    let measured = [crate::machine::Measurements { observations, from: "runs.json".to_owned() }];
    let mut ask = Ask::default();
    for (key, value) in [MODEL, ON] {
        ask.set(key, value).unwrap();
    }
    let catalog = Catalog::embedded().unwrap();
    let (before, after) =
        (Plan::of(catalog, &ask, &[]).unwrap(), Plan::of(catalog, &ask, &measured).unwrap());
    let capacity = |plan: &Plan| {
        plan.machine.as_ref().unwrap().serving.as_ref().unwrap().service.capacity.value()
    };
    assert!(capacity(&after) < capacity(&before));
    assert!(after.document().footnotes.iter().any(|note| note.contains("runs.json")));
}
