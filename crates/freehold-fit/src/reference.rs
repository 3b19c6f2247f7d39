//! The reference page: every question, gate, weight and source, made from the tables themselves.

use crate::{Choice, Driver, Factor, GATES, QUESTIONS, Question, SOURCES, Weights, position};

/// `docs/reference/fit.md`.
pub fn reference() -> String {
    let mut page = String::from(HEAD);
    weights(&mut page);
    questions(&mut page);
    gates(&mut page);
    sources(&mut page);
    page
}

fn weights(page: &mut String) {
    page.push_str("\n## Weights\n\n| driver | id | weight | kind |\n|---|---|---:|---|\n");
    let weights = Weights::default();
    for driver in Driver::ALL {
        let kind = if driver.is_value() { "value driver" } else { "load" };
        let (name, id, weight) = (driver.name(), driver.id(), weights.of(driver));
        page.push_str(&format!("| {name} | `{id}` | {weight} | {kind} |\n"));
    }
}

fn questions(page: &mut String) {
    for factor in Factor::ALL {
        page.push_str(&format!("\n## {}\n", factor.name()));
        for question in QUESTIONS.iter().filter(|question| question.factor == factor) {
            one_question(page, question);
        }
    }
}

fn one_question(page: &mut String, question: &Question) {
    page.push_str(&format!(
        "\n### {}\n\n**{}** ({})\n\n",
        question.id, question.text, question.name
    ));
    page.push_str(&format!("{} {}\n\n", question.help, question.why));
    match question.driver {
        Some(driver) => {
            let share = question.share;
            let ways = Choice::ALL.map(Choice::name).join(" | ");
            page.push_str(&format!("Counts for {}, with {share} of 10.\n\n", driver.name()));
            page.push_str(&format!("| answer | | {ways} |\n|---|---|---:|---:|---:|---:|\n"));
            for answer in question.answers {
                let points = answer.points.map(|points| points.to_string()).join(" | ");
                page.push_str(&format!("| `{}` | {} | {points} |\n", answer.id, answer.text));
            }
        }
        None => {
            page.push_str("Opens or closes gates only.\n\n| answer | |\n|---|---|\n");
            for answer in question.answers {
                page.push_str(&format!("| `{}` | {} |\n", answer.id, answer.text));
            }
        }
    }
    page.push_str(&format!("\nSources: {}.\n", linked(question.sources)));
}

fn gates(page: &mut String) {
    page.push_str("\n## Hard gates\n");
    for gate in &GATES {
        page.push_str(&format!("\n### {}\n\n{}\n\n", gate.name, gate.why));
        page.push_str("| if | it rules out | because |\n|---|---|---|\n");
        for rule in gate.rules {
            let when = rule.when.iter().map(|(question, answers)| {
                let answers = answers.iter().map(|answer| format!("`{answer}`"));
                format!("`{question}` is {}", answers.collect::<Vec<_>>().join(" or "))
            });
            let removed: Vec<_> = rule.removes.iter().map(Choice::name).collect();
            page.push_str(&format!(
                "| {} | {} | {} |\n",
                when.collect::<Vec<_>>().join(", and "),
                removed.join(", "),
                rule.because
            ));
        }
        page.push_str(&format!("\nSources: {}.\n", linked(gate.sources)));
    }
}

fn sources(page: &mut String) {
    page.push_str("\n## Sources\n");
    for source in SOURCES {
        let title = match source.url {
            "" => source.title.to_owned(),
            url => format!("[{}]({url})", source.title),
        };
        page.push_str(&format!(
            "\n### {}\n\n{title}. {} Read at: {}. Standing: {}. Seen {}, to be read again by {}.\n",
            source.id,
            source.says,
            source.read_at,
            source.standing.words(),
            source.seen,
            source.recheck
        ));
    }
}

fn linked(ids: &[&str]) -> String {
    let links = ids.iter().map(|id| {
        // A question of the same name would take the plain anchor, as its heading comes first.
        let taken = usize::from(position(id).is_some());
        let end = if taken > 0 { format!("-{taken}") } else { String::new() };
        format!("[{id}](#{id}{end})")
    });
    links.collect::<Vec<_>>().join(", ")
}

const HEAD: &str = "\
<!-- Made by `cargo run -p freehold-cli --example reference`; a test checks it. -->

# What `freehold fit` asks and how it counts

The method, and why it is so, is in
[decision 0009](../decisions/0009-fit-gates-then-a-sum.md). In short: hard gates rule ways out and are
never traded off; what they leave is compared by a sum, driver by driver, of weight times value; an
unknown answer is an interval over its answers. A driver's value goes from 0 to 100: for each of its
questions the answer's points, 0 to 10, times the question's tenths. Points and weights are our
judgement; the program therefore shows at which weight and at which other answers its advice changes.

Equal scores go to the way that is further out (from self-hosted over single tenant and hybrid to
managed), which asks less of whoever takes it.
";
