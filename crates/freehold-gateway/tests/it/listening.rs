//! A gateway that listens, and a client that connects.

use std::net::SocketAddr;

use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
};

use crate::support::Setup;

/// A gateway that listens.
pub struct Served {
    pub address: SocketAddr,
    /// Tells it to stop.
    pub stop: oneshot::Sender<()>,
    /// Ends when it has.
    pub ended: JoinHandle<()>,
}

/// Serves on a free port.
pub async fn serve(setup: &Setup) -> Served {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let gateway = setup.gateway.clone();
    let ended = tokio::spawn(async move {
        gateway.serve(listener, async { drop(stopped.await) }).await.unwrap();
    });
    Served { address, stop, ended }
}

/// Connects and sends a request that announces a body of some length.
pub async fn connect(
    address: SocketAddr,
    setup: &Setup,
    body: &str,
    announced: usize,
) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-length: {announced}\r\n\r\n",
        setup.secret
    );
    socket.write_all(head.as_bytes()).await.unwrap();
    socket.write_all(body.as_bytes()).await.unwrap();
    socket
}
