//! Opening a log: every start runs this, after a crash or not.
//!
//! The last checkpoint says how many entries must be there. What follows it is read from the
//! segments; the first frame that is not whole ends the log, and the rest of its segment is zeroed,
//! so that no remains of it can come back later. That is right for entries that were never
//! acknowledged. Entries that were are never dropped: if fewer are left than the checkpoint
//! covers, or a later frame shows that the damaged one had been durable, opening fails.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use freehold_tlog::{Checkpoint, Signer, Tree};
use ring::rand::SystemRandom;

use crate::{
    OpenError,
    catalog::{self, Catalog, Table, write_table},
    disk::{Disk, DiskFile},
    identity,
    segment::{self, Frames, ZEROS},
    tree_files::{TreeFiles, TreeWriter},
};

/// A log as it was found.
pub(crate) struct Recovered {
    /// Its key.
    pub signer: Signer,
    /// Over all its entries.
    pub tree: Tree,
    /// With what is not on disk yet.
    pub tree_writer: TreeWriter,
    /// Where they lie.
    pub catalog: Catalog,
    /// The segment to go on with, if there is one.
    pub segment: Option<OpenSegment>,
    /// The last checkpoint, if one was ever signed, and its text.
    pub checkpoint: Option<(Checkpoint, String)>,
}

/// A segment that takes entries.
pub(crate) struct OpenSegment {
    /// The file.
    pub file: Arc<dyn DiskFile>,
    /// Where it lies.
    pub path: PathBuf,
    /// Where the next frame goes.
    pub position: u64,
    /// Bytes of the file.
    pub length: u64,
}

/// Reads and repairs a log.
pub(crate) fn recover(
    disk: &dyn Disk,
    directory: &Path,
    origin: Option<&str>,
    random: &SystemRandom,
) -> Result<Recovered, OpenError> {
    let io_at = |path: &Path| {
        let path = path.to_owned();
        move |source| OpenError::Io { path, source }
    };
    let folder = directory.join(segment::FOLDER);
    disk.create_directory(&folder).map_err(io_at(&folder))?;
    let segments = segment::list(directory).map_err(io_at(&folder))?;
    let signer = identity::load_or_create(disk, directory, origin, random, segments.is_empty())?;
    let checkpoint = read_checkpoint(directory, &signer)?;
    let covered = checkpoint.as_ref().map_or(0, |(checkpoint, _)| checkpoint.size);
    if checkpoint.is_none() && !segments.is_empty() {
        return Err(OpenError::NoCheckpoint { path: directory.join(CHECKPOINT_FILE) });
    }

    let log = identity::log_id(signer.verifier());
    let mut catalog = Catalog::default();
    let mut open = None;
    for (place, (first, path)) in segments.iter().enumerate() {
        if *first != catalog.size() {
            return Err(OpenError::Missing { expected: catalog.size(), found: *first });
        }
        if place + 1 == segments.len() {
            open = Some(recover_last(disk, path, *first, covered, &log, &mut catalog)?);
        } else if let Some(table) = Table::load(path, *first) {
            catalog.add(table);
        } else {
            let (table, entries) = catalog::scan(path, *first, &log)?;
            write_table(disk, path, *first, &entries).map_err(io_at(path))?;
            catalog.add(table);
        }
    }
    if catalog.size() < covered {
        return Err(OpenError::Missing { expected: covered, found: catalog.size() });
    }
    let mut recovered = Recovered {
        signer,
        tree: Tree::new(),
        tree_writer: TreeWriter::new(directory),
        catalog,
        segment: open,
        checkpoint,
    };
    recovered.grow_tree(disk, directory, &segments, &log)?;
    Ok(recovered)
}

impl Recovered {
    /// Takes the tree up at the checkpoint, or from the beginning if its files do not fit it, and
    /// adds the entries after that.
    fn grow_tree(
        &mut self,
        disk: &dyn Disk,
        directory: &Path,
        segments: &[(u64, PathBuf)],
        log: &[u8; 32],
    ) -> Result<(), OpenError> {
        let files = TreeFiles::new(directory);
        if let Some((checkpoint, _)) = &self.checkpoint
            && let Ok(tree) = Tree::resume(checkpoint.size, &files)
            && tree.root() == checkpoint.root
        {
            self.tree = tree;
        }
        for (place, (first, path)) in segments.iter().enumerate() {
            let end = segments.get(place + 1).map_or(u64::MAX, |(next, _)| *next);
            if end <= self.tree.size() {
                continue;
            }
            let mut frames = Frames::open(path, *first, log, u64::MAX)?;
            while let Some(frame) = frames.next()? {
                if frame.head.sequence == self.tree.size() {
                    self.tree_writer.push(&mut self.tree, frame.head.leaf);
                    self.compare(directory)?;
                }
                if self.tree_writer.waiting() >= MAX_WAITING_TILES {
                    self.tree_writer
                        .write(disk, &self.tree)
                        .map_err(|source| OpenError::Io { path: files.path(0), source })?;
                }
            }
        }
        self.compare(directory)
    }

    /// At the checkpoint's size the root must be the signed one.
    fn compare(&self, directory: &Path) -> Result<(), OpenError> {
        match &self.checkpoint {
            Some((checkpoint, _))
                if checkpoint.size == self.tree.size() && checkpoint.root != self.tree.root() =>
            {
                Err(OpenError::Root { directory: directory.to_owned(), size: checkpoint.size })
            }
            _ => Ok(()),
        }
    }
}

/// Reads the segment in use and cuts off what is not whole.
fn recover_last(
    disk: &dyn Disk,
    path: &Path,
    first: u64,
    covered: u64,
    log: &[u8; 32],
    catalog: &mut Catalog,
) -> Result<OpenSegment, OpenError> {
    let mut frames = Frames::open(path, first, log, covered)?;
    drop(catalog.begin(first, path.to_owned()));
    let fault = loop {
        match frames.next() {
            Ok(Some(frame)) => {
                let (id, offset) = (catalog::id_of(frame.header), frame.offset);
                catalog.push(id, offset);
            }
            Ok(None) => break None,
            Err(error @ segment::SegmentError::Io { .. }) => return Err(error.into()),
            Err(error) => break Some(error),
        }
    };
    let (position, length, next) = (frames.position(), frames.length(), frames.next_sequence());
    let was_durable = next < covered || frames.acknowledged_beyond()?;
    if was_durable {
        return Err(match fault {
            Some(fault) => fault.into(),
            None => OpenError::Missing { expected: covered.max(next + 1), found: next },
        });
    }
    let failed = |source| OpenError::Io { path: path.to_owned(), source };
    let file = disk.open(path).map_err(failed)?;
    wipe(&*file, path, position, length).map_err(failed)?;
    // What is counted from here on must be durable, also what no one was told about.
    file.sync().map_err(failed)?;
    Ok(OpenSegment { file, path: path.to_owned(), position, length })
}

/// Writes zeros wherever there are none.
fn wipe(file: &dyn DiskFile, path: &Path, position: u64, length: u64) -> io::Result<()> {
    let reader = File::open(path)?;
    let mut buffer = vec![0; 64 * ZEROS.len()];
    let mut offset = position;
    while offset < length {
        let bytes = (length - offset).min(buffer.len() as u64) as usize;
        reader.read_exact_at(&mut buffer[..bytes], offset)?;
        for (place, block) in buffer[..bytes].chunks(ZEROS.len()).enumerate() {
            if *block != ZEROS[..block.len()] {
                file.write_at(&ZEROS[..block.len()], offset + (place * ZEROS.len()) as u64)?;
            }
        }
        offset += bytes as u64;
    }
    Ok(())
}

fn read_checkpoint(
    directory: &Path,
    signer: &Signer,
) -> Result<Option<(Checkpoint, String)>, OpenError> {
    let path = directory.join(CHECKPOINT_FILE);
    let note = match fs::read_to_string(&path) {
        Ok(note) => note,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(OpenError::Io { path, source }),
    };
    match Checkpoint::open(&note, signer.verifier()) {
        Ok(checkpoint) => Ok(Some((checkpoint, note))),
        Err(source) => Err(OpenError::Checkpoint { path, source }),
    }
}

/// The signed tree head.
pub(crate) const CHECKPOINT_FILE: &str = "checkpoint";

/// 8 MiB of hashes.
const MAX_WAITING_TILES: usize = 1024;
