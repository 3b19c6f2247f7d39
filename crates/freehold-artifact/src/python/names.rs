//! What Python's functions do, by their full names, and what commands and paths tell.

/// What a function does that matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Does {
    /// Runs its first argument as code.
    Executes,
    /// Runs a program.
    Runs,
    /// Connects to another machine.
    Connects,
    /// Loads native code.
    Native,
    /// Loads a pickle, or what is like it.
    Loads,
    /// Removes, moves or writes files.
    Changes,
    /// Turns a text or bytes into others.
    Decodes,
    /// Opens a file.
    Opens,
}

/// What the function of this name does.
pub(super) fn does(name: &str) -> Option<Does> {
    let name = name.strip_prefix("builtins.").unwrap_or(name);
    let name = name.strip_suffix(".__call__").unwrap_or(name);
    Some(match name {
        "sys.meta_path.insert"
        | "sys.meta_path.append"
        | "sys.path_hooks.insert"
        | "sys.path_hooks.append" => Does::Executes,
        "types.FunctionType" | "exec" | "eval" | "execfile" | "runpy.run_path"
        | "runpy.run_module" | "timeit.timeit" | "cProfile.run" | "code.interact" | "pdb.run" => {
            Does::Executes
        }
        "pty.spawn"
        | "ipython.system"
        | "ipython.run_cell_magic"
        | "ipython.run_line_magic"
        | "os.fork"
        | "ipython.getoutput"
        | "os.system"
        | "os.popen"
        | "os.startfile"
        | "posix.system"
        | "nt.system"
        | "platform.popen"
        | "asyncio.create_subprocess_exec"
        | "pip.main"
        | "asyncio.create_subprocess_shell"
        | "pip._internal.main"
        | "pexpect.spawn"
        | "pip._internal.cli.main.main"
        | "pexpect.run" => Does::Runs,
        "open" | "io.open" | "codecs.open" | "os.open" | "pathlib.Path" | "os.fdopen" => {
            Does::Opens
        }
        "torch.ops.load_library"
        | "torch.classes.load_library"
        | "tensorflow.load_op_library"
        | "tf.load_op_library"
        | "torch.utils.cpp_extension.load"
        | "mmap.mmap"
        | "torch.utils.cpp_extension.load_inline"
        | "numpy.ctypeslib.load_library" => Does::Native,
        "pickle.load" | "pickle.loads" | "pickle.Unpickler" | "_pickle.load" | "_pickle.loads"
        | "cPickle.load" | "cPickle.loads" | "dill.load" | "dill.loads" | "cloudpickle.load"
        | "cloudpickle.loads" | "joblib.load" | "marshal.load" | "marshal.loads"
        | "shelve.open" | "torch.load" | "yaml.load" | "yaml.unsafe_load" | "yaml.full_load"
        | "jsonpickle.decode" | "pandas.read_pickle" => Does::Loads,
        "shutil.rmtree" | "shutil.move" | "os.remove" | "os.unlink" | "os.rmdir" | "os.rename"
        | "os.removedirs" | "os.chmod" | "os.chown" | "os.symlink" | "os.replace" | "os.kill" => {
            Does::Changes
        }
        "native.lib.system"
        | "native.lib.popen"
        | "native.lib.WinExec"
        | "_posixsubprocess.fork_exec"
        | "_winapi.CreateProcess"
        | "psutil.Popen"
        | "invoke.run"
        | "fabric.run"
        | "fabric.api.local"
        | "ptyprocess.PtyProcess.spawn"
        | "torch.utils.collect_env.run" => Does::Runs,
        _ => return by_module(name),
    })
}

/// The same for functions of modules that have many.
fn by_module(name: &str) -> Option<Does> {
    let under = |prefixes: &[&str]| {
        prefixes.iter().any(|prefix| {
            name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('.') && rest.len() > 1)
        })
    };
    let last = name.rsplit('.').next().unwrap_or(name);
    Some(match name {
        _ if under(&["subprocess", "commands", "popen2"]) => match last {
            "run" | "call" | "Popen" | "check_output" | "check_call" | "getoutput"
            | "getstatusoutput" | "popen2" => Does::Runs,
            _ => return None,
        },
        _ if under(&["sh", "plumbum.cmd", "plumbum.local"]) => Does::Runs,
        _ if under(&["native.lib"]) && last.starts_with("exec") => Does::Runs,
        _ if under(&["pexpect", "distutils.spawn", "numpy.distutils.exec_command"]) => Does::Runs,
        // Runners of code: interpreters, profilers, debuggers, and tests of texts.
        _ if under(&["code", "codeop", "profile", "cProfile", "bdb", "pdb", "trace", "timeit"])
            && [
                "run",
                "runctx",
                "runcode",
                "runsource",
                "runeval",
                "runcall",
                "repeat",
                "push",
            ]
            .contains(&last) =>
        {
            Does::Executes
        }
        "numpy.f2py.crackfortran.myeval"
        | "numpy.testing._private.utils.runstring"
        | "idlelib.run.Executive.runcode"
        | "pandas.eval"
        | "sympy.sympify"
        | "sympy.parse_expr" => Does::Executes,
        _ if under(&["os", "posix"]) && (last.starts_with("exec") || last.starts_with("spawn")) => {
            Does::Runs
        }
        _ if under(&["os", "posix"]) && last.starts_with("posix_spawn") => Does::Runs,
        _ if under(&["ctypes"]) => match last {
            "CDLL" | "PyDLL" | "WinDLL" | "OleDLL" | "LoadLibrary" => Does::Native,
            _ if name.contains("windll") || name.contains("cdll") => Does::Native,
            _ => return None,
        },
        _ if under(&["base64", "binascii", "zlib", "codecs", "lzma", "bz2", "gzip"]) => {
            match last.contains("decode") || last.contains("decompress") || last == "unhexlify" {
                true => Does::Decodes,
                false => return None,
            }
        }
        "bytes.fromhex" | "bytearray.fromhex" => Does::Decodes,
        _ if under(&[
            "requests",
            "urllib",
            "urllib2",
            "urllib3",
            "http.client",
            "httpx",
            "aiohttp",
            "ftplib",
            "smtplib",
            "telnetlib",
            "paramiko",
            "socket",
            "wget",
            "xmlrpc.client",
            "websocket",
            "websockets",
        ]) && CONNECTING.contains(&last) =>
        {
            Does::Connects
        }
        _ => return None,
    })
}

static CONNECTING: [&str; 27] = [
    "Telnet",
    "get",
    "post",
    "put",
    "patch",
    "delete",
    "head",
    "request",
    "Session",
    "Request",
    "urlopen",
    "urlretrieve",
    "PoolManager",
    "HTTPConnection",
    "HTTPSConnection",
    "Client",
    "AsyncClient",
    "ClientSession",
    "FTP",
    "SMTP",
    "SSHClient",
    "socket",
    "create_connection",
    "download",
    "ServerProxy",
    "gethostbyname",
    "connect",
];

/// How bad a command is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Command {
    /// Asks for a version or the like.
    Asks,
    /// Builds or installs.
    Builds,
    /// Anything else.
    Other,
    /// Fetches and runs, opens the machine, hands over or destroys.
    Harms,
}

/// What a command line does.
pub(crate) fn command(line: &str) -> Command {
    let small = line.to_lowercase();
    let chained = ["&&", "||", ";", "|", "`", "$(", "\n"].iter().any(|sign| small.contains(sign));
    let small = small.split_whitespace().collect::<Vec<_>>().join(" ");
    if fetches_and_runs(&small) || hands_over(&small) || harms(&small) {
        return Command::Harms;
    }
    let first = small.split_whitespace().next().unwrap_or("");
    let first = first.rsplit(['/', '\\']).next().unwrap_or(first);
    if ASKS.contains(&first) && !chained {
        Command::Asks
    } else if BUILDS.contains(&first) {
        Command::Builds
    } else {
        Command::Other
    }
}

/// Whether it runs what it fetched.
fn fetches_and_runs(small: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().all(|part| small.contains(part));
    let fetches = ["curl ", "wget ", "iwr ", "invoke-webrequest", "fetch "];
    let shells = [
        "| /bin/",
        "|/bin/",
        "| sh",
        "|sh",
        "| bash",
        "|bash",
        "| python",
        "|python",
        "| sudo",
        "iex",
        "bash <(",
        "source <(",
        ". <(",
        "-c \"$(curl",
        "-c \"$(wget",
        "bash -c \"$(",
        "sh -c \"$(",
        "zsh",
    ];
    let fetched = fetches.iter().any(|one| small.contains(one))
        && (shells.iter().any(|one| small.contains(one))
            || has(&["chmod", "+x"])
            || has(&["&&", "python "])
            || has(&["env"]) && has(&["-d"]));
    let installers = ["https://astral.sh/", "https://sh.rustup.rs", "https://get.docker.com"];
    fetched && !installers.iter().any(|one| small.contains(one))
}

/// Whether a shell is handed what another machine, or a text turned around, says.
fn hands_over(small: &str) -> bool {
    let piped = ["| sh", "|sh", "| bash", "|bash", "| /bin/sh", "| /bin/bash"]
        .iter()
        .any(|one| small.len() < 2_000 && small.contains(one));
    let turned = ["| rev", "|rev", "xxd -r", "| tr ", "base64", "printf '\\", "s_client", "nc "];
    piped && turned.iter().any(|one| small.contains(one))
        || small.starts_with("eval ") && turned[..6].iter().any(|one| small.contains(one))
}

/// Whether it opens the machine, stays in it, or destroys.
fn harms(small: &str) -> bool {
    let has = |parts: &[&str]| parts.iter().all(|part| small.contains(part));
    let windows = ["certutil", "bitsadmin", "mshta", "regsvr32", "schtasks /create", "format c:"];
    has(&["socat ", "exec:"])
        || has(&["ext::"]) && small.contains("url")
        || has(&["iwr ", "-outfile", ".exe"])
        || windows.iter().any(|one| small.contains(one)) && !small.contains("certutil -hashfile")
        || has(&["downloadstring("])
        || has(&["invoke-expression"])
        || has(&["frombase64string", "iex"])
        || has(&["wscript.shell"]) && small.contains("run")
        || has(&["child_process"])
        || has(&["del /", "c:\\"])
        || has(&["rd /s", "c:\\"])
        || has(&["find / ", "-delete"])
        || has(&["/dev/tcp/"])
        || has(&["bash -i"])
        || has(&["nc ", " -e"])
        || has(&["ncat ", " -e"])
        || has(&["mkfifo", "nc "])
        || has(&["base64 -d", "|"])
        || has(&["base64 --decode", "|"])
        || has(&["powershell", "-e"])
        || destroys(small)
        || has(&["install ", "index-url http://"])
        || has(&["exec(", "/bin/sh"])
        || ["$_get", "$_post", "$_request"].iter().any(|one| small.contains(one))
            && ["system(", "exec(", "eval(", "passthru("].iter().any(|one| small.contains(one))
        || has(&["crontab"])
        || has(&["mkfs"])
        || has(&["dd if=", "of=/dev/"])
        || has(&[":(){"])
        || has(&["chmod u+s"])
        || has(&["useradd"])
        || persistent(small)
        || secret(small)
}

/// Whether it removes a whole machine's files, or a user's.
fn destroys(line: &str) -> bool {
    let mut words = line.split([' ', ';', '&', '|', '"', '\'']);
    while let Some(word) = words.next() {
        if word.rsplit('/').next() != Some("rm") {
            continue;
        }
        let given: Vec<&str> = words.clone().take(6).collect();
        let all = given.iter().any(|one| one.starts_with('-') && one.contains('r'));
        let whole = |path: &&str| {
            let path = path.trim_end_matches(['*', '/']);
            ["", "~", "$home", "${home}"].contains(&path) && !path.starts_with('-')
                || ["/home", "/root", "/etc", "/usr", "/bin", "/lib", "/var", "/boot", "/mnt"]
                    .contains(&path)
        };
        let paths = given.iter().filter(|one| one.starts_with(['/', '~', '$']));
        if all && paths.copied().any(|path| whole(&path)) {
            return true;
        }
    }
    false
}

/// Whether a command line begins with a program that a shell, a file or a screen is touched with.
pub(super) fn acts(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or("");
    let first = first.rsplit(['/', '\\']).next().unwrap_or(first).to_lowercase();
    ACTS.contains(&first.trim_end_matches(".exe"))
}

static ACTS: [&str; 36] = [
    "true",
    "nohup",
    "sh",
    "bash",
    "zsh",
    "dash",
    "cmd",
    "powershell",
    "pwsh",
    "touch",
    "echo",
    "id",
    "whoami",
    "cat",
    "cp",
    "mv",
    "rm",
    "chmod",
    "chown",
    "curl",
    "wget",
    "nc",
    "ncat",
    "socat",
    "ping",
    "env",
    "printenv",
    "calc",
    "notepad",
    "open",
    "xdg-open",
    "xcalc",
    "kill",
    "hostname",
    "perl",
    "ruby",
];

static ASKS: [&str; 16] = [
    "git",
    "nvcc",
    "nvidia-smi",
    "uname",
    "lscpu",
    "which",
    "where",
    "ldconfig",
    "rocminfo",
    "rocm-smi",
    "hipcc",
    "gcc",
    "g++",
    "sw_vers",
    "sysctl",
    "clang",
];
static BUILDS: [&str; 18] = [
    "pip", "pip3", "python", "python3", "conda", "apt", "apt-get", "sudo", "make", "cmake",
    "ninja", "git", "npm", "tar", "unzip", "mkdir", "ls", "cd",
];

/// Whether a path is one from which programs are started, or where keys that let in are kept.
pub(crate) fn persistent(path: &str) -> bool {
    [
        "authorized_keys",
        ".bashrc",
        ".bash_profile",
        ".zshrc",
        ".profile",
        "/etc/cron",
        "/etc/passwd",
        "/etc/sudoers",
        "/etc/systemd",
        "/etc/rc.local",
        "/etc/ld.so.preload",
        ".config/autostart",
        "sitecustomize.py",
        "usercustomize.py",
        "/etc/init.d",
        "\\startup\\",
        "launchagents",
        "crontab",
        "currentversion\\run",
    ]
    .iter()
    .any(|part| path.to_lowercase().contains(part))
}

/// Whether a file is one that Python runs at every start, in whichever of its folders it lies.
pub(crate) fn customises(path: &str) -> bool {
    path.ends_with("sitecustomize.py") || path.ends_with("usercustomize.py")
}

/// Whether a path is where secrets are kept.
pub(crate) fn secret(path: &str) -> bool {
    [
        "/etc/shadow",
        "/etc/passwd",
        ".ssh/",
        "id_rsa",
        "id_ed25519",
        ".aws/",
        ".kube/config",
        ".docker/config.json",
        ".netrc",
        ".git-credentials",
        ".huggingface/token",
        "huggingface/token",
        "/proc/self/environ",
        "login data",
        "wallet.dat",
        ".gnupg",
        "cookies.sqlite",
    ]
    .iter()
    .any(|part| path.to_lowercase().contains(part))
}
