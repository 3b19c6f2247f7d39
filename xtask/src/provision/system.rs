//! The package managers of the systems that Freehold is built on.

use std::process::Command;

use super::need::Need;
use crate::command;
use crate::failure::Done;

/// A package manager, and the column of [`Need::packages`] that is written for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manager {
    Apt,
    Dnf,
    Apk,
    Pacman,
    Zypper,
    Brew,
}

/// How this process may install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// As it is: the administrator, or a manager that wants none.
    Root,
    /// Through sudo, which asks for a password or does not.
    Sudo { asks: bool },
    /// Not at all.
    None,
}

impl Manager {
    /// The manager of this machine.
    pub fn of_this_machine() -> Option<Self> {
        ALL.into_iter().find(|manager| command::find(manager.program()).is_some())
    }

    /// The packages that meet `needs`, each once.
    pub fn packages(self, needs: &[&Need]) -> Vec<&'static str> {
        let mut packages = Vec::new();
        for need in needs {
            for package in need.packages[self as usize].split_whitespace() {
                if !packages.contains(&package) {
                    packages.push(package);
                }
            }
        }
        packages
    }

    /// The line that a person would type.
    pub fn line(self, packages: &[&str], rights: &Rights) -> String {
        let prefix = if *rights == Rights::Root { "" } else { "sudo " };
        let steps = self.steps(packages);
        let lines: Vec<_> =
            steps.iter().map(|step| format!("{prefix}{}", step.join(" "))).collect();
        lines.join(" && ")
    }

    /// Installs `packages`.
    pub fn install(self, packages: &[&str], rights: &Rights) -> Done {
        for step in self.steps(packages) {
            let mut words = Vec::new();
            if let Rights::Sudo { asks } = rights {
                words.push("sudo");
                if !asks {
                    words.push("-n");
                }
            }
            if self == Self::Apt {
                // Not a variable of this process: sudo would drop it.
                words.extend(["env", "DEBIAN_FRONTEND=noninteractive"]);
            }
            words.extend(step);
            let Some((program, arguments)) = words.split_first() else { continue };
            command::run(Command::new(program).args(arguments))?;
        }
        Ok(())
    }

    fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Apk => "apk",
            Self::Pacman => "pacman",
            Self::Zypper => "zypper",
            Self::Brew => "brew",
        }
    }

    fn steps<'a>(self, packages: &[&'a str]) -> Vec<Vec<&'a str>> {
        let install: &[&str] = match self {
            Self::Apt => &["apt-get", "install", "-y", "--no-install-recommends"],
            Self::Dnf => &["dnf", "install", "-y"],
            Self::Apk => &["apk", "add"],
            Self::Pacman => &["pacman", "-S", "--needed", "--noconfirm"],
            Self::Zypper => &["zypper", "--non-interactive", "install"],
            Self::Brew => &["brew", "install"],
        };
        let install = [install, packages].concat();
        match self {
            // A fresh image has no package lists at all.
            Self::Apt => vec![vec!["apt-get", "update"], install],
            Self::Apk => vec![vec!["apk", "update"], install],
            _ => vec![install],
        }
    }
}

impl Rights {
    /// What this process may do with `manager`.
    pub fn of_this_process(manager: Manager) -> Self {
        let id = command::output(Command::new("id").arg("-u"));
        if manager == Manager::Brew || id.is_some_and(|id| id.trim() == "0") {
            return Self::Root;
        }
        if command::find("sudo").is_none() {
            return Self::None;
        }
        let silent = command::output(Command::new("sudo").args(["-n", "true"])).is_some();
        Self::Sudo { asks: !silent }
    }
}

/// In the order in which they are tried. Brew comes last: on Linux it is a second manager.
const ALL: [Manager; 6] =
    [Manager::Apt, Manager::Dnf, Manager::Apk, Manager::Pacman, Manager::Zypper, Manager::Brew];

#[cfg(test)]
mod tests {
    //! The lines that people type.

    use super::super::need::{BUILD, TEST};
    use super::{ALL, Manager, Rights};

    fn check(manager: Manager, rights: Rights, expected: &str) {
        assert_eq!(manager.line(&["one", "two"], &rights), expected);
    }

    #[test]
    fn the_line_is_what_one_would_type() {
        check(
            Manager::Apt,
            Rights::None,
            "sudo apt-get update && sudo apt-get install -y --no-install-recommends one two",
        );
        check(Manager::Apk, Rights::Root, "apk update && apk add one two");
        check(Manager::Brew, Rights::Root, "brew install one two");
        check(Manager::Dnf, Rights::Sudo { asks: true }, "sudo dnf install -y one two");
    }

    #[test]
    fn every_manager_knows_a_package_for_every_need() {
        for manager in ALL {
            for need in BUILD.iter().chain(TEST).filter(|need| need.name != "processor") {
                // What Apple's command line tools bring is not brew's to install.
                let apple = manager == Manager::Brew && APPLE.contains(&need.name);
                let known = !manager.packages(&[need]).is_empty();
                assert_ne!(apple, known, "{manager:?} {}", need.name);
            }
        }
    }

    const APPLE: [&str; 2] = ["C++ compiler", "make or ninja"];
}
