//! The permit to send a request's bytes to a backend.

use freehold_types::{DataClass, Labels, RecordId, Residency, Tenancy};
use serde::{Deserialize, Serialize};

/// The operator's name for a backend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BackendId(pub String);

/// What the operator declares about a backend in `freehold.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendDeclaration {
    /// The name that routes and records use.
    pub id: BackendId,
    /// Where it keeps and computes data.
    pub residency: Residency,
    /// Who shares it.
    pub tenancy: Tenancy,
    /// The most sensitive class that may be sent there.
    pub accepts: DataClass,
}

/// Allows one request's bytes to be sent to one backend, once. Only [`authorize_egress`] makes one.
#[derive(Debug)]
pub struct EgressPermit {
    record: RecordId,
    backend: BackendId,
}

impl EgressPermit {
    /// The request for which it was made.
    pub fn record(&self) -> RecordId {
        self.record
    }

    /// The one backend to which the bytes may go.
    pub fn backend(&self) -> &BackendId {
        &self.backend
    }
}

/// Why bytes may not go to a backend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EgressRefusal {
    /// The data are more sensitive than the backend's declaration accepts.
    #[error("data labelled {class} may not go to backend `{}`, which accepts at most {accepts}", backend.0)]
    TooSensitive {
        /// The request's class.
        class: DataClass,
        /// The backend asked for.
        backend: BackendId,
        /// What it accepts.
        accepts: DataClass,
    },
}

/// Decides whether the bytes of `record`, labelled `labels`, may go to `backend`.
///
/// # Errors
/// [`EgressRefusal`] with the rule that forbids it.
pub fn authorize_egress(
    record: RecordId,
    labels: &Labels,
    backend: &BackendDeclaration,
) -> Result<EgressPermit, EgressRefusal> {
    if labels.class > backend.accepts {
        return Err(EgressRefusal::TooSensitive {
            class: labels.class,
            backend: backend.id.clone(),
            accepts: backend.accepts,
        });
    }
    Ok(EgressPermit { record, backend: backend.id.clone() })
}

#[cfg(test)]
mod tests {
    use freehold_types::Tenancy;

    use super::*;

    #[test]
    fn data_go_only_where_their_class_is_accepted() {
        use DataClass::{Confidential, Internal, Public, Restricted};
        let classes = [Public, Internal, Confidential, Restricted];
        let record = RecordId::new(1, [7; 10]);
        for (asked, class) in classes.into_iter().enumerate() {
            for (allowed, accepts) in classes.into_iter().enumerate() {
                let backend = BackendDeclaration {
                    id: BackendId("b".into()),
                    residency: Residency::Unknown,
                    tenancy: Tenancy::Unknown,
                    accepts,
                };
                match authorize_egress(record, &Labels { class }, &backend) {
                    Ok(permit) => {
                        assert!(asked <= allowed, "{class} to {accepts}");
                        assert_eq!((permit.record(), permit.backend()), (record, &backend.id));
                    }
                    Err(EgressRefusal::TooSensitive { .. }) => {
                        assert!(asked > allowed, "{class} to {accepts}");
                    }
                }
            }
        }
    }
}
