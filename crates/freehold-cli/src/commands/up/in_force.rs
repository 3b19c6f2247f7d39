//! Which of the loaded models are admitted at this moment. The inventory's rows are written after the
//! log's entries, so that what is seen here is on record.

use freehold_gateway::Gateway;
use freehold_store::Store;
use freehold_types::Digest;
use freehold_vet::{Admitted, admitted, policy::OnDue};

use crate::{commands::catalog::today, render};

/// What the loaded models are made of, and where to look.
pub(crate) struct InForce {
    /// The inventory.
    pub store: Store,
    /// The bytes behind each name: its own, and an adapter's base.
    pub made_of: Vec<(String, Vec<Digest>)>,
    /// What happens to a model whose day has passed.
    pub on_due: OnDue,
}

impl InForce {
    /// Refuses new questions to models that are not admitted any more, and takes those to models that
    /// are again: the bytes in memory are the ones that are signed off. An inventory that cannot be
    /// read changes nothing, and says so.
    pub(crate) fn look(&self, gateway: &Gateway) {
        let all = match admitted(&self.store) {
            Ok(all) => all,
            Err(error) => {
                let error = render::chain(&error);
                tracing::error!(error, "which models are admitted could not be read");
                return;
            }
        };
        for (name, digests) in &self.made_of {
            let ended = digests.iter().any(|digest| !self.holds(&all, *digest));
            gateway.withdraw(name, ended);
        }
    }

    /// Whether the newest admission of these bytes, under whatever name, is in force.
    fn holds(&self, all: &[Admitted], digest: Digest) -> bool {
        let newest = all.iter().rev().find(|one| one.sign_off.digest == digest);
        newest.is_some_and(|one| {
            let passed = one.sign_off.until.is_some_and(|until| until < today());
            one.revoked.is_none() && !(passed && self.on_due == OnDue::Refuse)
        })
    }
}
