//! Archives and packings that came later: 7z, Zstandard and LZ4 frames.

use std::io::{self, Read};

use freehold_artifact::{archive::leads_out, finding::shown, rules};
use lz4_flex::frame::FrameDecoder;
use ruzstd::decoding::StreamingDecoder;
use sevenz_rust2::{ArchiveReader, EntryDecision, Error, Password};

use super::{
    archives::Unpacked,
    content::{Scanner, whole},
    window::{Bytes, Window},
};

impl Scanner {
    /// Scans the members of a 7z archive.
    pub(super) fn seven(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let opened =
            ArchiveReader::new_with_memory_limit(whole(file, length), Password::empty(), MOST_KIB);
        let mut archive = match opened {
            Ok(archive) => archive,
            Err(error) => {
                self.seven_failed(&error);
                return Ok(());
            }
        };
        archive.set_thread_count(1);
        let mut failed = None;
        let done = archive.for_each_entries_with_decision(|entry, reader| {
            let name = shown(entry.name().as_bytes(), 300);
            if leads_out(entry.name()) {
                self.say(&rules::ARCHIVE_PATH, 0, format!("`{name}`"));
            }
            // Writers on Unix keep the file's mode in the upper half.
            if (entry.windows_attributes() >> 16) & 0o170_000 == 0o120_000 {
                self.say(&rules::ARCHIVE_LINK, 0, format!("`{name}` is a link"));
            }
            if entry.is_directory() {
                return Ok(EntryDecision::Continue);
            }
            let scanned = self.unpack(reader).and_then(|unpacked| match unpacked {
                Unpacked::Whole(mut content, bytes) => {
                    self.member(&mut content, bytes, &name, false)?;
                    Ok(EntryDecision::Continue)
                }
                Unpacked::Part(mut content, bytes) => {
                    self.say(&rules::ARCHIVE_BROKEN, 0, format!("`{name}` ends early"));
                    self.member(&mut content, bytes, &name, true)?;
                    Ok(EntryDecision::SkipBlock)
                }
                Unpacked::TooMuch => {
                    self.say(&rules::BOMB, 0, format!("`{name}` was not unpacked"));
                    Ok(EntryDecision::Stop)
                }
            });
            scanned.or_else(|error| {
                failed = Some(error);
                Ok(EntryDecision::Stop)
            })
        });
        if let Err(error) = done {
            self.seven_failed(&error);
        }
        failed.map_or(Ok(()), Err)
    }

    fn seven_failed(&mut self, error: &Error) {
        match error {
            Error::PasswordRequired | Error::MaybeBadPassword(_) => {
                self.say(&rules::ENCRYPTED, 0, "the archive is encrypted");
            }
            Error::UnsupportedCompressionMethod(method) if method.contains("AES") => {
                self.say(&rules::ENCRYPTED, 0, "the archive is encrypted");
            }
            Error::UnsupportedCompressionMethod(method) => {
                let what = format!("packed by {}", shown(method.as_bytes(), 60));
                self.say(&rules::METHOD, 0, what);
            }
            Error::MaxMemLimited { .. } => {
                self.say(&rules::BOMB, 0, "unpacking would take more memory than is given");
            }
            Error::Unsupported(_) | Error::ExternalUnsupported => {
                self.say(&rules::METHOD, 0, "packed in a way that is not read");
            }
            _ => self.say(&rules::ARCHIVE_BROKEN, 0, "the archive cannot be read to its end"),
        }
    }

    pub(super) fn unpack_zstd(&mut self, window: Window<'_>) -> io::Result<Unpacked> {
        match StreamingDecoder::new_with_max_window_size(window, MOST_WINDOW) {
            Ok(first) => self.unpack(Frames { decoder: Some(first) }),
            Err(_) => self.unpack(Broken),
        }
    }

    pub(super) fn unpack_lz4(&mut self, window: Window<'_>) -> io::Result<Unpacked> {
        self.unpack(FrameDecoder::new(window))
    }
}

/// Zstandard's frames, one after the other.
struct Frames<'a> {
    decoder: Option<StreamingDecoder<Window<'a>, ruzstd::decoding::FrameDecoder>>,
}

impl Read for Frames<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(mut decoder) = self.decoder.take() {
            let read = decoder.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                self.decoder = Some(decoder);
                return Ok(read);
            }
            let window = decoder.into_inner();
            if window.is_at_end() {
                break;
            }
            let next = StreamingDecoder::new_with_max_window_size(window, MOST_WINDOW);
            self.decoder = Some(next.map_err(io::Error::other)?);
        }
        Ok(0)
    }
}

/// A stream that fails at once.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::InvalidData.into())
    }
}

const MOST_KIB: usize = 96 << 10;
const MOST_WINDOW: u64 = 64 << 20;
