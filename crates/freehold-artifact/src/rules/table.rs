//! The table of rules.

use super::Rule;
use crate::finding::Severity;

/// Runs a command or touches the system through Python's os.
pub static OS_SYSTEM: Rule = Rule {
    name: "pickle/os-system",
    severity: Severity::Malicious,
    title: "runs a command or touches the system through Python's os",
    why: "Loading the pickle imports and calls it: whoever made the file acts as you.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Starts another program.
pub static SUBPROCESS: Rule = Rule {
    name: "pickle/subprocess",
    severity: Severity::Malicious,
    title: "starts another program",
    why: "Loading the pickle starts programs of the author's choice.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Runs code that stands in the file.
pub static EVAL: Rule = Rule {
    name: "pickle/eval",
    severity: Severity::Malicious,
    title: "runs code that stands in the file",
    why: "The text handed over is run as Python code while the file loads.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Imports or installs code by name.
pub static IMPORT: Rule = Rule {
    name: "pickle/import",
    severity: Severity::Malicious,
    title: "imports or installs code by name",
    why: "Importing runs the module's code, and hands out everything that is in it.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Makes a function out of bytecode in the file.
pub static CODE_OBJECT: Rule = Rule {
    name: "pickle/code-object",
    severity: Severity::Malicious,
    title: "makes a function out of bytecode in the file",
    why: "No data need a function made of bytecode; it runs as soon as somebody calls it.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Loads or calls native code.
pub static NATIVE: Rule = Rule {
    name: "pickle/native-code",
    severity: Severity::Malicious,
    title: "loads or calls native code",
    why: "Native code has no limits inside the process.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Opens a connection, or fetches from one.
pub static NETWORK: Rule = Rule {
    name: "pickle/network",
    severity: Severity::Malicious,
    title: "opens a connection, or fetches from one",
    why: "Loading would report you to somebody, or bring in code that was not there to be read.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Opens, writes or removes files.
pub static FILE_ACCESS: Rule = Rule {
    name: "pickle/file-access",
    severity: Severity::Malicious,
    title: "opens, writes or removes files",
    why: "Loading data needs no other file; this reads or changes yours.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Loads another file or pickle from within.
pub static NESTED_LOAD: Rule = Rule {
    name: "pickle/nested-load",
    severity: Severity::Malicious,
    title: "loads another file or pickle from within",
    why: "What is loaded within is not held to what is checked without.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Reaches into the interpreter.
pub static INTERPRETER: Rule = Rule {
    name: "pickle/interpreter-state",
    severity: Severity::Malicious,
    title: "reaches into the interpreter",
    why: "From there, everything else can be had.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Goes from a harmless object to the interpreter by its attributes.
pub static ATTRIBUTE_CHAIN: Rule = Rule {
    name: "pickle/attribute-chain",
    severity: Severity::Malicious,
    title: "goes from a harmless object to the interpreter by its attributes",
    why: "A name with dots, getattr or an operator leads from an ordinary class to os, builtins or globals.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Names a callable by a text that the stream computes.
pub static COMPUTED_NAME: Rule = Rule {
    name: "pickle/computed-name",
    severity: Severity::Malicious,
    title: "names a callable by a text that the stream computes",
    why: "No writer of data computes names; it hides from those who look for them.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// An argument crosses the end of its frame.
pub static FRAME_CROSSING: Rule = Rule {
    name: "pickle/frame-crossing",
    severity: Severity::Malicious,
    title: "an argument crosses the end of its frame",
    why: "Readers differ on what comes next (CPython issue 154848); no writer makes this but to deceive.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Calls a function that is made of code in the file.
pub static EMBEDDED_CALL: Rule = Rule {
    name: "pickle/embedded-call",
    severity: Severity::Malicious,
    title: "calls a function that is made of code in the file",
    why: "The file brings its own code and runs it while it loads.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Holds functions or classes as code (cloudpickle, dill).
pub static EMBEDDED_CODE: Rule = Rule {
    name: "pickle/embedded-code",
    severity: Severity::Suspicious,
    title: "holds functions or classes as code (cloudpickle, dill)",
    why: "The code runs when the function is called, not when the file is loaded; nobody has read it.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Names something of a known library that does more than hold data.
pub static POWERFUL: Rule = Rule {
    name: "pickle/powerful",
    severity: Severity::Suspicious,
    title: "names something of a known library that does more than hold data",
    why: "It may be ordinary; it could also read, write or run something.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Names something that no table knows.
pub static UNKNOWN_GLOBAL: Rule = Rule {
    name: "pickle/unknown-global",
    severity: Severity::Suspicious,
    title: "names something that no table knows",
    why: "Naming it imports its module, and making the object runs that module's code.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Calls a function of a known library that is not known to be harmless.
pub static UNKNOWN_CALL: Rule = Rule {
    name: "pickle/unknown-call",
    severity: Severity::Suspicious,
    title: "calls a function of a known library that is not known to be harmless",
    why: "What it does with these arguments was not decided.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Calls an object, or what came of a call that cannot be followed.
pub static CALLS_INSTANCE: Rule = Rule {
    name: "pickle/calls-instance",
    severity: Severity::Malicious,
    title: "calls an object, or what came of a call that cannot be followed",
    why: "No writer of data calls what a call returned; it hides who is called.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Takes an attribute of an object by name.
pub static ATTRIBUTE: Rule = Rule {
    name: "pickle/attribute",
    severity: Severity::Suspicious,
    title: "takes an attribute of an object by name",
    why: "The way to other things than data begins so.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Changes a class or function itself, not an object.
pub static BUILD_ON_GLOBAL: Rule = Rule {
    name: "pickle/build-on-global",
    severity: Severity::Malicious,
    title: "changes a class or function itself, not an object",
    why: "No writer of data does; changing a class changes what ordinary code does later.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Calls a part of Python's own library that data do not need.
pub static STANDARD_CALL: Rule = Rule {
    name: "pickle/standard-call",
    severity: Severity::Malicious,
    title: "calls a part of Python's own library that data do not need",
    why: "What Python's own library offers data is known; everything else in it does something.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Calls a function that does not rebuild data, by all that its name says.
pub static FOREIGN_CALL: Rule = Rule {
    name: "pickle/foreign-call",
    severity: Severity::Malicious,
    title: "calls a function that is none of those that rebuild data",
    why: "Writers of data call classes, and functions made for rebuilding; this is neither by name.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Hands code, a command or an address to what it calls.
pub static CODE_ARGUMENT: Rule = Rule {
    name: "pickle/code-argument",
    severity: Severity::Malicious,
    title: "hands code, a command or an address to what it calls",
    why: "Data come as numbers and names; a call that is handed code is there to run it.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Calls something unknown and drops what it made.
pub static DISCARDED_CALL: Rule = Rule {
    name: "pickle/discarded-call",
    severity: Severity::Malicious,
    title: "calls something unknown and drops what it made",
    why: "Whoever drops the result called it for what it does.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Names a callable by a text that was not kept.
pub static FORGOTTEN_NAME: Rule = Rule {
    name: "pickle/forgotten-name",
    severity: Severity::Suspicious,
    title: "names a callable by a text that was not kept",
    why: "The stream holds more texts than are kept, or the name is too long to be one.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// Uses a code of the extension registry.
pub static EXTENSION: Rule = Rule {
    name: "pickle/extension",
    severity: Severity::Malicious,
    title: "uses a code of the extension registry",
    why: "No writer of data uses one: what the code stands for is registered elsewhere, out of sight.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// More bytes follow after the end.
pub static TRAILING: Rule = Rule {
    name: "pickle/trailing-data",
    severity: Severity::Suspicious,
    title: "more bytes follow after the end",
    why: "Ordinary readers stop at the end; what follows is for another one.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// The stream breaks off or is not valid.
pub static BROKEN: Rule = Rule {
    name: "pickle/broken",
    severity: Severity::Unread,
    title: "the stream breaks off or is not valid",
    why: "What would have run until there is reported; what comes after it could not be read.",
    way_out: "Fetch the file again from its publisher.",
};

/// The stream goes beyond what is followed.
pub static NOT_FOLLOWED: Rule = Rule {
    name: "pickle/not-followed",
    severity: Severity::Unread,
    title: "the stream goes beyond what is followed",
    why: "Nesting, or the number of names or objects, is beyond the bound of this scanner.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// The archive's directory and its entries disagree.
pub static ZIP_MISMATCH: Rule = Rule {
    name: "zip/name-mismatch",
    severity: Severity::Malicious,
    title: "the archive's directory and its entries disagree",
    why: "Readers differ on what the archive holds; no writer makes this but to deceive.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// Entries of the archive share bytes.
pub static ZIP_OVERLAP: Rule = Rule {
    name: "zip/overlap",
    severity: Severity::Suspicious,
    title: "entries of the archive share bytes",
    why: "One part is shown as several; used for bombs and for hiding.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A name stands twice in the archive.
pub static ZIP_DUPLICATE: Rule = Rule {
    name: "zip/duplicate",
    severity: Severity::Suspicious,
    title: "a name stands twice in the archive",
    why: "Readers differ on which of the two they take.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A member's name leads out of the folder.
pub static ARCHIVE_PATH: Rule = Rule {
    name: "archive/path",
    severity: Severity::Malicious,
    title: "a member's name leads out of the folder",
    why: "Unpacking it as it says would write anywhere on the machine; no writer of models makes such names.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A member is a link or a device.
pub static ARCHIVE_LINK: Rule = Rule {
    name: "archive/link",
    severity: Severity::Suspicious,
    title: "a member is a link or a device",
    why: "Unpacking it makes a way to another place.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A member's checksum is wrong.
pub static ZIP_CHECKSUM: Rule = Rule {
    name: "zip/checksum",
    severity: Severity::Suspicious,
    title: "a member's checksum is wrong",
    why: "Some readers refuse it, others load it; scanners that refuse it see nothing.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// An entry is there that the directory does not name.
pub static ZIP_HIDDEN: Rule = Rule {
    name: "zip/hidden-entry",
    severity: Severity::Malicious,
    title: "an entry is there that the directory does not name",
    why: "Readers that go by the directory do not see it; others do.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A member is encrypted.
pub static ENCRYPTED: Rule = Rule {
    name: "archive/encrypted",
    severity: Severity::Unread,
    title: "a member is encrypted",
    why: "Nobody can read it without the password.",
    way_out: "Ask for it without encryption.",
};

/// The archive is not valid.
pub static ARCHIVE_BROKEN: Rule = Rule {
    name: "archive/broken",
    severity: Severity::Unread,
    title: "the archive is not valid",
    why: "It could not be read to the end.",
    way_out: "Fetch the file again from its publisher.",
};

/// It unpacks to more than is unpacked here.
pub static BOMB: Rule = Rule {
    name: "archive/too-large",
    severity: Severity::Unread,
    title: "it unpacks to more than is unpacked here",
    why: "What is beyond the bound was not read.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// Archives in archives, deeper than is followed.
pub static DEPTH: Rule = Rule {
    name: "archive/too-deep",
    severity: Severity::Unread,
    title: "archives in archives, deeper than is followed",
    why: "What is deeper was not read.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// A way of packing that is not read.
pub static METHOD: Rule = Rule {
    name: "archive/method",
    severity: Severity::Unread,
    title: "a way of packing that is not read",
    why: "Its content is not known.",
    way_out: "Unpack it where nothing of value is, and look at what it holds.",
};

/// The header breaks the format's rules.
pub static SAFETENSORS: Rule = Rule {
    name: "safetensors/invalid",
    severity: Severity::Suspicious,
    title: "the header breaks the format's rules",
    why: "Holes, overlaps, sizes or names that do not fit: bytes are hidden, or a reader is to be confused.",
    way_out: "Fetch the file again from its publisher.",
};

/// The file breaks the format's rules.
pub static GGUF: Rule = Rule {
    name: "gguf/invalid",
    severity: Severity::Suspicious,
    title: "the file breaks the format's rules",
    why: "Readers in C have been broken by lengths and offsets that lie.",
    way_out: "Fetch the file again from its publisher.",
};

/// A chat template reaches for the interpreter.
pub static TEMPLATE: Rule = Rule {
    name: "template/escape",
    severity: Severity::Malicious,
    title: "a chat template reaches for the interpreter",
    why: "Rendered without a tight sandbox, it runs code of the author's choice at every request.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// A chat template does what no chat template needs.
pub static TEMPLATE_ODD: Rule = Rule {
    name: "template/unusual",
    severity: Severity::Suspicious,
    title: "a chat template does what no chat template needs",
    why: "It includes other files, or takes attributes by computed names.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// The configuration takes code from another repository.
pub static REMOTE_CODE: Rule = Rule {
    name: "config/remote-code",
    severity: Severity::Suspicious,
    title: "the configuration takes code from another repository",
    why: "That code is not among these files, and may change at any time.",
    way_out: "Load it without trust_remote_code, or take another model.",
};

/// The configuration names Python code to be run.
pub static OWN_CODE: Rule = Rule {
    name: "config/own-code",
    severity: Severity::Suspicious,
    title: "the configuration names Python code to be run",
    why: "With trust_remote_code the code beside the weights is run.",
    way_out: "Read the code it names, or load it without trust_remote_code.",
};

/// A configuration names a callable that does more than hold data.
pub static TARGET: Rule = Rule {
    name: "config/target",
    severity: Severity::Suspicious,
    title: "a configuration names a callable that does more than hold data",
    why: "Tools that follow `_target_` or the like import and call it.",
    way_out: "Take the publisher's safetensors file instead, or have somebody read what is named here before it is loaded.",
};

/// A program or script.
pub static PROGRAM: Rule = Rule {
    name: "file/program",
    severity: Severity::Suspicious,
    title: "a program or script",
    why: "Models are data; what comes with them need not be run, and was not read as code.",
    way_out: "Leave it out of the folder, or read it before anybody runs it.",
};

/// A link that leads out of the folder, or nowhere.
pub static LINK: Rule = Rule {
    name: "file/link",
    severity: Severity::Suspicious,
    title: "a link that leads out of the folder, or nowhere",
    why: "What it leads to is not part of what was vetted.",
    way_out: "Replace the link by the file.",
};

/// Neither a file nor a folder.
pub static SPECIAL: Rule = Rule {
    name: "file/special",
    severity: Severity::Unread,
    title: "neither a file nor a folder",
    why: "A pipe, a socket or a device is no part of a model.",
    way_out: "Take it out of the folder.",
};

/// One file, two formats.
pub static POLYGLOT: Rule = Rule {
    name: "file/polyglot",
    severity: Severity::Malicious,
    title: "one file, two formats",
    why: "The same bytes are data for one reader and a pickle or archive for another.",
    way_out: "Do not load it. Take the publisher's safetensors file, and tell whoever gave you this one.",
};

/// The name says another format than the content.
pub static NAME_MISLEADS: Rule = Rule {
    name: "file/name-misleads",
    severity: Severity::Suspicious,
    title: "the name says another format than the content",
    why: "Tools choose the reader by the name or by the content, and need not agree.",
    way_out: "Fetch the file again from its publisher.",
};

/// A format that is not read.
pub static NOT_READ: Rule = Rule {
    name: "format/not-read",
    severity: Severity::Unread,
    title: "a format that is not read",
    why: "Nothing is said about what is not read.",
    way_out: "Take the publisher's safetensors or GGUF file.",
};

/// The file could not be read.
pub static UNREADABLE: Rule = Rule {
    name: "file/unreadable",
    severity: Severity::Unread,
    title: "the file could not be read",
    why: "Nothing is said about what is not read.",
    way_out: "See the cause that is named.",
};

/// A text that is larger than is read.
pub static TEXT_LARGE: Rule = Rule {
    name: "text/too-large",
    severity: Severity::Unread,
    title: "a text that is larger than is read",
    why: "Nothing is said about what is not read.",
    way_out: "Take it out of the folder.",
};

/// All rules, by family.
pub static ALL: [&Rule; 57] = [
    &OS_SYSTEM,
    &SUBPROCESS,
    &EVAL,
    &IMPORT,
    &CODE_OBJECT,
    &NATIVE,
    &NETWORK,
    &FILE_ACCESS,
    &NESTED_LOAD,
    &INTERPRETER,
    &ATTRIBUTE_CHAIN,
    &COMPUTED_NAME,
    &FRAME_CROSSING,
    &EMBEDDED_CALL,
    &EMBEDDED_CODE,
    &POWERFUL,
    &UNKNOWN_GLOBAL,
    &UNKNOWN_CALL,
    &CALLS_INSTANCE,
    &ATTRIBUTE,
    &BUILD_ON_GLOBAL,
    &STANDARD_CALL,
    &FOREIGN_CALL,
    &CODE_ARGUMENT,
    &DISCARDED_CALL,
    &FORGOTTEN_NAME,
    &EXTENSION,
    &TRAILING,
    &BROKEN,
    &NOT_FOLLOWED,
    &ZIP_MISMATCH,
    &ZIP_OVERLAP,
    &ZIP_DUPLICATE,
    &ARCHIVE_PATH,
    &ARCHIVE_LINK,
    &ZIP_CHECKSUM,
    &ZIP_HIDDEN,
    &ENCRYPTED,
    &ARCHIVE_BROKEN,
    &BOMB,
    &DEPTH,
    &METHOD,
    &SAFETENSORS,
    &GGUF,
    &TEMPLATE,
    &TEMPLATE_ODD,
    &REMOTE_CODE,
    &OWN_CODE,
    &TARGET,
    &PROGRAM,
    &LINK,
    &SPECIAL,
    &POLYGLOT,
    &NAME_MISLEADS,
    &NOT_READ,
    &UNREADABLE,
    &TEXT_LARGE,
];
