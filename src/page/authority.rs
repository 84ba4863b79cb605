//! Chapter 1: the CA, made here or brought along.

use maud::{Markup, html};

use super::{
    field::{line, pem, way},
    session::Session,
    words::{day, span},
};
use crate::etcd::plan::{AuthoritySource, Field};

/// The fields of the chapter. They are the same whatever is in them.
#[must_use]
pub fn form() -> Markup {
    html! {
        fieldset.ways {
            legend { "Where does the CA come from?" }
            (way("authority-source", "authority-source-make", "Make a new one",
                "with its own key, here in this tab"))
            (way("authority-source", "authority-source-bring", "Bring my own",
                "a ca.crt and ca.key that exist already"))
        }
        div.fields #authority-make-fields {
            (line(Field::AuthoritySubject, "Subject", &html! {
                "The name of the office, such as " code { "CN=KUBERNETES-CA" } " or "
                code { "/CN=etcd-ca/O=team" } ". It becomes the issuer of every certificate below."
            }))
            (line(Field::AuthorityDays, "Valid for, in days", &html! {
                "No certificate outlives its CA. 3650 days are ten years."
            }))
        }
        div.fields #authority-bring-fields hidden {
            (pem(Field::AuthorityCertificate, "Certificate (ca.crt)", "-----BEGIN CERTIFICATE-----",
                &html! { "Paste it, drop the file here, or choose it." }))
            (pem(Field::AuthorityKey, "Private key (ca.key)", "-----BEGIN PRIVATE KEY-----",
                &html! { "It signs in this tab and is not part of any link or archive made here." }))
            div #authority-facts aria-live="polite" {}
        }
    }
}

/// The chapter in one line.
#[must_use]
pub fn summary(session: &Session) -> Markup {
    let plan = &session.plan().authority;
    html! {
        span.label { "CA" }
        @match (plan.source, session.brought()) {
            (AuthoritySource::Make, _) => {
                span.subject { (plan.subject.trim()) }
                span.facts { "a new one, valid for " (span(&plan.days)) }
            }
            (AuthoritySource::Bring, Some(authority)) => {
                span.subject { (authority.subject) }
                span.facts { "yours, valid until " (day(authority.validity.not_after)) }
            }
            (AuthoritySource::Bring, None) => {
                span.subject { "your own" }
                span.facts { "its certificate and key are still to be given" }
            }
        }
    }
}

/// What was read from the CA that the reader brings.
#[must_use]
pub fn facts(session: &Session) -> Markup {
    html! {
        @if session.reads_authority() {
            p.reading { "Reading this CA…" }
        } @else if let Some(authority) = session.brought() {
            div.read {
                p { "This CA can be used: certificate and key belong together." }
                dl {
                    dt { "Subject" } dd { (authority.subject) }
                    dt { "Valid until" } dd { (day(authority.validity.not_after)) }
                    dt { "SHA-256" } dd.fingerprint { (authority.fingerprint) }
                }
                @for notice in &authority.notices { p.notice { (notice) } }
            }
        }
    }
}
