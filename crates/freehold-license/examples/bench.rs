//! How fast documents are read: `cargo run --release -p freehold-license --example bench`.
//!
//! Three documents of five megabytes each (other texts with a licence here and there, licences one
//! after the other, the same short licence again and again), and every text of SPDX's list by itself.
//! The texts are the references, spelled out.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program, not the pure crate"
)]

use std::time::Instant;

use freehold_license::{known, recognise, reference_words};

fn main() {
    let texts: Vec<String> =
        (0..known().len()).map(reference_words).filter(|text| !text.is_empty()).collect();
    let prose =
        "The harbour lay quiet under a thin fog and nobody spoke while the boats went out. ";
    let mut readme = String::new();
    for text in texts.iter().cycle() {
        readme.push_str(&prose.repeat(600));
        readme.push_str("\n\n");
        readme.push_str(text);
        readme.push_str("\n\n");
        if readme.len() > SIZE {
            break;
        }
    }
    let all: String = texts.iter().flat_map(|text| [text.as_str(), "\n\n"]).collect();
    let mit = texts.iter().find(|text| text.starts_with("mit license copyright")).cloned();
    let mit = mit.unwrap_or_default() + "\n\n";
    let same = mit.repeat(SIZE / mit.len().max(1));
    let start = Instant::now();
    let found = recognise(&mit).len();
    println!("the first, with unpacking: {:.3} s, {found} found", start.elapsed().as_secs_f64());
    for (what, text) in
        [("mostly other text", &readme), ("all licences", &all), ("one, again", &same)]
    {
        let start = Instant::now();
        let found = recognise(text).len();
        report(what, text.len(), start, found);
    }
    let start = Instant::now();
    let found = texts.iter().map(|text| recognise(text).len()).sum();
    report("each by itself", texts.iter().map(String::len).sum(), start, found);
}

fn report(what: &str, bytes: usize, start: Instant, found: usize) {
    let seconds = start.elapsed().as_secs_f64();
    let megabytes = bytes as f64 / 1e6;
    println!(
        "{what:20} {megabytes:6.1} MB {seconds:7.3} s {:8.1} MB/s, {found} found",
        megabytes / seconds
    );
}

const SIZE: usize = 5_000_000;
