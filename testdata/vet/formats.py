"""Writes files that are not pickles: some would run something when loaded, read elsewhere or lie.

    python formats.py FOLDER --set seen|held-out|third|fourth [--half a|b]

What they would run is nothing: `true`, `pass`, port 9 of this machine. The two sets try the same
things in different shapes. FOLDER/manifest.json says of each file whether it is `malicious`,
`surfaced` (must not be clean) or `ordinary`. A seeded coin says which half a file is of.
"""

import argparse
import bz2
import io
import json
import lzma
import marshal
import os
import pickle
import random
import struct
import tarfile
import zipfile
import zlib


class Call:
    """A pickle that calls `function(*arguments)`."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


def bad_pickle(protocol=2):
    return pickle.dumps(Call(os.system, "true"), protocol)


def calm_pickle(protocol=2):
    return pickle.dumps({"weights": [0.5, 1.5], "name": "calm"}, protocol)


# Protocol buffers.
def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def pb(*fields):
    """`(number, value)` pairs as a message: an int is a varint, text and bytes have a length."""
    out = b""
    for number, value in fields:
        if isinstance(value, int):
            out += varint(number << 3) + varint(value)
        else:
            value = value.encode() if isinstance(value, str) else value
            out += varint(number << 3 | 2) + varint(len(value)) + value
    return out


def zipped(files, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def tarred(files, mode="w", links=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, target, kind in links:
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            archive.addfile(info)
    return out.getvalue()


def safetensors(header, data=b"\0" * 16, length=None):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def gguf(metadata, version=3, tensors=(), count=None, pad=b""):
    """`metadata` maps keys to texts, unsigned numbers or lists of texts."""

    def text(value):
        value = value.encode() if isinstance(value, str) else value
        return struct.pack("<Q", len(value)) + value

    out = b"GGUF" + struct.pack("<IQQ", version, len(tensors), len(metadata) if count is None else count)
    pairs = metadata.items() if isinstance(metadata, dict) else metadata
    for key, value in pairs:
        out += text(key)
        if isinstance(value, int):
            out += struct.pack("<II", 4, value)
        elif isinstance(value, list):
            out += struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(text, value))
        else:
            out += struct.pack("<I", 8) + text(value)
    for name, dims, kind, offset in tensors:
        out += text(name) + struct.pack("<I", len(dims)) + struct.pack(f"<{len(dims)}Q", *dims)
        out += struct.pack("<IQ", kind, offset)
    return out + b"\0" * (-len(out) % 32) + pad


# TensorFlow's SavedModel.
def node(name, op, *fields):
    return pb((1, name), (2, op), *fields)


def saved_model(nodes, functions=(), assets=()):
    library = [(1, pb((1, pb((1, name))), *((3, one) for one in body))) for name, body in functions]
    graph = pb(*((1, one) for one in nodes), (2, pb(*library)))
    meta = pb((1, pb((4, "serve"))), (2, graph), *((6, pb((2, name))) for name in assets))
    return pb((1, 1), (2, meta))


# ONNX.
def onnx_model(nodes, initializers=(), functions=(), metadata=(), domains=("",)):
    value = pb((1, "x"), (2, pb((1, pb((1, 1))))))
    graph = pb(*((1, one) for one in nodes), (2, "g"), *((5, one) for one in initializers), (11, value), (12, value))
    opsets = [(8, pb((1, one), (2, 17))) for one in domains]
    props = [(14, pb((1, key), (2, text))) for key, text in metadata]
    return pb((1, 8), (2, "writer"), (7, graph), *opsets, *props, *((25, one) for one in functions))


def onnx_node(op, domain="", *attributes):
    return pb((1, "x"), (2, "y"), (4, op), *((5, one) for one in attributes), *([(7, domain)] if domain else []))


def onnx_outside(location, **more):
    entries = [("location", location), *more.items()]
    return pb((1, 4), (2, 1), (8, "w"), *((13, pb((1, key), (2, text))) for key, text in entries), (14, 1))


# Keras.
def code_bytes(source, name="f"):
    space = {}
    exec(compile(source, "<lambda>", "exec"), space)
    return marshal.dumps(space[name].__code__)


def keras_config(*layers):
    return {"module": "keras", "class_name": "Sequential", "config": {"name": "m", "layers": list(layers)},
            "registered_name": None}


def dense():
    return {"module": "keras.layers", "class_name": "Dense", "config": {"name": "d", "units": 2},
            "registered_name": None}


def keras_file(config, **more):
    return zipped({"metadata.json": b'{"keras_version": "3.8.0"}', "config.json": json.dumps(config).encode(),
                   "model.weights.h5": h5({}), **more})


def h5(attributes, build=None):
    import h5py

    out = io.BytesIO()
    with h5py.File(out, "w") as file:
        for key, value in attributes.items():
            file.attrs[key] = value
        file.create_group("model_weights")
        if build:
            build(file)
    return out.getvalue()


def notebook(*cells):
    cells = [{"cell_type": "code", "source": one if isinstance(one, list) else [one], "metadata": {}, "outputs": []}
             for one in cells]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


class Writer:
    """Puts cases into the folder and remembers what they are."""

    def __init__(self, folder, half=None):
        self.folder, self.manifest, self.count = folder, [], 0
        self.half, self.coin = half, random.Random(4)

    def put(self, family, label, name, data, beside=None):
        """One case in a folder of its own, with the files it needs `beside` it (unlabelled)."""
        self.count += 1
        if self.coin.choice("ab") not in (self.half or "ab"):
            return
        where = f"{family}-{self.count:03}"
        for path, content in {**(beside or {}), name: data}.items():
            full = os.path.join(self.folder, where, path)
            os.makedirs(os.path.dirname(full), exist_ok=True)
            with open(full, "wb") as out:
                out.write(content if isinstance(content, bytes) else content.encode())
        self.manifest.append({"path": f"{where}/{name}", "family": family, "label": label})

    def link(self, name, target):
        self.count += 1
        where = f"link-{self.count:03}"
        os.makedirs(os.path.join(self.folder, where), exist_ok=True)
        os.symlink(target, os.path.join(self.folder, where, name))
        self.manifest.append({"path": f"{where}/{name}", "family": "link", "label": "surfaced"})


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder")
    arguments.add_argument("--set", choices=["seen", "held-out", "third", "fourth"], required=True)
    arguments.add_argument("--half", choices=["a", "b"])
    given = arguments.parse_args()
    writer = Writer(given.folder, given.half)
    os.makedirs(given.folder, exist_ok=True)
    module = __import__("formats_" + given.set.replace("-", "_"))
    module.write(writer)
    with open(os.path.join(given.folder, "manifest.json"), "w") as out:
        json.dump(writer.manifest, out, indent=1)
    print(len(writer.manifest), "files")


if __name__ == "__main__":
    import sys

    sys.modules["formats"] = sys.modules["__main__"]
    main()
