//! The rules for Keras, HDF5, ONNX, TensorFlow, TorchScript, Python and what lies beside a model.

use super::Rule;
use crate::finding::Severity::{self, Malicious, Note, Suspicious, Unread};

pub(super) const fn rule(
    name: &'static str,
    severity: Severity,
    title: &'static str,
    why: &'static str,
    way_out: &'static str,
) -> Rule {
    Rule { name, severity, title, why, way_out }
}

/// A Lambda layer carries Python bytecode.
pub static KERAS_LAMBDA: Rule = rule(
    "keras/lambda",
    Suspicious,
    "a Lambda layer carries Python bytecode",
    "Readers that are told to trust the file make a function of it and call it.",
    READ_IT,
);

/// A Lambda layer's bytecode names what runs programs or code.
pub static KERAS_LAMBDA_HARMS: Rule = rule(
    "keras/lambda-harms",
    Malicious,
    "a Lambda layer's bytecode names what runs programs, code or connections",
    "It runs when the model is loaded or called; a layer computes numbers and needs none of it.",
    DO_NOT_LOAD,
);

/// A configuration of Keras names an object that is not Keras's.
pub static KERAS_CUSTOM: Rule = rule(
    "keras/custom-object",
    Suspicious,
    "a configuration of Keras names an object that is not Keras's",
    "Older readers import the module it names; newer ones ask for it from the program.",
    READ_IT,
);

/// A configuration of Keras names a function that acts on the machine.
pub static KERAS_HARMS: Rule = rule(
    "keras/dangerous-object",
    Malicious,
    "a configuration of Keras names a function that acts on the machine",
    "Readers import and call what the configuration names (CVE-2025-1550 and those after it).",
    DO_NOT_LOAD,
);

/// A layer reads a file outside of the model.
pub static KERAS_OUTSIDE: Rule = rule(
    "keras/outside-file",
    Suspicious,
    "a layer reads a file outside of the model",
    "Loading it opens the path or address that is named, and what lies there was not vetted.",
    READ_IT,
);

/// A layer reads a file by a path that leads anywhere.
pub static KERAS_OUTSIDE_FIXED: Rule = rule(
    "keras/outside-path",
    Malicious,
    "a layer reads a path or address that lies outside of any model",
    "Loading the model reads a file of your machine, or asks another one (CVE-2025-12058).",
    DO_NOT_LOAD,
);

/// A part of an HDF5 file that is not read.
pub static HDF5_UNREAD: Rule = rule(
    "hdf5/not-read",
    Unread,
    "a part of an HDF5 file that is not read",
    "An attribute or group of a kind that is not known here, or a damaged one.",
    "Save the model again with Keras or h5py, or take the publisher's safetensors file.",
);

/// An HDF5 file takes data from another file.
pub static HDF5_OUTSIDE: Rule = rule(
    "hdf5/outside-file",
    Suspicious,
    "an HDF5 file takes data from another file",
    "Opening it reads the path that is named, which may be any file of the machine.",
    READ_IT,
);

/// An HDF5 file holds pickled objects.
pub static HDF5_PICKLED: Rule = rule(
    "hdf5/pickled",
    Suspicious,
    "an HDF5 file holds pickled objects",
    "PyTables and pandas unpickle them when they are read, which runs what the pickle says.",
    READ_IT,
);

/// An ONNX model takes data from a path that leads out of its folder.
pub static ONNX_PATH: Rule = rule(
    "onnx/external-path",
    Malicious,
    "an ONNX model takes data from a path that leads out of its folder",
    "Loading it reads any file of the machine into the model.",
    DO_NOT_LOAD,
);

/// An ONNX model takes data from a file beside it.
pub static ONNX_EXTERNAL: Rule = rule(
    "onnx/external-data",
    Note,
    "an ONNX model keeps its weights in a file beside it",
    "Both files together are the model.",
    "Keep the two together.",
);

/// An ONNX model calls operators that come from a library of somebody's.
pub static ONNX_CUSTOM: Rule = rule(
    "onnx/custom-operator",
    Suspicious,
    "an ONNX model calls operators that no well-known runtime has",
    "To run it, somebody's native library has to be loaded.",
    READ_IT,
);

/// Bytes that announce more than there is.
pub static PROTOBUF: Rule = rule(
    "protobuf/invalid",
    Suspicious,
    "the message breaks the format's rules",
    "Lengths that lie have broken readers in C++.",
    "Fetch the file again from its publisher.",
);

/// A graph of TensorFlow reads or writes files.
pub static TF_FILES: Rule = rule(
    "tensorflow/file-access",
    Suspicious,
    "a graph of TensorFlow reads, writes or lists files",
    "The operation runs with the rights of whoever runs the model.",
    READ_IT,
);

/// A graph of TensorFlow reads or writes a file that it names itself.
pub static TF_FILES_FIXED: Rule = rule(
    "tensorflow/file-named",
    Malicious,
    "a graph of TensorFlow reads or writes a file that it names itself",
    "No model needs a fixed path of somebody else's machine; running it reads or changes that file.",
    DO_NOT_LOAD,
);

/// A graph of TensorFlow calls Python.
pub static TF_PYTHON: Rule = rule(
    "tensorflow/python-call",
    Suspicious,
    "a graph of TensorFlow calls a Python function of the program that runs it",
    "The function is not in the file: which one is called is left to the file.",
    READ_IT,
);

/// A graph of TensorFlow connects to other machines.
pub static TF_NETWORK: Rule = rule(
    "tensorflow/network",
    Suspicious,
    "a graph of TensorFlow talks to another machine or a debugger",
    "Running the model opens a connection.",
    READ_IT,
);

/// A model of TensorFlow Lite calls operators that are not built in.
pub static TFLITE_CUSTOM: Rule = rule(
    "tflite/custom-operator",
    Note,
    "a TensorFlow Lite model calls an operator that is not built in",
    "To run it, the program has to bring the operator along.",
    "Make sure that you know where the operator comes from.",
);

/// TorchScript code writes or loads files.
pub static TORCHSCRIPT_FILES: Rule = rule(
    "torchscript/file-access",
    Malicious,
    "TorchScript code reads or writes files",
    "A model computes numbers; this runs with the rights of whoever calls it, also under weights_only.",
    DO_NOT_LOAD,
);

/// TorchScript code calls operators of somebody's library.
pub static TORCHSCRIPT_CUSTOM: Rule = rule(
    "torchscript/custom-operator",
    Suspicious,
    "TorchScript code calls operators that torch does not have",
    "To run it, somebody's native library has to be loaded.",
    READ_IT,
);

/// Python code runs a program as soon as it is imported.
pub static PYTHON_RUNS: Rule = rule(
    "python/runs-program",
    Malicious,
    "Python code runs a program or touches the system as soon as it is used",
    "Importing the module, installing the package or making the model runs it.",
    DO_NOT_RUN,
);

/// Python code runs text that it made itself.
pub static PYTHON_HIDDEN: Rule = rule(
    "python/hidden-code",
    Malicious,
    "Python code runs code that it hides or fetches",
    "What is decoded, unpacked or fetched, and then run, is hidden from whoever reads the file.",
    DO_NOT_RUN,
);

/// Python code hands data or a shell to another machine.
pub static PYTHON_STEALS: Rule = rule(
    "python/hands-over",
    Malicious,
    "Python code hands secrets or a shell to another machine",
    "It reads what is private to you, or opens the machine, and connects to somebody.",
    DO_NOT_RUN,
);

/// Python code nests in the system.
pub static PYTHON_NESTS: Rule = rule(
    "python/persists",
    Malicious,
    "Python code writes where programs are started from, or keys are kept",
    "What it leaves there runs or lets somebody in long after the model is gone.",
    DO_NOT_RUN,
);

/// Python code that makes a harmful pickle.
pub static PYTHON_PICKLE: Rule = rule(
    "python/makes-payload",
    Malicious,
    "Python code makes a pickle that runs something when it is loaded",
    "Its `__reduce__` hands back a function that acts on the machine.",
    DO_NOT_RUN,
);

/// Python code starts programs when it is used.
pub static PYTHON_MAY_RUN: Rule = rule(
    "python/program",
    Suspicious,
    "Python code may run programs",
    "What is run was not decided by reading.",
    READ_CODE,
);

/// Python code runs text as code.
pub static PYTHON_DYNAMIC: Rule = rule(
    "python/dynamic-code",
    Suspicious,
    "Python code runs text as code",
    "What the text is was not decided by reading.",
    READ_CODE,
);

/// Python code connects at import.
pub static PYTHON_NETWORK: Rule = rule(
    "python/network",
    Suspicious,
    "Python code connects to another machine as soon as it is used",
    "Importing it fetches or sends something.",
    READ_CODE,
);

/// Python code loads native code.
pub static PYTHON_NATIVE: Rule = rule(
    "python/native-code",
    Suspicious,
    "Python code loads or builds native code as soon as it is used",
    "Native code has no limits inside the process, and was not read.",
    READ_CODE,
);

/// Python code unpickles at import.
pub static PYTHON_LOADS: Rule = rule(
    "python/loads-pickle",
    Suspicious,
    "Python code loads a pickle or changes files as soon as it is used",
    "Importing it runs what the pickle says, or changes the folder it runs in.",
    READ_CODE,
);

/// Ordinary Python code with something worth knowing.
pub static PYTHON_NOTE: Rule = rule(
    "python/worth-knowing",
    Note,
    "Python code that fetches, loads or runs something when it is asked to",
    "Ordinary for tools; nothing of it happens at import.",
    "Read the function that is named before you call it.",
);

/// Python code that could not be read.
pub static PYTHON_UNREAD: Rule = rule(
    "python/not-read",
    Unread,
    "Python code that could not be read",
    "Nothing is said about what is not read.",
    READ_CODE,
);

/// Compiled Python.
pub static PYTHON_COMPILED: Rule = rule(
    "python/compiled",
    Suspicious,
    "compiled Python",
    "Its source is not here, and an import prefers it.",
    "Leave it out of the folder.",
);

/// Compiled Python that names what runs programs.
pub static PYTHON_COMPILED_HARMS: Rule = rule(
    "python/compiled-harms",
    Malicious,
    "compiled Python that names what runs programs, and no source beside it in the file",
    "Importing it runs it, and nobody can read it.",
    DO_NOT_RUN,
);

/// A project's build runs code from the folder.
pub static BUILD_HOOK: Rule = rule(
    "python/build-hook",
    Suspicious,
    "installing the project runs a build tool that lies in the folder",
    "`backend-path` makes the installer run code of the repository.",
    READ_CODE,
);

/// A shell command that fetches and runs, or opens the machine.
pub static SHELL_HARMS: Rule = rule(
    "shell/fetches-and-runs",
    Malicious,
    "a script runs what it fetches, or hands a shell to another machine",
    "Whoever runs the script runs what the other machine says.",
    DO_NOT_RUN,
);

/// Bytes after the end of an image or the like.
pub static AFTER_END: Rule = rule(
    "file/after-end",
    Suspicious,
    "bytes follow the end of the file's format",
    "A viewer does not see them; another reader may look for exactly them.",
    "Fetch the file again from its publisher.",
);

/// A configuration names a callable that acts on the machine.
pub static TARGET_HARMS: Rule = rule(
    "config/target-harms",
    Malicious,
    "a configuration names a callable that runs programs or code, connects or removes files",
    "Tools that follow `_target_`, YAML's Python tags or the like import and call it.",
    DO_NOT_LOAD,
);

/// An expression in a configuration acts on the machine.
pub static EXPRESSION: Rule = rule(
    "config/expression",
    Malicious,
    "a configuration holds an expression or command that acts on the machine",
    "Readers such as MONAI's evaluate texts that begin with `$`; package managers run scripts.",
    DO_NOT_LOAD,
);

/// A file of skops's names a type that acts on the machine.
pub static SKOPS_HARMS: Rule = rule(
    "skops/dangerous-type",
    Malicious,
    "a file of skops's names a function that acts on the machine",
    "Loading it with that type trusted imports and calls it.",
    DO_NOT_LOAD,
);

/// A file of skops's names a type that is not known.
pub static SKOPS_UNKNOWN: Rule = rule(
    "skops/unknown-type",
    Suspicious,
    "a file of skops's names a type that is not known here",
    "skops asks before it loads it; what the type does was not decided.",
    READ_IT,
);

/// XML that reads another file or address.
pub static XML_ENTITY: Rule = rule(
    "xml/external-entity",
    Malicious,
    "XML reads another file or address when it is parsed",
    "An external entity puts a file of the machine into the document, or asks another machine.",
    DO_NOT_LOAD,
);

/// XML that grows.
pub static XML_GROWS: Rule = rule(
    "xml/entities",
    Suspicious,
    "XML declares entities that are made of one another",
    "Parsers that resolve them need memory without end; no model's description has any.",
    "Fetch the file again from its publisher.",
);

/// An ONNX model calls Python.
pub static ONNX_PYTHON: Rule = rule(
    "onnx/python-call",
    Malicious,
    "an ONNX model calls Python by name",
    "Runtimes with Python operators import the module that the model names, and call it.",
    DO_NOT_LOAD,
);

/// A graph of TensorFlow calls Python or writes files.
pub static TF_ACTS: Rule = rule(
    "tensorflow/acts",
    Malicious,
    "a graph of TensorFlow calls Python or writes files",
    "A model computes numbers; this acts with the rights of whoever runs it.",
    DO_NOT_LOAD,
);

/// A link in an archive that leads out.
pub static ARCHIVE_LINK_OUT: Rule = rule(
    "archive/link-out",
    Malicious,
    "a member is a link that leads out of the folder",
    "What is unpacked after it can be written through it, and what is read through it is yours.",
    DO_NOT_LOAD,
);

/// A program under a model's name.
pub static PROGRAM_DISGUISED: Rule = rule(
    "file/program-disguised",
    Malicious,
    "a program under the name of a model, a picture or a text",
    "Nobody calls a program so but to have it carried where programs are not let in.",
    DO_NOT_RUN,
);

/// A script.
pub static SCRIPT: Rule = rule(
    "file/script",
    Note,
    "a script",
    "It runs only where somebody runs it; its commands were read.",
    "Read it before you run it.",
);

/// A document that acts when it is opened or read.
pub static OPENED: Rule = rule(
    "file/acts-when-opened",
    Malicious,
    "it starts programs as soon as it is opened or read",
    "Macros, shortcuts and objects of this kind have no place beside a model.",
    "Do not open it, and tell whoever gave you this one.",
);

/// A page or document with code, or with parts from elsewhere.
pub static ACTIVE: Rule = rule(
    "file/active-document",
    Suspicious,
    "a page or document that runs code or fetches parts where it is shown",
    "A model's card needs none; a viewer may run it with your rights.",
    "Read it as plain text, or leave it out of the folder.",
);

/// Numbers that a model beside them names.
pub static NUMBERS: Rule = rule(
    "file/numbers",
    Note,
    "numbers that a model in the folder points at",
    "They have no format of their own; the model says what they are.",
    "Keep the two together.",
);

/// Requirements from elsewhere.
pub static REQUIREMENTS: Rule = rule(
    "python/package-source",
    Suspicious,
    "packages are asked for from an unprotected or unusual address",
    "Installing them runs what that address serves.",
    READ_CODE,
);

/// A line that Python runs at every start.
pub static PTH: Rule = rule(
    "python/runs-at-start",
    Suspicious,
    "a line that Python runs at every start",
    "Lines of a `.pth` file that begin with `import` are run as soon as it lies among the packages.",
    READ_CODE,
);

/// The rules of this file.
pub static FORMATS: [&Rule; 53] = [
    &OPENED,
    &ACTIVE,
    &TARGET_HARMS,
    &EXPRESSION,
    &SKOPS_HARMS,
    &SKOPS_UNKNOWN,
    &XML_ENTITY,
    &XML_GROWS,
    &ONNX_PYTHON,
    &TF_ACTS,
    &ARCHIVE_LINK_OUT,
    &PROGRAM_DISGUISED,
    &SCRIPT,
    &NUMBERS,
    &REQUIREMENTS,
    &PTH,
    &KERAS_LAMBDA,
    &KERAS_LAMBDA_HARMS,
    &KERAS_CUSTOM,
    &KERAS_HARMS,
    &KERAS_OUTSIDE,
    &KERAS_OUTSIDE_FIXED,
    &HDF5_UNREAD,
    &HDF5_OUTSIDE,
    &HDF5_PICKLED,
    &ONNX_PATH,
    &ONNX_EXTERNAL,
    &ONNX_CUSTOM,
    &PROTOBUF,
    &TF_FILES,
    &TF_FILES_FIXED,
    &TF_PYTHON,
    &TF_NETWORK,
    &TFLITE_CUSTOM,
    &TORCHSCRIPT_FILES,
    &TORCHSCRIPT_CUSTOM,
    &PYTHON_RUNS,
    &PYTHON_HIDDEN,
    &PYTHON_STEALS,
    &PYTHON_NESTS,
    &PYTHON_PICKLE,
    &PYTHON_MAY_RUN,
    &PYTHON_DYNAMIC,
    &PYTHON_NETWORK,
    &PYTHON_NATIVE,
    &PYTHON_LOADS,
    &PYTHON_NOTE,
    &PYTHON_UNREAD,
    &PYTHON_COMPILED,
    &PYTHON_COMPILED_HARMS,
    &BUILD_HOOK,
    &SHELL_HARMS,
    &AFTER_END,
];

pub(super) const READ_IT: &str = "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.";
pub(super) const READ_CODE: &str =
    "Have somebody read the lines that are named before anybody runs them.";
pub(super) const DO_NOT_LOAD: &str =
    "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.";
pub(super) const DO_NOT_RUN: &str =
    "Do not run, import or install it, and tell whoever gave you this one.";
