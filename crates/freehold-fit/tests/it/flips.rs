//! The flips that are found are those that there are.

use freehold_fit::{
    Change, Profile, QUESTION_COUNT, QUESTIONS, Weights, flips, outcome, position, robustness,
    tipping,
};
use proptest::prelude::*;

use crate::{brute::Judge, draw::Draw};

type Named = Vec<&'static str>;
type Singles = Vec<(Change, Named)>;
/// With whether neither of the two is enough alone.
type Pairs = Vec<([Change; 2], Named, bool)>;

/// All one- and two-answer changes that flip it, each profile judged by itself.
fn by_brute_force(judge: &Judge, profile: &Profile) -> (Singles, Pairs) {
    let now = judge.outcome(profile);
    let apply =
        |profile: &Profile, change: Change| profile.with(change.question, Some(change.answer));
    let mut changes = Vec::new();
    for (question, asked) in QUESTIONS.iter().enumerate() {
        for answer in 0..asked.answers.len() {
            if profile.at(question) != Some(answer) {
                changes.push(Change { question, answer });
            }
        }
    }
    let singles: Vec<Named> =
        changes.iter().map(|change| judge.outcome(&apply(profile, *change))).collect();
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for (at, change) in changes.iter().enumerate() {
        if singles[at] != now {
            one.push((*change, singles[at].clone()));
        }
        for (after, other) in changes.iter().enumerate().skip(at + 1) {
            if other.question == change.question {
                continue;
            }
            let then = judge.outcome(&apply(&apply(profile, *change), *other));
            if then != now {
                two.push(([*change, *other], then, singles[at] == now && singles[after] == now));
            }
        }
    }
    (one, two)
}

fn check(judge: &Judge, profile: &Profile) {
    let weights = Weights::default();
    assert_eq!(outcome(profile, &weights).ids().collect::<Vec<_>>(), judge.outcome(profile));
    let found = flips(profile, &weights);
    let one: Vec<_> =
        found.one.iter().map(|flip| (flip.change, flip.outcome.ids().collect())).collect();
    let two: Vec<_> = found
        .two
        .iter()
        .map(|flip| (flip.changes, flip.outcome.ids().collect(), flip.needs_both))
        .collect();
    assert!((one, two) == by_brute_force(judge, profile), "{}", profile.to_toml());
}

#[test]
fn flips_equal_brute_force_on_ten_thousand_profiles() {
    let judge = Judge::new(&Weights::default());
    let mut draw = Draw(20_261_123);
    for _ in 0..10_000 {
        let unknown = [0, 0, 0, 0, 0, 0, 0, 0, 1, 2][draw.below(10)];
        let profile = draw.profile(unknown);
        check(&judge, &profile);
    }
}

#[test]
fn what_may_come_out_equals_brute_force_with_many_unknown() {
    let weights = Weights::default();
    let judge = Judge::new(&weights);
    let mut draw = Draw(7);
    for _ in 0..1_000 {
        let unknown = draw.below(7);
        let profile = draw.profile(unknown);
        assert_eq!(outcome(&profile, &weights).ids().collect::<Vec<_>>(), judge.outcome(&profile));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn flips_equal_brute_force(seed in any::<u64>(), unknown in 0usize..3) {
        check(&Judge::new(&Weights::default()), &Draw(seed).profile(unknown));
    }
}

/// At a tipping weight and a millionth beside it, by fractions put on one denominator.
#[test]
fn the_tipping_weights_are_exact() {
    let weights = Weights::default();
    let mut draw = Draw(3);
    let mut tips = 0;
    for _ in 0..2_000 {
        let unknown = draw.below(3);
        let profile = draw.profile(unknown);
        let now = Judge::new(&weights).outcome(&profile);
        for tipping in tipping(&profile, &weights) {
            let at = tipping.driver.place();
            let judged = |numerator: i64, denominator: i64| {
                let mut scaled = weights.all().map(|weight| i64::from(weight) * denominator);
                scaled[at] = numerator;
                Judge::with(scaled).outcome(&profile)
            };
            for (tip, away) in [(tipping.lower, -1), (tipping.higher, 1)] {
                let Some(tip) = tip else {
                    let end = if away < 0 { 0 } else { 1_000_000 };
                    assert_eq!(judged(end, 1), now);
                    continue;
                };
                tips += 1;
                let (numerator, denominator) =
                    (tip.weight.numerator * FINE, tip.weight.denominator * FINE);
                let then: Vec<_> = tip.outcome.ids().collect();
                assert_ne!(then, now);
                if tip.at_it {
                    assert_eq!(judged(numerator, denominator), then);
                    assert_eq!(judged(numerator - away, denominator), now);
                } else {
                    assert_eq!(judged(numerator, denominator), now);
                    assert_eq!(judged(numerator + away, denominator), then);
                }
            }
        }
    }
    assert!(tips > 1_000, "{tips} tips were looked at");
}

#[test]
fn robustness_counts_what_brute_force_counts() {
    let mut draw = Draw(11);
    for unknown in [0, 0, 1] {
        let profile = draw.profile(unknown);
        let found = robustness(&profile);
        assert_eq!(found.tried, 53_130);
        let mut counted = std::collections::BTreeMap::<Named, u32>::new();
        let mut vectors = vec![vec![]];
        for _ in 0..5 {
            vectors = vectors
                .into_iter()
                .flat_map(|start: Vec<i64>| {
                    let left = 20 - start.iter().sum::<i64>();
                    (0..=left).map(move |next| [start.clone(), vec![next]].concat())
                })
                .collect();
        }
        for mut vector in vectors {
            vector.push(20 - vector.iter().sum::<i64>());
            let judge = Judge::with(vector.try_into().expect("six weights"));
            *counted.entry(judge.outcome(&profile)).or_default() += 1;
        }
        let shares = found.shares.iter().map(|share| (share.outcome.ids().collect(), share.count));
        assert_eq!(shares.collect::<std::collections::BTreeMap<Named, u32>>(), counted);
    }
}

#[test]
fn a_hand_reckoned_flip() {
    // Everything public, steady and large, with people and machines: run it. Nobody on call: do not.
    let mut profile = Profile::EMPTY;
    for question in 0..QUESTION_COUNT {
        profile = profile.with(question, Some(0));
    }
    let set = |profile: Profile, question: &str, answer: &str| {
        let at = position(question).expect("a question");
        profile.with(at, QUESTIONS[at].position(answer))
    };
    let profile = set(profile, "tokens", "over-30b");
    let weights = Weights::default();
    assert_eq!(outcome(&profile, &weights).ids().collect::<Vec<_>>(), ["self-hosted"]);
    let alone = set(profile, "oncall", "nobody");
    assert_eq!(outcome(&alone, &weights).ids().collect::<Vec<_>>(), ["managed"]);
    let at = position("oncall").expect("a question");
    assert!(flips(&profile, &weights).one.iter().any(|flip| {
        flip.change == Change { question: at, answer: QUESTIONS[at].answers.len() - 1 }
    }));
}

/// A millionth would overflow nothing and is finer than any two crossings are apart.
const FINE: i64 = 1_000_000;
