//! How the commands that pages show are typed on this machine: a command that does not work where
//! it is read is worse than none.

/// What stands before and after the words of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terminal {
    /// The program, as a shell takes it: `freehold`, or a path, quoted where it must be.
    pub program: String,
    /// Where the installation is, as a shell takes it, if a command has to be told: the directory
    /// after `--dir`.
    pub directory: Option<String>,
}

impl Terminal {
    /// A command that reads nothing of an installation: `freehold fit`.
    pub(crate) fn command(&self, words: &str) -> String {
        format!("{} {words}", self.program)
    }

    /// A command about this installation: `freehold audit tail --dir DIR`.
    pub(crate) fn about(&self, words: &str) -> String {
        match &self.directory {
            None => self.command(words),
            Some(directory) => format!("{} {words} --dir {directory}", self.program),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_can_be_pasted() {
        let here = Terminal { program: "freehold".into(), directory: None };
        assert_eq!(here.about("audit tail"), "freehold audit tail");
        let there = Terminal { program: "./freehold".into(), directory: Some("'/a b'".into()) };
        assert_eq!(there.about("audit show ID"), "./freehold audit show ID --dir '/a b'");
        assert_eq!(there.command("fit"), "./freehold fit");
    }
}
