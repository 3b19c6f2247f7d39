//! The fit check as a page: its address is the answers, and every form of it says the same.

use std::sync::Arc;

use freehold_console::Console;
use freehold_fit::{Place, Profile, QUESTIONS, Statement, Weights, advise};
use freehold_types::Clock;
use http::Method;

use crate::support::{Browser, Page, SystemClock, serve, setting};

async fn get(path: &str) -> Page {
    let browser = Browser::at(serve(Console::deciding(setting(Arc::new(SystemClock)))).await);
    browser.send(Method::GET, path, &[], "").await
}

#[tokio::test]
async fn the_form_asks_everything_and_answers_nothing() {
    let page = get("/fit").await;
    assert_eq!(page.status(), 200);
    for question in QUESTIONS {
        assert!(page.text.contains(&format!("name=\"{}\"", question.id)), "{}", question.id);
    }
    assert!(!page.text.contains("class=\"advice\""), "nothing is advised before an answer");
}

#[tokio::test]
async fn the_advice_stands_beside_what_would_change_it() {
    let page = get("/fit?oncall=nobody&class=public&leave=contract&privilege=enforced").await;
    assert_eq!(page.status(), 200);
    let advice = page.between("<p class=\"advice\">", "</p>");
    assert_eq!(advice, "Not decided between managed proprietary or not yet.");
    for part in [
        "What would change it",
        "Nobody is called when it is down.",
        "--answer oncall=nobody",
        "/fit.json?class=public",
        "name=\"oncall\" value=\"nobody\" checked",
    ] {
        assert!(page.text.contains(part), "no {part}");
    }
}

#[tokio::test]
async fn programs_get_the_same_bytes() {
    let page = get("/fit.json?task=agents&premium=&tokens=unknown&weight-cost=40").await;
    let said =
        Statement { question: "task".to_owned(), answer: "agents".to_owned(), place: Place::Form };
    let profile = Profile::of(&[said]).expect("an answer");
    let weights = Weights::new([40, 15, 20, 10, 20, 15]).expect("weights");
    // No source grows stale between the page and this line but at midnight of one of few days.
    let today = SystemClock.now().0 / 86_400_000_000;
    let today = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(today as i64));
    let today = today.expect("a day").to_string();
    let expected = serde_json::to_string(&advise(&profile, &weights, &today)).expect("JSON");
    assert_eq!(page.text, expected);
}

#[tokio::test]
async fn what_means_nothing_is_refused_and_cannot_become_markup() {
    for path in ["/fit?task=%3Cb%3E", "/fit?%3Cscript%3E=1", "/fit?task=code&task=agents"] {
        let page = get(path).await;
        assert_eq!(page.status(), 400, "{path}");
        assert!(page.text.contains("Not answered"), "{path}");
        assert!(!page.text.contains("<b>&") && !page.text.contains("<script>1"), "{path}");
    }
    assert_eq!(get("/fit.json?weight-cost=many").await.status(), 400);
    assert_eq!(get("/fit.json?weight-cost=10&weight-cost=20").await.status(), 400);
    assert_eq!(get("/fit.md?task=code&task=agents").await.status(), 400);
}
