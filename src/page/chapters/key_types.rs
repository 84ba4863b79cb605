//! The kind of key of one server, member or client, where it is to be another
//! than the plan's: folded away beside the identity, with what the chosen etcd
//! takes. The plan's own kind is chosen in `needs`.

use maud::{Markup, html};

use crate::etcd::facts::key_types::refused_by;
use crate::etcd::plan::{Holder, Preset};
use crate::page::{field::way, session::Session};
use crate::pki::key::KeyType;

/// Every kind that can be chosen: the plan's first.
fn choices() -> impl Iterator<Item = Option<KeyType>> {
    [None].into_iter().chain(KeyType::ALL.map(Some))
}

/// The identifier of a radio button: `client-0-key-p-256`, `server-key-plan`.
#[must_use]
pub fn id(holder: Holder, kind: Option<KeyType>) -> String {
    match kind {
        Some(kind) => format!("{holder}-key-{kind}").to_lowercase(),
        None => format!("{holder}-key-plan"),
    }
}

/// Whose key the radio button with this identifier is about, and what it
/// chooses.
#[must_use]
pub fn choice(id: &str) -> Option<(Holder, Option<KeyType>)> {
    let (holder, _) = id.split_once("-key-")?;
    let holder = holder.parse().ok()?;
    let mut kinds = choices();
    let kind = kinds.find(|kind| self::id(holder, *kind) == id)?;
    Some((holder, kind))
}

/// The identifier of the region that says what the chosen etcd takes.
#[must_use]
pub fn taken_id(holder: Holder) -> String {
    format!("{holder}-key-taken")
}

/// Everybody on the page who can have keys of another kind.
#[must_use]
pub fn holders(session: &Session) -> Vec<Holder> {
    let members = (0..session.member_count()).map(Holder::Member);
    let identities = session.identities().map(super::identities::holder);
    members.chain(identities).collect()
}

/// The choice, folded away. It is the same whatever is chosen.
#[must_use]
pub fn form(holder: Holder) -> Markup {
    let group = format!("{holder}-key");
    html! {
        details.more id={ (group) "-details" } {
            summary { "Another kind of key" }
            fieldset.ways {
                legend {
                    @match holder {
                        Holder::Member(_) => "Keys of its server and peer certificates",
                        _ => "Its key",
                    }
                }
                div.forms {
                    @for kind in choices() {
                        @match kind {
                            None => (way(&group, &id(holder, kind), "As chosen for all", "")),
                            Some(kind) => (way(&group, &id(holder, Some(kind)), &kind.to_string(), "")),
                        }
                    }
                }
                div id=(taken_id(holder)) aria-live="polite" {}
            }
        }
    }
}

/// What the etcd of the plan takes, of the kind that is chosen.
#[must_use]
pub fn taken(session: &Session, holder: Holder) -> Markup {
    let plan = session.plan();
    let kind = plan.own_key_type(holder).unwrap_or(plan.key_type);
    html! {
        @match refused_by(plan.etcd, kind) {
            Some(refused) => p.notice { (refused) },
            None => p.hint { (kind) ": every etcd " (plan.etcd) " takes it." },
        }
        @if kind == KeyType::Ed25519 {
            p.hint { "Some hardware, browsers and older Java programs do not know Ed25519." }
        }
        @if plan.preset == Preset::Kubeadm && plan.own_key_type(holder).is_some() {
            p.hint {
                "Once " code { "kubeadm certs renew" } " makes this certificate again, its key is of kubeadm’s kind: RSA-2048, or the cluster’s "
                code { "encryptionAlgorithm" } "."
            }
        }
    }
}

/// The kind of key for an identity's one line, where it is one of its own.
#[must_use]
pub fn summary(session: &Session, holder: Holder) -> Markup {
    html! {
        @if let Some(kind) = session.plan().own_key_type(holder) {
            ", " (kind)
        }
    }
}

/// Which radio buttons are chosen.
#[must_use]
pub fn chosen(session: &Session) -> Vec<(String, bool)> {
    let mut chosen = Vec::new();
    for holder in holders(session) {
        let own = session.plan().own_key_type(holder);
        chosen.extend(choices().map(|kind| (id(holder, kind), kind == own)));
    }
    chosen
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::{etcd::facts::release::Series, page::view::view};

    fn now() -> Timestamp {
        "2026-11-23T10:00:00Z".parse().unwrap()
    }

    #[test]
    fn every_choice_is_found_by_its_identifier_and_no_other_is() {
        for holder in [Holder::Server, Holder::Member(12), Holder::Client(3)] {
            for kind in choices() {
                assert_eq!(choice(&id(holder, kind)), Some((holder, kind)));
            }
        }
        for other in [
            "key-type-p-256",
            "server-key-p-257",
            "client--key-plan",
            "member-x-key-plan",
            "nobody-key-plan",
            "server-source-csr",
        ] {
            assert_eq!(choice(other), None, "{other}");
        }
    }

    #[test]
    fn one_client_has_a_key_of_its_own_kind_and_its_line_says_so() {
        let mut session = Session::new(now());
        let client = Holder::Client(0);
        session.choose_series(Series::V3_4, now());
        session.choose_own_key_type(client, Some(KeyType::Ed25519), now());
        let view = view(&session);
        let region = |id: &str| {
            let mut regions = view.regions.iter();
            regions.find(|region| region.0 == id).unwrap().1.clone()
        };
        assert!(region("client-0-summary").contains("60 days, Ed25519"));
        assert!(!region("server-summary").contains("RSA"));
        assert!(region(&taken_id(client)).contains("3.4.16 and earlier"));
        assert!(region(&taken_id(Holder::Server)).contains("every etcd 3.4 takes it"));
        let chosen = |id: String| view.chosen.contains(&(id, true));
        assert!(chosen(id(client, Some(KeyType::Ed25519))));
        assert!(chosen(id(Holder::Server, None)));
        // The others keep to the plan's.
        session.choose_key_type(KeyType::P384, now());
        let checked = session.checked().unwrap();
        let [server, client] = checked.identities.as_slice() else {
            panic!("a server and a client");
        };
        assert_eq!(server.key_type(), Some(KeyType::P384));
        assert_eq!(client.key_type(), Some(KeyType::Ed25519));
    }
}
