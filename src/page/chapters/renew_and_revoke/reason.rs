//! Why a certificate is revoked: a choice beside each one, in RFC 5280's words
//! and in a reader's. Only reasons that make sense for etcd's certificates are
//! offered; a typed one may be any that a CRL can give.

use maud::{Markup, html};

use crate::{
    page::{
        event::{Choice, ToRevoke},
        id::Id,
    },
    pki::revocation_list::RevocationReason,
};

/// What a certificate made here, a leaf, can be revoked for. The first is to say
/// nothing: `unspecified` is not written into a CRL (RFC 5280 section 5.3.1).
const OF_LEAVES: [Option<RevocationReason>; 7] = [
    None,
    Some(RevocationReason::KeyCompromise),
    Some(RevocationReason::Superseded),
    Some(RevocationReason::CessationOfOperation),
    Some(RevocationReason::AffiliationChanged),
    Some(RevocationReason::PrivilegeWithdrawn),
    Some(RevocationReason::CertificateHold),
];

impl ToRevoke {
    fn choices(self) -> impl Iterator<Item = Option<RevocationReason>> {
        let authorities = matches!(self, Self::Pasted);
        OF_LEAVES
            .into_iter()
            .chain(authorities.then_some(Some(RevocationReason::CaCompromise)))
    }

    /// The options, and which is chosen.
    pub(super) fn chosen(
        self,
        reason: Option<RevocationReason>,
    ) -> impl Iterator<Item = (Choice, bool)> {
        self.choices()
            .map(move |choice| (Choice::Reason(self, choice), choice == reason))
    }

    /// The choice, with its label.
    pub(super) fn select(self) -> Markup {
        let id = Id::Reasons(self);
        html! {
            label for=(id) {
                @match self { Self::Made(_) => "Why?", Self::Pasted => "Why these?" }
            }
            " "
            select id=(id) {
                @for choice in self.choices() {
                    option id=(Choice::Reason(self, choice)) value=(Choice::Reason(self, choice)) {
                        (meaning(choice))
                        @if choice.is_some() { " (" (word(choice)) ")" }
                    }
                }
            }
        }
    }
}

fn word(reason: Option<RevocationReason>) -> String {
    reason.map_or_else(|| "unspecified".to_owned(), |reason| reason.to_string())
}

fn meaning(reason: Option<RevocationReason>) -> &'static str {
    match reason {
        None => "not said",
        Some(RevocationReason::KeyCompromise) => "somebody else may have the key",
        Some(RevocationReason::CaCompromise) => "somebody else may have the CA’s key",
        Some(RevocationReason::AffiliationChanged) => "its subject has changed",
        Some(RevocationReason::Superseded) => "another took its place",
        Some(RevocationReason::CessationOfOperation) => "it is no longer used",
        Some(RevocationReason::CertificateHold) => "for a while only",
        Some(RevocationReason::PrivilegeWithdrawn) => "its owner may no longer do this",
        Some(RevocationReason::AaCompromise) => "an attribute authority’s key is known",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cas_key_is_no_reason_for_a_leaf() {
        let offers = |revoked: ToRevoke| {
            let mut choices = revoked.choices();
            choices.any(|it| it == Some(RevocationReason::CaCompromise))
        };
        assert!(!offers(ToRevoke::Made(0)));
        assert!(offers(ToRevoke::Pasted));
    }
}
