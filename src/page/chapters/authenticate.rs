//! Step 5 of Make: what etcd answers without a certificate and with one, and what
//! else works with the same files.

use maud::{Markup, html};

use super::dry_run;
use crate::{
    etcd::{
        commands::{
            Commands, EtcdctlCommands, clients, etcdctl, gateway, handover, kubernetes, roles,
        },
        deployment::{Client, Deployment},
        telling::foretold::Foretold,
    },
    page::{
        command::{command, document, waiting},
        element::PageElement,
        event::{Operation, Request},
        session::Session,
        view::View,
        words::curly,
    },
};

/// What is shown of the chapter.
pub(in crate::page) fn show(session: &Session, view: &mut View) {
    dry_run::show(session, view);
    view.region(PageElement::Authenticate, authenticate(session));
}

/// A command of etcdctl, and what a dry run of it shows against the `etcd` that
/// the page starts.
fn tried(session: &Session, etcd: &str, request: Request, script: &str) -> Markup {
    html! {
        (command(&request.to_string(), script))
        (dry_run::beside(session, etcd, request, script))
    }
}

fn authenticate(session: &Session) -> Markup {
    let Some(commands) = session.commands() else {
        return waiting();
    };
    html! {
        h3 { "Without a certificate: this must fail" }
        p { strong { "Terminal B." } " Nobody is let in without a document: after five seconds etcdctl says “context deadline exceeded”, etcd’s log says why." }
        (tried(session, &commands.etcd, request(true, Operation::WithoutCertificate), &commands.verified.without_certificate))
        h3 { "With the certificate: this must succeed" }
        @if commands.deployment.kubeadm {
            p {
                "By hand, on a node, ask with " code { "healthcheck-client" }
                ", which kubeadm makes to ask after etcd’s health. It switches no roles on, so whoever has a certificate may do all, and nobody needs to be root."
            }
        }
        (with_certificate(session, &commands.etcd, true, &commands.verified))
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
            (tried(session, &commands.etcd, request(false, Operation::WithoutCertificate), &commands.unverified.without_certificate))
            (with_certificate(session, &commands.etcd, false, &commands.unverified))
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
            @if let Some(line) = etcdctl::windows(deployment, client).filter(|_| !deployment.kubeadm) {
                details.more #windows-details {
                    summary { "The same on Windows and macOS" }
                    p {
                        "macOS takes the lines above as they are; " code { "brew install etcd" }
                        " brings etcdctl. Windows has " code { "tar" } " too: unpack the archive into a new folder, and there, in PowerShell or cmd, with etcdctl.exe of etcd’s "
                        code { "windows-amd64.zip" } " (untried on Windows):"
                    }
                    (command("command-windows", &line))
                }
            }
            (backup(deployment))
            details.more #curl-details {
                summary { "The same with curl, and etcd’s health" }
                p { "etcd’s gateway speaks JSON, and wants keys and values in base64." }
                @for each in &gateway::curl(deployment, client) { (document(each)) }
                p.hint {
                    "Of a client’s certificate that etcd refuses, curl doesn’t always say so: over TLS 1.2 an expired one is (60), “SSL certificate verification failed”, as if etcd’s were bad; over TLS 1.3 a refusal is (55), (56) or (16), by chance. etcd’s log tells."
                }
            }
            details.more #program-lines {
                summary { "Lines for your program: Go, Python, Java, Node, Rust, and others that are configured" }
                p { "The same files in each one’s own options. The first client’s stand in them. Whatever a test has run here takes RSA and P-256 keys, in PKCS#8 as this page writes them; who takes no Ed25519 is named." }
                @for each in &clients::programs(deployment, client) {
                    (document(&each.document))
                    p.hint {
                        @match each.tried {
                            Some(with) => { "Run by a test with " (with) " against etcd 3.4.23 and 3.7.3, keys RSA and P-256." }
                            None => { "Untried: " (each.untried) "." }
                        }
                        @if !each.takes_ed25519 { " It takes no Ed25519 from etcd." }
                        @for remark in each.remarks { " " (remark) }
                    }
                }
            }
        }
    }
}

/// A snapshot, as the client that is there for it: one that is called so, else root.
fn backup(deployment: &Deployment) -> Markup {
    let mut clients = deployment.clients.iter();
    let root = |client: &&Client| client.common_name.as_deref() == Some("root");
    let client = clients.clone().find(|client| client.is_for_backup());
    let client = client.or(clients.clone().find(root)).or(clients.next());
    html! {
        @if let Some(client) = client {
            details.more #snapshot-details {
                summary { "A backup, with " code { (client.stem) } }
                @for each in &etcdctl::snapshot(deployment, client) { (document(each)) }
                p.hint {
                    (curly(&Foretold::SnapshotOfRoot.to_string()))
                    " To look at one and to restore it is etcdutl’s work since 3.6; 3.5 has both ways, 3.4 etcdctl alone."
                }
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
                        code { "CN=root" } " can undo it. The gateway, and so curl, then answers 400 to every certificate with a CN, to its login too; "
                        "who shows one without a CN logs in there with name and password, and uses the token."
                    }
                    p.hint { (curly(&Foretold::NoPasswordEver.to_string())) " " (curly(&Foretold::SnapshotOfRoot.to_string())) }
                    (document(&roles.enable))
                    @for each in &roles.show { (document(each)) }
                    (document(&roles.disable))
                }
            }
            Err(reason) => { p.hint { "Not yet: " (reason.to_string()) "." } }
        }
    }
}

/// Said where no test runs the lines against the program itself.
const UNTRIED: &str = "Untried: these lines come from the program’s documentation. Try them beside what runs, not on it.";

/// Kubernetes, cert-manager, step-ca and Vault.
fn others_who_issue(deployment: &Deployment) -> Markup {
    let step_ca = handover::step_ca(deployment);
    let kinds = deployment
        .certificates
        .iter()
        .filter_map(|facts| facts.key_type);
    let left_out = kinds
        .filter(|kind| !kubernetes::has_a_word_for(*kind))
        .count();
    html! {
        h3 { "To keep certificates renewed" }
        p { "These programs renew certificates by themselves, and can go on with the same CA. Run the commands in the folder of the files." }
        @if left_out > 0 {
            p.notice { "None of them has a word for ML-DSA keys: certificates with such keys, or from such a CA, are left out." }
        }
        details.more #kubernetes-details {
            summary { "Kubernetes: a Secret for each pair, and cert-manager" }
            (document(&kubernetes::secrets(deployment)))
            (document(&kubernetes::cert_manager(deployment)))
            p.hint { (UNTRIED) " What cert-manager gets was held against its schema." }
            p.hint {
                "An Issuer takes the CA from its Secret. What cert-manager issues goes into new Secrets, with new keys of the same kind."
            }
        }
        details.more #step-ca-details {
            summary { "step-ca" }
            @if step_ca.is_empty() && left_out == 0 {
                p { "step-ca signs with an intermediate CA of its own, and this CA’s path length allows none below it." }
            }
            @for each in &step_ca { (document(each)) }
            p.hint { "Tried with step-ca 0.30.2, and with etcd 3.7.3 on what it issues. Without other names, a certificate of step-ca has its common name among the SANs." }
        }
        details.more #vault-details {
            summary { "Vault" }
            p.hint { (UNTRIED) }
            @for each in &handover::vault(deployment) { (document(each)) }
        }
    }
}

fn request(verified: bool, operation: Operation) -> Request {
    Request {
        verified,
        operation,
    }
}

fn with_certificate(
    session: &Session,
    etcd: &str,
    verified: bool,
    commands: &EtcdctlCommands,
) -> Markup {
    html! {
        @for (index, client) in commands.clients.iter().enumerate() {
            @if commands.clients.len() > 1 { h4 { "As " code { (client.stem) } } }
            div.pair {
                div { (tried(session, etcd, request(verified, Operation::Put(index)), &client.put)) }
                div { (tried(session, etcd, request(verified, Operation::Get(index)), &client.get)) }
            }
        }
    }
}
