//! Draws facts about models and licences at random, to be looked up again at their sources.
//!
//! `cargo run -p freehold-catalog --example sample -- 20 2026` draws twenty with the seed 2026; the same
//! seed and the same catalogue draw the same facts.

use std::{
    error::Error,
    io::{self, Write},
};

use freehold_catalog::{Catalog, Facts};

#[expect(clippy::disallowed_methods, reason = "run by hand, not part of the crate")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let count = numbers.next().transpose()?.unwrap_or(20);
    let mut state = numbers.next().transpose()?.unwrap_or(1);
    let catalog = Catalog::embedded()?;
    let mut all = Vec::new();
    for model in catalog.models() {
        let value = serde_json::to_value(model)?;
        all.extend(rows(&model.id.0, model, &value));
    }
    for licence in catalog.licences() {
        let value = serde_json::to_value(licence)?;
        all.extend(rows(&licence.id.0, licence, &value));
    }
    let mut out = io::stdout().lock();
    for left in (1..=count.min(all.len() as u64)).rev() {
        let drawn = next(&mut state) % (all.len() as u64);
        let row = all.swap_remove(usize::try_from(drawn)?);
        writeln!(out, "{row}")?;
        if left == 1 {
            writeln!(out, "({} facts were left)", all.len())?;
        }
    }
    Ok(())
}

/// One line for each fact that is there: whose, which, source and place, and the value.
fn rows(id: &str, facts: &dyn Facts, value: &serde_json::Value) -> Vec<String> {
    let stated = facts.places().into_iter().filter_map(|place| Some((place.name, place.fact?)));
    stated
        .map(|(name, fact)| {
            let path = format!("/{}", name.replace('.', "/"));
            let json = value.pointer(&path).map(ToString::to_string).unwrap_or_default();
            let at = fact.at().unwrap_or_default();
            format!("{id}\t{name}\t{}\t{at}\t{json}", fact.source())
        })
        .collect()
}

/// The next number of SplitMix64.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
