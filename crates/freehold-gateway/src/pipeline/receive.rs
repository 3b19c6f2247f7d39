//! The request's bytes, within limits of size and time.

use std::pin::Pin;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use hyper::body::{Body, Frame};

use crate::{
    GatewayOptions,
    error::{Refusal, TransportRefusal},
};

/// Reads the body. One that came in one piece is not copied.
pub(super) async fn body<B>(
    headers: &HeaderMap,
    body: B,
    options: &GatewayOptions,
) -> Result<Bytes, Refusal>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let limit = options.max_body_bytes;
    let announced = headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse::<usize>().ok());
    if announced.is_some_and(|length| length > limit) {
        return Err(TransportRefusal::TooLarge { limit }.into());
    }
    let time = options.body_timeout;
    match tokio::time::timeout(time, collect(body, announced, limit)).await {
        Ok(read) => Ok(read?),
        Err(_) => Err(TransportRefusal::TooSlow(time).into()),
    }
}

async fn collect<B>(
    mut body: B,
    announced: Option<usize>,
    limit: usize,
) -> Result<Bytes, TransportRefusal>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    let Some(first) = next_piece(&mut body).await? else { return Ok(Bytes::new()) };
    if first.len() > limit {
        return Err(TransportRefusal::TooLarge { limit });
    }
    if announced == Some(first.len()) {
        return Ok(first);
    }
    let Some(second) = next_piece(&mut body).await? else { return Ok(first) };
    let mut whole = BytesMut::with_capacity(announced.unwrap_or(first.len() + second.len()));
    whole.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(piece) = next {
        if whole.len() + piece.len() > limit {
            return Err(TransportRefusal::TooLarge { limit });
        }
        whole.extend_from_slice(&piece);
        next = next_piece(&mut body).await?;
    }
    Ok(whole.freeze())
}

async fn next_piece<B>(body: &mut B) -> Result<Option<Bytes>, TransportRefusal>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: std::fmt::Display,
{
    loop {
        match std::future::poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await {
            None => return Ok(None),
            Some(Ok(frame)) => {
                if let Ok(piece) = Frame::into_data(frame) {
                    return Ok(Some(piece));
                }
            }
            Some(Err(error)) => {
                tracing::debug!(%error, "a request's body broke off");
                return Err(TransportRefusal::BrokenBody);
            }
        }
    }
}
