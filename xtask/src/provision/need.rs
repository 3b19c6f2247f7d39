//! The list of what building and testing need. Each line says why, and who packages it.

use super::{Environment, probe};

/// One thing that must be on the machine.
pub struct Need {
    /// What it is called.
    pub name: &'static str,
    /// What it is for, in a few words.
    pub purpose: &'static str,
    /// Packages that bring it: apt, dnf, apk, pacman, zypper, brew.
    pub packages: [&'static str; 6],
    /// Tests whether it is there and works; the error says what was found instead.
    pub probe: fn() -> Result<Found, String>,
}

/// A need that is met.
pub struct Found {
    /// What was found.
    pub what: String,
    /// What the build must find in its environment to use it.
    pub environment: Environment,
}

impl Found {
    /// Found, and nothing more to say to the build.
    pub fn plain(what: impl Into<String>) -> Self {
        Self { what: what.into(), environment: Environment::new() }
    }
}

/// What `cargo build` needs. llama.cpp is C++ built by cmake, and its Rust side is generated from
/// its headers by libclang.
pub const BUILD: &[Need] = &[
    Need {
        name: "processor",
        purpose: "runs llama.cpp",
        packages: ["", "", "", "", "", ""],
        probe: probe::processor,
    },
    Need {
        name: "C++ compiler",
        purpose: "compiles llama.cpp",
        packages: ["g++ libc6-dev", "gcc-c++", "g++ musl-dev linux-headers", "gcc", "gcc-c++", ""],
        probe: probe::compiler,
    },
    Need {
        name: "make or ninja",
        purpose: "drives the build of llama.cpp",
        packages: ["make", "make", "make", "make", "make", ""],
        probe: probe::make,
    },
    Need {
        name: "cmake",
        purpose: "configures the build of llama.cpp",
        packages: ["cmake", "cmake", "cmake", "cmake", "cmake", "cmake"],
        probe: probe::cmake,
    },
    Need {
        name: "libclang with its headers",
        purpose: "reads llama.cpp's headers",
        packages: [
            "libclang-dev",
            "clang-devel",
            "clang-dev llvm-dev",
            "clang",
            "clang-devel",
            "llvm",
        ],
        probe: probe::libclang,
    },
];

/// What the outside witnesses of the tests need: other people's clients and a browser.
pub const TEST: &[Need] = &[
    Need {
        name: "Python with venv",
        purpose: "other people's clients and verifiers, which check Freehold from outside",
        packages: ["python3 python3-venv", "python3", "python3", "python", "python3", "python"],
        probe: probe::python,
    },
    Need {
        name: "Chromium",
        purpose: "opens the console as a person would",
        packages: ["chromium", "chromium", "chromium", "chromium", "chromium", "--cask chromium"],
        probe: probe::chromium,
    },
];
