//! `freehold fit --questions`: everything that is asked, with its answers and why.

use freehold_fit::{Factor, QUESTIONS, UNKNOWN, source};

use super::page::wrapped;
use crate::render;

/// Prints all questions.
pub(super) fn show(json: bool, markdown: bool) {
    if json {
        return render::json(&QUESTIONS);
    }
    if markdown {
        return render::line(freehold_fit::reference().trim_end());
    }
    for factor in Factor::ALL {
        render::line(render::styled(render::STRONG, factor.name()));
        for question in QUESTIONS.iter().filter(|question| question.factor == factor) {
            let id = render::styled(render::DEED, question.id);
            render::line(format_args!("\n  {id}"));
            for line in wrapped(question.text, 76) {
                render::line(format_args!("    {line}"));
            }
            for line in wrapped(question.help, 76) {
                render::line(format_args!("    {}", render::styled(render::SOFT, line)));
            }
            let unknown = (UNKNOWN, "Don\u{2019}t know");
            let answers = question.answers.iter().map(|answer| (answer.id, answer.text));
            for (id, text) in answers.chain([unknown]) {
                let mut lines = wrapped(text, 58).into_iter();
                let first = lines.next().unwrap_or_default();
                render::line(format_args!("      {id:<13} {first}"));
                for line in lines {
                    render::line(format_args!("      {:<13} {line}", ""));
                }
            }
            for line in wrapped(&format!("Why: {}", question.why), 76) {
                render::line(format_args!("    {line}"));
            }
            for source in question.sources.iter().filter_map(|id| source(id)) {
                let text =
                    format!("{} ({}, {})", source.title, source.standing.words(), source.seen);
                for line in wrapped(&text, 74) {
                    render::line(format_args!("      {}", render::styled(render::SOFT, line)));
                }
            }
        }
        render::line("");
    }
}
