//! The chore behind `cargo xtask catalog-refresh`: compares the catalogue's data with newer copies of
//! the collections they were taken from, and on demand writes what they say now.
//!
//! `refresh --from DIR [--data DIR] [--write] [--commit SOURCE=HASH]…`. DIR has, each if it is there:
//! a clone of models.dev (`models.dev/`), of GPUStack (`gpustack/`), of genai-prices
//! (`genai-prices/`). Nothing is fetched. A fact is compared with the copy of its own source only;
//! facts from elsewhere are never touched.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a chore talks to the terminal")]
#![allow(
    clippy::disallowed_methods,
    reason = "a chore reads files and the clock; the crate does not"
)]

#[path = "refresh/compare.rs"]
mod compare;
#[path = "refresh/pretty.rs"]
mod pretty;
#[path = "refresh/upstream.rs"]
mod upstream;

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::{SystemTime, UNIX_EPOCH},
};

use freehold_catalog::{Catalog, Date};
use serde_json::Value;

use compare::Report;

fn main() -> ExitCode {
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| run(&arguments)) {
        Ok(report) => {
            report.print();
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// What the chore was told.
struct Arguments {
    from: PathBuf,
    data: PathBuf,
    write: bool,
    commits: BTreeMap<String, String>,
    today: Date,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Self, Box<dyn Error>> {
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut read = Self {
            from: PathBuf::new(),
            data: Path::new(env!("CARGO_MANIFEST_DIR")).join("data"),
            write: false,
            commits: BTreeMap::new(),
            today: Date::from_days(i64::try_from(seconds / 86_400)?),
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} needs a value"));
            match word.as_str() {
                "--from" => read.from = value()?.into(),
                "--data" => read.data = value()?.into(),
                "--write" => read.write = true,
                "--commit" => {
                    let pair = value()?;
                    let (source, hash) =
                        pair.split_once('=').ok_or("--commit wants SOURCE=HASH")?;
                    read.commits.insert(source.to_owned(), hash.to_owned());
                }
                other => return Err(format!("`{other}` is not known").into()),
            }
        }
        match read.from.is_dir() {
            true => Ok(read),
            false => Err("--from DIR: a folder with the newer copies".into()),
        }
    }
}

fn run(arguments: &Arguments) -> Result<Report, Box<dyn Error>> {
    let upstreams = upstream::read(&arguments.from)?;
    if upstreams.is_empty() {
        return Err("none of models.dev, gpustack and genai-prices is there".into());
    }
    let mut report = Report::new(&upstreams);
    let mut texts = Vec::new();
    for path in files(&arguments.data)? {
        let text = fs::read_to_string(&path)?;
        let mut file: Value = serde_json::from_str(&text)?;
        compare::file(&mut file, &upstreams, arguments.today, &mut report);
        if arguments.write {
            compare::sources(&mut file, &report, &arguments.commits, arguments.today);
        }
        let name = path.display().to_string();
        let changed = serde_json::from_str::<Value>(&text)? != file;
        texts.push((path, name, if changed { pretty::text(&file) } else { text }, changed));
    }
    // What is written must be a catalogue.
    let all: Vec<(&str, &str)> =
        texts.iter().map(|(_, name, text, _)| (name.as_str(), text.as_str())).collect();
    Catalog::of_files(&all)?;
    if arguments.write {
        for (path, _, text, _) in texts.iter().filter(|(.., changed)| *changed) {
            fs::write(path, text)?;
        }
    }
    report.finish(&upstreams);
    Ok(report)
}

/// The data files, in an order of their own.
fn files(data: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in [data.to_owned(), data.join("models")] {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let json = path.extension().is_some_and(|it| it == "json");
            if json && path.file_name().is_some_and(|it| it != "schema.json") {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
#[path = "refresh/tests.rs"]
mod tests;
