//! `freehold pull`: a model from a hub, by commit and digest, into quarantine and through the scan.

mod error;
mod meter;
mod page;

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
};

use freehold_config::Environment;
use freehold_hub::{
    Choice, Endpoint, Hub, Listing, Locked, Patience, Plan, PullError, Reference, Store,
    StoreError, Token, Vetted, fetch, may_fill, take,
};
use freehold_types::Clock;
use freehold_vet::Asked;
use tokio::runtime::Runtime;

pub(super) use self::page::before;
use self::{error::PullFailure, meter::Meter, page::Outcome};
use crate::{
    arguments,
    commands::{
        catalog::{today, with_overlay},
        vet,
    },
    failure::{Answer, Failure},
    place::{Directory, load_config},
    render,
    system::SystemClock,
};

/// Lists, asks, fetches, scans, shows. Findings where the model stays in quarantine.
pub(crate) fn run(arguments: &arguments::Pull) -> Result<Answer, Failure> {
    let environment = Environment::of_process();
    let directory = Directory::named(arguments.place.dir.as_deref(), &environment);
    let reference: Reference = arguments.reference.parse().map_err(PullError::Reference)?;
    let pull = Pull {
        arguments,
        hub: hub(arguments, &environment)?,
        choice: Choice { include: arguments.include.clone(), exclude: arguments.exclude.clone() },
        runtime: Runtime::new().map_err(PullFailure::Runtime)?,
        reference,
    };
    if let Some(into) = &arguments.into {
        may_fill(into).map_err(PullError::Store)?;
    }
    let locked = Store::at(&directory.models()).lock(&pull.reference.repository, &|| {
        render::progress("another pull of this repository is at work; waiting for it");
    });
    let locked = locked.map_err(PullError::Store)?;
    let outcome = pull.pull(&locked)?;
    if arguments.json {
        render::json(&outcome.as_json());
    } else {
        let config = load_config(&arguments.place, &directory, environment, Vec::new())?;
        let catalog = with_overlay(&directory, config.catalog.overlay)?;
        let asked = Asked { catalog: &catalog, adopter: &config.adopter, today: today() };
        outcome.show(arguments, asked);
    }
    Ok(if outcome.is_visible() { Answer::Clean } else { Answer::Findings })
}

/// What a pull needs.
struct Pull<'a> {
    arguments: &'a arguments::Pull,
    reference: Reference,
    /// `None` where hubs are not to be asked.
    hub: Option<Hub>,
    choice: Choice,
    runtime: Runtime,
}

impl Pull<'_> {
    fn pull(&self, locked: &Locked) -> Result<Outcome, Failure> {
        let listing = self.listing(locked)?;
        let plan = self.choice.plan(listing)?;
        if !self.arguments.json {
            page::before(&plan, &self.reference);
        }
        let present = locked.present(&plan).map_err(PullError::Store)?;
        let fetched = match present {
            Some(present) => present,
            None => {
                if !self.may_fetch(locked, &plan)? {
                    return Ok(Outcome::declined(plan, &self.reference));
                }
                self.fetch(locked, &plan)?
            }
        };
        let now = SystemClock::new().now();
        let vetted = fetched.vet(locked, &self.reference.revision, now, &vet::progress())?;
        if let (Vetted::Clean(snapshot), Some(into)) = (&vetted, &self.arguments.into) {
            snapshot.copy_to(into).map_err(PullError::Store)?;
        }
        Ok(Outcome::of(plan, &self.reference, vetted, self.arguments.into.clone()))
    }

    fn listing(&self, locked: &Locked) -> Result<Listing, PullError> {
        let Some(hub) = &self.hub else { return locked.remembered(&self.reference) };
        let listing = self.runtime.block_on(hub.list(&self.reference))?;
        locked.remember(&self.reference, &listing)?;
        Ok(listing)
    }

    /// Whether there is room and consent for what is missing.
    fn may_fetch(&self, locked: &Locked, plan: &Plan) -> Result<bool, Failure> {
        let (missing, bytes) = locked.missing(plan);
        if missing == 0 {
            return Ok(true);
        }
        if self.hub.is_none() {
            let repository = plan.listing.repository.clone();
            let all = plan.files.len();
            return Err(PullError::Incomplete { repository, missing, all }.into());
        }
        locked.has_space(plan).map_err(PullError::Store)?;
        if self.arguments.yes {
            return Ok(true);
        }
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return Err(PullFailure::NobodyToAsk { missing, bytes }.into());
        }
        let size = page::size(bytes);
        let mut stream = io::stderr().lock();
        let _closed = write!(stream, "Fetch {size} in {missing} files? [y/N] ");
        let _closed = stream.flush();
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).unwrap_or(0);
        Ok(read > 0 && ["y", "yes"].contains(&line.trim().to_lowercase().as_str()))
    }

    fn fetch(&self, locked: &Locked, plan: &Plan) -> Result<freehold_hub::Fetched, Failure> {
        let meter = Meter::new(plan, self.arguments.json);
        let told = |progress: freehold_hub::Progress<'_>| meter.tell(progress);
        let fetched = match &self.hub {
            Some(hub) => self.runtime.block_on(fetch(hub, locked, plan, &told)),
            None => take(locked, plan),
        };
        meter.end();
        Ok(fetched?)
    }
}

/// The hub that is asked; `None` where none is to be.
fn hub(arguments: &arguments::Pull, environment: &Environment) -> Result<Option<Hub>, PullError> {
    if arguments.offline || environment.hub_offline() {
        return Ok(None);
    }
    let endpoint = arguments.endpoint.as_deref().or_else(|| environment.hub_endpoint());
    let endpoint = endpoint.map_or_else(|| Ok(Endpoint::default()), Endpoint::read)?;
    let token = match environment.hub_token() {
        Some(token) => Token::new(token.reveal()),
        // It was given out by the public hub, and is nobody else's business.
        None if endpoint.is_public_hub() => stored_token(environment)?,
        None => None,
    };
    Ok(Some(Hub::new(endpoint, token, Patience::default())?))
}

fn stored_token(environment: &Environment) -> Result<Option<Token>, PullError> {
    let Some(path) = environment.hub_token_file() else { return Ok(None) };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Token::new(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(StoreError::Io { path, source }.into()),
    }
}
