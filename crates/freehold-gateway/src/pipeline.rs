//! The story of a request. Read it aloud:
//!
//! identify -> receive -> label -> authorize -> route -> record intent -> call engine ->
//! judge tool calls -> record outcome -> release
//!
//! Each step is one file below this one. Content filters come before `route` and after `call`,
//! retrieval before `route`, and review before `outcome`, with the issues that bring them; there is
//! nothing of them here yet.
//!
//! The story runs as a task of its own, so that a client who leaves does not take it along: the
//! outcome is recorded whatever happens.

mod account;
mod authorize;
mod call;
pub(crate) mod identify;
mod intent;
mod label;
mod outcome;
mod receive;
mod relay;
mod route;
mod tools;
mod watch;

use std::sync::Arc;

use bytes::Bytes;
use freehold_auditlog::{Ending, Endpoint};
use freehold_engine::Reply;
use freehold_store::KeyRecord;
use freehold_types::RecordId;
use freehold_wire::RequestHead;
use http::{Request, Response};
use hyper::body::Body;
use tokio::{sync::oneshot, time::Instant};

use crate::{
    AnswerBody,
    error::{Refusal, RequestRefusal},
    gateway::Inner,
    limits::Place,
    release::{self, Gate, Released},
};
use account::Account;
use watch::Watch;

/// One request under way.
struct Exchange {
    gateway: Arc<Inner>,
    id: RecordId,
    endpoint: Endpoint,
    caller: Arc<KeyRecord>,
    started: Instant,
    account: Account,
}

/// Whoever waits for the response.
struct Client(oneshot::Sender<Released>);

/// Answers one request.
pub(crate) async fn answer<B>(
    gateway: &Arc<Inner>,
    request: Request<B>,
    endpoint: Endpoint,
) -> Response<AnswerBody>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: std::fmt::Display,
{
    let id = gateway.new_record();
    let place = gateway.limits.enter(gateway.options.max_in_flight);
    let caller = identify::identify(&gateway.store, request.headers());
    let (caller, place) = match (caller, place) {
        (Ok(caller), Ok(place)) => (caller, place),
        // Nobody under whose name it could be recorded, or no room even to refuse in order.
        (Err(refusal), _) => return release::error_response(&refusal, id, false),
        (_, Err(refusal)) => return release::error_response(&refusal.into(), id, false),
    };
    let (client, released) = oneshot::channel();
    let exchange = Exchange {
        gateway: Arc::clone(gateway),
        id,
        endpoint,
        caller,
        started: Instant::now(),
        account: Account::default(),
    };
    tokio::spawn(exchange.run(request, place, Client(client)));
    match released.await {
        Ok(released) => released.into_response(),
        // The task ended without a word, which only a defect of ours can cause.
        Err(_) => release::error_response(&Refusal::Stopping, id, false),
    }
}

impl Exchange {
    /// Runs to the end and records how it ended.
    async fn run<B>(mut self, request: Request<B>, mut place: Place, mut client: Client)
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: std::fmt::Display,
    {
        self.gateway.metrics.in_flight.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let mut status = 200;
        if let Err(mut refusal) = self.proceed(request, &mut place, &mut client).await {
            if let Err(worse) = outcome::refused(&mut self, &refusal).await {
                refusal = worse;
            }
            status = refusal.told().status;
            let recorded = !matches!(refusal, Refusal::Record(_));
            client.send(release::error(&refusal, self.id, recorded));
        }
        outcome::observe(&self, status);
        drop(place);
    }

    /// The steps up to the release; an error is a refusal that the client has not seen yet.
    async fn proceed<B>(
        &mut self,
        request: Request<B>,
        place: &mut Place,
        client: &mut Client,
    ) -> Result<(), Refusal>
    where
        B: Body<Data = Bytes> + Send + Unpin,
        B::Error: std::fmt::Display,
    {
        let gateway = Arc::clone(&self.gateway);
        let options = &gateway.options;
        place.enter_key(&self.caller.id, options.max_in_flight_per_key)?;
        let (parts, body) = request.into_parts();
        let body = receive::body(&parts.headers, body, options).await?;
        let head = RequestHead::parse(&body).map_err(RequestRefusal::Body)?;

        let labels = label::label(&parts.headers, options)?;
        authorize::authorize(&self.caller, &labels)?;
        let (route, permit) = route::route(&gateway, self.id, self.endpoint, &head, &labels)?;

        let hidden = call::Hidden::decide(&head, &route, self.endpoint);
        let caller = Arc::clone(&self.caller);
        let offered = tools::Offer { names: &head.tools, granted: caller.tools.as_deref() };
        self.account.expect(&body, hidden);
        let intent = intent::record(self, &head, &labels, &route, &body).await?;

        let mut watch = Watch::new(&gateway, self.started + options.request_timeout);
        let call = call::prepare(&body, &head, &route, hidden, watch.left());
        let asked = call::engine(&route, self.endpoint, permit, &intent, call);
        let reply = watch.over(client.gone(), asked).await??;

        let mut gate = Gate::new(self.id);
        match reply {
            Reply::Whole(refusal) if !(200..300).contains(&refusal.status) => {
                let ending = outcome::backend_ending(refusal.status);
                self.account.output(&refusal.body);
                let receipt = outcome::record(self, ending, refusal.status).await?;
                client.send(release::backend_refusal(receipt, self.id, refusal)?);
            }
            Reply::Whole(whole) => {
                let held = self.account.read_whole(whole.body)?;
                let cleared = tools::judge(self, &mut gate, held, offered)?;
                self.account.output(cleared.bytes());
                let receipt = outcome::record(self, Ending::Finished, 200).await?;
                client.send(release::whole(receipt, cleared)?);
            }
            Reply::Stream(events) => {
                relay::relay(self, intent, events, gate, offered, watch, client).await?;
            }
        }
        Ok(())
    }
}

impl Client {
    /// Completes when nobody waits any more.
    async fn gone(&mut self) {
        self.0.closed().await;
    }

    /// Hands the response over; the client may have left, which changes nothing any more.
    fn send(&mut self, released: Released) {
        let (spent, _) = oneshot::channel();
        drop(std::mem::replace(&mut self.0, spent).send(released));
    }
}
