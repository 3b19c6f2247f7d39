//! What the tests share: the program run to its end or as a server, and a small HTTP client.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// The program with an environment of its own: no variable of the caller's reaches it, and its
/// home is the given folder.
pub fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_freehold"));
    command.env_clear().env("HOME", home).env("PATH", search_path()).stdin(Stdio::null());
    command
}

/// The search path of a machine where the program is installed, so that it calls itself `freehold`
/// in what it prints, and lines break alike wherever the tests were built.
pub fn search_path() -> String {
    let folder = Path::new(env!("CARGO_BIN_EXE_freehold")).parent().expect("a folder");
    format!("{}:/usr/bin:/bin", folder.display())
}

/// A program that `cargo xtask test` installs and names in the environment.
pub fn witness(variable: &str) -> PathBuf {
    let path = std::env::var_os(variable);
    path.unwrap_or_else(|| panic!("{variable} is not set: run `cargo xtask test`")).into()
}

/// What a run of the program came to.
pub struct Ran {
    /// Exit code; -1 if a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Ran {
    /// Exit code and both outputs as one text for a snapshot, with the folder's name left out.
    pub fn text(&self, home: &Path) -> String {
        let text = format!("code: {}\n{}{}", self.code, block("out", &self.stdout), {
            block("err", &self.stderr)
        });
        text.replace(&home.display().to_string(), "[HOME]")
    }

    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error}: {:?} {:?}", self.stdout, self.stderr))
    }
}

fn block(name: &str, text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("--- {name}\n{text}") }
}

/// Runs the program to its end.
pub fn run(home: &Path, arguments: &[&str]) -> Ran {
    finish(program(home).args(arguments))
}

/// Runs a prepared command to its end.
pub fn finish(command: &mut Command) -> Ran {
    let output = command.output().expect("the program can be started");
    Ran {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// `freehold console` on a free port. It is killed when it is dropped.
pub struct Deciding {
    child: Child,
    /// The line that it printed when it was ready.
    pub ready: Value,
}

impl Deciding {
    /// Starts one where there is no installation and waits until it says that it is ready.
    pub fn start(home: &Path) -> Self {
        let mut child = program(home)
            .args(["console", "--json", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program can be started");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("its output can be read");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { child, ready }
    }

    /// Where it listens: `http://ADDRESS/`.
    pub fn address(&self) -> &str {
        self.ready["console"].as_str().expect("an address")
    }

    /// Asks it to stop; its exit code.
    pub fn stop(mut self) -> i32 {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(told.expect("kill(1) is there").success());
        self.child.wait().expect("it can be waited for").code().unwrap_or(-1)
    }
}

impl Drop for Deciding {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _gone = self.child.wait();
    }
}

/// A running Freehold on free ports. It is killed when it is dropped.
pub struct Server {
    child: Child,
    /// The line that `up --json` printed.
    pub ready: Value,
    /// Its data directory.
    pub directory: PathBuf,
    /// The first API key.
    pub key: String,
}

impl Server {
    /// Starts one in `home/data` and waits until it says that it is ready.
    pub fn start(home: &Path, more: &[&str]) -> Self {
        Self::try_start(home, more).unwrap_or_else(|stderr| panic!("`up` failed: {stderr}"))
    }

    /// The same; gives what it wrote to standard error where it does not get ready.
    pub fn try_start(home: &Path, more: &[&str]) -> Result<Self, String> {
        let directory = home.join("data");
        let mut child = program(home)
            .args(["up", "--json", "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--dir"])
            .arg(&directory)
            .args(more)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program can be started");
        let mut stderr = child.stderr.take().expect("piped");
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            let _ended = stderr.read_to_string(&mut text);
            text
        });
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("its output can be read");
        match serde_json::from_str::<Value>(&line) {
            Ok(ready) => {
                // None where the file is lost: then there is nothing to read.
                let file = ready["api_key_file"].as_str();
                let key = file.map(|file| std::fs::read_to_string(file).expect("the key file"));
                let key = key.unwrap_or_default().trim().to_owned();
                Ok(Self { child, ready, directory, key })
            }
            Err(_) => {
                let _gone = child.kill();
                let status = child.wait().expect("it can be waited for");
                Err(format!("{status}\n{}", errors.join().expect("the reader ends")))
            }
        }
    }

    /// Where the gateway listens, as `host:port`.
    pub fn gateway(&self) -> String {
        let url = self.ready["gateway"].as_str().expect("an address");
        url.trim_start_matches("http://").trim_end_matches("/v1").trim_end_matches('/').to_owned()
    }

    /// The process.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks for a chat completion with the first key.
    pub fn chat(&self, body: &Value) -> Result<Answer, String> {
        request(&self.gateway(), "POST", "/v1/chat/completions", &self.key, Some(body))
    }

    /// Asks the named model to say something short.
    pub fn say(&self, model: &str, text: &str) -> Result<Answer, String> {
        self.chat(&json!({
            "model": model,
            "messages": [{ "role": "user", "content": text }],
            "max_tokens": 8,
            "temperature": 0,
        }))
    }

    /// Sends a signal by its name.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.pid().to_string()]).status();
        assert!(status.expect("kill(1) is there").success());
    }

    /// Stops it in order; its exit code.
    pub fn stop(mut self) -> i32 {
        self.signal("-TERM");
        let begin = Instant::now();
        while begin.elapsed() < Duration::from_secs(60) {
            if let Some(status) = self.child.try_wait().expect("it can be waited for") {
                return status.code().unwrap_or(-1);
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it did not stop within a minute");
    }

    /// Kills it without warning and waits until it is gone.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// An HTTP answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, as they came.
    pub head: String,
    /// The body, transfer encoding removed.
    pub body: String,
}

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header's value.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }

    /// The record's identifier.
    pub fn record(&self) -> String {
        self.header("x-freehold-record").expect("every answer names its record").to_owned()
    }
}

/// One request on a connection of its own. An error is whatever kept a whole answer from coming.
pub fn request(
    address: &str,
    method: &str,
    path: &str,
    key: &str,
    body: Option<&Value>,
) -> Result<Answer, String> {
    request_with(address, method, path, key, &[], body)
}

/// The same with more headers.
pub fn request_with(
    address: &str,
    method: &str,
    path: &str,
    key: &str,
    headers: &[(&str, &str)],
    body: Option<&Value>,
) -> Result<Answer, String> {
    let mut stream = TcpStream::connect(address).map_err(|error| error.to_string())?;
    stream.set_read_timeout(Some(Duration::from_secs(120))).map_err(|error| error.to_string())?;
    let body = body.map(Value::to_string).unwrap_or_default();
    let more: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n{more}\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).map_err(|error| error.to_string())?;
    answer(&mut stream)
}

/// Reads an answer, up to the end of the connection.
pub fn answer(stream: &mut TcpStream) -> Result<Answer, String> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    parse(&bytes).ok_or_else(|| format!("cut off: {:?}", String::from_utf8_lossy(&bytes)))
}

/// `None` unless the answer is whole.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let rest = &bytes[end + 4..];
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let mut answer = Answer { status, head, body: String::new() };
    let body = if answer.header("transfer-encoding") == Some("chunked") {
        dechunk(rest)?
    } else {
        let length: usize = answer.header("content-length")?.parse().ok()?;
        rest.get(..length)?.to_vec()
    };
    answer.body = String::from_utf8_lossy(&body).into_owned();
    Some(answer)
}

fn dechunk(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = bytes.windows(2).position(|two| two == b"\r\n")?;
        let size = std::str::from_utf8(&bytes[..line]).ok()?;
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        bytes = bytes.get(line + 2..)?;
        if size == 0 {
            return Some(body);
        }
        body.extend_from_slice(bytes.get(..size)?);
        bytes = bytes.get(size + 2..)?;
    }
}

/// Admits a model into the installation in `home/data`, as a person at a terminal does.
pub fn admit(home: &Path, model: &Path) {
    let (model, data) = (model.display().to_string(), home.join("data").display().to_string());
    // What tests make has no licence; that of what has one is not asked for.
    let accept = "terms/not-confirmed=made by a test";
    let command = ["vet", &model, "--admit", "--by", "ada", "--accept", accept, "--dir", &data];
    let ran = run(home, &command);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}

/// The processes whose parent is this one.
pub fn children(pid: u32) -> Vec<u32> {
    let processes = std::fs::read_dir("/proc").expect("Linux has it").flatten();
    processes
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .filter(|child| parent(*child) == Some(pid))
        .collect()
}

/// A process's parent: the field after the state, which follows the name in parentheses (proc(5)).
fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let after_name = &stat[stat.rfind(')')? + 1..];
    after_name.split_whitespace().nth(1)?.parse().ok()
}

/// Waits until something holds; fails with its name where it does not in time.
pub fn wait_until(limit: Duration, what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < limit, "not within {limit:?}: {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The events in the log of `home/data`, in order.
pub fn events(home: &Path) -> Vec<String> {
    let ran = run(
        home,
        &[
            "audit",
            "tail",
            "-n",
            "10000000",
            "--json",
            "--dir",
            &home.join("data").display().to_string(),
        ],
    );
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("a line of JSON"))
        .filter_map(|entry| entry["recorded"]["event"].as_str().map(str::to_owned))
        .collect()
}

/// Gives a model a chat template that knows tools, which neither the house model's nor a tiny one's does.
pub fn teach_tools(model: &Path) {
    let file = model.join("tokenizer_config.json");
    let text = std::fs::read_to_string(&file).expect("the tokenizer's configuration");
    let mut config: Value = serde_json::from_str(&text).expect("JSON");
    config["chat_template"] = json!(
        "{% for m in messages %}{{ m.role }}: {{ m.content }}\n{% endfor %}\
         {% if tools %}{{ tools | tojson }}\n<tool_call>\n{% endif %}assistant:"
    );
    std::fs::write(&file, config.to_string()).expect("written");
}
