//! Connections to servers: TCP without delay, TLS by rustls where the address asks for it.

use std::{
    io,
    os::fd::AsRawFd,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use hyper::rt::{Read, ReadBufCursor, Write};
use hyper_util::rt::TokioIo;
use rustix::process::{Resource, getrlimit};
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, ServerName},
};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

use crate::address::Address;

/// Makes connections to one server.
pub(crate) struct Connector {
    /// IPv6 addresses without the brackets that they have in URLs.
    host: String,
    port: u16,
    timeout: Duration,
    tls: Option<TlsConnector>,
}

/// Why TLS cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A certificate cannot be used, or none of the protocol's versions.
    #[error(transparent)]
    Rustls(#[from] rustls::Error),
}

impl Connector {
    /// A connector to the server at an address. Over TLS it trusts Mozilla's authorities and these.
    pub(crate) fn new(
        address: &Address,
        timeout: Duration,
        certificates: &[Vec<u8>],
    ) -> Result<Self, TlsError> {
        let tls = if address.secure { Some(tls(certificates)?) } else { None };
        let host = address.host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port: address.port, timeout, tls })
    }

    /// A new connection.
    pub(crate) async fn connect(&self) -> io::Result<Wire> {
        let timeout = self.timeout;
        match tokio::time::timeout(timeout, self.open()).await {
            Ok(opened) => opened,
            Err(_) => {
                let text = format!("no connection within {timeout:?}");
                Err(io::Error::new(io::ErrorKind::TimedOut, text))
            }
        }
    }

    async fn open(&self) -> io::Result<Wire> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await?;
        if takes_reserve(&tcp) {
            return Err(io::Error::other("open files are about to run out"));
        }
        tcp.set_nodelay(true)?;
        let Some(tls) = &self.tls else { return Ok(Wire::Plain(TokioIo::new(tcp))) };
        let name = ServerName::try_from(self.host.clone()).map_err(io::Error::other)?;
        Ok(Wire::Tls(TokioIo::new(Box::new(tls.connect(name, tcp).await?))))
    }
}

/// Whether a connection takes one of the last open files that the process may have. They are kept
/// for what cannot do without, the audit log above all. The system gives each file the lowest free
/// number, so the number tells how many are left.
fn takes_reserve(stream: &TcpStream) -> bool {
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    let reserve = RESERVED_FILES.min(limit / 4);
    u64::try_from(stream.as_raw_fd()).is_ok_and(|number| number >= limit - reserve)
}

fn tls(certificates: &[Vec<u8>]) -> Result<TlsConnector, TlsError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    for certificate in certificates {
        roots.add(CertificateDer::from(certificate.clone()))?;
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(TlsConnector::from(Arc::new(config)))
}

/// A connection.
pub(crate) enum Wire {
    Plain(TokioIo<TcpStream>),
    Tls(TokioIo<Box<TlsStream<TcpStream>>>),
}

impl Read for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_read(context, buffer),
            Self::Tls(wire) => Pin::new(wire).poll_read(context, buffer),
        }
    }
}

impl Write for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_write(context, bytes),
            Self::Tls(wire) => Pin::new(wire).poll_write(context, bytes),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_flush(context),
            Self::Tls(wire) => Pin::new(wire).poll_flush(context),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_shutdown(context),
            Self::Tls(wire) => Pin::new(wire).poll_shutdown(context),
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match self.get_mut() {
            Self::Plain(wire) => Pin::new(wire).poll_write_vectored(context, slices),
            Self::Tls(wire) => Pin::new(wire).poll_write_vectored(context, slices),
        }
    }

    fn is_write_vectored(&self) -> bool {
        match self {
            Self::Plain(wire) => wire.is_write_vectored(),
            Self::Tls(wire) => wire.is_write_vectored(),
        }
    }
}

const RESERVED_FILES: u64 = 256;
