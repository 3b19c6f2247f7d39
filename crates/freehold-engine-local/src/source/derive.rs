//! GGUF files derived from safetensors. The file's name says from what and how it was derived, and
//! beside it stands its own digest; a file that does not match is derived anew.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use freehold_convert::{AdapterSource, ConvertError, Converted, OutputType, Source};
use freehold_types::Digest;
use freehold_vet::{Admission, OpenFile};
use memmap2::Mmap;
use ring::digest::{Context, SHA256};

use crate::{LocalAdapter, LocalModel, LocalOptions, StartError};

/// A model's GGUF.
pub(super) fn model(
    name: &str,
    admission: &Admission,
    files: &[OpenFile],
    options: &LocalOptions,
) -> Result<File, StartError> {
    let target = target(&[admission.digest()], options);
    cached(name, &target, |out| {
        let maps = map(files).map_err(ConvertError::Write)?;
        freehold_convert::convert(&source(name, files, &maps), options.weights, out)
    })
}

/// An adapter's GGUF.
pub(super) fn adapter(
    adapter: &LocalAdapter,
    files: &[OpenFile],
    base: &LocalModel,
    options: &LocalOptions,
) -> Result<File, StartError> {
    let base_files = super::reopen(&base.name, &base.admission)?;
    let target = target(&[adapter.admission.digest(), base.admission.digest()], options);
    cached(&adapter.name, &target, |out| {
        let maps = map(files).map_err(ConvertError::Write)?;
        let base_maps = map(&base_files).map_err(ConvertError::Write)?;
        let both = AdapterSource {
            adapter: &source(&adapter.name, files, &maps),
            base: &source(&base.name, &base_files, &base_maps),
        };
        // An adapter is small; rounding it would save nothing.
        freehold_convert::convert_adapter(&both, OutputType::F32, out)
    })
}

fn source<'a>(name: &'a str, files: &'a [OpenFile], maps: &'a [Mmap]) -> Source<'a> {
    let names = files.iter().map(|file| file.name.as_str());
    Source::new(name, names.zip(maps.iter().map(|map| &map[..])))
}

fn map(files: &[OpenFile]) -> io::Result<Vec<Mmap>> {
    files
        .iter()
        .map(|file| {
            // SAFETY: the file is open for reading and is not written by this process. Another
            // process that changed it under our hands could make us read other numbers, or end us
            // with a signal if it cut the file short; it would need the models' owner's rights.
            unsafe { Mmap::map(&file.file) }
        })
        .collect()
}

/// `SOURCE-DIGEST.v1.q8_0.gguf`
fn target(digests: &[Digest], options: &LocalOptions) -> PathBuf {
    let digests: Vec<String> = digests
        .iter()
        .map(|digest| digest.to_string().trim_start_matches("sha256:").to_owned())
        .collect();
    let kind = match options.weights {
        OutputType::F32 => "f32",
        OutputType::F16 => "f16",
        OutputType::Bf16 => "bf16",
        OutputType::Q8_0 => "q8_0",
    };
    options.cache.join(format!("{}.v{CONVERTER}.{kind}.gguf", digests.join("+")))
}

fn cached(
    name: &str,
    target: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Converted, ConvertError>,
) -> Result<File, StartError> {
    let failed = |source| StartError::Cache { path: target.to_owned(), source };
    if let Some(file) = intact(target).map_err(failed)? {
        return Ok(file);
    }
    let folder = target.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let draft = target.with_extension(format!("draft-{}", std::process::id()));
    let result = derive(name, target, &draft, write);
    if result.is_err() {
        // What is left of a failed attempt helps nobody; that it cannot be removed, neither.
        let _ = fs::remove_file(&draft);
    }
    result
}

fn derive(
    name: &str,
    target: &Path,
    draft: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<Converted, ConvertError>,
) -> Result<File, StartError> {
    let failed = |source| StartError::Cache { path: target.to_owned(), source };
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(draft).map_err(failed)?;
    let out = io::BufWriter::with_capacity(1 << 20, file);
    let mut out = Hashing { out, sum: Context::new(&SHA256) };
    write(&mut out).map_err(|source| match source {
        ConvertError::Write(source) => failed(source),
        source => StartError::Convert { model: name.to_owned(), source: Box::new(source) },
    })?;
    let Hashing { out, sum } = out;
    let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
    file.sync_all().map_err(failed)?;
    let digest = digest_of(sum);
    fs::write(beside(target), digest.to_string()).map_err(failed)?;
    fs::rename(draft, target).map_err(failed)?;
    // The name is only as durable as its folder.
    if let Some(folder) = target.parent() {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed)?;
    }
    tracing::info!(model = name, file = %target.display(), %digest, "derived GGUF");
    intact(target)
        .and_then(|file| file.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidData)))
        .map_err(failed)
}

/// The file, if it is there and its digest is the one that was written beside it.
fn intact(target: &Path) -> io::Result<Option<File>> {
    let mut file = match File::open(target) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut sum = Context::new(&SHA256);
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            read => sum.update(&buffer[..read]),
        }
    }
    let expected = fs::read_to_string(beside(target)).unwrap_or_default();
    if expected.trim() != digest_of(sum).to_string() {
        tracing::warn!(file = %target.display(), "derived GGUF is damaged; deriving it anew");
        return Ok(None);
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(Some(file))
}

fn beside(target: &Path) -> PathBuf {
    target.with_extension("gguf.sha256")
}

struct Hashing<W> {
    out: W,
    sum: Context,
}

impl<W: Write> Write for Hashing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.sum.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn digest_of(sum: Context) -> Digest {
    let mut bytes = [0; 32];
    bytes.copy_from_slice(sum.finish().as_ref());
    Digest::from_bytes(bytes)
}

/// Changed when the converter writes other bytes for the same input.
const CONVERTER: u32 = 1;
