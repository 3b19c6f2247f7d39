//! Roots, proofs and tiles.

use std::convert::Infallible;

use proptest::prelude::*;

use crate::{
    EMPTY_ROOT, Hash, HashSource, TILE_HEIGHT, TILE_WIDTH, TileId, Tree, consistency_proof,
    inclusion_proof, leaf_hash, node_hash, tiles_of, tree_root, verify_consistency,
    verify_inclusion,
};

/// RFC 6962, section 2.1, word for word.
fn definition(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => EMPTY_ROOT,
        [leaf] => *leaf,
        _ => {
            let mut split = 1;
            while 2 * split < leaves.len() {
                split *= 2;
            }
            node_hash(&definition(&leaves[..split]), &definition(&leaves[split..]))
        }
    }
}

/// All leaf hashes; other levels are computed by the definition.
struct Leaves(Vec<Hash>);

impl HashSource for Leaves {
    type Error = Infallible;

    fn hashes(&self, level: u8, start: u64, count: usize) -> Result<Vec<Hash>, Infallible> {
        let width = 1usize << (TILE_HEIGHT * u32::from(level));
        assert!(start % TILE_WIDTH + count as u64 <= TILE_WIDTH, "crosses a tile's border");
        Ok((start as usize..start as usize + count)
            .map(|place| definition(&self.0[place * width..(place + 1) * width]))
            .collect())
    }
}

fn leaves(count: usize) -> Leaves {
    Leaves((0..count).map(|entry| leaf_hash(&entry.to_be_bytes())).collect())
}

fn grow(leaves: &[Hash]) -> (Tree, Vec<TileId>) {
    let (mut tree, mut tiles) = (Tree::new(), Vec::new());
    for leaf in leaves {
        tree.push(*leaf, |tile| tiles.push(tile.id));
    }
    (tree, tiles)
}

fn unhex(text: &str) -> Hash {
    let mut hash = [0; 32];
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    }
    hash
}

/// The vectors of the Certificate Transparency project's Merkle tree tests
/// (`merkle_tree_test.cc`, Apache-2.0): eight entries and the roots after each.
#[test]
fn published_roots_and_paths() {
    let inputs: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let hashes: Vec<Hash> = inputs.iter().map(|input| leaf_hash(input)).collect();
    for (place, root) in roots.iter().enumerate() {
        assert_eq!(grow(&hashes[..=place]).0.root(), unhex(root), "root of {}", place + 1);
    }
    let path = [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ];
    let proof = inclusion_proof(0, 8, &Leaves(hashes)).unwrap();
    assert_eq!(proof, path.map(unhex));
}

#[test]
fn roots_and_resumed_trees_agree_with_the_definition() {
    for size in (0..40).chain([255, 256, 257, 511, 512, 700, 65_535, 65_536, 66_000]) {
        let leaves = leaves(size);
        let (tree, tiles) = grow(&leaves.0);
        let expected = definition(&leaves.0);
        assert_eq!(tree.root(), expected, "{size}");
        assert_eq!(tree_root(size as u64, &leaves), Ok(expected), "{size}");
        assert_eq!(Tree::resume(size as u64, &leaves), Ok(tree.clone()), "{size}");
        let mut full: Vec<TileId> =
            tiles_of(size as u64).filter(|tile| tile.width == 256).collect();
        let mut tiles = tiles;
        full.sort();
        tiles.sort();
        assert_eq!(tiles, full, "{size}");
    }
}

/// The example of the tlog-tiles specification.
#[test]
fn tiles_of_70_000() {
    let tiles: Vec<TileId> = tiles_of(70_000).collect();
    assert_eq!(tiles.len(), 273 + 1 + 1 + 1 + 1);
    let partial: Vec<String> =
        tiles.iter().filter(|tile| tile.width < 256).map(ToString::to_string).collect();
    assert_eq!(partial, ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
}

#[test]
fn every_proof_of_small_trees() {
    let leaves = leaves(33);
    for size in 1..=33u64 {
        let root = definition(&leaves.0[..size as usize]);
        for index in 0..size {
            let proof = inclusion_proof(index, size, &leaves).unwrap();
            verify_inclusion(&leaves.0[index as usize], index, size, &root, &proof).unwrap();
        }
        for old in 0..=size {
            let proof = consistency_proof(old, size, &leaves).unwrap();
            let old_root = definition(&leaves.0[..old as usize]);
            verify_consistency(old, &old_root, size, &root, &proof).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn proofs_show_what_is_true_and_nothing_else(
        size in 1u64..1500, index in 0u64..1500, old in 1u64..1500, bit in 0usize..256,
        place in 0usize..16,
    ) {
        let (index, old) = (index % size, old % size + 1);
        let leaves = leaves(size as usize);
        let root = definition(&leaves.0);
        let leaf = leaves.0[index as usize];
        let proof = inclusion_proof(index, size, &leaves).unwrap();
        prop_assert!(verify_inclusion(&leaf, index, size, &root, &proof).is_ok());
        prop_assert!(verify_inclusion(&root, index, size, &leaf, &proof).is_err() || size == 1);
        prop_assert!(verify_inclusion(&leaf, index ^ 1, size, &root, &proof).is_err() || size == 1);

        let old_root = definition(&leaves.0[..old as usize]);
        let between = consistency_proof(old, size, &leaves).unwrap();
        prop_assert!(verify_consistency(old, &old_root, size, &root, &between).is_ok());
        for proof in [&proof, &between] {
            let mut longer = proof.clone();
            longer.push([7; 32]);
            prop_assert!(verify_inclusion(&leaf, index, size, &root, &longer).is_err());
            prop_assert!(verify_consistency(old, &old_root, size, &root, &longer).is_err());
            if let Some(place) = (!proof.is_empty()).then(|| place % proof.len()) {
                let mut changed = proof.clone();
                changed[place][bit / 8] ^= 1 << (bit % 8);
                prop_assert!(verify_inclusion(&leaf, index, size, &root, &changed).is_err());
                prop_assert!(verify_consistency(old, &old_root, size, &root, &changed).is_err());
                let mut shorter = proof.clone();
                shorter.remove(place);
                prop_assert!(verify_inclusion(&leaf, index, size, &root, &shorter).is_err());
                prop_assert!(verify_consistency(old, &old_root, size, &root, &shorter).is_err());
            }
        }
    }
}
