//! The questions asked one by one in a terminal. Whoever leaves in between gets the line that goes
//! on from there; nothing is written before the end.

use std::{
    io::{self, BufRead, Write},
    process,
    sync::{Arc, Mutex, PoisonError},
};

use freehold_fit::{Profile, QUESTIONS};
use tokio::signal::unix::{SignalKind, signal};

use super::{error::FitError, page::wrapped};
use crate::{invoked::quoted, render};

/// Asks what the profile does not know yet.
pub(super) fn ask(profile: Profile) -> Result<Profile, FitError> {
    let so_far = Arc::new(Mutex::new(profile));
    resume_on_interrupt(&so_far);
    let mut profile = profile;
    let open: Vec<usize> = profile.unknown().collect();
    let mut lines = io::stdin().lock().lines();
    let mut place = 0;
    while let Some(at) = open.get(place).copied() {
        question(at, place, open.len(), &profile);
        loop {
            prompt();
            // The end of input is a way to leave, like a broken terminal.
            let Some(Ok(line)) = lines.next() else { return Err(left(&profile)) };
            match understand(line.trim(), at) {
                Said::Answer(answer) => {
                    profile = profile.with(at, Some(answer));
                    place += 1;
                }
                Said::Unknown => {
                    profile = profile.with(at, None);
                    place += 1;
                }
                Said::Back => place = place.saturating_sub(1),
                Said::Why => {
                    for line in wrapped(QUESTIONS[at].why, 78) {
                        render::progress(line);
                    }
                    continue;
                }
                Said::Leave => return Err(left(&profile)),
                Said::Nonsense => {
                    let numbers = QUESTIONS[at].answers.len();
                    render::progress(format_args!("a number from 1 to {numbers}, or ? b w q"));
                    continue;
                }
            }
            break;
        }
        *so_far.lock().unwrap_or_else(PoisonError::into_inner) = profile;
    }
    Ok(profile)
}

enum Said {
    Answer(usize),
    Unknown,
    Back,
    Why,
    Leave,
    Nonsense,
}

fn understand(line: &str, question: usize) -> Said {
    let answers = QUESTIONS[question].answers;
    match line {
        "?" | "" => Said::Unknown,
        "b" => Said::Back,
        "w" => Said::Why,
        "q" => Said::Leave,
        other => {
            let number = other.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let number = number.filter(|number| *number < answers.len());
            let named = answers.iter().position(|answer| answer.id == other);
            number.or(named).map_or(Said::Nonsense, Said::Answer)
        }
    }
}

fn question(at: usize, place: usize, of: usize, profile: &Profile) {
    let question = QUESTIONS[at];
    let head = format!("{} \u{b7} {} of {of}", question.factor.name(), place + 1);
    render::progress(format_args!("\n{}", render::styled(render::SOFT, head)));
    for line in wrapped(question.text, 78) {
        render::progress(render::styled(render::STRONG, line));
    }
    for line in wrapped(question.help, 78) {
        render::progress(render::styled(render::SOFT, line));
    }
    for (number, answer) in question.answers.iter().enumerate() {
        let chosen = if profile.at(at) == Some(number) { "*" } else { " " };
        render::progress(format_args!(" {chosen}{}  {}", number + 1, answer.text));
    }
    let keys = "  ?  don\u{2019}t know (or Enter)    b  back    w  why    q  leave";
    render::progress(render::styled(render::SOFT, keys));
}

fn prompt() {
    let mut stream = anstream::stderr().lock();
    let _gone = write!(stream, "> ").and_then(|()| stream.flush());
}

fn left(profile: &Profile) -> FitError {
    FitError::Left { resume: resume(profile) }
}

fn resume(profile: &Profile) -> String {
    profile.to_arguments().iter().map(|one| format!(" {}", quoted(one))).collect()
}

/// On Ctrl-C the program says how to go on, and ends. Where that cannot be set up, Ctrl-C ends it as
/// it ends any program; nothing is half written either way.
fn resume_on_interrupt(so_far: &Arc<Mutex<Profile>>) {
    let so_far = Arc::clone(so_far);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return };
    // From here on, and not only once the thread below runs.
    let taken = runtime.block_on(async { signal(SignalKind::interrupt()) });
    let Ok(mut interrupts) = taken else { return };
    let waiting = std::thread::Builder::new().name("interrupt".to_owned());
    let _without = waiting.spawn(move || {
        if runtime.block_on(interrupts.recv()).is_some() {
            let profile = *so_far.lock().unwrap_or_else(PoisonError::into_inner);
            render::progress("");
            render::failure(&left(&profile).into());
            process::exit(2);
        }
    });
}
