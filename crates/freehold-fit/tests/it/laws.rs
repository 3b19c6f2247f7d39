//! Laws: more sensitive data never move the advice outward, less expertise never towards running it
//! oneself, and neither order nor repetition of answers matters.

use freehold_fit::{
    Choice, Driver, Factor, Outcome, Place, Profile, QUESTIONS, Statement, UNKNOWN, Weights,
    WeightsError, outcome,
};
use proptest::prelude::*;

use crate::draw::Draw;

/// The outcomes before and after one answer of a factor went one or more steps up.
fn step(draw: &mut Draw, factor: Factor) -> (Profile, Outcome, Outcome) {
    let unknown = draw.below(6);
    let profile = draw.profile(unknown);
    let weights = Weights::default();
    let before = outcome(&profile, &weights);
    let movable: Vec<usize> = (0..QUESTIONS.len())
        .filter(|at| QUESTIONS[*at].factor == factor)
        .filter(|at| profile.at(*at).is_some_and(|one| one + 1 < QUESTIONS[*at].answers.len()))
        .collect();
    if movable.is_empty() {
        return (profile, before, before);
    }
    let at = movable[draw.below(movable.len())];
    let now = profile.at(at).expect("it is known");
    let up = now + 1 + draw.below(QUESTIONS[at].answers.len() - now - 1);
    (profile, before, outcome(&profile.with(at, Some(up)), &weights))
}

#[test]
fn more_sensitive_data_never_move_it_outward() {
    let mut draw = Draw(1);
    let mut moved = 0;
    for _ in 0..10_000 {
        let (profile, before, after) = step(&mut draw, Factor::DataSensitivity);
        moved += u32::from(before != after);
        // "Not yet" sends nothing anywhere. Where only "not yet" was possible, it stays so.
        let inward = match (before.outermost(), after.outermost()) {
            (Some(before), Some(after)) => after <= before,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        assert!(inward, "{before} became {after}: {}", profile.to_toml());
    }
    assert!(moved > 1_000, "only {moved} moved at all");
}

#[test]
fn less_expertise_never_moves_it_towards_self_hosting() {
    let mut draw = Draw(2);
    let mut moved = 0;
    for _ in 0..10_000 {
        let (profile, before, after) = step(&mut draw, Factor::Expertise);
        moved += u32::from(before != after);
        let outward = match (before.innermost(), after.innermost()) {
            (Some(before), Some(after)) => after >= before,
            (None, Some(_)) => false,
            (_, None) => true,
        };
        assert!(outward, "{before} became {after}: {}", profile.to_toml());
    }
    assert!(moved > 1_000, "only {moved} moved at all");
}

fn statements(profile: &Profile) -> Vec<Statement> {
    let stated = QUESTIONS.iter().map(|question| Statement {
        question: question.id.to_owned(),
        answer: profile.answer(question.id).unwrap_or(UNKNOWN).to_owned(),
        place: Place::Form,
    });
    stated.collect()
}

#[test]
fn neither_order_nor_repetition_matters() {
    let mut draw = Draw(5);
    for _ in 0..10_000 {
        let unknown = draw.below(5);
        let profile = draw.profile(unknown);
        let mut stated = statements(&profile);
        let again = stated[draw.below(stated.len())].clone();
        stated.push(again);
        for at in (1..stated.len()).rev() {
            stated.swap(at, draw.below(at + 1));
        }
        assert_eq!(Profile::of(&stated), Ok(profile));
    }
}

proptest! {
    #[test]
    fn any_statements_are_a_profile_or_an_error(
        pairs in prop::collection::vec((".{0,12}", ".{0,12}"), 0..8)
    ) {
        let stated: Vec<_> = pairs
            .into_iter()
            .map(|(question, answer)| Statement { question, answer, place: Place::Form })
            .collect();
        if let Err(error) = Profile::of(&stated) {
            prop_assert!(!error.to_string().is_empty());
        }
    }

    #[test]
    fn an_answer_that_contradicts_names_both_places(seed in any::<u64>()) {
        let mut draw = Draw(seed);
        let mut stated = statements(&draw.profile(0));
        let at = draw.below(stated.len());
        let known = QUESTIONS[at].answers.iter().map(|answer| answer.id);
        let other = known.into_iter().find(|id| *id != stated[at].answer).expect("two answers");
        stated[at].place = Place::File { name: "a.toml".to_owned(), line: 7 };
        stated.push(Statement {
            question: QUESTIONS[at].id.to_owned(),
            answer: other.to_owned(),
            place: Place::Flag { flag: "--answer".to_owned() },
        });
        let error = Profile::of(&stated).expect_err("a contradiction").to_string();
        prop_assert!(error.contains("a.toml:7") && error.contains("--answer"), "{error}");
    }
}

/// No way is a favourite: over random answers each comes out, and none nearly always.
#[test]
fn every_way_comes_out() {
    let mut draw = Draw(9);
    let mut counts = [0u32; 5];
    for _ in 0..10_000 {
        let found = outcome(&draw.profile(0), &Weights::default());
        counts[found.decided().map_or(4, Choice::place)] += 1;
    }
    assert!(counts.iter().all(|count| (200..7_000).contains(count)), "{counts:?}");
}

#[test]
fn a_flag_wins_over_the_file_and_contradicts_only_flags() {
    let mut draw = Draw(6);
    for _ in 0..1_000 {
        let unknown = draw.below(5);
        let (file, wanted) = (draw.profile(0), draw.profile(unknown));
        let (filed, mut stated) = (statements(&file), statements(&wanted));
        assert_eq!(Profile::over(&filed, &stated), Ok(wanted));
        stated.truncate(draw.below(stated.len()));
        let mixed =
            (stated.len()..QUESTIONS.len()).fold(wanted, |mixed, at| mixed.with(at, file.at(at)));
        assert_eq!(Profile::over(&filed, &stated), Ok(mixed));
    }
    let say = |answer: &str| Statement {
        question: "task".to_owned(),
        answer: answer.to_owned(),
        place: Place::Form,
    };
    assert!(Profile::over(&[], &[say("code"), say("agents")]).is_err());
    assert!(Profile::over(&[say("nonsense")], &[say("code")]).is_err());
}

#[test]
fn two_weights_for_one_driver_contradict_each_other() {
    let both = [(Driver::Cost, 10), (Driver::Privacy, 3), (Driver::Cost, 20)];
    let refused = Weights::default().given(&both);
    let expected = WeightsError::Twice { driver: Driver::Cost, first: 10, second: 20 };
    assert_eq!(refused, Err(expected));
    let again = [(Driver::Cost, 10), (Driver::Cost, 10)];
    let once = Weights::default().given(&again).expect("one weight");
    assert_eq!((once.of(Driver::Cost), once.of(Driver::Privacy)), (10, 20));
}
