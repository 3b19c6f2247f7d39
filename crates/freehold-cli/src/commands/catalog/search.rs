//! `freehold catalog search`: the selector.

use freehold_catalog::{
    Adopter, Candidate, Constraints, HardwareId, LicenceCategory, Machine, MachineMemory, Outcome,
    QuantisationId, Reason, Selection, words,
};

use super::{Asked, CatalogFailure, table};
use crate::{
    arguments::Search,
    failure::{Answer, Failure},
    render,
};

/// Runs the search.
pub(super) fn run(asked: &Asked<'_>, wanted: &Search) -> Result<Answer, Failure> {
    let constraints = constraints(wanted);
    let selection =
        asked.catalog.search(&constraints, asked.today).map_err(CatalogFailure::from)?;
    let answer = match selection.matches.is_empty() {
        true => Answer::Findings,
        false => Answer::Clean,
    };
    if asked.json {
        let mut all: Vec<&Candidate<'_>> = selection.matches.iter().collect();
        if wanted.all {
            all.extend(selection.not_confirmed.iter().chain(&selection.excluded));
        }
        render::json_pretty(&all);
    } else {
        show(asked, &selection, wanted);
    }
    Ok(answer)
}

fn constraints(wanted: &Search) -> Constraints {
    let memory = match (&wanted.hardware, wanted.memory) {
        (Some(name), _) => {
            Some(MachineMemory::Hardware { id: HardwareId(name.clone()), count: wanted.count })
        }
        (None, Some(bytes)) => Some(MachineMemory::Bytes(bytes)),
        (None, None) => None,
    };
    let machine = memory.map(|memory| Machine {
        memory,
        form: wanted.quantisation.clone().map(QuantisationId),
        tokens: wanted.tokens.or(wanted.context).unwrap_or(8_192),
        sequences: wanted.sequences,
        kv: wanted.cache,
        share: wanted.share,
    });
    Constraints {
        text: wanted.text.clone(),
        categories: wanted.licence.iter().copied().collect(),
        min_parameters: wanted.min_size,
        max_parameters: wanted.max_size,
        context: wanted.context,
        task: wanted.task.clone(),
        purposes: wanted.purpose.iter().copied().collect(),
        languages: wanted.language.iter().map(|it| it.trim().to_lowercase()).collect(),
        input: wanted.input.iter().copied().collect(),
        output: wanted.output.iter().copied().collect(),
        capabilities: wanted.capability.iter().copied().collect(),
        machine,
        adopter: Adopter {
            region: wanted.region.clone(),
            monthly_users: wanted.users,
            revenue_usd: wanted.revenue,
            commercial: wanted.commercial,
            trains_on_outputs: wanted.trains_on_outputs,
        },
        primary_only: wanted.primary_only,
        second_hand: wanted.second_hand,
    }
}

fn show(asked: &Asked<'_>, selection: &Selection<'_>, wanted: &Search) {
    let Selection { matches, not_confirmed, excluded, ranking, second_hand } = selection;
    group(asked, "match", render::DEED, matches, wanted);
    if !matches.is_empty() {
        table::below(0, render::SOFT, &format!("ordered by {ranking}"));
    }
    if *second_hand > 0 {
        let text = format!(
            "{second_hand} more would match if their licence, which only a collection or the press \
             states, is what it says: `--second-hand` lets them in",
        );
        table::below(0, render::HOLD, &text);
    }
    if wanted.all {
        render::line("");
        group(asked, "not confirmed", render::HOLD, not_confirmed, wanted);
        render::line("");
        group(asked, "excluded", render::STOP, excluded, wanted);
        return;
    }
    let rest = format!(
        "{} not confirmed, {} excluded: `--all` shows them, `--why` the reasons and sources",
        not_confirmed.len(),
        excluded.len(),
    );
    if !(not_confirmed.is_empty() && excluded.is_empty()) {
        table::below(0, render::SOFT, &rest);
    }
    // With nothing to show, what kept most of them out is the answer.
    if matches.is_empty() {
        for (constraint, count) in most_frequent(excluded) {
            render::line(format_args!("  {count} excluded by {constraint}"));
        }
    }
}

fn group(
    asked: &Asked<'_>,
    name: &str,
    style: anstyle::Style,
    candidates: &[Candidate<'_>],
    wanted: &Search,
) {
    let count = candidates.len();
    render::line(render::styled(style.bold(), format!("{count} {name}")));
    let limit = if wanted.limit == 0 { usize::MAX } else { wanted.limit };
    if count > 0 {
        let head = ["model", "size", "weights licence", "context"].map(str::to_owned);
        print(&head, render::SOFT);
    }
    for candidate in candidates.iter().take(limit) {
        print(&row(asked, candidate), anstyle::Style::new());
        if let Some(score) = &candidate.score {
            let benchmark = score.place.strip_prefix("scores.").unwrap_or(&score.place);
            let text = format!("{} on {benchmark}", score.words);
            table::below(4, render::SOFT, &text);
        }
        let shown = |reason: &&Reason| wanted.why || reason.outcome != Outcome::Match;
        for reason in candidate.reasons.iter().filter(shown) {
            explain(reason, wanted.why);
        }
        let matched = candidate.standing == Outcome::Match && !wanted.why;
        if let Some(memory) = candidate.memory.as_ref().filter(|_| matched) {
            table::below(4, render::SOFT, &memory.words());
        }
    }
    if count > limit {
        render::line(format_args!("  and {} more: `--limit 0` shows all", count - limit));
    }
}

fn print(row: &[String], style: anstyle::Style) {
    for line in table::lines(&WIDTHS, row) {
        render::line(format_args!("  {}", render::styled(style, line)));
    }
}

fn row(asked: &Asked<'_>, candidate: &Candidate<'_>) -> [String; 4] {
    let unknown = || "not confirmed".to_owned();
    let words = |category| match category {
        LicenceCategory::Osi => "OSI open source",
        LicenceCategory::Custom => "custom licence",
        LicenceCategory::SourceAvailable => "source-available",
    };
    let second_hand = asked.catalog.category_second_hand(candidate.model);
    let second_hand = second_hand.map(|(category, _)| format!("{}?", words(category)));
    let licence = candidate.category.map(|it| words(it).to_owned()).or(second_hand);
    [
        candidate.id.to_string(),
        candidate.parameters.map_or_else(|| "?".to_owned(), words::parameters),
        licence.unwrap_or_else(unknown),
        candidate.context.map_or_else(|| "?".to_owned(), words::thousands),
    ]
}

fn explain(reason: &Reason, sources: bool) {
    let (mark, style) = match reason.outcome {
        Outcome::Match => ("+", render::SOFT),
        Outcome::NotConfirmed => ("?", render::HOLD),
        Outcome::Excluded => ("-", render::STOP),
    };
    table::below(4, style, &format!("{mark} {}: {}", reason.constraint, reason.words));
    if !sources {
        return;
    }
    for fact in &reason.facts {
        let marks = fact.marks();
        let marks =
            if marks.is_empty() { String::new() } else { format!(" ({})", marks.join(", ")) };
        let at = fact.at.as_deref().map(|at| format!(", {at}")).unwrap_or_default();
        let text =
            format!("{}, seen {}{marks}: {}{at}", fact.source.id, fact.seen, fact.source.url);
        table::below(8, render::SOFT, &text);
    }
}

fn most_frequent(excluded: &[Candidate<'_>]) -> Vec<(&'static str, usize)> {
    let mut counts: Vec<(&'static str, usize)> = Vec::new();
    let reasons = excluded.iter().flat_map(|it| &it.reasons);
    for reason in reasons.filter(|reason| reason.outcome == Outcome::Excluded) {
        match counts.iter_mut().find(|(name, _)| *name == reason.constraint) {
            Some((_, count)) => *count += 1,
            None => counts.push((reason.constraint, 1)),
        }
    }
    counts.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
    counts
}

/// Name, size, licence, context: with gaps and an indent of two, 80 columns.
const WIDTHS: [usize; 4] = [41, 6, 16, 9];
