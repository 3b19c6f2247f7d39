//! Every seed is read again: those to begin with, those that a run found worth keeping, and those
//! that once broke something.

use std::{fs, path::Path};

use freehold_fuzz::TARGETS;

#[test]
fn seeds_are_read_to_their_end() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    for (name, target) in TARGETS {
        let files =
            fs::read_dir(seeds.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut count = 0;
        for file in files {
            let path = file.expect("a name").path();
            let bytes = fs::read(&path).expect("it can be read");
            println!("{}", path.display());
            target(&bytes);
            count += 1;
        }
        assert!(count > 0, "{name} has no seed");
    }
    let kept = fs::read_dir(&seeds).expect("the seeds").flatten();
    for folder in kept {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(freehold_fuzz::find(&name).is_some(), "seeds of no target: {name}");
    }
}
