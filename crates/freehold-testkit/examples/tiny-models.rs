//! Writes one tiny model of each family, and two adapters, for scripts that compare them with
//! other programs: `cargo run -p freehold-testkit --example tiny-models -- DIR`.

use std::{env, io, path::PathBuf};

use freehold_testkit::models::{self, Family};

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("usage: tiny-models DIR"))?;
    for family in Family::ALL {
        models::write(family, &folder.join(family.name()), 1)?;
    }
    for family in [Family::Qwen2, Family::Llama] {
        models::write_adapter(family, &folder.join(format!("{}-adapter", family.name())), 2)?;
    }
    Ok(())
}
