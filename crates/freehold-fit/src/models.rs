//! The catalogue's models that meet the answers, as a part of the report.

use freehold_catalog::{
    Candidate, Catalog, Constraints as Search, Date, LicenceCategory, SearchError,
};

use crate::{
    Advice, Choice, Constraints,
    report::{Block, Cell, Report, Table},
};

impl Constraints {
    /// The task class of the catalogue that the hardest task belongs to.
    pub fn catalogue_task(&self) -> Option<&'static str> {
        Some(match self.task? {
            "grounded" => "retrieval",
            "drafting" => "chat",
            // The others have the same names there.
            other => other,
        })
    }

    /// The licence categories that were accepted; none where that is not known.
    pub fn categories(&self) -> &'static [LicenceCategory] {
        match self.osi_only {
            Some(true) => &[LicenceCategory::Osi],
            Some(false) => &[LicenceCategory::Osi, LicenceCategory::Custom],
            None => &[],
        }
    }

    /// What to ask the catalogue for.
    pub fn search(&self) -> Search {
        Search {
            categories: self.categories().iter().copied().collect(),
            task: self.catalogue_task().map(str::to_owned),
            ..Search::default()
        }
    }
}

impl Report {
    /// The models that meet the answers, where open weights are among what may come out; nothing
    /// where they are not, or where the hardest task is unknown.
    ///
    /// # Errors
    /// [`SearchError`] if the catalogue knows no such task, which an overlay can bring about.
    pub fn models_of(advice: &Advice, catalog: &Catalog, today: Date) -> Result<Self, SearchError> {
        let open = [Choice::SelfHosted, Choice::SingleTenant, Choice::Hybrid];
        let ways = advice.outcome.choices();
        let constraints = &advice.constraints;
        let asked = constraints.task.is_some() && constraints.weights_allowed;
        if !asked || !open.iter().any(|choice| ways.has(*choice)) {
            return Ok(Self::default());
        }
        let selection = catalog.search(&constraints.search(), today)?;
        let (matching, unsure) = (selection.matches.len(), selection.not_confirmed.len());
        let candidates = selection.matches.iter().chain(&selection.not_confirmed).take(SHOWN);
        let rows = candidates.enumerate().map(|(at, one)| row(one, at < matching)).collect();
        let heads = ["Model", "Publisher", "Weights licence", "Parameters", "Score", "Meets it"];
        Ok(Self {
            blocks: vec![
                Block::Heading("Models that fit".to_owned()),
                Block::Text(format!(
                    "Of the catalogue, {matching} meet the task and the licence, {unsure} may (something \
                     asked for is not confirmed), {} do not. Ordered by {}. Whether one fits your machines and your \
                     region is asked of the catalogue itself.",
                    selection.excluded.len(),
                    selection.ranking,
                )),
                Block::Table(Table {
                    caption: "Models that fit",
                    head: heads.map(str::to_owned).to_vec(),
                    rows,
                }),
            ],
        })
    }
}

fn row(candidate: &Candidate<'_>, confirmed: bool) -> Vec<Cell> {
    let unknown = || Cell::Unknown("not confirmed".to_owned());
    let text = |text: &str| Cell::Text(text.to_owned());
    let category = candidate.category.map_or_else(unknown, |category| {
        text(match category {
            LicenceCategory::Osi => "open source",
            LicenceCategory::Custom => "own terms",
            LicenceCategory::SourceAvailable => "source available",
        })
    });
    let size = candidate.parameters.map_or_else(unknown, |count| {
        let tenths = count / 100_000_000;
        Cell::Number(format!("{}.{} B", tenths / 10, tenths % 10))
    });
    let score = candidate.score.as_ref();
    let score = score.map_or_else(unknown, |score| {
        let benchmark = score.place.strip_prefix("scores.").unwrap_or(&score.place);
        Cell::Text(format!("{} on {benchmark}", score.words))
    });
    let meets = if confirmed { text("yes") } else { unknown() };
    vec![text(candidate.name), text(candidate.publisher), category, size, score, meets]
}

const SHOWN: usize = 5;
