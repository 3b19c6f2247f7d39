//! How many requests may be under way, in all and for each key; and waiting for the last of them.

use std::{
    collections::HashMap,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
};

use freehold_types::KeyId;
use tokio::sync::Notify;

use crate::error::TransportRefusal;

/// Counts requests under way.
#[derive(Default)]
pub(crate) struct Limits {
    all: AtomicUsize,
    /// Keys are few and stay: an operator made each one.
    keys: RwLock<HashMap<KeyId, Arc<AtomicUsize>>>,
    left: Notify,
}

/// A request's place; it is free again when this is dropped.
pub(crate) struct Place {
    limits: Arc<Limits>,
    key: Option<Arc<AtomicUsize>>,
}

impl Limits {
    /// A place among all requests.
    pub(crate) fn enter(self: &Arc<Self>, limit: usize) -> Result<Place, TransportRefusal> {
        let place = Place { limits: Arc::clone(self), key: None };
        if self.all.fetch_add(1, SeqCst) >= limit {
            return Err(TransportRefusal::Busy { limit });
        }
        Ok(place)
    }

    /// Waits until no request is under way.
    pub(crate) async fn empty(&self) {
        loop {
            let left = self.left.notified();
            if self.all.load(SeqCst) == 0 {
                return;
            }
            left.await;
        }
    }

    fn key(&self, key: &KeyId) -> Arc<AtomicUsize> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = keys.get(key) {
            return Arc::clone(count);
        }
        drop(keys);
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(keys.entry(key.clone()).or_default())
    }
}

impl Place {
    /// Takes a place among the requests of a key as well.
    pub(crate) fn enter_key(&mut self, key: &KeyId, limit: usize) -> Result<(), TransportRefusal> {
        let count = self.limits.key(key);
        let before = count.fetch_add(1, SeqCst);
        self.key = Some(count);
        if before >= limit {
            return Err(TransportRefusal::KeyBusy { limit });
        }
        Ok(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Some(key) = &self.key {
            key.fetch_sub(1, SeqCst);
        }
        if self.limits.all.fetch_sub(1, SeqCst) == 1 {
            self.limits.left.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_and_given_back() {
        let limits = Arc::new(Limits::default());
        let (a, b) = (KeyId("a".into()), KeyId("b".into()));
        let mut first = limits.enter(2).unwrap();
        first.enter_key(&a, 1).unwrap();
        let mut second = limits.enter(2).unwrap();
        assert_eq!(second.enter_key(&a, 1), Err(TransportRefusal::KeyBusy { limit: 1 }));
        drop(second);
        let mut second = limits.enter(2).unwrap();
        second.enter_key(&b, 1).unwrap();
        assert_eq!(limits.enter(2).err(), Some(TransportRefusal::Busy { limit: 2 }));
        drop(first);
        let mut third = limits.enter(2).unwrap();
        third.enter_key(&a, 1).unwrap();
    }

    #[tokio::test]
    async fn the_last_one_out_is_noticed() {
        let limits = Arc::new(Limits::default());
        limits.empty().await;
        let place = limits.enter(1).unwrap();
        let waiting = tokio::spawn({
            let limits = Arc::clone(&limits);
            async move { limits.empty().await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(place);
        waiting.await.unwrap();
    }
}
