//! What comes to the worker. Requests are made ready on a thread of their own, because cutting a
//! long prompt into tokens and reading a schema take up to seconds, in which the texts that are
//! being said go on.
//!
//! Requests reach the loop that computes in the order in which they came; what is said about them
//! meanwhile does not wait for them.

use std::{
    collections::BTreeSet,
    io,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, Receiver, Sender},
    },
    thread::{Builder, Scope},
};

use crate::protocol::{FailureKind, ToWorker};

/// Why a request is not done.
pub(super) type Failure = (FailureKind, String);

/// What the loop that computes gets.
#[derive(Debug, PartialEq)]
pub(super) enum Arrival<T> {
    /// A request, ready to be computed.
    Ready(T),
    /// A request that cannot be.
    Refused(u64, Failure),
    /// Ends a request that arrived before.
    Cancel(u64),
    /// Asks for a sign of life.
    Ping(u64),
}

/// Takes messages from `next` until there are none, and makes requests ready with `prepare`. The
/// channel ends after the last of them.
///
/// # Errors
/// The system gives no thread.
pub(super) fn open<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    mut next: impl FnMut() -> Option<ToWorker> + Send + 'scope,
    prepare: impl Fn(ToWorker) -> Result<T, Failure> + Send + 'scope,
) -> io::Result<Receiver<Arrival<T>>> {
    let (arrivals, inbox) = mpsc::channel();
    let (requests, queue) = mpsc::channel();
    let desk = Arc::new(Desk { pending: Mutex::default(), arrivals });
    let (reader, preparer) = (Arc::clone(&desk), desk);
    Builder::new().name("inbox".to_owned()).spawn_scoped(scope, move || {
        while let Some(message) = next() {
            if !reader.receive(message, &requests) {
                return;
            }
        }
    })?;
    Builder::new().name("intake".to_owned()).spawn_scoped(scope, move || {
        for (id, request) in queue {
            if preparer.wants(id) {
                preparer.hand_over(id, prepare(request));
            }
        }
    })?;
    Ok(inbox)
}

/// Between the two threads and the loop.
struct Desk<T> {
    /// Requests that came, are not cancelled, and were not handed over.
    pending: Mutex<BTreeSet<u64>>,
    arrivals: Sender<Arrival<T>>,
}

impl<T> Desk<T> {
    /// Passes a message on; whether anyone still listens.
    fn receive(&self, message: ToWorker, requests: &Sender<(u64, ToWorker)>) -> bool {
        let id = match &message {
            ToWorker::Generate(request) => request.id,
            ToWorker::Embed(request) => request.id,
            ToWorker::Cancel(id) => {
                // What was not handed over need not be; the loop knows of all else.
                return self.pending().remove(id)
                    || self.arrivals.send(Arrival::Cancel(*id)).is_ok();
            }
            ToWorker::Ping(id) => return self.arrivals.send(Arrival::Ping(*id)).is_ok(),
            ToWorker::Load(_) => return true,
        };
        self.pending().insert(id);
        requests.send((id, message)).is_ok()
    }

    fn wants(&self, id: u64) -> bool {
        self.pending().contains(&id)
    }

    fn hand_over(&self, id: u64, prepared: Result<T, Failure>) {
        let mut pending = self.pending();
        if pending.remove(&id) {
            let arrival = prepared.map_or_else(|why| Arrival::Refused(id, why), Arrival::Ready);
            // Under the lock, so that a cancellation never overtakes it. Nobody listens any more
            // only while the process ends.
            let _ = self.arrivals.send(arrival);
        }
    }

    fn pending(&self) -> MutexGuard<'_, BTreeSet<u64>> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;
    use crate::protocol::Embed;

    fn request(id: u64) -> ToWorker {
        ToWorker::Embed(Embed { id, texts: Vec::new(), tokens: Vec::new(), adapter: None })
    }

    /// Each request is made ready once the test says so, by its number; 3 is refused.
    #[test]
    fn nothing_waits_for_a_request_that_is_made_ready() {
        let (messages, come) = mpsc::channel();
        let (begun, begins) = mpsc::channel();
        let (go, may_go) = mpsc::channel::<()>();
        thread::scope(|scope| {
            let prepare = move |message| {
                let ToWorker::Embed(Embed { id, .. }) = message else { panic!("{message:?}") };
                begun.send(id).unwrap();
                may_go.recv().unwrap();
                if id == 3 { Err((FailureKind::Invalid, "three".to_owned())) } else { Ok(id) }
            };
            let inbox = open(scope, move || come.recv().ok(), prepare).unwrap();
            for message in [request(1), request(2), request(3), request(4), ToWorker::Ping(5)] {
                messages.send(message).unwrap();
            }
            assert_eq!(begins.recv(), Ok(1));
            assert_eq!(inbox.recv(), Ok(Arrival::Ping(5)), "while 1 is made ready");
            // 1 is cancelled in the middle, 2 before it was begun: neither arrives.
            for message in [ToWorker::Cancel(1), ToWorker::Cancel(2), ToWorker::Ping(6)] {
                messages.send(message).unwrap();
            }
            assert_eq!(inbox.recv(), Ok(Arrival::Ping(6)));
            go.send(()).unwrap();
            assert_eq!(begins.recv(), Ok(3));
            go.send(()).unwrap();
            let three = (FailureKind::Invalid, "three".to_owned());
            assert_eq!(inbox.recv(), Ok(Arrival::Refused(3, three)));
            go.send(()).unwrap();
            assert_eq!(inbox.recv(), Ok(Arrival::Ready(4)));
            // What arrived is the loop's to cancel.
            messages.send(ToWorker::Cancel(4)).unwrap();
            assert_eq!(inbox.recv(), Ok(Arrival::Cancel(4)));
            drop(messages);
            assert!(inbox.recv().is_err());
        });
    }
}
