//! Code: Python as source, as bytecode and in notebooks, TorchScript, shell, and what a build runs.

use std::io;

use freehold_artifact::{
    finding::{Severity, shown},
    marshal,
    python::{self, Place},
    rules,
};
use serde::Deserialize;

use super::{
    content::Scanner,
    window::{Bytes, part},
};

impl Scanner {
    /// Python's source; a file called `setup.py` is what an installation runs.
    pub(super) fn python(&mut self, text: &str, name: &str) {
        let setup = name.rsplit('/').next() == Some("setup.py");
        for finding in python::check(text, Place { setup, notebook: false }) {
            self.add(finding);
        }
    }

    /// A text that names its interpreter in the first line.
    pub(super) fn script(
        &mut self,
        file: &mut dyn Bytes,
        length: u64,
        name: &str,
    ) -> io::Result<()> {
        let text = part(file, 0, length.min(MOST_CODE))?;
        let text = String::from_utf8_lossy(&text);
        let first = text.lines().next().unwrap_or("");
        if first.contains("python") && length <= MOST_CODE {
            self.python(&text, name);
        } else {
            let shell = ["sh", "make", "awk", "env -S"].iter().any(|one| first.contains(one));
            let rule = if shell && length <= MOST_CODE { &rules::SCRIPT } else { &rules::PROGRAM };
            self.say(rule, 0, format!("a script: {}", shown(first.as_bytes(), 80)));
            self.shell(&text);
        }
        Ok(())
    }

    pub(super) fn shell(&mut self, text: &str) {
        for finding in python::check_shell(text) {
            self.add(finding);
        }
    }

    /// A file in the `code/` folder of an archive of `torch.jit`'s.
    pub(super) fn torchscript(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        if length > MOST_CODE {
            self.say(&rules::TEXT_LARGE, 0, "TorchScript code");
            return Ok(());
        }
        let text = part(file, 0, length)?;
        for finding in python::check_torchscript(&String::from_utf8_lossy(&text)) {
            self.add(finding);
        }
        Ok(())
    }

    /// Python's bytecode: its names say what it could do.
    pub(super) fn compiled(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let words = marshal::words(&part(file, 0, length.min(MOST_CODE))?);
        match marshal::harmful_in_module(&words) {
            Some(word) => {
                let what = format!("its code names `{}`", shown(word.as_bytes(), 60));
                self.say(&rules::PYTHON_COMPILED_HARMS, 0, what);
            }
            None => self.say(&rules::PYTHON_COMPILED, 0, format!("{length} bytes of bytecode")),
        }
        Ok(())
    }

    /// A notebook's cells; `false` where the JSON is none.
    pub(super) fn notebook(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<bool> {
        if length > MOST_NOTEBOOK {
            self.say(&rules::TEXT_LARGE, 0, "a notebook");
            return Ok(true);
        }
        let Ok(notebook) = serde_json::from_slice::<Notebook>(&part(file, 0, length)?) else {
            return Ok(false);
        };
        let place = Place { setup: false, notebook: true };
        for (index, cell) in notebook.cells.into_iter().enumerate() {
            if cell.cell_type != "code" {
                continue;
            }
            if ["%%javascript", "%%js"].iter().any(|one| cell.source.starts_with(one)) {
                self.say(&rules::ACTIVE, 0, format!("cell {} is JavaScript", index + 1));
                continue;
            }
            let (mut code, mut shell) = (String::new(), String::new());
            let source = cell.source.joined();
            let whole =
                ["%%bash", "%%sh", "%%script", "%%!"].iter().any(|one| source.starts_with(one));
            for line in source.lines() {
                let start = line.trim_start();
                // Lines that the notebook itself takes, not Python.
                let taken = start.split_once("= !").map(|(_, command)| command);
                if let Some(command) = taken.filter(|_| !whole) {
                    shell.push_str(command);
                }
                let own = whole || taken.is_some() || start.starts_with(['!', '%', '?']);
                if own {
                    if taken.is_none() {
                        shell.push_str(start.trim_start_matches(['!', '%']));
                    }
                    code.push_str(&line[..line.len() - start.len()]);
                    code.push_str("pass");
                } else {
                    code.push_str(line);
                }
                shell.push('\n');
                code.push('\n');
            }
            let mut found = python::check(&code, place);
            found.extend(python::check_shell(&shell));
            for mut finding in found {
                // Cells of other languages, or half-written ones, are nobody's harm.
                if finding.rule.severity == Severity::Unread {
                    continue;
                }
                finding.what = format!("cell {}, {}", index + 1, finding.what);
                self.add(finding);
            }
        }
        Ok(true)
    }

    /// `pyproject.toml`: whether an installation runs code of this folder as its build tool.
    pub(super) fn build(&mut self, text: &str) {
        let mut within = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.starts_with('[') {
                within = line == "[build-system]";
            }
            if within && line.starts_with("backend-path") {
                let what = format!("line {}: {}", number + 1, shown(line.as_bytes(), 120));
                self.say(&rules::BUILD_HOOK, 0, what);
            }
        }
    }
}

#[derive(Deserialize)]
struct Notebook {
    cells: Vec<Cell>,
}

#[derive(Deserialize)]
struct Cell {
    cell_type: String,
    #[serde(default)]
    source: Source,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Source {
    Lines(Vec<String>),
    Whole(String),
}

impl Default for Source {
    fn default() -> Self {
        Self::Whole(String::new())
    }
}

impl Source {
    fn starts_with(&self, sign: &str) -> bool {
        match self {
            Self::Lines(lines) => {
                lines.first().is_some_and(|line| line.trim_start().starts_with(sign))
            }
            Self::Whole(text) => text.trim_start().starts_with(sign),
        }
    }

    fn joined(&self) -> String {
        match self {
            Self::Lines(lines) => lines.concat(),
            Self::Whole(text) => text.clone(),
        }
    }
}

const MOST_CODE: u64 = 16 << 20;
const MOST_NOTEBOOK: u64 = 64 << 20;
