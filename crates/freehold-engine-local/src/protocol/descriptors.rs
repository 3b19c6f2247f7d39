//! Open files sent over the socket. The worker gets the very handles whose digests were checked:
//! a path could lead to another file a moment later.

use std::{
    fs::File,
    io::{self, IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::{
        fd::{AsFd, BorrowedFd, OwnedFd},
        unix::net::UnixStream,
    },
};

use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

/// Sends at most [`MOST`] files.
pub(crate) fn send_files(socket: &UnixStream, files: &[File]) -> io::Result<()> {
    if files.len() > MOST {
        return Err(io::Error::from(io::ErrorKind::ArgumentListTooLong));
    }
    let handles: Vec<BorrowedFd<'_>> = files.iter().map(AsFd::as_fd).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !ancillary.push(SendAncillaryMessage::ScmRights(&handles)) {
        return Err(io::Error::from(io::ErrorKind::ArgumentListTooLong));
    }
    sendmsg(socket, &[IoSlice::new(&[MARK])], &mut ancillary, SendFlags::empty())?;
    Ok(())
}

/// Receives what [`send_files`] sent.
pub(crate) fn receive_files(socket: &UnixStream) -> io::Result<Vec<OwnedFd>> {
    let mut mark = [0];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let flags = RecvFlags::CMSG_CLOEXEC;
    let received = recvmsg(socket, &mut [IoSliceMut::new(&mut mark)], &mut ancillary, flags)?;
    if received.bytes != 1 || mark != [MARK] {
        return Err(io::Error::from(io::ErrorKind::InvalidData));
    }
    let files = ancillary
        .drain()
        .filter_map(|message| match message {
            RecvAncillaryMessage::ScmRights(files) => Some(files),
            _ => None,
        })
        .flatten();
    Ok(files.collect())
}

/// A model and 31 adapters.
pub(crate) const MOST: usize = 32;
const MARK: u8 = b'F';
