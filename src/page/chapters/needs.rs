//! What is asked first: what the reader needs, for which etcd, and with what
//! kind of keys.

use maud::{Markup, html};

use crate::page::{
    field::way,
    session::Session,
    words::{count, list},
};
use crate::{
    etcd::{facts::release::Series, plan::Preset, role::Role},
    pki::key::KeyType,
};

/// The identifier of the radio button of a preset: `preset-client-only`.
#[must_use]
pub fn preset_id(preset: Preset) -> String {
    format!("preset-{preset}").replace('_', "-")
}

/// The identifier of the radio button of a series: `series-3-5`.
#[must_use]
pub fn series_id(series: Series) -> String {
    format!("series-{series}").replace('.', "-")
}

/// The identifier of the radio button of a kind of key: `key-type-p-256`.
#[must_use]
pub fn key_type_id(key_type: KeyType) -> String {
    format!("key-type-{key_type}").to_lowercase()
}

/// What a radio button of this chapter chooses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A preset.
    Preset(Preset),
    /// A series of etcd.
    Series(Series),
    /// A kind of key.
    KeyType(KeyType),
}

/// What the radio button with this identifier chooses.
#[must_use]
pub fn choice(id: &str) -> Option<Choice> {
    let presets = Preset::ALL.map(|preset| (preset_id(preset), Choice::Preset(preset)));
    let series = Series::ALL.map(|series| (series_id(series), Choice::Series(series)));
    let kinds = KeyType::ALL.map(|kind| (key_type_id(kind), Choice::KeyType(kind)));
    presets
        .into_iter()
        .chain(series)
        .chain(kinds)
        .find(|(other, _)| other == id)
        .map(|(_, choice)| choice)
}

fn label(preset: Preset) -> &'static str {
    match preset {
        Preset::Tutorial => "The tutorial",
        Preset::Cluster => "A cluster",
        Preset::Kubeadm => "kubeadm",
        Preset::ClientOnly => "One more client",
        Preset::SignCsr => "Sign a CSR",
    }
}

/// The fields. They are the same whatever is in them.
#[must_use]
pub fn form() -> Markup {
    html! {
        fieldset.ways {
            legend { "What do you need?" }
            div.forms {
                @for preset in Preset::ALL {
                    (way("preset", &preset_id(preset), label(preset), ""))
                }
            }
        }
        p.hint #preset-hint {}
        details.card #kinds-details {
            summary { span.summary #kinds-summary {} span.change { "Change" } }
            div.card-body {
                fieldset.ways {
                    legend { "Keys" }
                    div.forms {
                        @for kind in KeyType::ALL {
                            (way("key-type", &key_type_id(kind), &kind.to_string(), ""))
                        }
                    }
                    p.hint {
                        "RSA-2048 is what tutorials use; the larger ones take many times as long to make. P-256 is made "
                        "at once and as strong as RSA-3072. Every etcd from 3.4 on takes RSA and the P curves; Ed25519 is unknown to "
                        "etcd 3.4.16 and earlier, to some hardware and to older Java programs. "
                        "A server, member or client can have a key of another kind: look below, where it is described."
                    }
                }
                fieldset.ways {
                    legend { "Commands for etcd" }
                    div.forms {
                        @for series in Series::ALL {
                            (way("series", &series_id(series), &series.to_string(), ""))
                        }
                    }
                    p.hint { "The certificates are the same for all; etcd’s flags and files differ." }
                }
            }
        }
    }
}

/// What the chosen preset makes, in a sentence.
#[must_use]
pub fn hint(session: &Session) -> Markup {
    html! {
        @match session.plan().preset {
            Preset::Tutorial => "One etcd server, one client, and a CA of their own. Nothing to fill in: press “Make the files”.",
            Preset::Cluster => "Several members that find each other. Each gets a server and a peer certificate; clients get one each.",
            Preset::Kubeadm => {
                "The files that kubeadm makes for etcd, under " code { "/etc/kubernetes/pki" }
                ": one set for each control-plane node."
            }
            Preset::ClientOnly => "etcd runs already. Bring its CA, and get a certificate for one more client.",
            Preset::SignCsr => "Somebody made a key and a CSR (certificate signing request). Bring the CA that signs it, or make one. The key never comes here.",
        }
    }
}

/// The kinds of keys and commands in one line.
#[must_use]
pub fn summary(session: &Session) -> Markup {
    let plan = session.plan();
    html! {
        span.label { "Keys" }
        span.subject { (plan.key_type) }
        span.facts { "commands for etcd " (plan.etcd) }
    }
}

/// What a press would make, in words: `a CA, 3 members’ certificates and …`.
#[must_use]
pub fn wanted(session: &Session) -> String {
    let plan = session.plan();
    let checked = session.checked();
    let mut parts = Vec::new();
    let made = checked.map_or(1, |checked| {
        let mut authorities = checked.authorities.iter();
        authorities.by_ref().filter(|one| !one.is_brought()).count()
    });
    if made > 0 {
        parts.push(match made {
            1 => "a CA".to_owned(),
            made => format!("{made} CAs"),
        });
    }
    if plan.preset.has_server() {
        parts.push("the server’s certificate".to_owned());
    }
    if plan.preset.has_members() {
        let members = count(session.member_count(), "member", "members");
        let several = if session.member_count() == 1 {
            "’s"
        } else {
            "’"
        };
        parts.push(format!("{members}{several} server and peer certificates"));
    }
    let clients = checked.map_or(0, |checked| {
        let identities = checked.identities.iter();
        identities
            .filter(|one| one.request.role == Role::Client)
            .count()
    });
    let mut signed = checked.into_iter().flat_map(|checked| &checked.identities);
    if plan.preset == Preset::SignCsr
        && let Some(signed) = signed.find(|one| one.request.role != Role::Client)
    {
        parts.push(match signed.request.role {
            Role::Peer => "a peer’s certificate".to_owned(),
            _ => "a server’s certificate".to_owned(),
        });
    }
    match clients {
        0 => {}
        1 => parts.push("one client’s certificate".to_owned()),
        clients => parts.push(format!("{clients} clients’ certificates")),
    }
    list(&parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_choice_is_found_by_its_identifier() {
        for preset in Preset::ALL {
            assert_eq!(choice(&preset_id(preset)), Some(Choice::Preset(preset)));
        }
        for series in Series::ALL {
            assert_eq!(choice(&series_id(series)), Some(Choice::Series(series)));
        }
        for kind in KeyType::ALL {
            assert_eq!(choice(&key_type_id(kind)), Some(Choice::KeyType(kind)));
        }
        assert_eq!(choice("preset-other"), None);
    }
}
