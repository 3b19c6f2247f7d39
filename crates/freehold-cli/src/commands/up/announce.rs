//! What `up` says when it is ready: to a person, or to a script.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::{
    installation::{FirstKey, Installation},
    models::Admitted,
};
use crate::{
    invoked::{program, quoted},
    render,
};

/// Where everything is.
pub(crate) struct Ready {
    /// The gateway's address.
    pub gateway: SocketAddr,
    /// The console's address.
    pub console: SocketAddr,
    /// The token that signs in to the console once.
    pub sign_in: String,
    /// The models' names, the first the one to try, with their digests where known.
    pub models: Vec<(String, String)>,
    /// The first API key.
    pub first_key: FirstKey,
}

impl Ready {
    /// One value with everything a script needs; no secret but the token that works once.
    pub(crate) fn as_json(&self, installation: &Installation) -> Value {
        let lost = matches!(self.first_key, FirstKey::Lost);
        let key_file = (!lost).then(|| absolute(&installation.directory.api_key()));
        json!({
            "gateway": self.gateway_url(),
            "console": self.console_url(),
            "console_sign_in": self.sign_in_url(),
            "api_key_file": key_file,
            "directory": absolute(installation.directory.path()),
            "models": self.models.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            "pid": std::process::id(),
            "first_start": matches!(self.first_key, FirstKey::Made(_)),
        })
    }

    /// The same for a person, with what to try first.
    pub(crate) fn show(&self, installation: &Installation) {
        let key_file = absolute(&installation.directory.api_key());
        let strong = |text: &str| render::styled(render::STRONG, text);
        let version = env!("CARGO_PKG_VERSION");
        render::line(format_args!("{}\n", strong(&format!("Freehold {version} is up."))));
        field("gateway", &self.gateway_url());
        field("console", &self.console_url());
        field("data", &absolute(installation.directory.path()));
        for (name, digest) in &self.models {
            // Whole, it is in every record.
            let digest = digest.get(..SHORT_DIGEST).unwrap_or(digest);
            let digest = render::styled(render::SOFT, format_args!("{digest}…"));
            field("model", &format!("{name}  {digest}"));
        }
        let at = format!(" --dir {}", quoted(&absolute(installation.directory.path())));
        match &self.first_key {
            FirstKey::Made(key) => {
                field("API key", key.secret.as_str());
                let kept = format!("shown this once; kept in {key_file}, which only you can read");
                render::paragraph(FIELD, &kept, render::PLAIN);
            }
            FirstKey::Kept => field("API key", &format!("in {key_file}")),
            FirstKey::Revoked => {
                field("API key", "the first one is revoked; `key create` makes others");
            }
            FirstKey::Lost => {
                field("API key", "its file no longer holds the first one; make another:");
                field("", &format!("{} key create NAME{at}", program()));
            }
        }
        let model = self.models.first().map_or("MODEL", |(name, _)| name.as_str());
        render::line(format_args!("\n{}\n", strong("Three things to try")));
        render::line("1. Ask a question:\n");
        render::line(format_args!(
            "   curl -si {}/chat/completions \\\n     -H \"Authorization: Bearer $(cat {})\" \\\n     \
             -H 'Content-Type: application/json' \\\n     -d '{{\"model\": \"{model}\",\n          \"messages\": \
             [{{\"role\": \"user\", \"content\": \"Who are you?\"}}]}}'\n",
            self.gateway_url(),
            quoted(&key_file),
        ));
        let record =
            "2. See its record, named in the answer's x-freehold-record, and check the log:";
        render::paragraph(0, record, render::PLAIN);
        let me = program();
        render::line(format_args!("\n   {me} audit tail{at}\n   {me} audit verify{at}\n"));
        render::line("3. Open the console; this address signs you in once:\n");
        let later = absolute(&installation.directory.console_sign_in());
        // Without blanks before it: so it fits into 80 columns, and can be selected whole.
        render::line(self.sign_in_url());
        render::paragraph(3, &format!("(the next one is in {later})"), render::PLAIN);
        render::line("");
        render::line("Ctrl-C stops it in order.");
    }

    /// Where this process is found, for the next one that comes to the same directory.
    pub(crate) fn reach(&self) -> Value {
        json!({
            "pid": std::process::id(),
            "gateway": self.gateway_url(),
            "console": self.console_url(),
        })
    }

    fn gateway_url(&self) -> String {
        format!("http://{}/v1", self.gateway)
    }

    fn console_url(&self) -> String {
        format!("http://{}/", self.console)
    }

    fn sign_in_url(&self) -> String {
        sign_in_url(self.console, &self.sign_in)
    }
}

/// The address that signs in once.
pub(crate) fn sign_in_url(console: SocketAddr, token: &str) -> String {
    format!("http://{console}/sign-in?token={token}")
}

/// What every model of a start is called, and by which digest it is known.
pub(crate) fn names(admitted: &[Admitted]) -> Vec<(String, String)> {
    admitted
        .iter()
        .map(|model| (model.name.clone(), model.admission.digest().to_string()))
        .collect()
}

fn field(name: &str, text: &str) {
    render::line(format_args!("  {name:<8} {text}"));
}

/// A path that means the same from anywhere.
pub(crate) fn absolute(path: &std::path::Path) -> String {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Columns before a field's text.
const FIELD: usize = 11;
/// `sha256:` and 16 digits.
const SHORT_DIGEST: usize = 23;
