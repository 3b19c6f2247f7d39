//! Constructors that do nothing but hold data, by module or library.

use super::{Class, Special, dangerous};
use crate::rules;

pub(super) fn special(module: &str, name: &str) -> Option<Special> {
    Some(match (module, name) {
        ("builtins", "getattr") => Special::Attribute,
        ("functools", "partial") => Special::Partial,
        ("operator" | "_operator", "attrgetter") => Special::AttributeGetter,
        ("numpy", "dtype") => Special::Element,
        ("joblib.numpy_pickle" | "sklearn.externals.joblib.numpy_pickle", "NumpyArrayWrapper") => {
            Special::ArrayWrapper
        }
        ("builtins", "type") => Special::Type,
        ("builtins", "iter") => Special::Iterator,
        ("codecs" | "_codecs", "encode") => Special::Codec,
        ("torch.storage", "_load_from_bytes") => Special::FromBytes,
        ("copyreg", "_reconstructor" | "__newobj__" | "__newobj_ex__") => Special::Reconstruct,
        ("dill._dill" | "dill.dill", "_eval_repr") => Special::Range,
        ("operator" | "_operator", "getitem") | ("functools" | "_functools", "reduce") => {
            Special::OfTypes
        }
        ("builtins", "setattr") | ("dill", "_dill._setattr") | ("dill._dill", "_setattr") => {
            Special::SetAttribute
        }
        (module, "_ufunc_reconstruct") if module.starts_with("numpy.") => Special::Lookup,
        ("dill", "_dill") => Special::EmbeddedPart,
        (module, name) if embeds(module) => match name {
            "_builtin_type" | "_load_type" => Special::EmbeddedType,
            "subimport" | "_import_module" | "_getobject" => Special::EmbeddedName,
            _ if RUNNING.iter().any(|word| name.contains(word)) => return None,
            _ if ["class", "enum", "type"].iter().any(|word| name.contains(word)) => {
                Special::EmbeddedType
            }
            _ if name.contains("func") && !name.contains("setstate") => Special::EmbeddedCode,
            _ => Special::EmbeddedPart,
        },
        _ => return None,
    })
}

/// Whether the module is the part of cloudpickle or dill that writes functions and classes; many
/// libraries carry a copy.
fn embeds(module: &str) -> bool {
    let mut parts = module.rsplit('.');
    matches!(parts.next(), Some("cloudpickle" | "cloudpickle_fast")) && module.contains('.')
        || matches!(module, "dill._dill" | "dill.dill")
}

/// Whether calling exactly this makes data.
pub(super) fn exactly(module: &str, name: &str) -> bool {
    let in_table = EXACT
        .iter()
        .any(|(one, names)| *one == module && names.split(' ').any(|known| known == name));
    in_table
        || ((module == "builtins" || module == "exceptions")
            && !name.contains('.')
            && ["Error", "Exception", "Warning"].iter().any(|end| name.ends_with(end)))
        || (module == "pathlib" || module == "pathlib._local")
            && name.strip_prefix("Pure").unwrap_or(name).trim_start_matches(['P', 'W']).len() < 12
            && name.ends_with("Path")
}

/// What the libraries' manner of naming says about the rest.
pub(super) fn by_library(module: &str, name: &str) -> Option<Class> {
    let top = module.split('.').next().unwrap_or(module);
    if !LIBRARIES.contains(&top) {
        let class = name.starts_with(|c: char| c.is_ascii_uppercase()) && !name.contains('.');
        let holds = class && name != "ForwardRef" && STANDARD_CLASSES.contains(&module);
        return holds.then_some(Class::Harmless);
    }
    let first = name.split('.').next().unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or(name);
    let risky_place = module.split('.').any(|part| RISKY_PARTS.contains(&part));
    if risky_place || dangerous::leads_out(last) {
        return Some(Class::Falls(&rules::POWERFUL));
    }
    let bare = last.trim_start_matches('_');
    let upper =
        |text: &str| text.trim_start_matches('_').starts_with(|c: char| c.is_ascii_uppercase());
    if upper(last) || last.starts_with("__pyx_unpickle_") {
        let risky = RISKY_WORDS.iter().any(|word| bare.contains(word));
        return Some(if risky { Class::Falls(&rules::POWERFUL) } else { Class::Constructor });
    }
    let rebuilds = REBUILD
        .iter()
        .any(|(library, names)| *library == top && names.split(' ').any(|known| known == last));
    let scipy_class = top == "scipy" && SCIPY_ENDS.iter().any(|end| last.ends_with(end));
    // A function inside a class is an attribute: an enum's member as a rule, else a method.
    let inside = first != last && upper(first);
    match rebuilds && first == last || scipy_class {
        true => Some(Class::Harmless),
        false if inside || top != "__torch__" => Some(Class::Named),
        false => Some(Class::Harmless),
    }
}

/// Whether Python's own function may be named: estimators keep such; no data call them.
pub(super) fn plain_function(module: &str, name: &str) -> bool {
    FUNCTIONS
        .iter()
        .any(|(one, names)| *one == module && names.split(' ').any(|known| known == name))
}

/// Whether the class is called like one that does more than hold data.
pub(super) fn risky_word(name: &str) -> bool {
    RISKY_WORDS.iter().chain(&RISKY_FOREIGN).any(|word| name.contains(word))
}

/// Whether a function is called like one that does more than make data.
pub(super) fn does_something(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    RUNNING.iter().any(|word| name.contains(word))
        || name.split('_').any(|part| DOING.contains(&part))
}

/// Whether the module is of a library whose manner of naming is known.
pub(super) fn known_library(module: &str) -> bool {
    LIBRARIES.contains(&module.split('.').next().unwrap_or(module))
}

/// A method of a class that holds data: naming it is harmless.
pub(super) fn method(module: &str, name: &str) -> bool {
    let Some((class, method)) = name.split_once('.') else { return false };
    exactly(module, class) && !method.contains('.') && !method.starts_with("__")
}

/// Whether a function is called like those that rebuild data.
pub(super) fn rebuilds_by_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let runs = RUNNING.iter().any(|word| name.contains(word));
    !runs
        && (name.starts_with("_new")
            || name == "new"
            || REBUILDING.iter().any(|word| name.contains(word)))
}

/// Python's own, and single names elsewhere.
static EXACT: [(&str, &str); 51] = [
    ("spacy.strings", "StringStore"),
    ("joblib.numpy_pickle", "NDArrayWrapper"),
    ("joblib.numpy_pickle_compat", "NDArrayWrapper ZNDArrayWrapper"),
    ("joblib.hashing", "_ConsistentSet _MyHash"),
    (
        "builtins",
        "object list dict set frozenset tuple str bytes bytearray int float complex bool \
      slice range xrange long unicode Ellipsis NotImplemented NoneType memoryview reversed \
      enumerate zip BaseException KeyboardInterrupt StopIteration StopAsyncIteration GeneratorExit \
      SystemExit property staticmethod classmethod",
    ),
    (
        "collections",
        "OrderedDict defaultdict Counter deque ChainMap UserDict UserList UserString \
      namedtuple",
    ),
    ("copyreg", "_slotnames"),
    ("datetime", "datetime date time timedelta timezone tzinfo"),
    ("_datetime", "datetime date time timedelta timezone"),
    ("decimal", "Decimal Context"),
    ("_decimal", "Decimal Context"),
    ("_pydecimal", "Decimal Context"),
    ("fractions", "Fraction"),
    ("uuid", "UUID SafeUUID"),
    ("re", "_compile compile RegexFlag Pattern"),
    ("re._compiler", "_compile"),
    (
        "types",
        "SimpleNamespace MappingProxyType GenericAlias UnionType NoneType EllipsisType \
      DynamicClassAttribute",
    ),
    ("argparse", "Namespace"),
    ("io", "BytesIO StringIO"),
    ("_io", "BytesIO StringIO"),
    ("array", "array _array_reconstructor"),
    ("_operator", "itemgetter"),
    ("operator", "itemgetter"),
    ("_collections", "OrderedDict defaultdict deque"),
    ("logging", "getLogger Logger"),
    ("random", "Random"),
    ("_random", "Random"),
    ("time", "struct_time"),
    ("enum", "Enum IntEnum Flag IntFlag StrEnum EnumMeta EnumType auto _EnumDict"),
    ("itertools", "chain count cycle repeat product permutations combinations islice zip_longest"),
    ("ipaddress", "IPv4Address IPv6Address IPv4Network IPv6Network IPv4Interface IPv6Interface"),
    ("signal", "Signals Handlers Sigmasks"),
    ("csv", "excel excel_tab unix_dialect"),
    ("urllib.parse", "ParseResult SplitResult DefragResult ParseResultBytes SplitResultBytes"),
    ("urllib", "ParseResult SplitResult"),
    ("zoneinfo", "ZoneInfo ZoneInfo._unpickle"),
    ("pytz", "_UTC _p"),
    ("string", "Template Formatter"),
    ("weakref", "WeakKeyDictionary WeakValueDictionary WeakSet"),
    ("threading", "local"),
    ("_struct", "Struct"),
    ("struct", "Struct"),
    ("string.templatelib", "Template Interpolation"),
    ("statistics", "NormalDist"),
    ("http", "HTTPStatus HTTPMethod"),
    ("numbers", "Number Integral Real Complex Rational"),
    (
        "torch._utils",
        "_rebuild_tensor _rebuild_tensor_v2 _rebuild_tensor_v3 _rebuild_parameter \
      _rebuild_parameter_with_state _rebuild_sparse_tensor _rebuild_sparse_csr_tensor \
      _rebuild_nested_tensor _rebuild_device_tensor_from_numpy _rebuild_device_tensor_from_cpu_tensor \
      _rebuild_meta_tensor_no_storage _rebuild_wrapper_subclass _rebuild_qtensor \
      _rebuild_xla_tensor _rebuild_mlc_tensor",
    ),
    ("torch._tensor", "_rebuild_from_type_v2 _rebuild_from_type"),
    (
        "torch.jit._pickle",
        "build_intlist build_tensorlist build_doublelist build_boollist \
      build_tensor_from_id restore_type_tag",
    ),
    ("dill._dill", "_create_array _create_dtypemeta"),
    ("pickle", "PickleBuffer"),
];

/// Functions that only answer.
static FUNCTIONS: [(&str, &str); 7] = [
    (
        "builtins",
        "abs len round divmod pow repr hash id isinstance issubclass callable ord chr hex bin oct \
      ascii sum min max any all sorted",
    ),
    (
        "operator",
        "add sub mul truediv floordiv neg pos lt le gt ge eq ne and_ or_ xor not_ mod pow matmul \
      abs",
    ),
    (
        "_operator",
        "add sub mul truediv floordiv neg pos lt le gt ge eq ne and_ or_ xor not_ mod pow matmul \
      abs",
    ),
    ("functools", "lru_cache"),
    ("copy", "copy deepcopy"),
    ("math", "sqrt exp log log2 log10 log1p expm1 sin cos tan tanh floor ceil pow fabs isnan"),
    ("statistics", "mean median stdev variance"),
];

/// Of Python's modules that hold nothing but classes and data.
static STANDARD_CLASSES: [&str; 17] = [
    "collections.abc",
    "typing",
    "_typing",
    "abc",
    "numbers",
    "colorsys",
    "calendar",
    "configparser",
    "ConfigParser",
    "csv",
    "decimal",
    "difflib",
    "email.message",
    "email.policy",
    "email.header",
    "textwrap",
    "dataclasses",
];

/// Libraries whose classes hold data.
static LIBRARIES: [&str; 51] = [
    "networkx",
    "matplotlib",
    "PIL",
    "plotly",
    "xarray",
    "skimage",
    "umap",
    "hdbscan",
    "pynndescent",
    "regex",
    "pydantic_core",
    "nltk",
    "patsy",
    "formulaic",
    "numpy",
    "scipy",
    "sklearn",
    "pandas",
    "torch",
    "torchvision",
    "torchaudio",
    "transformers",
    "tokenizers",
    "accelerate",
    "peft",
    "diffusers",
    "timm",
    "ultralytics",
    "xgboost",
    "lightgbm",
    "catboost",
    "statsmodels",
    "imblearn",
    "category_encoders",
    "gensim",
    "spacy",
    "thinc",
    "datasets",
    "safetensors",
    "sentence_transformers",
    "torchmetrics",
    "pytorch_lightning",
    "lightning",
    "omegaconf",
    "skops",
    "dateutil",
    "pyarrow",
    "narwhals",
    "__torch__",
    "pydantic",
    "attr",
];

/// Parts of a module's name that stand for more than data.
static RISKY_PARTS: [&str; 40] = [
    "testing",
    "_testing",
    "tests",
    "test",
    "distutils",
    "f2py",
    "hub",
    "cpp_extension",
    "codecache",
    "_inductor",
    "_dynamo",
    "distributed",
    "multiprocessing",
    "subprocess",
    "computation",
    "datasets",
    "cli",
    "commands",
    "bottleneck",
    "collect_env",
    "package",
    "fx",
    "os",
    "sys",
    "importlib",
    "externals",
    "memory",
    "backends",
    "_memmapping_reducer",
    "pipes",
    "dataloader",
    "dataset_utils",
    "model_zoo",
    "_config_module",
    "load",
    "io",
    "builtins",
    "downloads",
    "file_utils",
    "entry_points",
];

/// Words in a class's name that stand for more than data.
static RISKY_WORDS: [&str; 26] = [
    "File",
    "Memmap",
    "Store",
    "Writer",
    "Reader",
    "Command",
    "Server",
    "Client",
    "Thread",
    "Loader",
    "Download",
    "Library",
    "DLL",
    "Popen",
    "Shell",
    "Console",
    "Compil",
    "Executor",
    "Timer",
    "Profil",
    "Debug",
    "Socket",
    "DataSource",
    "Installer",
    "Finder",
    "Importer",
];

/// The same, of libraries that nobody here knows.
static RISKY_FOREIGN: [&str; 15] = [
    "Lambda",
    "Runner",
    "Agent",
    "Process",
    "Remote",
    "Session",
    "Connection",
    "Exec",
    "Kernel",
    "Interpreter",
    "REPL",
    "Spawn",
    "Hook",
    "Exploit",
    "Payload",
];

/// Words in the name of a function that does more.
static RUNNING: [&str; 25] = [
    "newdoc",
    "fromfile",
    "filehandle",
    "mkdir",
    "rmtree",
    "unlink",
    "socket",
    "load",
    "import",
    "eval",
    "exec",
    "open",
    "system",
    "get_attr",
    "getattr",
    "enable",
    "spawn",
    "shell",
    "command",
    "fetch",
    "url",
    "subprocess",
    "compile",
    "pretrained",
    "install",
];

/// The same, as whole words.
static DOING: [&str; 34] = [
    "run", "read", "write", "save", "dump", "call", "apply", "main", "file", "remove", "delete",
    "rm", "parse", "query", "request", "start", "invoke", "execute", "script", "launch", "memmap",
    "pipe", "map", "cmd", "http", "get", "post", "send", "connect", "pipeline", "task", "train",
    "vmap", "path",
];

/// Words in the name of a function that rebuilds data.
static REBUILDING: [&str; 14] = [
    "unpickle",
    "reconstruct",
    "rebuild",
    "restore",
    "deserial",
    "ctor",
    "setstate",
    "frombuffer",
    "from_buffer",
    "frombytes",
    "from_bytes",
    "from_state",
    "unreduce",
    "from_dict",
];

static SCIPY_ENDS: [&str; 12] = [
    "_gen",
    "_frozen",
    "_matrix",
    "_array",
    "interp1d",
    "interp2d",
    "rv_histogram",
    "gaussian_kde",
    "rv_discrete",
    "cKDTree",
    "poly1d",
    "multi_rv_frozen",
];

/// Functions and lower-case classes that rebuild data.
static REBUILD: [(&str, &str); 13] = [
    (
        "statsmodels",
        "sInitialization dInitialization cInitialization zInitialization sStatespace dStatespace cStatespace zStatespace",
    ),
    (
        "pyarrow",
        "type_for_alias py_buffer _restore_array _reconstruct_table _reconstruct_record_batch \
      schema field list_ large_list struct timestamp time32 time64 duration dictionary decimal128 \
      decimal256 binary map_ chunked_array table array scalar _unpickle_extension foreign_buffer \
      _unregister_py_extension_types fixed_size_list run_end_encoded",
    ),
    (
        "numpy",
        "_reconstruct scalar ndarray matrix _frombuffer \
      __randomstate_ctor __bit_generator_ctor __generator_ctor __RandomState_ctor \
      _mareconstruct recarray poly1d record void generic number flexible character str_ bytes_ \
      bool_ bool int_ intc intp int8 int16 int32 int64 uint8 uint16 uint32 uint64 uintc uintp \
      longlong ulonglong half float16 single float32 double float64 longdouble float128 \
      complex64 complex128 clongdouble complex256 datetime64 timedelta64 object_ string_ unicode_ \
      float_ complex_ nan vectorize masked_array busdaycalendar broadcast _DType_reconstruct \
      iinfo finfo _convert_to_stringdtype_kwargs",
    ),
    (
        "pandas",
        "_unpickle_block _new_Index _new_DatetimeIndex _new_PeriodIndex _new_IntervalIndex \
      _new_TimedeltaIndex _unpickle_timestamp \
      _timedelta_unpickle _nat_unpickle new_block make_block _unpickle_array_view \
      _unpickle_manager_array _unpickle_list \
      _period_unpickle __newobj__ _ctor_from_args create_pandas_abc_type",
    ),
    (
        "torch",
        "_get_layout device dtype Size layout memory_format strided \
      sparse_coo float16 float32 float64 bfloat16 half float double int8 int16 int32 int64 uint8 \
      uint16 uint32 uint64 bool int long short complex64 complex128 float8_e4m3fn float8_e5m2 \
      quint8 qint8 qint32 per_tensor_affine per_channel_affine contiguous_format preserve_format \
      channels_last",
    ),
    ("sklearn", "newObj _reconstruct_bunch"),
    ("gensim", "_unpickle_doc2vec"),
    ("dateutil", "tzutc tzlocal tzoffset tzfile relativedelta"),
    ("spacy", "unpickle_doc unpickle_vocab unpickle_vectors"),
    ("transformers", "__newobj__"),
    ("attr", "_make"),
    ("pydantic", "__newobj__"),
    ("xgboost", "_unpickle_booster"),
];
