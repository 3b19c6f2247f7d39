//! How the scanner does on folders whose files are known: by family, how many are called malicious,
//! surfaced, unread or clean. A folder with a `manifest.json` (testdata/vet/make_hostile.py writes
//! it) holds what the manifest says; one without holds ordinary files.
//!
//! `score FOLDER... [--all]`; with `--all` every file that is not called as it should be is named.

#![allow(clippy::print_stdout, reason = "a benchmark prints its figures")]

use std::{collections::BTreeMap, error::Error, fs, path::Path};

use freehold_vet::{ScannedFile, Verdict, scan};

#[derive(Default)]
struct Count {
    files: usize,
    malicious: usize,
    suspicious: usize,
    unread: usize,
    clean: usize,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let all = arguments.iter().any(|one| one == "--all");
    for folder in arguments.iter().filter(|one| !one.starts_with("--")) {
        score(Path::new(folder), all)?;
    }
    Ok(())
}

fn score(folder: &Path, all: bool) -> Result<(), Box<dyn Error>> {
    let labels = labels(folder)?;
    let mut families: BTreeMap<(String, String), Count> = BTreeMap::new();
    for file in scan(folder, &|_, _| {})? {
        if file.path == "manifest.json" {
            continue;
        }
        let ordinary = || {
            let family = file.path.split('/').next().filter(|_| file.path.contains('/'));
            ("ordinary".to_owned(), family.unwrap_or("files").to_owned())
        };
        let (label, family) = labels.get(&file.path).cloned().unwrap_or_else(ordinary);
        if all && !right(&label, file.verdict) {
            tell(&label, &file);
        }
        for family in [family, "all".to_owned()] {
            let count = families.entry((label.clone(), family)).or_default();
            count.files += 1;
            *match file.verdict {
                Verdict::Malicious => &mut count.malicious,
                Verdict::Suspicious => &mut count.suspicious,
                Verdict::Unread => &mut count.unread,
                Verdict::Clean => &mut count.clean,
            } += 1;
        }
    }
    println!("{}", folder.display());
    println!("label      family        files malicious suspicious unread clean");
    for ((label, family), count) in families {
        let Count { files, malicious, suspicious, unread, clean } = count;
        println!(
            "{label:<10} {family:<13} {files:5} {malicious:9} {suspicious:10} {unread:6} {clean:5}  \
             {:.1} % malicious, {:.1} % surfaced",
            100.0 * malicious as f64 / files as f64,
            100.0 * (files - clean) as f64 / files as f64,
        );
    }
    Ok(())
}

fn labels(folder: &Path) -> Result<BTreeMap<String, (String, String)>, Box<dyn Error>> {
    let Ok(manifest) = fs::read(folder.join("manifest.json")) else { return Ok(BTreeMap::new()) };
    let manifest: Vec<BTreeMap<String, String>> = serde_json::from_slice(&manifest)?;
    let get = |one: &BTreeMap<String, String>, key| one.get(key).cloned().unwrap_or_default();
    Ok(manifest
        .iter()
        .map(|one| (get(one, "path"), (get(one, "label"), get(one, "family"))))
        .collect())
}

fn right(label: &str, verdict: Verdict) -> bool {
    match label {
        "malicious" => verdict == Verdict::Malicious,
        "surfaced" => verdict != Verdict::Clean,
        _ => verdict == Verdict::Clean,
    }
}

fn tell(label: &str, file: &ScannedFile) {
    println!("{label} is called {}: {}", file.verdict, file.path);
    for finding in file.findings.iter().take(3) {
        println!("    {} {}", finding.rule.name, finding.what);
    }
}
