//! Each way out fits, and is the least that does.

use super::*;
use crate::testing::{llama_8b, llama_70b, on_h100};

#[test]
fn each_way_out_fits_and_is_the_least() {
    let deployment = on_h100(1, "bf16", "bf16");
    let catalog = Catalog::embedded().unwrap();
    let all = options(&llama_70b(), &deployment, 8192.0, catalog);
    let changes: Vec<&Change> = all.iter().map(|one| &one.change).collect();
    assert!(changes.contains(&&Change::Devices { count: 2 }), "{changes:?}");
    assert!(changes.contains(&&Change::Weights { format: "nvfp4".into() }), "{changes:?}");
    let smaller = changes.iter().filter(|one| matches!(one, Change::Smaller { .. })).count();
    assert_eq!(smaller, SMALLER, "{changes:?}");
    for one in &all {
        assert!(one.sequences.value() >= 1.0, "{one:?}");
        assert_eq!(one.needed.value(), one.needed.evaluate());
        assert!(one.needed.disagreements().is_empty());
    }
}

#[test]
fn where_nothing_fits_there_is_nothing() {
    let mut deployment = on_h100(1, "bf16", "bf16");
    deployment.device = crate::testing::device("small", 1e9, 1e11, &[]);
    assert!(options(&llama_70b(), &deployment, 8192.0, Catalog::embedded().unwrap()).is_empty());
}

#[test]
fn what_is_on_one_machine_gets_more_of_it_only_with_fewer_bits() {
    let mut deployment = on_h100(1, "bf16", "bf16");
    deployment.device = crate::testing::device("phone", 7e9, 1e11, &[]);
    deployment.engine = Engine::LlamaCpp;
    let all = options(&llama_8b(), &deployment, 4096.0, Catalog::embedded().unwrap());
    let format = all.iter().find_map(|one| match &one.change {
        Change::Weights { format } => Some(format.as_str()),
        _ => None,
    });
    assert_eq!(format, Some("q4_k_m"), "{all:?}");
}

#[test]
fn the_fewest_devices_hold_as_many_as_are_asked() {
    let devices = |sequences| {
        let found = fewest(&llama_70b(), &on_h100(1, "fp8", "fp8"), 8192.0, sequences);
        found.map(|one| one.parallelism.devices())
    };
    assert_eq!(devices(1.0), Some(1));
    assert_eq!(devices(20.0), Some(2));
    assert_eq!(devices(100.0), Some(4));
    assert_eq!(devices(1e6), None);
}
