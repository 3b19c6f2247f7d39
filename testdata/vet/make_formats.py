"""Writes testdata/vet/formats with h5py, Keras and onnx: what their own writers make.

    pip install h5py==3.16.0 keras==3.15.1 jax scipy onnx==1.23.2 numpy py7zr==1.1.4 zstandard==0.25.0 lz4==4.4.5
    KERAS_BACKEND=jax python make_formats.py formats

Nothing in the files does anything: the only functions in them multiply or add.
"""

import os
import sys

os.environ.setdefault("KERAS_BACKEND", "jax")

import h5py
import numpy as np

out = sys.argv[1]
os.makedirs(out, exist_ok=True)


def path(name):
    return os.path.join(out, name)


CONFIG = '{"class_name": "Sequential", "config": {"name": "s", "layers": []}}'


def hdf5():
    for bounds in ("earliest", "latest"):
        with h5py.File(path(f"{bounds}.h5"), "w", libver=bounds) as f:
            f.attrs["model_config"] = CONFIG  # variable length
            f.attrs["backend"] = np.bytes_("jax")  # fixed length
            f.attrs["names"] = np.array([b"one", b"twelve"])
            f.attrs["words"] = np.array(["x", "yy"], dtype=h5py.string_dtype())
            f.attrs["number"] = 3
            group = f.create_group("weights/inner")
            group.attrs["deep"] = "down"
            group.create_dataset("kernel", data=np.zeros((2, 3), "f4"))
            for number in range(12):
                f.create_group(f"g{number}")
            f["g11"].attrs["last"] = "end"
    # More than eight links and attributes: fractal heaps and their indexes.
    with h5py.File(path("dense.h5"), "w", libver="latest") as f:
        group = f.create_group("many", track_order=True)
        for number in range(40):
            group.create_group(f"child_{number:03}", track_order=True)
        group["child_039"].attrs["deep"] = "found"
        for number in range(30):
            f.attrs[f"text_{number:03}"] = f"value {number}"
    with h5py.File(path("leads-out.h5"), "w") as f:
        f["link"] = h5py.ExternalLink("/etc/hostname", "/x")
        f["soft"] = h5py.SoftLink("/nowhere")
    with h5py.File(path("outside.h5"), "w") as f:
        f.create_dataset("d", (4,), "u1", external=[("/tmp/other.bin", 0, 4)])
    with h5py.File(path("user-block.h5"), "w", userblock_size=512) as f:
        f.attrs["model_config"] = CONFIG


def keras_files():
    import keras

    plain = keras.Sequential([keras.Input((2,))] + [keras.layers.Dense(1) for _ in range(3)])
    plain.save(path("dense.keras"))
    plain.save(path("sequential.h5"))
    calm = keras.Sequential([keras.Input((2,)), keras.layers.Lambda(lambda x: x * 2)])
    calm.save(path("lambda.keras"))
    calm.save(path("lambda.h5"))


def onnx_files():
    import onnx
    from onnx import TensorProto, helper

    def save(name, nodes, initializers=(), opsets=(("", 17),), functions=()):
        graph = helper.make_graph(
            nodes,
            "g",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
            [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
            initializers,
        )
        model = helper.make_model(
            graph,
            opset_imports=[helper.make_opsetid(*one) for one in opsets],
            functions=functions,
            producer_name="test",
        )
        helper.set_model_props(model, {"author": "nobody"})
        with open(path(name), "wb") as file:
            file.write(model.SerializeToString())

    one = helper.make_tensor("w", TensorProto.FLOAT, [1], [1.0])
    save("add.onnx", [helper.make_node("Add", ["x", "w"], ["y"])], [one])
    save("custom.onnx", [helper.make_node("Do", ["x"], ["y"], domain="somebody")], [one],
         [("", 17), ("somebody", 1)])
    own = helper.make_function("mine", "Twice", ["a"], ["b"],
                               [helper.make_node("Add", ["a", "a"], ["b"])],
                               [helper.make_opsetid("", 17)])
    save("function.onnx", [helper.make_node("Twice", ["x"], ["y"], domain="mine")], [],
         [("", 17), ("mine", 1)], [own])
    for name, location in [("beside", "weights.bin"), ("above", "../../etc/hostname"),
                           ("absolute", "/etc/hostname")]:
        outside = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[1],
                              data_location=TensorProto.EXTERNAL)
        outside.external_data.add(key="location", value=location)
        save(f"{name}.onnx", [helper.make_node("Add", ["x", "w"], ["y"])], [outside])


def archives():
    import io

    import lz4.frame
    import py7zr
    import zstandard

    # A pickle that would ask for the number of the process, and do nothing else.
    pickle = b"\x80\x02cos\ngetpid\n)R."
    calm = b"\x80\x04]\x94(K\x01K\x02e."
    for name, content in [("asks", pickle), ("calm", calm)]:
        with open(path(f"{name}.pkl.zst"), "wb") as file:
            file.write(zstandard.compress(content) + zstandard.compress(b""))
        with open(path(f"{name}.pkl.lz4"), "wb") as file:
            file.write(lz4.frame.compress(content))
        with py7zr.SevenZipFile(path(f"{name}.7z"), "w") as archive:
            archive.writef(io.BytesIO(b"words\n"), "README.md")
            archive.writef(io.BytesIO(content), "model.pkl")
    with py7zr.SevenZipFile(path("secret.7z"), "w", password="x") as archive:
        archive.writef(io.BytesIO(pickle), "model.pkl")


archives()
hdf5()
onnx_files()
keras_files()
