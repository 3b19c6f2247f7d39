//! Tiers computed by hand.

use super::*;
use crate::bill::tests::{hosted, own, rented, tokens};

#[test]
fn a_share_moves_its_tokens_and_both_keep_their_people() {
    let (routine, premium) = (own(rented()), hosted("premium", 20.0));
    let today = tokens(1500.0);
    let shares = [share(0.4), share(0.0), share(1.0)];
    let tiers = tiers(&routine, &premium, &today, &shares);
    let totals: Vec<f64> = tiers.at.iter().map(|tier| tier.total.value()).collect();
    // 900 million need one replica and the spare: 4 × 1,461 + 50 + 0.45 and 16,100 for people;
    // 600 million at 12 and 5,530 for people.
    assert_eq!(totals[0], routine.bill(&today).total.value());
    assert!(
        (totals[1] - (5844.0 + 50.45 + 16_100.0 + 600.0 * 12.0 + 5530.0)).abs() < 0.01,
        "{totals:?}"
    );
    assert_eq!(totals[2], premium.bill(&today).total.value());
    assert!(tiers.at[0].premium.is_none() && tiers.at[2].routine.is_none());
    assert!(tiers.at.iter().all(|tier| tier.total.disagreements().is_empty()));
}

#[test]
fn the_share_below_which_tiers_are_worth_it() {
    let today = tokens(1500.0);
    // Premium alone would cost 1500 × 12 + 5,530 = 23,530: never more than own people and machines.
    let dear = tiers(&own(rented()), &hosted("premium", 20.0), &today, &[]);
    assert_eq!(dear.worth_below, None);
    // At 60 a million: 95,530. Own costs 16,150 + 5,844 and 2,922 more above 1,000 million, so that
    // tiers save as long as 60 × 1.5 × (1 - share) exceeds that.
    let dearer = tiers(&own(rented()), &hosted("premium", 100.0), &today, &[]);
    let share = dearer.worth_below.unwrap();
    let bound = 1.0 - (16_150.0 + 5844.0) / 90_000.0;
    assert!((share - bound).abs() < 0.002, "{share} {bound}");
}
