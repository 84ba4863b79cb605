//! An archive for each machine, each client and whoever keeps the CAs' keys, with the
//! lines that bring it there: shown where a plan is for several of them.

use maud::{Markup, html};

use crate::{
    etcd::{
        commands::hand_over,
        deployment::{Receives, Recipient},
        plan::Preset,
    },
    lab::Lab,
    page::{command::command, event::Press},
};

/// How many recipients are shown of many that are alike.
const SHOWN: usize = 12;

/// The archives; nothing where one machine's files are all there is.
pub(super) fn show(lab: &Lab) -> Markup {
    if !lab.plan().preset.has_members() {
        return html! {};
    }
    let recipients = lab.recipients();
    // The CAs' keys come last, and are not to be missed.
    let (kept, others): (Vec<_>, Vec<_>) = recipients
        .iter()
        .partition(|recipient| recipient.receives == Receives::AuthorityKeys);
    let more = others.len().saturating_sub(SHOWN);
    html! {
        section.card.card-body.handouts {
            h3 { "To each its own" }
            p.hint { "One archive for each machine, with its own keys and no other’s." }
            @for recipient in others.iter().take(SHOWN).chain(&kept) { (handout(lab, recipient)) }
            @if more > 0 {
                p.hint { "And " (more) " more clients, whose files are in the archive of all." }
            }
        }
    }
}

fn handout(lab: &Lab, recipient: &Recipient) -> Markup {
    let deployment = lab.deployment_for(recipient);
    let (title, meaning) = match recipient.receives {
        Receives::Machine(_) => (
            "For the machine ",
            "its keys and certificates, and how etcd is started there",
        ),
        Receives::Client(_) => (
            "For the client ",
            "its key, its certificate, and the CA that it checks etcd by",
        ),
        Receives::AuthorityKeys => (
            "To be kept offline",
            match lab.plan().preset {
                Preset::Kubeadm => {
                    "the CAs’ keys: etcd needs none; kubeadm takes etcd/ca.key to renew, and on a node that joins"
                }
                _ => "the CAs’ keys: no machine and no client needs them",
            },
        ),
    };
    let is_machine = matches!(recipient.receives, Receives::Machine(_));
    html! {
        div.handout {
            h4 { (title) (recipient.label) }
            p.hint { (meaning) }
            button.primary[is_machine] type="button" data-action=(Press::DownloadFor(recipient.name.clone())) {
                "Download " (deployment.archive)
            }
            details.more #{ "handout-" (recipient.name) } {
                summary { "Bring it there and unpack it" }
                @for document in hand_over(&deployment) {
                    h5 { (document.title) }
                    (command(&document.id, &document.text))
                }
            }
        }
    }
}
