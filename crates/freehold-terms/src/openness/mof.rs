//! The Model Openness Framework's class of a release, counted as its tool counts.

use super::{
    Class, Component, Mof, Release, Stated,
    parts::{PARTS, Part, RESEARCH_PAPER, TECHNICAL_REPORT, is_open},
};

/// The class and what is missing for a better one.
pub fn mof(release: &Release) -> Mof {
    let counts = [1, 2, 3].map(|class| Count::of(release, class));
    let met = |class: usize| counts.get(class - 1).is_some_and(Count::met);
    // A class counts only on top of those below it.
    let progress = [
        if met(3) && met(2) { counts[0].percent() } else { 0.0 },
        if met(3) { counts[1].percent() } else { 0.0 },
        counts[2].percent(),
    ];
    let class = match (met(3), met(2), met(1)) {
        (true, true, true) => Some(Class::OpenScience),
        (true, true, false) => Some(Class::OpenTooling),
        (true, false, _) => Some(Class::OpenModel),
        (false, ..) => None,
    };
    let next = match class {
        Some(Class::OpenScience) => None,
        Some(Class::OpenTooling) => Some(1),
        Some(Class::OpenModel) => Some(2),
        None => Some(3),
    };
    let missing = next.map(|class| missing(release, class)).unwrap_or_default();
    Mof { class, progress, components: components(release), missing }
}

/// How many of a class's components are there under an open licence.
struct Count {
    there: usize,
    needed: usize,
}

impl Count {
    fn of(release: &Release, class: u8) -> Self {
        let needed = PARTS.iter().filter(|part| part.required && part.class >= class);
        let has = |id: u8| release.part(id).is_some_and(|stated| is_there(release, stated));
        // A research paper stands in for the technical report, and counts once.
        let instead = release.part(RESEARCH_PAPER).is_some() && !has(TECHNICAL_REPORT);
        let there = needed
            .clone()
            .filter(|part| match part.id {
                TECHNICAL_REPORT if instead => class > 1 && has(RESEARCH_PAPER),
                id => has(id),
            })
            .count();
        let fewer = usize::from(class == 1 && instead && has(RESEARCH_PAPER));
        Self { there, needed: needed.count() - fewer }
    }

    fn met(&self) -> bool {
        self.there >= self.needed
    }

    fn percent(&self) -> f64 {
        self.there as f64 / self.needed as f64 * 100.0
    }
}

fn is_there(release: &Release, stated: &Stated) -> bool {
    release.licence(stated).is_some_and(is_open)
}

fn missing(release: &Release, class: u8) -> Vec<String> {
    let needed = PARTS.iter().filter(|part| part.required && part.class >= class);
    let paper = release.part(RESEARCH_PAPER).is_some_and(|stated| is_there(release, stated));
    let lacks = |part: &&Part| !(part.id == TECHNICAL_REPORT && paper);
    let words = |part: &Part| match release.part(part.id) {
        None => Some(format!("{}: not there", part.name)),
        Some(stated) => match release.licence(stated) {
            None => Some(format!("{}: no licence", part.name)),
            Some(licence) if !is_open(licence) => {
                Some(format!("{}: {licence} is not open", part.name))
            }
            Some(_) => None,
        },
    };
    needed.filter(lacks).filter_map(words).collect()
}

fn components(release: &Release) -> Vec<Component> {
    let one = |part: &'static Part| {
        let stated = release.part(part.id);
        let licence = stated.and_then(|stated| release.licence(stated));
        Component {
            name: part.name,
            kind: part.kind,
            present: stated.is_some(),
            licence: licence.map(str::to_owned),
            open: licence.map(is_open),
            evidence: stated
                .map(|stated| stated.location.clone())
                .filter(|location| !location.is_empty())
                .into_iter()
                .collect(),
        }
    };
    PARTS.iter().map(one).collect()
}
