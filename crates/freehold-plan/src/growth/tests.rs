//! Growth computed by hand.

use super::*;
use crate::bill::tests::{hosted, own, rented, tokens};

#[test]
fn growth_by_hand() {
    let (own, hosted) = (own(rented()), hosted("hosted", 1.0));
    let grown = growth(Scenario::TenAgents, &[&own, &hosted], &tokens(1500.0));
    assert_eq!(grown.volume.value(), 15_000.0);
    let size = grown.bills[0].size.as_ref().unwrap();
    assert_eq!([size.replicas.value(), size.machines.value()], [16.0, 4.0]);
    assert!((grown.bills[1].lines[0].month.value() - 9000.0).abs() < 1e-9);
    // Three replicas of two devices fill three quarters of a machine of eight: the fourth replica fits,
    // the fifth, needed above 4,000 less the spare's share, does not.
    let machines: Vec<(f64, f64)> =
        grown.next_machines.iter().map(|one| (one.machines, one.above)).collect();
    assert_eq!(machines, [(2.0, 3000.0), (3.0, 7000.0), (4.0, 11_000.0)]);
    assert_eq!(grown.next_machines[0].times, 2.0);
}

#[test]
fn scenarios_have_names() {
    for scenario in Scenario::ALL {
        assert_eq!(scenario.name().parse(), Ok(scenario));
    }
    assert!("2x".parse::<Scenario>().is_err());
}
