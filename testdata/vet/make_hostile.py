"""Writes files that would do something when they are loaded, and a manifest of them, into a folder:
    make_hostile.py FOLDER [--set first|second]
The payloads do nothing. `prove_hostile.py` shows, with an audit hook, which of them would run here."""
import bz2, gzip, io, json, lzma, pickle, random, struct, sys, tarfile, zipfile, zlib
from pathlib import Path

import hostile_calls
from hostile import Apply, Call, Code, Name, framed, header, spelt, stream, text4, tuple_of, value

RANDOM = random.Random(5)
out = Path(sys.argv[1])
out.mkdir(parents=True, exist_ok=True)
which = sys.argv[sys.argv.index("--set") + 1] if "--set" in sys.argv else "first"
manifest = []


def write(family, name, data, label="malicious"):
    path = out / family / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    manifest.append({"path": f"{family}/{name}", "label": label, "family": family})


def zipped(members, method=zipfile.ZIP_STORED):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def torch_zip(data, method=zipfile.ZIP_STORED, folder="archive"):
    return zipped([(f"{folder}/data.pkl", data), (f"{folder}/byteorder", b"little"), (f"{folder}/data/0", bytes(64)), (f"{folder}/version", b"3\n")], method)


MAGIC = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."


def legacy(data):
    system = b"\x80\x02}q\x00X\r\x00\x00\x00little_endianq\x01\x88s."
    return MAGIC + b"\x80\x02M\xe9\x03." + system + data + b"\x80\x02]q\x00."


def numpy_array(data, descr="'|O'", version=1):
    text = f"{{'descr': {descr}, 'fortran_order': False, 'shape': (1,), }}\n".encode()
    size = struct.pack("<H", len(text)) if version == 1 else struct.pack("<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + size + text + data


def tarred(members, mode="w"):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


WRAPPER = b"\x80\x04cjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(\x8c\x08subclasscnumpy\nndarray\n\x8c\x05shapeK\x01\x85\x8c\x05ordercNone\n"


def joblib_array(shape, dtype, raw, after):
    head = b"\x80\x03}X\x01\x00\x00\x00acjoblib.numpy_pickle\nNumpyArrayWrapper\n)\x81}(X\x08\x00\x00\x00subclasscnumpy\nndarray\nX\x05\x00\x00\x00shape"
    head += tuple_of(shape, 3) + b"X\x05\x00\x00\x00orderX\x01\x00\x00\x00CX\x05\x00\x00\x00dtypecnumpy\ndtype\n"
    head += value(dtype, 3) + b"\x89\x88\x87RX\x0a\x00\x00\x00allow_mmap\x89ub"
    return head + raw + b"s" + after


def containers(data):
    """The same payload in everything that holds a pickle."""
    yield "plain.pkl", data
    yield "pytorch_model.bin", data
    yield "model.safetensors", data
    yield "weights.json", data
    yield "README.md", data
    yield "no_suffix", data
    yield "image.png", data
    yield "data.npy", data
    yield "torch.pt", torch_zip(data)
    yield "torch_deflated.pt", torch_zip(data, zipfile.ZIP_DEFLATED)
    yield "torch_other_folder.bin", torch_zip(data, folder="my model")
    yield "torch_in_data.pt", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/data/0", data), ("archive/version", b"3\n")])
    yield "torch_constants.pt", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/constants.pkl", data), ("archive/version", b"3\n")])
    yield "torch_odd_member.pt", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/extra/notes.txt", data), ("archive/version", b"3\n")])
    yield "torch_version.pt", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/version", data)])
    yield "legacy.pt", legacy(data)
    yield "legacy_first.pt", data + legacy(b"\x80\x02}q\x00.")
    yield "legacy_keys.pt", MAGIC + b"\x80\x02M\xe9\x03." + b"\x80\x02}q\x00." + b"\x80\x02}q\x00." + data
    yield "legacy_tar.tar", tarred([("sys_info", b"\x80\x02}q\x00."), ("pickle", data), ("storages", b"\x80\x02K\x00."), ("tensors", b"\x80\x02K\x00.")])
    yield "object.npy", numpy_array(data)
    yield "object2.npy", numpy_array(data, version=2)
    yield "structure.npy", numpy_array(data, "[('a', '<f8'), ('b', '|O')]")
    yield "object.npz", zipped([("arr_0.npy", numpy_array(data))])
    yield "object_deflated.npz", zipped([("x.npy", numpy_array(b"\x80\x03].")), ("arr_0.npy", numpy_array(data))], zipfile.ZIP_DEFLATED)
    yield "model.joblib", data
    yield "model.joblib.gz", gzip.compress(data)
    yield "model.joblib.bz2", bz2.compress(data)
    yield "model.joblib.xz", lzma.compress(data)
    yield "model.joblib.lzma", lzma.compress(data, lzma.FORMAT_ALONE)
    yield "model.joblib.z", zlib.compress(data)
    yield "zlib_fast.pkl", zlib.compress(data, 1)
    yield "zlib_best.pkl", zlib.compress(data, 9)
    yield "gz_twice.pkl", gzip.compress(gzip.compress(data))
    yield "gz_two_members.pkl", gzip.compress(b"\x80\x04N.") + gzip.compress(data)
    yield "gz_cut.pkl", gzip.compress(data + bytes(RANDOM.randbytes(4000)))[:-600]
    yield "gz_bad_crc.pkl", gzip.compress(data)[:-8] + bytes(8)
    yield "gz_named.safetensors", gzip.compress(data)
    yield "in.tar", tarred([("a/model.pkl", data)])
    yield "in.tar.gz", tarred([("model.bin", data)], "w:gz")
    yield "in.tar.xz", tarred([("model.bin", data)], "w:xz")
    yield "in.tar.bz2", tarred([("model.bin", data)], "w:bz2")
    yield "in_pax.tar", tarred([("n" * 180 + ".pkl", data)])
    yield "tar_in_zip.zip", zipped([("x.tar", tarred([("m.pkl", data)]))])
    yield "zip_in_zip.zip", zipped([("x.zip", zipped([("y.zip", torch_zip(data))]))])
    yield "bz2.zip", zipped([("m.pkl", data)], zipfile.ZIP_BZIP2)
    yield "lzma.zip", zipped([("m.pkl", data)], zipfile.ZIP_LZMA)
    yield "prepended.zip", b"\x00" * 777 + zipped([("m.pkl", data)])
    yield "appended.zip", zipped([("m.pkl", data)]) + b"\x00" * 777
    yield "commented.zip", commented(zipped([("m.pkl", data)]))
    yield "skops.skops", zipped([("schema.json", b'{"protocol": 0, "content": {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "content": "system"}}'), ("inner.pkl", data)])
    yield "nested_bytes.pkl", pickle.dumps({"state": b"0123456789" and data}, 4)
    yield "nested_bytes_p5.pkl", pickle.dumps([bytearray(data)], 5)
    yield "nested_gz.pkl", pickle.dumps({"state": gzip.compress(data)}, 4)
    yield "load_from_bytes.pkl", stream(Call("torch.storage", "_load_from_bytes", data), 4)
    yield "load_from_bytes_p2.pkl", stream(Call("torch.storage", "_load_from_bytes", data), 2)
    yield "joblib_after.joblib", joblib_array((2,), "f8", bytes(16), data[2:] if data[:1] == b"\x80" and data[1] < 4 else data)
    yield "joblib_object.joblib", joblib_array((1,), "O8", data, b".")
    yield "joblib_hidden.joblib", joblib_array((len(data),), "u1", data, b".")
    yield "polyglot_pickle_zip.pt", data + zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/version", b"3\n")])
    yield "polyglot_zip_pickle.pkl", torch_zip(b"\x80\x02}q\x00.") + data
    yield "leading_newline.txt", b"N0" + data
    yield "raw_tensor.bin", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), (".data/serialization_id", data), ("archive/version", b"3\n")])


def commented(data):
    return data[:-2] + struct.pack("<H", 5) + b"hello"


def patch_zip(data, find, change, nth=0):
    at = -1
    for _ in range(nth + 1):
        at = data.index(find, at + 1)
    return change(bytearray(data), at)


def zip_tricks(data):
    plain = torch_zip(data)
    center = plain.index(b"PK\x01\x02")

    def at(offset, new, source=plain):
        return source[:offset] + new + source[offset + len(new):]
    yield "crc_central.pt", at(center + 16, b"\xde\xad\xbe\xef")
    yield "crc_local.pt", at(14, b"\xde\xad\xbe\xef")
    yield "crc_both.pt", at(14, b"\xde\xad\xbe\xef", at(center + 16, b"\xde\xad\xbe\xef"))
    yield "flag_encrypted_local.pt", at(6, b"\x01\x00")
    yield "flag_encrypted_central.pt", at(center + 8, b"\x01\x00")
    yield "flag_both.pt", at(6, b"\x01\x00", at(center + 8, b"\x01\x00"))
    yield "flag_strong.pt", at(6, b"\x41\x20", at(center + 8, b"\x41\x20"))
    yield "name_local.pt", at(30, b"archive/dat_.txt")
    yield "name_central.pt", at(center + 46, b"archive/info.txt")
    yield "method_central.pt", at(center + 10, b"\x63\x00")
    yield "method_local.pt", at(8, b"\x08\x00")
    yield "size_local_zero.pt", at(18, bytes(8))
    yield "size_central_small.pt", at(center + 20, struct.pack("<II", 5, 5))
    yield "version_needed.pt", at(center + 6, b"\xff\x00")
    yield "count_zero.pt", plain[:-22] + at(8, bytes(4), plain[-22:])
    yield "count_more.pt", plain[:-22] + at(8, b"\x09\x00\x09\x00", plain[-22:])
    yield "directory_offset.pt", plain[:-22] + at(16, struct.pack("<I", 3), plain[-22:])
    yield "no_directory.pt", plain[:center]
    yield "cut_end.pt", plain[:-10]
    yield "zip64_lies.pt", plain[:-22] + at(16, b"\xff\xff\xff\xff", plain[-22:])
    yield "disk_number.pt", plain[:-22] + at(4, b"\x01\x00\x01\x00", plain[-22:])
    twice = io.BytesIO()
    import warnings
    warnings.simplefilter("ignore")
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("archive/data.pkl", data)
        archive.writestr("archive/data.pkl", b"\x80\x02}q\x00.")
        archive.writestr("archive/version", b"3\n")
    yield "duplicate_first.pt", twice.getvalue()
    yield "case_names.pt", zipped([("archive/data.pkl", b"\x80\x02}q\x00."), ("archive/DATA.PKL", data), ("archive/version", b"3\n")])
    yield "traversal.pt", zipped([("../../data.pkl", data), ("archive/version", b"3\n")])
    yield "absolute.zip", zipped([("/etc/x.pkl", data)])
    yield "backslash.zip", zipped([("..\\..\\x.pkl", data)])
    yield "two_archives.zip", zipped([("m.pkl", data)]) + zipped([("n.txt", b"text")])
    yield "hidden_entry.zip", hidden_entry(data)
    yield "comment_holds.zip", commented_with(zipped([("a.txt", b"text")]), data)
    yield "extra_field.zip", extra_field(data)


def hidden_entry(data):
    first = zipped([("m.pkl", data)])
    second = zipped([("n.txt", b"text")])
    body = first[:first.index(b"PK\x01\x02")]
    center = second.index(b"PK\x01\x02")
    directory = bytearray(second[center:])
    struct.pack_into("<I", directory, 42, len(body))
    struct.pack_into("<I", directory, len(directory) - 6, len(body) + center)
    return body + second[:center] + bytes(directory)


def commented_with(archive, data):
    return archive[:-2] + struct.pack("<H", len(data)) + data


def extra_field(data):
    info = zipfile.ZipInfo("m.pkl")
    info.extra = struct.pack("<HH", 0x7075, 4) + b"abcd"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, data)
    return file.getvalue()


def frame_tricks():
    """CPython issue 154848: the C reader drops what is left of a frame that an argument crosses."""
    payload = text4("os") + text4("system") + b"\x93" + text4("true") + b"\x85R"
    for inner in range(1, 6):
        cover = b"\x8c" + bytes([len(payload) + inner])
        yield f"cross_text_{inner}.pkl", b"\x80\x04\x95" + struct.pack("<Q", 2 + inner) + cover + b"x" * inner + payload + b"0N."
    yield "cross_bytes.pkl", b"\x80\x04\x95" + struct.pack("<Q", 3) + b"C" + bytes([len(payload) + 1]) + b"x" + payload + b"0N."
    yield "cross_int.pkl", b"\x80\x04\x95" + struct.pack("<Q", 3) + b"Jab" + b"cd" + payload + b"."
    yield "frame_too_long.pkl", b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + payload + b"."
    yield "frame_in_frame.pkl", b"\x80\x04\x95" + struct.pack("<Q", 90) + b"\x95" + struct.pack("<Q", 5) + payload + b"."
    yield "frame_short.pkl", b"\x80\x04\x95" + struct.pack("<Q", 4) + payload + b"."


def calls():
    """One file a gadget, the spellings in turn."""
    gadgets = hostile_calls.FIRST if which == "first" else hostile_calls.SECOND
    for number, (module, name, arguments) in enumerate(gadgets):
        spellings = list(spelt(module, name, arguments))
        picks = {number % 6, (number * 7) % len(spellings)} if "true" not in sys.argv else {}
        for pick in sorted(picks):
            style, data = spellings[pick]
            yield f"{number:03}_{module}.{name}_{style}.pkl".replace("/", "_"), data


def chains():
    """Names that are made, not written."""
    chains = hostile_calls.first_chains() if which == "first" else hostile_calls.second_chains()
    for name, code in chains:
        for protocol in (2, 4):
            try:
                yield f"{name}_p{protocol}.pkl", code if isinstance(code, bytes) else stream(code, protocol)
            except TypeError:
                continue
            if isinstance(code, bytes):
                break


def main():
    plain = dict(spelt("os", "system", ("true",)))
    for style, data in spelt(*(("posix", "system", ("true",)) if which == "first" else ("builtins", "exec", ("pass",)))):
        write("spelling", f"{style}.pkl", data)
    for name, data in calls():
        write("call", name, data)
    for name, data in chains():
        write("chain", name, data)
    if which == "first":
        payloads = {"p0": plain["p0"], "p4": plain["p4"]}
    else:
        code = Call("builtins", "eval", "None")
        payloads = {"p2": stream(code, 2), "inst": dict(spelt("nt", "popen", ("true",)))["inst"], "np": stream(Call("numpy.testing._private.utils", "runstring", "pass", {}), 4)}
    for key, data in payloads.items():
        for name, held in containers(data):
            write("container", f"{key}_{name}", held)
        for name, held in zip_tricks(data):
            write("zip", f"{key}_{name}", held)
    for name, data in frame_tricks():
        write("frame", name, data)
    for name, data, label in hostile_calls.texts(which):
        write("text", name, data, label)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1))
    print(len(manifest), "files")


main()
