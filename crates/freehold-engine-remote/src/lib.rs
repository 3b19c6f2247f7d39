//! Any OpenAI-compatible server as an engine: vLLM, llama.cpp server, Ollama.
//!
//! The client's bytes go out as they came, but for the model's name; the server's come back as it
//! sent them, with its status and its `Retry-After`. Dropping an answer closes the connection it
//! came on, which is how such servers learn that nobody listens any more.

mod address;
mod connect;
mod pool;
mod reply;
mod send;

use std::{sync::Arc, time::Duration};

use freehold_engine::{
    BoxFuture, Call, Engine, EngineError, Health, Reply, ServedModel, Whole, check_permit,
};
use freehold_policy::{BackendId, EgressPermit};
use http::{HeaderValue, Method, Request, Uri};
use tokio::time::Instant;

use address::Address;
use connect::Connector;
use pool::Pool;
use send::SplicedBody;

pub use connect::TlsError;

/// Where a server is and how to speak to it.
#[derive(Debug, Clone)]
pub struct RemoteOptions {
    /// The operator's name for it.
    pub id: BackendId,
    /// Its base address as OpenAI's clients take it (`http://10.0.0.5:8000/v1`).
    pub base_url: String,
    /// Its API key, if it wants one.
    pub api_key: Option<String>,
    /// What it serves, as the operator declares it.
    pub models: Vec<ServedModel>,
    /// How long connecting may take.
    pub connect_timeout: Duration,
    /// How long it may be silent in the middle of an answer.
    pub idle_timeout: Duration,
    /// Longest whole answer, or event of a stream, in bytes.
    pub max_answer_bytes: usize,
    /// Certificates (DER) of authorities to trust beside Mozilla's.
    pub certificates: Vec<Vec<u8>>,
}

impl RemoteOptions {
    /// Options for a server of which only the address is known.
    pub fn new(id: BackendId, base_url: impl Into<String>) -> Self {
        Self {
            id,
            base_url: base_url.into(),
            api_key: None,
            models: Vec::new(),
            connect_timeout: Duration::from_secs(5),
            idle_timeout: Duration::from_secs(120),
            max_answer_bytes: 16 << 20,
            certificates: Vec::new(),
        }
    }
}

/// A server that speaks OpenAI's protocol.
pub struct RemoteEngine {
    options: RemoteOptions,
    address: Address,
    pages: Pages,
    authorization: Option<HeaderValue>,
    pool: Arc<Pool>,
}

/// The targets of requests.
struct Pages {
    chat: Uri,
    embeddings: Uri,
    models: Uri,
}

/// Why a server's declaration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum RemoteError {
    /// The address is none.
    #[error("`{url}` is not an address such as http://127.0.0.1:8000/v1")]
    Address {
        /// As declared.
        url: String,
    },
    /// The key cannot be sent in a header.
    #[error("the API key of backend `{}` holds characters that no header can carry", backend.0)]
    Key {
        /// Whose key.
        backend: BackendId,
    },
    /// The certificates cannot be used.
    #[error("TLS for backend `{}` cannot be set up", backend.0)]
    Tls {
        /// Whose certificates.
        backend: BackendId,
        /// What is wrong with them.
        #[source]
        source: TlsError,
    },
}

impl RemoteEngine {
    /// An engine for a server; it is not contacted yet.
    ///
    /// # Errors
    /// [`RemoteError`] if the declaration cannot be used.
    pub fn new(options: RemoteOptions) -> Result<Self, RemoteError> {
        let wrong = || RemoteError::Address { url: options.base_url.clone() };
        let address = Address::read(&options.base_url).ok_or_else(wrong)?;
        let page = |below| address.page(below).ok_or_else(wrong);
        let pages = Pages {
            chat: page("/chat/completions")?,
            embeddings: page("/embeddings")?,
            models: page("/models")?,
        };
        let authorization = options
            .api_key
            .as_ref()
            .map(|key| HeaderValue::try_from(format!("Bearer {key}")))
            .transpose()
            .map_err(|_| RemoteError::Key { backend: options.id.clone() })?
            .map(|mut value| {
                value.set_sensitive(true);
                value
            });
        let connector = Connector::new(&address, options.connect_timeout, &options.certificates)
            .map_err(|source| RemoteError::Tls { backend: options.id.clone(), source })?;
        let pool = Arc::new(Pool::new(connector));
        Ok(Self { options, address, pages, authorization, pool })
    }

    /// Sends a request and waits for the head of the answer.
    async fn ask(&self, page: &Uri, call: &Call) -> Result<reply::Head, EngineError> {
        let body = SplicedBody::with_model(&call.body, &call.model)?;
        let request = self.request(Method::POST, page, call.stream, body);
        let deadline = Instant::now() + call.timeout;
        let answered = tokio::time::timeout_at(deadline, self.pool.send(request)).await;
        let (response, link) = match answered {
            Ok(Ok(answered)) => answered,
            Ok(Err(error)) => return Err(send::failure(&error)),
            Err(_) => return Err(EngineError::Timeout(call.timeout)),
        };
        Ok(reply::Head {
            response,
            source: reply::Source { link, pool: Arc::clone(&self.pool) },
            limits: reply::Limits {
                deadline,
                timeout: call.timeout,
                idle: self.options.idle_timeout,
                bytes: self.options.max_answer_bytes,
            },
        })
    }

    fn request(
        &self,
        method: Method,
        page: &Uri,
        stream: bool,
        body: SplicedBody,
    ) -> Request<SplicedBody> {
        let authorization = self.authorization.as_ref();
        send::request(method, &self.address, page.clone(), authorization, stream, body)
    }

    fn check(&self, permit: &EgressPermit, call: &Call) -> Result<(), EngineError> {
        check_permit(permit, &self.options.id)?;
        let models = &self.options.models;
        if models.is_empty() || models.iter().any(|model| model.name == call.model) {
            return Ok(());
        }
        Err(EngineError::UnknownModel(call.model.clone()))
    }
}

impl Engine for RemoteEngine {
    fn backend(&self) -> &BackendId {
        &self.options.id
    }

    fn models(&self) -> Vec<ServedModel> {
        self.options.models.clone()
    }

    fn chat(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Reply, EngineError>> {
        Box::pin(async move {
            self.check(&permit, &call)?;
            let head = self.ask(&self.pages.chat, &call).await?;
            if call.stream && head.response.status().is_success() {
                return head.stream().map(Reply::Stream);
            }
            head.whole().await.map(Reply::Whole)
        })
    }

    fn embed(&self, permit: EgressPermit, call: Call) -> BoxFuture<'_, Result<Whole, EngineError>> {
        Box::pin(async move {
            self.check(&permit, &call)?;
            self.ask(&self.pages.embeddings, &call).await?.whole().await
        })
    }

    fn health(&self) -> BoxFuture<'_, Health> {
        Box::pin(async move {
            let request =
                self.request(Method::GET, &self.pages.models, false, SplicedBody::empty());
            let url = format!("{}/models", self.address.text);
            match tokio::time::timeout(HEALTH_PATIENCE, self.pool.send(request)).await {
                Ok(Ok((response, _))) if !response.status().is_server_error() => Health::Ready,
                Ok(Ok((response, _))) => {
                    Health::Unavailable(format!("{url} answers {}", response.status()))
                }
                Ok(Err(error)) => Health::Unavailable(send::failure(&error).to_string()),
                Err(_) => {
                    Health::Unavailable(format!("{url} does not answer within {HEALTH_PATIENCE:?}"))
                }
            }
        })
    }
}

/// So that the program can hold it among other engines.
impl From<RemoteEngine> for Arc<dyn Engine> {
    fn from(engine: RemoteEngine) -> Self {
        Arc::new(engine)
    }
}

const HEALTH_PATIENCE: Duration = Duration::from_secs(2);
