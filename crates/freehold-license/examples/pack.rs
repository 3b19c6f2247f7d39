//! Makes the data of this crate anew from public packages, with the very reader that reads documents.
//!
//! ```sh
//! pip download --no-deps scancode-toolkit-mini==32.5.0 && npm pack spdx-license-list@6.12.0
//! # unpack both, then:
//! cargo run --release -p freehold-license --example pack -- SCANCODE_DIR SPDX_DIR
//! ```
//! SCANCODE_DIR holds `licensedcode/data/licenses`, SPDX_DIR `spdx-full.json`; what no package carries
//! lies in `data/texts`, read where `data/models.json` says. Written are `data/known.json` and
//! `data/words.bin`.

#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a program, not the pure crate"
)]

use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::path::Path;
use std::{env, fs};

use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(scancode), Some(spdx)) = (arguments.next(), arguments.next()) else {
        return Err("pack SCANCODE_DIR SPDX_DIR".into());
    };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let mut texts = models(&data, Path::new(&scancode))?;
    let ids: Vec<String> =
        texts.iter().filter_map(|one| one.known["id"].as_str().map(str::to_owned)).collect();
    texts.extend(listed(Path::new(&spdx), &ids)?);
    let (known, words) = pack(texts)?;
    fs::write(data.join("known.json"), known)?;
    fs::write(data.join("words.bin"), &words)?;
    println!("{} bytes of words", words.len());
    Ok(())
}

struct Text {
    known: Value,
    /// None: known by its title only.
    text: Option<String>,
}

/// The licences of models, as `models.json` lists them.
fn models(data: &Path, scancode: &Path) -> Result<Vec<Text>, Box<dyn Error>> {
    let list: Vec<Value> = serde_json::from_str(&fs::read_to_string(data.join("models.json"))?)?;
    list.into_iter()
        .map(|mut known| {
            let entry = known.as_object_mut().ok_or("an entry")?;
            if let Some(read) = entry.remove("read") {
                let id = known["id"].as_str().ok_or("id")?;
                let text = fs::read_to_string(data.join("texts").join(format!("{id}.txt")))?;
                let said = |key: &str| read[key].as_str().unwrap_or_default().to_owned();
                let from = format!("github.com/{} at {}", said("repository"), said("commit"));
                known["origin"] = json!({"from": from, "file": said("path")});
                return Ok(Text { known, text: Some(text) });
            }
            let Some(file) = entry.remove("file") else {
                return Ok(Text { known, text: None });
            };
            let file = file.as_str().ok_or("file")?.to_owned();
            let path = scancode.join("licensedcode/data/licenses").join(&file);
            let whole = fs::read_to_string(path)?;
            // What stands between the two lines of dashes is scancode's own.
            let text = whole.split_once("\n---\n").ok_or("no head")?.1.to_owned();
            known["origin"] = json!({"from": SCANCODE, "file": file});
            Ok(Text { known, text: Some(text) })
        })
        .collect()
}

/// SPDX's list.
fn listed(spdx: &Path, models: &[String]) -> Result<Vec<Text>, Box<dyn Error>> {
    let all: BTreeMap<String, Value> =
        serde_json::from_str(&fs::read_to_string(spdx.join("spdx-full.json"))?)?;
    let ours: Vec<Value> = serde_json::from_str(CATALOGUE)
        .map(|all: Value| all["licences"].as_array().cloned().unwrap_or_default())?;
    let mut texts = Vec::new();
    for (id, entry) in all.iter().filter(|(id, _)| !models.contains(id)) {
        let text = entry["licenseText"].as_str().ok_or("licenseText")?.to_owned();
        // A bare text never says `or later`: that stands in a notice. So a text of its own under the
        // withdrawn `GPL-3.0+` is another printing of what promises less.
        let only = id.strip_suffix('+').map(|plain| format!("{plain}-only"));
        let other = only.filter(|only| all.get(only).is_some_and(|it| it["licenseText"] != text));
        let withdrawn = id;
        let (id, entry) =
            other.as_ref().and_then(|id| all.get_key_value(id)).unwrap_or((id, entry));
        let mut known = json!({"id": id, "name": entry["name"], "kind": "licence", "spdx": true});
        if id != withdrawn {
            known["also"] = json!([withdrawn]);
        }
        if let Some((_, exception)) = EXCEPTIONS.iter().find(|(withdrawn, _)| withdrawn == id) {
            known["kind"] = "exception".into();
            known["id"] = (*exception).into();
        } else if let Some(category) = category(id, entry["osiApproved"] == true, &ours) {
            known["category"] = category.into();
        }
        known["origin"] = json!({"from": SPDX, "file": format!("licenses/{id}.json")});
        if let Some((_, from, to)) = NOTICES.iter().find(|(one, ..)| one == id) {
            let start = text.find(from).ok_or("the notice's beginning")?;
            let end = text[start..].find(to).ok_or("the notice's end")? + start + to.len();
            let notice = json!({
                "id": id, "name": entry["name"], "kind": "notice", "origin": known["origin"],
            });
            texts.push(Text { known: notice, text: Some(text[start..end].to_owned()) });
        }
        texts.push(Text { known, text: Some(text) });
    }
    // The plain name of two that share a text is the one that promises less.
    texts.sort_by_key(|text| {
        (rank(text.known["id"].as_str().unwrap_or_default()), text.known["also"].is_array())
    });
    Ok(texts)
}

/// `GPL-3.0-only` before `GPL-3.0-or-later`, both before the withdrawn `GPL-3.0`; short before long.
fn rank(id: &str) -> (usize, usize, String) {
    let withdrawn = ["GPL-", "LGPL-", "AGPL-", "GFDL-"].iter().any(|one| id.starts_with(one))
        && !id.ends_with("-only")
        && !id.ends_with("-or-later");
    let later = id.ends_with("-or-later") || id.ends_with('+');
    (usize::from(withdrawn) * 2 + usize::from(later), id.len(), id.to_owned())
}

/// The catalogue's category; OSI's approval as SPDX states it; and for Creative Commons what the
/// catalogue says of the same kind in another version.
fn category(id: &str, approved: bool, catalogue: &[Value]) -> Option<&'static str> {
    let ours =
        catalogue.iter().find(|one| one["id"] == id).and_then(|one| one["category"]["is"].as_str());
    match ours {
        Some("osi") => return Some("osi"),
        Some("custom") => return Some("custom"),
        Some("source_available") => return Some("source_available"),
        _ => {}
    }
    if approved {
        return Some("osi");
    }
    let kind = id.strip_prefix("CC-BY-")?;
    Some(if kind.starts_with("NC") || kind.starts_with("ND") {
        "source_available"
    } else {
        "custom"
    })
}

/// The list of what is known, and the words of those with a text, packed.
fn pack(texts: Vec<Text>) -> Result<(String, Vec<u8>), Box<dyn Error>> {
    let mut vocabulary: HashMap<String, u16> = HashMap::new();
    let mut spelled = String::new();
    let mut seen: HashMap<Vec<u16>, usize> = HashMap::new();
    let (mut known, mut sequences): (Vec<Value>, Vec<Vec<u16>>) = (Vec::new(), Vec::new());
    for Text { known: one, text } in texts {
        let Some(text) = text else {
            known.push(one);
            continue;
        };
        let mut sequence = Vec::new();
        freehold_license::split(&text, |_, word| {
            let next = vocabulary.len();
            let number = *vocabulary.entry(word.to_owned()).or_insert_with(|| {
                spelled.push_str(word);
                spelled.push('\n');
                u16::try_from(next).unwrap_or(u16::MAX)
            });
            sequence.push(number);
        });
        let id = one["id"].as_str().unwrap_or_default().to_owned();
        if let Some(&before) = seen.get(&sequence) {
            if known[before]["id"] == id {
                continue;
            }
            let also = &mut known[before]["also"];
            match also.as_array_mut() {
                Some(list) => list.push(id.into()),
                None => *also = json!([id]),
            }
            continue;
        }
        seen.insert(sequence.clone(), known.len());
        let mut one = one;
        one["words"] = sequence.len().into();
        let (title, tail) = optional(&text);
        if title > 0 {
            one["title"] = title.into();
        }
        if tail > 0 {
            one["tail"] = tail.into();
        }
        known.push(one);
        sequences.push(sequence);
    }
    if vocabulary.len() > usize::from(u16::MAX) {
        return Err("more words than 16 bits number".into());
    }
    let mut plain = Vec::new();
    plain.extend_from_slice(&u32::try_from(spelled.len())?.to_le_bytes());
    plain.extend_from_slice(spelled.as_bytes());
    for sequence in &sequences {
        plain.extend(sequence.iter().flat_map(|number| number.to_le_bytes()));
    }
    println!("{} texts, {} words, {} bytes plain", sequences.len(), vocabulary.len(), plain.len());
    let lines: Vec<String> = known.iter().map(|one| format!("  {one}")).collect();
    Ok((format!("[\n{}\n]\n", lines.join(",\n")), squeeze(&plain)?))
}

/// What SPDX's guidelines let be left out: how many words the title has, and the first word of what
/// stands after the terms (0 if nothing does).
fn optional(text: &str) -> (usize, usize) {
    let words = |text: &str| {
        let mut all = Vec::new();
        freehold_license::split(text, |_, word| all.push(word.to_owned()));
        all
    };
    let all = words(text);
    let mut title = 0;
    for line in text.lines() {
        let line = words(line);
        if line.len() > LONGEST_TITLE || title + line.len() > all.len() / 4 {
            break;
        }
        title += line.len();
        if title > LONGEST_TITLE * 3 {
            break;
        }
    }
    let find = |phrase: &str| {
        let phrase = words(phrase);
        all.windows(phrase.len()).position(|window| window == phrase)
    };
    // Creative Commons' 4.0 texts begin with a page about themselves.
    if let Some(at) = find("by exercising the licensed rights defined below") {
        title = title.max(at);
    }
    let tail =
        TAILS.iter().filter_map(|phrase| find(phrase)).filter(|at| *at > all.len() / 2).min();
    (title, tail.unwrap_or(0))
}

fn squeeze(plain: &[u8]) -> Result<Vec<u8>, Box<dyn Error>> {
    use std::io::Write;
    let options = lzma_rust2::XzOptions::with_preset(9);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options)?;
    writer.write_all(plain)?;
    Ok(writer.finish()?)
}

const SCANCODE: &str = "scancode-toolkit-mini 32.5.0 (PyPI), data under CC-BY-4.0";
const SPDX: &str = "SPDX License List 3.28.0, in spdx-license-list 6.12.0 (npm), CC0-1.0";
/// The notices that these licences ask to be put at the head of files, by their first and last words.
const NOTICES: [(&str, &str, &str); 6] = [
    ("Apache-2.0", "Licensed under the Apache License", "limitations under the License."),
    ("GPL-2.0-only", "This program is free software", "along with this program"),
    ("GPL-3.0-only", "This program is free software", "along with this program"),
    ("AGPL-3.0-only", "This program is free software", "along with this program"),
    ("LGPL-2.0-only", "This library is free software", "along with this library"),
    ("LGPL-2.1-only", "This library is free software", "along with this library"),
];
/// Ids that SPDX withdrew, which stand for the text of an exception, and what it is called now.
const EXCEPTIONS: [(&str, &str); 7] = [
    ("GPL-2.0-with-GCC-exception", "GCC-exception-2.0"),
    ("GPL-2.0-with-autoconf-exception", "Autoconf-exception-2.0"),
    ("GPL-2.0-with-bison-exception", "Bison-exception-2.2"),
    ("GPL-2.0-with-classpath-exception", "Classpath-exception-2.0"),
    ("GPL-2.0-with-font-exception", "Font-exception-2.0"),
    ("GPL-3.0-with-GCC-exception", "GCC-exception-3.1"),
    ("GPL-3.0-with-autoconf-exception", "Autoconf-exception-3.0"),
];
/// In words, a line.
const LONGEST_TITLE: usize = 12;
/// What stands after the terms begins so.
const TAILS: [&str; 6] = [
    "end of terms and conditions",
    "how to apply these terms to your new",
    "appendix how to apply",
    "creative commons is not a party to its public licenses",
    "creative commons may be contacted at",
    "exhibit form of source code",
];
const CATALOGUE: &str = include_str!("../../freehold-catalog/data/licences.json");
