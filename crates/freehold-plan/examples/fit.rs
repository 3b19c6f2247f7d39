//! `cargo xtask bench plan`: fits the planner's constants to the published tables, and prints by how
//! much rows are off that the fit did not see.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::disallowed_methods)]

use std::collections::BTreeSet;

use freehold_plan::case::Case;
use freehold_plan::fit::{self, Prior};
use freehold_plan::tables::{self, Measured};

fn main() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
    let measured = Measured::read(&read("measured.json")).unwrap();
    let load = |names: &[&str]| -> Vec<Case> {
        let mut all = Vec::new();
        for name in names {
            let rows = tables::rows(name, &read(&format!("throughput-{name}.csv"))).unwrap();
            let (cases, left) = measured.cases(&rows);
            println!("{name}: {} rows, {} used", rows.len(), cases.len());
            for (why, count) in left {
                println!("  {count} left out: {why}");
            }
            all.extend(cases);
        }
        all
    };
    println!("== engines that serve many, fitted");
    let many = load(&tables::MANY);
    regime(&many, &fit::MANY);
    let values = fit::fit(&many.iter().collect::<Vec<_>>(), &fit::MANY);
    for (name, nvidia) in [("TensorRT-LLM", true), ("vLLM and SGLang", false)] {
        let of = |case: &&Case| case.engine.starts_with("TensorRT") == nvidia;
        let mut first = fit::first_tokens(&many.iter().filter(of).collect::<Vec<_>>(), &values);
        first.sort_by(f64::total_cmp);
        let quantile = |share: f64| (-first[((first.len() - 1) as f64 * share) as usize]).exp();
        println!(
            "\ntime to the first token, {name}, {} rows: measured over predicted",
            first.len()
        );
        println!("  {:.3} to {:.3}, median {:.3}", quantile(0.95), quantile(0.05), quantile(0.5));
    }
    println!("\n== a table that no fit sees");
    let unseen = load(&tables::UNSEEN);
    let cases: Vec<&Case> = unseen.iter().collect();
    show("with the constants above", &cases, &fit::residuals(&cases, &values));
    println!("\n== one device, one user or few: llama.cpp and the like");
    let one = load(&tables::ONE);
    regime(&one, &fit::ONE);
}

fn regime(all: &[Case], prior: &Prior) {
    let cases: Vec<&Case> = all.iter().collect();
    let values = fit::fit(&cases, prior);
    println!("\nconstants from {} rows:", cases.len());
    for (name, value) in fit::NAMES.iter().zip(values) {
        println!("  {name:10} {value:.6e}");
    }
    let seen = fit::residuals(&cases, &values);
    show("seen", &cases, &seen);
    println!("\nspread within groups: {:.3?}", fit::within(&cases, &seen));
    let near = fit::held_out(&cases, prior, |case| format!("{} {}", case.model, case.device));
    show("one model on one device held out", &cases, &near);
    let device = fit::held_out(&cases, prior, |case| case.device.clone());
    show("one device held out", &cases, &device);
    let model = fit::held_out(&cases, prior, |case| case.model.clone());
    show("one model held out", &cases, &model);
    if cases.iter().any(|case| case.table != cases.first().unwrap().table) {
        let table = fit::held_out(&cases, prior, |case| case.table.clone());
        show("one table held out", &cases, &table);
        intervals("one table held out", &cases, &table);
    }
    intervals("one model on one device held out", &cases, &near);
    intervals("one device held out", &cases, &device);
}

/// Ends of the intervals, and how many rows they cover whose group had no part in them.
fn intervals(what: &str, cases: &[&Case], residuals: &[f64]) {
    println!("\nintervals, {what} (factors of the prediction):");
    for (name, ends) in fit::intervals(cases, residuals) {
        println!("  {name:10} {:.3} to {:.3}", ends.low, ends.high);
    }
    let covered = fit::covered(cases, residuals);
    for part in parts(cases) {
        let own: Vec<bool> = cases
            .iter()
            .zip(&covered)
            .filter(|(case, _)| is(case, &part))
            .map(|(_, in_)| *in_)
            .collect();
        let share = own.iter().filter(|covered| **covered).count() as f64 / own.len() as f64;
        println!("  {part:32} {:5.1} % covered", 100.0 * share);
    }
}

/// Tables, and classes within tables.
fn parts(cases: &[&Case]) -> BTreeSet<String> {
    let both = |case: &&Case| [case.table.clone(), format!("{} {}", case.table, case.class)];
    cases.iter().flat_map(both).collect()
}

fn is(case: &Case, part: &str) -> bool {
    case.table == part || format!("{} {}", case.table, case.class) == part
}

fn show(what: &str, cases: &[&Case], residuals: &[f64]) {
    println!("\n{what}:");
    for table in parts(cases) {
        let errors: Vec<f64> = cases
            .iter()
            .zip(residuals)
            .filter(|(case, _)| is(case, &table))
            .map(|(_, residual)| *residual)
            .collect();
        let error = fit::Error::of(&errors);
        println!(
            "  {table:32} {:5} rows  MAPE {:5.1} %  within 1.5x {:5.1} %  bias {:+.2}",
            errors.len(),
            100.0 * error.mape,
            100.0 * error.near,
            error.bias
        );
    }
}
