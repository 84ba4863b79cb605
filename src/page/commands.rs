//! Chapters 4 and 5: the commands, and what they print. Each `<pre>` holds a
//! script and nothing else, so that it can be copied and run as it stands.

use maud::{Markup, html};

use super::{dry_run, field::line, session::Session};
use crate::etcd::{commands::EtcdctlCommands, plan::Field};

/// A script with its copy button.
pub(super) fn command(id: &str, script: &str) -> Markup {
    html! {
        div.command {
            pre id=(id) tabindex="0" { (script) }
            button.copy type="button" data-action="copy" data-command=(id) { "Copy" }
        }
    }
}

/// A command of etcdctl, and what a dry run of it shows.
fn tried(session: &Session, id: &str, script: &str) -> Markup {
    html! {
        (command(id, script))
        (dry_run::beside(session, id, script))
    }
}

/// The fields of chapter 4.
#[must_use]
pub fn endpoint_form() -> Markup {
    html! {
        div.endpoint {
            (line(Field::Host, "Address that clients dial", &html! {
                "An address or host name that is among the server’s SANs."
            }))
            (line(Field::Port, "Port", &html! { "etcd’s own is 2379." }))
            (line(Field::Directory, "Folder of the files", &html! {
                "On the machine that runs etcd. Commands follow as you type; no key changes."
            }))
        }
    }
}

/// Chapter 4 below its fields.
#[must_use]
pub fn start(session: &Session) -> Markup {
    let Some(commands) = session.commands() else {
        return waiting();
    };
    html! {
        (command("command-etcd", &commands.etcd))
        p.hint {
            code { "--client-cert-auth" } " and " code { "--trusted-ca-file" }
            " are the border: only certificates that this CA signed may pass."
        }
        details.more #openssl-details {
            summary { "The openssl lines that would do the same" }
            p {
                "They make the same files by hand. Mind " code { "-extfile" } ": without it, "
                code { "openssl x509 -req" } " ignores " code { "-extensions" }
                ", drops the SANs that the CSR asks for, and makes a version 1 certificate."
            }
            @for (index, step) in commands.openssl.iter().enumerate() {
                h4 { code { (step.stem) ".crt" } }
                (command(&format!("command-openssl-{index}"), &step.script))
            }
        }
    }
}

fn waiting() -> Markup {
    html! { p.before { "The commands will be here when the form above is complete." } }
}

/// Chapter 5.
#[must_use]
pub fn authenticate(session: &Session) -> Markup {
    let Some(commands) = session.commands() else {
        return waiting();
    };
    html! {
        h3 { "Without a certificate: this must fail" }
        p { "Nobody is let in without an identity document. Run this first; etcdctl gives up after five seconds." }
        (tried(session, "command-verified-without", &commands.verified.without_certificate))
        h3 { "With the certificate: this must succeed" }
        (with_certificate(session, "verified", &commands.verified))
        details.more #unverified-details {
            summary { "The tutorial’s form, with --insecure-skip-tls-verify" }
            p.notice {
                code { "--insecure-skip-tls-verify" }
                " encrypts but does not check who answers: anybody in between can read and change everything. "
                code { "--cacert" } ", as above, is the way to do it."
            }
            h4 { "Without a certificate" }
            (tried(session, "command-unverified-without", &commands.unverified.without_certificate))
            (with_certificate(session, "unverified", &commands.unverified))
        }
    }
}

fn with_certificate(session: &Session, form: &str, commands: &EtcdctlCommands) -> Markup {
    html! {
        @for (index, client) in commands.clients.iter().enumerate() {
            @if commands.clients.len() > 1 { h4 { "As " code { (client.stem) } } }
            (tried(session, &format!("command-{form}-put-{index}"), &client.put))
            (tried(session, &format!("command-{form}-get-{index}"), &client.get))
        }
    }
}
