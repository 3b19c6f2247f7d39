//! The digests by which hubs name files, in one pass.

use freehold_types::Digest;
use ring::digest::{Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

use crate::listing::Blob;

/// SHA-256 of bytes, and the SHA-1 by which git names them as a blob: over `blob LENGTH\0` and the
/// bytes (<https://git-scm.com/book/en/v2/Git-Internals-Git-Objects>).
pub(crate) struct Hashes {
    sha256: Context,
    git: Option<Context>,
    /// Bytes so far.
    pub(crate) bytes: u64,
}

/// The two names of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) sha256: Digest,
    /// 40 lower-case hexadecimal digits, where it was asked for.
    pub(crate) git: Option<String>,
}

impl Hashes {
    /// For the bytes that are listed under this name; git's is computed only where it is the one.
    pub(crate) fn new(blob: &Blob, length: u64) -> Self {
        let git = matches!(blob, Blob::Git(_)).then(|| {
            let mut git = Context::new(&SHA1_FOR_LEGACY_USE_ONLY);
            git.update(format!("blob {length}\0").as_bytes());
            git
        });
        Self { sha256: Context::new(&SHA256), git, bytes: 0 }
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        if let Some(git) = &mut self.git {
            git.update(bytes);
        }
        self.bytes += bytes.len() as u64;
    }

    pub(crate) fn finish(self) -> Names {
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(self.sha256.finish().as_ref());
        let hex = |found: ring::digest::Digest| {
            found.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
        };
        let git = self.git.map(|git| hex(git.finish()));
        Names { sha256: Digest::from_bytes(sha256), git }
    }
}

impl Names {
    /// Whether these bytes are the ones that were listed.
    pub(crate) fn are(&self, blob: &Blob) -> bool {
        match blob {
            Blob::Sha256(digest) => self.sha256 == *digest,
            Blob::Git(oid) => self.git.as_ref() == Some(oid),
        }
    }
}
