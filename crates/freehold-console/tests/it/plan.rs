//! The page of a plan: the form, both columns, pictures with their tables, and the same as JSON and
//! CSV.

use std::sync::Arc;

use freehold_console::Console;
use http::Method;

use crate::support::{Browser, SystemClock, serve, setting};

async fn deciding() -> Browser {
    Browser::at(serve(Console::deciding(setting(Arc::new(SystemClock)))).await)
}

const ASKED: &str = "model=Qwen%2FQwen3-32B&on=nvidia-h100-sxm-80gbx2&requests-a-day=20k&quant=";

#[tokio::test]
async fn a_plan_has_an_address_and_shows_both_columns() {
    let browser = deciding().await;
    let page = browser.send(Method::GET, &format!("/plan?{ASKED}"), &[], "").await;
    assert_eq!(page.status(), 200, "{}", page.text);
    for part in [
        "value=\"20k\"",
        "<p class=\"advice\"",
        "run it yourself",
        "<th class=\"num\" scope=\"col\">hosted</th>",
        "break-even",
        "<svg class=\"wide\"",
        "id=\"costs-wide-title\"",
        "id=\"speed-wide-title\"",
        "Memory of one device",
        "<summary>run it yourself: total</summary>",
        "/plan.json?model=Qwen%2FQwen3-32B&amp;on=nvidia-h100-sxm-80gbx2&amp;requests-a-day=20k",
        "plan Qwen/Qwen3-32B --on nvidia-h100-sxm-80gbx2 --requests-a-day 20k",
    ] {
        assert!(page.text.contains(part), "{part}");
    }
    assert!(!page.text.contains("style="), "the policy allows no style of its own");
}

#[tokio::test]
async fn the_same_as_json_and_csv() {
    let browser = deciding().await;
    let json = browser.send(Method::GET, &format!("/plan.json?{ASKED}"), &[], "").await;
    assert_eq!(json.status(), 200);
    let json: serde_json::Value = serde_json::from_str(&json.text).unwrap();
    assert_eq!(json["money"]["bills"].as_array().unwrap().len(), 3);
    let csv = browser.send(Method::GET, &format!("/plan.csv?{ASKED}"), &[], "").await;
    let lines: Vec<&str> = csv.text.lines().collect();
    assert!(lines[0].starts_with("way,line,usd_a_month,low,high"), "{}", lines[0]);
    // Four lines and a total for each way.
    assert_eq!(lines.len(), 1 + 3 * 5);
}

#[tokio::test]
async fn what_is_no_answer_is_said_and_kept() {
    let browser = deciding().await;
    for (asked, said) in [
        ("peak=30", "can be 1 to 24"),
        ("model=Qwen3-32&on=h100", "Close names: Qwen/Qwen3-32B"),
        ("on=h1000", "nvidia-h100"),
        ("quant=q9", "no form of weights is called `q9`. Close names: q8_0"),
        ("requests-a-day=1000&tokens-a-month=90G", "give one of both"),
        ("requests=5", "there is no"),
    ] {
        let page = browser.send(Method::GET, &format!("/plan?{asked}"), &[], "").await;
        assert_eq!(page.status(), 422, "{asked}");
        assert!(page.text.contains(said), "{said}: {}", page.text);
        let json = browser.send(Method::GET, &format!("/plan.json?{asked}"), &[], "").await;
        assert_eq!(json.status(), 422, "{asked}");
    }
}
