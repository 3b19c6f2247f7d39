//! What a pull is about to do, and what came of it.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use freehold_hub::{Card, Plan, Reference, Vetted};
use freehold_vet::{Asked, ScannedFile, Verdict, of_scanned};
use serde_json::{Value, json};

use crate::{
    arguments,
    commands::vet::{self, page, terms},
    invoked::{program, quoted},
    render,
};

/// What came of a pull.
pub(super) struct Outcome {
    plan: Plan,
    revision: String,
    vetted: Option<Vetted>,
    copy: Option<PathBuf>,
}

/// What will be fetched, and under which terms, before anyone is asked.
pub(in crate::commands) fn before(plan: &Plan, reference: &Reference) {
    let listing = &plan.listing;
    let name = render::styled(render::STRONG, &listing.repository);
    render::line(format_args!("{name}  from {}", listing.endpoint));
    field("commit", &commit(plan, reference));
    field("licence", &licence(&listing.card));
    let (files, bytes) = (plan.files.len(), size(plan.bytes()));
    field("files", &format!("{files}, {bytes}"));
    let mut reasons = BTreeMap::new();
    for file in &plan.left_out {
        let sum: &mut (usize, u64) = reasons.entry(file.reason).or_default();
        *sum = (sum.0 + 1, sum.1.saturating_add(file.bytes));
    }
    for (at, (reason, (files, bytes))) in reasons.into_iter().enumerate() {
        let word = if at == 0 { "left out" } else { "" };
        field(word, &format!("{files}, {}: {reason}", size(bytes)));
    }
    let whole: Vec<_> = plan.files.iter().filter(|file| file.path.ends_with(".gguf")).collect();
    if whole.len() > 1 {
        let hint = format!(
            "{} GGUF files are often as many whole models; --include '*Q4_K_M*' takes some of them",
            whole.len()
        );
        render::paragraph(INDENT, &hint, render::SOFT);
    }
    render::line("");
}

impl Outcome {
    pub(super) fn declined(plan: Plan, reference: &Reference) -> Self {
        Self { plan, revision: reference.revision.clone(), vetted: None, copy: None }
    }

    pub(super) fn of(
        plan: Plan,
        reference: &Reference,
        vetted: Vetted,
        copy: Option<PathBuf>,
    ) -> Self {
        let copy = copy.filter(|_| matches!(vetted, Vetted::Clean(_)));
        Self { plan, revision: reference.revision.clone(), vetted: Some(vetted), copy }
    }

    /// Whether engines may be pointed to it.
    pub(super) fn is_visible(&self) -> bool {
        matches!(self.vetted, Some(Vetted::Clean(_)))
    }

    /// What was found, under which terms it comes, and what to do next.
    pub(super) fn show(&self, arguments: &arguments::Pull, asked: Asked<'_>) {
        match &self.vetted {
            None => render::line("Nothing was fetched."),
            Some(Vetted::Clean(snapshot)) => {
                terms::show(&of_scanned(&snapshot.folder, snapshot.files.clone(), asked));
                page::show(&snapshot.files, false);
                let what = match (snapshot.was_here, snapshot.fetched) {
                    (true, _) => "It was here already, and is as it was:".to_owned(),
                    (false, 0) => "Vetted and visible; nothing had to be fetched:".to_owned(),
                    (false, fetched) => format!("Vetted and visible; {} came:", size(fetched)),
                };
                render::paragraph(0, &what, render::DEED);
                render::line(format_args!("\n  {}", snapshot.folder.display()));
                if let Some(copy) = &self.copy {
                    render::line(format_args!("  {}  (a copy)", copy.display()));
                }
                next_step(&snapshot.folder, arguments);
            }
            Some(Vetted::Held(held)) => {
                page::show(&held.files, false);
                self.way_out(&held.folder, &held.files, arguments);
            }
        }
    }

    /// What to do with a model that stays in quarantine.
    fn way_out(&self, folder: &Path, files: &[ScannedFile], arguments: &arguments::Pull) {
        let what = "It stays in quarantine, where no engine looks:";
        render::line("");
        render::paragraph(0, what, render::STOP);
        let path = quoted(&folder.display().to_string());
        render::line(format_args!("\n  {}\n", folder.display()));
        let me = program();
        let held: Vec<_> = files.iter().filter(|file| file.verdict != Verdict::Clean).collect();
        let reference = format!("{}@{}", self.plan.listing.repository, self.plan.listing.commit);
        if held.len() < files.len() && held.len() <= MOST_NAMED {
            render::line("To take the rest of it without what was found:\n");
            let without: String = held
                .iter()
                .map(|file| format!(" --exclude {}", quoted(&escaped(&file.path))))
                .collect();
            let again = again(arguments);
            render::line(format_args!("  {me} pull {reference}{again}{without}\n"));
        }
        render::line("To see all that was found, and to be rid of it:\n");
        render::line(format_args!("  {me} vet {path} --all"));
        render::line(format_args!("  rm -r {path}"));
    }

    pub(super) fn as_json(&self) -> Value {
        let listing = &self.plan.listing;
        let card = &listing.card;
        let (state, path, fetched, files) = match &self.vetted {
            None => ("declined", None, 0, None),
            Some(Vetted::Clean(it)) => ("visible", Some(&it.folder), it.fetched, Some(&it.files)),
            Some(Vetted::Held(it)) => {
                ("quarantined", Some(&it.folder), it.fetched, Some(&it.files))
            }
        };
        let verdict = files.and_then(|files| files.iter().map(|file| file.verdict).max());
        let files: Vec<_> = files.into_iter().flatten().map(vet::file_object).collect();
        json!({
            "repository": listing.repository,
            "revision": self.revision,
            "commit": listing.commit,
            "endpoint": listing.endpoint,
            "licence": {
                "declared": card.licence, "name": card.licence_name, "link": card.licence_link,
            },
            "state": state,
            "path": path,
            "copy": self.copy,
            "bytes": self.plan.bytes(),
            "fetched": fetched,
            "verdict": verdict,
            "files": files,
            "left_out": self.plan.left_out,
        })
    }
}

/// Bytes for people: powers of ten, as hubs and shops count.
pub(super) fn size(bytes: u64) -> String {
    let units = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)];
    match units.into_iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => {
            let tenths = bytes / (unit / 10);
            format!("{}.{} {name}", tenths / 10, tenths % 10)
        }
        None => format!("{bytes} bytes"),
    }
}

fn commit(plan: &Plan, reference: &Reference) -> String {
    let commit = &plan.listing.commit;
    match reference.commit() {
        Some(_) => commit.to_string(),
        None => format!("{commit}  ({} as of now)", reference.revision),
    }
}

fn licence(card: &Card) -> String {
    let name = match (card.licence.as_deref(), card.licence_name.as_deref()) {
        (None, None) => return "the card declares none".to_owned(),
        (Some("other") | None, Some(name)) => name,
        (Some(name), _) => name,
    };
    let link = card.licence_link.as_ref().map_or(String::new(), |link| format!(" ({link})"));
    format!("{name}{link}, as the card declares; not checked")
}

/// What to do with a model that is visible.
fn next_step(folder: &Path, arguments: &arguments::Pull) {
    let path = quoted(&folder.display().to_string());
    let place = flag("--dir", arguments.place.dir.as_deref());
    let me = program();
    render::line("\nTo sign it off under these terms, on record, and then to serve it:\n");
    render::line(format_args!("  {me} vet{place} {path} --admit --by \"$USER\""));
    render::line(format_args!("  {me} up{place} --model {path}"));
}

/// The flags with which the same is pulled again.
fn again(arguments: &arguments::Pull) -> String {
    let mut flags = flag("--dir", arguments.place.dir.as_deref());
    if let Some(endpoint) = &arguments.endpoint {
        flags.push_str(&format!(" --endpoint {}", quoted(endpoint)));
    }
    flags.push_str(&flag("--into", arguments.into.as_deref()));
    for (name, patterns) in [("include", &arguments.include), ("exclude", &arguments.exclude)] {
        for pattern in patterns {
            flags.push_str(&format!(" --{name} {}", quoted(pattern)));
        }
    }
    flags
}

/// A flag with its path, if it was given.
fn flag(name: &str, path: Option<&Path>) -> String {
    let path = path.map(|path| quoted(&path.display().to_string()));
    path.map_or_else(String::new, |path| format!(" {name} {path}"))
}

/// A name as a pattern that means itself.
fn escaped(name: &str) -> String {
    name.chars().fold(String::new(), |mut pattern, c| {
        match c {
            '*' | '?' | '[' => {
                pattern.push('[');
                pattern.push(c);
                pattern.push(']');
            }
            _ => pattern.push(c),
        }
        pattern
    })
}

fn field(name: &str, text: &str) {
    render::line(format_args!("  {name:<8}  {text}"));
}

/// Under a field's text.
const INDENT: usize = 12;
const MOST_NAMED: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_hubs_say_them() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1000, "1.0 kB"),
            (1_503_300_328, "1.5 GB"),
            (1_999_999_999, "1.9 GB"),
            (u64::MAX, "18446744.0 TB"),
        ] {
            assert_eq!(size(bytes), expected);
        }
    }

    #[test]
    fn names_are_patterns_of_themselves() {
        assert_eq!(escaped("a*b[1]?.bin"), "a[*]b[[]1][?].bin");
    }
}
