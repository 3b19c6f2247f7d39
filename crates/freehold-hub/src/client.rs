//! Talks to one hub: follows redirects without taking the token along, waits and asks again where
//! that may help, and says what an answer means.

use std::{fmt, future::Future, time::Duration};

use bytes::Bytes;
use freehold_artifact::finding::shown;
use http::{HeaderValue, Request, Response, StatusCode, Uri, header};
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming;
use serde::de::DeserializeOwned;
use tokio_rustls::TlsConnector;

use crate::{
    connect::{ask, host_of, tls},
    endpoint::{Endpoint, encoded, is_allowed, resolve, same_origin},
    error::{AnswerError, PullError},
    listing::{Info, Listing, TreeEntry},
    reference::{Commit, Reference, Repository},
};

/// A hub that can be asked.
pub struct Hub {
    endpoint: Endpoint,
    token: Option<Token>,
    patience: Patience,
    tls: TlsConnector,
}

/// What a hub knows a person by. It is sent to that hub alone, and never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// How long to wait, and how often to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For a connection and the head of an answer.
    pub answer: Duration,
    /// For the next bytes of one.
    pub silence: Duration,
    /// Before the second attempt; each further one waits twice as long.
    pub first_wait: Duration,
    /// Never longer than this between two attempts, also where the hub asks for more.
    pub longest_wait: Duration,
    /// Attempts that bring nothing, one after the other.
    pub attempts: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            answer: Duration::from_secs(30),
            silence: Duration::from_secs(30),
            first_wait: Duration::from_millis(500),
            longest_wait: Duration::from_secs(120),
            attempts: 6,
        }
    }
}

impl Token {
    /// A token as a header can take it; blanks around it are left out.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        plain.then(|| Self(text.to_owned()))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(...)")
    }
}

/// What is asked for, and how its answers are to be named.
pub(crate) struct Question<'a> {
    pub(crate) uri: Uri,
    pub(crate) repository: &'a Repository,
    pub(crate) revision: &'a str,
    /// Only the bytes from here on, and only as long as the validator holds.
    pub(crate) from: Option<(u64, Option<String>)>,
}

impl Hub {
    /// A hub at an address. The token is sent there and nowhere else.
    ///
    /// # Errors
    /// TLS cannot be set up.
    pub fn new(
        endpoint: Endpoint,
        token: Option<Token>,
        patience: Patience,
    ) -> Result<Self, AnswerError> {
        Ok(Self { endpoint, token, patience, tls: tls()? })
    }

    /// Which hub.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    pub(crate) fn patience(&self) -> Patience {
        self.patience
    }

    /// Turns what was asked for into one commit, and lists its files. Everything else of a pull is
    /// asked of that commit, wherever the branch goes meanwhile.
    ///
    /// # Errors
    /// [`PullError`]: the hub's answer is no or none, or a name in the repository is hostile.
    pub async fn list(&self, reference: &Reference) -> Result<Listing, PullError> {
        let repository = &reference.repository;
        let api = format!("/api/models/{repository}");
        let info = format!("{api}/revision/{}", encoded(&reference.revision, ""));
        let (info, _): (Info, _) =
            self.json(repository, &reference.revision, self.page(&info)?, "model").await?;
        let commit = info.commit(&self.endpoint)?;
        if let Some(asked) = reference.commit().filter(|asked| *asked != commit) {
            let found = commit.to_string();
            return Err(AnswerError::OtherCommit { expected: asked, found }.into());
        }
        let mut tree: Vec<TreeEntry> = Vec::new();
        let mut next = Some(self.page(&format!("{api}/tree/{commit}?recursive=true"))?);
        let mut pages = 0;
        while let Some(page) = next {
            let (part, following): (Vec<TreeEntry>, _) =
                self.json(repository, &reference.revision, page.clone(), "list of files").await?;
            tree.extend(part);
            pages += 1;
            if tree.len() > MOST_LISTED || pages > MOST_PAGES {
                return Err(PullError::TooManyFiles { found: tree.len(), limit: MOST_LISTED });
            }
            next = match following {
                Some(target) => {
                    let refused = || AnswerError::Redirect {
                        host: host_of(&page),
                        target: shown(target.as_bytes(), 200),
                    };
                    let next = resolve(&page, &target).ok_or_else(refused)?;
                    Some(Some(next).filter(is_allowed).ok_or_else(refused)?)
                }
                None => None,
            };
        }
        Listing::of(&self.endpoint, repository, &info, tree)
    }

    /// The address of a file at a commit.
    pub(crate) fn file(
        &self,
        repository: &Repository,
        commit: &Commit,
        path: &str,
    ) -> Result<Uri, AnswerError> {
        self.page(&format!("/{repository}/resolve/{commit}/{}", encoded(path, "/")))
    }

    fn page(&self, path: &str) -> Result<Uri, AnswerError> {
        self.endpoint.page(path).ok_or_else(|| self.malformed("address"))
    }

    fn malformed(&self, what: &'static str) -> AnswerError {
        AnswerError::Malformed { host: self.endpoint.to_string(), what }
    }

    async fn json<T: DeserializeOwned>(
        &self,
        repository: &Repository,
        revision: &str,
        uri: Uri,
        what: &'static str,
    ) -> Result<(T, Option<String>), AnswerError> {
        self.patiently(|| async {
            let question = Question { uri: uri.clone(), repository, revision, from: None };
            let (response, host) = self.get(&question).await?;
            let next = next_page(&response);
            let body = whole(response.into_body(), &host, self.patience.silence).await?;
            let malformed = |_| AnswerError::Malformed { host: host.clone(), what };
            Ok((serde_json::from_slice(&body).map_err(malformed)?, next))
        })
        .await
    }

    /// Tries again what may pass, a few times.
    async fn patiently<T, F: Future<Output = Result<T, Refusal>>>(
        &self,
        mut attempt: impl FnMut() -> F,
    ) -> Result<T, AnswerError> {
        let mut tried = 1;
        loop {
            match attempt().await {
                Ok(value) => return Ok(value),
                Err(refusal) => self.wait(refusal, tried).await?,
            }
            tried += 1;
        }
    }

    /// Waits after an attempt that failed; the refusal itself where waiting is of no use.
    pub(crate) async fn wait(&self, refusal: Refusal, tried: u32) -> Result<(), AnswerError> {
        let Refusal { error, retry_after } = refusal;
        if let Some(after) = retry_after.filter(|after| *after > self.patience.longest_wait) {
            return Err(AnswerError::Busy { seconds: after.as_secs() });
        }
        if !error.may_pass() || tried >= self.patience.attempts {
            return Err(error);
        }
        let doubled = 2_u32.saturating_pow(tried.saturating_sub(1).min(16));
        let wait = self.patience.first_wait.saturating_mul(doubled);
        let wait = retry_after.unwrap_or(wait).min(self.patience.longest_wait);
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// Asks once, along redirects; the answer's head where it is a yes, and who gave it.
    pub(crate) async fn get(
        &self,
        question: &Question<'_>,
    ) -> Result<(Response<Incoming>, String), Refusal> {
        let mut uri = question.uri.clone();
        // Once another server has been asked, none is told the token, also where it leads back.
        let mut at_home = same_origin(&uri, self.endpoint.page("/").as_ref().unwrap_or(&uri));
        for _ in 0..MOST_REDIRECTS {
            let request = self.request(question, &uri, at_home)?;
            let response = ask(&self.tls, &uri, request, self.patience.answer).await?;
            let host = host_of(&uri);
            let status = response.status();
            let location = response.headers().get(header::LOCATION);
            if !is_redirect(status) {
                self.check_commit(question, &response, at_home)?;
                return if status.is_success() {
                    Ok((response, host))
                } else {
                    Err(self.refusal(question, &response, &host))
                };
            }
            self.check_commit(question, &response, at_home)?;
            let target = location.map(|target| target.as_bytes()).unwrap_or_default();
            let text = std::str::from_utf8(target).ok();
            let next = text.and_then(|text| resolve(&uri, text)).filter(is_allowed);
            let next =
                next.ok_or_else(|| AnswerError::Redirect { host, target: shown(target, 200) })?;
            at_home = at_home && same_origin(&uri, &next);
            uri = next;
        }
        let target = shown(uri.to_string().as_bytes(), 200);
        Err(AnswerError::Redirect { host: host_of(&question.uri), target }.into())
    }

    fn request(
        &self,
        question: &Question<'_>,
        uri: &Uri,
        at_home: bool,
    ) -> Result<Request<Empty<Bytes>>, AnswerError> {
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::get(path)
            .header(header::HOST, host_of(uri))
            .header(header::USER_AGENT, AGENT)
            // Lengths and digests are those of the bytes themselves.
            .header(header::ACCEPT_ENCODING, "identity");
        if let Some((from, validator)) = &question.from {
            request = request.header(header::RANGE, format!("bytes={from}-"));
            if let Some(validator) = validator {
                request = request.header(header::IF_RANGE, validator);
            }
        }
        if let Some(Token(token)) = self.token.as_ref().filter(|_| at_home) {
            let bearer = HeaderValue::try_from(format!("Bearer {token}"));
            let mut bearer = bearer.map_err(|_| self.malformed("token"))?;
            bearer.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, bearer);
        }
        request.body(Empty::new()).map_err(|_| self.malformed("address"))
    }

    /// Files are asked of one commit; a hub that says it answers from another one is not believed.
    fn check_commit(
        &self,
        question: &Question<'_>,
        response: &Response<Incoming>,
        at_home: bool,
    ) -> Result<(), AnswerError> {
        let Ok(expected) = question.revision.parse::<Commit>() else { return Ok(()) };
        match said(response, "x-repo-commit") {
            Some(found) if at_home && found != expected.as_str() => {
                Err(AnswerError::OtherCommit { expected, found })
            }
            _ => Ok(()),
        }
    }

    /// What an answer means that is no yes. huggingface_hub's `hf_raise_for_status` has the codes.
    fn refusal(
        &self,
        question: &Question<'_>,
        response: &Response<Incoming>,
        host: &str,
    ) -> Refusal {
        let status = response.status().as_u16();
        let repository = question.repository.to_string();
        let with_token = self.token.is_some();
        let message = said(response, "x-error-message");
        let said_text = message.map(|text| format!(": {text}")).unwrap_or_default();
        let code = said(response, "x-error-code");
        let error = match (code.as_deref(), status) {
            (Some("GatedRepo"), _) => {
                let page = format!("{}/{repository}", self.endpoint);
                AnswerError::Gated { repository, page, with_token }
            }
            (Some("RevisionNotFound"), _) => {
                let revision = question.revision.to_owned();
                AnswerError::NoRevision { repository, revision }
            }
            (Some("RepoNotFound"), _) | (None, 404) => {
                AnswerError::NoRepository { repository, said: said_text }
            }
            (_, 401 | 403) => {
                AnswerError::Refused { repository, status, with_token, said: said_text }
            }
            _ => AnswerError::Status { host: host.to_owned(), status, said: said_text },
        };
        let after = said(response, "retry-after").and_then(|text| text.trim().parse().ok());
        Refusal { error, retry_after: after.map(Duration::from_secs) }
    }
}

/// Why an attempt failed, and when the hub asks for the next.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) error: AnswerError,
    retry_after: Option<Duration>,
}

impl From<AnswerError> for Refusal {
    fn from(error: AnswerError) -> Self {
        Self { error, retry_after: None }
    }
}

/// A header's text as it may be shown.
pub(crate) fn said<B>(response: &Response<B>, name: &str) -> Option<String> {
    response.headers().get(name).map(|value| shown(value.as_bytes(), 300))
}

/// The next piece of a body; `None` at its end.
pub(crate) async fn piece(
    body: &mut Incoming,
    host: &str,
    limit: Duration,
) -> Result<Option<Bytes>, AnswerError> {
    loop {
        let host = || host.to_owned();
        match tokio::time::timeout(limit, body.frame()).await {
            Err(_) => return Err(AnswerError::Silent { host: host(), limit }),
            Ok(None) => return Ok(None),
            Ok(Some(Err(error))) => {
                let source = std::io::Error::other(error);
                return Err(AnswerError::Unreachable { host: host(), source });
            }
            Ok(Some(Ok(frame))) => {
                if let Ok(data) = frame.into_data() {
                    return Ok(Some(data));
                }
            }
        }
    }
}

async fn whole(mut body: Incoming, host: &str, limit: Duration) -> Result<Vec<u8>, AnswerError> {
    let mut whole = Vec::new();
    while let Some(data) = piece(&mut body, host, limit).await? {
        if whole.len() + data.len() > LONGEST_JSON {
            return Err(AnswerError::Malformed { host: host.to_owned(), what: "short answer" });
        }
        whole.extend_from_slice(&data);
    }
    Ok(whole)
}

/// The address behind `rel="next"` (RFC 8288).
fn next_page<B>(response: &Response<B>) -> Option<String> {
    let links = response.headers().get_all(header::LINK);
    // No address holds a `<`, so each begins a link.
    let all = links.iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split('<').skip(1)).find_map(|link| {
        let (target, parameters) = link.split_once('>')?;
        let mut parameters = parameters.trim_end_matches([',', ' ']).split(';').map(str::trim);
        parameters.any(|it| it == "rel=\"next\"" || it == "rel=next").then(|| target.to_owned())
    })
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

const AGENT: &str = concat!("freehold/", env!("CARGO_PKG_VERSION"));
const MOST_REDIRECTS: usize = 10;
/// A list of this length has other things than a model's files in it.
const MOST_LISTED: usize = 100_000;
const MOST_PAGES: usize = 1_000;
const LONGEST_JSON: usize = 64 << 20;
