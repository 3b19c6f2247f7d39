//! What `up` offers on a terminal, once: a small open model from the hub, pulled, vetted and admitted in
//! one step.
//!
//! It runs beside the server, which waits for nothing here. The steps are the program's own verbs as
//! processes of their own, so that no control is passed by.

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use freehold_catalog::{Catalog, LicenceId};
use freehold_config::{Config, Environment};
use freehold_hub::{Choice, Endpoint, Hub, Patience, Plan, Reference};
use freehold_vet::admitted;
use rustix::event::{PollFd, PollFlags, poll};
use tokio::runtime::Builder;

use super::installation::Installation;
use crate::{
    arguments,
    commands::pull,
    invoked::{program, quoted},
    render, system,
};

/// Offers, where there is somebody who can answer and who was not asked before.
///
/// Whoever serves a model already or has this one in the inventory, or has said that hubs are not to be
/// asked, is left alone.
pub(crate) fn make(installation: &Installation, config: &Config, arguments: &arguments::Up) {
    let environment = Environment::of_process();
    let directory = &installation.directory;
    let asked = directory.offered();
    let somebody = in_front() && io::stdout().is_terminal();
    let served = !(arguments.model.is_empty() && config.models.is_empty());
    let wanted = somebody && !arguments.json && !served;
    if !wanted || environment.hub_offline() || asked.exists() || is_known(installation) {
        return;
    }
    // For the processes that come after, which may stand elsewhere.
    let path = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let Ok(program) = std::env::current_exe() else { return };
    let offer = Offer {
        program,
        endpoint: environment.hub_endpoint().map(str::to_owned),
        asked: path(&asked),
        directory: path(directory.path()),
        snapshots: path(&directory.models()).join("snapshots"),
        config: arguments.place.config.as_deref().map(path),
    };
    let started = thread::Builder::new().name("offer".to_owned()).spawn(move || offer.run());
    if let Err(error) = started {
        tracing::warn!(%error, "no model is offered");
    }
}

/// Whether the model was ever admitted, also where that has ended: then it is somebody's decision.
fn is_known(installation: &Installation) -> bool {
    let folder = format!("{}@", MODEL.replace('/', "--"));
    let ours = |path: &str| {
        let name = Path::new(path).file_name().unwrap_or_default();
        name.to_string_lossy().starts_with(&folder)
    };
    admitted(&installation.store).is_ok_and(|all| {
        all.iter().any(|one| one.sign_off.name == MODEL || ours(&one.sign_off.path))
    })
}

/// Whether what is typed comes to this process. The system stops a job in the background that reads
/// the terminal, with all its threads.
fn in_front() -> bool {
    rustix::termios::tcgetpgrp(io::stdin()).is_ok_and(|front| front == rustix::process::getpgrp())
}

struct Offer {
    program: PathBuf,
    endpoint: Option<String>,
    /// Written before the question.
    asked: PathBuf,
    directory: PathBuf,
    snapshots: PathBuf,
    config: Option<PathBuf>,
}

impl Offer {
    fn run(&self) {
        // Where no hub answers soon there is nothing to offer, and the next start looks again.
        let Ok(reference) = MODEL.parse::<Reference>() else { return };
        let Some(plan) = self.look(&reference) else { return };
        let me = system::operator().0;
        let me = me.strip_prefix("os:").unwrap_or(&me);
        if fs::write(&self.asked, format!("{}\n", plan.listing.commit)).is_err() {
            return;
        }
        show(&plan, &reference);
        if !agreed(me) {
            render::line("");
            let later = "Not now, and it is not asked again. Whenever you like:";
            render::paragraph(0, later, render::PLAIN);
            let place = quoted(&self.directory.display().to_string());
            render::line(format_args!("\n  {} pull {MODEL} --dir {place}", program()));
            return;
        }
        if let Err(error) = self.take(&plan, me) {
            render::line(format_args!("\nIt could not be started: {error}"));
        }
    }

    /// What the hub has, if it says so within seconds.
    fn look(&self, reference: &Reference) -> Option<Plan> {
        let endpoint =
            self.endpoint.as_deref().map_or_else(|| Ok(Endpoint::default()), Endpoint::read);
        let patience = Patience { answer: SOON, silence: SOON, attempts: 1, ..Patience::default() };
        // The model is open to all: no token is sent.
        let hub = Hub::new(endpoint.ok()?, None, patience).ok()?;
        let runtime = Builder::new_current_thread().enable_all().build().ok()?;
        let listed =
            runtime.block_on(async { tokio::time::timeout(SOON, hub.list(reference)).await });
        match listed {
            Ok(Ok(listing)) => Choice::default().plan(listing).ok(),
            Ok(Err(error)) => {
                tracing::debug!(%error, "no model is offered");
                None
            }
            Err(_) => None,
        }
    }

    /// Pulls, which vets, and admits what was found clean, under the operator's own policy.
    fn take(&self, plan: &Plan, me: &str) -> io::Result<()> {
        let pinned = format!("{MODEL}@{}", plan.listing.commit);
        // What it says is said again by the admission, unless that is not to be.
        let pulled = self.verb(&["pull", &pinned, "--yes"]).stdout(Stdio::piped()).spawn()?;
        let pulled = pulled.wait_with_output()?;
        if !pulled.status.success() {
            render::line(format_args!("\n{}", String::from_utf8_lossy(&pulled.stdout).trim_end()));
            return Ok(());
        }
        let folder = self.snapshots.join(plan.name()).display().to_string();
        let name = plan.listing.repository.as_str();
        render::line("");
        if self.verb(&["vet", &folder, "--admit", "--by", me, "--as", name]).status()?.success() {
            render::line("It answers from that start on; Ctrl-C ends this one.");
        }
        Ok(())
    }

    /// One of our own verbs, on this terminal. What goes wrong it says itself.
    fn verb(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.args(arguments).arg("--dir").arg(&self.directory);
        if let Some(config) = &self.config {
            command.arg("--config").arg(config);
        }
        command
    }
}

/// The model, its size, and what its licence asks.
fn show(plan: &Plan, reference: &Reference) {
    render::line("");
    let why = "A model to go on with: small, well known, with open weights. Nothing is fetched unless you say so.";
    render::paragraph(0, why, render::STRONG);
    render::line("");
    pull::before(plan, reference);
    let declared = plan.listing.card.licence.as_deref().unwrap_or_default().to_lowercase();
    let licence = Catalog::embedded().ok().and_then(|catalog| {
        catalog.licences().find(|licence| {
            let LicenceId(id) = &licence.id;
            id.to_lowercase() == declared
        })
    });
    let Some(licence) = licence else {
        render::paragraph(
            0,
            "What that licence asks is not confirmed; vetting reads its text.",
            render::PLAIN,
        );
        return;
    };
    render::line(format_args!("{}:", licence.name));
    for term in &licence.watch {
        render::paragraph(2, &format!("{} ({})", term.words, term.clause), render::PLAIN);
    }
}

/// Whether somebody says yes; anything else is a no.
fn agreed(me: &str) -> bool {
    let mut stream = io::stdout().lock();
    let _closed = write!(
        stream,
        "\nPull and vet it, and admit it if it is clean, signed off by {me}? [y/N] "
    );
    let _closed = stream.flush();
    drop(stream);
    wait_for_line();
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).unwrap_or(0);
    read > 0 && ["y", "yes"].contains(&line.trim().to_lowercase().as_str())
}

/// Waits until a line can be read by the job in front, which may have been sent to the background.
fn wait_for_line() {
    let stdin = io::stdin();
    loop {
        let mut wanted = [PollFd::new(&stdin, PollFlags::IN)];
        let ready = poll(&mut wanted, None).is_ok();
        // A terminal that is gone has nobody in front of it; reading from it is a no.
        let gone = wanted.iter().any(|stdin| stdin.revents().contains(PollFlags::HUP));
        if ready && (gone || in_front()) {
            return;
        }
        thread::sleep(LOOK_AGAIN);
    }
}

/// A small model that is widely used, its weights under Apache-2.0
/// (<https://huggingface.co/Qwen/Qwen3-0.6B>).
const MODEL: &str = "Qwen/Qwen3-0.6B";
/// How long a hub has to answer.
const SOON: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(500);
