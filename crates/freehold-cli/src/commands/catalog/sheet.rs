//! `freehold catalog show` and `compare`.

use std::collections::BTreeMap;

use freehold_catalog::{Cited, Entry, Sheet, words};

use super::{Asked, table};
use crate::{
    failure::{Answer, Failure},
    render,
};

/// Shows one model.
pub(super) fn show(asked: &Asked<'_>, name: &str) -> Result<Answer, Failure> {
    let model = asked.model(name)?;
    let sheet = asked.catalog.sheet(model, asked.today);
    if asked.json {
        render::json_pretty(&sheet);
        return Ok(Answer::Clean);
    }
    let Sheet { id, name, publisher, family, .. } = &sheet;
    render::line(format_args!("{}  {id}", render::styled(render::STRONG, name)));
    render::line(format_args!("{publisher}, {family}"));
    if !sheet.also.is_empty() {
        render::line(format_args!("also {}", sheet.also.join(", ")));
    }
    render::line("");
    let mut used = Used::default();
    for entry in &sheet.facts {
        match (entry.place.as_str(), &entry.fact) {
            ("licence.weights", Some(fact)) => {
                let category = match (sheet.category, asked.catalog.category_second_hand(model)) {
                    (Some(category), _) => category.to_string(),
                    (None, Some((category, source))) => format!(
                        "{category}, if the licence is what {} says (not confirmed)",
                        source.title
                    ),
                    (None, None) => "category not confirmed".to_owned(),
                };
                used.fact("weights licence", &format!("{}: {category}", fact.words), fact);
            }
            _ => used.entry(entry),
        }
        if entry.place == "geometry"
            && let Some(bytes) = sheet.kv_bytes_per_token
        {
            let bytes = words::thousands(bytes);
            used.line("cache a token", &format!("{bytes} bytes at 16 bits, from the geometry"));
        }
    }
    list("Scores", &sheet.scores, &mut used);
    watch(&sheet);
    hosted(&sheet);
    used.sources();
    Ok(Answer::Clean)
}

/// Shows models side by side.
pub(super) fn compare(
    asked: &Asked<'_>,
    names: &[String],
    differences: bool,
) -> Result<Answer, Failure> {
    let mut models = Vec::new();
    for name in names {
        models.push(asked.model(name)?);
    }
    let mut comparison = asked.catalog.compare(&models, asked.today);
    if differences {
        comparison.rows.retain(|row| row.differs);
    }
    if asked.json {
        render::json_pretty(&comparison);
        return Ok(Answer::Clean);
    }
    // So many beside each other that a column still holds a word; the others below them.
    let beside = (table::WIDTH - LABEL - 2) / 20;
    for (group, chunk) in comparison.models.chunks(beside).enumerate() {
        if group > 0 {
            render::line("");
        }
        let width = (table::WIDTH - LABEL) / chunk.len() - 2;
        let mut widths = vec![LABEL];
        widths.extend(vec![width; chunk.len()]);
        let mut head = vec![String::new()];
        head.extend(chunk.iter().map(ToString::to_string));
        for line in table::lines(&widths, &head) {
            render::line(render::styled(render::STRONG, line));
        }
        for row in &comparison.rows {
            let mut cells = vec![label(&row.place)];
            let of_chunk = row.words.iter().zip(&row.facts).skip(group * beside).take(chunk.len());
            cells.extend(of_chunk.map(|(words, fact)| {
                let marks = fact.as_ref().map(Cited::marks).unwrap_or_default();
                let marks: String = marks.iter().map(|it| format!(" ({it})")).collect();
                words.as_ref().map_or_else(|| NOT_CONFIRMED.to_owned(), |it| format!("{it}{marks}"))
            }));
            table::row(0, &widths, &cells);
        }
    }
    let note = "`freehold catalog show MODEL` has the source and day of each; (repeated) only a \
                collection or the press states it";
    render::line("");
    table::below(0, render::SOFT, &crate::invoked::with_program(note));
    Ok(Answer::Clean)
}

/// Facts as lines, which remembers the sources to list below.
#[derive(Default)]
pub(super) struct Used(BTreeMap<String, (String, String)>);

impl Used {
    /// A place with its fact, or that it is not confirmed.
    pub(super) fn entry(&mut self, entry: &Entry) {
        let label = label(&entry.place);
        match &entry.fact {
            Some(fact) => self.fact(&label, &fact.words, fact),
            None => self.styled(&label, NOT_CONFIRMED, render::HOLD),
        }
    }

    /// A fact under a label, with other words than its own.
    pub(super) fn fact(&mut self, label: &str, words: &str, fact: &Cited) {
        self.line(label, words);
        let marks = fact.marks();
        let marks =
            if marks.is_empty() { String::new() } else { format!(", {}", marks.join(", ")) };
        let at = fact.at.as_deref().map(|at| format!(": {at}")).unwrap_or_default();
        let style = if fact.stale { render::HOLD } else { render::SOFT };
        let text = format!("{} {}{marks}{at}", fact.source.id, fact.seen);
        table::below(LABEL + 2, style, &text);
        if let Some(note) = &fact.note {
            table::below(LABEL + 2, render::SOFT, note);
        }
        let source = (fact.source.title.clone(), fact.source.url.clone());
        self.0.insert(fact.source.id.clone(), source);
    }

    /// Words under a label.
    pub(super) fn line(&mut self, label: &str, words: &str) {
        self.styled(label, words, anstyle::Style::new());
    }

    /// The sources that were named.
    pub(super) fn sources(&self) {
        heading("Sources");
        for (id, (title, url)) in &self.0 {
            table::below(2, anstyle::Style::new(), &format!("{id}: {title}"));
            table::below(4, render::SOFT, url);
        }
    }

    fn styled(&mut self, label: &str, words: &str, style: anstyle::Style) {
        let labels = table::wrap(label, LABEL);
        let text = table::wrap(words, table::WIDTH - LABEL - 2);
        for at in 0..labels.len().max(text.len()) {
            let part = |lines: &[String]| lines.get(at).cloned().unwrap_or_default();
            match part(&text) {
                words if words.is_empty() => render::line(part(&labels)),
                words => {
                    let words = render::styled(style, words);
                    render::line(format_args!("{:LABEL$}  {words}", part(&labels)));
                }
            }
        }
    }
}

/// A heading with a line before it.
pub(super) fn heading(text: &str) {
    render::line("");
    render::line(render::styled(render::STRONG, text));
}

fn list(name: &str, facts: &[Cited], used: &mut Used) {
    if facts.is_empty() {
        return;
    }
    heading(name);
    for fact in facts {
        used.fact(&label(&fact.place), &fact.words, fact);
    }
}

fn watch(sheet: &Sheet<'_>) {
    if sheet.watch.is_empty() && sheet.licence_read {
        return;
    }
    heading("What to watch in the weights licence");
    for term in &sheet.watch {
        table::below(2, anstyle::Style::new(), &format!("{} (clause {})", term.words, term.clause));
        table::below(4, render::SOFT, &format!("{} {}", term.source, term.seen));
    }
    if !sheet.licence_read {
        let words = "the whole text was not read for its terms: there may be more";
        table::below(2, render::HOLD, words);
    }
}

fn hosted(sheet: &Sheet<'_>) {
    if sheet.hosted.is_empty() {
        return;
    }
    heading("Hosted, per million tokens");
    for price in &sheet.hosted {
        let amount = |fact: &Option<freehold_catalog::Fact<f64>>| {
            let words = |it: f64| words::money(it, &price.currency);
            fact.as_ref().map_or_else(|| NOT_CONFIRMED.to_owned(), |fact| words(fact.is))
        };
        let (input, output) = (amount(&price.input), amount(&price.output));
        let text = format!("{}: input {input}, output {output}", price.name());
        table::below(2, anstyle::Style::new(), &text);
    }
}

fn label(place: &str) -> String {
    match place {
        "licence.category" => "licence category".to_owned(),
        "kv_bytes_per_token" => "cache a token".to_owned(),
        place => words::place(place).into_owned(),
    }
}

/// What stands where a fact is absent.
pub(super) const NOT_CONFIRMED: &str = "not confirmed";

/// Width of the labels.
const LABEL: usize = 18;
