//! Why a certificate is revoked: a choice beside each one, in RFC 5280's words
//! and in a reader's. Only reasons that make sense for etcd's certificates are
//! offered; a typed one may be any that a CRL can give.

use maud::{Markup, html};

use crate::pki::revocation_list::RevocationReason;

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

/// Whose reason is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revoked {
    /// The certificate made here, by its place among the identities.
    Made(usize),
    /// Whatever is pasted, CAs among it.
    Pasted,
}

impl Revoked {
    /// The identifier of its choice.
    pub(super) fn id(self) -> String {
        match self {
            Self::Made(place) => format!("revoke-made-{place}-reason"),
            Self::Pasted => "revoke-text-reason".to_owned(),
        }
    }

    fn choices(self) -> impl Iterator<Item = Option<RevocationReason>> {
        let authorities = matches!(self, Self::Pasted);
        OF_LEAVES
            .into_iter()
            .chain(authorities.then_some(Some(RevocationReason::CaCompromise)))
    }

    fn option(self, reason: Option<RevocationReason>) -> String {
        format!("{}-{}", self.id(), word(reason))
    }

    /// The options' identifiers, and which is chosen.
    pub(super) fn chosen(
        self,
        reason: Option<RevocationReason>,
    ) -> impl Iterator<Item = (String, bool)> {
        self.choices()
            .map(move |choice| (self.option(choice), choice == reason))
    }

    /// The choice, with its label.
    pub(super) fn select(self) -> Markup {
        let id = self.id();
        html! {
            label for=(id) {
                @match self { Self::Made(_) => "Why?", Self::Pasted => "Why these?" }
            }
            " "
            select id=(id) {
                @for choice in self.choices() {
                    option id=(self.option(choice)) value=(self.option(choice)) {
                        (meaning(choice))
                        @if choice.is_some() { " (" (word(choice)) ")" }
                    }
                }
            }
        }
    }
}

/// Whose reason an option chooses, and which.
pub(super) fn choice(option: &str) -> Option<(Revoked, Option<RevocationReason>)> {
    let (owner, word) = option.split_once("-reason-")?;
    let revoked = match owner.strip_prefix("revoke-made-") {
        Some(place) => Revoked::Made(place.parse().ok()?),
        None if owner == "revoke-text" => Revoked::Pasted,
        None => return None,
    };
    Some((revoked, RevocationReason::read(word).ok()?))
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
    fn every_option_is_found_by_its_identifier() {
        for revoked in [Revoked::Made(0), Revoked::Made(29), Revoked::Pasted] {
            for reason in revoked.choices() {
                assert_eq!(choice(&revoked.option(reason)), Some((revoked, reason)));
            }
        }
        for other in [
            "revoke-made-x-reason-superseded",
            "revoke-text-reason-stolen",
            "revoke-made-1",
        ] {
            assert_eq!(choice(other), None, "{other}");
        }
    }

    #[test]
    fn a_cas_key_is_no_reason_for_a_leaf() {
        let offers = |revoked: Revoked| {
            let mut choices = revoked.choices();
            choices.any(|it| it == Some(RevocationReason::CaCompromise))
        };
        assert!(!offers(Revoked::Made(0)));
        assert!(offers(Revoked::Pasted));
    }
}
