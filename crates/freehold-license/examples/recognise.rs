//! What stands in the files named, a line of JSON each: `cargo run --release -p freehold-license
//! --example recognise -- FILE…`.

use std::error::Error;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    for file in env::args().skip(1) {
        let text = String::from_utf8_lossy(&fs::read(&file)?).into_owned();
        let matches = freehold_license::recognise(&text);
        println!("{}", serde_json::json!({"file": file, "matches": matches}));
    }
    Ok(())
}
