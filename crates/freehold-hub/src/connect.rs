//! One request on one connection: TCP without delay, TLS by rustls where the address asks for it.

use std::{io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Empty;
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, RootCertStore, crypto::ring, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tokio_rustls::TlsConnector;

use crate::{endpoint::usual_port, error::AnswerError};

/// Trusts Mozilla's authorities.
pub(crate) fn tls() -> Result<TlsConnector, rustls::Error> {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// Sends a request to `uri`, of which it holds path and query, and waits for the head of the answer.
pub(crate) async fn ask(
    tls: &TlsConnector,
    uri: &Uri,
    request: Request<Empty<Bytes>>,
    limit: Duration,
) -> Result<Response<Incoming>, AnswerError> {
    let host = host_of(uri);
    let answered = tokio::time::timeout(limit, exchange(tls, uri, request)).await;
    match answered {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(source)) => Err(AnswerError::Unreachable { host, source }),
        Err(_) => Err(AnswerError::Silent { host, limit }),
    }
}

/// Host and port, where it is not the usual one.
pub(crate) fn host_of(uri: &Uri) -> String {
    let host = uri.host().unwrap_or_default();
    match uri.port_u16().filter(|port| *port != usual_port(uri)) {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

async fn exchange(
    tls: &TlsConnector,
    uri: &Uri,
    request: Request<Empty<Bytes>>,
) -> io::Result<Response<Incoming>> {
    let host = uri.host().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let tcp = TcpStream::connect((bare, uri.port_u16().unwrap_or(usual_port(uri)))).await?;
    tcp.set_nodelay(true)?;
    let wire: Box<dyn Wire> = if uri.scheme_str() == Some("https") {
        let name = ServerName::try_from(bare.to_owned()).map_err(io::Error::other)?;
        Box::new(tls.connect(name, tcp).await?)
    } else {
        Box::new(tcp)
    };
    let (mut sender, connection) =
        http1::handshake(TokioIo::new(wire)).await.map_err(io::Error::other)?;
    // It ends with the answer, or when the answer is dropped.
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(io::Error::other)
}

/// A connection.
trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}
