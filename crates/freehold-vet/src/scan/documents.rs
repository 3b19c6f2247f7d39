//! What people open: pages, documents, shortcuts and tables, and what in them runs when they do.

use std::io;

use freehold_artifact::{python, rules};

use super::{
    content::Scanner,
    window::{Bytes, part},
};

impl Scanner {
    /// Documents by their bytes: what their readers run or fetch.
    pub(super) fn document(
        &mut self,
        file: &mut dyn Bytes,
        length: u64,
        head: &[u8],
    ) -> io::Result<()> {
        let signs: &[&str] = match head {
            [b'%', b'P', b'D', b'F', ..] => &["/JavaScript", "/Launch"],
            [0xd0, 0xcf, 0x11, 0xe0, ..] => &["_\0V\0B\0A\0", "Auto_Open", "AutoOpen"],
            [0xac, 0xed, 0, 5, ..] | [0, 1, 0, 0, 0, 0xff, ..] => &GADGETS,
            _ => return Ok(()),
        };
        let bytes = part(file, 0, length.min(MOST_DOCUMENT))?;
        let held = signs.iter().find_map(|sign| {
            let at = bytes.windows(sign.len()).position(|part| part == sign.as_bytes())?;
            Some((at as u64, sign.replace('\0', "")))
        });
        if let Some((at, sign)) = held {
            let rule =
                if GADGETS.contains(&sign.as_str()) { &rules::OPENED } else { &rules::ACTIVE };
            self.say(rule, at, format!("it holds `{sign}`"));
        }
        Ok(())
    }

    /// A shortcut of Windows': what it starts (MS-SHLLINK keeps texts in UTF-16).
    pub(super) fn shortcut(&mut self, file: &mut dyn Bytes, length: u64) -> io::Result<()> {
        let bytes = part(file, 0, length.min(1 << 16))?;
        let letters = bytes.iter().copied().filter(|byte| *byte != 0);
        let text: String = letters.map(char::from).collect::<String>().to_lowercase();
        if let Some(sign) = STARTED.iter().find(|sign| text.contains(**sign)) {
            self.say(&rules::OPENED, 0, format!("a shortcut to `{sign}`"));
        }
        Ok(())
    }

    /// Texts that people open, by their names.
    pub(super) fn page(&mut self, text: &str, suffix: &str) {
        let lower = text.to_lowercase();
        let active = match suffix {
            "md" | "markdown" => {
                // What stands between fences is shown, not run.
                let apart = lower.split("```").step_by(2).collect::<String>();
                script(&apart)
            }
            "html" | "htm" | "xhtml" => {
                script(&lower).or(lower.contains("<iframe").then_some("iframe"))
            }
            "svg" | "xml" => script(&lower),
            "rtf" => lower.contains("\\objdata").then_some("an object within"),
            "rels" => {
                let outside = lower.contains("targetmode=\"external\"");
                let kinds = ["attachedtemplate", "oleobject", "relationships/frame"];
                let fetched = outside && kinds.iter().any(|kind| lower.contains(kind));
                fetched.then_some("a template or object from elsewhere")
            }
            "csv" | "tsv" => {
                let cells = ["cmd|'", "=webservice(", "=hyperlink(\"http", "=importxml("];
                cells.into_iter().find(|cell| lower.contains(cell))
            }
            "url" => lower.contains("url=file:").then_some("a program by its address"),
            _ => None,
        };
        if let Some(what) = active {
            self.say(&rules::ACTIVE, 0, what);
        }
    }

    /// Files of builds, services and tools whose lines are commands.
    pub(super) fn commands(&mut self, text: &str, suffix: &str) {
        let named = COMMANDED.iter().any(|one| self.own.eq_ignore_ascii_case(one));
        let rules =
            ["service", "desktop", "timer", "cmake", "gyp", "gypi", "ini", "cfg", "conf", "toml"];
        let more =
            ["r", "rprofile", "jl", "gradle", "nix", "just", "dockerfile", "envrc", "gitmodules"];
        let hidden =
            [".Rprofile", ".gitmodules", ".envrc", ".gitconfig"].contains(&self.own.as_str());
        if !(named || hidden || rules.contains(&suffix) || more.contains(&suffix)) {
            return;
        }
        for finding in python::check_shell(text) {
            self.add(finding);
        }
    }
}

/// What in markup runs where it is shown.
fn script(lower: &str) -> Option<&'static str> {
    let handlers =
        [" onload=", " onerror=", " onclick=", " onmouseover=", " onfocus=", " onbegin="];
    ["<script", "javascript:"].into_iter().chain(handlers).find(|sign| lower.contains(sign))
}

/// Classes of Java's and .NET's by which reading objects runs what the objects say.
static GADGETS: [&str; 9] = [
    "InvokerTransformer",
    "java.lang.Runtime",
    "java.lang.ProcessBuilder",
    "TemplatesImpl",
    "BadAttributeValueExpException",
    "ScriptEngineManager",
    "ObjectDataProvider",
    "System.Diagnostics.Process",
    "TypeConfuseDelegate",
];
/// What shortcuts to documents do not start.
static STARTED: [&str; 9] = [
    "powershell",
    "cmd",
    "mshta",
    "wscript",
    "cscript",
    "rundll32",
    "regsvr32",
    "http",
    "certutil",
];
/// Names without a suffix, or with one that says nothing.
static COMMANDED: [&str; 13] = [
    "Dockerfile",
    "Containerfile",
    "CMakeLists.txt",
    "Jenkinsfile",
    "Procfile",
    "Justfile",
    "Vagrantfile",
    "Snakefile",
    "Rakefile",
    "config",
    "MLproject",
    "Earthfile",
    "Modelfile",
];
const MOST_DOCUMENT: u64 = 32 << 20;
