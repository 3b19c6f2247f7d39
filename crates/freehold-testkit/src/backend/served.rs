//! Any engine as an HTTP server, so that a client of such servers can be tested against it.

use std::{convert::Infallible, sync::Arc, time::Duration};

use bytes::Bytes;
use freehold_engine::{Call, Engine, EngineError, Health, Reply, Whole, conformance};
use futures_util::{StreamExt, stream::BoxStream};
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Either, Full, StreamBody};
use hyper::{
    body::{Frame, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

type Body = Either<Full<Bytes>, StreamBody<BoxStream<'static, Result<Frame<Bytes>, EngineError>>>>;

/// Serves a listener until the task is dropped.
pub(super) async fn serve(listener: TcpListener, engine: Arc<dyn Engine>) {
    loop {
        let Ok((socket, _)) = listener.accept().await else { return };
        drop(socket.set_nodelay(true));
        let engine = Arc::clone(&engine);
        let service = service_fn(move |request| {
            let engine = Arc::clone(&engine);
            async move { Ok::<_, Infallible>(answer(engine, request).await) }
        });
        tokio::spawn(async move {
            drop(http1::Builder::new().serve_connection(TokioIo::new(socket), service).await);
        });
    }
}

async fn answer(engine: Arc<dyn Engine>, request: Request<Incoming>) -> Response<Body> {
    let path = request.uri().path().to_owned();
    if path == "/v1/models" {
        let names = engine.models().into_iter().map(|model| json!({"id": model.name}));
        let list = json!({"object": "list", "data": names.collect::<Vec<_>>()});
        let ready = engine.health().await == Health::Ready;
        return json_response(if ready { 200 } else { 503 }, list.to_string(), None);
    }
    let body = request.into_body().collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    match ask(engine.as_ref(), &path, body).await {
        Ok(Reply::Whole(whole)) => json_response(whole.status, whole.body, whole.retry_after),
        Ok(Reply::Stream(events)) => {
            let framed = events.map(|event| {
                event.map(|payload| {
                    Frame::data(Bytes::from([b"data: ", &payload[..], b"\n\n"].concat()))
                })
            });
            let done = futures_util::stream::iter([Ok(Frame::data(Bytes::from_static(
                b"data: [DONE]\n\n",
            )))]);
            let mut response =
                Response::new(Either::Right(StreamBody::new(framed.chain(done).boxed())));
            let kind = http::HeaderValue::from_static("text/event-stream; charset=utf-8");
            response.headers_mut().insert(header::CONTENT_TYPE, kind);
            response
        }
        Err(error) => {
            let status = match &error {
                EngineError::UnknownModel(_) => 404,
                EngineError::Invalid { .. } => 400,
                EngineError::Busy { .. } => 429,
                EngineError::Unavailable(_) => 503,
                _ => 500,
            };
            let body = json!({"error": {"message": error.to_string(), "type": "server_error"}});
            json_response(status, body.to_string(), None)
        }
    }
}

async fn ask(engine: &dyn Engine, path: &str, body: Bytes) -> Result<Reply, EngineError> {
    let invalid = |reason: String| EngineError::Invalid { reason, parameter: None };
    let read: Value = serde_json::from_slice(&body).map_err(|error| invalid(error.to_string()))?;
    let call = Call {
        model: read["model"].as_str().unwrap_or_default().to_owned(),
        stream: read["stream"] == true,
        timeout: Duration::from_secs(3600),
        body,
    };
    let permit = conformance::permit(engine.backend()).map_err(invalid)?;
    match path {
        "/v1/chat/completions" => engine.chat(permit, call).await,
        "/v1/embeddings" => engine.embed(permit, call).await.map(Reply::Whole),
        other => Ok(Reply::Whole(Whole {
            status: 404,
            body: Bytes::from(json!({"error": {"message": other}}).to_string()),
            retry_after: None,
        })),
    }
}

fn json_response(
    status: u16,
    body: impl Into<Bytes>,
    retry_after: Option<String>,
) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(body.into())));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    let kind = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    if let Some(after) = retry_after.and_then(|text| http::HeaderValue::try_from(text).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, after);
    }
    response
}
