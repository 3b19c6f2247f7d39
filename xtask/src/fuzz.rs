//! `cargo xtask fuzz`: every reader of foreign bytes against libFuzzer, within the memory that the
//! product promises; what a run finds worth keeping becomes a seed that the tests replay.

mod report;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::bench::machine;
use crate::command;
use crate::failure::{Done, Failure};
use crate::layout;
use crate::provision::{self, BUILD};
use report::Figures;

/// Runs the targets named, or all, each for so many seconds.
pub fn run(rest: &[String]) -> Done {
    let (names, seconds) = arguments(rest)?;
    let needs: Vec<_> = BUILD.iter().filter(|need| need.name.starts_with("C++")).collect();
    provision::provide(&needs)?;
    let program = build()?;
    println!("{}", machine::describe());
    println!(
        "{seconds} s each; one allocation: at most {PROMISED} MB; all memory: at most {} MB, of which {SANITIZER} MB \
         are the sanitizer's and the corpus's; one input: at most {PATIENCE} s\n\n{}",
        PROMISED + SANITIZER,
        Figures::HEAD
    );
    let mut broken = Vec::new();
    for name in &names {
        let figures = target(&program, name, seconds)?;
        println!("{}", figures.row(name));
        if figures.verdict != report::HOLDS {
            broken.push(name.as_str());
        }
    }
    match broken.as_slice() {
        [] => Ok(()),
        some => Err(Failure::no(format!(
            "broken: {}; the inputs are seeds now, and `cargo test -p freehold-fuzz` replays them",
            some.join(", ")
        ))),
    }
}

fn arguments(rest: &[String]) -> Result<(Vec<String>, u64), Failure> {
    let known = targets()?;
    let (mut names, mut seconds) = (Vec::new(), SECONDS);
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            seconds = words
                .next()
                .and_then(|text| text.parse().ok())
                .ok_or_else(|| Failure::usage("`--seconds` wants a number"))?;
        } else if known.contains(word) {
            names.push(word.clone());
        } else {
            let known: Vec<_> = known.iter().map(String::as_str).collect();
            return Err(Failure::usage(format!("no target `{word}`: {}", known.join(", "))));
        }
    }
    Ok((if names.is_empty() { known.into_iter().collect() } else { names }, seconds))
}

/// Each target has seeds; a test of its crate holds that.
fn targets() -> Result<BTreeSet<String>, Failure> {
    let names = files(&seeds())?.into_iter();
    Ok(names.filter_map(|path| Some(path.file_name()?.to_str()?.to_owned())).collect())
}

/// The program with coverage counters and the address sanitizer, as cargo-fuzz builds it.
fn build() -> Result<PathBuf, Failure> {
    let triple = command::output(Command::new("rustc").args(["-vV"])).unwrap_or_default();
    let triple = triple.lines().find_map(|line| line.strip_prefix("host: "));
    let triple = triple.ok_or_else(|| Failure::unable("`rustc -vV` names no host"))?;
    let folder = layout::root().join("fuzz");
    // The same versions as in the workspace; cargo drops and adds what differs.
    copy(&layout::root().join("Cargo.lock"), &folder.join("Cargo.lock"))?;
    let target = layout::target().join("fuzz");
    let mut cargo = command::cargo();
    cargo.args(["build", "--release", "--target", triple]).current_dir(&folder);
    cargo.env("CARGO_TARGET_DIR", &target).env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", FLAGS);
    command::run(&mut cargo)?;
    Ok(target.join(triple).join("release/freehold-libfuzzer"))
}

fn target(program: &Path, name: &str, seconds: u64) -> Result<Figures, Failure> {
    let home = layout::target().join("fuzz-corpus").join(name);
    let (corpus, found) = (home.join("corpus"), home.join("found"));
    let _none = fs::remove_dir_all(&found);
    make(&corpus)?;
    make(&found)?;
    let mut fuzzer = libfuzzer(program, name);
    fuzzer
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-artifact_prefix={}/", found.display()))
        .args(["-print_final_stats=1", "-max_len=65536"])
        .arg(&corpus)
        .arg(seeds().join(name));
    let said = said(&mut fuzzer)?;
    let broken = files(&found)?;
    let mut figures = Figures::read(&said, files(&corpus)?.len());
    if let Some(first) = broken.first() {
        let kind = first.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        figures.verdict = kind.split('-').next().unwrap_or_default().to_owned();
    }
    for path in &broken {
        if let Some(file) =
            path.file_name().filter(|file| !file.to_string_lossy().starts_with("slow"))
        {
            copy(path, &seeds().join(name).join(file))?;
        }
    }
    if broken.is_empty() {
        keep(program, name, &home)?;
    }
    Ok(figures)
}

/// Adds to the seeds what covers more than they do, as far as there is room.
fn keep(program: &Path, name: &str, home: &Path) -> Done {
    let (merged, kept) = (home.join("merged"), seeds().join(name));
    let _none = fs::remove_dir_all(&merged);
    make(&merged)?;
    let own = files(&kept)?;
    for path in &own {
        if let Some(file) = path.file_name() {
            copy(path, &merged.join(file))?;
        }
    }
    let mut merge = libfuzzer(program, name);
    said(merge.arg("-merge=1").arg(&merged).arg(home.join("corpus")))?;
    let length = |path: &PathBuf| path.metadata().map_or(0, |meta| meta.len());
    let mut room = MOST_BYTES.saturating_sub(own.iter().map(length).sum());
    let places = MOST_FILES.saturating_sub(own.len());
    let is_new = |path: &PathBuf| !own.iter().any(|one| one.file_name() == path.file_name());
    let mut new: Vec<_> = files(&merged)?.into_iter().filter(is_new).collect();
    // Some of every length: the short ones alone would be the dull ones.
    new.sort_by_key(|path| (length(path), path.clone()));
    let step = new.len().div_ceil(places.max(1)).max(1);
    for path in new.iter().step_by(step).take(places) {
        if length(path) <= room
            && let Some(file) = path.file_name()
        {
            room -= length(path);
            copy(path, &kept.join(file))?;
        }
    }
    Ok(())
}

fn libfuzzer(program: &Path, name: &str) -> Command {
    let mut fuzzer = Command::new(program);
    fuzzer.env("FREEHOLD_FUZZ", name).env("ASAN_OPTIONS", "quarantine_size_mb=8");
    fuzzer
        .arg(format!("-timeout={PATIENCE}"))
        .arg(format!("-rss_limit_mb={}", PROMISED + SANITIZER))
        .arg(format!("-malloc_limit_mb={PROMISED}"));
    fuzzer
}

/// What libFuzzer prints, however it ends: a broken promise is an answer.
fn said(fuzzer: &mut Command) -> Result<String, Failure> {
    let shown = command::shown(fuzzer);
    let unable = |error| Failure::unable(format!("cannot run `{shown}`: {error}"));
    let output = fuzzer.stdin(Stdio::null()).output().map_err(unable)?;
    Ok(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn seeds() -> PathBuf {
    layout::root().join("fuzz/seeds")
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unable = |error| Failure::unable(format!("cannot read {}: {error}", folder.display()));
    let mut files: Vec<_> =
        fs::read_dir(folder).map_err(unable)?.flatten().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

fn make(folder: &Path) -> Done {
    fs::create_dir_all(folder)
        .map_err(|error| Failure::unable(format!("cannot make {}: {error}", folder.display())))
}

fn copy(from: &Path, to: &Path) -> Done {
    let unable = |error| Failure::unable(format!("cannot write {}: {error}", to.display()));
    fs::copy(from, to).map(|_| ()).map_err(unable)
}

/// As the issue has it: ten minutes each.
const SECONDS: u64 = 600;
/// What the product promises, in megabytes.
const PROMISED: u64 = 200;
/// What the sanitizer's shadow and quarantine, libFuzzer's corpus and its counters take besides.
const SANITIZER: u64 = 200;
const PATIENCE: u64 = 10;
/// Of each target's seeds.
const MOST_BYTES: u64 = 100_000;
const MOST_FILES: usize = 60;
/// cargo-fuzz's, with checks of overflow and assertions on.
const FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Cllvm-args=-simplifycfg-branch-fold-threshold=0 \
    -Zsanitizer=address -Ccodegen-units=1 -Cdebug-assertions=on -Coverflow-checks=on";
