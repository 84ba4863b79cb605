//! The kind of key of one server, member or client, where it is to be another
//! than the plan's: folded away beside the identity, with what the chosen etcd
//! takes. The plan's own kind is chosen in `needs`.

use maud::{Markup, html};

use crate::etcd::facts::key_types::refused_by;
use crate::etcd::plan::{Holder, Preset};
use crate::etcd::telling::elsewhere::of_ed25519;
use crate::page::{
    event::Choice,
    field::way,
    id::{HolderPart, Id},
    session::Session,
    view::View,
};
use crate::pki::key::KeyType;

/// Every kind that can be chosen: the plan's first.
fn choices() -> impl Iterator<Item = Option<KeyType>> {
    [None].into_iter().chain(KeyType::ALL.map(Some))
}

/// What is shown of the choice.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    for holder in session.form.holders() {
        let taken_id = Id::OfHolder(holder, HolderPart::KeyTaken);
        view.region(taken_id, taken(session, holder));
        let own = session.form.plan().own_key_type(holder);
        for kind in choices() {
            view.choose(Choice::OwnKeyType(holder, kind), kind == own);
        }
    }
}

/// The choice, folded away. It is the same whatever is chosen.
pub(super) fn form(holder: Holder) -> Markup {
    let group = format!("{holder}-key");
    html! {
        details.more id=(Id::OfHolder(holder, HolderPart::KeyDetails)) {
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
                            None => (way(&group, Choice::OwnKeyType(holder, kind), "As chosen for all", "")),
                            Some(kind) => (way(&group, Choice::OwnKeyType(holder, Some(kind)), &kind.to_string(), "")),
                        }
                    }
                }
                div id=(Id::OfHolder(holder, HolderPart::KeyTaken)) aria-live="polite" {}
            }
        }
    }
}

/// What the etcd of the plan takes, of the kind that is chosen.
fn taken(session: &Session, holder: Holder) -> Markup {
    let plan = session.form.plan();
    let kind = plan.own_key_type(holder).unwrap_or(plan.key_type);
    html! {
        @match refused_by(plan.etcd, kind) {
            Some(refused) => p.notice { (refused) },
            None => p.hint { (kind) ": every etcd " (plan.etcd) " takes it." },
        }
        @if kind == KeyType::Ed25519 {
            p.hint { "Some hardware, browsers and older Java programs do not know Ed25519, and NSS reads none out of a PKCS#12 file. " (of_ed25519()) }
        }
        @if !matches!(kind, KeyType::Rsa2048 | KeyType::Rsa3072 | KeyType::Rsa4096) {
            p.hint { "node-forge reads RSA only, and minica signs with an RSA CA only." }
        }
        @if kind.parameter_set().is_some() {
            p.hint { "OpenSSL knows ML-DSA since 3.5, Node.js since 24.7, and curl with such an OpenSSL; GnuTLS, NSS and Java mostly not." }
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
pub(super) fn summary(session: &Session, holder: Holder) -> Markup {
    html! {
        @if let Some(kind) = session.form.plan().own_key_type(holder) {
            ", " (kind)
        }
    }
}
