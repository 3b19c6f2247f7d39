//! Serves a folder as a hub with one repository, to try `freehold pull` by hand:
//! `cargo run -p freehold-testkit --example hub -- FOLDER [OWNER/NAME]`. It ends with its standard input.

use std::{env, error::Error, fs, io, path::Path};

use freehold_testkit::hub::{File, Hub};

#[allow(clippy::print_stdout, reason = "it says where it is")]
fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("name a folder")?;
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(&folder))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let bytes = fs::read(entry.path())?;
            let lfs = bytes.len() > TEXT;
            let file = File { listed: bytes.clone(), given: bytes, lfs };
            files.push((entry.file_name().to_string_lossy().into_owned(), file));
        }
    }
    let files: Vec<_> = files.iter().map(|(name, file)| (name.as_str(), file.clone())).collect();
    let name = env::args().nth(2).unwrap_or_else(|| "local/model".to_owned());
    let hub = Hub::serve(&name, &files)?;
    println!("freehold pull {name} --endpoint {}", hub.endpoint());
    io::copy(&mut io::stdin(), &mut io::sink())?;
    Ok(())
}

/// What is larger is kept beside git, as hubs do.
const TEXT: usize = 1 << 20;
