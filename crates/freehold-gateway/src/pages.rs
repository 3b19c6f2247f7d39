//! What is at which path. Transport only; decisions about requests are in the pipeline.

mod health;
mod models;

use std::sync::Arc;

use bytes::Bytes;
use freehold_auditlog::Endpoint;
use http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Body;

use crate::{
    AnswerBody,
    error::{Refusal, TransportRefusal},
    gateway::Inner,
    metrics::Page,
    pipeline,
    release::{error_response, name_request},
};

/// Answers one request.
pub(crate) async fn answer<B>(gateway: &Arc<Inner>, request: Request<B>) -> Response<AnswerBody>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: std::fmt::Display,
{
    let page = page(request.uri().path());
    let response = match allowed(page, &request) {
        Ok(()) => answer_page(gateway, page, request).await,
        Err(refusal) => Err(refusal.into()),
    };
    let mut response =
        response.unwrap_or_else(|refusal| error_response(&refusal, gateway.new_record(), false));
    name_request(&mut response, || gateway.new_record());
    gateway.metrics.answered(page, response.status().as_u16());
    response
}

async fn answer_page<B>(
    gateway: &Arc<Inner>,
    page: Page,
    request: Request<B>,
) -> Result<Response<AnswerBody>, Refusal>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
    B::Error: std::fmt::Display,
{
    match page {
        Page::Chat => Ok(pipeline::answer(gateway, request, Endpoint::ChatCompletions).await),
        Page::Embeddings => Ok(pipeline::answer(gateway, request, Endpoint::Embeddings).await),
        Page::Models => models::answer(gateway, &request),
        Page::Health => Ok(health::answer(gateway, request.uri().path()).await),
        Page::Metrics => {
            let restarts: Vec<_> = gateway
                .routes
                .backends
                .iter()
                .filter_map(|one| Some((one.declaration.id.0.clone(), one.restarts.as_ref()?())))
                .collect();
            Ok(plain(200, PROMETHEUS, gateway.metrics.render(&restarts)))
        }
        Page::Other => {
            let path = request.uri().path().to_owned();
            Err(TransportRefusal::UnknownPath { path }.into())
        }
    }
}

fn page(path: &str) -> Page {
    match path {
        "/v1/chat/completions" => Page::Chat,
        "/v1/embeddings" => Page::Embeddings,
        "/v1/models" => Page::Models,
        "/health" | "/health/live" | "/health/ready" => Page::Health,
        "/metrics" => Page::Metrics,
        other if other.strip_prefix("/v1/models/").is_some_and(|name| !name.is_empty()) => {
            Page::Models
        }
        _ => Page::Other,
    }
}

fn allowed<B>(page: Page, request: &Request<B>) -> Result<(), TransportRefusal> {
    let (fits, allowed) = match page {
        Page::Chat | Page::Embeddings => (request.method() == Method::POST, "POST"),
        Page::Other => (true, ""),
        _ => (matches!(*request.method(), Method::GET | Method::HEAD), "GET"),
    };
    if fits {
        return Ok(());
    }
    Err(TransportRefusal::Method { path: request.uri().path().to_owned(), allowed })
}

/// A whole answer that is nobody's data.
fn plain(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Response<AnswerBody> {
    let mut response = Response::new(AnswerBody::whole(body));
    *response.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

const JSON: &str = "application/json";
const PROMETHEUS: &str = "text/plain; version=0.0.4; charset=utf-8";
