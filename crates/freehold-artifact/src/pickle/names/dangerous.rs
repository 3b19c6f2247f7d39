//! What runs programs or code, opens files or connections, or leads to what does.

use std::borrow::Cow;

use crate::rules::{self, Rule};

/// Python 2's names as Python 3's reader maps them for protocols below 3 (`fix_imports`).
pub(super) fn python3<'a>(module: &'a str, name: &'a str) -> (Cow<'a, str>, &'a str) {
    match (module, name) {
        ("itertools", "izip") => ("builtins".into(), "zip"),
        ("itertools", "imap") => ("builtins".into(), "map"),
        ("__builtin__", "reduce") => ("functools".into(), "reduce"),
        ("__builtin__" | "__builtins__", "intern") => ("sys".into(), "intern"),
        ("__builtin__" | "__builtins__" | "exceptions", name) => ("builtins".into(), name),
        ("copy_reg", name) => ("copyreg".into(), name),
        ("UserDict" | "UserList" | "UserString", name) => ("collections".into(), name),
        ("cPickle" | "_pickle", name) => ("pickle".into(), name),
        ("urllib2" | "urlparse" | "robotparser", name) => ("urllib".into(), name),
        ("httplib" | "cookielib", name) => ("http".into(), name),
        ("cStringIO" | "StringIO", name) => ("io".into(), name),
        ("whichdb" | "dbhash" | "dumbdbm" | "anydbm" | "gdbm", name) => ("dbm".into(), name),
        ("Queue", name) => ("queue".into(), name),
        _ => (module.into(), name),
    }
}

/// The rule that the global falls under.
pub(super) fn rule(module: &str, name: &str) -> Option<&'static Rule> {
    let last = name.rsplit('.').next().unwrap_or(name);
    // `numpy.core.os` + `system`, or `logging` + `os.system`: what matters is where the way ends.
    for chain in [module, name] {
        let parts: Vec<&str> = chain.split('.').collect();
        let skip = usize::from(std::ptr::eq(chain, module));
        let hidden = parts.iter().skip(skip).any(|part| HIDDEN_MODULES.contains(part));
        let stands_alone = !std::ptr::eq(chain, module) && parts.len() < 2;
        if hidden && !stands_alone || parts.iter().skip(skip).any(|part| leads_out(part)) {
            return Some(&rules::ATTRIBUTE_CHAIN);
        }
    }
    let exact = EXACT.iter().find(|(one, names, _)| {
        *one == module && names.split(' ').any(|known| known == name || known == last)
    });
    if let Some((_, _, rule)) = exact {
        return Some(rule);
    }
    let whole =
        MODULES.iter().find(|(modules, _)| modules.split(' ').any(|one| under(module, one)));
    whole.map(|(_, rule)| *rule).or_else(|| METHODS.contains(&last).then_some(&rules::POWERFUL))
}

/// Whether `module` is `one` or lies under it.
fn under(module: &str, one: &str) -> bool {
    module.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

pub(super) fn leads_out(attribute: &str) -> bool {
    LEADING_OUT.contains(&attribute)
}

pub(super) fn does_more(method: &str) -> bool {
    METHODS.contains(&method)
}

/// Modules that a chain of attributes is a way to.
static HIDDEN_MODULES: [&str; 22] = [
    "os",
    "posix",
    "nt",
    "sys",
    "subprocess",
    "builtins",
    "__builtins__",
    "importlib",
    "shutil",
    "socket",
    "ctypes",
    "runpy",
    "pickle",
    "marshal",
    "code",
    "pty",
    "commands",
    "webbrowser",
    "_posixsubprocess",
    "inspect",
    "platform",
    "tempfile",
];

static LEADING_OUT: [&str; 30] = [
    "__globals__",
    "__builtins__",
    "__subclasses__",
    "__bases__",
    "__base__",
    "__mro__",
    "mro",
    "__code__",
    "__closure__",
    "__loader__",
    "__spec__",
    "__import__",
    "__getattribute__",
    "__getattr__",
    "__setattr__",
    "__dict__",
    "__init_subclass__",
    "__reduce__",
    "__reduce_ex__",
    "__self__",
    "__func__",
    "__wrapped__",
    "func_globals",
    "gi_frame",
    "f_globals",
    "f_builtins",
    "f_locals",
    "tb_frame",
    "load_module",
    "exec_module",
];

/// Methods of ordinary classes that write, read or run.
static METHODS: [&str; 32] = [
    "query",
    "pipe",
    "to_hdf",
    "to_sql",
    "to_parquet",
    "to_excel",
    "write_file",
    "load_module",
    "import_module",
    "download",
    "tofile",
    "to_pickle",
    "read_pickle",
    "to_csv",
    "write_text",
    "write_bytes",
    "read_text",
    "read_bytes",
    "unlink",
    "rmdir",
    "rename",
    "chmod",
    "symlink_to",
    "hardlink_to",
    "system",
    "popen",
    "from_pretrained",
    "push_to_hub",
    "exec",
    "eval",
    "execfile",
    "run_code",
];

/// Single names; before whole modules.
static EXACT: [(&str, &str, &Rule); 39] = [
    ("joblib.memory", "Memory MemorizedFunc NotMemorizedFunc", &rules::POWERFUL),
    ("gensim.utils", "unpickle pickle", &rules::NESTED_LOAD),
    ("sklearn.utils.parallel", "Parallel delayed", &rules::POWERFUL),
    ("lightgbm", "Booster Dataset", &rules::POWERFUL),
    ("xgboost", "Booster DMatrix QuantileDMatrix", &rules::POWERFUL),
    ("catboost", "Pool", &rules::POWERFUL),
    ("ultralytics", "YOLO", &rules::POWERFUL),
    ("transformers.utils.import_utils", "_LazyModule", &rules::IMPORT),
    ("builtins", "eval exec compile execfile breakpoint help apply", &rules::EVAL),
    ("builtins", "__import__ reload __build_class__", &rules::IMPORT),
    ("builtins", "open file input raw_input", &rules::FILE_ACCESS),
    ("builtins", "map filter next super vars print", &rules::POWERFUL),
    ("builtins", "globals locals delattr dir exit quit", &rules::INTERPRETER),
    (
        "types",
        "CodeType FunctionType LambdaType MethodType BuiltinFunctionType",
        &rules::CODE_OBJECT,
    ),
    ("types", "ModuleType new_class prepare_class resolve_bases coroutine", &rules::INTERPRETER),
    ("operator", "methodcaller", &rules::ATTRIBUTE_CHAIN),
    ("_operator", "methodcaller", &rules::ATTRIBUTE_CHAIN),
    ("operator", "call setitem delitem concat iconcat ior", &rules::POWERFUL),
    ("functools", "reduce partialmethod singledispatch cached_property", &rules::POWERFUL),
    ("pickle", "loads load Unpickler _loads _load _Unpickler Pickler dump", &rules::NESTED_LOAD),
    (
        "io",
        "open open_code FileIO TextIOWrapper BufferedReader BufferedWriter",
        &rules::FILE_ACCESS,
    ),
    (
        "_io",
        "open open_code FileIO TextIOWrapper BufferedReader BufferedWriter",
        &rules::FILE_ACCESS,
    ),
    ("logging", "FileHandler basicConfig shutdown", &rules::FILE_ACCESS),
    ("copyreg", "pickle add_extension remove_extension constructor", &rules::INTERPRETER),
    ("uuid", "_get_command_stdout _load_system_functions getnode", &rules::OS_SYSTEM),
    ("platform", "popen _syscmd_file _syscmd_ver libc_ver", &rules::OS_SYSTEM),
    ("torch", "load save compile import_ir_module", &rules::NESTED_LOAD),
    ("torch.serialization", "load _load _legacy_load add_safe_globals", &rules::NESTED_LOAD),
    ("torch.jit", "load script trace compile", &rules::NESTED_LOAD),
    ("torch.jit._serialization", "load", &rules::NESTED_LOAD),
    ("torch.jit.unsupported_tensor_ops", "execWrapper", &rules::EVAL),
    ("joblib", "load dump Memory Parallel", &rules::NESTED_LOAD),
    ("joblib.numpy_pickle", "load dump load_temporary_memmap _unpickle", &rules::NESTED_LOAD),
    (
        "numpy",
        "load save savez loadtxt savetxt fromfile genfromtxt memmap fromregex DataSource",
        &rules::NESTED_LOAD,
    ),
    (
        "numpy.lib.npyio",
        "load save loadtxt savetxt genfromtxt fromregex DataSource",
        &rules::NESTED_LOAD,
    ),
    (
        "pandas",
        "read_pickle to_pickle eval read_csv read_json read_html read_sql read_parquet read_hdf read_feather read_excel",
        &rules::NESTED_LOAD,
    ),
    ("site", "main execsitecustomize addsitedir addpackage", &rules::EVAL),
    ("sklearn.datasets", "fetch_openml fetch_file load_files", &rules::NETWORK),
    ("torch.utils.data.datapipes.utils.decoder", "basichandlers", &rules::NESTED_LOAD),
];

/// Whole modules, and what lies under them.
static MODULES: [(&str, &Rule); 13] = [
    ("os posix nt ce os2 posixpath ntpath nturl2path _osx_support _aix_support", &rules::OS_SYSTEM),
    (
        "subprocess _posixsubprocess _winapi pty commands popen2 multiprocessing _multiprocessing \
      concurrent asyncio sh plumbum pexpect ptyprocess fabric invoke paramiko psutil mailcap \
      distutils setuptools numpy.distutils numpy.f2py torch.utils.cpp_extension _pyrepl \
      test.support test.libregrtest ensurepip venv torch.utils.collect_env torch.utils.bottleneck \
      torch._inductor.codecache torch.utils.hipify torch.testing._internal",
        &rules::SUBPROCESS,
    ),
    (
        "code codeop timeit cProfile profile _lsprof bdb pdb doctest trace runpy idlelib \
      numpy.testing numpy.testing._private.utils lib2to3 sympy IPython ipykernel jupyter_client \
      rlcompleter pydoc cgitb pyrepl turtledemo tkinter _tkinter dis symtable ast unittest pytest _pytest \
      nose pandas.core.computation torch.fx torch._dynamo torch._inductor numexpr mako jinja2 \
      torch.utils._config_module antigravity this builtin_exec js2py execjs",
        &rules::EVAL,
    ),
    (
        "importlib _frozen_importlib _frozen_importlib_external _imp imp pkgutil zipimport pip \
      pkg_resources modulefinder zipapp compileall py_compile site sysconfig torch.package \
      _bootstrap_python",
        &rules::IMPORT,
    ),
    ("marshal opcode _opcode bytecode", &rules::CODE_OBJECT),
    (
        "ctypes _ctypes cffi _cffi_backend mmap _testcapi _testinternalcapi torch.ops \
      torch._ops torch.classes numpy.ctypeslib",
        &rules::NATIVE,
    ),
    (
        "socket _socket ssl _ssl urllib urllib3 http requests httpx aiohttp ftplib smtplib telnetlib \
      poplib imaplib nntplib xmlrpc socketserver webbrowser wsgiref select selectors asyncore \
      asynchat boto3 botocore s3fs fsspec websocket websockets git huggingface_hub torch.hub \
      torch.utils.model_zoo torch.distributed.rpc torch.distributed.elastic smtpd pycurl",
        &rules::NETWORK,
    ),
    (
        "shutil tempfile fileinput glob zipfile tarfile gzip bz2 lzma linecache sqlite3 _sqlite3 dbm \
      fcntl winreg _winreg msvcrt filecmp tokenize netrc mailbox",
        &rules::FILE_ACCESS,
    ),
    (
        "shelve dill cloudpickle jsonpickle pickle joblib.memory joblib.externals yaml \
      torch.utils.serialization srsly marshmallow pickletools",
        &rules::NESTED_LOAD,
    ),
    (
        "sys gc inspect atexit signal threading _thread _threading_local dummy_threading faulthandler \
      logging.config resource ctypes.util tracemalloc _xxsubinterpreters _interpreters sched \
      readline pwd grp spwd crypt termios tty curses contextlib traceback",
        &rules::INTERPRETER,
    ),
    (
        "codecs fnmatch torch.distributed torch.multiprocessing torch.onnx torch.profiler \
      torch.utils.tensorboard",
        &rules::POWERFUL,
    ),
    ("nltk.data nltk.downloader nltk.app nltk.draw", &rules::NESTED_LOAD),
    ("mlflow keras tensorflow", &rules::UNKNOWN_GLOBAL),
];
