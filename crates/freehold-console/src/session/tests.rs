//! Tokens die, sessions end, guessing is slowed.

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

#[derive(Default)]
struct HandClock {
    micros: AtomicU64,
    drawn: AtomicU64,
}

impl HandClock {
    fn pass(&self, seconds: u64) {
        self.micros.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.micros.load(Ordering::SeqCst))
    }

    fn random(&self, buffer: &mut [u8]) {
        let number = self.drawn.fetch_add(1, Ordering::SeqCst).to_be_bytes();
        buffer[..8].copy_from_slice(&number);
    }
}

fn door() -> (Arc<HandClock>, Door) {
    let clock = Arc::new(HandClock::default());
    (Arc::clone(&clock), Door::new(clock))
}

fn token(door: &Door) -> String {
    door.tokens().borrow().clone()
}

#[test]
fn a_token_works_once_and_is_replaced() {
    let (_, door) = door();
    let first = token(&door);
    let session = door.sign_in(&format!(" {first}\n")).unwrap();
    assert!(door.admits(&session, true));
    assert_eq!(door.sign_in(&first), Err(SignInRefusal::WrongToken));
    assert_ne!(token(&door), first);
    assert_ne!(door.sign_in(&token(&door)).unwrap(), session);
    assert!(!door.admits("", true) && !door.admits(&first, true));
}

#[test]
fn sessions_end() {
    let (clock, door) = door();
    let [kept, idle, out] = [(); 3].map(|()| door.sign_in(&token(&door)).unwrap());
    door.sign_out(&out);
    assert!(!door.admits(&out, true));
    for hour in 1..12 {
        clock.pass(3600);
        assert!(door.admits(&kept, true), "{hour}");
        // A page that refreshes itself is nobody's use.
        assert_eq!(door.admits(&idle, false), hour < 2, "{hour}");
    }
    clock.pass(3600);
    assert!(!door.admits(&kept, true), "twelve hours are the end of any session");
}

#[test]
fn guessing_is_slowed_for_a_minute() {
    let (clock, door) = door();
    for _ in 0..ATTEMPTS {
        assert_eq!(door.sign_in("guess"), Err(SignInRefusal::WrongToken));
    }
    clock.pass(20);
    assert_eq!(door.sign_in(&token(&door)), Err(SignInRefusal::TooMany { seconds: 40 }));
    clock.pass(40);
    assert!(door.sign_in(&token(&door)).is_ok());
}

#[test]
fn the_longest_unused_session_makes_room() {
    let (clock, door) = door();
    let first = door.sign_in(&token(&door)).unwrap();
    for _ in 0..SESSIONS {
        clock.pass(1);
        door.sign_in(&token(&door)).unwrap();
    }
    assert!(!door.admits(&first, true));
}
