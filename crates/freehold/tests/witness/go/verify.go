// An outside witness: checks an exported audit log with the code that checks Go's own module
// checksum database, golang.org/x/mod/sumdb/{note,tlog}. It shares no line with Freehold.
//
//	verify FOLDER VKEY
//
// It opens the checkpoint, authenticates every tile against it, hashes every entry of every bundle
// and compares it with the authenticated tree, and checks an inclusion proof for each entry.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"witness/note"
	"witness/tlog"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: verify FOLDER VKEY")
		os.Exit(2)
	}
	entries, err := verify(os.Args[1], os.Args[2])
	if err != nil {
		fmt.Println("refused:", err)
		os.Exit(1)
	}
	fmt.Println("accepted:", entries)
}

func verify(folder, vkey string) (int64, error) {
	verifier, err := note.NewVerifier(strings.TrimSpace(vkey))
	if err != nil {
		return 0, err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return 0, err
	}
	tree, err := parse(opened.Text, verifier.Name())
	if err != nil {
		return 0, err
	}
	if tree.N == 0 {
		return 0, nil
	}
	hashes := tlog.TileHashReader(tree, &tiles{folder, tree.N})
	for first := int64(0); first < tree.N; first += 256 {
		if err := bundle(folder, tree, first, hashes); err != nil {
			return 0, err
		}
	}
	root, err := tlog.TreeHash(tree.N, hashes)
	if err != nil {
		return 0, err
	}
	if root != tree.Hash {
		return 0, errors.New("the tiles lead to another root")
	}
	return tree.N, nil
}

// parse reads the checkpoint's three lines (C2SP tlog-checkpoint).
func parse(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := base64.StdEncoding.DecodeString(lines[2])
	if err != nil || len(root) != tlog.HashSize {
		return tlog.Tree{}, errors.New("malformed root")
	}
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree, nil
}

// bundle checks the entries that begin with the given one, at most 256.
func bundle(folder string, tree tlog.Tree, first int64, hashes tlog.HashReader) error {
	count := min(256, tree.N-first)
	name := "tile/entries/" + path(first/256)
	if count < 256 {
		name += fmt.Sprintf(".p/%d", count)
	}
	data, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		return err
	}
	for entry := first; entry < first+count; entry++ {
		if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
			return fmt.Errorf("%s ends within entry %d", name, entry)
		}
		length := int(binary.BigEndian.Uint16(data))
		leaf := tlog.RecordHash(data[2 : 2+length])
		data = data[2+length:]
		proof, err := tlog.ProveRecord(tree.N, entry, hashes)
		if err != nil {
			return fmt.Errorf("entry %d: %w", entry, err)
		}
		if err := tlog.CheckRecord(proof, tree.N, tree.Hash, entry, leaf); err != nil {
			return fmt.Errorf("entry %d: %w", entry, err)
		}
	}
	if len(data) != 0 {
		return fmt.Errorf("%s has bytes after entry %d", name, first+count-1)
	}
	return nil
}

// tiles reads tiles where C2SP tlog-tiles puts them; the package's own paths name the height too.
type tiles struct {
	folder string
	size   int64
}

func (t *tiles) Height() int { return 8 }

func (t *tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t *tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range wanted {
		name := fmt.Sprintf("tile/%d/%s", tile.L, path(tile.N))
		if tile.W < 256 {
			name += fmt.Sprintf(".p/%d", tile.W)
		}
		data, err := os.ReadFile(filepath.Join(t.folder, name))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// path writes 1234067 as x001/x234/067.
func path(index int64) string {
	text := fmt.Sprintf("%03d", index%1000)
	for index >= 1000 {
		index /= 1000
		text = fmt.Sprintf("x%03d/%s", index%1000, text)
	}
	return text
}
