//! Chapters 4 and 5: the commands, and what they print. Each `<pre>` holds a
//! script and nothing else, so that it can be copied and run as it stands.

use maud::{Markup, html};

use super::dry_run;
use crate::etcd::{
    commands::{
        Commands, Document, EtcdctlCommands, Form, etcd, etcdctl, gateway, handover, kubernetes,
        roles,
    },
    deployment::Deployment,
    plan::Field,
};
use crate::page::{
    field::{line, way},
    session::Session,
};

/// A script with its copy button.
pub(super) fn command(id: &str, script: &str) -> Markup {
    html! {
        div.command {
            pre id=(id) { (script) }
            button.copy type="button" data-action="copy" data-command=(id) aria-describedby=(id) { "Copy" }
        }
    }
}

/// A command of etcdctl, and what a dry run of it shows against the `etcd` that
/// the page starts.
fn tried(session: &Session, etcd: &str, id: &str, script: &str) -> Markup {
    html! {
        (command(id, script))
        (dry_run::beside(session, etcd, id, script))
    }
}

/// The fields of chapter 4.
#[must_use]
pub fn endpoint_form() -> Markup {
    html! {
        div.endpoint {
            (line(Field::Host, "Address that clients dial", &html! {
                "One of the server’s names and addresses (SANs)."
            }))
            (line(Field::Port, "Port", &html! { "etcd’s usual port is 2379." }))
            (line(Field::Directory, "Folder of the files", &html! {
                "On the machine that runs etcd. The commands follow as you type; the files stay as they are."
            }))
        }
    }
}

/// The identifier of the radio button that chooses a form: `run-systemd`.
#[must_use]
pub fn form_id(form: Form) -> String {
    format!("run-{form}")
}

/// The form that a radio button chooses.
#[must_use]
pub fn form_of(id: &str) -> Option<Form> {
    id.strip_prefix("run-")?.parse().ok()
}

/// The choice of the form that etcd is run in.
#[must_use]
pub fn forms() -> Markup {
    html! {
        fieldset.ways {
            legend { "How do you run etcd?" }
            div.forms {
                @for form in Form::ALL { (way("run", &form_id(form), form.label(), "")) }
            }
        }
    }
}

/// A file or a command under its title. A file says where it is expected.
fn document(document: &Document) -> Markup {
    html! {
        @if document.file_name.is_some() {
            h4 { code { (document.title) } }
            @if let Some(path) = &document.saved_as {
                p.hint { "The archive has it; it belongs at " code { (path) } "." }
            } @else {
                p.hint { "The archive has it." }
            }
        } @else {
            h4 { (document.title) }
        }
        (command(&document.id, &document.text))
    }
}

/// Chapter 4 below its fields.
#[must_use]
pub fn start(session: &Session) -> Markup {
    let Some(commands) = session.commands() else {
        return waiting();
    };
    let run = etcd(&commands.deployment, session.form());
    html! {
        @if commands.deployment.members.is_empty() {
            p { "Nothing is started here: these certificates are for an etcd that runs already." }
        }
        @if let ([only], 1) = (run.documents.as_slice(), commands.deployment.members.len()) {
            (command(&only.id, &only.text))
        } @else {
            @for each in &run.documents { (document(each)) }
        }
        @for note in &run.notes { p.hint { (note) } }
        p.hint {
            code { "client-cert-auth" } " and " code { "trusted-ca-file" }
            " are the border: only certificates that this CA signed may pass."
        }
        details.more #openssl-details {
            summary { "The openssl lines that would do the same" }
            p {
                "They make the same files by hand. Do not leave out " code { "-extfile" } ": without it, "
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
    html! { p.before { "The commands stand here as soon as the form above is complete." } }
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
        (tried(session, &commands.etcd, "command-verified-without", &commands.verified.without_certificate))
        h3 { "With the certificate: this must succeed" }
        (with_certificate(session, &commands.etcd, "verified", &commands.verified))
        @if commands.verified.clients.is_empty() {
            p.hint { "No client’s certificate is made here. Ask with one that this CA signed: " code { "--cert" } " and " code { "--key" } "." }
        }
        @if let Some(others) = session.clients_beyond(commands.deployment.clients.len()) {
            p.hint { "The other " (others) " clients do the same with their own files." }
        }
        (other_ways(&commands))
        details.more #unverified-details {
            summary { "The tutorial’s form, with --insecure-skip-tls-verify" }
            p.notice {
                code { "--insecure-skip-tls-verify" }
                " encrypts but does not check who answers: anybody in between can read and change everything. "
                code { "--cacert" } ", as above, is the way to do it."
            }
            h4 { "Without a certificate" }
            (tried(session, &commands.etcd, "command-unverified-without", &commands.unverified.without_certificate))
            (with_certificate(session, &commands.etcd, "unverified", &commands.unverified))
        }
        (who_may_do_what(&commands.deployment))
        (others_who_issue(&commands.deployment))
    }
}

/// The same with variables, and with curl.
fn other_ways(commands: &Commands) -> Markup {
    let deployment = &commands.deployment;
    html! {
        @if let Some(client) = deployment.clients.first() {
            details.more #environment-details {
                summary { "The same with environment variables" }
                p {
                    "Give each option once: etcdctl ends when it finds one both as a flag and as a variable. The brackets keep the variables out of your shell."
                }
                @for each in &etcdctl::environment(deployment, client) { (document(each)) }
            }
            details.more #curl-details {
                summary { "The same with curl, and etcd’s health" }
                p { "etcd’s gateway speaks JSON, and wants keys and values in base64." }
                @for each in &gateway::curl(deployment, client) { (document(each)) }
            }
        }
    }
}

/// Users and roles by the certificates' common names.
fn who_may_do_what(deployment: &Deployment) -> Markup {
    html! {
        h3 { "Who may do what" }
        p {
            "So far, whoever has a certificate may do everything. With roles, the certificate’s common name (CN) is a user, and a user may do what its roles allow."
        }
        @match roles::roles(deployment) {
            Ok(roles) => {
                details.more #roles-details {
                    summary { "A role for each client, below its own prefix" }
                    p.notice {
                        "From " code { "auth enable" } " on, only the certificate with "
                        code { "CN=root" } " can undo it. The gateway, and so curl, then refuses every certificate with a CN."
                    }
                    (document(&roles.enable))
                    @for each in &roles.show { (document(each)) }
                    (document(&roles.disable))
                }
            }
            Err(reason) => { p.hint { "Not yet: " (reason.to_string()) "." } }
        }
    }
}

/// Kubernetes, cert-manager, step-ca and Vault.
fn others_who_issue(deployment: &Deployment) -> Markup {
    let step_ca = handover::step_ca(deployment);
    html! {
        h3 { "To keep certificates renewed" }
        p { "These programs renew certificates by themselves, and can go on with the same CA. Run the commands in the folder of the files." }
        details.more #kubernetes-details {
            summary { "Kubernetes: a Secret for each pair, and cert-manager" }
            (document(&kubernetes::secrets(deployment)))
            (document(&kubernetes::cert_manager(deployment)))
            p.hint {
                "An Issuer takes the CA from its Secret. What cert-manager issues goes into new Secrets, with new keys of the same kind."
            }
        }
        details.more #step-ca-details {
            summary { "step-ca" }
            @if step_ca.is_empty() {
                p { "step-ca signs with an intermediate CA of its own, and this CA’s path length allows none below it." }
            }
            @for each in &step_ca { (document(each)) }
        }
        details.more #vault-details {
            summary { "Vault" }
            @for each in &handover::vault(deployment) { (document(each)) }
        }
    }
}

fn with_certificate(
    session: &Session,
    etcd: &str,
    form: &str,
    commands: &EtcdctlCommands,
) -> Markup {
    html! {
        @for (index, client) in commands.clients.iter().enumerate() {
            @if commands.clients.len() > 1 { h4 { "As " code { (client.stem) } } }
            (tried(session, etcd, &format!("command-{form}-put-{index}"), &client.put))
            (tried(session, etcd, &format!("command-{form}-get-{index}"), &client.get))
        }
    }
}
