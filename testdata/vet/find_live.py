"""Finds callables that a pickle could use, in the standard library and in what is installed, without a list
of bad names: each is called with a marker, and an audit hook tells whether the marker came to where programs,
code, files, modules or connections are opened. What the hook sees, it stops.
    find_live.py OUT.json [MODULE...]      each entry: module, name, arguments, event"""
import importlib, inspect, json, marshal, os, pickle, pkgutil, resource, select, signal, sys, tempfile, warnings
from pathlib import Path

warnings.simplefilter("ignore")
MARK = "frhd_marker"
CODE = marshal.dumps(compile(MARK, MARK, "exec"))
PICKLE = b"c" + MARK.encode() + b"\nx\n."
KINDS = {"code": ("compile", "exec", "marshal.", "code.", "function."), "process": ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "subprocess.", "pty.", "os.fork", "os.startfile", "os.kill"),
    "import": ("import", "pickle.", "ctypes."), "network": ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.", "nntplib.", "telnetlib.", "webbrowser."),
    "file": ("os.", "shutil.", "tempfile.", "sqlite3.", "mmap.", "pathlib.", "glob.", "ensurepip."), "open": ("open",)}
QUIET = ("os.listdir", "os.scandir", "os.walk", "os.fwalk", "os.putenv", "os.unsetenv", "os.add_dll", "glob.", "pathlib.", "os.listxattr", "os.getxattr")
FILLS = (MARK, [MARK], "http://%s:9/" % MARK, MARK.encode(), PICKLE, CODE, {}, None, 0, (MARK,), [], "")
SKIP = {"antigravity", "this", "idlelib.idle", "__main__", "turtle", "tkinter", "test", "turtledemo", "lib2to3.tests", "distutils.tests", "ctypes.test", "unittest.test", "sqlite3.test", "msvcrt", "winreg", "_winapi"}
watching = result = None


def hook(event, given):
    if not watching or event in ("object.__getattr__", "sys._getframe") or event.startswith(QUIET):
        return
    kind = next((kind for kind, events in KINDS.items() if event.startswith(events)), None)
    if kind is None:
        return
    if event == "import" and MARK not in str(given[0]).split(".")[:1]:
        return
    reading = False
    if event == "open":
        reading = isinstance(given[1], str) and not set("wax+") & set(given[1]) and not (given[2] or 0) & 3
    if MARK in repr(given)[:4000] or event == "exec" and MARK in getattr(given[0], "co_filename", ""):
        os.write(result, json.dumps([kind if not reading else "read", event]).encode())
        os._exit(0)
    if kind in ("process", "network", "file") or event == "open" and not reading:
        raise SystemExit(event)


def slots(thing):
    try:
        need = [p for p in inspect.signature(thing).parameters.values() if p.kind in (0, 1)]
        most = len(need) + 1
        least = sum(p.default is p.empty for p in need)
        return range(least, min(most, least + 2, 7)) if least else range(0, min(most, 3))
    except (ValueError, TypeError):
        return range(0, 4)


def tries(thing, first):
    for count in slots(thing):
        if first and count:
            count -= 1
        if count == 0:
            yield (first[0],) if first else ()
            continue
        for fill in FILLS:
            yield (*first[:1], *[fill] * count)
        for at in range(count):
            for fill in FILLS[:6]:
                for rest in ({}, None, 0, "", MARK):
                    if count > 1:
                        yield (*first[:1], *[rest] * at, fill, *[rest] * (count - at - 1))


def attempt(thing, first, out):
    """In a child of its own: the first arguments that bring the marker to an event."""
    global watching, result
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    resource.setrlimit(resource.RLIMIT_NPROC, (4096, 4096))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(2)
    read, result = os.pipe()
    os.set_blocking(read, False)
    for given in tries(thing, first):
        try:
            os.write(out, (json.dumps(plain(given)) + "\n").encode())
        except (TypeError, ValueError):
            continue
        result = out
        watching = True
        try:
            thing(*given)
        except BaseException:
            pass
        watching = False
    os._exit(1)


def plain(given):
    return [{"bytes": one.hex()} if isinstance(one, bytes) else {"tuple": list(one)} if isinstance(one, tuple) else one for one in given]


def live(thing, first=()):
    read, out = os.pipe()
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.close(read)
        try:
            attempt(thing, first, out)
        finally:
            os._exit(1)
    os.close(out)
    data = b""
    while select.select([read], [], [], 3)[0] and (more := os.read(read, 65536)):
        data = (data + more)[-200_000:]
    os.close(read)
    try:
        os.kill(child, signal.SIGKILL)
    except ProcessLookupError:
        pass
    status = os.waitpid(child, 0)[1]
    lines = data.split(b"\n")
    if len(lines) > 1 and lines[-1].startswith(b"["):
        return json.loads(lines[-2]), *json.loads(lines[-1])
    return None


def callables(module, name):
    for key, thing in sorted(vars(module).items()):
        if key.startswith("__") or not callable(thing):
            continue
        own = getattr(thing, "__module__", None) in (name, None)
        if not own and (name.split(".")[0] != str(getattr(thing, "__module__", "")).split(".")[0]):
            continue
        yield key, thing, own
        if own and isinstance(thing, type):
            for method, function in sorted(vars(thing).items()):
                if method.startswith("__") and method not in ("__setstate__", "__call__", "__enter__", "__getitem__", "__del__"):
                    continue
                function = getattr(thing, method, None)
                if callable(function) and not isinstance(function, type):
                    yield f"{key}.{method}", function, own


def scan(name, file):
    try:
        module = importlib.import_module(name)
    except BaseException:
        return
    for key, thing, own in callables(module, name):
        static = "." in key and (isinstance(inspect.getattr_static(getattr(module, key.split(".")[0]), key.split(".")[1]), (staticmethod, classmethod)))
        for first in ((({},), (MARK,)) if "." in key and not static else ((),)):
            found = live(thing, first)
            if found:
                given, kind, event = found
                file.write(json.dumps({"module": name, "name": key, "arguments": given, "kind": kind, "event": event, "own": own}) + "\n")
                file.flush()
                break


def modules(tops):
    for top in tops:
        if top in SKIP:
            continue
        yield top
        try:
            found = importlib.util.find_spec(top)
        except BaseException:
            continue
        for path in (found.submodule_search_locations or ()) if found else ():
            for one in pkgutil.walk_packages([path], top + ".", onerror=lambda _: None):
                if not any(one.name == skip or one.name.startswith(skip + ".") for skip in SKIP) and not {"tests", "test", "__main__", "conftest"} & set(one.name.split(".")):
                    yield one.name


def main():
    import importlib.util
    out = Path(sys.argv[1]).absolute()
    tops = sys.argv[2:] or sorted(sys.stdlib_module_names - SKIP)
    names = list(modules(tops))
    os.chdir(tempfile.mkdtemp())
    sys.addaudithook(hook)
    with out.open("w") as file:
        for name in names:
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                signal.alarm(90)
                null = os.open(os.devnull, os.O_RDWR)
                os.dup2(null, 0), os.dup2(null, 1), os.dup2(null, 2)
                scan(name, file)
                os._exit(0)
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
