//! What the report says of weights: never sure of what is open, never silent about a close call.

use freehold_catalog::{Catalog, Date};
use freehold_fit::{Extent, Profile, QUESTION_COUNT, QUESTIONS, Report, Weights, advise, position};

use crate::draw::Draw;

const TODAY: &str = "2026-11-23";

fn profile(answers: &[(&str, &str)]) -> Profile {
    answers.iter().fold(Profile::EMPTY, |profile, (question, answer)| {
        let at = position(question).expect("a question");
        profile.with(at, QUESTIONS[at].position(answer))
    })
}

fn text(profile: &Profile) -> String {
    let advice = advise(profile, &Weights::default(), TODAY);
    Report::of(&advice, Extent::WHOLE).to_markdown("", "freehold")
}

#[test]
fn what_is_open_is_not_said_to_hold() {
    let report = text(&profile(&[("task", "code")]));
    assert!(
        report.contains("1 of 23 questions are answered. Under any weighting tried it stays open")
    );
    assert!(report.contains("these questions first: "), "{report}");
    assert!(!report.contains("The same comes out"), "{report}");
    let mut draw = Draw(21);
    for _ in 0..20 {
        let unknown = draw.below(8);
        let profile = draw.profile(unknown);
        let settled = freehold_fit::outcome(&profile, &Weights::default()).is_settled();
        let report = text(&profile);
        assert_eq!(report.contains("The same comes out"), settled, "{report}");
        assert_eq!(report.contains("it stays open until more"), !settled, "{report}");
    }
}

#[test]
fn a_close_call_is_in_the_headline() {
    let mut draw = Draw(22);
    let mut close = 0;
    for _ in 0..30 {
        let profile = draw.profile(0);
        assert_eq!(profile.known(), QUESTION_COUNT);
        let advice = advise(&profile, &Weights::default(), TODAY);
        let shares = &advice.robustness.shares;
        let more = shares.first().is_some_and(|first| first.outcome != advice.outcome);
        let named = advice.sentence.starts_with("A close call between ");
        assert!(named || !more, "{}", advice.sentence);
        let held = advice.robustness.count(advice.outcome);
        if named {
            let other = shares.iter().find(|share| share.outcome != advice.outcome);
            let other = other.expect("another").outcome;
            let both = format!("between {} and {other};", advice.outcome);
            assert!(advice.sentence.contains(&both), "{}", advice.sentence);
            assert!(held * 5 <= advice.robustness.tried * 3, "{held}");
        }
        close += u32::from(named);
    }
    assert!((1..30).contains(&close), "{close}");
}

#[test]
fn a_score_names_its_benchmark() {
    let advice = advise(&profile(&[("task", "code")]), &Weights::default(), TODAY);
    let catalog = Catalog::embedded().expect("a catalogue");
    let today = Date::from_days(20_780);
    let models = Report::models_of(&advice, catalog, today).expect("a task");
    let page = models.to_markdown("", "freehold");
    let scores = page.lines().filter(|line| line.contains("percent"));
    let named: Vec<_> = scores.inspect(|line| assert!(line.contains(" on "), "{line}")).collect();
    assert!(!named.is_empty(), "{page}");
}
