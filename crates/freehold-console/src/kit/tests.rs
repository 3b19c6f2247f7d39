//! What pages are made of, as it is written out.

use super::*;

#[test]
fn facts_say_where_they_are_from() {
    let check = |address, due, expected: &str| {
        let provenance = Provenance { source: "its <card>", address, seen: "2026-11-01", due };
        let shown = fact(&html! { "7 B" }, &provenance).into_string();
        assert_eq!(shown, expected);
    };
    let seen = "<time datetime=\"2026-11-01\" data-plain>2026-11-01</time>";
    check(
        None,
        None,
        &format!(
            "<span class=\"fact\">7 B <span class=\"src\">its &lt;card&gt;, {seen}</span></span>"
        ),
    );
    check(
        Some("https://example.org/a?b&c"),
        Some("2026-11-20"),
        &format!(
            "<span class=\"fact\">7 B <span class=\"src\"><a href=\"https://example.org/a?b&amp;c\" \
             rel=\"external noreferrer\">its &lt;card&gt;</a>, {seen} <span class=\"state wait\">\
             look it up again: due 2026-11-20</span></span></span>"
        ),
    );
    // An address that would run something is no address.
    check(
        Some("javascript:alert(1)"),
        None,
        &format!(
            "<span class=\"fact\">7 B <span class=\"src\">its &lt;card&gt;, {seen}</span></span>"
        ),
    );
}

#[test]
fn a_filter_keeps_what_was_entered() {
    let options = [("", "any"), ("chat", "chat")];
    let form = |text, chosen| {
        let fields = [
            Field::Text { name: "q", label: "Name", value: text },
            Field::Choice { name: "task", label: "Task", value: chosen, options: &options },
        ];
        filter("/catalogue", &fields).into_string()
    };
    let empty = form("", "");
    assert!(!empty.contains("Show all"), "{empty}");
    let filled = form("\"a", "chat");
    for part in [
        "value=\"&quot;a\"",
        "<option value=\"chat\" selected>",
        "<label class=\"t\" for=\"filter-task\">Task</label>",
        "<a href=\"/catalogue\">Show all</a>",
    ] {
        assert!(filled.contains(part), "{part}: {filled}");
    }
}
