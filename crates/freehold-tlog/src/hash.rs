//! RFC 6962, section 2.1: SHA-256 with a byte in front that keeps leaves and nodes apart.

use ring::digest;

/// Bytes of a hash.
pub const HASH_BYTES: usize = 32;

/// A leaf's, node's or tree's hash.
pub type Hash = [u8; HASH_BYTES];

/// The root of a tree without entries: SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = [
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24,
    0x27, 0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
];

/// `SHA-256(0x00 || entry)`.
pub fn leaf_hash(entry: &[u8]) -> Hash {
    let mut context = digest::Context::new(&digest::SHA256);
    context.update(&[0]);
    context.update(entry);
    to_hash(&context.finish())
}

/// `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut input = [1; 1 + 2 * HASH_BYTES];
    input[1..33].copy_from_slice(left);
    input[33..].copy_from_slice(right);
    to_hash(&digest::digest(&digest::SHA256, &input))
}

/// The root over a power of two of sibling hashes; of none, the empty root.
pub(crate) fn fold(mut row: Vec<Hash>) -> Hash {
    while row.len() > 1 {
        let half = row.len() / 2;
        for place in 0..half {
            row[place] = node_hash(&row[2 * place], &row[2 * place + 1]);
        }
        row.truncate(half);
    }
    row.first().copied().unwrap_or(EMPTY_ROOT)
}

fn to_hash(digest: &digest::Digest) -> Hash {
    let mut hash = [0; HASH_BYTES];
    hash.copy_from_slice(digest.as_ref());
    hash
}
